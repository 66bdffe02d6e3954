//! The settings of a workspace: its name, the role that invitations choose first, its deletion, and
//! how the operator undoes that. The invitation policy is a matter of `service::invitations`.

mod change;
mod delete;
mod read;
mod restore;

pub use change::{rename, set_default_role};
pub use delete::delete;
pub use read::page;
pub use restore::{restorable, restore};

use serde_json::json;

use super::Failure;
use crate::store::{Entry, Target, WorkspaceRecord};

/// Said when somebody else changed the part of the settings that a person acts on.
pub(super) fn stale(what: &str) -> Failure {
    Failure::Stale(format!(
        "Somebody else changed the {what} a moment ago. Look at what it is now, and save again if you still want yours."
    ))
}

fn target(workspace: &WorkspaceRecord) -> Target {
    Target::new("workspace", workspace.id.0, workspace.name.clone())
}

/// For the trail: names of roles before and after.
pub(super) fn default_role_changed(
    workspace: &WorkspaceRecord,
    before: &str,
    after: &str,
) -> Entry {
    Entry::new(
        "workspace.default_role_changed",
        target(workspace),
        json!({ "before": before, "after": after }),
    )
}
