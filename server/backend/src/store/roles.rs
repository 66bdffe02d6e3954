//! Roles: built-in ones name their template role, custom ones keep permission names.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{RoleId, WorkspaceId};
use uuid::Uuid;

use super::{
    Db, StoreError, WorkspaceTx,
    tx::{exec, sql},
};
use crate::authz::{Authorized, TeamManage};

/// A stored role.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RoleRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: RoleId,
    /// The key of the template's role, if it is built in.
    pub builtin_key: Option<String>,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Permission names of a custom role, separated by blanks.
    pub permissions: String,
    /// Whether a custom role reaches only own projects; of a built-in one the template says it.
    pub own_projects_only: bool,
    /// The role that a custom one was cloned from; it may be deleted by now.
    pub cloned_from: Option<Uuid>,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

macro_rules! columns {
    () => {
        "id, builtin_key, name, description, permissions, own_projects_only, cloned_from, version"
    };
}

impl Db {
    /// All roles of a workspace, in the order they were made. The caller has been through the gate
    /// or holds an invitation of this workspace.
    pub(crate) async fn roles(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<RoleRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM roles WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY id"
        ))
        .bind(workspace.0)
        .fetch_all(c))
    }

    /// One role of a workspace; a foreign id is as unknown as a made-up one, and so is one
    /// that was deleted.
    pub(crate) async fn role(
        &mut self,
        workspace: WorkspaceId,
        id: RoleId,
    ) -> Result<Option<RoleRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM roles WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"
        ))
        .bind(workspace.0)
        .bind(id.0)
        .fetch_optional(c))
    }

    /// How many members have each role of a workspace; roles that nobody has are left out.
    pub(crate) async fn members_by_role(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<HashMap<RoleId, i64>, StoreError> {
        let rows: Vec<(Uuid, i64)> = sql!(self, |c| sqlx::query_as(
            "SELECT r.id, count(*) FROM roles r JOIN members m ON m.role_id = r.id
             WHERE r.workspace_id = $1 GROUP BY r.id"
        )
        .bind(workspace.0)
        .fetch_all(c))?;
        Ok(rows.into_iter().map(|(id, n)| (RoleId(id), n)).collect())
    }

    /// How many invitations that wait would give each role; roles without any are left out.
    pub(crate) async fn invitations_by_role(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<HashMap<RoleId, i64>, StoreError> {
        let rows: Vec<(Uuid, i64)> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT r.id, count(*) FROM roles r JOIN invitations i ON i.role_id = r.id
             WHERE r.workspace_id = $1 AND i.status = 'pending' AND i.expires_at > $2 GROUP BY r.id"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c)
        })?;
        Ok(rows.into_iter().map(|(id, n)| (RoleId(id), n)).collect())
    }

    /// Names and addresses of the first `most` people who have a role, by name: for the trail.
    pub(crate) async fn names_with_role(
        &mut self,
        role: RoleId,
        most: i64,
    ) -> Result<Vec<(String, String)>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT u.name, u.email FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.role_id = $1 ORDER BY m.name_key, m.id LIMIT $2"
        )
        .bind(role.0)
        .bind(most)
        .fetch_all(c))
    }
}

impl WorkspaceTx {
    /// Adds a role to the locked workspace.
    pub(crate) async fn insert_role(&mut self, role: &RoleRecord) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO roles (id, workspace_id, builtin_key, name, name_norm, description, permissions,
                   own_projects_only, cloned_from, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)"
            )
            .bind(role.id.0)
            .bind(workspace.0)
            .bind(role.builtin_key.as_deref())
            .bind(&role.name)
            .bind(role.name.to_lowercase())
            .bind(&role.description)
            .bind(&role.permissions)
            .bind(role.own_projects_only)
            .bind(role.cloned_from)
        )
        .map(drop)
    }

    /// Makes a custom role what `after` says; false when it changed since `after.version`. The new
    /// version is one more. Invitations that wait at `now` are called by its new name.
    pub(crate) async fn update_role(
        &mut self,
        proof: &Authorized<TeamManage>,
        now: DateTime<Utc>,
        after: &RoleRecord,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE roles SET name = $4, name_norm = $5, description = $6, permissions = $7,
                   own_projects_only = $8, version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND version = $3 AND builtin_key IS NULL
                   AND deleted_at IS NULL"
            )
            .bind(proof.workspace().0)
            .bind(after.id.0)
            .bind(after.version)
            .bind(&after.name)
            .bind(after.name.to_lowercase())
            .bind(&after.description)
            .bind(&after.permissions)
            .bind(after.own_projects_only)
        )?;
        exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET role_name = $3 WHERE workspace_id = $1 AND role_id = $2
                   AND status = 'pending' AND expires_at > $4 AND role_name <> $3"
            )
            .bind(proof.workspace().0)
            .bind(after.id.0)
            .bind(&after.name)
            .bind(now)
        )?;
        Ok(done == 1)
    }

    /// Gives everybody who has a role another one, and every invitation that waits too: those
    /// whose time is over have to be written down before. Links keep working, the page behind them
    /// shows the new role.
    pub(crate) async fn replace_role(
        &mut self,
        proof: &Authorized<TeamManage>,
        role: RoleId,
        with: &RoleRecord,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET role_id = $3, version = version + 1
                 WHERE workspace_id = $1 AND role_id = $2"
            )
            .bind(proof.workspace().0)
            .bind(role.0)
            .bind(with.id.0)
        )?;
        exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET role_id = $3, role_name = $4, version = version + 1
                 WHERE workspace_id = $1 AND role_id = $2 AND status = 'pending'"
            )
            .bind(proof.workspace().0)
            .bind(role.0)
            .bind(with.id.0)
            .bind(&with.name)
        )?;
        Ok(())
    }

    /// Deletes a custom role; false when it changed since `version`. The row stays for the
    /// invitations that have ended, found by no other statement, and gives its name back. No tidy
    /// name begins with a control character, so what takes its place meets no other.
    pub(crate) async fn delete_role(
        &mut self,
        proof: &Authorized<TeamManage>,
        now: DateTime<Utc>,
        role: RoleId,
        version: i64,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE roles SET deleted_at = $4, name_norm = $5, permissions = '', version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND version = $3 AND builtin_key IS NULL
                   AND deleted_at IS NULL"
            )
            .bind(proof.workspace().0)
            .bind(role.0)
            .bind(version)
            .bind(now)
            .bind(format!("\u{1}{role}"))
        )?;
        Ok(done == 1)
    }
}
