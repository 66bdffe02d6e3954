//! What one member holds and where it comes from: enough for the browser to evaluate and explain it.

use serde::{Deserialize, Serialize};

use crate::{
    GroupId, MemberId, ProjectId, RoleId, Timestamp,
    catalogue::Catalogue,
    member::{MemberRow, Named},
    membership::{Acts, Suspension},
    policy::{Grant, GroupGrant, Holdings, Override, Place, RoleGrant},
    token::HeldToken,
};

/// Permissions that are held until a moment, or without end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantView {
    /// Their names.
    pub permissions: Vec<String>,
    /// From then on they give nothing; `None`: no end.
    pub expires_at: Option<Timestamp>,
}

impl GrantView {
    fn grant(&self, catalogue: &Catalogue) -> Grant {
        Grant {
            permissions: catalogue.stored(&self.permissions),
            expires_at: self.expires_at,
        }
    }
}

/// A role with what it gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Names of its permissions.
    pub permissions: Vec<String>,
    /// Whether its project-scoped permissions hold only in projects that the member created.
    pub own_projects_only: bool,
    /// Why the asker may not give it: names of permissions they lack themselves.
    pub lacking: Vec<String>,
}

impl RoleView {
    /// What somebody with it holds by it.
    pub fn grant(&self, catalogue: &Catalogue) -> RoleGrant {
        RoleGrant {
            id: self.id,
            permissions: catalogue.stored(&self.permissions),
            own_projects_only: self.own_projects_only,
        }
    }
}

/// A group with what it gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Names of its permissions.
    pub permissions: Vec<String>,
    /// Why the asker may not give it: names of permissions they lack themselves.
    pub lacking: Vec<String>,
}

/// An override of a member in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideView {
    /// Where.
    pub project: Named<ProjectId>,
    /// What holds there instead; an empty list is a real value.
    pub grant: GrantView,
    /// Who set it, as they were called then.
    pub set_by: String,
    /// When.
    pub set_at: Timestamp,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

/// A project that can be chosen to look at somebody's permissions in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPlace {
    /// Which.
    pub project: Named<ProjectId>,
    /// Whether the member created it.
    pub theirs: bool,
}

/// Membership of a group, as an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMembership {
    /// Which group.
    pub group: GroupId,
    /// Until when; `None`: no end.
    pub expires_at: Option<Timestamp>,
}

/// Role, groups and direct permissions of a member, as an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberAccess {
    /// The role.
    pub role: RoleId,
    /// All groups; the ones that are left out are left.
    pub groups: Vec<GroupMembership>,
    /// All direct permissions.
    pub direct: GrantView,
}

/// The member page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    /// Who, as the list shows them.
    pub member: MemberRow,
    /// Goes up with every change of what they hold; a change names the version it was made on.
    pub version: i64,
    /// The moment at which it was put together, by the server's clock.
    pub at: Timestamp,
    /// The rows of the matrix.
    pub catalogue: Catalogue,
    /// Their role, groups and direct permissions.
    pub access: MemberAccess,
    /// Their overrides in projects that the asker may see.
    pub overrides: Vec<OverrideView>,
    /// Projects that the asker may see, by name: those with an override and their own first, at most
    /// 100, and the one that was asked for.
    pub projects: Vec<ProjectPlace>,
    /// All roles.
    pub roles: Vec<RoleView>,
    /// All groups, by name.
    pub groups: Vec<GroupView>,
    /// Names of all permissions that the asker may give.
    pub grantable: Vec<String>,
    /// Why the asker can only look; `None`: they can change it.
    pub blocked: Option<String>,
    /// Since when and why they are suspended, if they are.
    pub suspension: Option<Suspension>,
    /// Their API tokens that work, the newest first, for themselves and for whoever manages tokens; `None`
    /// for everybody else, and while the asker views as somebody.
    pub tokens: Option<Vec<HeldToken>>,
    /// What else the asker can do to them.
    pub acts: Acts,
}

impl MemberPage {
    /// What decides for them, from what is on the page: the same as what the server enforces with.
    pub fn holdings(&self) -> Holdings {
        let catalogue = &self.catalogue;
        let role = self.roles.iter().find(|r| r.id == self.access.role);
        let groups = self.access.groups.iter().filter_map(|held| {
            let group = self.groups.iter().find(|g| g.id == held.group)?;
            Some(GroupGrant {
                id: held.group,
                grant: Grant {
                    permissions: catalogue.stored(&group.permissions),
                    expires_at: held.expires_at,
                },
            })
        });
        Holdings {
            member: self.member.id,
            is_owner: self.member.is_owner,
            role: role.map_or(
                RoleGrant {
                    id: self.access.role,
                    permissions: crate::catalogue::PermissionSet::EMPTY,
                    own_projects_only: false,
                },
                |role| role.grant(catalogue),
            ),
            groups: groups.collect(),
            direct: self.access.direct.grant(catalogue),
            overrides: self
                .overrides
                .iter()
                .map(|o| Override {
                    project: o.project.id,
                    grant: o.grant.grant(catalogue),
                })
                .collect(),
        }
    }

    /// A project of the page as a place to ask for; `None`: the workspace.
    pub fn place(&self, project: Option<ProjectId>) -> Place {
        let Some(id) = project else {
            return Place::Workspace;
        };
        let theirs = self.projects.iter().any(|p| p.project.id == id && p.theirs);
        Place::Project {
            id,
            created_by: theirs.then_some(self.member.id),
        }
    }
}

/// A change whose effect is asked for before it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ChangeRequest {
    /// A role gives something else.
    EditRole {
        /// Which.
        role: RoleId,
        /// Names of what it gives then.
        permissions: Vec<String>,
        /// Whether its project-scoped permissions hold then only in projects that the member created.
        #[serde(default)]
        own_projects_only: bool,
    },
    /// A role goes, and everybody who has it gets another.
    DeleteRole {
        /// Which goes.
        role: RoleId,
        /// What they get instead.
        replacement: RoleId,
    },
    /// A group gives something else.
    EditGroup {
        /// Which.
        group: GroupId,
        /// Names of what it gives then.
        permissions: Vec<String>,
    },
    /// A group goes.
    DeleteGroup {
        /// Which.
        group: GroupId,
    },
    /// People are put into a group.
    AddToGroup {
        /// Which.
        group: GroupId,
        /// Who.
        members: Vec<MemberId>,
        /// Until when.
        expires_at: Option<Timestamp>,
    },
    /// A member gets another role, other groups, other direct permissions.
    EditMember {
        /// Who.
        member: MemberId,
        /// What they hold then.
        access: MemberAccess,
    },
    /// A member's permissions in a project are replaced.
    SetOverride {
        /// Who.
        member: MemberId,
        /// Where.
        project: ProjectId,
        /// What holds there then.
        grant: GrantView,
    },
    /// A member's permissions in a project follow the base again.
    RemoveOverride {
        /// Who.
        member: MemberId,
        /// Where.
        project: ProjectId,
    },
}

/// One permission in a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellEffect {
    /// Its name.
    pub permission: String,
    /// How many people gain it.
    pub gained: usize,
    /// How many lose it.
    pub lost: usize,
}

/// One person in a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonEffect {
    /// Their id.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Names of what they gain.
    pub gained: Vec<String>,
    /// Names of what they lose.
    pub lost: Vec<String>,
}

/// People of whom a preview tells singly.
pub const PREVIEW_PEOPLE: usize = 50;

/// What a change would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewView {
    /// How many people gain something.
    pub gaining: usize,
    /// How many people lose something.
    pub losing: usize,
    /// How many people it changes anything for.
    pub changed: usize,
    /// Every permission that somebody gains or loses, in the order of the matrix.
    pub cells: Vec<CellEffect>,
    /// The first [`PREVIEW_PEOPLE`] people, by name.
    pub people: Vec<PersonEffect>,
    /// How many invitations that wait would give something else.
    pub invitations: usize,
    /// How many invitations that wait could not be accepted any more without approval, since their
    /// inviter loses what they give.
    pub stranded: usize,
    /// How many API tokens of people who lose something are made for some of it, and do less then.
    pub narrowed_tokens: usize,
    /// How many API tokens without a limit of their own belong to people who gain something: they do more
    /// then, which has to be announced.
    pub widened_tokens: usize,
    /// The one who would be the last to be able to manage the team, if it comes to that.
    pub last_manager: Option<String>,
    /// Why the change would be refused, if it would be.
    pub refused: Option<String>,
}
