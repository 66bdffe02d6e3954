//! Roles: built-in ones name their template role, custom ones keep permission names.

use rolecall_shared::{RoleId, WorkspaceId};
use uuid::Uuid;

use super::{
    Db, StoreError, WorkspaceTx,
    tx::{exec, sql},
};

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
}

impl Db {
    /// All roles of a workspace, in the order they were made. The caller has been through the gate
    /// or holds an invitation of this workspace.
    pub(crate) async fn roles(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<RoleRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, builtin_key, name, description, permissions FROM roles WHERE workspace_id = $1 ORDER BY id"
        )
        .bind(workspace.0)
        .fetch_all(c)
        })
    }

    /// One role of a workspace; a foreign id is as unknown as a made-up one.
    pub(crate) async fn role(
        &mut self,
        workspace: WorkspaceId,
        id: RoleId,
    ) -> Result<Option<RoleRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, builtin_key, name, description, permissions FROM roles WHERE workspace_id = $1 AND id = $2"
        )
        .bind(workspace.0)
        .bind(id.0)
        .fetch_optional(c)
        })
    }
}

impl WorkspaceTx {
    /// Adds a role to the locked workspace.
    pub(crate) async fn insert_role(&mut self, role: &RoleRecord) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO roles (id, workspace_id, builtin_key, name, name_norm, description, permissions, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 1)"
            )
            .bind(role.id.0)
            .bind(workspace.0)
            .bind(role.builtin_key.as_deref())
            .bind(&role.name)
            .bind(role.name.to_lowercase())
            .bind(&role.description)
            .bind(&role.permissions)
        )
        .map(drop)
    }
}
