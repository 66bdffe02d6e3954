//! Copying a link, where the workspace allows it.

use rolecall_shared::{InvitationId, invitation::InvitationStatus};
use serde_json::json;

use super::{
    change::{allowed_grant, already, answer_for, answered, may_wait, one_waits_already},
    inviter_may_give, stale, target,
};
use crate::{
    Caller, Rolecall,
    authz::{self, TeamManage},
    events::Topic,
    service::{Failure, members::template, post},
    store::{Actor, Channel, Entry},
};

/// Makes a link to hand over and gives it, once: only its hash is kept. Links copied before stop
/// working; the mailed one goes on. A copied link does not prove the mailbox. Needs
/// `team:manage` and all that the invitation gives.
///
/// An invitation that has expired or needs approval can be accepted again, with its original
/// validity from now and the caller answering for it, as if it was sent again.
///
/// # Errors
/// [`Failure::Conflict`] when copying is switched off, it was accepted, declined or revoked, or it has
/// expired and would not be sent today; [`Failure::TooMany`] past the limit of what waits.
pub async fn copy_link(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    id: InvitationId,
) -> Result<String, Failure> {
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
    if !tx.workspace().copy_link {
        return Err(Failure::Conflict(
            "Copying links is switched off in this workspace. Resend the mail instead, or change the invitation settings."
                .into(),
        ));
    }
    let waits = match record.status_at(now) {
        InvitationStatus::Pending => true,
        InvitationStatus::Expired => false,
        status => return Err(already(status)),
    };
    may_wait(&mut tx, &record, now).await?;
    let grant = allowed_grant(app, &mut tx, &proof, &record).await?;
    let template = template(app, &proof)?;
    let renews = !waits || !inviter_may_give(app, &mut tx, template, &record, &grant).await?;
    if renews {
        let version = record.version;
        if !tx
            .renew_invitation(now, &record, version)
            .await
            .map_err(one_waits_already)?
        {
            return Err(stale());
        }
    }
    let before = record;
    let record = if renews {
        answer_for(app, &mut tx, &proof, &before, &grant).await?
    } else {
        before.clone()
    };
    let link = post::link(app, &mut tx, now, id, Channel::Copy).await?;
    let detail = if renews {
        answered(
            json!({ "renewed": true, "expires_at": record.expires_at, "role": grant.role.name }),
            &before,
            &record,
        )
    } else {
        json!({})
    };
    let entry = Entry::new("invitation.link_copied", target(id, &record.email), detail);
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Invitations],
    )
    .await?;
    Ok(link)
}
