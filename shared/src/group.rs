//! Groups as the console shows them.

use serde::{Deserialize, Serialize};

use crate::{
    GroupId, MemberId, Timestamp,
    catalogue::{Catalogue, Level},
};

/// Most people that can be put into a group in one order.
pub const MAX_JOINING: usize = 200;

/// A group as its card shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCard {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// How far it reaches.
    pub level: Level,
    /// How many members are in it now.
    pub members: i64,
    /// How many invitations that wait would give it.
    pub invitations: i64,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

/// The groups tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupsPage {
    /// All groups, by name.
    pub groups: Vec<GroupCard>,
    /// Groups that the template offers to create with one click and that are not there yet.
    pub starters: Vec<Starter>,
    /// Whether an invitation here needs a group (ACL groups template).
    pub group_required: bool,
}

/// A group that can be created with one click.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Starter {
    /// What it would be.
    pub draft: GroupDraft,
    /// How far it would reach.
    pub level: Level,
    /// Why the asker may not create it: names of permissions they lack themselves.
    pub lacking: Vec<String>,
}

/// What the editor of a group works on, and the order to create or change one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupDraft {
    /// Its name, 1 to [`crate::text::NAME_MAX`] characters.
    pub name: String,
    /// A sentence about it, at most [`crate::text::NOTE_MAX`] characters.
    pub description: String,
    /// Names of its permissions.
    pub permissions: Vec<String>,
}

/// All that the page of one group needs, or of a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupEditor {
    /// The group; `None`: it is a new one.
    pub group: Option<GroupCard>,
    /// What is in the fields at first.
    pub draft: GroupDraft,
    /// The rows of the matrix.
    pub catalogue: Catalogue,
    /// Names of all permissions that the asker may give.
    pub grantable: Vec<String>,
    /// Why the asker can only look at it; `None`: they can change it.
    pub blocked: Option<String>,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMember {
    /// Their id.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Until when they are in it; `None`: no end.
    pub expires_at: Option<Timestamp>,
    /// Whether that moment has passed: they are listed, and it gives them nothing.
    pub expired: bool,
}
