//! Projects, and who may do what in them.

use leptos::prelude::*;
use rolecall_shared::{
    MemberId, ProjectId,
    page::Page,
    project::{
        OverrideDraft, OverrideEditor, ProjectDraft, ProjectMember, ProjectMemberQuery,
        ProjectPage, ProjectQuery, ProjectRow,
    },
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::projects;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// One page of the projects that the asker may see.
#[server(prefix = "/api", endpoint = "list_projects", input = Json, output = Json, client = Reading)]
pub async fn list_projects(
    slug: String,
    query: ProjectQuery,
) -> Result<Page<ProjectRow>, ApiFailure> {
    super::read(&slug, "list_projects", async |app, caller| {
        projects::list(app, caller, &slug, &query).await
    })
    .await
}

/// The frame of a project's page.
#[server(prefix = "/api", endpoint = "load_project", input = Json, output = Json, client = Reading)]
pub async fn load_project(slug: String, project: ProjectId) -> Result<ProjectPage, ApiFailure> {
    super::read(&slug, "load_project", async |app, caller| {
        projects::page(app, caller, &slug, project).await
    })
    .await
}

/// Makes a project.
#[server(prefix = "/api", endpoint = "create_project", input = Json, output = Json)]
pub async fn create_project(slug: String, draft: ProjectDraft) -> Result<ProjectId, ApiFailure> {
    super::change(&slug, "create_project", async |app, caller| {
        projects::create(app, caller, &slug, &draft).await
    })
    .await
}

/// Changes a project; gives its new version.
#[server(prefix = "/api", endpoint = "update_project", input = Json, output = Json)]
pub async fn update_project(
    slug: String,
    project: ProjectId,
    version: i64,
    draft: ProjectDraft,
) -> Result<i64, ApiFailure> {
    super::change(&slug, "update_project", async |app, caller| {
        projects::update(app, caller, &slug, project, version, &draft).await
    })
    .await
}

/// Deletes a project that has no resources, with its overrides.
#[server(prefix = "/api", endpoint = "delete_project", input = Json, output = Json)]
pub async fn delete_project(
    slug: String,
    project: ProjectId,
    version: i64,
) -> Result<(), ApiFailure> {
    super::change(&slug, "delete_project", async |app, caller| {
        projects::delete(app, caller, &slug, project, version).await
    })
    .await
}

/// One page of the members with what they may do in a project.
#[server(prefix = "/api", endpoint = "list_project_members", input = Json, output = Json, client = Reading)]
pub async fn list_project_members(
    slug: String,
    project: ProjectId,
    query: ProjectMemberQuery,
) -> Result<Page<ProjectMember>, ApiFailure> {
    super::read(&slug, "list_project_members", async |app, caller| {
        projects::members(app, caller, &slug, project, &query).await
    })
    .await
}

/// A member's override in a project, and what it would replace.
#[server(prefix = "/api", endpoint = "load_override", input = Json, output = Json, client = Reading)]
pub async fn load_override(
    slug: String,
    project: ProjectId,
    member: MemberId,
) -> Result<OverrideEditor, ApiFailure> {
    super::read(&slug, "load_override", async |app, caller| {
        projects::override_editor(app, caller, &slug, project, member).await
    })
    .await
}

/// Replaces what a member may do in a project; gives the version of the override.
#[server(prefix = "/api", endpoint = "set_override", input = Json, output = Json)]
pub async fn set_override(
    slug: String,
    project: ProjectId,
    member: MemberId,
    draft: OverrideDraft,
) -> Result<i64, ApiFailure> {
    super::change(&slug, "set_override", async |app, caller| {
        projects::set_override(app, caller, &slug, project, member, &draft).await
    })
    .await
}

/// Lets a member have in a project what they have elsewhere.
#[server(prefix = "/api", endpoint = "remove_override", input = Json, output = Json)]
pub async fn remove_override(
    slug: String,
    project: ProjectId,
    member: MemberId,
    version: i64,
) -> Result<(), ApiFailure> {
    super::change(&slug, "remove_override", async |app, caller| {
        projects::remove_override(app, caller, &slug, project, member, version).await
    })
    .await
}
