//! `/roles`: named permission sets, of which every member has exactly one.

use rolecall_backend::service::roles;
use rolecall_shared::{
    RoleId,
    role::{RoleCard, RoleDraft, RoleEditor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{Created, List, Versioned},
    body::{Asked, Body, Creating},
    call::{At, Call, IfMatch},
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list, create), routes!(read, update, delete)]
}

#[derive(Deserialize)]
struct Ids {
    role: RoleId,
}

/// A role as a list has it.
#[derive(Serialize, ToSchema)]
struct RoleSummary {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    /// What it is, in a sentence or two.
    description: String,
    /// Whether it comes from the template of the workspace: nobody changes or deletes it.
    built_in: bool,
    /// Whether its permissions for projects hold only in projects that the member created.
    own_projects_only: bool,
    /// How many members have it.
    members: i64,
    /// How many waiting invitations give it.
    invitations: i64,
    /// Whether invitations choose it first.
    is_default: bool,
    /// Goes up with every change.
    version: i64,
}

impl From<RoleCard> for RoleSummary {
    fn from(card: RoleCard) -> Self {
        Self {
            id: card.id.to_string(),
            name: card.name,
            description: card.description,
            built_in: card.built_in,
            own_projects_only: card.own_projects_only,
            members: card.members,
            invitations: card.invitations,
            is_default: card.is_default,
            version: card.version,
        }
    }
}

/// A role with what it gives.
#[derive(Serialize, ToSchema)]
struct Role {
    #[serde(flatten)]
    summary: RoleSummary,
    /// Names of its permissions, such as `team:view`.
    permissions: Vec<String>,
}

/// What a role is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Release manager", "permissions": ["projects:view", "projects:manage"] }))]
struct RoleInput {
    /// 1 to 80 characters, like no other role of the workspace.
    name: String,
    /// A sentence or two about it.
    #[serde(default)]
    description: String,
    /// Names of its permissions. Manage and delete bring view of the same row with them.
    permissions: Vec<String>,
    /// Whether its permissions for projects hold only in projects that the member created.
    #[serde(default)]
    own_projects_only: bool,
}

impl From<RoleInput> for RoleDraft {
    fn from(input: RoleInput) -> Self {
        Self {
            name: input.name,
            description: input.description,
            permissions: input.permissions,
            own_projects_only: input.own_projects_only,
        }
    }
}

/// What a new role is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Release manager", "permissions": ["projects:view", "projects:manage"] }))]
struct NewRole {
    /// 1 to 80 characters, like no other role of the workspace.
    name: String,
    /// A sentence or two about it.
    #[serde(default)]
    description: String,
    /// Names of its permissions. Manage and delete bring view of the same row with them.
    permissions: Vec<String>,
    /// Whether its permissions for projects hold only in projects that the member created.
    #[serde(default)]
    own_projects_only: bool,
    /// The id of the role that it is made after, which it remembers.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    clone_of: Option<RoleId>,
}

/// List the roles
///
/// Built-in ones first, in the order of the template, then custom ones by name. There are at most 200.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/roles", operation_id = "list_roles", tag = "Roles",
    responses((status = 200, description = "All roles.", body = List<RoleSummary>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list(call: Call) -> Result<axum::Json<List<RoleSummary>>, Problem> {
    let page = call
        .ask("list_roles", async |app, caller, slug| {
            roles::list(app, caller, slug).await
        })
        .await?;
    Ok(List::whole(
        page.roles.into_iter().map(Into::into).collect(),
    ))
}

/// Make a role
///
/// You can give what you have yourself. Only where the kind of workspace allows roles of its own.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/roles", operation_id = "create_role", tag = "Roles",
    request_body = NewRole,
    responses((status = 201, description = "The role was made.", body = Created)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn create(Creating { call, body }: Creating<NewRole>) -> Result<Created, Problem> {
    let draft = RoleDraft {
        name: body.name,
        description: body.description,
        permissions: body.permissions,
        own_projects_only: body.own_projects_only,
    };
    let id = call
        .ask("create_role", async |app, caller, slug| {
            roles::create(app, caller, slug, &draft, body.clone_of).await
        })
        .await?;
    Ok(Created::at(&call, "/roles", id))
}

/// Read a role
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/roles/{role}", operation_id = "read_role", tag = "Roles",
    responses((status = 200, description = "The role.", body = Role, headers(("ETag" = String, description = "Its version.")))),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn read(call: Call, At(Ids { role }): At<Ids>) -> Result<Versioned<Role>, Problem> {
    found(&call, role).await
}

async fn found(call: &Call, role: RoleId) -> Result<Versioned<Role>, Problem> {
    let RoleEditor { role, draft, .. } = call
        .ask("read_role", async |app, caller, slug| {
            roles::editor(app, caller, slug, Some(role), None).await
        })
        .await?;
    let card = role.ok_or_else(Problem::not_found)?;
    let role = Role {
        permissions: draft.permissions,
        summary: card.into(),
    };
    Ok(Versioned(role.summary.version, role))
}

/// Change a role
///
/// Everybody who has it may do what it says from the next request on. You can add what you have yourself,
/// and not to a role of your own; taking away is always possible. Built-in roles never change.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/roles/{role}", operation_id = "update_role", tag = "Roles",
    params(("If-Match" = String, Header)),
    request_body = RoleInput,
    responses((status = 200, description = "The role as it is now.", body = Role, headers(("ETag" = String, description = "Its new version.")))),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn update(
    call: Call,
    At(Ids { role }): At<Ids>,
    IfMatch(version): IfMatch,
    Body(input): Body<RoleInput>,
) -> Result<Versioned<Role>, Problem> {
    let draft = input.into();
    call.ask("update_role", async |app, caller, slug| {
        roles::update(app, caller, slug, role, version, &draft).await
    })
    .await?;
    found(&call, role).await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Deletion {
    /// The id of the role that its members and waiting invitations get instead; needed when there are any.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Uuid)]
    replacement: Option<RoleId>,
}

/// Delete a role
#[utoipa::path(
    delete, path = "/api/v1/workspaces/{workspace}/roles/{role}", operation_id = "delete_role", tag = "Roles",
    params(("If-Match" = String, Header), Deletion),
    responses((status = 204, description = "The role is gone.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn delete(
    call: Call,
    At(Ids { role }): At<Ids>,
    IfMatch(version): IfMatch,
    Asked(Deletion { replacement }): Asked<Deletion>,
) -> Result<axum::http::StatusCode, Problem> {
    call.ask("delete_role", async |app, caller, slug| {
        roles::delete(app, caller, slug, role, version, replacement).await
    })
    .await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
