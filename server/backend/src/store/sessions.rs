//! Signed-in browsers. Only the hash of a session's secret is kept (rule 1).

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, SessionId, UserId, ViewId, WorkspaceId};
use uuid::Uuid;

use super::{
    Db, StoreError, Tx,
    tx::{exec, sql},
};
use crate::request::{RequestMeta, Session, Viewing};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    name: String,
    email: String,
    email_verified_at: Option<DateTime<Utc>>,
    confirmed_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    view_id: Option<Uuid>,
    #[sqlx(flatten)]
    view: ViewRow,
}

/// As whom a session looks; all there or nothing.
#[derive(sqlx::FromRow)]
struct ViewRow {
    #[sqlx(rename = "view_workspace")]
    workspace: Option<Uuid>,
    #[sqlx(rename = "view_slug")]
    slug: Option<String>,
    #[sqlx(rename = "view_member")]
    member: Option<Uuid>,
    #[sqlx(rename = "view_name")]
    name: Option<String>,
    #[sqlx(rename = "view_email")]
    email: Option<String>,
    #[sqlx(rename = "view_ends_at")]
    ends_at: Option<DateTime<Utc>>,
}

impl ViewRow {
    /// A view that is pointed to and is not whole is a mistake, and no reason to lift the restriction.
    fn viewing(self, id: Uuid) -> Option<Viewing> {
        let name = self.name?;
        Some(Viewing {
            id: ViewId(id),
            workspace: WorkspaceId(self.workspace?),
            slug: self.slug?,
            member: MemberId(self.member?),
            label: format!("{name} <{}>", self.email?),
            name,
            ends_at: self.ends_at?,
        })
    }
}

/// A session as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: SessionId,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_seen_at: DateTime<Utc>,
    /// Where it began.
    pub address: String,
    /// What the browser called itself then.
    pub user_agent: String,
}

/// More sessions than anybody can look through; all of them can be ended at once.
const SHOWN: i64 = 200;

impl Db {
    /// The sessions of a person that still work, the one used last first.
    pub(crate) async fn sessions_of(
        &mut self,
        user: UserId,
        oldest: DateTime<Utc>,
        idle: DateTime<Utc>,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT id, created_at, last_seen_at, address, user_agent FROM sessions
             WHERE user_id = $1 AND created_at > $2 AND last_seen_at > $3
             ORDER BY last_seen_at DESC, id LIMIT $4"
        )
        .bind(user.0)
        .bind(oldest)
        .bind(idle)
        .bind(SHOWN)
        .fetch_all(c))
    }

    /// The session with this secret, if it began after `oldest` and was used after `idle`; with
    /// the moment it was last seen.
    pub(crate) async fn session(
        &mut self,
        secret_hash: &[u8; 32],
        oldest: DateTime<Utc>,
        idle: DateTime<Utc>,
    ) -> Result<Option<(Session, DateTime<Utc>)>, StoreError> {
        let row: Option<Row> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT s.id, s.user_id, u.name, u.email, u.email_verified_at, s.confirmed_at,
                    s.last_seen_at, s.view_id, v.workspace_id AS view_workspace, w.slug AS view_slug,
                    v.member_id AS view_member, v.member_name AS view_name, v.member_email AS view_email,
                    v.ends_at AS view_ends_at
             FROM sessions s JOIN users u ON u.id = s.user_id
             LEFT JOIN views v ON v.id = s.view_id LEFT JOIN workspaces w ON w.id = v.workspace_id
             WHERE s.secret_hash = $1 AND s.created_at > $2 AND s.last_seen_at > $3"
        )
        .bind(secret_hash.to_vec())
        .bind(oldest)
        .bind(idle)
        .fetch_optional(c)
        })?;
        row.map(|row| {
            let broken = StoreError::Corrupt("the view of a session");
            let viewing = row.view_id.map(|id| row.view.viewing(id).ok_or(broken));
            let session = Session {
                id: SessionId(row.id),
                user: UserId(row.user_id),
                name: row.name,
                email: row.email,
                email_verified: row.email_verified_at.is_some(),
                confirmed_at: row.confirmed_at,
                viewing: viewing.transpose()?,
                token: None,
            };
            Ok((session, row.last_seen_at))
        })
        .transpose()
    }

    /// Opens a session: inside the transaction of whatever proved the person.
    pub(crate) async fn insert_session(
        &mut self,
        now: DateTime<Utc>,
        id: SessionId,
        secret_hash: &[u8; 32],
        user: UserId,
        meta: &RequestMeta,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO sessions (id, secret_hash, user_id, created_at, last_seen_at, confirmed_at, address,
                   user_agent)
                 VALUES ($1, $2, $3, $4, $4, $4, $5, $6)"
            )
            .bind(id.0)
            .bind(secret_hash.to_vec())
            .bind(user.0)
            .bind(now)
            .bind(meta.address.to_string())
            .bind(&meta.user_agent)
        )
        .map(drop)
    }
}

impl Tx {
    /// Gives a session another secret, so that the old one stops working (rule 3), and notes that the
    /// person proved who they are; false when it is gone.
    pub(crate) async fn confirm_session(
        &mut self,
        id: SessionId,
        secret_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let found = exec!(
            self,
            sqlx::query("UPDATE sessions SET secret_hash = $2, confirmed_at = $3 WHERE id = $1")
                .bind(id.0)
                .bind(secret_hash.to_vec())
                .bind(now)
        )?;
        Ok(found == 1)
    }

    /// Ends a session; false when it was gone already.
    pub(crate) async fn delete_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        let gone = exec!(
            self,
            sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.0)
        )?;
        Ok(gone == 1)
    }

    /// Ends a session of this person; false when it is not theirs or gone.
    pub(crate) async fn delete_session_of(
        &mut self,
        user: UserId,
        id: SessionId,
    ) -> Result<bool, StoreError> {
        let gone = exec!(
            self,
            sqlx::query("DELETE FROM sessions WHERE id = $1 AND user_id = $2")
                .bind(id.0)
                .bind(user.0)
        )?;
        Ok(gone == 1)
    }

    /// Ends all sessions of a person but one; gives their number.
    pub(crate) async fn delete_sessions_of(
        &mut self,
        user: UserId,
        but: Option<SessionId>,
    ) -> Result<u64, StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
                .bind(user.0)
                .bind(but.map_or_else(Uuid::nil, |id| id.0))
        )
    }

    /// Notes that a session was used.
    pub(crate) async fn see_session(
        &mut self,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1")
                .bind(id.0)
                .bind(now)
        )
        .map(drop)
    }

    /// Deletes sessions that timed out.
    pub(crate) async fn sweep_sessions(
        &mut self,
        oldest: DateTime<Utc>,
        idle: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM sessions WHERE created_at <= $1 OR last_seen_at <= $2")
                .bind(oldest)
                .bind(idle)
        )
    }
}
