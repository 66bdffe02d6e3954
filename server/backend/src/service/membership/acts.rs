//! What can be done to a member, for their page: the reasons that the acts themselves would give.

use rolecall_shared::{
    membership::Acts,
    permission::CorePermission,
    policy::{Holdings, Place},
    view_as::{self, ViewPolicy},
};

use super::{
    Person, end,
    owners::{ONLY_OWNERS, not_to_take},
    proposals::not_to_propose,
    removal::REMOVES_ONESELF,
    suspension::not_to_suspend,
};
use crate::{
    authz::Standing,
    clock::timestamp,
    service::{Failure, guard},
    store::{Db, PersonRecord},
    templates::Template,
};

/// Why a person can not be viewed as by somebody who may touch them; `None`: they can.
pub(in crate::service) fn not_to_view(
    policy: ViewPolicy,
    person: &Person,
    asker: &Standing,
) -> Option<String> {
    let name = &person.record.name;
    if !policy.enabled {
        Some("An owner switched viewing as somebody off for this workspace.".to_owned())
    } else if person.id() == asker.member() {
        Some("This is you: you see the console as yourself already.".to_owned())
    } else if person.held.is_owner {
        Some(format!("{name} is an owner, and nobody views as an owner."))
    } else if !person.record.holder.is_active(asker.now()) {
        Some(format!(
            "{name} is suspended and sees nothing. Reactivate them first."
        ))
    } else {
        None
    }
}

/// Why the asker can not do each act to a member; each is judged again when it is done.
pub(in crate::service) async fn acts(
    db: &mut Db,
    asker: &Standing,
    template: &Template,
    record: &PersonRecord,
    held: &Holdings,
) -> Result<Acts, Failure> {
    let person = Person {
        record: record.clone(),
        held: held.clone(),
    };
    let active = record.holder.is_active(asker.now());
    let is_you = held.member == asker.member();
    let owners = if held.is_owner {
        db.owners(asker.workspace()).await?
    } else {
        Vec::new()
    };
    let last_owner = held.is_owner
        && !owners.iter().any(|owner| {
            owner.holder.member_id != held.member && guard::can_sign_in(owner, asker.now())
        });
    let said = |failure: Failure| failure.to_api("").message;
    let untouchable = if asker.may(template, Place::Workspace, CorePermission::TeamManage) {
        let touched = person.touched_by(asker, template);
        touched.err().map(|refusal| said(refusal.into()))
    } else {
        Some(said(asker.lacks(CorePermission::TeamManage).into()))
    };
    let last = last_owner.then(|| guard::NO_OWNER_LEFT.to_owned());
    let or = |why: Option<String>| untouchable.clone().or(why);
    let owners_only = match asker.read_only() {
        Some(name) => Some(view_as::read_only(&name)),
        None => (!asker.is_owner()).then(|| ONLY_OWNERS.to_owned()),
    };
    let waiting = db.proposal_to(held.member).await?;
    let waiting = waiting.filter(|p| asker.now() < timestamp(p.expires_at));
    let propose = not_to_propose(record, waiting.as_ref(), asker.now());
    let take = not_to_take(&person, asker.member())
        .or_else(|| last_owner.then(|| guard::NO_OWNER_LEFT.to_owned()));
    Ok(Acts {
        suspend: or(not_to_suspend(&person, asker.member(), active)).or(last.clone()),
        reactivate: or(active.then(|| format!("{} is active already.", record.name))),
        set_end: or(held.is_owner.then(|| end::OWNERS_STAY.to_owned())),
        remove: or(is_you.then(|| REMOVES_ONESELF.to_owned())).or(last),
        propose_ownership: owners_only.clone().or(propose),
        take_ownership: owners_only.or(take),
        leave: asker.read_only().map(|name| view_as::read_only(&name)),
        view_as: or(not_to_view(
            db.view_policy(asker.workspace()).await?,
            &person,
            asker,
        )),
    })
}
