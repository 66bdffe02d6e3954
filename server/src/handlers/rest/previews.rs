//! `…/preview`: what a change would do to everybody, before it is made. Nothing is changed by asking.

use axum::Json;
use rolecall_backend::service::access;
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId,
    access::{CellEffect, ChangeRequest, PersonEffect, PreviewView},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    body::Body,
    call::{At, Call},
    group_members::Joining,
    moment::Moment,
    overrides::OverrideInput,
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![
        routes!(of_role),
        routes!(of_role_deletion),
        routes!(of_group),
        routes!(of_group_deletion),
        routes!(of_joining),
        routes!(of_override),
        routes!(of_override_removal),
    ]
}

#[derive(Deserialize)]
struct RoleIds {
    role: RoleId,
}

#[derive(Deserialize)]
struct GroupIds {
    group: GroupId,
}

#[derive(Deserialize)]
struct OverrideIds {
    project: ProjectId,
    member: MemberId,
}

/// What a role would give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "permissions": ["projects:view", "projects:manage"] }))]
struct RoleChange {
    /// Names of its permissions. Manage and delete bring view of the same row with them.
    permissions: Vec<String>,
    /// Whether its permissions for projects would hold only in projects that the member created.
    #[serde(default)]
    own_projects_only: bool,
}

/// What would come in the place of a role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "replacement": "019a0000-0000-7000-8000-000000000001" }))]
struct RoleReplacement {
    /// The id of the role that its members and waiting invitations would get.
    #[schema(value_type = String, format = Uuid)]
    replacement: RoleId,
}

/// What a group would give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "permissions": ["projects:view", "instances:manage"] }))]
struct GroupChange {
    /// Names of its permissions. Manage and delete bring view of the same row with them.
    permissions: Vec<String>,
}

/// What a change would do.
#[derive(Serialize, ToSchema)]
struct Preview {
    /// How many people would gain something.
    gaining: usize,
    /// How many people would lose something.
    losing: usize,
    /// How many people it would change anything for.
    changed: usize,
    /// Every permission that somebody would gain or lose.
    permissions: Vec<PermissionEffect>,
    /// The first 50 people, by name.
    people: Vec<EffectOnPerson>,
    /// How many waiting invitations would give something else.
    invitations: usize,
    /// How many waiting invitations would need approval, since their inviter would lose what they give.
    stranded_invitations: usize,
    /// How many tokens would do less.
    narrowed_tokens: usize,
    /// How many tokens would do more.
    widened_tokens: usize,
    /// The name of the one who would be the last to manage the team, if it comes to that.
    last_manager: Option<String>,
    /// Why the change would be refused; `null`: it would be made.
    refused: Option<String>,
}

/// A permission that people would gain or lose.
#[derive(Serialize, ToSchema)]
struct PermissionEffect {
    /// Its name.
    permission: String,
    /// How many people would gain it.
    gained: usize,
    /// How many people would lose it.
    lost: usize,
}

/// What somebody would gain and lose.
#[derive(Serialize, ToSchema)]
struct EffectOnPerson {
    /// Their id as a member.
    #[schema(format = Uuid)]
    id: String,
    name: String,
    email: String,
    /// Names of what they would gain.
    gained: Vec<String>,
    /// Names of what they would lose.
    lost: Vec<String>,
}

impl From<CellEffect> for PermissionEffect {
    fn from(cell: CellEffect) -> Self {
        Self {
            permission: cell.permission,
            gained: cell.gained,
            lost: cell.lost,
        }
    }
}

impl From<PersonEffect> for EffectOnPerson {
    fn from(person: PersonEffect) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name,
            email: person.email,
            gained: person.gained,
            lost: person.lost,
        }
    }
}

impl From<PreviewView> for Preview {
    fn from(seen: PreviewView) -> Self {
        Self {
            gaining: seen.gaining,
            losing: seen.losing,
            changed: seen.changed,
            permissions: seen.cells.into_iter().map(Into::into).collect(),
            people: seen.people.into_iter().map(Into::into).collect(),
            invitations: seen.invitations,
            stranded_invitations: seen.stranded,
            narrowed_tokens: seen.narrowed_tokens,
            widened_tokens: seen.widened_tokens,
            last_manager: seen.last_manager,
            refused: seen.refused,
        }
    }
}

async fn preview(call: &Call, change: ChangeRequest) -> Result<Json<Preview>, Problem> {
    let seen = call
        .ask("preview_change", async |app, caller, slug| {
            access::preview(app, caller, slug, &change).await
        })
        .await?;
    Ok(Json(seen.into()))
}

/// Preview a change of a role
///
/// Who would gain and who would lose what. It is worked out also when the change would be refused: `refused` says
/// why.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/roles/{role}/preview",
    operation_id = "preview_role", tag = "Roles",
    request_body = RoleChange,
    responses((status = 200, description = "What it would do.", body = Preview)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn of_role(
    call: Call,
    At(RoleIds { role }): At<RoleIds>,
    Body(change): Body<RoleChange>,
) -> Result<Json<Preview>, Problem> {
    let change = ChangeRequest::EditRole {
        role,
        permissions: change.permissions,
        own_projects_only: change.own_projects_only,
    };
    preview(&call, change).await
}

/// Preview the deletion of a role
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/roles/{role}/preview/deletion",
    operation_id = "preview_role_deletion", tag = "Roles",
    request_body = RoleReplacement,
    responses((status = 200, description = "What it would do.", body = Preview)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn of_role_deletion(
    call: Call,
    At(RoleIds { role }): At<RoleIds>,
    Body(RoleReplacement { replacement }): Body<RoleReplacement>,
) -> Result<Json<Preview>, Problem> {
    preview(&call, ChangeRequest::DeleteRole { role, replacement }).await
}

/// Preview a change of a group
///
/// Who would gain and who would lose what. It is worked out also when the change would be refused: `refused` says
/// why.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/groups/{group}/preview",
    operation_id = "preview_group", tag = "Groups",
    request_body = GroupChange,
    responses((status = 200, description = "What it would do.", body = Preview)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn of_group(
    call: Call,
    At(GroupIds { group }): At<GroupIds>,
    Body(GroupChange { permissions }): Body<GroupChange>,
) -> Result<Json<Preview>, Problem> {
    preview(&call, ChangeRequest::EditGroup { group, permissions }).await
}

/// Preview the deletion of a group
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/groups/{group}/preview/deletion",
    operation_id = "preview_group_deletion", tag = "Groups",
    responses((status = 200, description = "What it would do.", body = Preview)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn of_group_deletion(
    call: Call,
    At(GroupIds { group }): At<GroupIds>,
) -> Result<Json<Preview>, Problem> {
    preview(&call, ChangeRequest::DeleteGroup { group }).await
}

/// Preview putting people into a group
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/groups/{group}/preview/joining",
    operation_id = "preview_group_members", tag = "Groups",
    request_body = Joining,
    responses((status = 200, description = "What it would do.", body = Preview)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn of_joining(
    call: Call,
    At(GroupIds { group }): At<GroupIds>,
    Body(joining): Body<Joining>,
) -> Result<Json<Preview>, Problem> {
    let change = ChangeRequest::AddToGroup {
        group,
        members: joining.members,
        expires_at: Moment::asked(joining.expires_at),
    };
    preview(&call, change).await
}

/// Preview an override
///
/// Needs `projects:view` in the project as well.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/projects/{project}/overrides/{member}/preview",
    operation_id = "preview_override", tag = "Overrides",
    request_body = OverrideInput,
    responses((status = 200, description = "What it would do.", body = Preview)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn of_override(
    call: Call,
    At(OverrideIds { project, member }): At<OverrideIds>,
    Body(input): Body<OverrideInput>,
) -> Result<Json<Preview>, Problem> {
    let change = ChangeRequest::SetOverride {
        member,
        project,
        grant: input.into(),
    };
    preview(&call, change).await
}

/// Preview the removal of an override
///
/// Needs `projects:view` in the project as well.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/projects/{project}/overrides/{member}/preview/removal",
    operation_id = "preview_override_removal", tag = "Overrides",
    responses((status = 200, description = "What it would do.", body = Preview)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn of_override_removal(
    call: Call,
    At(OverrideIds { project, member }): At<OverrideIds>,
) -> Result<Json<Preview>, Problem> {
    preview(&call, ChangeRequest::RemoveOverride { member, project }).await
}
