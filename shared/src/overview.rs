//! What an admin looks at first.

use serde::{Deserialize, Serialize};

use crate::{GroupId, MemberId, ProjectId, RoleId, Timestamp, member::Named};

/// Days after which a member without activity is dormant.
pub const DORMANT_DAYS: i64 = 90;
/// Days ahead in which grants that end are shown.
pub const ENDING_DAYS: i64 = 14;

/// The overview of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Active and suspended members.
    pub members: i64,
    /// How many have each role; roles that nobody has come last.
    pub roles: Vec<RoleShare>,
    /// Invitations that can still be accepted.
    pub pending: i64,
    /// Invitations whose time was over before somebody answered.
    pub expired: i64,
    /// Who can manage the team.
    pub managers: Managers,
    /// Members who did nothing here for [`DORMANT_DAYS`].
    pub dormant: i64,
    /// Grants that end within [`ENDING_DAYS`], the next one first, at most ten.
    pub ending: Vec<EndingGrant>,
    /// Whether there are more of those.
    pub more_ending: bool,
    /// The last changes, the newest first; `None`: the asker may not see the trail.
    pub changes: Option<Vec<RecentChange>>,
}

/// A role and how many members have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleShare {
    /// The role.
    pub role: Named<RoleId>,
    /// Active and suspended members.
    pub members: i64,
}

/// People who can sign in now and manage the team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Managers {
    /// How many.
    pub count: i64,
    /// How many of them are owners.
    pub owners: i64,
    /// The first of them, owners first.
    pub first: Vec<Manager>,
}

/// Somebody who can manage the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manager {
    /// Who.
    pub member: Named<MemberId>,
    /// Whether they own the workspace.
    pub is_owner: bool,
}

/// Something that somebody holds until a moment soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingGrant {
    /// Who.
    pub member: Named<MemberId>,
    /// What.
    pub what: EndingKind,
    /// When it ends.
    pub at: Timestamp,
}

/// What ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum EndingKind {
    /// Being a member at all.
    Membership,
    /// Being in a group.
    Group(Named<GroupId>),
    /// Permissions given directly.
    Direct,
    /// An override in a project.
    Override(Named<ProjectId>),
}

/// A row of the trail in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentChange {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who did it, with their address of then.
    pub actor: String,
    /// What was done, as the page of the trail calls it.
    pub what: String,
    /// What it was done to, as it was called then.
    pub target: String,
}
