//! What the settings page of a workspace shows.

use serde::{Deserialize, Serialize};

use crate::{RoleId, Timestamp, invitation::InvitationPolicy, role::RoleOption};

/// The settings of a workspace, as far as the asker may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsPage {
    /// Its name.
    pub name: String,
    /// Its part of the address, which stays.
    pub slug: String,
    /// Its whole address.
    pub address: String,
    /// The title of its template, such as "Cloud account".
    pub template: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it allows for invitations.
    pub policy: InvitationPolicy,
    /// The role that invitations choose first; `None`: the asker may not see roles.
    pub default_role: Option<DefaultRole>,
    /// Why the asker can only look; `None`: they can change it.
    pub blocked: Option<String>,
    /// What its deletion would end, or why the asker can not delete it.
    pub deletion: Result<Deletion, String>,
}

/// The role that invitations choose first, and those that could be it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultRole {
    /// The role.
    pub role: RoleId,
    /// All roles, the ones that the asker may not give with what they lack.
    pub options: Vec<RoleOption>,
}

/// What ends when a workspace is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// People who lose access, the asker among them.
    pub members: i64,
    /// Invitations that wait and are revoked.
    pub pending: i64,
    /// Projects that nobody reaches any more.
    pub projects: i64,
}

/// Days during which the operator can bring a deleted workspace back (F22).
pub const RESTORABLE_DAYS: i64 = 30;
