//! The gate: the one place where a permission becomes a proof.

use rolecall_shared::policy;

use super::{Authorized, Permission, holdings_of, role_permissions};
use crate::{
    Caller, Rolecall,
    clock::timestamp,
    store::{Db, StoreError},
};

/// Why the gate stays shut.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// Not an active member: for them the workspace does not exist (rule 29).
    #[error("the workspace is not visible to the caller")]
    NotVisible,
    /// A member without this permission.
    #[error("the permission {0} is missing")]
    Missing(rolecall_shared::permission::CorePermission),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Proves that the caller holds `P` in the workspace with this slug, by what the database says in
/// this very transaction: nothing is remembered from before.
pub async fn authorize<P: Permission>(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
) -> Result<Authorized<P>, Denied> {
    let found = db
        .membership(slug, caller.session.user)
        .await?
        .filter(|m| m.status == "active");
    let member = found.ok_or(Denied::NotVisible)?;
    let template = app
        .templates()
        .get(&member.workspace.template)
        .ok_or(StoreError::Corrupt(
            "the workspace's template is not installed",
        ))?;
    let groups = db.group_grants(member.member_id).await?;
    let role = role_permissions(
        template,
        member.builtin_key.as_deref(),
        &member.role_permissions,
    );
    let holdings = holdings_of(template, member.is_owner, role, &groups);
    let effective = policy::effective(&template.catalogue, &holdings, timestamp(app.clock().now()));
    if !effective.contains(template.catalogue.core(P::PERMISSION)) {
        return Err(Denied::Missing(P::PERMISSION));
    }
    Ok(Authorized::new(
        member.workspace,
        member.member_id,
        member.is_owner,
        member.role_name,
        effective,
        caller.clone(),
    ))
}
