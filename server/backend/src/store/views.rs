//! Views: sessions that see a workspace as one of its members does.

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, SessionId, ViewId, WorkspaceId, view_as::ViewPolicy};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Db, PersonRecord, StoreError, WorkspaceTx,
    tx::{exec, sql},
};
use crate::authz::{Authorized, Standing, TeamManage};

/// A view that is about to begin.
pub struct NewView<'a> {
    /// Its id.
    pub id: ViewId,
    /// The session that is restricted.
    pub session: SessionId,
    /// What the database keeps of its new secret.
    pub secret_hash: [u8; 32],
    /// As whom.
    pub target: &'a PersonRecord,
    /// Why.
    pub reason: &'a str,
    /// When it begins, and when it is over at the latest.
    pub span: (DateTime<Utc>, DateTime<Utc>),
}

/// A view whose end does not stand in the trail yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenView {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ViewId,
    /// The workspace.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// As which member.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// Their name then.
    pub member_name: String,
    /// Their address then.
    pub member_email: String,
    /// Who views, as they are called now.
    pub viewer: String,
    /// When it is over at the latest.
    pub ends_at: DateTime<Utc>,
}

impl Db {
    /// What the owners of a workspace decided about viewing as somebody.
    pub(crate) async fn view_policy(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<ViewPolicy, StoreError> {
        let (enabled, notice) = sql!(self, |c| sqlx::query_as(
            "SELECT view_as_enabled, view_as_notice FROM workspaces WHERE id = $1"
        )
        .bind(workspace.0)
        .fetch_one(c))?;
        Ok(ViewPolicy { enabled, notice })
    }

    /// Whether a page was seen in a view before.
    pub(crate) async fn view_page_seen(
        &mut self,
        view: ViewId,
        page: &str,
    ) -> Result<bool, StoreError> {
        let found: Option<i64> = sql!(self, |c| sqlx::query_scalar(
            "SELECT CAST(1 AS BIGINT) FROM view_pages WHERE view_id = $1 AND page = $2"
        )
        .bind(view.0)
        .bind(page)
        .fetch_optional(c))?;
        Ok(found.is_some())
    }

    /// Names and addresses of whom views of the proven workspace were as.
    pub(crate) async fn viewed_as(
        &mut self,
        standing: &Standing,
        views: &[Uuid],
    ) -> Result<Vec<(Uuid, String)>, StoreError> {
        if views.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT id, member_name || ' <' || member_email || '>' FROM views WHERE workspace_id = ",
            );
            q.push_bind(standing.workspace().0).push(" AND id IN (");
            let mut ids = q.separated(", ");
            for view in views {
                ids.push_bind(*view);
            }
            q.push(")");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// The first views that are over, or whose session is gone, and whose end nobody has written down.
    pub(crate) async fn views_to_close(
        &mut self,
        now: DateTime<Utc>,
        most: i64,
    ) -> Result<Vec<OpenView>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT v.id, v.workspace_id, v.member_id, v.member_name, v.member_email,
                    u.name || ' <' || u.email || '>' AS viewer, v.ends_at
             FROM views v JOIN users u ON u.id = v.user_id
             WHERE v.ended_at IS NULL
               AND (v.ends_at <= $1 OR NOT EXISTS (SELECT 1 FROM sessions s WHERE s.view_id = v.id))
             ORDER BY v.ends_at, v.id LIMIT $2"
        )
        .bind(now)
        .bind(most)
        .fetch_all(c))
    }

    /// Notes that the end of a view is written down; false when it was before.
    pub(crate) async fn close_view(
        &mut self,
        view: ViewId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let closed = exec!(
            self,
            sqlx::query("UPDATE views SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
                .bind(view.0)
                .bind(now)
        )?;
        Ok(closed == 1)
    }

    /// Gives a session back to its person, with another secret (rule 3); false when that happened
    /// already, or the session is gone.
    pub(crate) async fn leave_view(
        &mut self,
        session: SessionId,
        view: ViewId,
        secret_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let left = exec!(
            self,
            sqlx::query(
                "UPDATE sessions SET view_id = NULL, secret_hash = $3 WHERE id = $1 AND view_id = $2"
            )
            .bind(session.0)
            .bind(view.0)
            .bind(secret_hash.to_vec())
        )?;
        Ok(left == 1)
    }
}

impl WorkspaceTx {
    /// Begins a view: restricts a session and gives it another secret (rule 3). False when the session
    /// is gone or views already.
    pub(crate) async fn begin_view(
        &mut self,
        proof: &Authorized<TeamManage>,
        new: &NewView<'_>,
    ) -> Result<bool, StoreError> {
        let (started_at, ends_at) = new.span;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO views (id, user_id, workspace_id, member_id, member_name, member_email, reason,
                   started_at, ends_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            )
            .bind(new.id.0)
            .bind(proof.caller().session.user.0)
            .bind(proof.workspace().0)
            .bind(new.target.holder.member_id.0)
            .bind(&new.target.name)
            .bind(&new.target.email)
            .bind(new.reason)
            .bind(started_at)
            .bind(ends_at)
        )?;
        let restricted = exec!(
            self,
            sqlx::query(
                "UPDATE sessions SET view_id = $2, secret_hash = $3
                 WHERE id = $1 AND user_id = $4 AND view_id IS NULL"
            )
            .bind(new.session.0)
            .bind(new.id.0)
            .bind(new.secret_hash.to_vec())
            .bind(proof.caller().session.user.0)
        )?;
        Ok(restricted == 1)
    }

    /// Notes that a page is seen in a view; false when it was before.
    pub(crate) async fn see_view_page(
        &mut self,
        view: ViewId,
        page: &str,
    ) -> Result<bool, StoreError> {
        let seen = exec!(
            self,
            sqlx::query(
                "INSERT INTO view_pages (view_id, page) VALUES ($1, $2) ON CONFLICT DO NOTHING"
            )
            .bind(view.0)
            .bind(page)
        )?;
        Ok(seen == 1)
    }

    /// Changes what the owners decided about viewing as somebody. Only an owner does.
    pub(crate) async fn set_view_policy(
        &mut self,
        owner: &Standing,
        policy: ViewPolicy,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE workspaces SET view_as_enabled = $2, view_as_notice = $3 WHERE id = $1"
            )
            .bind(owner.workspace().0)
            .bind(policy.enabled)
            .bind(policy.notice)
        )
        .map(drop)
    }
}
