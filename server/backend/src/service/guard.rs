//! The rule that somebody can always manage the team, and everybody with all that they hold.

use std::collections::HashMap;

use rolecall_shared::{
    MemberId, Timestamp, WorkspaceId,
    catalogue::Catalogue,
    policy::{Holdings, boundary::manages_team},
};

use super::Failure;
use crate::{
    authz::holdings,
    store::{Db, GrantRecord, PersonRecord, StoreError, WorkspaceTx},
    templates::Template,
};

/// Said when a change would leave nobody who can manage the team.
pub(crate) const NOBODY_LEFT: &str = "After this nobody could manage the team of this workspace. \
    Give somebody else the permission team:manage first.";

/// Said when a change would leave no owner who can sign in.
pub(crate) const NO_OWNER_LEFT: &str = "After this the workspace would have no owner who can sign in. \
    Make somebody else an owner first.";

/// A moment that never comes: what holds then was given without an end.
const FOR_EVER: Timestamp = Timestamp(i64::MAX);

/// Whether somebody can act here at `now`: active, and with a proven address.
pub(crate) fn can_sign_in(person: &PersonRecord, now: Timestamp) -> bool {
    person.holder.is_active(now) && person.email_verified_at.is_some()
}

/// Whether somebody can manage the team, today and for as long as nobody takes it from them.
pub(crate) fn manages_lastingly(
    catalogue: &Catalogue,
    person: &PersonRecord,
    held: &Holdings,
) -> bool {
    person.holder.stays_active()
        && person.email_verified_at.is_some()
        && manages_team(catalogue, held, FOR_EVER)
}

/// Everybody in a workspace, by name, with all that they hold: two statements, whatever their number.
pub(crate) async fn everybody(
    db: &mut Db,
    workspace: WorkspaceId,
    template: &Template,
) -> Result<Vec<(PersonRecord, Holdings)>, StoreError> {
    let mut grants: HashMap<MemberId, Vec<GrantRecord>> = HashMap::new();
    for grant in db.all_grants(workspace).await? {
        grants.entry(grant.member_id).or_default().push(grant);
    }
    let people = db.people(workspace).await?.into_iter();
    Ok(people
        .map(|person| {
            let theirs = grants.get(&person.holder.member_id);
            let held = holdings(template, &person.holder, theirs.map_or(&[], Vec::as_slice));
            (person, held)
        })
        .collect())
}

/// Refuses a change, made in this transaction and not committed, that leaves nobody who can manage
/// the team: no owner and no member with `team:manage` who can sign in now. Only what has no end
/// counts, so that the rule does not break by itself one day. To be asked, under the lock, after
/// every change of what people hold, are, or can sign in with.
///
/// # Errors
/// [`Failure::Conflict`] with the way out.
pub(crate) async fn somebody_manages(
    tx: &mut WorkspaceTx,
    template: &Template,
) -> Result<(), Failure> {
    let workspace = tx.workspace().id;
    if tx.owners_who_can_sign_in(workspace).await? > 0 {
        return Ok(());
    }
    let catalogue = &template.catalogue;
    let people = everybody(tx, workspace, template).await?;
    let left = people
        .iter()
        .any(|(person, held)| manages_lastingly(catalogue, person, held));
    if left {
        Ok(())
    } else {
        Err(Failure::Conflict(NOBODY_LEFT.to_owned()))
    }
}

/// Refuses a change, made in this transaction and not committed, that leaves no owner who can sign in
/// (R-44, F8). To be asked, under the lock, after every change of an owner; `otherwise` says the way out.
///
/// # Errors
/// [`Failure::Conflict`] with `otherwise`.
pub(crate) async fn somebody_owns(tx: &mut WorkspaceTx, otherwise: &str) -> Result<(), Failure> {
    let workspace = tx.workspace().id;
    if tx.owners_who_can_sign_in(workspace).await? > 0 {
        Ok(())
    } else {
        Err(Failure::Conflict(otherwise.to_owned()))
    }
}
