//! Roles and groups as the console shows them.

use serde::{Deserialize, Serialize};

use crate::{GroupId, RoleId, catalogue::Level};

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
