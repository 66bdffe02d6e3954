//! Signed-in browsers: opening, finding and ending sessions (rules 1–5).

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{UserId, account::client_words};
use serde_json::json;

use super::{Failure, account::letters, limits, view_as};
use crate::{
    Rolecall,
    keys::{SessionSecret, sha256},
    request::{RequestMeta, Session},
    store::{Actor, Db, Entry, StoreError, Target, UserRecord},
};

/// A session ends 30 days after sign-in, whatever happens: the limit of NIST SP 800-63B-4 for AAL1.
pub const ABSOLUTE: TimeDelta = TimeDelta::days(30);
/// A session ends after 7 days without use: a forgotten browser stops being a way in, and people
/// who work every week are not asked for their password.
pub const IDLE: TimeDelta = TimeDelta::days(7);
/// Where somebody signed in from is known for this long after they last did.
pub const PLACES_KEPT: TimeDelta = TimeDelta::days(180);
/// Use is written down at most once in this time.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A new session, with the secret for its cookie.
#[derive(Debug)]
pub struct SignedIn {
    /// For the cookie; shown to nobody else.
    pub cookie: SessionSecret,
    /// The session.
    pub session: Session,
    /// The slug of the workspace to go to.
    pub workspace: Option<String>,
}

/// Opens a session for a proven person, in the transaction that proved them. Always a new secret (rule 3).
pub(crate) async fn open(
    app: &Rolecall,
    db: &mut Db,
    meta: &RequestMeta,
    now: DateTime<Utc>,
    user: &UserRecord,
) -> Result<SignedIn, StoreError> {
    let cookie = SessionSecret::new(app.random());
    let session = Session {
        id: app.random().id(now),
        user: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified_at.is_some(),
        confirmed_at: now,
        viewing: None,
        token: None,
    };
    db.insert_session(now, session.id, &cookie.hash(), user.id, meta)
        .await?;
    tell_of_a_new_place(app, db, meta, now, user).await?;
    Ok(SignedIn {
        cookie,
        session,
        workspace: None,
    })
}

/// Mails the person when they signed in from a browser and network that were not seen for their
/// account before; the very first session has none to differ from.
async fn tell_of_a_new_place(
    app: &Rolecall,
    db: &mut Db,
    meta: &RequestMeta,
    now: DateTime<Utc>,
    user: &UserRecord,
) -> Result<(), StoreError> {
    // The kind of browser, not its version, which changes every few weeks.
    let place = format!(
        "{}\0{}\0{}",
        user.id,
        limits::network(meta.address),
        client_words(&meta.user_agent)
    );
    let hash = app.keys().mac("sign-in place", place.as_bytes());
    let known = db.sign_in_place(user.id, &hash, now).await?;
    if known || user.last_signed_in_at.is_none() {
        return Ok(());
    }
    letters::new_sign_in(app, db, now, meta, &user.email).await
}

/// The session of a cookie, unless it ended or timed out; this counts as use. A value that we never
/// made is unknown.
pub async fn resolve(app: &Rolecall, raw_cookie: &str) -> Result<Option<Session>, Failure> {
    let now = app.clock().now();
    let Some((session, last_seen)) = find(app, raw_cookie, now).await? else {
        return Ok(None);
    };
    if now - last_seen >= SEEN_EVERY {
        let mut tx = app.store().write().await?;
        tx.see_session(session.id, now).await?;
        tx.commit_housekeeping().await?;
    }
    Ok(Some(session))
}

/// The same without counting as use: for what an open page does by itself, which must not keep a
/// session from timing out (rule 4).
pub async fn look_up(app: &Rolecall, raw_cookie: &str) -> Result<Option<Session>, Failure> {
    let found = find(app, raw_cookie, app.clock().now()).await?;
    Ok(found.map(|(session, _)| session))
}

async fn find(
    app: &Rolecall,
    raw_cookie: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Session, DateTime<Utc>)>, StoreError> {
    let mut db = app.store().read().await?;
    db.session(&sha256(raw_cookie.as_bytes()), now - ABSOLUTE, now - IDLE)
        .await
}

/// Signs out: the cookie is worth nothing from here on. Twice is fine.
pub async fn end(app: &Rolecall, meta: &RequestMeta, session: &Session) -> Result<(), Failure> {
    view_as::signed_out(app, meta, session).await?;
    let mut tx = app.store().write().await?;
    if tx.delete_session(session.id).await? {
        let entry = Entry::new(
            "session.ended",
            user_target(session.user, &session.email),
            json!({}),
        )
        .while_viewing();
        tx.commit(app.clock().now(), &Actor::user(session, meta), entry)
            .await?;
    }
    Ok(())
}

pub(crate) fn user_target(user: UserId, email: &str) -> Target {
    Target::new("user", user.0, email)
}
