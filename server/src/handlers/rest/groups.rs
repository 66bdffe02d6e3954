//! `/groups`: named permission sets for many members at once.

use axum::{Json, http::StatusCode};
use rolecall_backend::service::groups;
use rolecall_shared::{
    GroupId,
    group::{GroupCard, GroupDraft, GroupEditor},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{Created, List, Versioned},
    body::{Body, Creating},
    call::{At, Call, IfMatch},
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list, create), routes!(read, update, delete)]
}

#[derive(Deserialize)]
struct Ids {
    group: GroupId,
}

/// A group as a list has it.
#[derive(Serialize, ToSchema)]
struct GroupSummary {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    /// What it is, in a sentence or two.
    description: String,
    /// How many members are in it now.
    members: i64,
    /// How many waiting invitations would give it.
    invitations: i64,
    /// Goes up with every change.
    version: i64,
}

impl From<GroupCard> for GroupSummary {
    fn from(card: GroupCard) -> Self {
        Self {
            id: card.id.to_string(),
            name: card.name,
            description: card.description,
            members: card.members,
            invitations: card.invitations,
            version: card.version,
        }
    }
}

/// A group with what it gives.
#[derive(Serialize, ToSchema)]
struct Group {
    #[serde(flatten)]
    summary: GroupSummary,
    /// Names of its permissions, such as `team:view`.
    permissions: Vec<String>,
}

/// What a group is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Night shift", "permissions": ["projects:view", "instances:manage"] }))]
struct GroupInput {
    /// 1 to 80 characters, like no other group of the workspace.
    name: String,
    /// A sentence or two about it.
    #[serde(default)]
    description: String,
    /// Names of its permissions. Manage and delete bring view of the same row with them.
    permissions: Vec<String>,
}

impl From<GroupInput> for GroupDraft {
    fn from(input: GroupInput) -> Self {
        Self {
            name: input.name,
            description: input.description,
            permissions: input.permissions,
        }
    }
}

/// List the groups
///
/// By name. There are at most 500.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/groups", operation_id = "list_groups", tag = "Groups",
    responses((status = 200, description = "All groups.", body = List<GroupSummary>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list(call: Call) -> Result<Json<List<GroupSummary>>, Problem> {
    let page = call
        .ask("list_groups", async |app, caller, slug| {
            groups::list(app, caller, slug).await
        })
        .await?;
    let groups = page.groups.into_iter().map(Into::into);
    Ok(List::whole(groups.collect()))
}

/// Make a group
///
/// You can give what you have yourself. Nobody is in it at first.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/groups", operation_id = "create_group", tag = "Groups",
    request_body = GroupInput,
    responses((status = 201, description = "The group was made.", body = Created)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn create(Creating { call, body }: Creating<GroupInput>) -> Result<Created, Problem> {
    let draft = body.into();
    let id = call
        .ask("create_group", async |app, caller, slug| {
            groups::create(app, caller, slug, &draft).await
        })
        .await?;
    Ok(Created::at(&call, "/groups", id))
}

/// Read a group
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/groups/{group}", operation_id = "read_group", tag = "Groups",
    responses((status = 200, description = "The group.", body = Group, headers(("ETag" = String, description = "Its version.")))),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn read(call: Call, At(Ids { group }): At<Ids>) -> Result<Versioned<Group>, Problem> {
    found(&call, group).await
}

async fn found(call: &Call, group: GroupId) -> Result<Versioned<Group>, Problem> {
    let GroupEditor { group, draft, .. } = call
        .ask("read_group", async |app, caller, slug| {
            groups::editor(app, caller, slug, Some(group)).await
        })
        .await?;
    let card = group.ok_or_else(Problem::not_found)?;
    let group = Group {
        permissions: draft.permissions,
        summary: card.into(),
    };
    Ok(Versioned(group.summary.version, group))
}

/// Change a group
///
/// Everybody in it may do what it says from the next request on. You can add what you have yourself, and
/// not to a group that you are in; taking away is always possible.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/groups/{group}", operation_id = "update_group", tag = "Groups",
    params(("If-Match" = String, Header)),
    request_body = GroupInput,
    responses((status = 200, description = "The group as it is now.", body = Group, headers(("ETag" = String, description = "Its new version.")))),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn update(
    call: Call,
    At(Ids { group }): At<Ids>,
    IfMatch(version): IfMatch,
    Body(input): Body<GroupInput>,
) -> Result<Versioned<Group>, Problem> {
    let draft = input.into();
    call.ask("update_group", async |app, caller, slug| {
        groups::update(app, caller, slug, group, version, &draft).await
    })
    .await?;
    found(&call, group).await
}

/// Delete a group
///
/// Whoever is in it loses what only it gave them, and invitations that wait give it no more.
#[utoipa::path(
    delete, path = "/api/v1/workspaces/{workspace}/groups/{group}", operation_id = "delete_group", tag = "Groups",
    params(("If-Match" = String, Header)),
    responses((status = 204, description = "The group is gone.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn delete(
    call: Call,
    At(Ids { group }): At<Ids>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    call.ask("delete_group", async |app, caller, slug| {
        groups::delete(app, caller, slug, group, version).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
