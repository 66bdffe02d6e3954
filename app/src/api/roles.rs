//! Roles.

use leptos::prelude::*;
use rolecall_shared::{
    RoleId,
    role::{RoleComparison, RoleDraft, RoleEditor, RolesPage},
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::roles;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// All roles as cards.
#[server(prefix = "/api", endpoint = "list_roles", input = Json, output = Json, client = Reading)]
pub async fn list_roles(slug: String) -> Result<RolesPage, ApiFailure> {
    super::read(&slug, "list_roles", async |app, caller| {
        roles::list(app, caller, &slug).await
    })
    .await
}

/// One role for its page, or a new one, empty or cloned from `clone_of`.
#[server(prefix = "/api", endpoint = "load_role_editor", input = Json, output = Json, client = Reading)]
pub async fn load_role_editor(
    slug: String,
    role: Option<RoleId>,
    clone_of: Option<RoleId>,
) -> Result<RoleEditor, ApiFailure> {
    super::read(&slug, "load_role_editor", async |app, caller| {
        roles::editor(app, caller, &slug, role, clone_of).await
    })
    .await
}

/// Two roles side by side.
#[server(prefix = "/api", endpoint = "compare_roles", input = Json, output = Json, client = Reading)]
pub async fn compare_roles(
    slug: String,
    left: RoleId,
    right: RoleId,
) -> Result<RoleComparison, ApiFailure> {
    super::read(&slug, "compare_roles", async |app, caller| {
        roles::compare(app, caller, &slug, left, right).await
    })
    .await
}

/// Makes a custom role, perhaps cloned from `clone_of`.
#[server(prefix = "/api", endpoint = "create_role", input = Json, output = Json)]
pub async fn create_role(
    slug: String,
    draft: RoleDraft,
    clone_of: Option<RoleId>,
) -> Result<RoleId, ApiFailure> {
    super::change(&slug, "create_role", async |app, caller| {
        roles::create(app, caller, &slug, &draft, clone_of).await
    })
    .await
}

/// Changes a custom role; gives its new version.
#[server(prefix = "/api", endpoint = "update_role", input = Json, output = Json)]
pub async fn update_role(
    slug: String,
    role: RoleId,
    version: i64,
    draft: RoleDraft,
) -> Result<i64, ApiFailure> {
    super::change(&slug, "update_role", async |app, caller| {
        roles::update(app, caller, &slug, role, version, &draft).await
    })
    .await
}

/// Deletes a custom role; everybody who has it, and every invitation, gets another.
#[server(prefix = "/api", endpoint = "delete_role", input = Json, output = Json)]
pub async fn delete_role(
    slug: String,
    role: RoleId,
    version: i64,
    replacement: Option<RoleId>,
) -> Result<(), ApiFailure> {
    super::change(&slug, "delete_role", async |app, caller| {
        roles::delete(app, caller, &slug, role, version, replacement).await
    })
    .await
}

/// Says that new services of the template were looked at.
#[server(prefix = "/api", endpoint = "review_services", input = Json, output = Json)]
pub async fn review_services(slug: String, services: Vec<String>) -> Result<(), ApiFailure> {
    super::change(&slug, "review_services", async |app, caller| {
        roles::mark_reviewed(app, caller, &slug, &services).await
    })
    .await
}
