//! Deleted workspaces: how one ceases to exist for everybody at once, and how the operator brings it
//! back. Nobody finds one by slug or id (`workspaces.rs`); the trail is kept, and so is the rest.

use chrono::{DateTime, Utc};
use rolecall_shared::WorkspaceId;
use uuid::Uuid;

use super::{
    Db, Store, StoreError, Tx, WorkspaceTx,
    tx::{exec, sql},
};
use crate::authz::{Authorized, SettingsManage};

/// A workspace that was deleted, for the operator.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DeletedWorkspace {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Its part of the address, which may be somebody else's by now.
    #[sqlx(rename = "deleted_slug")]
    pub slug: String,
    /// The key of its template.
    pub template: String,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// How many members it has.
    #[sqlx(rename = "member_count")]
    pub members: i64,
}

impl Db {
    /// The workspaces that were deleted after `since`, the latest first: for the operator.
    pub(crate) async fn deleted_workspaces(
        &mut self,
        since: DateTime<Utc>,
    ) -> Result<Vec<DeletedWorkspace>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT id, name, deleted_slug, template, deleted_at, member_count FROM workspaces
             WHERE deleted_at > $1 ORDER BY deleted_at DESC, id"
        )
        .bind(since)
        .fetch_all(c))
    }

    /// The name of a workspace that is gone: for the holder of one of its links.
    pub(crate) async fn name_of_deleted(
        &mut self,
        id: WorkspaceId,
    ) -> Result<Option<String>, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT name FROM workspaces WHERE id = $1 AND deleted_at IS NOT NULL"
        )
        .bind(id.0)
        .fetch_optional(c))
    }
}

impl WorkspaceTx {
    /// Makes the locked workspace one that nobody finds, and its slug free. No slug of a workspace
    /// begins with a control character, so what takes its place meets no other.
    pub(crate) async fn delete_workspace(
        &mut self,
        proof: &Authorized<SettingsManage>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let id = proof.workspace();
        exec!(
            self,
            sqlx::query(
                "UPDATE workspaces SET deleted_at = $2, deleted_slug = slug, slug = $3,
                   authz_epoch = authz_epoch + 1 WHERE id = $1"
            )
            .bind(id.0)
            .bind(now)
            .bind(format!("\u{1}{id}"))
        )
        .map(drop)
    }

    /// Revokes every invitation of the locked workspace that waits: id, address and role of each, by
    /// address. Those whose time is over have to be written down before.
    pub(crate) async fn revoke_invitations(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Uuid, String, String)>, StoreError> {
        let workspace = self.workspace().id;
        let mut revoked: Vec<(Uuid, String, String)> = sql!(self, |c| {
            sqlx::query_as(
                "UPDATE invitations SET status = 'revoked', ended_at = $2, version = version + 1
             WHERE workspace_id = $1 AND status = 'pending' RETURNING id, email, role_name",
            )
            .bind(workspace.0)
            .bind(now)
            .fetch_all(c)
        })?;
        revoked.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(revoked)
    }

    /// Drops the mail about invitations of the locked workspace that waits to be sent (F6), body and
    /// all (F7). A worker that holds one finds its lease gone, and its link dead.
    pub(crate) async fn drop_invitation_mail(&mut self) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "UPDATE outbox SET status = 'dropped', sealed = NULL, lease = NULL, lease_until = NULL
                 WHERE workspace_id = $1 AND invitation_id IS NOT NULL AND status = 'queued'"
            )
            .bind(workspace.0)
        )
        .map(drop)
    }
}

impl Tx {
    /// Brings a workspace back that was deleted after `since`, under this slug, and takes its lock;
    /// `None`: there is none to bring back.
    pub(crate) async fn restore_workspace(
        mut self,
        id: WorkspaceId,
        slug: &str,
        since: DateTime<Utc>,
        store: &Store,
    ) -> Result<Option<WorkspaceTx>, StoreError> {
        let restored = exec!(
            self,
            sqlx::query(
                "UPDATE workspaces SET deleted_at = NULL, deleted_slug = NULL, slug = $2,
                   authz_epoch = authz_epoch + 1 WHERE id = $1 AND deleted_at > $3"
            )
            .bind(id.0)
            .bind(slug)
            .bind(since)
        )?;
        if restored == 0 {
            return Ok(None);
        }
        self.lock(id, store.news().clone()).await
    }
}
