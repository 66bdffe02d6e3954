//! Who may hear news of a workspace.

use rolecall_shared::WorkspaceId;

use super::Failure;
use crate::{
    Caller, Rolecall,
    authz::{self, Denied},
    clock::timestamp,
};

/// The workspace at `slug`, if the caller is active in it. Nothing is written down: a page that is
/// merely open is no activity of its person.
pub async fn workspace(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
) -> Result<Option<WorkspaceId>, Failure> {
    if caller.session.viewing.is_some() {
        return viewed(app, caller, slug).await;
    }
    let now = timestamp(app.clock().now());
    let mut db = app.store().read().await?;
    let member = db.membership(slug, caller.session.user).await?;
    Ok(member
        .filter(|member| member.holder.is_active(now))
        .map(|member| member.workspace.id))
}

/// The same for somebody who views as a member, as long as the view goes on.
async fn viewed(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
) -> Result<Option<WorkspaceId>, Failure> {
    let mut db = app.store().read().await?;
    match authz::standing(app, &mut db, caller, slug).await {
        Ok(standing) => Ok(Some(standing.workspace())),
        Err(Denied::NotVisible | Denied::ViewOver(_)) => Ok(None),
        Err(denied) => Err(denied.into()),
    }
}
