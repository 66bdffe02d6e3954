//! Removing and leaving: one path, whoever ends a membership.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    MemberId,
    invitation::InvitationStatus,
    membership::{Departure, PersonVerdict, RemovalOrder, Removed, SentInvitations, UNDO_DAYS},
};
use serde_json::{Value, json};

use super::{
    Person, TOPICS, notices, proposals, reason,
    several::{Deed, several},
};
use crate::{
    Caller, Rolecall,
    authz::{self, Standing},
    clock::timestamp,
    mail::render::News,
    service::{
        Failure, guard,
        invitations::{Grant, target, write_down_expired},
        roles::editing::Opened,
        sudo,
    },
    store::{Actor, Departed, Entries, Entry, InvitationRecord, TokenEnd, WorkspaceTx},
    templates::Template,
};

/// Said to an owner who is the last one and wants to go.
pub(super) const LAST_OWNER: &str = "You are the only owner who can sign in, so you can not leave yet. \
    Make somebody else an owner first, or hand your ownership over; then you can leave.";
/// Said to the last one who manages the team and wants to go.
pub(super) const LAST_MANAGER: &str = "After this nobody could manage the team of this workspace. \
    Give somebody else the permission team:manage first; then you can leave.";
/// Said to people who want to remove themselves.
pub(super) const REMOVES_ONESELF: &str =
    "You can not remove yourself. Leave the workspace instead.";

/// Until when a removal at a moment can be undone.
pub(super) fn undo_until(at: DateTime<Utc>) -> DateTime<Utc> {
    at + TimeDelta::days(UNDO_DAYS)
}

/// A membership that is about to end, under the lock.
struct Ending<'a> {
    app: &'a Rolecall,
    caller: &'a Caller,
    template: &'a Template,
    /// Who ends it.
    actor: &'a Standing,
    person: &'a Person,
    departure: Departure,
    reason: &'a str,
    invitations: SentInvitations,
    now: DateTime<Utc>,
}

impl Ending<'_> {
    /// Ends the membership and all that goes with it: what they sent is revoked or answered for
    /// by somebody else, their tokens are revoked for good, proposals of ownership are over,
    /// what they created stays. Gives what it
    /// did, and the rows for the trail.
    async fn carry_out(&self, tx: &mut WorkspaceTx) -> Result<(Removed, Vec<Entry>), Failure> {
        write_down_expired(self.app, tx, self.now, "membership").await?;
        let mut entries = proposals::void(tx, self.person.id()).await?;
        let guest = tx
            .inviter_of(self.actor.workspace(), self.person.id())
            .await?;
        let (revoked, kept) = self.invitations(tx, &mut entries).await?;
        let before = self.before(tx).await?;
        let by = &self.caller.session.name;
        let end = TokenEnd {
            at: self.now,
            by,
            because: self.departure.name(),
        };
        let tokens = tx.revoke_tokens_of(self.person.id(), &end).await?;
        tx.depart(&Departed {
            member: self.person.id(),
            departure: self.departure,
            at: self.now,
            by,
            reason: self.reason,
        })
        .await?;
        if self.person.held.is_owner {
            let otherwise = match self.departure {
                Departure::Left => LAST_OWNER,
                Departure::Removed => guard::NO_OWNER_LEFT,
            };
            guard::somebody_owns(tx, otherwise).await?;
        }
        guard::somebody_manages(tx, self.template).await?;
        self.tell(tx, guest).await?;
        let until = undo_until(self.now);
        let action = match self.departure {
            Departure::Removed => "member.removed",
            Departure::Left => "member.left",
        };
        entries.push(Entry::new(
            action,
            self.person.target(),
            json!({
                "before": before,
                "reason": self.reason,
                "invitations_revoked": revoked,
                "invitations_kept": kept,
                "tokens_revoked": tokens,
                "undo_until": until,
            }),
        ));
        let removed = Removed {
            revoked,
            kept,
            undo_until: timestamp(until),
        };
        Ok((removed, entries))
    }

    /// Revokes what they sent and still waits, or lets the remover answer for it.
    async fn invitations(
        &self,
        tx: &mut WorkspaceTx,
        entries: &mut Vec<Entry>,
    ) -> Result<(usize, usize), Failure> {
        let workspace = self.actor.workspace();
        let sent = tx
            .pending_of_inviter(workspace, self.person.id(), self.now)
            .await?;
        let (mut revoked, mut kept) = (0, 0);
        for invitation in sent {
            let keeps = self.invitations == SentInvitations::Keep
                && may_answer_for(tx, self.actor, self.template, &invitation).await?;
            let about = target(invitation.id, &invitation.email);
            if keeps {
                let session = &self.caller.session;
                tx.set_inviter(
                    invitation.id,
                    self.actor.member(),
                    &session.name,
                    &session.email,
                )
                .await?;
                let detail = json!({ "before": invitation.inviter_email, "after": session.email });
                entries.push(Entry::new("invitation.taken_over", about, detail));
                kept += 1;
            } else {
                tx.end_invitation(
                    self.now,
                    invitation.id,
                    InvitationStatus::Revoked,
                    None,
                    None,
                )
                .await?;
                let detail =
                    json!({ "role": invitation.role_name, "because": self.departure.name() });
                entries.push(Entry::new("invitation.revoked", about, detail));
                revoked += 1;
            }
        }
        Ok((revoked, kept))
    }

    /// What they held, for the trail.
    async fn before(&self, tx: &mut WorkspaceTx) -> Result<Value, Failure> {
        let catalogue = &self.template.catalogue;
        let groups = tx.groups(self.actor.workspace()).await?;
        let held = &self.person.held;
        let groups: Vec<&str> = groups
            .iter()
            .filter(|group| held.groups.iter().any(|g| g.id == group.id))
            .map(|group| group.name.as_str())
            .collect();
        Ok(json!({
            "role": self.person.record.holder.role_name,
            "owner": held.is_owner,
            "groups": groups,
            "direct": catalogue.names(held.direct.permissions),
            "overrides": held.overrides.len(),
        }))
    }

    async fn tell(
        &self,
        tx: &mut WorkspaceTx,
        inviter: Option<(MemberId, String)>,
    ) -> Result<(), Failure> {
        let (app, now, caller, person) = (self.app, self.now, self.caller, self.person);
        let left = self.departure == Departure::Left;
        let reason = self.reason;
        notices::tell(app, tx, now, caller, person, News::Removed { reason }).await?;
        if person.held.is_owner {
            let name = notices::named(&person.record.name);
            let what = if left {
                format!("{name}, who was an owner, left the workspace")
            } else {
                format!("{name}, who was an owner, was removed from the workspace")
            };
            return notices::tell_owners(app, tx, now, caller, &[], &what).await;
        }
        if let Some((inviter, address)) = inviter
            && inviter != self.actor.member()
        {
            let who = notices::label(&person.record);
            let news = News::GuestGone { who: &who, left };
            notices::mail(app, tx, now, &address, &caller.session.name, news).await?;
        }
        Ok(())
    }
}

/// Whether somebody may answer for an invitation: could they send it themselves?
pub(super) async fn may_answer_for(
    db: &mut crate::store::Db,
    actor: &Standing,
    template: &Template,
    invitation: &InvitationRecord,
) -> Result<bool, Failure> {
    match Grant::of(db, actor.workspace_record(), template, invitation).await {
        Ok(grant) => Ok(grant.permit(actor, template).is_ok()),
        Err(Failure::NotFound(_)) => Ok(false),
        Err(failure) => Err(failure),
    }
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

/// Removes a member, at once: the person is told, and it can be undone for 90 days. Needs `team:manage`
/// and all that they hold; only owners remove an owner.
///
/// # Errors
/// [`Failure::Invalid`] on `reason`; [`Failure::NotFound`] for a member who is not here;
/// [`Failure::Refused`] past whom the caller may touch; [`Failure::Conflict`] for oneself, or when
/// nobody could own or manage the workspace any more; [`Failure::ConfirmFirst`] for an owner,
/// without a fresh proof.
pub async fn remove(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    order: &RemovalOrder,
) -> Result<Removed, Failure> {
    let why = reason(&order.reason)?;
    let mut opened = Opened::new(app, caller, slug).await?;
    let person = opened.person(member).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    if member == proof.member() {
        return Err(Failure::Conflict(REMOVES_ONESELF.to_owned()));
    }
    person.touched_by(&proof, template)?;
    if person.held.is_owner {
        sudo::need(app, caller)?;
    }
    let ending = Ending {
        app,
        caller,
        template,
        actor: &proof,
        person: &person,
        departure: Departure::Removed,
        reason: &why,
        invitations: order.invitations,
        now,
    };
    let (removed, entries) = ending.carry_out(&mut tx).await?;
    commit(tx, now, caller, entries).await?;
    Ok(removed)
}

/// Removes several members, each as [`remove`] does.
///
/// # Errors
/// [`Failure::Invalid`] on `members` or `reason`, [`Failure::ConfirmFirst`] when an owner is among them;
/// what concerns one person is their verdict.
pub async fn remove_several(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    members: &[MemberId],
    order: &RemovalOrder,
) -> Result<Vec<PersonVerdict>, Failure> {
    reason(&order.reason)?;
    several(app, caller, slug, members, Deed::Remove(order)).await
}

/// Ends the caller's own membership, which needs no permission. What they sent is revoked.
///
/// # Errors
/// [`Failure::Conflict`] with the way out for the last owner who can sign in, and when nobody
/// could manage the team any more.
pub async fn leave(app: &Rolecall, caller: &Caller, slug: &str) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let actor = authz::standing(app, &mut tx, caller, slug).await?;
    authz::in_person(caller)?;
    let template = actor.template(app)?;
    let person = Person::find(&mut tx, actor.workspace(), template, actor.member()).await?;
    let ending = Ending {
        app,
        caller,
        template,
        actor: &actor,
        person: &person,
        departure: Departure::Left,
        reason: "",
        invitations: SentInvitations::Revoke,
        now,
    };
    let (_, entries) = ending
        .carry_out(&mut tx)
        .await
        .map_err(|failure| match failure {
            Failure::Conflict(message) if message == guard::NOBODY_LEFT => {
                Failure::Conflict(LAST_MANAGER.to_owned())
            }
            other => other,
        })?;
    commit(tx, now, caller, entries).await
}

/// Ends a membership in a workspace of the demo, some time ago; without a name, by themselves.
pub(in crate::service) async fn removed_for_demo(
    tx: &mut WorkspaceTx,
    member: MemberId,
    departure: Departure,
    (by, reason): (Option<&str>, &str),
    at: DateTime<Utc>,
) -> Result<(), Failure> {
    let workspace = tx.workspace().id;
    let person = tx.person(workspace, member).await?;
    let own = person.map_or(String::new(), |person| person.name);
    tx.depart(&Departed {
        member,
        departure,
        at,
        by: by.unwrap_or(&own),
        reason,
    })
    .await?;
    Ok(())
}
