//! Revoking tokens.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    TokenId,
    catalogue::PermissionSet,
    permission::CorePermission,
    policy::{Holdings, Place},
    token::TokenStatus,
};
use serde_json::json;

use super::target;
use crate::{
    Caller, Rolecall,
    authz::{self, Act, Refusal, Standing, holdings},
    events::Topic,
    mail::render::News,
    service::{Failure, membership},
    store::{Actor, Entry, TokenEnd, TokenRecord, WorkspaceTx},
    templates::Template,
};

/// Revokes a token, for good: the next request with it is refused. One's own always (rule 44); that of
/// somebody else needs `tokens:manage` and all that they hold, and that of an owner an owner
/// (rule 38).
///
/// # Errors
/// [`Failure::Denied`] for one that is not the caller's without the permission; [`Failure::NotFound`] for
/// one that is not here; [`Failure::Refused`] past whom the caller may touch; [`Failure::Conflict`] for one that ended already.
pub async fn revoke(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    token: TokenId,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let actor = authz::standing(app, &mut tx, caller, slug).await?;
    let template = actor.template(app)?;
    let found = tx.token(actor.workspace(), token).await?;
    let found = may_revoke(&mut tx, &actor, template, found).await?;
    match found.status(now) {
        TokenStatus::Revoked => {
            return Err(Failure::Conflict("It was revoked already.".to_owned()));
        }
        TokenStatus::Expired => {
            return Err(Failure::Conflict(
                "Its time is over already, so there is nothing to revoke.".to_owned(),
            ));
        }
        TokenStatus::Active | TokenStatus::ExpiresSoon | TokenStatus::Dormant => {}
    }
    let end = TokenEnd {
        at: now,
        by: &caller.session.name,
        because: "revoked",
    };
    tx.revoke_token(token, &end).await?;
    let entry = Entry::new(
        "token.revoked",
        target(found.id, &found.name),
        json!({
            "member": format!("{} <{}>", found.member_name, found.member_email),
            "last_used_at": found.last_used_at,
        }),
    )
    .about([found.member_id]);
    tell(app, &mut tx, caller, &found, now).await?;
    tx.commit(now, &Actor::caller(caller), entry.into(), &[Topic::Access])
        .await?;
    Ok(())
}

/// Tells its member of it, whose program stops: unless they did it, or are gone.
async fn tell(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    caller: &Caller,
    token: &TokenRecord,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let workspace = tx.workspace().id;
    let Some(person) = tx.person(workspace, token.member_id).await? else {
        return Ok(());
    };
    let news = News::TokenRevoked { token: &token.name };
    membership::tell_holder(app, tx, now, caller, &person, news).await
}

/// The token, if the caller may revoke it. Whoever may not see those of others learns nothing of them: one
/// that is not theirs is refused whether it is there or not.
async fn may_revoke(
    tx: &mut WorkspaceTx,
    actor: &Standing,
    template: &Template,
    found: Option<TokenRecord>,
) -> Result<TokenRecord, Failure> {
    let own = |token: &TokenRecord| token.member_id == actor.member();
    let manages = actor.may(template, Place::Workspace, CorePermission::TokensManage);
    if !manages && !found.as_ref().is_some_and(own) {
        return Err(Failure::Denied(CorePermission::TokensManage));
    }
    let token = found.ok_or(Failure::NotFound("token"))?;
    if own(&token) {
        return Ok(token);
    }
    if let Some(holder) = tx.person(actor.workspace(), token.member_id).await? {
        let grants = tx.grants_of(&[token.member_id]).await?;
        touches(
            actor,
            template,
            &holdings(template, &holder.holder, &grants),
        )?;
    }
    Ok(token)
}

/// Refuses an act on the token of somebody whom the caller may not touch (R-35, rule 38).
pub(super) fn touches(
    actor: &Standing,
    template: &Template,
    holder: &Holdings,
) -> Result<(), Refusal> {
    let act = Act {
        touches: std::slice::from_ref(holder),
        ..Act::giving(PermissionSet::EMPTY)
    };
    authz::permit(actor, &template.catalogue, &act)
}
