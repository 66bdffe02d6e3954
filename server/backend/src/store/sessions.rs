//! Signed-in browsers. Only the hash of a session's secret is kept (rule 1).

use chrono::{DateTime, Utc};
use rolecall_shared::{SessionId, UserId};
use uuid::Uuid;

use super::{
    Db, StoreError, Tx,
    tx::{exec, sql},
};
use crate::request::{RequestMeta, Session};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    name: String,
    email: String,
    email_verified_at: Option<DateTime<Utc>>,
    last_seen_at: DateTime<Utc>,
}

impl Db {
    /// The session with this secret, if it began after `oldest` and was used after `idle`; with
    /// the moment it was last seen.
    pub(crate) async fn session(
        &mut self,
        secret_hash: &[u8; 32],
        oldest: DateTime<Utc>,
        idle: DateTime<Utc>,
    ) -> Result<Option<(Session, DateTime<Utc>)>, StoreError> {
        let row: Option<Row> = sql!(self, |c| sqlx::query_as(
            "SELECT s.id, s.user_id, u.name, u.email, u.email_verified_at, s.last_seen_at
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.secret_hash = $1 AND s.created_at > $2 AND s.last_seen_at > $3"
        )
        .bind(secret_hash.to_vec())
        .bind(oldest)
        .bind(idle)
        .fetch_optional(c))?;
        Ok(row.map(|row| {
            let session = Session {
                id: SessionId(row.id),
                user: UserId(row.user_id),
                name: row.name,
                email: row.email,
                email_verified: row.email_verified_at.is_some(),
            };
            (session, row.last_seen_at)
        }))
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
                "INSERT INTO sessions (id, secret_hash, user_id, created_at, last_seen_at, address, user_agent)
                 VALUES ($1, $2, $3, $4, $4, $5, $6)"
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
    /// Ends a session; false when it was gone already.
    pub(crate) async fn delete_session(&mut self, id: SessionId) -> Result<bool, StoreError> {
        let gone = exec!(
            self,
            sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id.0)
        )?;
        Ok(gone == 1)
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
