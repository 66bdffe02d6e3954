//! `/settings`: the name of a workspace, and what holds for its invitations. Each part is changed by itself.

use axum::Json;
use rolecall_backend::service::{invitations, settings};
use rolecall_shared::{
    RoleId, error::ErrorCode, invitation::InvitationPolicy, settings::SettingsPage,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{body::Body, call::Call, moment::Moment};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![
        routes!(read),
        routes!(rename),
        routes!(set_default_role),
        routes!(set_policy),
    ]
}

/// The settings of a workspace.
#[derive(Serialize, ToSchema)]
struct Settings {
    name: String,
    /// Where people find it.
    address: String,
    created_at: Moment,
    /// The id of the role that invitations choose first; `null` without `team:view`.
    #[schema(format = Uuid)]
    default_role: Option<String>,
    /// What holds for invitations.
    invitations: Policy,
}

/// What the workspace lets its people do with invitations.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Policy {
    /// Whether links may be copied.
    copy_link: bool,
    /// How long they are valid when nothing else is chosen, in hours, from 1 to 720.
    hours: u32,
    /// Domains that may be invited; none: all.
    allowed_domains: Vec<String>,
}

impl From<InvitationPolicy> for Policy {
    fn from(policy: InvitationPolicy) -> Self {
        Self {
            copy_link: policy.copy_link,
            hours: policy.hours,
            allowed_domains: policy.allowed_domains,
        }
    }
}

impl From<Policy> for InvitationPolicy {
    fn from(policy: Policy) -> Self {
        Self {
            copy_link: policy.copy_link,
            hours: policy.hours,
            allowed_domains: policy.allowed_domains,
        }
    }
}

impl From<SettingsPage> for Settings {
    fn from(page: SettingsPage) -> Self {
        Self {
            name: page.name,
            address: page.address,
            created_at: Moment(page.created_at),
            default_role: page.default_role.map(|chosen| chosen.role.to_string()),
            invitations: page.policy.into(),
        }
    }
}

/// Another name for the workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "before": "Acme", "name": "Acme Works" }))]
struct Renaming {
    /// What it is called now.
    before: String,
    /// 1 to 80 characters.
    name: String,
}

/// The name of the workspace.
#[derive(Serialize, ToSchema)]
struct Renamed {
    name: String,
}

/// Another role for invitations to choose first.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "before": "019a0000-0000-7000-8000-000000000001", "role": "019a0000-0000-7000-8000-000000000002"
}))]
struct Choosing {
    /// The id of the role that it is now.
    #[schema(value_type = String, format = Uuid)]
    before: RoleId,
    /// The id of the role that it is to be.
    #[schema(value_type = String, format = Uuid)]
    role: RoleId,
}

/// Other rules for invitations.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "before": { "copy_link": true, "hours": 72, "allowed_domains": [] },
    "after": { "copy_link": true, "hours": 48, "allowed_domains": ["example.org"] },
}))]
struct Ruling {
    /// What holds now.
    before: Policy,
    /// What is to hold.
    after: Policy,
}

/// What was to be changed is named in the body here and not in a header, so that the header is not what failed.
fn in_the_body(problem: Problem) -> Problem {
    match problem.error.code {
        ErrorCode::PreconditionFailed => Problem::new(ErrorCode::Conflict, problem.error.message),
        _ => problem,
    }
}

/// Read the settings
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/settings", operation_id = "read_settings", tag = "Workspace",
    responses((status = 200, description = "The settings.", body = Settings)),
    extensions(("x-permission" = json!("settings:view"))),
)]
async fn read(call: Call) -> Result<Json<Settings>, Problem> {
    let page = call
        .ask("read_settings", async |app, caller, slug| {
            settings::page(app, caller, slug).await
        })
        .await?;
    Ok(Json(page.into()))
}

/// Rename the workspace
///
/// Its address stays. A 409 if it is not called `before` any more.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/settings/name", operation_id = "rename_workspace", tag = "Workspace",
    request_body = Renaming,
    responses((status = 200, description = "The name as it is kept.", body = Renamed)),
    extensions(("x-permission" = json!("settings:manage"))),
)]
async fn rename(
    call: Call,
    Body(Renaming { before, name }): Body<Renaming>,
) -> Result<Json<Renamed>, Problem> {
    let name = call
        .ask("rename_workspace", async |app, caller, slug| {
            settings::rename(app, caller, slug, &before, &name).await
        })
        .await
        .map_err(in_the_body)?;
    Ok(Json(Renamed { name }))
}

/// Choose the role that invitations choose first
///
/// You can choose one that gives what you have yourself. Needs `team:view` as well. A 409 if it is not `before`
/// any more.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/settings/default-role",
    operation_id = "set_default_role", tag = "Workspace",
    request_body = Choosing,
    responses((status = 204, description = "Invitations choose it first.")),
    extensions(("x-permission" = json!("settings:manage"))),
)]
async fn set_default_role(
    call: Call,
    Body(Choosing { before, role }): Body<Choosing>,
) -> Result<axum::http::StatusCode, Problem> {
    call.ask("set_default_role", async |app, caller, slug| {
        settings::set_default_role(app, caller, slug, before, role).await
    })
    .await
    .map_err(in_the_body)?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// Change the rules for invitations
///
/// Invitations that wait stay as they are. A 409 if it is not `before` any more.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/settings/invitations",
    operation_id = "set_invitation_policy", tag = "Workspace",
    request_body = Ruling,
    responses((status = 200, description = "The rules as they are kept.", body = Policy)),
    extensions(("x-permission" = json!("settings:manage"))),
)]
async fn set_policy(
    call: Call,
    Body(Ruling { before, after }): Body<Ruling>,
) -> Result<Json<Policy>, Problem> {
    let before = before.into();
    let kept = call
        .ask("set_invitation_policy", async |app, caller, slug| {
            invitations::set_policy(app, caller, slug, &before, after.into()).await
        })
        .await
        .map_err(in_the_body)?;
    Ok(Json(kept.into()))
}
