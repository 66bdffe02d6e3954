//! Members as the console lists them, and the questions that can be asked of that list.

use serde::{Deserialize, Serialize};

use crate::{GroupId, MemberId, RoleId, Timestamp, catalogue::Level, page::Direction};

/// Whether a member can act now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemberStatus {
    /// Can sign in and act.
    Active,
    /// Keeps role and groups, can do nothing.
    Suspended,
}

impl MemberStatus {
    /// The stored and wire form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// From the stored or wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Suspended]
            .into_iter()
            .find(|s| s.name() == text)
    }
}

/// A named thing and its id, for links and filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<Id> {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
}

/// One row of the members table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Their id.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Named<RoleId>,
    /// Owners have every permission, whatever the role.
    pub is_owner: bool,
    /// Their groups, by name.
    pub groups: Vec<Named<GroupId>>,
    /// How far role and groups together reach.
    pub level: Level,
    /// Whether they can act.
    pub status: MemberStatus,
    /// Who invited them, as they were called then; nobody for the one who set the workspace up.
    pub invited_by: Option<String>,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When the membership ends by itself; `None`: it stays.
    pub ends_at: Option<Timestamp>,
    /// When they last did something here, to the minute.
    pub last_active_at: Option<Timestamp>,
    /// Whether this is the one who asks.
    pub is_you: bool,
}

/// How the members table is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberSort {
    /// By name.
    #[default]
    Name,
    /// By the day they joined.
    Joined,
    /// By last activity.
    LastActive,
}

/// How recently somebody was active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// In the last 7 days.
    Week,
    /// In the last 30 days.
    Month,
    /// Not for 90 days, or never.
    Dormant,
}

/// What the members table shows; the address of the page holds all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MemberQuery {
    /// Part of a name or an address; empty: everybody.
    #[serde(default)]
    pub search: String,
    /// Only this role.
    pub role: Option<RoleId>,
    /// Only this group.
    pub group: Option<GroupId>,
    /// Only this status.
    pub status: Option<MemberStatus>,
    /// Only this activity.
    pub activity: Option<Activity>,
    /// The order.
    #[serde(default)]
    pub sort: MemberSort,
    /// Its direction.
    #[serde(default)]
    pub direction: Direction,
    /// The opaque cursor of a page, from [`crate::page::Page`].
    pub cursor: Option<String>,
}

/// Numbers above the members table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamCounts {
    /// Active and suspended members.
    pub members: i64,
    /// Invitations that can still be accepted.
    pub pending: i64,
    /// Groups.
    pub groups: i64,
}

/// What the filters of the members and invitations tables offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamFilters {
    /// All roles, by name.
    pub roles: Vec<Named<RoleId>>,
    /// All groups, by name.
    pub groups: Vec<Named<GroupId>>,
}
