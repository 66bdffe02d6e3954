//! Roles, and roles and groups as things to give.

use serde::{Deserialize, Serialize};

use crate::{
    GroupId, RoleId,
    catalogue::{Catalogue, Level},
    member::Named,
};

/// A role that can be given to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleOption {
    /// Its id.
    pub id: RoleId,
    /// Its name, such as "Operator".
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// How far it reaches.
    pub level: Level,
    /// Why the asker may not give it: names of permissions they lack themselves. Empty: may give it.
    pub lacking: Vec<String>,
}

/// A group that can be given to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupOption {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// How far it reaches.
    pub level: Level,
    /// As for [`RoleOption::lacking`].
    pub lacking: Vec<String>,
}

/// A role as its card shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCard {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// Whether it comes from the template: nobody edits or deletes it.
    pub built_in: bool,
    /// For whom it is; empty for custom roles.
    pub best_for: Vec<String>,
    /// What it can not do, each to complete "Can not …"; empty for custom roles.
    pub restrictions: Vec<String>,
    /// Whether its project-scoped permissions hold only in projects that the member created.
    pub own_projects_only: bool,
    /// How far it reaches.
    pub level: Level,
    /// How many members have it.
    pub members: i64,
    /// How many invitations that wait would give it.
    pub invitations: i64,
    /// Whether invitations choose it first.
    #[serde(default)]
    pub is_default: bool,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

/// The roles page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolesPage {
    /// All roles: built-in ones in the order of the template, then custom ones by name.
    pub roles: Vec<RoleCard>,
    /// Whether this workspace can have roles of its own.
    pub custom_roles: bool,
    /// Services that the template gained and nobody looked at; `None`: there is nothing to look at.
    pub review: Option<Review>,
}

/// A service that the template gained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceToReview {
    /// The key of its row.
    pub key: String,
    /// Its title.
    pub title: String,
}

/// New services, which are off in custom roles and groups until somebody looked at them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The services, in the order of the matrix.
    pub services: Vec<ServiceToReview>,
    /// Custom roles, by name.
    pub roles: Vec<Named<RoleId>>,
    /// Groups, by name.
    pub groups: Vec<Named<GroupId>>,
    /// Why the asker can not say that they were looked at; `None`: they can.
    pub blocked: Option<String>,
}

/// The role that another one was cloned from, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleOrigin {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// Names of its permissions.
    pub permissions: Vec<String>,
    /// Whether its project-scoped permissions hold only in projects that the member created.
    pub own_projects_only: bool,
}

/// What the editor of a role works on, and the order to create or change one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleDraft {
    /// Its name, 1 to [`crate::text::NAME_MAX`] characters.
    pub name: String,
    /// A sentence about it, at most [`crate::text::NOTE_MAX`] characters.
    pub description: String,
    /// Names of its permissions.
    pub permissions: Vec<String>,
    /// Whether its project-scoped permissions hold only in projects that the member created.
    #[serde(default)]
    pub own_projects_only: bool,
}

/// All that the page of one role needs, or of a new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleEditor {
    /// The role; `None`: it is a new one.
    pub role: Option<RoleCard>,
    /// The role that it was cloned from, while there is that role.
    pub origin: Option<RoleOrigin>,
    /// What is in the fields at first: the role as it is, the role to be cloned, or nothing.
    pub draft: RoleDraft,
    /// The rows of the matrix.
    pub catalogue: Catalogue,
    /// Names of all permissions that the asker may give.
    pub grantable: Vec<String>,
    /// Why the asker can only look at it; `None`: they can change it.
    pub blocked: Option<String>,
    /// The other roles, which members could get when this one is deleted.
    pub others: Vec<RoleOption>,
    /// Why no role can be made here, by cloning or otherwise; `None`: the kind of workspace allows it.
    pub fixed: Option<String>,
}

/// Two roles side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleComparison {
    /// The rows of the matrix.
    pub catalogue: Catalogue,
    /// The left one and the right one, with the names of their permissions.
    pub sides: [(RoleCard, Vec<String>); 2],
    /// All roles, to choose others.
    pub roles: Vec<Named<RoleId>>,
}
