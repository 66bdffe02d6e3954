//! Declining.

use rolecall_shared::invitation::InvitationStatus;
use serde_json::json;

use super::{AcceptFailure, Ended, code, open};
use crate::{
    Rolecall,
    events::Topic,
    mail::render::Outcome,
    request::{RequestMeta, Session},
    service::{Failure, invitations::target, post},
    store::{Actor, Entry},
};

/// Says no, for the invited person: the mailed link or a session of that address proves it.
/// Where no mail can be sent, the copied link has to do, as it does for joining. Nobody's permission
/// is asked for, so an invitation that waits for approval can be declined too. Gives the workspace's name.
///
/// # Errors
/// [`AcceptFailure::Ended`] when the link does not work any more; [`Failure::Conflict`] with a
/// copied link and no proof.
pub async fn decline(
    app: &Rolecall,
    meta: &RequestMeta,
    session: Option<&Session>,
    token: &str,
) -> Result<String, AcceptFailure> {
    let now = app.clock().now();
    let mut tx = code::lock(app, token).await?;
    let live = open::find(app, &mut tx, token, now)
        .await?
        .map_err(AcceptFailure::Ended)?;
    let own_session = session.filter(|s| s.email_verified && open::owns_address(s, &live.record));
    if !live.may_decline(app, session) {
        let message = format!(
            "This link was copied. To decline, use the link that was mailed to {}.",
            live.record.email
        );
        return Err(Failure::Conflict(message).into());
    }
    if !tx
        .end_invitation(now, live.record.id, InvitationStatus::Declined, None, None)
        .await?
    {
        return Err(AcceptFailure::Ended(Ended::Unknown));
    }
    post::outcome(app, &mut tx, now, &live.record, Outcome::Declined).await?;
    let actor = match own_session {
        Some(session) => Actor::user(session, meta),
        None => Actor::visitor(
            format!("holder of the link for {}", live.record.email),
            meta,
        ),
    };
    let entry = Entry::new(
        "invitation.declined",
        target(live.record.id, &live.record.email),
        json!({ "inviter": live.record.inviter_email }),
    );
    tx.commit(now, &actor, entry.into(), &[Topic::Invitations])
        .await?;
    Ok(live.workspace.name)
}
