//! Another address for the own account (rule 16): asked for with a fresh proof, confirmed from the new
//! mailbox, told to the old one.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::email::EmailAddress;
use serde_json::json;

use super::{letters, lock, news};
use crate::{
    Caller, Rolecall,
    events::Topic,
    keys::{AccountToken, sha256},
    request::RequestMeta,
    service::{
        Failure,
        limits::{self, Budget},
        sessions::user_target,
        sudo,
    },
    store::{
        AccountLinkRecord, Actor, Db, Entry, LinkKind, NewAccountLink, StoreError, UserRecord,
    },
};

/// How long a link works.
pub const LIFE: TimeDelta = TimeDelta::hours(24);
const PER_ACCOUNT: Budget = Budget {
    name: "new addresses an hour",
    most: 5,
    window: TimeDelta::hours(1),
};
/// A mailbox can belong to somebody who wants none of it.
const PER_MAILBOX: Budget = Budget {
    name: "mails a day to one address",
    most: 5,
    window: TimeDelta::days(1),
};

/// What a link would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressChange {
    /// The name of the person.
    pub name: String,
    /// Their present address.
    pub before: String,
    /// The new one.
    pub after: String,
}

/// Mails a link to another address of the caller, in place of an older one, and tells the present
/// address. Nothing is changed before the link is confirmed. Whether the other address has an account
/// is not told here (rule 27).
///
/// # Errors
/// [`Failure::Invalid`] on `email`; [`Failure::Conflict`] without a mail server;
/// [`Failure::ConfirmFirst`] without a fresh proof; [`Failure::TooMany`] past the limits.
pub async fn change_email(app: &Rolecall, caller: &Caller, email: &str) -> Result<(), Failure> {
    let wrong = |message: String| Failure::field("email", message);
    let new = EmailAddress::parse(email).map_err(|problem| wrong(problem.to_string()))?;
    if !app.mail() {
        return Err(Failure::Conflict(
            "This installation can not send mail, so a new address can not be confirmed."
                .to_owned(),
        ));
    }
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    let user = lock(&mut tx, caller.session.user).await?;
    if user.email_norm == new.normal() {
        return Err(wrong("This is your address already.".to_owned()));
    }
    sudo::need(app, caller)?;
    let account = limits::key(app, "new-email", &user.id.to_string());
    let mailbox = limits::key(app, "new-email-to", new.normal());
    PER_ACCOUNT.take(&mut tx, &account, 1, now).await?;
    PER_MAILBOX.take(&mut tx, &mailbox, 1, now).await?;
    let token = AccountToken::new(app.random());
    let expires_at = now + LIFE;
    let link = NewAccountLink {
        token_hash: token.hash(),
        user: user.id,
        kind: LinkKind::Email,
        email: new.raw(),
        session: Some(caller.session.id),
        expires_at,
    };
    tx.set_account_link(now, &link).await?;
    letters::email_confirmation(app, &mut tx, now, &user, new.raw(), &token, expires_at).await?;
    letters::email_asked(app, &mut tx, now, &user, new.raw()).await?;
    let entry = Entry::new(
        "email.change_asked",
        user_target(user.id, &user.email),
        json!({ "before": user.email, "after": new.raw() }),
    );
    tx.commit(now, &Actor::caller(caller), entry).await?;
    Ok(())
}

/// Takes the change that waits back: its link is dead. Twice is fine.
///
/// # Errors
/// Only those of the database.
pub async fn withdraw_email(app: &Rolecall, caller: &Caller) -> Result<(), Failure> {
    let me = &caller.session;
    let mut tx = app.store().write().await?;
    if tx.take_account_link(LinkKind::Email, me.user).await? {
        let entry = Entry::new(
            "email.change_withdrawn",
            user_target(me.user, &me.email),
            json!({}),
        );
        tx.commit(app.clock().now(), &Actor::caller(caller), entry)
            .await?;
    }
    Ok(())
}

/// What a link would change; `None` when it does not work (any more). Looking changes nothing.
///
/// # Errors
/// Only those of the database.
pub async fn open_email_link(
    app: &Rolecall,
    token: &str,
) -> Result<Option<AddressChange>, Failure> {
    let mut db = app.store().read().await?;
    let found = find(&mut db, token, app.clock().now()).await?;
    Ok(found.map(|(link, user)| AddressChange {
        name: user.name,
        before: user.email,
        after: link.email,
    }))
}

async fn find(
    db: &mut Db,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<(AccountLinkRecord, UserRecord)>, StoreError> {
    let hash = sha256(token.as_bytes());
    let Some(link) = db.account_link(LinkKind::Email, &hash, now).await? else {
        return Ok(None);
    };
    Ok(db.user(link.user_id).await?.map(|user| (link, user)))
}

/// Puts the new address in place of the old one, for whoever holds the link that was mailed to it.
/// Links to the old address die, invitations that wait for it are revoked, and all sessions end but the
/// one that asked. Gives the new address.
///
/// # Errors
/// [`Failure::NotFound`] when the link does not work (any more); [`Failure::Conflict`] when somebody
/// else has the address.
pub async fn confirm_email(
    app: &Rolecall,
    meta: &RequestMeta,
    token: &str,
) -> Result<String, Failure> {
    let dead = || Failure::NotFound("link");
    let now = app.clock().now();
    let (link, before) = {
        let mut db = app.store().read().await?;
        find(&mut db, token, now).await?.ok_or_else(dead)?
    };
    let new =
        EmailAddress::parse(&link.email).map_err(|_| StoreError::Corrupt("a stored address"))?;
    let actor = Actor::visitor(format!("holder of the link for {}", link.email), meta);
    let mut tx = app.store().write().await?;
    // Workspaces are locked before the person, as everywhere. Other services may ask about the address.
    tx.say_that_rights_change(before.id).await?;
    let revoked = tx
        .revoke_invitations_to(now, &actor, &before.email_norm)
        .await?;
    let user = lock(&mut tx, before.id).await?;
    let worked = tx.use_account_link(&sha256(token.as_bytes())).await?;
    if !worked || user.email_norm != before.email_norm {
        return Err(dead());
    }
    tx.set_user_email(user.id, &new, now).await.map_err(taken)?;
    tx.take_account_links(user.id).await?;
    let ended = tx.delete_sessions_of(user.id, link.session()).await?;
    letters::email_changed(app, &mut tx, now, &user, new.raw()).await?;
    let entry = Entry::new(
        "email.changed",
        user_target(user.id, new.raw()),
        json!({ "before": user.email, "after": new.raw(), "sessions_ended": ended }),
    );
    let workspaces = tx.workspace_ids_of(user.id).await?;
    let mut events: Vec<_> = news(&workspaces, Topic::Members).collect();
    events.extend(news(&revoked, Topic::Invitations));
    app.store()
        .commit_act_and_tell(tx, now, (&actor, entry), &events)
        .await?;
    Ok(new.raw().to_owned())
}

fn taken(error: StoreError) -> Failure {
    match error {
        StoreError::Duplicate(_) => Failure::Conflict(
            "This address can not be used: it signs in to another account. Nothing was changed."
                .to_owned(),
        ),
        other => other.into(),
    }
}
