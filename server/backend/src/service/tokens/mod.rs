//! API tokens: what programs act with for a member (R-58 to R-63, rules 43 to 48).
//!
//! A token has its scope and what its member may do, both of this moment: [`crate::authz::standing`] is the
//! place where the one narrows the other. Suspending its member pauses it; removing them, deleting its
//! project or revoking it ends it for good.

mod bearer;
mod create;
mod read;
mod revoke;

pub use bearer::{Bearer, Refused, authenticate};
pub use create::{create, options};
pub use read::{list, one};
pub use revoke::revoke;

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, TokenId, WorkspaceId, token::HeldToken};

use crate::{
    clock::timestamp,
    store::{Db, StoreError, Target},
};

fn target(id: TokenId, name: &str) -> Target {
    Target::new("token", id.0, name)
}

/// The tokens of a member that work, for whoever is about to remove or suspend them.
pub(super) async fn held(
    db: &mut Db,
    workspace: WorkspaceId,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<Vec<HeldToken>, StoreError> {
    let tokens = db.working_tokens(workspace, member, now).await?;
    Ok(tokens
        .into_iter()
        .map(|token| HeldToken {
            name: token.name,
            hint: token.hint,
            last_used_at: token.last_used_at.map(timestamp),
        })
        .collect())
}
