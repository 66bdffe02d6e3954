//! The first run: one row with the hash of the one-time code.

use chrono::{DateTime, Utc};

use super::{
    Db, StoreError, Tx,
    tx::{exec, sql},
};

/// Where the first run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupState {
    /// No code was issued yet.
    New,
    /// A code with this SHA-256 is waiting to be used.
    Open(Vec<u8>),
    /// Somebody completed it; never again.
    Done,
}

impl Db {
    /// Where the first run stands.
    pub(crate) async fn setup_state(&mut self) -> Result<SetupState, StoreError> {
        let row: Option<(Vec<u8>, Option<DateTime<Utc>>)> = sql!(self, |c| sqlx::query_as(
            "SELECT code_hash, completed_at FROM setup WHERE id = 1"
        )
        .fetch_optional(c))?;
        Ok(match row {
            None => SetupState::New,
            Some((_, Some(_))) => SetupState::Done,
            Some((hash, None)) => SetupState::Open(hash),
        })
    }
}

impl Tx {
    /// Sets the code, unless the first run is done.
    pub(crate) async fn set_setup_code(&mut self, hash: &[u8; 32]) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO setup (id, code_hash) VALUES (1, $1)
                 ON CONFLICT (id) DO UPDATE SET code_hash = excluded.code_hash WHERE setup.completed_at IS NULL"
            )
            .bind(hash.to_vec())
        )
        .map(drop)
    }

    /// Ends the first run; false when it was ended already: only one of two racers goes on.
    pub(crate) async fn complete_setup(&mut self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "INSERT INTO setup (id, code_hash, completed_at) VALUES (1, $1, $2)
                 ON CONFLICT (id) DO UPDATE SET completed_at = excluded.completed_at WHERE setup.completed_at IS NULL"
            )
            .bind(Vec::<u8>::new())
            .bind(now)
        )?;
        Ok(done == 1)
    }
}
