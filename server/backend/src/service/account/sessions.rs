//! Ending one's own sessions (rule 7).

use rolecall_shared::SessionId;
use serde_json::json;

use crate::{
    Caller, Rolecall,
    service::{Failure, sessions::user_target},
    store::{Actor, Entry},
};

/// Ends another session of the caller: its browser is signed out with its next request.
///
/// # Errors
/// [`Failure::NotFound`] when it is somebody else's or gone, which looks the same;
/// [`Failure::Conflict`] for the one in use.
pub async fn end_session(app: &Rolecall, caller: &Caller, id: SessionId) -> Result<(), Failure> {
    let me = &caller.session;
    if id == me.id {
        return Err(Failure::Conflict(
            "This is the session that you are using. Sign out to end it.".to_owned(),
        ));
    }
    let mut tx = app.store().write().await?;
    if !tx.delete_session_of(me.user, id).await? {
        return Err(Failure::NotFound("session"));
    }
    let entry = Entry::new(
        "session.ended",
        user_target(me.user, &me.email),
        json!({ "session": id, "from": "another session" }),
    );
    tx.commit(app.clock().now(), &Actor::caller(caller), entry)
        .await?;
    Ok(())
}

/// Ends all sessions of the caller but the one in use; gives their number.
///
/// # Errors
/// Only those of the database.
pub async fn end_others(app: &Rolecall, caller: &Caller) -> Result<u64, Failure> {
    let me = &caller.session;
    let mut tx = app.store().write().await?;
    let ended = tx.delete_sessions_of(me.user, Some(me.id)).await?;
    if ended == 0 {
        return Ok(0);
    }
    let entry = Entry::new(
        "session.others_ended",
        user_target(me.user, &me.email),
        json!({ "sessions": ended }),
    );
    tx.commit(app.clock().now(), &Actor::caller(caller), entry)
        .await?;
    Ok(ended)
}
