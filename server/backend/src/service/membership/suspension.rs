//! Suspending and reactivating: a suspended person keeps all they hold and can do nothing.

use rolecall_shared::{MemberId, membership::PersonVerdict};
use serde_json::json;

use super::{
    Person, TOPICS, notices, proposals, reason,
    several::{Deed, several},
};
use crate::{
    Caller, Rolecall,
    mail::render::News,
    service::{Failure, guard, roles::editing::Opened, sudo},
    store::{Actor, Entries, Entry},
};

/// Why a person can not be suspended whatever they hold; `None`: they can.
pub(super) fn not_to_suspend(person: &Person, asker: MemberId, active: bool) -> Option<String> {
    if person.id() == asker {
        return Some(
            "You can not suspend yourself. Leave the workspace, or ask somebody else who manages the team."
                .to_owned(),
        );
    }
    (!active).then(|| format!("{} is suspended already.", person.record.name))
}

/// Suspends a member: from the next request on they can do nothing here, and open pages of theirs close.
/// They keep role, groups, direct permissions and overrides; what was proposed to or by them is over.
/// Needs `team:manage` and all that they hold; only owners suspend an owner.
///
/// # Errors
/// [`Failure::Invalid`] on `reason`; [`Failure::NotFound`] for a member who is not here;
/// [`Failure::Refused`] past whom the caller may touch; [`Failure::Conflict`] for oneself, for somebody
/// who is suspended, or when nobody could own or manage the workspace any more;
/// [`Failure::ConfirmFirst`] for an owner, without a fresh proof.
pub async fn suspend(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    why: &str,
) -> Result<(), Failure> {
    let why = reason(why)?;
    let mut opened = Opened::new(app, caller, slug).await?;
    let person = opened.person(member).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    person.touched_by(&proof, template)?;
    let active = person.record.holder.is_active(proof.now());
    if let Some(why_not) = not_to_suspend(&person, proof.member(), active) {
        return Err(Failure::Conflict(why_not));
    }
    if person.held.is_owner {
        sudo::need(app, caller)?;
    }
    tx.suspend(&proof, member, now, &why).await?;
    if person.held.is_owner {
        guard::somebody_owns(&mut tx, guard::NO_OWNER_LEFT).await?;
    }
    guard::somebody_manages(&mut tx, template).await?;
    let mut entries = proposals::void(&mut tx, member).await?;
    notices::tell(
        app,
        &mut tx,
        now,
        caller,
        &person,
        News::Suspended { reason: &why },
    )
    .await?;
    if person.held.is_owner {
        let what = format!(
            "The owner {} was suspended",
            notices::named(&person.record.name)
        );
        notices::tell_owners(app, &mut tx, now, caller, &[member], &what).await?;
    }
    entries.push(Entry::new(
        "member.suspended",
        person.target(),
        json!({ "reason": why, "role": person.record.holder.role_name, "owner": person.held.is_owner }),
    ));
    commit(tx, now, caller, entries).await
}

/// Ends a suspension, also one by time: all is as it was before, and an end that has passed is
/// forgotten. Needs `team:manage` and all that the member holds.
///
/// # Errors
/// [`Failure::NotFound`] for a member who is not here, [`Failure::Refused`] past whom the caller may
/// touch, [`Failure::Conflict`] for somebody who is active.
pub async fn reactivate(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
) -> Result<(), Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let person = opened.person(member).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    person.touched_by(&proof, template)?;
    if person.record.holder.is_active(proof.now()) {
        let message = format!("{} is active already.", person.record.name);
        return Err(Failure::Conflict(message));
    }
    tx.reactivate(member, now).await?;
    notices::tell(app, &mut tx, now, caller, &person, News::Reactivated).await?;
    let entry = Entry::new(
        "member.reactivated",
        person.target(),
        json!({ "role": person.record.holder.role_name, "owner": person.held.is_owner }),
    );
    commit(tx, now, caller, vec![entry]).await
}

async fn commit(
    tx: crate::store::WorkspaceTx,
    now: chrono::DateTime<chrono::Utc>,
    caller: &Caller,
    entries: Vec<Entry>,
) -> Result<(), Failure> {
    if let Some(entries) = Entries::many(entries) {
        tx.commit(now, &Actor::caller(caller), entries, &TOPICS)
            .await?;
    }
    Ok(())
}

/// Suspends several members, each as [`suspend`] does.
///
/// # Errors
/// [`Failure::Invalid`] on `members` or `reason`, [`Failure::ConfirmFirst`] when an owner is among them;
/// what concerns one person is their verdict.
pub async fn suspend_several(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    members: &[MemberId],
    why: &str,
) -> Result<Vec<PersonVerdict>, Failure> {
    reason(why)?;
    several(app, caller, slug, members, Deed::Suspend(why)).await
}

/// Reactivates several members, each as [`reactivate`] does.
///
/// # Errors
/// [`Failure::Invalid`] on `members`; what concerns one person is their verdict.
pub async fn reactivate_several(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    members: &[MemberId],
) -> Result<Vec<PersonVerdict>, Failure> {
    several(app, caller, slug, members, Deed::Reactivate).await
}
