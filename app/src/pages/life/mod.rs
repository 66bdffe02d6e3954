//! The life of a membership: the dialogs that suspend, end, remove, bring back, and hand over.

mod dialogs;
mod effects;
mod end;
mod leave;
mod ownership;
mod reason;
mod reinstate;
mod remove;
mod suspend;
mod view_as;
mod work;

pub mod several;

pub use dialogs::LifeDialogs;
pub use reinstate::come_back;

use leptos::prelude::*;
use rolecall_shared::{
    MemberId, Timestamp, member::MemberRow, membership::FormerRow, permission::CorePermission,
    shell::WorkspaceView,
};

use crate::here::blocked;

/// Whom a dialog is about.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: MemberId,
    /// Their name.
    pub name: String,
}

impl From<&MemberRow> for Person {
    fn from(member: &MemberRow) -> Self {
        Self {
            id: member.id,
            name: member.name.clone(),
        }
    }
}

/// What is about to be done to one person.
#[derive(Clone, PartialEq, Eq)]
pub enum Deed {
    /// Ending their membership.
    Remove,
    /// Ending one's own.
    Leave,
    /// Taking everything until further notice.
    Suspend,
    /// Giving it back.
    Reactivate,
    /// Setting until when they are a member.
    End {
        /// The version of the member that the change is made on.
        version: i64,
        /// The end of now.
        at: Option<Timestamp>,
    },
    /// Proposing ownership beside one's own.
    MakeOwner,
    /// Proposing ownership in place of one's own.
    HandOver,
    /// Making an owner a member with a role.
    TakeOwnership,
    /// Becoming a member with a role.
    StepDown,
    /// Looking at the workspace as they see it.
    ViewAs,
    /// Bringing a former member back.
    Reinstate(Box<FormerRow>),
}

/// The dialogs about one person: which is open, about whom. The frame has them, for all its pages.
#[derive(Clone, Copy)]
pub struct Life {
    /// Whether one is open.
    pub open: RwSignal<bool>,
    asked: RwSignal<Option<(Deed, Person)>>,
    /// The workspace as it was last known.
    pub workspace: RwSignal<Option<WorkspaceView>>,
}

impl Life {
    /// None is open.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            asked: RwSignal::new(None),
            workspace: RwSignal::new(None),
        }
    }

    /// The one that the frame provided.
    pub fn of_page() -> Self {
        expect_context()
    }

    /// Takes in what the frame learned about the workspace at `slug`. Gives its name when the one who
    /// looks was in it until now.
    pub fn learn(self, found: Option<WorkspaceView>, slug: &str) -> Option<String> {
        if found.is_some() {
            self.workspace.set(found);
            return None;
        }
        self.workspace.with_untracked(|before| {
            let before = before.as_ref().filter(|before| before.slug == slug)?;
            Some(before.name.clone())
        })
    }

    /// Opens the dialog of a deed.
    pub fn ask(self, deed: Deed, person: Person) {
        self.asked.set(Some((deed, person)));
        self.open.set(true);
    }

    /// Opens the dialog of leaving.
    pub fn ask_to_leave(self) {
        let me = self
            .workspace
            .with_untracked(|workspace| workspace.as_ref().map(|w| w.member));
        if let Some(id) = me {
            let name = self.workspace_name();
            self.ask(Deed::Leave, Person { id, name });
        }
    }

    /// The name of the workspace.
    fn workspace_name(self) -> String {
        self.workspace
            .with_untracked(|workspace| workspace.as_ref().map(|w| w.name.clone()))
            .unwrap_or_default()
    }

    /// Why the one who looks can not manage the team; nothing when they can.
    pub fn blocked(self) -> Option<String> {
        self.workspace.with(|workspace| {
            let workspace = workspace.as_ref()?;
            blocked(workspace, CorePermission::TeamManage)
        })
    }
}
