//! Giving several people a role at once.

use rolecall_shared::{MemberId, RoleId, membership::PersonVerdict};

use super::several::{Deed, several};
use crate::{
    Caller, Rolecall,
    authz::{self, TeamManage},
    service::Failure,
};

/// Gives several members a role and leaves their groups and direct permissions, each as
/// [`crate::service::access::update`] does.
///
/// # Errors
/// [`Failure::NotFound`] for a role that is not here, [`Failure::Invalid`] on `members`,
/// [`Failure::ConfirmFirst`] without a fresh proof; what concerns one person is their verdict.
pub async fn change_roles(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    members: &[MemberId],
    role: RoleId,
) -> Result<Vec<PersonVerdict>, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamManage>(app, &mut db, caller, slug).await?;
    let found = db.role(proof.workspace(), role).await?;
    found.ok_or(Failure::NotFound("role"))?;
    drop(db);
    several(app, caller, slug, members, Deed::GiveRole(role)).await
}
