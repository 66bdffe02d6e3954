//! Ownership by proposal and acceptance: beside the present owners, or in place of the one who proposes
//! it.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    MemberId, Timestamp,
    membership::{OwnershipOffer, PROPOSAL_HOURS},
};
use serde_json::json;

use super::{Person, TOPICS, notices, owners::as_owner};
use crate::{
    Caller, Rolecall,
    authz::{self, Standing},
    clock::timestamp,
    mail::render::News,
    service::{Failure, guard, roles::editing::Opened, sudo},
    store::{
        Actor, Db, Entries, Entry, PersonRecord, ProposalRecord, RoleRecord, StoreError, Target,
        WorkspaceTx,
    },
    templates::Template,
};

const NOTHING_WAITS: &str =
    "No ownership is proposed to you any more. It was taken back, or its time is over.";

/// What is proposed to a member and still can be accepted, for every page.
pub(in crate::service) async fn offer(
    db: &mut Db,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<Option<OwnershipOffer>, StoreError> {
    let found = db.proposal_to(member).await?;
    let live = found.filter(|proposal| now < proposal.expires_at && proposal.proposer_owns);
    Ok(live.map(|proposal| OwnershipOffer {
        by: proposal.proposer_name,
        hand_over: proposal.hand_over,
        expires_at: timestamp(proposal.expires_at),
    }))
}

/// Why ownership can not be proposed to somebody; `None`: an owner can.
pub(super) fn not_to_propose(
    person: &PersonRecord,
    waiting: Option<&ProposalRecord>,
    now: Timestamp,
) -> Option<String> {
    let name = &person.name;
    if person.holder.is_owner {
        Some(format!("{name} is an owner already."))
    } else if !person.holder.is_active(now) {
        Some(format!("{name} is suspended. Reactivate them first."))
    } else if person.email_verified_at.is_none() {
        Some(format!(
            "{name} has not proven their address yet, so they can not be an owner."
        ))
    } else {
        waiting.map(|_| format!("Ownership is proposed to {name} already. Cancel that first."))
    }
}

fn target(proposal: &ProposalRecord) -> Target {
    Target::member(
        proposal.member_id,
        format!("{} <{}>", proposal.name, proposal.email),
    )
}

/// Ends what was proposed to and by a member, because they go or are no owner any more; gives the rows
/// for the trail.
pub(super) async fn void(tx: &mut WorkspaceTx, member: MemberId) -> Result<Vec<Entry>, StoreError> {
    let voided = tx.void_proposals(member).await?;
    let entries = voided.iter().map(|proposal| {
        let detail = json!({ "by": proposal.proposer_email, "hand_over": proposal.hand_over });
        Entry::new("ownership.voided", target(proposal), detail)
    });
    Ok(entries.collect())
}

/// Proposes ownership to an active member with a proven address, for 72 hours. With `hand_over` the
/// caller becomes an admin when it is accepted.
///
/// # Errors
/// [`Failure::Refused`] for whoever is no owner; [`Failure::NotFound`] for a member who is not here;
/// [`Failure::Conflict`] for an owner, for somebody suspended or without a proven address, and while a
/// proposal to them waits; [`Failure::ConfirmFirst`] without a fresh proof.
pub async fn propose_ownership(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    hand_over: bool,
) -> Result<(), Failure> {
    let mut opened = as_owner(app, caller, slug).await?;
    let person = opened.person(member).await?;
    let Opened {
        mut tx, proof, now, ..
    } = opened;
    let waiting = tx.proposal_to(member).await?;
    let waiting = waiting.filter(|proposal| now < proposal.expires_at);
    if let Some(why_not) = not_to_propose(&person.record, waiting.as_ref(), proof.now()) {
        return Err(Failure::Conflict(why_not));
    }
    sudo::need(app, caller)?;
    let expires_at = now + TimeDelta::hours(PROPOSAL_HOURS);
    tx.insert_proposal(member, proof.member(), hand_over, (now, expires_at))
        .await?;
    let news = News::OwnershipProposed {
        hand_over,
        expires_at: timestamp(expires_at),
    };
    notices::tell(app, &mut tx, now, caller, &person, news).await?;
    let name = notices::named(&person.record.name);
    let what = format!("Ownership was proposed to {name}");
    notices::tell_owners(app, &mut tx, now, caller, &[], &what).await?;
    let entry = Entry::new(
        "ownership.proposed",
        person.target(),
        json!({ "hand_over": hand_over, "expires_at": expires_at }),
    );
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(())
}

/// Takes back what was proposed to a member, whichever owner did it.
///
/// # Errors
/// [`Failure::Refused`] for whoever is no owner, [`Failure::NotFound`] for a member who is not here,
/// [`Failure::Conflict`] when nothing waits for them.
pub async fn cancel_ownership(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
) -> Result<(), Failure> {
    let mut opened = as_owner(app, caller, slug).await?;
    let person = opened.person(member).await?;
    let Opened { mut tx, now, .. } = opened;
    if !tx.delete_proposal(member).await? {
        let message = format!("No ownership is proposed to {}.", person.record.name);
        return Err(Failure::Conflict(message));
    }
    notices::tell(app, &mut tx, now, caller, &person, News::OwnershipCancelled).await?;
    let entry = Entry::new("ownership.cancelled", person.target(), json!({}));
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(())
}

/// A locked workspace with the proposal that the caller answers.
struct Answering<'a> {
    tx: WorkspaceTx,
    actor: Standing,
    template: &'a Template,
    person: Person,
    proposal: ProposalRecord,
    now: DateTime<Utc>,
}

impl<'a> Answering<'a> {
    /// The one beginning of every answer. Answering needs no permission: the proposal is to the caller.
    async fn new(app: &'a Rolecall, caller: &Caller, slug: &str) -> Result<Self, Failure> {
        let now = app.clock().now();
        let mut tx = app
            .store()
            .lock_slug(slug)
            .await?
            .ok_or(Failure::NotFound("workspace"))?;
        let actor = authz::standing(app, &mut tx, caller, slug).await?;
        authz::in_person(caller)?;
        let template = actor.template(app)?;
        let found = tx.proposal_to(actor.member()).await?;
        let proposal = found
            .filter(|proposal| now < proposal.expires_at && proposal.proposer_owns)
            .ok_or_else(|| Failure::Conflict(NOTHING_WAITS.to_owned()))?;
        let person = Person::find(&mut tx, actor.workspace(), template, actor.member()).await?;
        Ok(Self {
            tx,
            actor,
            template,
            person,
            proposal,
            now,
        })
    }
}

/// Becomes an owner, as was proposed; the one who handed over becomes an admin in the same transaction
///
///
/// # Errors
/// [`Failure::Conflict`] when nothing is proposed to the caller any more, or their address is not proven;
/// [`Failure::ConfirmFirst`] without a fresh proof.
pub async fn accept_ownership(app: &Rolecall, caller: &Caller, slug: &str) -> Result<(), Failure> {
    let Answering {
        mut tx,
        actor,
        template,
        person,
        proposal,
        now,
    } = Answering::new(app, caller, slug).await?;
    if let Some(why_not) = not_to_propose(&person.record, None, actor.now()) {
        return Err(Failure::Conflict(why_not));
    }
    sudo::need(app, caller)?;
    tx.delete_proposal(person.id()).await?;
    tx.make_owner(person.id()).await?;
    let mut entries = vec![Entry::new(
        "ownership.accepted",
        person.target(),
        json!({ "by": proposal.proposer_email, "hand_over": proposal.hand_over }),
    )];
    if proposal.hand_over {
        let role = strongest(&mut tx, template).await?;
        tx.make_member(proposal.proposer_id, role.id).await?;
        entries.extend(void(&mut tx, proposal.proposer_id).await?);
        let label = format!("{} <{}>", proposal.proposer_name, proposal.proposer_email);
        entries.push(Entry::new(
            "owner.handed_over",
            Target::member(proposal.proposer_id, label),
            json!({ "role": role.name, "to": person.record.email }),
        ));
    }
    guard::somebody_owns(&mut tx, guard::NO_OWNER_LEFT).await?;
    answered(app, &mut tx, now, caller, &proposal, true).await?;
    let name = notices::named(&person.record.name);
    let what = if proposal.hand_over {
        let from = notices::named(&proposal.proposer_name);
        format!("{name} took the ownership over from {from}")
    } else {
        format!("{name} became an owner")
    };
    let know = [proposal.proposer_id, person.id()];
    notices::tell_owners(app, &mut tx, now, caller, &know, &what).await?;
    if let Some(entries) = Entries::many(entries) {
        tx.commit(now, &Actor::caller(caller), entries, &TOPICS)
            .await?;
    }
    Ok(())
}

/// The first built-in role of the template, which is its strongest.
pub(super) async fn strongest(
    tx: &mut WorkspaceTx,
    template: &Template,
) -> Result<RoleRecord, StoreError> {
    let key = template.roles.first().map(|role| role.key.as_str());
    let workspace = tx.workspace().id;
    let roles = tx.roles(workspace).await?;
    roles
        .into_iter()
        .find(|role| role.builtin_key.is_some() && role.builtin_key.as_deref() == key)
        .ok_or(StoreError::Corrupt("a workspace without built-in roles"))
}

async fn answered(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    proposal: &ProposalRecord,
    accepted: bool,
) -> Result<(), Failure> {
    let news = News::OwnershipAnswered {
        who: &caller.session.name,
        accepted,
    };
    notices::mail(app, tx, now, &proposal.proposer_email, "", news).await
}

/// Does not become an owner; the one who proposed it is told.
///
/// # Errors
/// [`Failure::Conflict`] when nothing is proposed to the caller any more.
pub async fn decline_ownership(app: &Rolecall, caller: &Caller, slug: &str) -> Result<(), Failure> {
    let Answering {
        mut tx,
        person,
        proposal,
        now,
        ..
    } = Answering::new(app, caller, slug).await?;
    tx.delete_proposal(person.id()).await?;
    answered(app, &mut tx, now, caller, &proposal, false).await?;
    let entry = Entry::new(
        "ownership.declined",
        person.target(),
        json!({ "by": proposal.proposer_email }),
    );
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(())
}
