//! Looking at tokens.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{
    MemberId, ProjectId, TokenId,
    catalogue::PermissionSet,
    member::Named,
    page::Page,
    permission::CorePermission,
    policy::{Holdings, Place, effective, narrowed},
    token::{Revocation, TokenQuery, TokenRow, TokensPage},
};

use super::revoke::touches;
use crate::{
    Caller, Rolecall,
    authz::{self, Standing, holdings, token_scope},
    clock::timestamp,
    service::Failure,
    store::{Db, PersonRecord, StoreError, TokenRecord},
    templates::Template,
};

/// One page of tokens, the newest first: the caller's own, which every member may see (rule 44), or those
/// of everybody, which needs `tokens:manage`. Never a text of a token.
///
/// # Errors
/// [`Failure::Invalid`] on `cursor`; [`Failure::Denied`] for those of everybody without the permission.
pub async fn list(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &TokenQuery,
) -> Result<TokensPage, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let standing = authz::standing(app, &mut db, caller, slug).await?;
    let template = standing.template(app)?;
    let manages = standing.may(template, Place::Workspace, CorePermission::TokensManage);
    if query.everybody {
        let proof = standing.prove(app)?;
        let found = db.all_tokens(&proof, query, now).await??;
        let tokens = rows(&mut db, &proof, template, found, now).await?;
        return Ok(TokensPage {
            tokens,
            sees_all: true,
            blocked: None,
        });
    }
    let found = db.own_tokens(&standing, query, now).await??;
    let denied = Failure::Denied(CorePermission::TokensManage);
    Ok(TokensPage {
        tokens: rows(&mut db, &standing, template, found, now).await?,
        sees_all: manages,
        blocked: (!manages).then(|| denied.to_api("").message),
    })
}

/// One token, never its text: the caller's own, which every member may see (rule 44), or that of somebody
/// else, which needs `tokens:manage`. Whoever may not see those of others is refused the same whether it is
/// there or not.
///
/// # Errors
/// [`Failure::Denied`] for one that is not the caller's without the permission; [`Failure::NotFound`] for one
/// that is not here.
pub async fn one(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    token: TokenId,
) -> Result<TokenRow, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let standing = authz::standing(app, &mut db, caller, slug).await?;
    let template = standing.template(app)?;
    let found = db.token(standing.workspace(), token).await?;
    let own = found
        .as_ref()
        .is_some_and(|token| token.member_id == standing.member());
    if !own && !standing.may(template, Place::Workspace, CorePermission::TokensManage) {
        return Err(Failure::Denied(CorePermission::TokensManage));
    }
    let found = [found.ok_or(Failure::NotFound("token"))?];
    let holders = Holders::of(&mut db, &standing, template, &found).await?;
    let [found] = found;
    Ok(holders.row(&standing, template, found, now))
}

async fn rows(
    db: &mut Db,
    standing: &Standing,
    template: &Template,
    page: Page<TokenRecord>,
    now: DateTime<Utc>,
) -> Result<Page<TokenRow>, StoreError> {
    let holders = Holders::of(db, standing, template, &page.rows).await?;
    let tokens = page.rows.into_iter();
    Ok(Page {
        rows: tokens
            .map(|token| holders.row(standing, template, token, now))
            .collect(),
        next: page.next,
        previous: page.previous,
    })
}

/// The members whose tokens are on a page, with what they hold.
struct Holders(HashMap<MemberId, (PersonRecord, Holdings)>);

impl Holders {
    async fn of(
        db: &mut Db,
        standing: &Standing,
        template: &Template,
        tokens: &[TokenRecord],
    ) -> Result<Self, StoreError> {
        let mut members: Vec<MemberId> = tokens.iter().map(|token| token.member_id).collect();
        members.sort_unstable();
        members.dedup();
        let grants = db.grants_of(&members).await?;
        let people = db.people_among(standing.workspace(), &members).await?;
        let held = people.into_iter().map(|person| {
            let held = holdings(template, &person.holder, &grants);
            (held.member, (person, held))
        });
        Ok(Self(held.collect()))
    }

    fn row(
        &self,
        standing: &Standing,
        template: &Template,
        token: TokenRecord,
        now: DateTime<Utc>,
    ) -> TokenRow {
        let catalogue = &template.catalogue;
        let holder = self.0.get(&token.member_id);
        let status = token.status(now);
        let active = holder.filter(|(person, _)| person.holder.is_active(standing.now()));
        let paused = holder.filter(|_| status.works() && active.is_none());
        let works = active.filter(|_| status.works());
        let may = works.map_or(PermissionSet::EMPTY, |(_, held)| {
            reach(template, &token, held, standing)
        });
        let manage = catalogue.core(CorePermission::TokensManage);
        let manages = |held: &Holdings| {
            effective(catalogue, held, Place::Workspace, standing.now()).contains(manage)
        };
        let is_yours = token.member_id == standing.member();
        let blocked = (!is_yours)
            .then(|| touches(standing, template, &holder?.1).err())
            .flatten();
        TokenRow {
            paused: paused.map(|(person, _)| {
                format!(
                    "{} is suspended. It works again when they are active again.",
                    person.name
                )
            }),
            unlimited: token.permissions.is_none(),
            level: catalogue.level(may),
            permissions: catalogue.names(may),
            owner_can_not_manage: works.is_some_and(|(_, held)| !manages(held)),
            project: token.project().map(|id: ProjectId| Named {
                id,
                name: token.project_name.clone(),
            }),
            id: token.id,
            hint: token.hint,
            is_yours,
            status,
            created_at: timestamp(token.created_at),
            expires_at: timestamp(token.expires_at),
            last_used_at: token.last_used_at.map(timestamp),
            last_used_address: token.last_used_address,
            revoked: token.revoked_at.map(|at| Revocation {
                at: timestamp(at),
                because: because(&token.revoked_because).to_owned(),
                by: token.revoked_by,
            }),
            blocked: blocked.map(|refusal| Failure::from(refusal).to_api("").message),
            member: Named {
                id: token.member_id,
                name: token.member_name,
            },
            email: token.member_email,
            name: token.name,
        }
    }
}

/// What a token may do now: in its project, or outside of any.
fn reach(
    template: &Template,
    token: &TokenRecord,
    held: &Holdings,
    standing: &Standing,
) -> PermissionSet {
    let catalogue = &template.catalogue;
    let scope = token_scope(template, token.permissions.as_deref(), token.project());
    let created_by = token.project_created_by();
    let place = match token.project() {
        Some(id) => Place::Project { id, created_by },
        // What a role for own projects gives in them counts.
        None => Place::NewProject,
    };
    let left = narrowed(catalogue, held, scope, created_by, standing.now());
    effective(catalogue, &left, place, standing.now())
}

/// Why a token was revoked, to complete "It was revoked …".
fn because(stored: &str) -> &'static str {
    match stored {
        "removed" => "when its member was removed",
        "left" => "when its member left",
        "project_deleted" => "with its project",
        _ => "by hand",
    }
}
