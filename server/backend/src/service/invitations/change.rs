//! Changing an invitation while it waits: send again, another role, revoke.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{InvitationId, RoleId, invitation::InvitationStatus};
use serde_json::json;

use super::{Grant, inviter_may_give, stale, target};
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
/// [`Failure::Conflict`] when it was accepted, declined or revoked, or changed since `version`.
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
    let grant = allowed_grant(app, &mut tx, &proof, &record).await?;
    if !app.mail() {
        return Err(Failure::Conflict(
            "No mail server is set. Copy the link and hand it over yourself.".into(),
        ));
    }
    RESENDS
        .take(
            &mut tx,
            &limits::key(app, "resend", &id.to_string()),
            1,
            now,
        )
        .await?;
    if !tx
        .renew_invitation(now, &record, version)
        .await
        .map_err(one_waits_already)?
    {
        return Err(stale());
    }
    let record = answer_for(app, &mut tx, &proof, &record, &grant).await?;
    post::invitation(app, &mut tx, now, &record, &grant.role).await?;
    let entry = Entry::new(
        "invitation.resent",
        target(id, &record.email),
        json!({ "expires_at": record.expires_at, "role": grant.role.name }),
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

/// Gives a waiting invitation another role, with a new link by mail; older links stop working
/// . Needs `team:manage` and all that it gives then.
///
/// # Errors
/// [`Failure::Conflict`] when it does not wait any more, or changed since `version`.
pub async fn change_role(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
    version: i64,
    role: RoleId,
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
    if record.role_id == role {
        return Err(Failure::Conflict(
            "The invitation gives this role already.".into(),
        ));
    }
    let template = template(app, &proof)?;
    let workspace = tx.workspace().clone();
    let grant = Grant::of_with_role(&mut tx, &workspace, template, &record, role).await?;
    grant.permit(&proof, template)?;
    if !tx
        .set_invitation_role(&record, version, role, &grant.role.name)
        .await?
    {
        return Err(stale());
    }
    let changed = answer_for(app, &mut tx, &proof, &record, &grant).await?;
    if app.mail() {
        post::invitation(app, &mut tx, now, &changed, &grant.role).await?;
    } else {
        // A link nobody holds: all older ones are replaced all the same.
        post::link(app, &mut tx, now, id, Channel::Mail).await?;
    }
    let entry = Entry::new(
        "invitation.role_changed",
        target(id, &record.email),
        json!({ "before": record.role_name, "after": grant.role.name }),
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
