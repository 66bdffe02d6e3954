//! `/projects/{project}/members`: who reaches how far in a project.

use rolecall_backend::service::projects;
use rolecall_shared::{
    ProjectId,
    catalogue::Level,
    project::{ProjectMember, ProjectMemberQuery},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{List, Paged},
    body::Asked,
    call::{At, Call},
    overrides::{Effect, Override, effect},
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list)]
}

#[derive(Deserialize)]
struct Ids {
    project: ProjectId,
}

/// How many rows somebody may view, manage and delete in a project.
#[derive(Serialize, ToSchema)]
struct Reach {
    view: Extent,
    manage: Extent,
    delete: Extent,
}

/// A part of the rows of a project.
#[derive(Serialize, ToSchema)]
struct Extent {
    /// For how many rows.
    held: u16,
    /// How many rows have this action.
    of: u16,
}

impl From<Level> for Reach {
    fn from(level: Level) -> Self {
        let [view, manage, delete] = std::array::from_fn(|at| Extent {
            held: level.held[at],
            of: level.of[at],
        });
        Self {
            view,
            manage,
            delete,
        }
    }
}

/// A member in a project.
#[derive(Serialize, ToSchema)]
struct MemberInProject {
    /// Their id as a member.
    #[schema(format = Uuid)]
    id: String,
    name: String,
    email: String,
    /// The name of their role.
    role: String,
    /// Owners may do everything everywhere; nothing is overridden for them.
    is_owner: bool,
    /// Whether they can act: `active` or `suspended`.
    status: &'static str,
    /// How far they reach in the project.
    effective: Reach,
    /// How far they would reach without an override.
    base: Reach,
    /// Their override in the project; `null`: there is none.
    #[serde(rename = "override")]
    over: Option<Override>,
    /// What the override does; `null`: there is none, or it is an owner's and does nothing.
    effect: Option<Effect>,
}

impl From<ProjectMember> for MemberInProject {
    fn from(member: ProjectMember) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name,
            email: member.email,
            role: member.role,
            is_owner: member.is_owner,
            status: member.status.name(),
            effective: member.here.into(),
            base: member.base.into(),
            over: member.over.map(|view| Override::new(member.id, view)),
            effect: member.effect.map(effect),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A part of the name or of the address.
    #[serde(default)]
    search: String,
    /// Only members who have an override.
    #[serde(default)]
    overridden: bool,
    /// Which page: the `next` of the one before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List the members in a project
///
/// By name, 50 on a page, with how far they reach over the rows that a project has. An override that has ended is
/// shown and counts for nothing.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/projects/{project}/members",
    operation_id = "list_project_members", tag = "Projects",
    params(Which),
    responses((status = 200, description = "One page of the members.", body = List<MemberInProject>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list(
    call: Call,
    At(Ids { project }): At<Ids>,
    Asked(which): Asked<Which>,
) -> Result<Paged<MemberInProject>, Problem> {
    let query = ProjectMemberQuery {
        search: which.search,
        overridden: which.overridden,
        cursor: which.cursor,
    };
    let page = call
        .ask("list_project_members", async |app, caller, slug| {
            projects::members(app, caller, slug, project, &query).await
        })
        .await?;
    let members = page.rows.into_iter().map(Into::into).collect();
    let asked = [
        ("search", query.search),
        ("overridden", query.overridden.to_string()),
    ];
    let below = format!("/projects/{project}/members");
    Ok(Paged::new(&call, &below, &asked, members, page.next))
}
