//! Resources: the registry of what permissions protect (`product.md` §4.9).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{
    MemberId, ProjectId, ResourceId, WorkspaceId,
    page::{Direction, Page},
    project::ResourceQuery,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, StoreError, WorkspaceTx,
    keyset::{Cursor, Cut, Key, contains_pattern, push_cut},
    tx::{exec, sql},
};
use crate::authz::{Authorized, InProject, OnService, ProjectsView, TeamView};

/// A stored resource.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResourceRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ResourceId,
    /// Where it is.
    #[sqlx(try_from = "Uuid")]
    pub project_id: ProjectId,
    /// The key of its row in the template.
    pub service: String,
    /// Its name.
    pub name: String,
    /// What another system calls it.
    pub external_id: Option<String>,
    attributes: String,
    /// Who created it, as they were called then.
    pub created_by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

impl ResourceRecord {
    /// Further facts, by name.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&self.attributes).unwrap_or_default()
    }
}

/// What people write about a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceText {
    /// Its name.
    pub name: String,
    /// What another system calls it.
    pub external_id: Option<String>,
    /// Further facts, by name.
    pub attributes: BTreeMap<String, String>,
}

impl ResourceText {
    fn attributes_json(&self) -> String {
        serde_json::to_string(&self.attributes).unwrap_or_default()
    }
}

/// A resource to be created.
pub struct NewResource<'a> {
    /// Its id.
    pub id: ResourceId,
    /// Where it is.
    pub project: ProjectId,
    /// The key of its row in the template.
    pub service: &'a str,
    /// What is written about it.
    pub text: &'a ResourceText,
    /// Who creates it, and what they are called.
    pub created_by: (MemberId, &'a str),
}

const COLUMNS: &str = "id, project_id, service, name, external_id, attributes, created_by_name, created_at, updated_at, version";

impl Db {
    /// One page of the resources of the proven project, by name, of these services, whose resources
    /// the caller may see.
    pub(crate) async fn resource_page(
        &mut self,
        proof: &InProject<ProjectsView>,
        services: &[&str],
        query: &ResourceQuery,
    ) -> Result<Result<Page<ResourceRecord>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(query.cursor.as_deref(), false) {
            Ok(cursor) => Cut {
                cursor,
                direction: Direction::Up,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        if services.is_empty() {
            return Ok(Ok(cut.page(Vec::new(), edge)));
        }
        let rows: Vec<ResourceRecord> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM resources WHERE workspace_id = "
            ));
            q.push_bind(proof.workspace().0)
                .push(" AND project_id = ")
                .push_bind(proof.project().id.0)
                .push(" AND service IN (");
            let mut keys = q.separated(", ");
            for service in services {
                keys.push_bind((*service).to_owned());
            }
            q.push(")");
            if !query.search.trim().is_empty() {
                let pattern = contains_pattern(&query.search);
                q.push(" AND (name_key LIKE ").push_bind(pattern.clone());
                q.push(" ESCAPE '\\' OR lower(external_id) LIKE ")
                    .push_bind(pattern)
                    .push(" ESCAPE '\\')");
            }
            push_cut!(q, &cut, "name_key", "id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(Ok(cut.page(rows, edge)))
    }

    /// One resource of the proven project; a foreign id is as unknown as a made-up one.
    pub(crate) async fn resource(
        &mut self,
        proof: &InProject<ProjectsView>,
        id: ResourceId,
    ) -> Result<Option<ResourceRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM resources WHERE workspace_id = "
            ));
            q.push_bind(proof.workspace().0)
                .push(" AND project_id = ")
                .push_bind(proof.project().id.0)
                .push(" AND id = ")
                .push_bind(id.0);
            q.build_query_as()
                .fetch_optional(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// One resource of a service, in whichever project of the workspace; a foreign id is as unknown as a
    /// made-up one.
    pub(crate) async fn resource_of(
        &mut self,
        workspace: WorkspaceId,
        service: &str,
        id: ResourceId,
    ) -> Result<Option<ResourceRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM resources WHERE workspace_id = "
            ));
            q.push_bind(workspace.0)
                .push(" AND service = ")
                .push_bind(service.to_owned())
                .push(" AND id = ")
                .push_bind(id.0);
            q.build_query_as()
                .fetch_optional(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// Ids and projects of the resources of a service in the proven workspace, by id, after one of them.
    pub(crate) async fn resources_after(
        &mut self,
        proof: &Authorized<TeamView>,
        service: &str,
        after: ResourceId,
        most: i64,
    ) -> Result<Vec<(ResourceId, ProjectId)>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, project_id FROM resources WHERE workspace_id = $1 AND service = $2 AND id > $3
             ORDER BY id LIMIT $4"
        )
        .bind(proof.workspace().0)
        .bind(service)
        .bind(after.0)
        .bind(most)
        .fetch_all(c)
        })?;
        let pairs = rows.into_iter();
        Ok(pairs
            .map(|(id, project)| (ResourceId(id), ProjectId(project)))
            .collect())
    }

    /// The resource of a service that another system calls so, in whichever project of the workspace.
    pub(crate) async fn resource_by_external_id(
        &mut self,
        workspace: WorkspaceId,
        service: &str,
        external_id: &str,
    ) -> Result<Option<ResourceRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM resources WHERE workspace_id = "
            ));
            q.push_bind(workspace.0)
                .push(" AND service = ")
                .push_bind(service.to_owned())
                .push(" AND external_id = ")
                .push_bind(external_id.to_owned());
            q.build_query_as()
                .fetch_optional(c)
                .await
                .map_err(StoreError::from)
        })
    }
}

/// `name_key` is the name in lower case, wherever a name is written.
fn edge(row: &ResourceRecord) -> (Key, Uuid) {
    (Key::Text(row.name.to_lowercase()), row.id.0)
}

impl WorkspaceTx {
    /// Adds a resource to a project of the locked workspace.
    pub(crate) async fn insert_resource(
        &mut self,
        now: DateTime<Utc>,
        new: &NewResource<'_>,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO resources (id, workspace_id, project_id, service, name, name_key, external_id, attributes,
                   created_by, created_by_name, created_at, updated_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, 1)"
            )
            .bind(new.id.0)
            .bind(workspace.0)
            .bind(new.project.0)
            .bind(new.service)
            .bind(&new.text.name)
            .bind(new.text.name.to_lowercase())
            .bind(new.text.external_id.as_deref())
            .bind(new.text.attributes_json())
            .bind(new.created_by.0.0)
            .bind(new.created_by.1)
            .bind(now)
        )
        .map(drop)
    }

    /// Changes a resource of the proven project and service; false when it changed since `version`.
    /// The new version is one more.
    pub(crate) async fn update_resource(
        &mut self,
        now: DateTime<Utc>,
        proof: &OnService,
        id: ResourceId,
        version: i64,
        text: &ResourceText,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE resources SET name = $6, name_key = $7, external_id = $8, attributes = $9,
                   updated_at = $10, version = version + 1
                 WHERE workspace_id = $1 AND project_id = $2 AND service = $3 AND id = $4 AND version = $5"
            )
            .bind(proof.workspace().0)
            .bind(proof.project().id.0)
            .bind(proof.service())
            .bind(id.0)
            .bind(version)
            .bind(&text.name)
            .bind(text.name.to_lowercase())
            .bind(text.external_id.as_deref())
            .bind(text.attributes_json())
            .bind(now)
        )?;
        Ok(done == 1)
    }

    /// Deletes a resource of the proven project and service; false when it changed since `version`.
    pub(crate) async fn delete_resource(
        &mut self,
        proof: &OnService,
        id: ResourceId,
        version: i64,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "DELETE FROM resources WHERE workspace_id = $1 AND project_id = $2 AND service = $3 AND id = $4
                   AND version = $5"
            )
            .bind(proof.workspace().0)
            .bind(proof.project().id.0)
            .bind(proof.service())
            .bind(id.0)
            .bind(version)
        )?;
        Ok(done == 1)
    }
}
