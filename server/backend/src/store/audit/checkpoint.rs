//! Signed checkpoints: what the end of a trail was at some moment.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Trail, TrailEnd};
use crate::store::{
    Db, StoreError, Tx,
    tx::{exec, sql},
};

/// A stored checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CheckpointRecord {
    /// The trail; the nil id stands for the installation's own.
    pub workspace_id: Uuid,
    /// The number of its last row then.
    pub seq: i64,
    /// The link of that row.
    pub hash: Vec<u8>,
    /// How many rows the chain had.
    pub entries: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The hash of the checkpoint before; empty for the first.
    pub previous: Vec<u8>,
    /// Ed25519 over all of these.
    pub signature: Vec<u8>,
}

impl Db {
    /// Trails that went on since their last checkpoint, which was made before a moment.
    pub(crate) async fn trails_to_check(
        &mut self,
        before: DateTime<Utc>,
    ) -> Result<Vec<Trail>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT e.id, e.slug FROM (
                 SELECT id, slug, audit_seq AS seq, audit_head AS head FROM workspaces
                 UNION ALL SELECT $2, '', seq, head FROM installation_audit
             ) e
             WHERE e.head IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM audit_checkpoints k
                 WHERE k.workspace_id = e.id AND (k.seq >= e.seq OR k.at > $1)
             )"
        )
        .bind(before)
        .bind(Uuid::nil())
        .fetch_all(c))
    }

    /// All checkpoints of a trail, in order.
    pub(crate) async fn checkpoints(
        &mut self,
        trail: Uuid,
    ) -> Result<Vec<CheckpointRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT workspace_id, seq, hash, entries, at, previous, signature FROM audit_checkpoints
             WHERE workspace_id = $1 ORDER BY seq"
        )
        .bind(trail)
        .fetch_all(c)
        })
    }
}

impl Tx {
    /// Where a trail ends, held there until the end of the transaction.
    pub(crate) async fn hold_trail(&mut self, trail: Uuid) -> Result<Option<TrailEnd>, StoreError> {
        if trail.is_nil() {
            return sql!(self, |c| {
                sqlx::query_as(
                "UPDATE installation_audit SET seq = seq WHERE id = 1 RETURNING seq, head, chained_from"
            )
            .fetch_optional(c)
            });
        }
        sql!(self, |c| sqlx::query_as(
            "UPDATE workspaces SET authz_epoch = authz_epoch WHERE id = $1
             RETURNING audit_seq AS seq, audit_head AS head, audit_from AS chained_from"
        )
        .bind(trail)
        .fetch_optional(c))
    }

    /// The last checkpoint of a trail.
    pub(crate) async fn last_checkpoint(
        &mut self,
        trail: Uuid,
    ) -> Result<Option<CheckpointRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT workspace_id, seq, hash, entries, at, previous, signature FROM audit_checkpoints
             WHERE workspace_id = $1 ORDER BY seq DESC LIMIT 1"
        )
        .bind(trail)
        .fetch_optional(c)
        })
    }

    /// Keeps a checkpoint.
    pub(crate) async fn insert_checkpoint(
        &mut self,
        checkpoint: &CheckpointRecord,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO audit_checkpoints (workspace_id, seq, hash, entries, at, previous, signature)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"
            )
            .bind(checkpoint.workspace_id)
            .bind(checkpoint.seq)
            .bind(&checkpoint.hash)
            .bind(checkpoint.entries)
            .bind(checkpoint.at)
            .bind(&checkpoint.previous)
            .bind(&checkpoint.signature)
        )
        .map(drop)
    }
}
