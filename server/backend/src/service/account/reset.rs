//! A forgotten password: asking for a link, and choosing a new one through it (rule 15).
//!
//! Whoever asks gets the same answer after the same work, whatever the address is (rule 12): it is only
//! written down. Whether it has an account is looked up by the worker that carries mail.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::email::EmailAddress;
use serde_json::json;

use super::{letters, lock};
use crate::{
    Rolecall,
    keys::{AccountToken, sha256},
    passwords,
    request::RequestMeta,
    service::{
        Failure,
        limits::{self, Budget},
        sessions::user_target,
        sign_in,
    },
    store::{
        AccountLinkRecord, Actor, Db, Entry, LinkKind, NewAccountLink, StoreError, Target,
        UserRecord,
    },
};

/// How long a link works.
pub const LIFE: TimeDelta = TimeDelta::minutes(60);
const PER_ACCOUNT: Budget = Budget {
    name: "mails an hour for one address",
    most: 5,
    window: TimeDelta::hours(1),
};
/// A network may hold an office.
const PER_NETWORK: Budget = Budget {
    name: "such requests an hour from one network",
    most: 30,
    window: TimeDelta::hours(1),
};
/// Requests that one round of the worker looks up.
const AT_ONCE: usize = 16;

/// Somebody forgot the password of an address.
///
/// # Errors
/// [`Failure::Invalid`] on `email` when it can not be an address; [`Failure::TooMany`] past the limits,
/// which count known and unknown addresses alike; [`Failure::Conflict`] without a mail server.
pub async fn ask(app: &Rolecall, meta: &RequestMeta, email: &str) -> Result<(), Failure> {
    let email = EmailAddress::parse(email)
        .map_err(|problem| Failure::field("email", problem.to_string()))?;
    if !app.mail() {
        return Err(Failure::Conflict(
            "This installation can not send mail. Ask whoever runs it to give you a new password."
                .to_owned(),
        ));
    }
    let norm = email.normal();
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    let account = limits::key(app, "forgot", norm);
    let network = limits::key(app, "forgot-network", &limits::network(meta.address));
    PER_ACCOUNT.take(&mut tx, &account, 1, now).await?;
    PER_NETWORK.take(&mut tx, &network, 1, now).await?;
    tx.insert_password_request(app.random().id(now), norm, now)
        .await?;
    let entry = Entry::new(
        "password.forgotten",
        Target::new("user", None, norm),
        json!({}),
    );
    tx.commit(now, &Actor::visitor(norm, meta), entry).await?;
    Ok(())
}

/// Looks up who asked and mails them a link; gives how many asked. An address without an account, or
/// whose account has no password, gets nothing.
pub(crate) async fn answer(app: &Rolecall, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !app.store().read().await?.password_request_waits().await? {
        return Ok(0);
    }
    for done in 0..AT_ONCE {
        let mut tx = app.store().write().await?;
        let Some((norm, asked_at)) = tx.take_password_request().await? else {
            return Ok(done);
        };
        if now - asked_at < LIFE
            && let Some(user) = tx.user_by_email(&norm).await?
            && user.password_hash.is_some()
        {
            let token = AccountToken::new(app.random());
            let expires_at = now + LIFE;
            let link = NewAccountLink {
                token_hash: token.hash(),
                user: user.id,
                kind: LinkKind::Password,
                email: &user.email,
                session: None,
                expires_at,
            };
            tx.set_account_link(now, &link).await?;
            letters::password_reset(app, &mut tx, now, &user.email, &token, expires_at).await?;
        }
        tx.commit_housekeeping().await?;
    }
    Ok(AT_ONCE)
}

/// The address whose password a link changes; `None` when it does not work: made up, used, replaced by
/// a newer one, or too old, which all look the same. Looking changes nothing.
///
/// # Errors
/// Only those of the database.
pub async fn open(app: &Rolecall, token: &str) -> Result<Option<String>, Failure> {
    let mut db = app.store().read().await?;
    let found = find(&mut db, token, app.clock().now()).await?;
    Ok(found.map(|(_, user)| user.email))
}

async fn find(
    db: &mut Db,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<(AccountLinkRecord, UserRecord)>, StoreError> {
    let hash = sha256(token.as_bytes());
    let Some(link) = db.account_link(LinkKind::Password, &hash, now).await? else {
        return Ok(None);
    };
    let user = db.user(link.user_id).await?;
    Ok(user
        // It proves the mailbox it was sent to, and no other.
        .filter(|user| user.email == link.email)
        .map(|user| (link, user)))
}

/// Sets a new password through a link: the link is used up, all sessions end, and a mail tells the
/// person. Nobody is signed in by it. The link came by mail, so it proves the mailbox.
///
/// # Errors
/// [`Failure::NotFound`] when the link does not work (any more); [`Failure::Invalid`] on `password`.
pub async fn choose(
    app: &Rolecall,
    meta: &RequestMeta,
    token: &str,
    password: &str,
) -> Result<(), Failure> {
    let dead = || Failure::NotFound("link");
    let now = app.clock().now();
    // Before the costly hash: is there anything to change at all?
    let (_, user) = {
        let mut db = app.store().read().await?;
        find(&mut db, token, now).await?.ok_or_else(dead)?
    };
    let words = [user.email.as_str(), user.name.as_str()];
    if let Some(problem) = passwords::problem(password, &words) {
        return Err(Failure::field("password", problem));
    }
    let hash = app.passwords().hash(password).await?;
    let mut tx = app.store().write().await?;
    let user = lock(&mut tx, user.id).await?;
    find(&mut tx, token, now).await?.ok_or_else(dead)?;
    if !tx.use_account_link(&sha256(token.as_bytes())).await? {
        return Err(dead());
    }
    tx.replace_password_hash(user.id, &hash).await?;
    tx.verify_user(user.id, now).await?;
    let ended = tx.delete_sessions_of(user.id, None).await?;
    // Another address that was asked for with the password of before dies with it.
    tx.take_account_links(user.id).await?;
    // Whoever guessed before does not keep the person waiting now.
    tx.forget(&limits::key(app, sign_in::ACCOUNT, &user.email_norm))
        .await?;
    letters::password_changed(app, &mut tx, now, &user.email).await?;
    let actor = Actor::visitor(format!("holder of the link for {}", user.email), meta);
    let entry = Entry::new(
        "password.reset",
        user_target(user.id, &user.email),
        json!({ "sessions_ended": ended }),
    );
    tx.commit(now, &actor, entry).await?;
    Ok(())
}
