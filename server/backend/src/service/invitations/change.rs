//! Changing an invitation while it waits: send again, something else, revoke.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    InvitationId,
    invitation::{InvitationChange, InvitationStatus},
};
use serde_json::{Value, json};

use super::{
    Grant, inviter_may_give,
    send::{overrides, room_for},
    stale, target,
};
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamManage},
    events::Topic,
    service::{
        Failure,
        limits::{self, Budget},
        members::template,
        post,
    },
    store::{Actor, Channel, Entry, InvitationRecord, StoreError, WorkspaceTx},
    templates::Template,
};

const RESENDS: Budget = Budget {
    name: "mails a day for one invitation",
    most: 10,
    window: TimeDelta::days(1),
};

/// A locked workspace, a proof, and the invitation to be changed.
struct Opened {
    tx: WorkspaceTx,
    proof: Authorized<TeamManage>,
    record: InvitationRecord,
    now: DateTime<Utc>,
}

async fn open(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
    version: i64,
) -> Result<Opened, Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<TeamManage>(app, &mut tx, caller, slug).await?;
    let record = tx
        .invitation(proof.workspace(), id)
        .await?
        .ok_or(Failure::NotFound("invitation"))?;
    if record.version != version {
        return Err(stale());
    }
    Ok(Opened {
        tx,
        proof,
        record,
        now,
    })
}

pub(super) fn already(status: InvitationStatus) -> Failure {
    Failure::Conflict(match status {
        InvitationStatus::Accepted => {
            "This invitation was accepted: the person is a member now.".into()
        }
        InvitationStatus::Revoked => {
            "This invitation was revoked. Invite the person again if they should join.".into()
        }
        InvitationStatus::Declined => {
            "The person declined. Invite them again if that was a mistake.".into()
        }
        InvitationStatus::Expired => {
            "This invitation has expired. Resend it to make it valid again.".into()
        }
        InvitationStatus::Pending => "This invitation is waiting for its answer.".into(),
    })
}

/// Sends an invitation again: a new link, the original validity from now; older links stop working
/// . Needs `team:manage` and all that the invitation gives.
///
/// # Errors
/// [`Failure::Conflict`] when it was accepted, declined or revoked, changed since `version`, or has
/// expired and would not be sent today; [`Failure::TooMany`] past the limits of mails, or of what waits.
pub async fn resend(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
    version: i64,
) -> Result<(), Failure> {
    let Opened {
        mut tx,
        proof,
        record,
        now,
    } = open(app, caller, slug, id, version).await?;
    match record.status_at(now) {
        InvitationStatus::Pending | InvitationStatus::Expired => {}
        status => return Err(already(status)),
    }
    may_wait(&mut tx, &record, now).await?;
    let grant = allowed_grant(app, &mut tx, &proof, &record).await?;
    if !app.mail() {
        return Err(Failure::Conflict(
            "No mail server is set. Copy the link and hand it over yourself.".into(),
        ));
    }
    take_budgets(app, &mut tx, &record, now).await?;
    if !tx
        .renew_invitation(now, &record, version)
        .await
        .map_err(one_waits_already)?
    {
        return Err(stale());
    }
    let renewed = answer_for(app, &mut tx, &proof, &record, &grant).await?;
    post::invitation(app, &mut tx, now, &renewed, &grant.role).await?;
    let entry = Entry::new(
        "invitation.resent",
        target(id, &record.email),
        answered(
            json!({ "expires_at": renewed.expires_at, "role": grant.role.name }),
            &record,
            &renewed,
        ),
    );
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Invitations],
    )
    .await?;
    Ok(())
}

/// Refuses to let an expired invitation wait again that would not be sent today: the domains that the
/// workspace allows may have changed meanwhile, and what waits has a limit. What waits already
/// stays.
pub(super) async fn may_wait(
    tx: &mut WorkspaceTx,
    record: &InvitationRecord,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if record.status_at(now) != InvitationStatus::Expired {
        return Ok(());
    }
    let domain = record.email_norm.rsplit('@').next().unwrap_or_default();
    if !tx.workspace().allows_domain(domain) {
        return Err(Failure::Conflict(format!(
            "This workspace does not invite addresses at {domain} any more. Ask somebody who manages the settings to allow it."
        )));
    }
    room_for(tx, 1, now).await
}

/// A further mail of one invitation; nothing where no mail is sent.
async fn take_budgets(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    record: &InvitationRecord,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if !app.mail() {
        return Ok(());
    }
    let key = limits::key(app, "resend", &record.id.to_string());
    RESENDS.take(tx, &key, 1, now).await?;
    post::take_budget(app, tx, now, &record.email_norm).await
}

pub(super) fn one_waits_already(error: StoreError) -> Failure {
    match error {
        StoreError::Duplicate(_) => Failure::Conflict(
            "A newer invitation for this address is waiting. Go on with that one.".into(),
        ),
        other => other.into(),
    }
}

/// An invitation that ended keeps its role also when the role is deleted, and gives it no more (rule 42).
fn role_is_gone(failure: Failure) -> Failure {
    match failure {
        Failure::NotFound("role") => Failure::Conflict(
            "The role of this invitation was deleted. Invite the person again with another role."
                .into(),
        ),
        other => other,
    }
}

/// What the invitation gives, if the caller may give it.
pub(super) async fn allowed_grant(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    proof: &Authorized<TeamManage>,
    record: &InvitationRecord,
) -> Result<Grant, Failure> {
    let template = template(app, proof)?;
    let grant = Grant::of(tx, proof.workspace_record(), template, record)
        .await
        .map_err(role_is_gone)?;
    grant.permit(proof, template)?;
    Ok(grant)
}

/// The caller answers for an invitation whose inviter no longer can; gives the row as it is now.
pub(super) async fn answer_for(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    proof: &Authorized<TeamManage>,
    record: &InvitationRecord,
    grant: &Grant,
) -> Result<InvitationRecord, Failure> {
    let template = template(app, proof)?;
    if !inviter_may_give(app, tx, template, record, grant).await? {
        let session = &proof.caller().session;
        tx.set_inviter(record.id, proof.member(), &session.name, &session.email)
            .await?;
    }
    tx.invitation(proof.workspace(), record.id)
        .await?
        .ok_or(Failure::NotFound("invitation"))
}

/// A detail of the trail that also says who answers for the invitation from now on, if that is new.
pub(super) fn answered(
    mut detail: Value,
    before: &InvitationRecord,
    after: &InvitationRecord,
) -> Value {
    if let Some(inviter) = before.answered_anew(after) {
        detail["answers_for_it"] = inviter.into();
    }
    detail
}

/// Ends an invitation: its links stop working at once, and mail that still waits is not sent.
/// Needs `team:manage`.
///
/// # Errors
/// [`Failure::Conflict`] when it ended in another way first, or changed since `version`.
pub async fn revoke(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
    version: i64,
) -> Result<(), Failure> {
    let Opened {
        mut tx,
        record,
        now,
        ..
    } = open(app, caller, slug, id, version).await?;
    let status = record.status_at(now);
    if status != InvitationStatus::Pending
        || !tx
            .end_invitation(now, id, InvitationStatus::Revoked, None, None)
            .await?
    {
        return Err(already(status));
    }
    let entry = Entry::new(
        "invitation.revoked",
        target(id, &record.email),
        json!({ "role": record.role_name }),
    );
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Invitations],
    )
    .await?;
    Ok(())
}

/// Makes a waiting invitation give something else, with a new link by mail; older links stop working
/// . Needs `team:manage` and all that it gives then.
///
/// # Errors
/// [`Failure::Conflict`] when it does not wait any more, gives just that, or changed since `version`.
pub async fn change(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
    version: i64,
    change: &InvitationChange,
) -> Result<(), Failure> {
    let Opened {
        mut tx,
        proof,
        record,
        now,
    } = open(app, caller, slug, id, version).await?;
    let status = record.status_at(now);
    if status != InvitationStatus::Pending {
        return Err(already(status));
    }
    let template = template(app, &proof)?;
    let before = Grant::of(&mut tx, proof.workspace_record(), template, &record).await?;
    let grant = changed_grant(&mut tx, &proof, template, &before, change).await?;
    grant.permit(&proof, template)?;
    if grant.is_like(&before) {
        return Err(Failure::Conflict(
            "The invitation gives this already.".into(),
        ));
    }
    take_budgets(app, &mut tx, &record, now).await?;
    let role = &grant.role;
    if !tx
        .set_invitation_role(&record, version, role.id, &role.name)
        .await?
    {
        return Err(stale());
    }
    let overrides = grant.stored_overrides(id, template);
    tx.set_invited_grants(id, &grant.group_ids(), &overrides)
        .await?;
    let changed = answer_for(app, &mut tx, &proof, &record, &grant).await?;
    if app.mail() {
        post::invitation(app, &mut tx, now, &changed, role).await?;
    } else {
        // A link nobody holds: all older ones are replaced all the same.
        post::link(app, &mut tx, now, id, Channel::Mail).await?;
    }
    let entry = Entry::new(
        "invitation.changed",
        target(id, &record.email),
        answered(
            json!({ "before": before.said(template), "after": grant.said(template) }),
            &record,
            &changed,
        ),
    );
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Invitations],
    )
    .await?;
    Ok(())
}

/// What the invitation would give; groups and overrides that nobody mentions stay.
async fn changed_grant(
    tx: &mut WorkspaceTx,
    proof: &Authorized<TeamManage>,
    template: &Template,
    before: &Grant,
    change: &InvitationChange,
) -> Result<Grant, Failure> {
    let workspace = proof.workspace_record();
    let groups = change.groups.clone().unwrap_or_else(|| before.group_ids());
    let mut grant = Grant::find(tx, workspace, template, change.role, &groups).await?;
    if template.group_required && grant.groups.is_empty() {
        return Err(Failure::field(
            "groups",
            "Choose at least one group: here, groups give all access.",
        ));
    }
    grant.overrides = match &change.overrides {
        Some(orders) => overrides(tx, proof, template, orders).await?,
        None => before.overrides.clone(),
    };
    Ok(grant)
}
