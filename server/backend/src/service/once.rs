//! Orders of programs that come with a key: however often one arrives, it has one effect (F13,
//! draft-ietf-httpapi-idempotency-key-header).
//!
//! What the order made is kept in its own transaction, so there is no moment in which it was carried out
//! and a repetition does not know. Two at once wait for each other at the lock of the workspace. A key is
//! that of one token, and forgotten after a day.

use chrono::{DateTime, Utc};
use rolecall_shared::MemberId;
use uuid::Uuid;

use crate::{
    Caller, OrderKey,
    service::Failure,
    store::{Earlier, StoreError, WorkspaceTx},
};

/// What this very order made before, if it did.
///
/// # Errors
/// [`Failure::Invalid`] on `Idempotency-Key` when the key came with another order.
pub(super) async fn made(
    tx: &mut WorkspaceTx,
    caller: &Caller,
    member: MemberId,
) -> Result<Option<Uuid>, Failure> {
    let Some(order) = &caller.meta.order else {
        return Ok(None);
    };
    let key = key_of(caller, order);
    match tx.earlier_answer(member, &key, &order.request_hash).await? {
        Earlier::New => Ok(None),
        Earlier::Answered(id) => {
            let id = id
                .parse()
                .map_err(|_| StoreError::Corrupt("a kept answer"))?;
            Ok(Some(id))
        }
        Earlier::Different => Err(Failure::field(
            "Idempotency-Key",
            "This key came with another request before. Take a new key for each request.",
        )),
    }
}

/// Keeps what an order made, in its transaction.
pub(super) async fn keep(
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    member: MemberId,
    made: Uuid,
) -> Result<(), Failure> {
    let Some(order) = &caller.meta.order else {
        return Ok(());
    };
    let key = key_of(caller, order);
    tx.keep_answer(now, member, &key, &order.request_hash, &made.to_string())
        .await?;
    Ok(())
}

/// Two programs of one member know nothing of each other's keys.
fn key_of(caller: &Caller, order: &OrderKey) -> String {
    let token = caller.session.token.as_ref().map(|token| token.id);
    let token = token.map(|id| id.to_string()).unwrap_or_default();
    format!("{token} {}", order.key)
}
