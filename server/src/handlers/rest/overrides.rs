//! `/projects/{project}/overrides`: what members may do in a project instead of what they may do elsewhere.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use rolecall_backend::service::projects;
use rolecall_shared::{
    MemberId, ProjectId,
    access::{GrantView, OverrideView},
    project::{OverrideDraft, OverrideEffect, ProjectMemberQuery},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{List, Paged, Versioned},
    body::{Asked, Body},
    call::{At, Call, IfMatch, IfMatchOrNone},
    moment::Moment,
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list), routes!(read, put, delete)]
}

#[derive(Deserialize)]
struct ProjectIds {
    project: ProjectId,
}

#[derive(Clone, Copy, Deserialize)]
struct Ids {
    project: ProjectId,
    member: MemberId,
}

/// What somebody may do in a project instead of what they may do elsewhere.
#[derive(Serialize, ToSchema)]
pub struct Override {
    /// Whose: the id of the member.
    #[schema(format = Uuid)]
    member: String,
    /// Names of what they may do there of all that a project has. An empty list is a real value: nothing.
    permissions: Vec<String>,
    /// Until when; `null`: no end.
    expires_at: Option<Moment>,
    /// Who set it, as they were called then.
    set_by: String,
    set_at: Moment,
    /// Goes up with every change.
    version: i64,
}

impl Override {
    /// The override of a member.
    pub fn new(member: MemberId, view: OverrideView) -> Self {
        Self {
            member: member.to_string(),
            permissions: view.grant.permissions,
            expires_at: Moment::of(view.grant.expires_at),
            set_by: view.set_by,
            set_at: Moment(view.set_at),
            version: view.version,
        }
    }
}

/// What an override does, compared with what would hold without it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It takes something and gives nothing.
    Narrower,
    /// It says what holds anyway.
    Redundant,
    /// It gives something beyond.
    Wider,
    /// It has ended: it gives and takes nothing any more.
    Ended,
}

/// As programs read it.
pub fn effect(effect: OverrideEffect) -> Effect {
    match effect {
        OverrideEffect::Narrower => Effect::Narrower,
        OverrideEffect::Redundant => Effect::Redundant,
        OverrideEffect::Wider => Effect::Wider,
        OverrideEffect::Ended => Effect::Ended,
    }
}

/// An override as a list has it.
#[derive(Serialize, ToSchema)]
struct ListedOverride {
    #[serde(flatten)]
    over: Override,
    /// The name of the member.
    name: String,
    email: String,
    /// What it does; `null`: it is an owner's and does nothing.
    effect: Option<Effect>,
}

/// What an override is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "permissions": ["projects:view", "instances:manage"], "expires_at": "2027-03-31T18:00:00Z"
}))]
pub struct OverrideInput {
    /// Names of what they may do in the project, of all that a project has. An empty list is a real value:
    /// nothing.
    permissions: Vec<String>,
    /// Until when; `null` or left out: no end.
    #[serde(default)]
    expires_at: Option<Moment>,
}

impl From<OverrideInput> for GrantView {
    fn from(input: OverrideInput) -> Self {
        Self {
            permissions: input.permissions,
            expires_at: Moment::asked(input.expires_at),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A part of the name or of the address of the member.
    #[serde(default)]
    search: String,
    /// Which page: the `next` of the one before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List the overrides in a project
///
/// By the name of the member, 50 on a page, also those that have ended.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/projects/{project}/overrides",
    operation_id = "list_overrides", tag = "Overrides",
    params(Which),
    responses((status = 200, description = "One page of the overrides.", body = List<ListedOverride>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list(
    call: Call,
    At(ProjectIds { project }): At<ProjectIds>,
    Asked(which): Asked<Which>,
) -> Result<Paged<ListedOverride>, Problem> {
    let query = ProjectMemberQuery {
        search: which.search,
        overridden: true,
        cursor: which.cursor,
    };
    let page = call
        .ask("list_overrides", async |app, caller, slug| {
            projects::members(app, caller, slug, project, &query).await
        })
        .await?;
    let listed = page.rows.into_iter().filter_map(|row| {
        Some(ListedOverride {
            over: Override::new(row.id, row.over?),
            name: row.name,
            email: row.email,
            effect: row.effect.map(effect),
        })
    });
    let below = format!("/projects/{project}/overrides");
    let asked = [("search", query.search)];
    Ok(Paged::new(
        &call,
        &below,
        &asked,
        listed.collect(),
        page.next,
    ))
}

/// Read an override
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/projects/{project}/overrides/{member}",
    operation_id = "read_override", tag = "Overrides",
    responses((status = 200, description = "The override.", body = Override, headers(("ETag" = String, description = "Its version.")))),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn read(call: Call, At(ids): At<Ids>) -> Result<Versioned<Override>, Problem> {
    found(&call, ids).await
}

async fn found(call: &Call, Ids { project, member }: Ids) -> Result<Versioned<Override>, Problem> {
    let view = call
        .ask("read_override", async |app, caller, slug| {
            projects::one_override(app, caller, slug, project, member).await
        })
        .await?;
    Ok(Versioned(view.version, Override::new(member, view)))
}

/// Set an override
///
/// It replaces what the member may do in the project, and leaves what holds for the workspace. You can give what
/// you have there yourself, to somebody who holds nothing that you do not hold. For a new one send
/// `If-None-Match: *`.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/projects/{project}/overrides/{member}",
    operation_id = "set_override", tag = "Overrides",
    params(("If-Match" = Option<String>, Header), ("If-None-Match" = Option<String>, Header, description = "`*`: there is none yet.")),
    request_body = OverrideInput,
    responses(
        (status = 201, description = "The override was made.", body = Override, headers(("ETag" = String, description = "Its version."))),
        (status = 200, description = "The override as it is now.", body = Override, headers(("ETag" = String, description = "Its new version."))),
    ),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn put(
    call: Call,
    At(ids): At<Ids>,
    IfMatchOrNone(version): IfMatchOrNone,
    Body(input): Body<OverrideInput>,
) -> Result<Response, Problem> {
    let Ids { project, member } = ids;
    let grant = input.into();
    let draft = OverrideDraft { grant, version };
    call.ask("set_override", async |app, caller, slug| {
        projects::set_override(app, caller, slug, project, member, &draft).await
    })
    .await?;
    let now = found(&call, ids).await?;
    Ok(match version {
        Some(_) => now.into_response(),
        None => (StatusCode::CREATED, now).into_response(),
    })
}

/// Remove an override
///
/// The member may do in the project what they may do elsewhere. You need what comes back to them yourself.
#[utoipa::path(
    delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/overrides/{member}",
    operation_id = "remove_override", tag = "Overrides",
    params(("If-Match" = String, Header)),
    responses((status = 204, description = "The override is gone.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn delete(
    call: Call,
    At(Ids { project, member }): At<Ids>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    call.ask("remove_override", async |app, caller, slug| {
        projects::remove_override(app, caller, slug, project, member, version).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
