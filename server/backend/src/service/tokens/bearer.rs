//! From the text of a token to who asks.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::SessionId;
use serde_json::json;

use super::target;
use crate::{
    Caller, RequestMeta, Rolecall, Session, TokenUse,
    clock::timestamp,
    keys::ApiToken,
    memory::Found,
    service::{Failure, limits},
    store::{Actor, BearerRecord, Entry, StoreError},
};

/// Use is written down at most once in this time.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A program with a token that works.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// Whom it acts for.
    pub caller: Caller,
    /// The part of the address of its one workspace.
    pub workspace: String,
}

/// Why a token is not good for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Never made, expired, revoked, or its member or workspace is gone: all look the same (rule 47).
    Unknown,
    /// Its member is suspended: it works again when they are active again.
    Paused,
}

/// Finds whom a token acts for. What is no token by its form costs no look into the database. Counts as
/// use of the token, and not as activity of the person.
///
/// # Errors
/// [`Failure::Store`] when the database does not answer.
pub async fn authenticate(
    app: &Rolecall,
    meta: &RequestMeta,
    text: &str,
) -> Result<Result<Bearer, Refused>, Failure> {
    let Some(token) = ApiToken::parse(text) else {
        return Ok(Err(Refused::Unknown));
    };
    let now = app.clock().now();
    let hash = token.hash();
    if let Some(known) = remembered(app, meta, &hash, now).await? {
        return Ok(known);
    }
    let mut db = app.store().read().await?;
    let Some(found) = db.bearer(&hash).await? else {
        return Ok(Err(Refused::Unknown));
    };
    if found.revoked_at.is_some() || found.expires_at <= now {
        drop(db);
        tell(app, meta, &found, now).await;
        return Ok(Err(Refused::Unknown));
    }
    let person = db.person(found.workspace_id, found.member_id).await?;
    drop(db);
    match person {
        None => return Ok(Err(Refused::Unknown)),
        Some(person) if !person.holder.is_active(timestamp(now)) => {
            return Ok(Err(Refused::Paused));
        }
        Some(_) => {}
    }
    app.memory().belongs(hash, found.workspace_id);
    let unseen = found
        .last_used_at
        .is_none_or(|seen| now - seen >= SEEN_EVERY);
    if unseen && let Err(error) = see(app, meta, &found, now).await {
        // A database that is busy with writing can still answer.
        tracing::warn!(request_id = %meta.request_id, %error, "the use of a token could not be noted");
    }
    Ok(Ok(Bearer {
        workspace: found.slug.clone(),
        caller: caller(meta, found),
    }))
}

/// The same without the database, for a token that was used before and that nothing happened to since; `None`:
/// it has to be asked.
async fn remembered(
    app: &Rolecall,
    meta: &RequestMeta,
    hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<Result<Bearer, Refused>>, Failure> {
    let Some(workspace) = app.memory().workspace_of(hash) else {
        return Ok(None);
    };
    let Some(picture) = app.memory().picture(app, workspace).await? else {
        return Ok(None);
    };
    let known = picture.people.token(hash);
    let Some(known) = known.filter(|known| known.record.expires_at > now) else {
        return Ok(None);
    };
    match picture.people.by_id(known.record.member_id, timestamp(now)) {
        Found::Active(_) => {}
        Found::Suspended => return Ok(Some(Err(Refused::Paused))),
        Found::Nobody => return Ok(None),
    }
    let unseen = known.seen_at().is_none_or(|seen| now - seen >= SEEN_EVERY);
    if unseen {
        known.see(now);
        if let Err(error) = see(app, meta, &known.record, now).await {
            // A database that is busy with writing can still answer.
            tracing::warn!(request_id = %meta.request_id, %error, "the use of a token could not be noted");
        }
    }
    Ok(Some(Ok(Bearer {
        workspace: known.record.slug.clone(),
        caller: caller(meta, known.record.clone()),
    })))
}

async fn see(
    app: &Rolecall,
    meta: &RequestMeta,
    found: &BearerRecord,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = app.store().write().await?;
    tx.see_token(found.id, &meta.address.to_string(), now)
        .await?;
    tx.commit_housekeeping().await
}

fn caller(meta: &RequestMeta, found: BearerRecord) -> Caller {
    Caller {
        session: Session {
            id: SessionId(found.id.0),
            user: found.user_id,
            name: found.user_name,
            email: found.email,
            email_verified: found.email_verified_at.is_some(),
            confirmed_at: DateTime::UNIX_EPOCH,
            token: Some(TokenUse {
                id: found.id,
                name: found.name,
                workspace: found.workspace_id,
                member: found.member_id,
            }),
            viewing: None,
        },
        meta: meta.clone(),
    }
}

/// Writes down, sampled, that a token which ended is still in use somewhere (rule 63). The refusal stands
/// whether or not that could be written.
async fn tell(app: &Rolecall, meta: &RequestMeta, found: &BearerRecord, now: DateTime<Utc>) {
    if let Err(error) = write(app, meta, found, now).await {
        tracing::error!(request_id = %meta.request_id, %error, "the use of an ended token could not be recorded");
    }
}

async fn write(
    app: &Rolecall,
    meta: &RequestMeta,
    found: &BearerRecord,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(mut tx) = app.store().lock_slug(&found.slug).await? else {
        return Ok(());
    };
    let key = limits::key(app, "ended-token", &found.id.to_string());
    let Some(times) = limits::sampled(&mut tx, &key, now).await? else {
        return tx.commit_housekeeping(&[]).await;
    };
    let because = if found.revoked_at.is_some() {
        "it was revoked"
    } else {
        "its time is over"
    };
    let entry = Entry::new(
        "token.refused",
        target(found.id, &found.name),
        json!({ "because": because, "times": times }),
    )
    .about([found.member_id]);
    let who = format!("the token “{}”", found.name);
    tx.commit(now, &Actor::visitor(who, meta), entry.into(), &[])
        .await
}
