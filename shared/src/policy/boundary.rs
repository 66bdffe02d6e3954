//! Who may give what, and who may touch whom. Every way of giving power and every act on a person
//! asks these functions: inclusion of permission sets, never rank or name.

use super::{Holdings, Place, anywhere, effective, everywhere};
use crate::{
    ProjectId, Timestamp,
    catalogue::{Catalogue, PermissionSet},
    permission::CorePermission,
};

/// The grant boundary: whether an actor may give `grant` in a place; otherwise what they lack
/// there.
///
/// What is given for the workspace holds in every project, so the actor has to hold it in every
/// project too: somebody who is lowered in one project can not hand on there what was taken there.
pub fn may_grant(
    catalogue: &Catalogue,
    actor: &Holdings,
    place: Place,
    grant: PermissionSet,
    now: Timestamp,
) -> Result<(), PermissionSet> {
    let held = match place {
        Place::Workspace => everywhere(catalogue, actor, now),
        Place::Project { .. } | Place::NewProject => effective(catalogue, actor, place, now),
    };
    let lacking = grant.minus(held);
    if actor.is_owner || lacking.is_empty() {
        Ok(())
    } else {
        Err(lacking)
    }
}

/// Whether a member may invite somebody to this: they manage the team, and may give all of it in
/// the workspace and what replaces it in single projects.
pub fn may_invite(
    catalogue: &Catalogue,
    inviter: &Holdings,
    gives: PermissionSet,
    overrides: &[(Place, PermissionSet)],
    now: Timestamp,
) -> bool {
    let manage = catalogue.core(CorePermission::TeamManage);
    let may = |place, gives| may_grant(catalogue, inviter, place, gives, now).is_ok();
    effective(catalogue, inviter, Place::Workspace, now).contains(manage)
        && may(Place::Workspace, gives)
        && overrides.iter().all(|(place, gives)| may(*place, *gives))
}

/// Why an actor may not act on somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untouchable {
    /// Only owners act on an owner.
    Owner,
    /// They hold what the actor lacks.
    Stronger {
        /// What the actor lacks.
        lacking: PermissionSet,
        /// In which project; `None`: in the workspace.
        project: Option<ProjectId>,
    },
}

/// The touch rule: whether an actor may act on somebody, which they may when they hold all
/// that the other holds, in the workspace and in each project with an override. Everybody may act on
/// themselves; what that must not do is [`elevation`].
pub fn may_touch(
    catalogue: &Catalogue,
    actor: &Holdings,
    target: &Holdings,
    now: Timestamp,
) -> Result<(), Untouchable> {
    if actor.is_owner || actor.member == target.member {
        return Ok(());
    }
    if target.is_owner {
        return Err(Untouchable::Owner);
    }
    let base = effective(catalogue, target, Place::NewProject, now);
    let lacking = base.minus(everywhere(catalogue, actor, now));
    if !lacking.is_empty() {
        return Err(Untouchable::Stronger {
            lacking,
            project: None,
        });
    }
    for o in target.overrides.iter().filter(|o| o.grant.holds(now)) {
        let place = Place::Project {
            id: o.project,
            created_by: None,
        };
        let lacking = o
            .grant
            .permissions
            .minus(effective(catalogue, actor, place, now));
        if !lacking.is_empty() {
            return Err(Untouchable::Stronger {
                lacking,
                project: Some(o.project),
            });
        }
    }
    Ok(())
}

/// What a change would add to somebody's own rights, in any place, now, by lasting longer, or by
/// ending an override that lowers them sooner. Nobody but an owner makes a change that
/// adds to their own.
pub fn elevation(
    catalogue: &Catalogue,
    before: &Holdings,
    after: &Holdings,
    now: Timestamp,
) -> PermissionSet {
    let ends = before
        .groups
        .iter()
        .map(|g| g.grant.expires_at)
        .chain(before.overrides.iter().map(|o| o.grant.expires_at))
        // When an override ends, the base is back: more can be held then than now.
        .chain(after.overrides.iter().map(|o| o.grant.expires_at))
        .chain([before.direct.expires_at])
        .flatten()
        .filter(|end| now < *end);
    let projects = before.overrides.iter().chain(&after.overrides);
    let mut places = vec![Place::Workspace, Place::NewProject];
    for id in projects.map(|o| o.project) {
        for created_by in [None, Some(before.member)] {
            places.push(Place::Project { id, created_by });
        }
    }
    [now]
        .into_iter()
        .chain(ends)
        .fold(PermissionSet::EMPTY, |gained, at| {
            places.iter().fold(gained, |gained, &place| {
                let had = effective(catalogue, before, place, at);
                gained.union(effective(catalogue, after, place, at).minus(had))
            })
        })
}

/// Whether somebody can manage the team in the workspace, for the rule that somebody always can.
pub fn manages_team(catalogue: &Catalogue, member: &Holdings, now: Timestamp) -> bool {
    let manage = catalogue.core(CorePermission::TeamManage);
    anywhere(catalogue, member, now).contains(manage)
}
