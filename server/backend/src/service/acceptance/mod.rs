//! Accepting and declining: what the holder of a link sees and can do.
//!
//! Opening changes nothing, however often. Joining re-checks everything under the lock of
//! the workspace; whoever comes second is told what happened first.

mod code;
mod decline;
mod join;
mod open;

pub use code::send_code;
pub use decline::decline;
pub use join::{NewPerson, join_known, join_new, join_signed_in};
pub use open::open;

use rolecall_shared::Timestamp;

use super::{Failure, SignedIn};
use crate::store::StoreError;

/// What a link leads to.
#[derive(Clone, Debug)]
pub enum Invited {
    /// An invitation that can be accepted, and who is looking at it.
    Open(InvitationCard, Who),
    /// One that can not.
    Ended(Ended),
}

/// What the acceptance page shows.
#[derive(Clone, Debug)]
pub struct InvitationCard {
    /// Name of the workspace.
    pub workspace: String,
    /// Its part of the address.
    pub workspace_slug: String,
    /// Who invites.
    pub inviter_name: String,
    /// Their address.
    pub inviter_email: String,
    /// The invited address.
    pub email: String,
    /// Name of the role.
    pub role: String,
    /// What the role is, in a sentence.
    pub role_sentence: String,
    /// The personal line.
    pub note: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Who is looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody with an account: name and password make one.
    New {
        /// Whether the mailbox has to be proven.
        code: CodeStep,
    },
    /// The address has an account: its password signs in.
    Known,
    /// Somebody with a copied link, who is not told whether the address has an account (rule 27).
    Either {
        /// Whether the mailbox has to be proven.
        code: CodeStep,
    },
    /// Signed in with the invited address.
    SignedIn {
        /// Their name.
        name: String,
    },
    /// Signed in with another address.
    Other {
        /// That address.
        signed_in_as: String,
    },
}

/// Whether a mailed code has to prove the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeStep {
    /// The link came by mail, or there is no mail server.
    NotNeeded,
    /// The link was copied.
    Needed {
        /// Whether a code is on its way.
        sent: bool,
    },
}

/// Why a link does not work, with what the page needs to say the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Never ours, or changed on the way.
    Unknown,
    /// The workspace was deleted, and all its invitations with it.
    WorkspaceGone {
        /// Name of the workspace.
        workspace: String,
    },
    /// Its time is over.
    Expired {
        /// Name of the workspace.
        workspace: String,
        /// Who can send a new one.
        inviter_name: String,
    },
    /// Taken back.
    Revoked {
        /// Name of the workspace.
        workspace: String,
        /// Who can send a new one.
        inviter_name: String,
    },
    /// Declined before.
    Declined {
        /// Name of the workspace.
        workspace: String,
        /// Who can send a new one.
        inviter_name: String,
    },
    /// Accepted before.
    Accepted {
        /// Name of the workspace.
        workspace: String,
        /// Its part of the address.
        workspace_slug: String,
        /// The address that joined.
        email: String,
    },
    /// A newer link took its place.
    Replaced {
        /// Name of the workspace.
        workspace: String,
        /// Who can give a new one.
        inviter_name: String,
        /// When the newer one was made.
        newer_at: Timestamp,
        /// Where the one that works now is.
        newer: Newer,
    },
    /// The inviter can not give this any more; somebody else has to send it again.
    NeedsApproval {
        /// Name of the workspace.
        workspace: String,
        /// Who sent it.
        inviter_name: String,
        /// Whether the one who looks may say no all the same.
        may_decline: bool,
    },
}

/// Where the link is that took the place of an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newer {
    /// In a mail to the invited address.
    Mailed,
    /// With somebody who copied it, to hand it over.
    Copied,
    /// Nowhere yet: the invitation changed and no mail could be sent.
    Unsent,
}

/// Somebody joined.
#[derive(Debug)]
pub struct Joined {
    /// The new session, when one was opened.
    pub signed_in: Option<SignedIn>,
    /// Where to go.
    pub workspace_slug: String,
    /// Nothing changed: they were in before.
    pub already_member: bool,
}

/// Why nobody joined.
#[derive(Debug)]
pub enum AcceptFailure {
    /// The invitation ended.
    Ended(Ended),
    /// Anything else; the form can be sent again.
    Failure(Failure),
}

impl From<Failure> for AcceptFailure {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for AcceptFailure {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}
