//! Memberships that end by themselves: from that moment on the member is suspended.

use rolecall_shared::{MemberId, Timestamp, policy};
use serde_json::json;

use super::{Person, TOPICS, notices};
use crate::{
    Caller, Rolecall,
    authz::Refusal,
    mail::render::News,
    service::{
        Failure, access, guard,
        roles::editing::{Opened, stale},
    },
    store::{Actor, Entry},
    templates::Template,
};

/// Said when somebody wants to set an end for an owner.
pub(super) const OWNERS_STAY: &str =
    "Owners stay until they step down. Take the ownership first; then the membership can end.";

/// Whether an end comes later than another; none is the latest.
fn is_later(end: Option<Timestamp>, before: Option<Timestamp>) -> bool {
    match (before, end) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(end)) => before < end,
    }
}

/// Nobody makes their own time longer, nor gives themselves back what has no end.
fn helps_oneself(person: &Person, template: &Template, now: Timestamp) -> Refusal {
    let catalogue = &template.catalogue;
    Refusal::HelpsOneself(catalogue.names(policy::anywhere(catalogue, &person.held, now)))
}

/// Sets when a membership ends by itself, or that it has no end; gives the new version. From that
/// moment on the member is suspended; the member and whoever set it are told 7 days and 1 day before.
/// Needs `team:manage` and all that the member holds.
///
/// # Errors
/// [`Failure::Invalid`] on `ends_at`; [`Failure::NotFound`] for a member who is not here;
/// [`Failure::Refused`] past whom the caller may touch, and for making one's own time longer;
/// [`Failure::Conflict`] for an owner, when the member changed since `version`, or when nobody
/// could manage the team then.
pub async fn set_end(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    version: i64,
    ends_at: Option<Timestamp>,
) -> Result<i64, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let ends_at = access::end("ends_at", ends_at, opened.proof.now())?;
    let person = opened.person(member).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    person.touched_by(&proof, template)?;
    if person.held.is_owner {
        return Err(Failure::Conflict(OWNERS_STAY.to_owned()));
    }
    if person.record.holder.member_version != version {
        return Err(stale("member"));
    }
    let before = person.record.holder.ends_at().map(crate::clock::timestamp);
    if member == proof.member() && is_later(ends_at, before) {
        return Err(helps_oneself(&person, template, proof.now()).into());
    }
    if before == ends_at {
        return Ok(version);
    }
    if before.is_some_and(|end| end <= proof.now()) {
        let message = format!(
            "The membership of {} has ended. Reactivate them first; then it can have another end.",
            person.record.name
        );
        return Err(Failure::Conflict(message));
    }
    let stored = access::stored_end(ends_at);
    if !tx
        .set_membership_end_at(&proof, member, version, stored, now)
        .await?
    {
        return Err(stale("member"));
    }
    guard::somebody_manages(&mut tx, template).await?;
    notices::tell(
        app,
        &mut tx,
        now,
        caller,
        &person,
        News::EndChanged { ends_at },
    )
    .await?;
    let entry = Entry::new(
        "member.end_changed",
        person.target(),
        json!({
            "before": before.map(Timestamp::rfc3339),
            "after": ends_at.map(Timestamp::rfc3339),
            "then": "suspend",
        }),
    );
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(version + 1)
}
