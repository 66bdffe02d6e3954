//! The people whose membership ended and can be brought back.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    member::Named,
    membership::{FormerQuery, FormerRow, UNDO_DAYS},
    page::Page,
};

use super::removal::undo_until;
use crate::{
    Caller, Rolecall,
    authz::{self, Standing, TeamView},
    clock::timestamp,
    service::Failure,
    store::{FormerRecord, RoleRecord, StoreError},
    templates::Template,
};

/// Who left at or before this moment can not be brought back at `now`.
pub(in crate::service) fn undo_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(UNDO_DAYS)
}

/// One page of the former members, the newest first. Needs `team:view`.
///
/// # Errors
/// [`Failure::Invalid`] on `cursor`.
pub async fn former(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &FormerQuery,
) -> Result<Page<FormerRow>, Failure> {
    let since = undo_since(app.clock().now());
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let template = proof.template(app)?;
    let page = db.former_page(&proof, query, since).await??;
    let roles = db.roles(proof.workspace()).await?;
    let rows = page.rows.into_iter();
    let rows = rows
        .map(|record| row(&proof, template, &roles, record))
        .collect::<Result<_, StoreError>>()?;
    Ok(Page {
        rows,
        next: page.next,
        previous: page.previous,
    })
}

fn row(
    asker: &Standing,
    template: &Template,
    roles: &[RoleRecord],
    record: FormerRecord,
) -> Result<FormerRow, StoreError> {
    let role = roles.iter().find(|role| role.id == record.role_id);
    let role_can_return = role.is_some_and(|role| {
        authz::lacking(asker, &template.catalogue, role.permissions(template)).is_empty()
    });
    Ok(FormerRow {
        departure: record.departure()?,
        at: timestamp(record.removed_at),
        undo_until: timestamp(undo_until(record.removed_at)),
        role: Named {
            id: record.role_id,
            name: role.map_or(record.role_name, |role| role.name.clone()),
        },
        role_can_return,
        id: record.id,
        name: record.name,
        email: record.email,
        was_owner: record.was_owner,
        by: record.removed_by,
        reason: record.reason,
    })
}
