//! `/projects`: the parts of a workspace.

use axum::http::StatusCode;
use rolecall_backend::service::projects;
use rolecall_shared::{
    ProjectId,
    project::{ProjectDraft, ProjectPage, ProjectQuery, ProjectRow},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{Created, List, Paged, Versioned},
    body::{Asked, Body, Creating},
    call::{At, Call, IfMatch},
    moment::Moment,
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list, create), routes!(read, update, delete)]
}

#[derive(Deserialize)]
struct Ids {
    project: ProjectId,
}

/// A project as a list has it.
#[derive(Serialize, ToSchema)]
struct ProjectSummary {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    /// What it is, in a sentence or two.
    description: String,
    /// Who created it, as they were called then; empty: nobody.
    created_by: String,
    created_at: Moment,
    /// How many resources it has.
    resources: i64,
    /// How many members have an override in it; 0 without `team:view`.
    overrides: i64,
}

/// A project.
#[derive(Serialize, ToSchema)]
struct Project {
    #[serde(flatten)]
    summary: ProjectSummary,
    /// How many waiting invitations would give an override in it; 0 without `team:view`.
    invitations: i64,
    /// Names of what you may do in it.
    permissions: Vec<String>,
    /// Keys of the rows that have resources, such as `instances`.
    services: Vec<String>,
    /// Goes up with every change.
    version: i64,
}

impl From<ProjectRow> for ProjectSummary {
    fn from(row: ProjectRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            description: row.description,
            created_by: row.created_by,
            created_at: Moment(row.created_at),
            resources: row.resources,
            overrides: row.overrides,
        }
    }
}

impl From<ProjectPage> for Project {
    fn from(page: ProjectPage) -> Self {
        Self {
            summary: ProjectSummary {
                id: page.id.to_string(),
                name: page.draft.name,
                description: page.draft.description,
                created_by: page.created_by,
                created_at: Moment(page.created_at),
                resources: page.resources,
                overrides: page.overrides,
            },
            invitations: page.invitations,
            permissions: page.permissions,
            services: page.services,
            version: page.version,
        }
    }
}

/// What a project is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Storefront", "description": "The shop and its search." }))]
struct ProjectInput {
    /// 1 to 80 characters, like no other project of the workspace.
    name: String,
    /// A sentence or two about it.
    #[serde(default)]
    description: String,
}

impl From<ProjectInput> for ProjectDraft {
    fn from(input: ProjectInput) -> Self {
        Self {
            name: input.name,
            description: input.description,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A part of the name.
    #[serde(default)]
    search: String,
    /// Which page: the `next` of the one before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List the projects
///
/// Those in which you have `projects:view`, by name, 50 on a page. There can be none.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/projects", operation_id = "list_projects", tag = "Projects",
    params(Which),
    responses((status = 200, description = "One page of the projects.", body = List<ProjectSummary>)),
    extensions(("x-permission" = json!(null))),
)]
async fn list(call: Call, Asked(which): Asked<Which>) -> Result<Paged<ProjectSummary>, Problem> {
    let query = ProjectQuery {
        search: which.search,
        cursor: which.cursor,
    };
    let page = call
        .ask("list_projects", async |app, caller, slug| {
            projects::list(app, caller, slug, &query).await
        })
        .await?;
    let rows = page.rows.into_iter().map(Into::into).collect();
    let asked = [("search", query.search)];
    Ok(Paged::new(&call, "/projects", &asked, rows, page.next))
}

/// Make a project
///
/// It is a project of your own: a role for own projects holds in it.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/projects", operation_id = "create_project", tag = "Projects",
    request_body = ProjectInput,
    responses((status = 201, description = "The project was made.", body = Created)),
    extensions(("x-permission" = json!("projects:manage"))),
)]
async fn create(Creating { call, body }: Creating<ProjectInput>) -> Result<Created, Problem> {
    let draft = body.into();
    let id = call
        .ask("create_project", async |app, caller, slug| {
            projects::create(app, caller, slug, &draft).await
        })
        .await?;
    Ok(Created::at(&call, "/projects", id))
}

/// Read a project
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/projects/{project}", operation_id = "read_project", tag = "Projects",
    responses((status = 200, description = "The project.", body = Project, headers(("ETag" = String, description = "Its version.")))),
    extensions(("x-permission" = json!("projects:view"))),
)]
async fn read(call: Call, At(Ids { project }): At<Ids>) -> Result<Versioned<Project>, Problem> {
    found(&call, project).await
}

async fn found(call: &Call, project: ProjectId) -> Result<Versioned<Project>, Problem> {
    let page = call
        .ask("read_project", async |app, caller, slug| {
            projects::page(app, caller, slug, project).await
        })
        .await?;
    Ok(Versioned(page.version, page.into()))
}

/// Change a project
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/projects/{project}", operation_id = "update_project", tag = "Projects",
    params(("If-Match" = String, Header)),
    request_body = ProjectInput,
    responses((status = 200, description = "The project as it is now.", body = Project, headers(("ETag" = String, description = "Its new version.")))),
    extensions(("x-permission" = json!("projects:manage"))),
)]
async fn update(
    call: Call,
    At(Ids { project }): At<Ids>,
    IfMatch(version): IfMatch,
    Body(input): Body<ProjectInput>,
) -> Result<Versioned<Project>, Problem> {
    let draft = input.into();
    call.ask("update_project", async |app, caller, slug| {
        projects::update(app, caller, slug, project, version, &draft).await
    })
    .await?;
    found(&call, project).await
}

/// Delete a project
///
/// Its resources have to be deleted first. Overrides in it and tokens for it alone go with it.
#[utoipa::path(
    delete, path = "/api/v1/workspaces/{workspace}/projects/{project}", operation_id = "delete_project", tag = "Projects",
    params(("If-Match" = String, Header)),
    responses((status = 204, description = "The project is gone.")),
    extensions(("x-permission" = json!("projects:delete"))),
)]
async fn delete(
    call: Call,
    At(Ids { project }): At<Ids>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    call.ask("delete_project", async |app, caller, slug| {
        projects::delete(app, caller, slug, project, version).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
