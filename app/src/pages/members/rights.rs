//! What the one who looks at the list may do to the people in it, as far as the list can tell. Who
//! holds more than oneself is known to the server alone; it says so when it is asked.

use rolecall_shared::{
    member::{MemberRow, MemberStatus},
    permission::CorePermission,
    shell::WorkspaceView,
    view_as,
};

use crate::here::blocked;

/// The rights of the one who looks.
#[derive(Clone, Default)]
pub struct Rights {
    manage: Option<String>,
    owner: bool,
    /// Why the one who looks can not leave.
    pub leave: Option<String>,
    /// Why nobody's history can be looked at.
    pub unseen: Option<String>,
}

impl Rights {
    /// As the frame knows them.
    pub fn of(workspace: &WorkspaceView) -> Self {
        Self {
            manage: blocked(workspace, CorePermission::TeamManage),
            owner: workspace.is_owner,
            leave: workspace.viewing_as.as_deref().map(view_as::read_only),
            unseen: blocked(workspace, CorePermission::AuditView),
        }
    }

    /// Whether they may manage the team at all.
    pub fn manages(&self) -> bool {
        self.manage.is_none()
    }

    /// Why they can not suspend or remove somebody; nothing where they may, or where the list can not
    /// tell.
    pub fn touching(&self, member: &MemberRow) -> Option<&str> {
        if member.is_owner && !self.owner {
            return Some("Only an owner can do this to an owner.");
        }
        self.manage.as_deref()
    }

    /// Why they can not view as somebody, as far as the list can tell.
    pub fn viewing(&self, member: &MemberRow) -> Option<&str> {
        if member.is_owner {
            Some("Nobody views as an owner.")
        } else if member.status == MemberStatus::Suspended {
            Some("They are suspended and see nothing.")
        } else {
            self.manage.as_deref()
        }
    }
}
