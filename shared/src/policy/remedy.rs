//! The smallest changes that would give somebody a permission that they lack.

use serde::{Deserialize, Serialize};

use super::{Grant, GroupGrant, Holdings, Place, RoleGrant, effective};
use crate::{
    GroupId, RoleId, Timestamp,
    catalogue::{Bit, Catalogue, PermissionSet},
    permission::Scope,
};

/// A change to one member that would give the permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change", content = "id")]
pub enum Remedy {
    /// Add them to a group.
    AddToGroup(GroupId),
    /// Give it to them directly.
    GiveDirectly,
    /// Give them another role.
    GiveRole(RoleId),
    /// Add it to the override in this project.
    RaiseOverride,
    /// Remove the override in this project: without it they hold the permission.
    RemoveOverride,
}

/// A role that could be given.
pub type RoleOffer = RoleGrant;

/// A group that could be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupOffer {
    /// Which.
    pub id: GroupId,
    /// What it gives.
    pub permissions: PermissionSet,
}

/// What there is to give in a workspace.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offers<'a> {
    /// Its roles.
    pub roles: &'a [RoleOffer],
    /// Its groups.
    pub groups: &'a [GroupOffer],
}

/// The changes that would give a permission that a member lacks in a place: of each kind the one
/// that changes least beside it, the smallest first. Empty when they hold it or it does not exist.
pub fn remedies(
    catalogue: &Catalogue,
    member: &Holdings,
    place: Place,
    bit: Bit,
    now: Timestamp,
    offers: Offers<'_>,
) -> Vec<Remedy> {
    let before = effective(catalogue, member, place, now);
    if before.contains(bit) || catalogue.cell(bit).is_none() {
        return Vec::new();
    }
    let mut found: Vec<(usize, Remedy)> = candidates(catalogue, member, place, bit, now, offers)
        .filter_map(|(remedy, changed)| {
            let after = effective(catalogue, &changed, place, now);
            let cost = after.minus(before).len() + before.minus(after).len();
            after.contains(bit).then_some((cost, remedy))
        })
        .collect();
    found.sort_by_key(|(cost, remedy)| (*cost, preference(*remedy)));
    let mut kinds = [false; 5];
    found.retain(|(_, remedy)| !std::mem::replace(&mut kinds[preference(*remedy)], true));
    found.into_iter().map(|(_, remedy)| remedy).collect()
}

/// Among equals: a group, since it says why somebody has what they have.
const fn preference(remedy: Remedy) -> usize {
    match remedy {
        Remedy::RemoveOverride => 0,
        Remedy::RaiseOverride => 1,
        Remedy::AddToGroup(_) => 2,
        Remedy::GiveDirectly => 3,
        Remedy::GiveRole(_) => 4,
    }
}

/// Every single change, with the member as they would be after it.
fn candidates<'a>(
    catalogue: &'a Catalogue,
    member: &'a Holdings,
    place: Place,
    bit: Bit,
    now: Timestamp,
    offers: Offers<'a>,
) -> impl Iterator<Item = (Remedy, Holdings)> + 'a {
    let needed = catalogue.closed(PermissionSet::EMPTY.with(bit));
    let changed = move |change: &dyn Fn(&mut Holdings)| {
        let mut after = member.clone();
        change(&mut after);
        after
    };
    let overridden = match place {
        Place::Project { id, .. } if catalogue.scoped(Scope::Project).contains(bit) => {
            member.override_in(id, now).map(|_| id)
        }
        _ => None,
    };
    let here = overridden.into_iter().flat_map(move |id| {
        let raised = changed(&|after| {
            for o in after.overrides.iter_mut().filter(|o| o.project == id) {
                o.grant.permissions = o.grant.permissions.union(needed);
            }
        });
        let removed = changed(&|after| after.overrides.retain(|o| o.project != id));
        [
            (Remedy::RaiseOverride, raised),
            (Remedy::RemoveOverride, removed),
        ]
    });
    let groups = offers.groups.iter().map(move |offer| {
        let after = changed(&|after| {
            after.groups.push(GroupGrant {
                id: offer.id,
                grant: Grant::lasting(offer.permissions),
            });
        });
        (Remedy::AddToGroup(offer.id), after)
    });
    let direct = changed(&|after| {
        after.direct = Grant::lasting(after.direct.at(now).union(needed));
    });
    let roles = offers.roles.iter().map(move |offer| {
        let after = changed(&|after| after.role = *offer);
        (Remedy::GiveRole(offer.id), after)
    });
    here.chain(groups)
        .chain([(Remedy::GiveDirectly, direct)])
        .chain(roles)
}
