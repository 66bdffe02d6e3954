//! Identifiers: one type per kind of thing, so that a member's id can not be passed as a role's.
//!
//! All are UUIDs (version 7, RFC 9562) made by the server; on the wire they are strings.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A person who can sign in; global to the installation.
    UserId;
    /// The account that owns all projects, resources and grants.
    WorkspaceId;
    /// A user in a workspace.
    MemberId;
    /// An offer of membership to an e-mail address.
    InvitationId;
    /// A named permission set; every member has exactly one.
    RoleId;
    /// A named permission set given to many members.
    GroupId;
    /// A part of the workspace.
    ProjectId;
    /// A thing that permissions protect.
    ResourceId;
    /// A signed-in browser.
    SessionId;
    /// What a program acts with for a member.
    TokenId;
    /// A time in which a session sees a workspace as one of its members does.
    ViewId;
}
