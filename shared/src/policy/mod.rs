//! The evaluation of permissions: pure functions for server and browser (`product.md` §3).
//!
//! [`effective`] is the one written rule; [`decide`] answers for one permission and says why,
//! [`boundary`] says who may give and touch what, [`preview`] what a change would do to everybody.
//! They all read the same [`Holdings`], so what the browser explains is what the server enforces.

pub mod boundary;
mod decision;
mod narrow;
pub mod preview;
mod remedy;
#[cfg(test)]
mod tests;

pub use decision::{Decision, Reason, Subject, TokenScope, allowed, decide, seen_as};
pub use narrow::narrowed;
pub use remedy::{GroupOffer, Offers, Remedy, RoleOffer, remedies};

use crate::{
    GroupId, MemberId, ProjectId, RoleId, Timestamp,
    catalogue::{Catalogue, PermissionSet},
    permission::Scope,
};

/// A permission set that is held until a moment, or without end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// What is given.
    pub permissions: PermissionSet,
    /// From this moment on it gives nothing; `None`: no end.
    pub expires_at: Option<Timestamp>,
}

impl Grant {
    /// A grant without an end.
    pub const fn lasting(permissions: PermissionSet) -> Self {
        Self {
            permissions,
            expires_at: None,
        }
    }

    /// Whether it counts at `now`.
    pub fn holds(self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// What it gives at `now`.
    pub fn at(self, now: Timestamp) -> PermissionSet {
        if self.holds(now) {
            self.permissions
        } else {
            PermissionSet::EMPTY
        }
    }
}

/// The one role of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleGrant {
    /// Which role.
    pub id: RoleId,
    /// What it gives.
    pub permissions: PermissionSet,
    /// Whether its project-scoped permissions hold only in projects that the member created.
    pub own_projects_only: bool,
}

/// A group that a member is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupGrant {
    /// Which group.
    pub id: GroupId,
    /// What it gives, until when.
    pub grant: Grant,
}

/// What replaces a member's project-scoped permissions in one project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Override {
    /// Where.
    pub project: ProjectId,
    /// What holds there instead; an empty set is a real value and gives nothing.
    pub grant: Grant,
}

/// All that decides what one member may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Who.
    pub member: MemberId,
    /// Owners have every permission.
    pub is_owner: bool,
    /// Their one role.
    pub role: RoleGrant,
    /// Their groups.
    pub groups: Vec<GroupGrant>,
    /// What they were given directly.
    pub direct: Grant,
    /// At most one for each project, in any order.
    pub overrides: Vec<Override>,
}

impl Holdings {
    /// A member with a role and nothing else.
    pub const fn new(member: MemberId, role: RoleGrant) -> Self {
        Self {
            member,
            is_owner: false,
            role,
            groups: Vec::new(),
            direct: Grant::lasting(PermissionSet::EMPTY),
            overrides: Vec::new(),
        }
    }

    /// The override that counts in a project at `now`.
    pub fn override_in(&self, project: ProjectId, now: Timestamp) -> Option<PermissionSet> {
        self.overrides
            .iter()
            .find(|o| o.project == project && o.grant.holds(now))
            .map(|o| o.grant.permissions)
    }

    /// Groups and direct permissions that count at `now`.
    fn given(&self, now: Timestamp) -> PermissionSet {
        self.groups.iter().fold(self.direct.at(now), |set, group| {
            set.union(group.grant.at(now))
        })
    }
}

/// Where something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the workspace as a whole, outside any one project.
    Workspace,
    /// In a project.
    Project {
        /// Which.
        id: ProjectId,
        /// Who created it, if they are still a member.
        created_by: Option<MemberId>,
    },
    /// In a project that the member is about to create: their own, without overrides.
    NewProject,
}

/// What a member may do in a place at `now`. The rule, in words (`product.md` §3):
/// 1. an owner: everything;
/// 2. in a project with an override: exactly the override, beside the workspace-scoped rows;
/// 3. else role ∪ groups ∪ direct permissions, without what has expired;
/// 4. a role marked *own projects only* gives project-scoped rows only in projects they created.
///
/// Allocates nothing.
pub fn effective(
    catalogue: &Catalogue,
    member: &Holdings,
    place: Place,
    now: Timestamp,
) -> PermissionSet {
    if member.is_owner {
        return catalogue.all();
    }
    let base = role_at(catalogue, member, place).union(member.given(now));
    match place {
        Place::Project { id, .. } => match member.override_in(id, now) {
            Some(here) => replaced(catalogue, base, here),
            None => base,
        },
        Place::Workspace | Place::NewProject => base,
    }
}

/// What a member holds in the workspace and in each of its projects, overrides included: the most
/// they can hand on to somebody without naming a project.
pub fn everywhere(catalogue: &Catalogue, member: &Holdings, now: Timestamp) -> PermissionSet {
    let base = effective(catalogue, member, Place::Workspace, now);
    if member.is_owner {
        return base;
    }
    let counting = member.overrides.iter().filter(|o| o.grant.holds(now));
    counting.fold(base, |held, o| {
        held.intersection(replaced(catalogue, base, o.grant.permissions))
    })
}

/// What a member holds in at least one place: in projects of their own and in projects with an
/// override too. Decides which lists may be asked for; each row then decides for itself.
pub fn anywhere(catalogue: &Catalogue, member: &Holdings, now: Timestamp) -> PermissionSet {
    let base = effective(catalogue, member, Place::NewProject, now);
    let counting = member.overrides.iter().filter(|o| o.grant.holds(now));
    counting.fold(base, |held, o| {
        held.union(replaced(catalogue, base, o.grant.permissions))
    })
}

fn role_at(catalogue: &Catalogue, member: &Holdings, place: Place) -> PermissionSet {
    let own = match place {
        Place::Workspace => false,
        Place::Project { created_by, .. } => created_by == Some(member.member),
        Place::NewProject => true,
    };
    if own || !member.role.own_projects_only {
        member.role.permissions
    } else {
        member
            .role
            .permissions
            .intersection(catalogue.scoped(Scope::Workspace))
    }
}

/// The workspace-scoped rows of the base with the project-scoped rows of an override.
fn replaced(catalogue: &Catalogue, base: PermissionSet, here: PermissionSet) -> PermissionSet {
    let workspace = catalogue.scoped(Scope::Workspace);
    base.intersection(workspace).union(here.minus(workspace))
}
