//! `/workspaces`: the one workspace of a token, and what it is made from.

use axum::Json;
use rolecall_backend::{
    service::workspace::{self, OwnWorkspace},
    templates::Template,
};
use rolecall_shared::{
    catalogue::{Catalogue, Row},
    permission::{Action, Scope},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{answer::List, call::Call};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list), routes!(read), routes!(template)]
}

/// A workspace, and what you are in it.
#[derive(Serialize, ToSchema)]
struct Workspace {
    /// What stands for it in addresses.
    slug: String,
    name: String,
    /// What it is made from.
    template: TemplateName,
    /// Your own id as a member.
    #[schema(format = Uuid)]
    member: String,
    /// The name of your role.
    role: String,
    /// Names of what you may do with this token for the workspace, and in a project that you make.
    permissions: Vec<String>,
}

/// What a workspace is made from.
#[derive(Serialize, ToSchema)]
struct TemplateName {
    /// What stands for it; it never changes.
    key: String,
    /// What people read, such as “Cloud account”.
    title: String,
}

impl From<OwnWorkspace> for Workspace {
    fn from(own: OwnWorkspace) -> Self {
        let (key, title) = own.template;
        Self {
            slug: own.slug,
            name: own.name,
            template: TemplateName { key, title },
            member: own.member.to_string(),
            role: own.role,
            permissions: own.permissions,
        }
    }
}

/// Which permissions there are in a workspace.
#[derive(Serialize, ToSchema)]
struct WorkspaceTemplate {
    #[serde(flatten)]
    name: TemplateName,
    /// What it is for, in a sentence.
    description: String,
    /// Whether the workspace can have roles of its own.
    custom_roles: bool,
    /// Whether an invitation needs a group.
    group_required: bool,
    /// The permissions, row by row.
    rows: Vec<ServiceRow>,
    /// Groups that are worth making.
    suggested_groups: Vec<SuggestedGroup>,
}

/// A row of the permissions: what belongs together, such as all about instances.
#[derive(Serialize, ToSchema)]
struct ServiceRow {
    /// The first half of the names of its permissions, and the `service` of resources.
    key: String,
    /// What people read.
    title: String,
    /// What it stands under.
    category: String,
    /// Where its permissions hold: `workspace` or `project`.
    scope: &'static str,
    /// At most one to view, one to manage and one to delete.
    permissions: Vec<NamedPermission>,
}

/// A permission that can be held.
#[derive(Serialize, ToSchema)]
struct NamedPermission {
    /// Its name, such as `instances:view`.
    name: String,
    /// What it allows.
    text: String,
}

/// A group that is worth making.
#[derive(Serialize, ToSchema)]
struct SuggestedGroup {
    name: String,
    description: String,
    /// Names of its permissions.
    permissions: Vec<String>,
}

impl From<&Row> for ServiceRow {
    fn from(row: &Row) -> Self {
        let cells = Action::ALL.into_iter().zip(&row.cells);
        let permissions = cells.filter_map(|(action, text)| {
            Some(NamedPermission {
                name: format!("{}:{action}", row.key),
                text: text.clone()?,
            })
        });
        Self {
            key: row.key.clone(),
            title: row.title.clone(),
            category: row.category.clone(),
            scope: match row.scope {
                Scope::Workspace => "workspace",
                Scope::Project => "project",
            },
            permissions: permissions.collect(),
        }
    }
}

impl From<Template> for WorkspaceTemplate {
    fn from(template: Template) -> Self {
        let catalogue: &Catalogue = &template.catalogue;
        let suggested = template.group_starters.iter().map(|group| SuggestedGroup {
            name: group.name.clone(),
            description: group.description.clone(),
            permissions: catalogue.names(group.permissions),
        });
        Self {
            description: template.description,
            custom_roles: template.custom_roles,
            group_required: template.group_required,
            rows: catalogue.rows().iter().map(Into::into).collect(),
            suggested_groups: suggested.collect(),
            name: TemplateName {
                key: template.key,
                title: template.title,
            },
        }
    }
}

/// List the workspaces
///
/// A token belongs to one workspace, so there is one.
#[utoipa::path(
    get, path = "/api/v1/workspaces", operation_id = "list_workspaces", tag = "Workspace",
    responses((status = 200, description = "The workspace of the token.", body = List<Workspace>)),
    extensions(("x-permission" = json!(null))),
)]
async fn list(call: Call) -> Result<Json<List<Workspace>>, Problem> {
    Ok(List::whole(vec![own(&call).await?]))
}

/// Read the workspace
///
/// With what the token can do in it.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}", operation_id = "read_workspace", tag = "Workspace",
    responses((status = 200, description = "The workspace.", body = Workspace)),
    extensions(("x-permission" = json!(null))),
)]
async fn read(call: Call) -> Result<Json<Workspace>, Problem> {
    own(&call).await.map(Json)
}

async fn own(call: &Call) -> Result<Workspace, Problem> {
    let own = call
        .ask("read_workspace", async |app, caller, slug| {
            workspace::own(app, caller, slug).await
        })
        .await?;
    Ok(own.into())
}

/// List the permissions that there are
///
/// The template of the workspace: its rows, and the names of the permissions that roles, groups and overrides
/// can give.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/template", operation_id = "read_template", tag = "Workspace",
    responses((status = 200, description = "The template.", body = WorkspaceTemplate)),
    extensions(("x-permission" = json!(null))),
)]
async fn template(call: Call) -> Result<Json<WorkspaceTemplate>, Problem> {
    let template = call
        .ask("read_template", async |app, caller, slug| {
            workspace::template(app, caller, slug).await
        })
        .await?;
    Ok(Json(template.into()))
}
