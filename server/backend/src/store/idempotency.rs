//! Answers to orders that came with a key: the same order twice has one effect (R-89, F13).

use chrono::{DateTime, Utc};
use rolecall_shared::MemberId;

use super::{
    StoreError, WorkspaceTx,
    tx::{exec, sql},
};

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing: carry the order out.
    New,
    /// The same order was carried out; this was its answer.
    Answered(String),
    /// The key was used for a different order.
    Different,
}

impl WorkspaceTx {
    /// Looks a key up; `request_hash` tells one order from another.
    pub(crate) async fn earlier_answer(
        &mut self,
        member: MemberId,
        key: &str,
        request_hash: &[u8; 32],
    ) -> Result<Earlier, StoreError> {
        let workspace = self.workspace().id;
        let row: Option<(Vec<u8>, String)> = sql!(self, |c| sqlx::query_as(
            "SELECT request_hash, answer FROM idempotency
             WHERE workspace_id = $1 AND member_id = $2 AND key = $3"
        )
        .bind(workspace.0)
        .bind(member.0)
        .bind(key)
        .fetch_optional(c))?;
        Ok(match row {
            None => Earlier::New,
            Some((hash, answer)) if hash == request_hash => Earlier::Answered(answer),
            Some(_) => Earlier::Different,
        })
    }

    /// Keeps the answer, in the transaction of the order.
    pub(crate) async fn keep_answer(
        &mut self,
        now: DateTime<Utc>,
        member: MemberId,
        key: &str,
        request_hash: &[u8; 32],
        answer: &str,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO idempotency (workspace_id, member_id, key, request_hash, answer, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6)"
            )
            .bind(workspace.0)
            .bind(member.0)
            .bind(key)
            .bind(request_hash.to_vec())
            .bind(answer)
            .bind(now)
        )
        .map(drop)
    }
}

impl super::Tx {
    /// Deletes answers older than a day: nobody repeats an order after that.
    pub(crate) async fn sweep_answers(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM idempotency WHERE created_at <= $1").bind(before)
        )
    }
}
