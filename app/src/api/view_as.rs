//! Viewing a workspace as one of its members sees it.

use leptos::prelude::*;
use rolecall_shared::{
    MemberId,
    view_as::{ViewPolicy, ViewSettings},
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::view_as;

#[cfg(feature = "ssr")]
use crate::context::set_session;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// Begins to view as a member. The session goes on restricted, with a new cookie, which comes with the
/// answer; it is left with the form at [`crate::paths::END_VIEW`].
#[server(prefix = "/api", endpoint = "start_view_as", input = Json, output = Json)]
pub async fn start_view_as(
    slug: String,
    member: MemberId,
    reason: String,
) -> Result<(), ApiFailure> {
    let secret = super::change(&slug, "start_view_as", async |app, caller| {
        view_as::start(app, caller, &slug, member, &reason).await
    })
    .await?;
    set_session(&secret);
    Ok(())
}

/// What the owners decided about viewing as somebody.
#[server(prefix = "/api", endpoint = "load_view_policy", input = Json, output = Json, client = Reading)]
pub async fn load_view_policy(slug: String) -> Result<ViewSettings, ApiFailure> {
    super::read(&slug, "load_view_policy", async |app, caller| {
        view_as::policy(app, caller, &slug).await
    })
    .await
}

/// Decides about viewing as somebody, if it is still `before`.
#[server(prefix = "/api", endpoint = "set_view_policy", input = Json, output = Json)]
pub async fn set_view_policy(
    slug: String,
    before: ViewPolicy,
    policy: ViewPolicy,
) -> Result<(), ApiFailure> {
    super::change(&slug, "set_view_policy", async |app, caller| {
        view_as::set_policy(app, caller, &slug, before, policy).await
    })
    .await
}
