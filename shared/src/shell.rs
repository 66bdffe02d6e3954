//! What every page of the console needs to know: who is there, where, and what they may do.

use serde::{Deserialize, Serialize};

use crate::{
    MemberId, WorkspaceId, membership::OwnershipOffer, permission::CorePermission, view_as::Viewed,
};

/// A workspace of the signed-in person, for the switcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceLink {
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Which projects somebody can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProjectReach {
    /// None at all.
    None,
    /// Those that they created, and those in which an override shows them.
    Own,
    /// All but those that an override hides.
    All,
}

/// The workspace at hand, seen by the one who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceView {
    /// Its id.
    pub id: WorkspaceId,
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The title of its template, such as "Cloud account".
    pub template: String,
    /// The asker's member id here.
    pub member: MemberId,
    /// The name of the asker's role here.
    pub role: String,
    /// Whether the asker is an owner.
    pub is_owner: bool,
    /// Names of all permissions the asker has here, such as `team:manage`; of a role for own
    /// projects, those it gives there.
    pub permissions: Vec<String>,
    /// Which projects there can be for them to see.
    pub projects: ProjectReach,
    /// Whether invitations may be handed over as a copied link.
    pub copy_link: bool,
    /// How long a new invitation is valid, in hours.
    pub invitation_hours: u32,
    /// Ownership that was proposed to the asker and waits for their answer.
    pub offer: Option<OwnershipOffer>,
    /// As whom the asker looks, when they view as a member.
    pub viewing_as: Option<String>,
}

impl WorkspaceView {
    /// Whether the asker has a core permission. The server decides again; this only draws.
    pub fn may(&self, permission: CorePermission) -> bool {
        self.permissions
            .iter()
            .any(|name| *name == permission.to_string())
    }
}

/// The signed-in person and their workspaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether this installation can send mail.
    pub mail: bool,
    /// All their workspaces, by name.
    pub workspaces: Vec<WorkspaceLink>,
    /// The workspace of the page's address; `None` when they are in no workspace of that name.
    pub workspace: Option<WorkspaceView>,
    /// What the form to sign out carries (rule 53).
    pub form_token: String,
    /// As whom the session looks at a workspace, when it does.
    pub viewing: Option<Viewed>,
}
