//! The one place that knows how the two databases differ.

use super::StoreError;

/// What an error of either database means.
pub(super) fn classify(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(db) if db.is_unique_violation() => {
            // SQLite names no constraint, but its message names the columns.
            StoreError::Duplicate(db.constraint().unwrap_or_else(|| db.message()).to_owned())
        }
        sqlx::Error::Database(db) if is_busy(db.code().as_deref()) => {
            StoreError::Unavailable(error)
        }
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::WorkerCrashed => StoreError::Unavailable(error),
        _ => StoreError::Query(error),
    }
}

/// Whether a text can stand in the database at all: PostgreSQL keeps no NUL. What can not be stored
/// is not found either, on both.
pub(super) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

/// SQLite: busy (5), locked (6), disk full (13), I/O (10 and its kinds), read-only (8).
/// PostgreSQL: serialisation, deadlock, resources, shutdown.
fn is_busy(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    match code.parse::<u32>() {
        Ok(number) if code.len() != 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13),
        _ => ["40001", "40P01", "57P", "53", "08", "58"]
            .iter()
            .any(|class| code.starts_with(class)),
    }
}
