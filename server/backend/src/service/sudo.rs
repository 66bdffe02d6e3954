//! Proving again who one is, before what is dangerous (rule 8).
//!
//! A session is not a person: somebody may sit down at a browser that was left open. So some acts ask
//! for a proof that is fresh. It belongs to the session, and gives the session a new secret (rule 3).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{Failure, sessions, sign_in};
use crate::{
    Caller, Rolecall, authz,
    keys::SessionSecret,
    request::{RequestMeta, Session},
    store::{Actor, Entry, Tx},
};

/// How long a proof is fresh: long enough for a few dangerous acts in a row, short enough that a
/// browser left alone over lunch is none.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Whether the person proved who they are a short while ago: signed in, or confirmed. Asked after
/// everything else is allowed, so that nobody types a password for a no.
///
/// # Errors
/// [`Failure::ConfirmFirst`] when not: [`confirm`] helps, then the same order again. [`Failure::Refused`]
/// for a token, which proves nobody.
pub fn need(app: &Rolecall, caller: &Caller) -> Result<(), Failure> {
    authz::in_person(caller)?;
    if app.clock().now() - caller.session.confirmed_at <= WINDOW {
        Ok(())
    } else {
        Err(Failure::ConfirmFirst)
    }
}

/// Proves the person of a session by their password, with the limits of signing in. Gives the new
/// secret of the session; the old one is worth nothing from here on.
///
/// # Errors
/// [`Failure::Invalid`] on `password`, [`Failure::TooMany`] while a wait runs,
/// [`Failure::NotSignedIn`] when the session ended meanwhile.
pub async fn confirm(
    app: &Rolecall,
    meta: &RequestMeta,
    session: &Session,
    password: &str,
) -> Result<SessionSecret, Failure> {
    let proven = sign_in::prove_session(app, meta, session, "password", password).await?;
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    proven.forgive(&mut tx, now).await?;
    let secret = renew(app, &mut tx, session, now).await?;
    let entry = Entry::new(
        "session.confirmed",
        sessions::user_target(session.user, &session.email),
        json!({ "method": "password" }),
    );
    tx.commit(now, &Actor::user(session, meta), entry).await?;
    Ok(secret)
}

/// A new secret for the session of somebody who has just proved who they are.
///
/// # Errors
/// [`Failure::NotSignedIn`] when the session ended meanwhile.
pub(crate) async fn renew(
    app: &Rolecall,
    tx: &mut Tx,
    session: &Session,
    now: DateTime<Utc>,
) -> Result<SessionSecret, Failure> {
    let secret = SessionSecret::new(app.random());
    if tx.confirm_session(session.id, &secret.hash(), now).await? {
        Ok(secret)
    } else {
        Err(Failure::NotSignedIn)
    }
}
