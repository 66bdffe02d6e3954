//! Where the page is: the workspace of the address, the frame's data, and news about them.

use leptos::prelude::*;
use rolecall_shared::{
    permission::{Action, CorePermission},
    shell::{Shell, WorkspaceView},
    view_as,
};

use crate::{error::ApiFailure, live::Live};

/// What every page inside a workspace can ask for.
#[derive(Clone, Copy)]
pub struct Here {
    /// The workspace's part of the address.
    pub slug: Memo<String>,
    /// Who is there and what they may do.
    pub shell: Resource<Result<Shell, ApiFailure>>,
    /// Counters that go up when something changed.
    pub live: Live,
}

impl Here {
    /// The one that the frame provided.
    pub fn of_page() -> Self {
        expect_context()
    }
}

/// Why somebody may not do a thing that needs `permission`; nothing when they may.
pub fn blocked(workspace: &WorkspaceView, permission: CorePermission) -> Option<String> {
    (!workspace.may(permission)).then(|| match &workspace.viewing_as {
        Some(name) if permission.action() != Action::View => view_as::read_only(name),
        _ => format!(
            "To {}, you need the permission {permission}. Your role {} does not include it.",
            permission.deed(),
            workspace.role
        ),
    })
}
