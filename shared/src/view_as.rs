//! View as: seeing a workspace as one of its members does, read-only.

use serde::{Deserialize, Serialize};

use crate::{MemberId, Timestamp};

/// Minutes after which a view is over.
pub const LASTS_MINUTES: i64 = 30;

/// As whom the session of a page looks at a workspace, for the banner on top of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewed {
    /// The workspace's part of the address.
    pub slug: String,
    /// As which member.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// When it is over at the latest.
    pub ends_at: Timestamp,
    /// Seconds until then by the server's clock: the browser's may be wrong.
    pub seconds_left: i64,
}

/// Said to somebody who views as a member and reaches for something that only looking does not do.
pub fn read_only(name: &str) -> String {
    format!("You are viewing as {name}, read-only. Exit the view to do this.")
}

/// What the owners of a workspace decided about viewing as somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewPolicy {
    /// Whether it is possible at all.
    pub enabled: bool,
    /// Whether those who are viewed as are told by mail.
    pub notice: bool,
}

/// The policy, and why the one who asks can not change it; `None`: they can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSettings {
    /// What holds now.
    pub policy: ViewPolicy,
    /// Why the one who asks can not change it; `None`: they can.
    pub blocked: Option<String>,
}
