//! What members hold, and what a change of it would do.

use leptos::prelude::*;
use rolecall_shared::{
    MemberId, ProjectId,
    access::{ChangeRequest, MemberAccess, MemberPage, PreviewView},
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::access;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// One member with all that they hold; `project` is the one to look at it in.
#[server(prefix = "/api", endpoint = "load_member", input = Json, output = Json, client = Reading)]
pub async fn load_member(
    slug: String,
    member: MemberId,
    project: Option<ProjectId>,
) -> Result<MemberPage, ApiFailure> {
    super::read(&slug, "load_member", async |app, caller| {
        access::member(app, caller, &slug, member, project).await
    })
    .await
}

/// Gives a member a role, groups and direct permissions, in place of what they have; gives the new version.
#[server(prefix = "/api", endpoint = "update_access", input = Json, output = Json)]
pub async fn update_access(
    slug: String,
    member: MemberId,
    version: i64,
    access: MemberAccess,
) -> Result<i64, ApiFailure> {
    super::change(&slug, "update_access", async |app, caller| {
        access::update(app, caller, &slug, member, version, &access).await
    })
    .await
}

/// What a change would do to everybody, before it is made.
#[server(prefix = "/api", endpoint = "preview_change", input = Json, output = Json, client = Reading)]
pub async fn preview_change(
    slug: String,
    change: ChangeRequest,
) -> Result<PreviewView, ApiFailure> {
    super::read(&slug, "preview_change", async |app, caller| {
        access::preview(app, caller, &slug, &change).await
    })
    .await
}
