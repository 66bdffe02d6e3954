//! Projects, their resources, and who may do what in them.

use serde::{Deserialize, Serialize};

use crate::{
    MemberId, ProjectId, ResourceId, Timestamp,
    access::{GrantView, OverrideView},
    catalogue::{Catalogue, Level},
    member::{MemberStatus, Named},
};

/// Longest external id of a resource, in characters.
pub const EXTERNAL_ID_MAX: usize = 200;
/// Most attributes of a resource; each name and value at most [`crate::text::NAME_MAX`] and
/// [`crate::text::NOTE_MAX`] characters.
pub const ATTRIBUTES_MAX: usize = 32;

/// A project in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectRow {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Who created it, as they were called then; empty when nobody did.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Whether the asker created it.
    pub yours: bool,
    /// How many resources it has.
    pub resources: i64,
    /// How many members have an override in it; 0 for askers without `team:view`.
    pub overrides: i64,
    /// How far the asker reaches in it, over project-scoped rows.
    pub level: Level,
}

/// What the list of projects shows; the address of the page holds all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProjectQuery {
    /// Part of a name; empty: all.
    #[serde(default)]
    pub search: String,
    /// The opaque cursor of a page, from [`crate::page::Page`].
    pub cursor: Option<String>,
}

/// The order to create or change a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectDraft {
    /// Its name, 1 to [`crate::text::NAME_MAX`] characters.
    pub name: String,
    /// A sentence about it, at most [`crate::text::NOTE_MAX`] characters.
    pub description: String,
}

/// The frame of a project's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPage {
    /// Its id.
    pub id: ProjectId,
    /// What it is called.
    pub draft: ProjectDraft,
    /// Who created it, as they were called then; empty when nobody did.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
    /// How many resources it has.
    pub resources: i64,
    /// How many members have an override in it; 0 for askers without `team:view`.
    pub overrides: i64,
    /// How many invitations that wait would give an override in it; 0 as above.
    pub invitations: i64,
    /// The rows of the matrix.
    pub catalogue: Catalogue,
    /// Names of what the asker may do here.
    pub permissions: Vec<String>,
    /// Keys of the rows that have resources, in the order of the matrix.
    pub services: Vec<String>,
    /// As whom the asker looks, when they view as a member.
    pub viewing_as: Option<String>,
}

impl ProjectPage {
    /// Whether the asker may do something here.
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.iter().any(|name| name == permission)
    }
}

/// A thing that permissions protect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceRow {
    /// Its id.
    pub id: ResourceId,
    /// The key of its row, such as `databases`.
    pub service: String,
    /// Its name.
    pub name: String,
    /// What another system calls it; empty: nothing.
    pub external_id: String,
    /// Further facts, by name.
    pub attributes: Vec<(String, String)>,
    /// Who created it, as they were called then.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

/// What the list of resources shows; the address of the page holds all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResourceQuery {
    /// Part of a name or of an external id; empty: all.
    #[serde(default)]
    pub search: String,
    /// Only this service.
    pub service: Option<String>,
    /// The opaque cursor of a page, from [`crate::page::Page`].
    pub cursor: Option<String>,
}

/// The order to create or change a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceDraft {
    /// The key of its row; can not be changed later.
    pub service: String,
    /// Its name, 1 to [`crate::text::NAME_MAX`] characters.
    pub name: String,
    /// What another system calls it, unique in the workspace for its service; empty: nothing.
    pub external_id: String,
    /// Further facts, at most [`ATTRIBUTES_MAX`], each name once.
    pub attributes: Vec<(String, String)>,
}

/// What an override does, compared with what would hold without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OverrideEffect {
    /// It takes something and gives nothing.
    Narrower,
    /// It says what holds anyway.
    Redundant,
    /// It gives something beyond.
    Wider,
    /// It has ended: it gives and takes nothing any more.
    Ended,
}

/// A member as the members tab of a project shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectMember {
    /// Their id.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The name of their role.
    pub role: String,
    /// Owners can not be overridden.
    pub is_owner: bool,
    /// Whether they can act.
    pub status: MemberStatus,
    /// How far they would reach here without an override.
    pub base: Level,
    /// How far they reach here.
    pub here: Level,
    /// Their override here.
    pub over: Option<OverrideView>,
    /// What the override does; `None`: there is none, or it is an owner's and does nothing.
    pub effect: Option<OverrideEffect>,
    /// Whether this is the one who asks.
    pub is_you: bool,
}

/// What the members tab of a project shows; the address of the page holds all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProjectMemberQuery {
    /// Part of a name or an address; empty: everybody.
    #[serde(default)]
    pub search: String,
    /// Only members with an override.
    #[serde(default)]
    pub overridden: bool,
    /// The opaque cursor of a page, from [`crate::page::Page`].
    pub cursor: Option<String>,
}

/// All that the override dialog needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideEditor {
    /// Whose.
    pub member: Named<MemberId>,
    /// The name of their role.
    pub role: String,
    /// The rows of the matrix; only project-scoped ones can be overridden.
    pub catalogue: Catalogue,
    /// Names of what they could do here without an override, project-scoped.
    pub base: Vec<String>,
    /// The override as it is.
    pub current: Option<OverrideView>,
    /// Names of all permissions that the asker may give here.
    pub grantable: Vec<String>,
    /// What the asker should know before they go on: it is their own, or that of somebody who manages the team.
    pub warning: Option<String>,
    /// Why the asker can not change it; `None`: they can.
    pub blocked: Option<String>,
}

/// The order to replace what a member may do in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverrideDraft {
    /// What holds there instead.
    pub grant: GrantView,
    /// The version of the override it was made on; `None`: there was none.
    pub version: Option<i64>,
}
