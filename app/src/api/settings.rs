//! The settings of a workspace.

use leptos::prelude::*;
use rolecall_shared::{RoleId, settings::SettingsPage};

#[cfg(feature = "ssr")]
use rolecall_backend::service::settings;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// The settings, as far as the asker may see them.
#[server(prefix = "/api", endpoint = "load_settings", input = Json, output = Json, client = Reading)]
pub async fn load_settings(slug: String) -> Result<SettingsPage, ApiFailure> {
    super::read(&slug, "load_settings", async |app, caller| {
        settings::page(app, caller, &slug).await
    })
    .await
}

/// Gives the workspace another name, if it is still called `before`; gives it as it is kept.
#[server(prefix = "/api", endpoint = "rename_workspace", input = Json, output = Json)]
pub async fn rename_workspace(
    slug: String,
    before: String,
    name: String,
) -> Result<String, ApiFailure> {
    super::change(&slug, "rename_workspace", async |app, caller| {
        settings::rename(app, caller, &slug, &before, &name).await
    })
    .await
}

/// Sets the role that invitations choose first, if it is still `before`.
#[server(prefix = "/api", endpoint = "set_default_role", input = Json, output = Json)]
pub async fn set_default_role(
    slug: String,
    before: RoleId,
    role: RoleId,
) -> Result<(), ApiFailure> {
    super::change(&slug, "set_default_role", async |app, caller| {
        settings::set_default_role(app, caller, &slug, before, role).await
    })
    .await
}

/// Deletes the workspace, whose name was typed to confirm it.
#[server(prefix = "/api", endpoint = "delete_workspace", input = Json, output = Json)]
pub async fn delete_workspace(slug: String, name: String) -> Result<(), ApiFailure> {
    super::change(&slug, "delete_workspace", async |app, caller| {
        settings::delete(app, caller, &slug, &name).await
    })
    .await
}
