//! What a change would do to everybody, before it is made: people × permissions gained and lost,
//! from one load of the workspace with the same evaluation that enforces it.

use super::{
    Grant, Holdings, Place, RoleGrant,
    boundary::{manages_team, may_invite},
    effective,
};
use crate::{
    GroupId, MemberId, ProjectId, RoleId, Timestamp,
    catalogue::{Catalogue, PermissionSet},
};

/// A change of what people hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A role gives something else.
    EditRole {
        /// Which.
        role: RoleId,
        /// What it gives then.
        permissions: PermissionSet,
    },
    /// A role goes, and everybody who has it gets another.
    ReplaceRole {
        /// Which goes.
        role: RoleId,
        /// What they get instead.
        with: RoleGrant,
    },
    /// A group gives something else.
    EditGroup {
        /// Which.
        group: GroupId,
        /// What it gives then.
        permissions: PermissionSet,
    },
    /// A group goes.
    DeleteGroup(GroupId),
    /// People are put into a group.
    JoinGroup {
        /// Which group.
        group: GroupId,
        /// Who.
        members: Vec<MemberId>,
        /// What it gives them, until when.
        grant: Grant,
    },
    /// Somebody leaves a group.
    LeaveGroup {
        /// Which group.
        group: GroupId,
        /// Who.
        member: MemberId,
    },
    /// One member holds something else: role, groups and direct permissions at once.
    EditMember(Box<Holdings>),
    /// One member's permissions in a project are replaced, or follow the base again.
    Override {
        /// Who.
        member: MemberId,
        /// Where.
        project: ProjectId,
        /// What holds there instead; `None`: the override is removed.
        grant: Option<Grant>,
    },
}

impl Change {
    /// Somebody as they would be after it; `None`: it does not touch them.
    pub fn after(&self, before: &Holdings) -> Option<Holdings> {
        let touched = match self {
            Self::EditRole { role, .. } | Self::ReplaceRole { role, .. } => before.role.id == *role,
            Self::EditGroup { group, .. } | Self::DeleteGroup(group) => {
                before.groups.iter().any(|g| g.id == *group)
            }
            Self::JoinGroup { members, .. } => members.contains(&before.member),
            Self::LeaveGroup { member, .. } | Self::Override { member, .. } => {
                before.member == *member
            }
            Self::EditMember(after) => before.member == after.member,
        };
        touched.then(|| self.applied(before.clone()))
    }

    fn applied(&self, mut member: Holdings) -> Holdings {
        match self {
            Self::EditRole { permissions, .. } => member.role.permissions = *permissions,
            Self::ReplaceRole { with, .. } => member.role = *with,
            Self::EditGroup { group, permissions } => {
                for held in member.groups.iter_mut().filter(|g| g.id == *group) {
                    held.grant.permissions = *permissions;
                }
            }
            Self::DeleteGroup(group) | Self::LeaveGroup { group, .. } => {
                member.groups.retain(|g| g.id != *group);
            }
            Self::JoinGroup { group, grant, .. } => {
                member.groups.retain(|g| g.id != *group);
                member.groups.push(super::GroupGrant {
                    id: *group,
                    grant: *grant,
                });
            }
            Self::EditMember(after) => return (**after).clone(),
            Self::Override { project, grant, .. } => {
                member.overrides.retain(|o| o.project != *project);
                member.overrides.extend(grant.map(|grant| super::Override {
                    project: *project,
                    grant,
                }));
            }
        }
        member
    }

    /// Where its effect is looked at: an override stays in its project; all else is looked at in the
    /// workspace and in a project of the member's own, since a role can reach only the latter.
    fn places(&self, member: &Holdings, owns: bool) -> [Place; 2] {
        match self {
            Self::Override { project, .. } => {
                let created_by = owns.then_some(member.member);
                [Place::Project {
                    id: *project,
                    created_by,
                }; 2]
            }
            _ => [Place::Workspace, Place::NewProject],
        }
    }

    /// What it does to one person, in any of its places.
    fn effect(
        &self,
        catalogue: &Catalogue,
        (before, after): (&Holdings, &Holdings),
        owns: bool,
        now: Timestamp,
    ) -> Option<Effect> {
        let nothing = Effect {
            member: before.member,
            gained: PermissionSet::EMPTY,
            lost: PermissionSet::EMPTY,
        };
        let seen = self
            .places(before, owns)
            .into_iter()
            .fold(nothing, |seen, place| {
                let had = effective(catalogue, before, place, now);
                let has = effective(catalogue, after, place, now);
                Effect {
                    gained: seen.gained.union(has.minus(had)),
                    lost: seen.lost.union(had.minus(has)),
                    ..seen
                }
            });
        (seen != nothing).then_some(seen)
    }
}

/// Somebody as the preview needs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they hold.
    pub holdings: Holdings,
    /// Whether they can sign in and act now; only then do they count as managing the team.
    pub active: bool,
    /// Whether they created the project that an override is about.
    pub owns_project: bool,
}

/// What changes for one person, in the workspace or in projects of their own; nothing is gained in one
/// and lost in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Who.
    pub member: MemberId,
    /// What they could do then and can not do now.
    pub gained: PermissionSet,
    /// What they can do now and could not do then.
    pub lost: PermissionSet,
}

/// What a change would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Everybody for whom something changes, in the order of the people.
    pub effects: Vec<Effect>,
    /// How many people can manage the team now.
    pub managers_before: usize,
    /// How many could after it.
    pub managers_after: usize,
    /// The one who would be the last to manage the team, if it comes to that.
    pub last_manager: Option<MemberId>,
}

/// Works out a change for everybody.
pub fn preview<'a>(
    catalogue: &Catalogue,
    people: impl IntoIterator<Item = &'a Person>,
    change: &Change,
    now: Timestamp,
) -> Preview {
    let mut out = Preview::default();
    for person in people {
        let before = &person.holdings;
        let changed = change.after(before);
        let manages = person.active && manages_team(catalogue, before, now);
        out.managers_before += usize::from(manages);
        let manages_after = match &changed {
            Some(after) => person.active && manages_team(catalogue, after, now),
            None => manages,
        };
        if manages_after {
            out.managers_after += 1;
            out.last_manager = Some(before.member);
        }
        if let Some(after) = changed {
            let effect = change.effect(catalogue, (before, &after), person.owns_project, now);
            out.effects.extend(effect);
        }
    }
    // Who is the only one already does not become it.
    if out.managers_after != 1 || out.managers_before <= 1 {
        out.last_manager = None;
    }
    out
}

/// An invitation that waits, as the preview needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The member who sent it, while they are one.
    pub inviter: Option<MemberId>,
    /// What whoever accepts it would hold: its role and its groups. No member has its id.
    pub gives: Holdings,
    /// What it gives instead in single projects.
    pub overrides: Vec<(Place, PermissionSet)>,
}

/// What a change would do to invitations that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// How many would give something else.
    pub changed: usize,
    /// How many could be accepted now and would wait for approval then, since the change takes from
    /// their inviter what they give.
    pub stranded: usize,
}

/// Works out a change for invitations that wait. `inviter` finds what an active member holds.
pub fn invitations<'a, 'b>(
    catalogue: &Catalogue,
    waiting: impl IntoIterator<Item = &'a Waiting>,
    inviter: impl Fn(MemberId) -> Option<&'b Holdings>,
    change: &Change,
    now: Timestamp,
) -> Touched {
    let mut touched = Touched::default();
    for invitation in waiting {
        let gives = change.after(&invitation.gives);
        let changed = gives.as_ref().is_some_and(|g| *g != invitation.gives);
        touched.changed += usize::from(changed);
        let Some(before) = invitation.inviter.and_then(&inviter) else {
            continue;
        };
        let after = change.after(before);
        let may = |who: &Holdings, gives: &Holdings| {
            let gives = gives.role.permissions.union(gives.given(now));
            may_invite(catalogue, who, gives, &invitation.overrides, now)
        };
        let could = may(before, &invitation.gives);
        let can = may(
            after.as_ref().unwrap_or(before),
            gives.as_ref().unwrap_or(&invitation.gives),
        );
        touched.stranded += usize::from(could && !can);
    }
    touched
}
