//! Projects: the parts of a workspace.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{
    MemberId, ProjectId, WorkspaceId,
    page::{Direction, Page},
    policy::Place,
    project::ProjectQuery,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, StoreError, WorkspaceTx,
    keyset::{Cursor, Cut, Key, contains_pattern, push_cut},
    tx::{exec, sql},
};
use crate::authz::{Authorized, InProject, ProjectsDelete, ProjectsManage, Standing, TeamView};

/// A stored project.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ProjectRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    created_by: Option<Uuid>,
    /// Who created it, as they were called then; empty when nobody did.
    pub created_by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

impl ProjectRecord {
    /// Who created it, if they are still a member.
    pub fn created_by(&self) -> Option<MemberId> {
        self.created_by.map(MemberId)
    }

    /// It as a place to ask permissions for.
    pub fn place(&self) -> Place {
        Place::Project {
            id: self.id,
            created_by: self.created_by(),
        }
    }
}

/// A project to be created.
pub struct NewProject<'a> {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: &'a str,
    /// A sentence about it.
    pub description: &'a str,
    /// Who creates it, and what they are called.
    pub created_by: Option<(MemberId, &'a str)>,
}

/// Which projects exist for somebody before single ones are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of the workspace.
    All,
    /// Those they created.
    Own,
    /// None.
    None,
}

/// Which projects exist for somebody: a reach, and what their overrides make of single ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visible {
    /// Without overrides.
    pub reach: Reach,
    /// Projects in which an override gives them `projects:view`.
    pub shown: Vec<ProjectId>,
    /// Projects in which an override takes it.
    pub hidden: Vec<ProjectId>,
}

/// How much there is in a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProjectCounts {
    /// Resources.
    pub resources: i64,
    /// Members with an override.
    pub overrides: i64,
}

const COLUMNS: &str =
    "p.id, p.name, p.description, p.created_by, p.created_by_name, p.created_at, p.version";

/// Pushes the ids, separated by commas.
macro_rules! push_ids {
    ($q:expr, $ids:expr) => {{
        let mut list = $q.separated(", ");
        for id in $ids {
            list.push_bind(id.0);
        }
    }};
}

/// Pushes ` AND …` so that only projects are left that exist for a member.
macro_rules! push_visible {
    ($q:expr, $member:expr, $visible:expr) => {{
        let visible: &Visible = $visible;
        if visible.reach != Reach::All {
            $q.push(" AND (");
            match visible.reach {
                Reach::Own => $q.push("p.created_by = ").push_bind($member.0),
                // Never true; a bare FALSE is no condition on every database.
                Reach::All | Reach::None => $q.push("1 = 0"),
            };
            if !visible.shown.is_empty() {
                $q.push(" OR p.id IN (");
                push_ids!($q, &visible.shown);
                $q.push(")");
            }
            $q.push(")");
        }
        if !visible.hidden.is_empty() {
            $q.push(" AND p.id NOT IN (");
            push_ids!($q, &visible.hidden);
            $q.push(")");
        }
    }};
}

impl Db {
    /// One project of a workspace; a foreign id is as unknown as a made-up one.
    pub(crate) async fn project(
        &mut self,
        workspace: WorkspaceId,
        id: ProjectId,
    ) -> Result<Option<ProjectRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM projects p WHERE p.workspace_id = "
            ));
            q.push_bind(workspace.0)
                .push(" AND p.id = ")
                .push_bind(id.0);
            q.build_query_as()
                .fetch_optional(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// Ids of the projects of the proven workspace, in their order, after one of them.
    pub(crate) async fn projects_after(
        &mut self,
        proof: &Authorized<TeamView>,
        after: ProjectId,
        most: i64,
    ) -> Result<Vec<ProjectId>, StoreError> {
        let rows: Vec<Uuid> = sql!(self, |c| sqlx::query_scalar(
            "SELECT id FROM projects WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3"
        )
        .bind(proof.workspace().0)
        .bind(after.0)
        .bind(most)
        .fetch_all(c))?;
        Ok(rows.into_iter().map(ProjectId).collect())
    }

    /// All projects of a workspace, by name: to keep names apart.
    pub(crate) async fn projects(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<ProjectRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM projects p WHERE p.workspace_id = "
            ));
            q.push_bind(workspace.0).push(" ORDER BY p.name_norm, p.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// One page of the projects that exist for a member, by name.
    pub(crate) async fn project_page(
        &mut self,
        standing: &Standing,
        visible: &Visible,
        query: &ProjectQuery,
    ) -> Result<Result<Page<ProjectRecord>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(query.cursor.as_deref(), false) {
            Ok(cursor) => Cut {
                cursor,
                direction: Direction::Up,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        let rows: Vec<ProjectRecord> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM projects p WHERE p.workspace_id = "
            ));
            q.push_bind(standing.workspace().0);
            push_visible!(q, standing.member(), visible);
            if !query.search.trim().is_empty() {
                q.push(" AND p.name_norm LIKE ")
                    .push_bind(contains_pattern(&query.search))
                    .push(" ESCAPE '\\'");
            }
            push_cut!(q, &cut, "p.name_norm", "p.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(Ok(cut.page(rows, |row| {
            // `name_norm` is the name in lower case, wherever a name is written.
            (Key::Text(row.name.to_lowercase()), row.id.0)
        })))
    }

    /// The first `most` projects that exist for a member, by name: to choose from.
    pub(crate) async fn first_projects(
        &mut self,
        standing: &Standing,
        visible: &Visible,
        most: i64,
    ) -> Result<Vec<ProjectRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM projects p WHERE p.workspace_id = "
            ));
            q.push_bind(standing.workspace().0);
            push_visible!(q, standing.member(), visible);
            q.push(" ORDER BY p.name_norm, p.id LIMIT ").push_bind(most);
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// How much there is in some projects, which the caller may see.
    pub(crate) async fn project_counts(
        &mut self,
        projects: &[ProjectId],
    ) -> Result<HashMap<ProjectId, ProjectCounts>, StoreError> {
        let mut counts: HashMap<ProjectId, ProjectCounts> = HashMap::new();
        for (project, number) in self.count_by_project("resources", projects).await? {
            counts.entry(project).or_default().resources = number;
        }
        for (project, number) in self.count_by_project("overrides", projects).await? {
            counts.entry(project).or_default().overrides = number;
        }
        Ok(counts)
    }

    async fn count_by_project(
        &mut self,
        table: &'static str,
        projects: &[ProjectId],
    ) -> Result<Vec<(ProjectId, i64)>, StoreError> {
        if projects.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(Uuid, i64)> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT project_id, count(*) FROM {table} WHERE project_id IN ("
            ));
            push_ids!(q, projects);
            q.push(") GROUP BY project_id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(rows
            .into_iter()
            .map(|(id, number)| (ProjectId(id), number))
            .collect())
    }

    /// Addresses whose waiting invitation would give an override in a project, which the caller may see.
    pub(crate) async fn invited_into_project(
        &mut self,
        project: ProjectId,
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, StoreError> {
        sql!(self, |c| {
            sqlx::query_scalar(
            "SELECT i.email FROM invitation_overrides io JOIN invitations i ON i.id = io.invitation_id
             WHERE io.project_id = $1 AND i.status = 'pending' AND i.expires_at > $2
             ORDER BY i.email_norm, i.id"
        )
        .bind(project.0)
        .bind(now)
        .fetch_all(c)
        })
    }
}

impl WorkspaceTx {
    /// Adds a project to the locked workspace.
    pub(crate) async fn insert_project(
        &mut self,
        now: DateTime<Utc>,
        new: &NewProject<'_>,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO projects (id, workspace_id, name, name_norm, description, created_by, created_by_name,
                   created_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)"
            )
            .bind(new.id.0)
            .bind(workspace.0)
            .bind(new.name)
            .bind(new.name.to_lowercase())
            .bind(new.description)
            .bind(new.created_by.map(|(id, _)| id.0))
            .bind(new.created_by.map_or("", |(_, name)| name))
            .bind(now)
        )
        .map(drop)
    }

    /// Renames the proven project; false when it changed since `version`. The new version is one more.
    pub(crate) async fn update_project(
        &mut self,
        proof: &InProject<ProjectsManage>,
        version: i64,
        name: &str,
        description: &str,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE projects SET name = $4, name_norm = $5, description = $6, version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND version = $3"
            )
            .bind(proof.workspace().0)
            .bind(proof.project().id.0)
            .bind(version)
            .bind(name)
            .bind(name.to_lowercase())
            .bind(description)
        )?;
        Ok(done == 1)
    }

    /// Deletes the proven project with its overrides, and drops it from all invitations;
    /// false when it changed since `version`. One that has resources the database refuses to delete.
    pub(crate) async fn delete_project(
        &mut self,
        proof: &InProject<ProjectsDelete>,
        version: i64,
    ) -> Result<bool, StoreError> {
        let (workspace, project) = (proof.workspace().0, proof.project().id.0);
        exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET version = version + 1 WHERE workspace_id = $1 AND status = 'pending'
                   AND id IN (SELECT invitation_id FROM invitation_overrides WHERE project_id = $2)"
            )
            .bind(workspace)
            .bind(project)
        )?;
        let done = exec!(
            self,
            sqlx::query(
                "DELETE FROM projects WHERE workspace_id = $1 AND id = $2 AND version = $3"
            )
            .bind(workspace)
            .bind(project)
            .bind(version)
        )?;
        Ok(done == 1)
    }
}
