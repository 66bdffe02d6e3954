//! `/projects/{project}/resources`: what permissions protect.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use rolecall_backend::service::resources;
use rolecall_shared::{
    ProjectId, ResourceId,
    project::{ResourceDraft, ResourceQuery, ResourceRow},
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
struct ProjectIds {
    project: ProjectId,
}

#[derive(Clone, Copy, Deserialize)]
struct Ids {
    project: ProjectId,
    resource: ResourceId,
}

/// A thing that permissions protect.
#[derive(Serialize, ToSchema)]
struct Resource {
    #[schema(format = Uuid)]
    id: String,
    /// The key of its row, such as `instances`.
    service: String,
    name: String,
    /// What another system calls it; `null`: nothing.
    external_id: Option<String>,
    /// Further facts, by name.
    attributes: BTreeMap<String, String>,
    /// Who created it, as they were called then.
    created_by: String,
    created_at: Moment,
    updated_at: Moment,
    /// Goes up with every change.
    version: i64,
}

impl From<ResourceRow> for Resource {
    fn from(row: ResourceRow) -> Self {
        Self {
            id: row.id.to_string(),
            service: row.service,
            name: row.name,
            external_id: (!row.external_id.is_empty()).then_some(row.external_id),
            attributes: row.attributes.into_iter().collect(),
            created_by: row.created_by,
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        }
    }
}

/// What a resource is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "service": "instances", "name": "web-1", "external_id": "i-0421", "attributes": { "region": "eu-central" }
}))]
struct ResourceInput {
    /// The key of its row, such as `instances`. It stays what it is.
    service: String,
    /// 1 to 80 characters.
    name: String,
    /// What another system calls it, like no other resource of the service in the workspace; `null` or left
    /// out: nothing.
    #[serde(default)]
    external_id: Option<String>,
    /// Further facts, at most 32.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

impl From<ResourceInput> for ResourceDraft {
    fn from(input: ResourceInput) -> Self {
        Self {
            service: input.service,
            name: input.name,
            external_id: input.external_id.unwrap_or_default(),
            attributes: input.attributes.into_iter().collect(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A part of the name or of the external id.
    #[serde(default)]
    search: String,
    /// Only resources of this row, such as `instances`.
    #[serde(default)]
    service: Option<String>,
    /// Which page: the `next` of the one before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List the resources of a project
///
/// Those of rows that you may view there, by name, 50 on a page.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/projects/{project}/resources",
    operation_id = "list_resources", tag = "Resources",
    params(Which),
    responses((status = 200, description = "One page of the resources.", body = List<Resource>)),
    extensions(("x-permission" = json!("projects:view"))),
)]
async fn list(
    call: Call,
    At(ProjectIds { project }): At<ProjectIds>,
    Asked(which): Asked<Which>,
) -> Result<Paged<Resource>, Problem> {
    let query = ResourceQuery {
        search: which.search,
        service: which.service,
        cursor: which.cursor,
    };
    let page = call
        .ask("list_resources", async |app, caller, slug| {
            resources::list(app, caller, slug, project, &query).await
        })
        .await?;
    let rows = page.rows.into_iter().map(Into::into).collect();
    let mut asked = vec![("search", query.search)];
    asked.extend(query.service.map(|service| ("service", service)));
    let below = format!("/projects/{project}/resources");
    Ok(Paged::new(&call, &below, &asked, rows, page.next))
}

/// Make a resource
///
/// Needs to manage its row in the project, such as `instances:manage`.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/projects/{project}/resources",
    operation_id = "create_resource", tag = "Resources",
    request_body = ResourceInput,
    responses((status = 201, description = "The resource was made.", body = Created)),
    extensions(("x-permission" = json!("{service}:manage"))),
)]
async fn create(
    At(ProjectIds { project }): At<ProjectIds>,
    Creating { call, body }: Creating<ResourceInput>,
) -> Result<Created, Problem> {
    let draft = body.into();
    let id = call
        .ask("create_resource", async |app, caller, slug| {
            resources::create(app, caller, slug, project, &draft).await
        })
        .await?;
    let below = format!("/projects/{project}/resources");
    Ok(Created::at(&call, &below, id))
}

/// Read a resource
///
/// Without the permission to view its row in the project it is not there.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/projects/{project}/resources/{resource}",
    operation_id = "read_resource", tag = "Resources",
    responses((status = 200, description = "The resource.", body = Resource, headers(("ETag" = String, description = "Its version.")))),
    extensions(("x-permission" = json!("{service}:view"))),
)]
async fn read(call: Call, At(ids): At<Ids>) -> Result<Versioned<Resource>, Problem> {
    found(&call, ids).await
}

async fn found(
    call: &Call,
    Ids { project, resource }: Ids,
) -> Result<Versioned<Resource>, Problem> {
    let row = call
        .ask("read_resource", async |app, caller, slug| {
            resources::one(app, caller, slug, project, resource).await
        })
        .await?;
    Ok(Versioned(row.version, row.into()))
}

/// Change a resource
///
/// Needs to manage its row in the project, such as `instances:manage`. Its service stays what it is.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/projects/{project}/resources/{resource}",
    operation_id = "update_resource", tag = "Resources",
    params(("If-Match" = String, Header)),
    request_body = ResourceInput,
    responses((status = 200, description = "The resource as it is now.", body = Resource, headers(("ETag" = String, description = "Its new version.")))),
    extensions(("x-permission" = json!("{service}:manage"))),
)]
async fn update(
    call: Call,
    At(ids): At<Ids>,
    IfMatch(version): IfMatch,
    Body(input): Body<ResourceInput>,
) -> Result<Versioned<Resource>, Problem> {
    let (Ids { project, resource }, draft) = (ids, input.into());
    call.ask("update_resource", async |app, caller, slug| {
        resources::update(app, caller, slug, project, resource, version, &draft).await
    })
    .await?;
    found(&call, ids).await
}

/// Delete a resource
///
/// Needs to delete resources of its row in the project, such as `instances:delete`; where the row has no such
/// permission, to manage them.
#[utoipa::path(
    delete, path = "/api/v1/workspaces/{workspace}/projects/{project}/resources/{resource}",
    operation_id = "delete_resource", tag = "Resources",
    params(("If-Match" = String, Header)),
    responses((status = 204, description = "The resource is gone.")),
    extensions(("x-permission" = json!("{service}:delete"))),
)]
async fn delete(
    call: Call,
    At(Ids { project, resource }): At<Ids>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    call.ask("delete_resource", async |app, caller, slug| {
        resources::delete(app, caller, slug, project, resource, version).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
