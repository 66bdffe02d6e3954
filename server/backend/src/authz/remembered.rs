//! Proofs from what this instance remembers, for decisions: they are asked for so often that the database
//! would be in the way. How old it can be is [`crate::memory::BOUND`]; nothing is changed by such a proof,
//! since changes read rights again under the lock.

use rolecall_shared::policy;

use super::{Authorized, Denied, Permission, Standing};
use crate::{
    Caller, Rolecall,
    clock::timestamp,
    memory::{Found, People},
};

/// Proves that the program of the caller holds `P` in the workspace of its token.
///
/// # Errors
/// [`Denied::NotVisible`] for anybody without a token of that workspace that works, [`Denied::Missing`]
/// without the permission.
pub fn authorize_remembered<P: Permission>(
    app: &Rolecall,
    people: &People,
    caller: &Caller,
) -> Result<Authorized<P>, Denied> {
    let now = app.clock().now();
    let token = caller.session.token.as_ref().ok_or(Denied::NotVisible)?;
    let bearer = people.token_by_id(token.id).ok_or(Denied::NotVisible)?;
    let at = timestamp(now);
    let Found::Active(held) = people.by_id(token.member, at) else {
        return Err(Denied::NotVisible);
    };
    if bearer.record.member_id != token.member || bearer.record.expires_at <= now {
        return Err(Denied::NotVisible);
    }
    let workspace = people.workspace.clone();
    let template = super::gate::template_of(app, &workspace.template)?;
    let catalogue = &template.catalogue;
    let made = bearer.project_created_by;
    let standing = Standing {
        holdings: policy::narrowed(catalogue, &held, bearer.scope, made, at),
        role: people.role_name(token.member).to_owned(),
        workspace,
        caller: caller.clone(),
        now: at,
        last_active_at: None,
        viewer: None,
    };
    standing.prove::<P>(app)
}
