//! The mailed code that proves a mailbox when the link was copied.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::InvitationId;
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::{AcceptFailure, open};
use crate::{
    Rolecall,
    events::Topic,
    keys::{LinkToken, sha256},
    request::RequestMeta,
    service::{
        Failure,
        invitations::target,
        limits::{self, Budget},
        post,
    },
    store::{Actor, Db, Entry, InvitationRecord, StoreError, WorkspaceTx},
};

/// How long a code works.
const LIFE: TimeDelta = TimeDelta::minutes(15);
/// Tries of one code: five in a million to guess it.
const TRIES: i64 = 5;
const CODES: Budget = Budget {
    name: "codes an hour for one invitation",
    most: 5,
    window: TimeDelta::hours(1),
};

/// Mails a new code to the invited address, in place of an older one.
///
/// # Errors
/// [`AcceptFailure::Ended`] when the link does not work; [`Failure::Conflict`] when no code is
/// needed; [`Failure::TooMany`] after five codes in an hour.
pub async fn send_code(
    app: &Rolecall,
    meta: &RequestMeta,
    token: &str,
) -> Result<(), AcceptFailure> {
    let now = app.clock().now();
    let mut tx = lock(app, token).await?;
    let live = open::live(app, &mut tx, token, now)
        .await?
        .map_err(AcceptFailure::Ended)?;
    if !live.needs_code(app) {
        return Err(Failure::Conflict("This link needs no code.".into()).into());
    }
    CODES
        .take(
            &mut tx,
            &limits::key(app, "code", &live.record.id.to_string()),
            1,
            now,
        )
        .await?;
    post::take_budget(app, &mut tx, now, &live.record.email_norm).await?;
    let code = app.random().six_digits();
    let expires_at = now + LIFE;
    tx.set_code(live.record.id, &hash(live.record.id, &code), expires_at)
        .await?;
    post::code(
        app,
        &mut tx,
        now,
        &live.record,
        &live.link,
        &code,
        expires_at,
    )
    .await?;
    let entry = Entry::new(
        "invitation.code_sent",
        target(live.record.id, &live.record.email),
        json!({}),
    );
    let actor = holder(&live.record, meta);
    // The page of the invitation's mails shows this one, too.
    tx.commit(now, &actor, entry.into(), &[Topic::Invitations])
        .await?;
    Ok(())
}

/// Somebody who guesses a code shows in the trail of the workspace, sampled per invitation; never
/// what they typed. Ends the transaction that counted the try.
pub(super) async fn record_refusal(
    app: &Rolecall,
    meta: &RequestMeta,
    mut tx: WorkspaceTx,
    now: DateTime<Utc>,
    record: &InvitationRecord,
) -> Result<(), StoreError> {
    let key = limits::key(app, "code-refusals", &record.id.to_string());
    let Some(tries) = limits::sampled(&mut tx, &key, now).await? else {
        return tx.commit_housekeeping(&[]).await;
    };
    let entry = Entry::new(
        "invitation.code_refused",
        target(record.id, &record.email),
        json!({ "tries_in_an_hour": tries }),
    );
    tx.commit(now, &holder(record, meta), entry.into(), &[])
        .await
}

fn holder(record: &InvitationRecord, meta: &RequestMeta) -> Actor {
    Actor::visitor(
        format!("holder of a copied link for {}", record.email),
        meta,
    )
}

/// The lock of the workspace that a token leads to.
pub(super) async fn lock(app: &Rolecall, token: &str) -> Result<WorkspaceTx, AcceptFailure> {
    let unknown = || AcceptFailure::Ended(super::Ended::Unknown);
    let token = LinkToken::parse(token, app.keys()).ok_or_else(unknown)?;
    let link = app
        .store()
        .read()
        .await?
        .link(&token.hash())
        .await?
        .ok_or_else(unknown)?;
    if let Some(tx) = app.store().lock(link.workspace()).await? {
        return Ok(tx);
    }
    let mut db = app.store().read().await?;
    let ended = open::gone(&mut db, link.workspace()).await?;
    Err(AcceptFailure::Ended(ended))
}

fn hash(invitation: InvitationId, code: &str) -> [u8; 32] {
    sha256(format!("{invitation} {code}").as_bytes())
}

/// Whether `code` is the one that was mailed. Whoever asks counts a wrong try under the same lock.
pub(super) async fn matches(
    db: &mut Db,
    invitation: InvitationId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Result<(), Failure>, crate::store::StoreError> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let wrong = |message: &str| Ok(Err(Failure::field("code", message)));
    match db.code(invitation).await? {
        None => wrong("Ask for a code first; it is mailed to the invited address."),
        Some((_, expires_at, _)) if expires_at <= now => {
            wrong("This code has expired. Ask for a new one.")
        }
        Some((_, _, attempts)) if attempts >= TRIES => {
            wrong("This code was tried too often. Ask for a new one.")
        }
        Some((expected, _, _))
            if bool::from(expected.ct_eq(hash(invitation, &digits).as_slice())) =>
        {
            Ok(Ok(()))
        }
        Some(_) => wrong("This is not the code from the newest mail. Check it and try again."),
    }
}
