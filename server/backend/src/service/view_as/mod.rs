//! View as: somebody who manages the team sees the workspace as one of its members does.
//!
//! It is a restriction of their own session: they stay who they are, see no more than both they and the
//! member may see, and change nothing. [`crate::authz::standing`] puts the member in their place;
//! [`read_only`] refuses what changes something, and the store commits nothing but what tells of the
//! looking in their name. Rights come back only with a new secret, at the exit or with the next page that
//! is loaded after the view is over.

mod end;
mod policy;
mod start;
mod trail;

pub use end::{Back, exit, settle};
pub(crate) use end::{signed_out, write_down_ended};
pub use policy::{policy, set_policy};
pub use start::start;
pub(super) use trail::record_refusal;
pub use trail::seen;

use serde_json::json;

use super::Failure;
use crate::{
    Session,
    authz::ViewEnd,
    request::Viewing,
    store::{Entry, Target},
};

/// Refuses the session of somebody who views as a member: for all that is more than looking at what
/// that member sees in the workspace.
///
/// # Errors
/// [`Failure::ViewReadOnly`].
pub fn read_only(session: &Session) -> Result<(), Failure> {
    match &session.viewing {
        None => Ok(()),
        Some(viewing) => Err(Failure::ViewReadOnly(viewing.name.clone())),
    }
}

fn target(viewing: &Viewing) -> Target {
    Target::member(viewing.member, viewing.label.clone())
}

fn ended(target: Target, how: ViewEnd) -> Entry {
    Entry::new("view_as.ended", target, json!({ "how": how.name() })).while_viewing()
}
