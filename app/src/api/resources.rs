//! Resources: what permissions protect.

use leptos::prelude::*;
use rolecall_shared::{
    ProjectId, ResourceId,
    page::Page,
    project::{ResourceDraft, ResourceQuery, ResourceRow},
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::resources;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// One page of the resources of a project that the asker may see.
#[server(prefix = "/api", endpoint = "list_resources", input = Json, output = Json, client = Reading)]
pub async fn list_resources(
    slug: String,
    project: ProjectId,
    query: ResourceQuery,
) -> Result<Page<ResourceRow>, ApiFailure> {
    super::read(&slug, "list_resources", async |app, caller| {
        resources::list(app, caller, &slug, project, &query).await
    })
    .await
}

/// Makes a resource.
#[server(prefix = "/api", endpoint = "create_resource", input = Json, output = Json)]
pub async fn create_resource(
    slug: String,
    project: ProjectId,
    draft: ResourceDraft,
) -> Result<ResourceId, ApiFailure> {
    super::change(&slug, "create_resource", async |app, caller| {
        resources::create(app, caller, &slug, project, &draft).await
    })
    .await
}

/// Changes a resource; gives its new version.
#[server(prefix = "/api", endpoint = "update_resource", input = Json, output = Json)]
pub async fn update_resource(
    slug: String,
    project: ProjectId,
    resource: ResourceId,
    version: i64,
    draft: ResourceDraft,
) -> Result<i64, ApiFailure> {
    super::change(&slug, "update_resource", async |app, caller| {
        resources::update(app, caller, &slug, project, resource, version, &draft).await
    })
    .await
}

/// Deletes a resource.
#[server(prefix = "/api", endpoint = "delete_resource", input = Json, output = Json)]
pub async fn delete_resource(
    slug: String,
    project: ProjectId,
    resource: ResourceId,
    version: i64,
) -> Result<(), ApiFailure> {
    super::change(&slug, "delete_resource", async |app, caller| {
        resources::delete(app, caller, &slug, project, resource, version).await
    })
    .await
}
