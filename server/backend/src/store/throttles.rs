//! Counters that slow guessing down and keep limits, shared by all instances (rules 13, 62).

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Db, StoreError,
    tx::{exec, sql},
};

/// The state of one counter.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Throttle {
    /// How many in the present window.
    pub count: i64,
    /// When the window began.
    pub window_start: DateTime<Utc>,
    /// Nothing is accepted before this moment.
    pub blocked_until: Option<DateTime<Utc>>,
}

impl Db {
    /// Counts `amount` more and gives the new state; a window older than `window` starts again.
    pub(crate) async fn count(
        &mut self,
        key: &str,
        amount: i64,
        now: DateTime<Utc>,
        window: TimeDelta,
    ) -> Result<Throttle, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "INSERT INTO throttles (key, count, window_start) VALUES ($1, $2, $3)
             ON CONFLICT (key) DO UPDATE SET
               count = CASE WHEN throttles.window_start <= $4 THEN excluded.count ELSE throttles.count + excluded.count END,
               window_start = CASE WHEN throttles.window_start <= $4 THEN excluded.window_start ELSE throttles.window_start END
             RETURNING count, window_start, blocked_until"
        )
        .bind(key)
        .bind(amount)
        .bind(now)
        .bind(now - window)
        .fetch_one(c)
        })
    }

    /// Begins the window of a counter again without touching the count.
    pub(crate) async fn keep_counting(
        &mut self,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE throttles SET window_start = $2 WHERE key = $1")
                .bind(key)
                .bind(now)
        )
        .map(drop)
    }

    /// The present state, without counting.
    pub(crate) async fn throttle(&mut self, key: &str) -> Result<Option<Throttle>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT count, window_start, blocked_until FROM throttles WHERE key = $1"
        )
        .bind(key)
        .fetch_optional(c))
    }

    /// Refuses everything under the key until a moment.
    pub(crate) async fn block(
        &mut self,
        key: &str,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE throttles SET blocked_until = $2 WHERE key = $1")
                .bind(key)
                .bind(until)
        )
        .map(drop)
    }

    /// Forgets a counter: the right password was given.
    pub(crate) async fn forget(&mut self, key: &str) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM throttles WHERE key = $1").bind(key)
        )
        .map(drop)
    }

    /// Deletes counters whose window began before `before`: the table stays bounded.
    pub(crate) async fn sweep_throttles(
        &mut self,
        before: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM throttles WHERE window_start <= $1").bind(before)
        )
    }
}
