//! Copying a link, where the workspace allows it.

use rolecall_shared::{InvitationId, invitation::InvitationStatus};
use serde_json::json;

use super::{Grant, target};
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
/// # Errors
/// [`Failure::Conflict`] when copying is switched off or the invitation does not wait any more.
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
    if record.status_at(now) != InvitationStatus::Pending {
        return Err(Failure::Conflict(
            "Only an invitation that waits has a link. Resend it, or invite again.".into(),
        ));
    }
    let template = template(app, &proof)?;
    let grant = Grant::of(&mut tx, proof.workspace_record(), template, &record).await?;
    authz::may_give(&proof, &template.catalogue, grant.permissions).map_err(Failure::BeyondOwn)?;
    let link = post::link(app, &mut tx, now, id, Channel::Copy).await?;
    let entry = Entry::new(
        "invitation.link_copied",
        target(id, &record.email),
        json!({}),
    );
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Invitations],
    )
    .await?;
    Ok(link)
}
