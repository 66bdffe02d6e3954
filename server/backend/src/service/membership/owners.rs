//! Who owns a workspace: looking, stepping down, and taking ownership away.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    MemberId, RoleId,
    member::Named,
    membership::{OwnerRow, Ownership, ProposalRow},
    permission::CorePermission,
};
use serde_json::json;

use super::{Person, TOPICS, notices, proposals};
use crate::{
    Caller, Rolecall,
    authz::{self, Refusal, Standing, TeamView, group_permissions},
    clock::timestamp,
    mail::render::News,
    service::{Failure, guard, roles::editing::Opened, sudo},
    store::{Actor, Db, Entries, Entry, ProposalRecord, WorkspaceTx},
    templates::Template,
};

/// Said to everybody else who reaches for what only owners do.
pub(super) const ONLY_OWNERS: &str = "Only an owner can do this. Ask an owner of the workspace.";
/// Said to the last owner who wants to be one no more.
const LAST_TO_STEP_DOWN: &str = "You are the only owner who can sign in, so you can not step down yet. \
    Make somebody else an owner first, or hand your ownership over.";

/// Opens a workspace for an owner: the one beginning of all that gives ownership or takes it (rule 38).
pub(super) async fn as_owner<'a>(
    app: &'a Rolecall,
    caller: &Caller,
    slug: &str,
) -> Result<Opened<'a>, Failure> {
    let opened = Opened::new(app, caller, slug).await?;
    if opened.proof.is_owner() {
        Ok(opened)
    } else {
        Err(Refusal::NeedsOwner.into())
    }
}

/// Who owns the workspace, what is proposed to whom, and whether only one person can manage the team
/// . Needs `team:view`.
///
/// # Errors
/// [`Failure::Denied`] without it.
pub async fn ownership(app: &Rolecall, caller: &Caller, slug: &str) -> Result<Ownership, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let template = proof.template(app)?;
    let owners: Vec<OwnerRow> = db
        .owners(proof.workspace())
        .await?
        .into_iter()
        .map(|owner| OwnerRow {
            id: owner.holder.member_id,
            is_you: owner.holder.member_id == proof.member(),
            can_sign_in: guard::can_sign_in(&owner, proof.now()),
            name: owner.name,
            email: owner.email,
        })
        .collect();
    let another = owners
        .iter()
        .any(|owner| owner.can_sign_in && !owner.is_you);
    let step_down = match (proof.is_owner(), another) {
        (false, _) => Some("You are not an owner.".to_owned()),
        (true, false) => Some(LAST_TO_STEP_DOWN.to_owned()),
        (true, true) => None,
    };
    let proposals = db.proposals(proof.workspace(), now).await?;
    Ok(Ownership {
        only_manager: only_manager(&mut db, &proof, template).await?,
        owners,
        proposals: proposals.into_iter().map(row).collect(),
        step_down,
    })
}

fn row(record: ProposalRecord) -> ProposalRow {
    ProposalRow {
        member: Named {
            id: record.member_id,
            name: record.name,
        },
        email: record.email,
        by: Named {
            id: record.proposer_id,
            name: record.proposer_name,
        },
        hand_over: record.hand_over,
        sent_at: timestamp(record.sent_at),
        expires_at: timestamp(record.expires_at),
    }
}

/// The name of the only person who can manage the team, if there is only one.
async fn only_manager(
    db: &mut Db,
    asker: &Standing,
    template: &Template,
) -> Result<Option<String>, Failure> {
    let catalogue = &template.catalogue;
    let manage = catalogue.core(CorePermission::TeamManage);
    let roles = db.roles(asker.workspace()).await?.into_iter();
    let roles: Vec<_> = roles
        .filter(|role| role.permissions(template).contains(manage))
        .map(|role| role.id)
        .collect();
    let groups = db.groups(asker.workspace()).await?.into_iter();
    let groups: Vec<_> = groups
        .filter(|group| group_permissions(catalogue, &group.permissions).contains(manage))
        .map(|group| group.id)
        .collect();
    let name = catalogue.name(manage);
    let mut names = db.first_holders(asker, &roles, &groups, &name).await?;
    let last = names.pop();
    Ok(last.filter(|_| names.is_empty()))
}

/// Makes an owner a member with a role, in this transaction; what they proposed is over.
async fn demote(
    tx: &mut WorkspaceTx,
    owner: MemberId,
    role: RoleId,
    otherwise: &str,
) -> Result<Vec<Entry>, Failure> {
    let entries = proposals::void(tx, owner).await?;
    tx.make_member(owner, role).await?;
    guard::somebody_owns(tx, otherwise).await?;
    Ok(entries)
}

async fn commit(
    tx: WorkspaceTx,
    now: DateTime<Utc>,
    caller: &Caller,
    entries: Vec<Entry>,
) -> Result<(), Failure> {
    if let Some(entries) = Entries::many(entries) {
        tx.commit(now, &Actor::caller(caller), entries, &TOPICS)
            .await?;
    }
    Ok(())
}

/// Stops being an owner and goes on with a role. What the caller proposed is over; the other owners are
/// told.
///
/// # Errors
/// [`Failure::Refused`] for whoever is no owner, [`Failure::NotFound`] for a role that is not here,
/// [`Failure::ConfirmFirst`] without a fresh proof, [`Failure::Conflict`] with the way out for the last
/// owner who can sign in.
pub async fn step_down(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    role: RoleId,
) -> Result<(), Failure> {
    let mut opened = as_owner(app, caller, slug).await?;
    let person = opened.person(opened.proof.member()).await?;
    let found = opened.tx.role(opened.proof.workspace(), role).await?;
    let role = found.ok_or(Failure::NotFound("role"))?;
    sudo::need(app, caller)?;
    let Opened { mut tx, now, .. } = opened;
    let mut entries = demote(&mut tx, person.id(), role.id, LAST_TO_STEP_DOWN).await?;
    let what = format!(
        "{} stepped down as an owner",
        notices::named(&person.record.name)
    );
    notices::tell_owners(app, &mut tx, now, caller, &[person.id()], &what).await?;
    entries.push(Entry::new(
        "owner.stepped_down",
        person.target(),
        json!({ "role": role.name }),
    ));
    commit(tx, now, caller, entries).await
}

/// Why nobody takes the ownership of a person; `None`: an owner can.
pub(super) fn not_to_take(person: &Person, asker: MemberId) -> Option<String> {
    if !person.held.is_owner {
        return Some(format!("{} is not an owner.", person.record.name));
    }
    (person.id() == asker)
        .then(|| "This is your own ownership. Step down, or hand it over.".to_owned())
}

/// Makes another owner a member with a role. They and the other owners are told.
///
/// # Errors
/// [`Failure::Refused`] for whoever is no owner; [`Failure::NotFound`] for a member or a role that is not
/// here; [`Failure::Conflict`] for somebody who is no owner, for oneself, and when no owner who can sign
/// in would be left; [`Failure::ConfirmFirst`] without a fresh proof.
pub async fn take_ownership(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    role: RoleId,
) -> Result<(), Failure> {
    let mut opened = as_owner(app, caller, slug).await?;
    let person = opened.person(member).await?;
    let found = opened.tx.role(opened.proof.workspace(), role).await?;
    let role = found.ok_or(Failure::NotFound("role"))?;
    let Opened {
        mut tx, proof, now, ..
    } = opened;
    if let Some(why_not) = not_to_take(&person, proof.member()) {
        return Err(Failure::Conflict(why_not));
    }
    sudo::need(app, caller)?;
    let mut entries = demote(&mut tx, member, role.id, guard::NO_OWNER_LEFT).await?;
    let news = News::OwnershipTaken { role: &role.name };
    notices::tell(app, &mut tx, now, caller, &person, news).await?;
    let name = notices::named(&person.record.name);
    let what = format!("{name} was made a member who is no owner");
    notices::tell_owners(app, &mut tx, now, caller, &[member], &what).await?;
    entries.push(Entry::new(
        "owner.demoted",
        person.target(),
        json!({ "role": role.name }),
    ));
    commit(tx, now, caller, entries).await
}
