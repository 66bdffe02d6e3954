//! Groups and projects.

use chrono::{DateTime, Utc};
use rolecall_shared::{GroupId, MemberId, ProjectId, WorkspaceId};
use uuid::Uuid;

use super::{
    Db, StoreError, WorkspaceTx,
    tx::{exec, sql},
};

/// A stored group.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GroupRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Permission names, separated by blanks.
    pub permissions: String,
}

impl Db {
    /// All groups of a workspace, by name.
    pub(crate) async fn groups(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<GroupRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, name, description, permissions FROM acl_groups WHERE workspace_id = $1 ORDER BY name_norm"
        )
        .bind(workspace.0)
        .fetch_all(c)
        })
    }
}

impl WorkspaceTx {
    /// Adds a group to the locked workspace.
    pub(crate) async fn insert_group(&mut self, group: &GroupRecord) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO acl_groups (id, workspace_id, name, name_norm, description, permissions, version)
                 VALUES ($1, $2, $3, $4, $5, $6, 1)"
            )
            .bind(group.id.0)
            .bind(workspace.0)
            .bind(&group.name)
            .bind(group.name.to_lowercase())
            .bind(&group.description)
            .bind(&group.permissions)
        )
        .map(drop)
    }

    /// Puts a member into a group; twice is once.
    pub(crate) async fn join_group(
        &mut self,
        member: MemberId,
        group: GroupId,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("INSERT INTO member_groups (member_id, group_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(member.0)
                .bind(group.0)
        )
        .map(drop)
    }

    /// Adds a project to the locked workspace.
    pub(crate) async fn insert_project(
        &mut self,
        now: DateTime<Utc>,
        id: ProjectId,
        name: &str,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO projects (id, workspace_id, name, name_norm, created_at) VALUES ($1, $2, $3, $4, $5)"
            )
            .bind(id.0)
            .bind(workspace.0)
            .bind(name)
            .bind(name.to_lowercase())
            .bind(now)
        )
        .map(drop)
    }
}
