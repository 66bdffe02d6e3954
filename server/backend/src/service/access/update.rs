//! Giving a member another role, other groups, other direct permissions.

use rolecall_shared::{MemberId, RoleId, access::MemberAccess};

use super::{edit::Edit, page};
use crate::{
    Caller, Rolecall,
    authz::holdings,
    events::Topic,
    service::{
        Failure, guard, membership,
        roles::editing::{Opened, stale},
        sudo,
    },
    store::{Actor, Entry, NewAccess, Target},
};

/// What waiting invitations are worth can change with what their inviter holds.
const TOPICS: [Topic; 3] = [Topic::Members, Topic::Access, Topic::Invitations];

/// Gives a member a role, groups and direct permissions, in place of what they have; gives the new
/// version. Needs `team:manage`, all that the member holds and all that is newly given: another
/// role, further or longer groups and direct permissions. What stays is not given again, so it
/// may be more than the caller holds. People may lower themselves, but nobody adds to their own rights
/// an owner is changed by owners only. Without a change nothing is written and the
/// version stays.
///
/// # Errors
/// [`Failure::NotFound`] for a member, role or group that is not here; [`Failure::Invalid`] on
/// `permissions`, `expires_at` or `groups`; [`Failure::Conflict`] when the member changed since
/// `version` or nobody could manage the team any more; [`Failure::Refused`] past what
/// the caller may give or touch; [`Failure::ConfirmFirst`] for another role (rule 8).
pub async fn update(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    version: i64,
    access: &MemberAccess,
) -> Result<i64, Failure> {
    let opened = Opened::new(app, caller, slug).await?;
    change(app, caller, opened, member, version, access).await
}

/// Gives a member another role and leaves their groups and direct permissions, as [`update`] does.
///
/// # Errors
/// As [`update`].
pub(in crate::service) async fn change_role(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    role: RoleId,
) -> Result<i64, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let found = opened.tx.person(opened.proof.workspace(), member).await?;
    let person = found.ok_or(Failure::NotFound("member"))?;
    let grants = opened.tx.grants_of(&[member]).await?;
    let held = holdings(opened.template, &person.holder, &grants);
    let access = MemberAccess {
        role,
        ..page::access(&opened.template.catalogue, &held)
    };
    let version = person.holder.member_version;
    change(app, caller, opened, member, version, &access).await
}

async fn change(
    app: &Rolecall,
    caller: &Caller,
    opened: Opened<'_>,
    member: MemberId,
    version: i64,
    access: &MemberAccess,
) -> Result<i64, Failure> {
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    let edit = Edit::find(&mut tx, &proof, template, member, access).await?;
    if edit.person.holder.member_version != version {
        return Err(stale("member"));
    }
    edit.asked(proof.now()).permit(&proof, template)?;
    if edit.is_idle() {
        return Ok(version);
    }
    if edit.changes_role() {
        sudo::need(app, caller)?;
    }
    let catalogue = &template.catalogue;
    let new = NewAccess {
        member,
        version,
        role: access.role,
        groups: &edit.stored_groups(),
        direct_permissions: &edit.stored_direct(catalogue),
        direct_expires_at: edit.stored_direct_end(),
        now,
    };
    if !tx.set_access(&proof, &new).await? {
        return Err(stale("member"));
    }
    guard::somebody_manages(&mut tx, template).await?;
    membership::access_changed(app, &mut tx, now, caller, &edit.person, &edit.role.name).await?;
    let entry = Entry::new(
        "member.access_changed",
        Target::member(member, edit.label()),
        edit.told(catalogue),
    );
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(version + 1)
}
