//! Signing in with a password: one answer for every kind of no (rule 12), slowed down per account
//! and per network (rule 13).

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::email::EmailAddress;
use serde_json::json;

use super::{
    Failure, SignedIn,
    limits::{self, Guessing},
    sessions,
};
use crate::{
    Rolecall,
    request::{RequestMeta, Session},
    store::{Actor, Db, Entry, StoreError, Target, UserRecord},
};

/// Five free tries for an account, then waits up to 15 minutes, and up to a day after the hundredth
/// failure in a row, the bound of NIST SP 800-63B-4 §3.2.2. A success ends the row; whoever is signed
/// in already does not notice.
const PER_ACCOUNT: Guessing = Guessing {
    free: 5,
    longest: TimeDelta::minutes(15),
    in_a_row: true,
};
/// A network may hold an office.
const PER_NETWORK: Guessing = Guessing {
    free: 50,
    longest: TimeDelta::minutes(15),
    in_a_row: false,
};
/// What the counter of an account counts.
pub(crate) const ACCOUNT: &str = "sign-in";
/// The one answer.
const WRONG: &str =
    "That e-mail address and password do not belong together. Check both and try again.";

/// A person who gave the right password; their session is not open yet.
pub(crate) struct Proven {
    pub(crate) user: UserRecord,
    counters: Counters,
}

impl Proven {
    /// Takes the successful try back: the account starts afresh, the network is as it was before.
    pub(crate) async fn forgive(&self, db: &mut Db, now: DateTime<Utc>) -> Result<(), StoreError> {
        db.forget(&self.counters.account).await?;
        db.count(&self.counters.network, -1, now, limits::GUESSING_WINDOW)
            .await
            .map(drop)
    }
}

/// The counters that one try touches.
struct Counters {
    account: String,
    network: String,
}

/// Signs in.
///
/// # Errors
/// [`Failure::Invalid`] on `password` for every wrong combination alike, [`Failure::TooMany`] while
/// a wait runs, [`Failure::Unavailable`] when too many passwords are being checked at once.
pub async fn with_password(
    app: &Rolecall,
    meta: &RequestMeta,
    email: &str,
    password: &str,
) -> Result<SignedIn, Failure> {
    let proven = prove(app, meta, email, password).await?;
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    proven.forgive(&mut tx, now).await?;
    let mut signed_in = sessions::open(app, &mut tx, meta, now, &proven.user).await?;
    signed_in.workspace = tx
        .workspaces_of(proven.user.id, now)
        .await?
        .into_iter()
        .next()
        .map(|w| w.slug);
    let entry = Entry::new(
        "session.started",
        sessions::user_target(proven.user.id, &proven.user.email),
        json!({ "method": "password" }),
    );
    tx.commit(now, &Actor::user(&signed_in.session, meta), entry)
        .await?;
    Ok(signed_in)
}

/// Checks a password without opening a session; every failed try is counted and audited.
pub(crate) async fn prove(
    app: &Rolecall,
    meta: &RequestMeta,
    email: &str,
    password: &str,
) -> Result<Proven, Failure> {
    // An address that can not be one takes the same way as an unknown one.
    let norm = EmailAddress::parse(email)
        .map_or_else(|_| email.trim().to_lowercase(), |e| e.normal().to_owned());
    judge(app, meta, &norm, password)
        .await?
        .ok_or_else(|| Failure::field("password", WRONG))
}

/// The same for somebody who is signed in and proves again who they are; `field` is where the
/// password was typed.
pub(crate) async fn prove_session(
    app: &Rolecall,
    meta: &RequestMeta,
    session: &Session,
    field: &str,
    password: &str,
) -> Result<Proven, Failure> {
    let norm =
        EmailAddress::parse(&session.email).map_err(|_| StoreError::Corrupt("a stored address"))?;
    judge(app, meta, norm.normal(), password)
        .await?
        // The address can have gone to somebody else since the request began.
        .filter(|proven| proven.user.id == session.user)
        .ok_or_else(|| Failure::field(field, "This is not your password. Check it and try again."))
}

async fn judge(
    app: &Rolecall,
    meta: &RequestMeta,
    norm: &str,
    password: &str,
) -> Result<Option<Proven>, Failure> {
    let counters = Counters {
        account: limits::key(app, ACCOUNT, norm),
        network: limits::key(app, "sign-in-network", &limits::network(meta.address)),
    };
    count_try(app, meta, norm, &counters).await?;

    let user = app.store().read().await?.user_by_email(norm).await?;
    let hash = user.as_ref().and_then(|u| u.password_hash.as_deref());
    let verified = app.passwords().verify(password, hash).await?;
    match user {
        Some(user) if verified.matches => {
            if verified.needs_rehash {
                rehash(app, &user, password).await?;
            }
            Ok(Some(Proven { user, counters }))
        }
        _ => {
            record_refusal(app, meta, norm).await?;
            Ok(None)
        }
    }
}

async fn count_try(
    app: &Rolecall,
    meta: &RequestMeta,
    norm: &str,
    counters: &Counters,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    for (guessing, what, key) in [
        (PER_ACCOUNT, "account", &counters.account),
        (PER_NETWORK, "network", &counters.network),
    ] {
        if let Err(retry_after) = guessing.attempt(&mut tx, key, now).await? {
            // A try that is not judged counts for nothing.
            drop(tx);
            record_wait(app, meta, norm, what, key).await?;
            return Err(Failure::TooMany {
                message: format!(
                    "Too many tries. Wait {} and try again.",
                    rolecall_shared::text::count(retry_after as usize, "second", "seconds")
                ),
                retry_after,
            });
        }
    }
    tx.commit_housekeeping().await?;
    Ok(())
}

async fn rehash(app: &Rolecall, user: &UserRecord, password: &str) -> Result<(), Failure> {
    let hash = app.passwords().hash(password).await?;
    let mut tx = app.store().write().await?;
    tx.replace_password_hash(user.id, &hash).await?;
    tx.commit_housekeeping().await?;
    Ok(())
}

/// Tries during a wait are recorded too, but a flood of them is sampled (rule 63): of one account
/// or network the first, tenth, hundredth … in an hour is a row that says which one it is.
async fn record_wait(
    app: &Rolecall,
    meta: &RequestMeta,
    norm: &str,
    what: &'static str,
    key: &str,
) -> Result<(), StoreError> {
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    let key = limits::key(app, "waits", key);
    let Some(tries) = limits::sampled(&mut tx, &key, now).await? else {
        return tx.commit_housekeeping().await;
    };
    let claimed = claimed(norm);
    let entry = Entry::new(
        "session.throttled",
        Target::new("user", None, claimed.clone()),
        json!({ "by": what, "tries_in_an_hour": tries }),
    );
    tx.commit(now, &Actor::visitor(claimed, meta), entry).await
}

/// The trail keeps what was claimed, never the password.
fn claimed(norm: &str) -> String {
    rolecall_shared::text::tidy(norm)
        .chars()
        .take(rolecall_shared::email::MAX)
        .collect()
}

async fn record_refusal(app: &Rolecall, meta: &RequestMeta, norm: &str) -> Result<(), Failure> {
    let claimed = claimed(norm);
    let entry = Entry::new(
        "session.refused",
        Target::new("user", None, claimed.clone()),
        json!({}),
    );
    let tx = app.store().write().await?;
    tx.commit(app.clock().now(), &Actor::visitor(claimed, meta), entry)
        .await?;
    Ok(())
}
