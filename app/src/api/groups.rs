//! Groups.

use leptos::prelude::*;
use rolecall_shared::{
    GroupId, MemberId, Timestamp,
    group::{GroupDraft, GroupEditor, GroupMember, GroupsPage},
    page::Page,
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::groups;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// All groups as cards.
#[server(prefix = "/api", endpoint = "list_groups", input = Json, output = Json, client = Reading)]
pub async fn list_groups(slug: String) -> Result<GroupsPage, ApiFailure> {
    super::read(&slug, "list_groups", async |app, caller| {
        groups::list(app, caller, &slug).await
    })
    .await
}

/// One group for its page, or a new one.
#[server(prefix = "/api", endpoint = "load_group_editor", input = Json, output = Json, client = Reading)]
pub async fn load_group_editor(
    slug: String,
    group: Option<GroupId>,
) -> Result<GroupEditor, ApiFailure> {
    super::read(&slug, "load_group_editor", async |app, caller| {
        groups::editor(app, caller, &slug, group).await
    })
    .await
}

/// One page of the people in a group, by name.
#[server(prefix = "/api", endpoint = "list_group_members", input = Json, output = Json, client = Reading)]
pub async fn list_group_members(
    slug: String,
    group: GroupId,
    cursor: Option<String>,
) -> Result<Page<GroupMember>, ApiFailure> {
    super::read(&slug, "list_group_members", async |app, caller| {
        groups::members(app, caller, &slug, group, cursor).await
    })
    .await
}

/// Makes a group.
#[server(prefix = "/api", endpoint = "create_group", input = Json, output = Json)]
pub async fn create_group(slug: String, draft: GroupDraft) -> Result<GroupId, ApiFailure> {
    super::change(&slug, "create_group", async |app, caller| {
        groups::create(app, caller, &slug, &draft).await
    })
    .await
}

/// Changes a group and so all its members at once; gives its new version.
#[server(prefix = "/api", endpoint = "update_group", input = Json, output = Json)]
pub async fn update_group(
    slug: String,
    group: GroupId,
    version: i64,
    draft: GroupDraft,
) -> Result<i64, ApiFailure> {
    super::change(&slug, "update_group", async |app, caller| {
        groups::update(app, caller, &slug, group, version, &draft).await
    })
    .await
}

/// Deletes a group; its members and waiting invitations lose it.
#[server(prefix = "/api", endpoint = "delete_group", input = Json, output = Json)]
pub async fn delete_group(slug: String, group: GroupId, version: i64) -> Result<(), ApiFailure> {
    super::change(&slug, "delete_group", async |app, caller| {
        groups::delete(app, caller, &slug, group, version).await
    })
    .await
}

/// Puts people into a group, or changes until when they are in it; gives how many were not in it.
#[server(prefix = "/api", endpoint = "add_to_group", input = Json, output = Json)]
pub async fn add_to_group(
    slug: String,
    group: GroupId,
    members: Vec<MemberId>,
    expires_at: Option<Timestamp>,
) -> Result<usize, ApiFailure> {
    super::change(&slug, "add_to_group", async |app, caller| {
        groups::add_members(app, caller, &slug, group, &members, expires_at).await
    })
    .await
}

/// Takes somebody out of a group.
#[server(prefix = "/api", endpoint = "remove_from_group", input = Json, output = Json)]
pub async fn remove_from_group(
    slug: String,
    group: GroupId,
    member: MemberId,
) -> Result<(), ApiFailure> {
    super::change(&slug, "remove_from_group", async |app, caller| {
        groups::remove_member(app, caller, &slug, group, member).await
    })
    .await
}
