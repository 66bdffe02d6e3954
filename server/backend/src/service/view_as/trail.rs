//! What the trail tells of a view while it goes on: what was looked at, and what was refused.

use chrono::TimeDelta;
use serde_json::json;

use super::target;
use crate::{
    Caller, Rolecall,
    request::Viewing,
    service::{Failure, limits},
    store::{Actor, Entry, StoreError},
};

/// What the frame of every page asks for: it shows nothing of the workspace but its name.
const FRAME: &str = "load_shell";
/// Refusals that one view writes down in a minute; a flood beyond that is one row that says so.
const ROWS_A_MINUTE: i64 = 200;

/// Writes down that somebody who views as a member looks at something, the first time in the view.
/// Nothing that was not written down is shown.
///
/// # Errors
/// [`Failure::NotFound`] when the workspace was deleted meanwhile; else only when the database fails.
pub async fn seen(app: &Rolecall, caller: &Caller, page: &str) -> Result<(), Failure> {
    let Some(viewing) = caller.session.viewing.as_ref().filter(|_| page != FRAME) else {
        return Ok(());
    };
    let seen = app
        .store()
        .read()
        .await?
        .view_page_seen(viewing.id, page)
        .await?;
    if seen {
        return Ok(());
    }
    let now = app.clock().now();
    let Some(mut tx) = app.store().lock(viewing.workspace).await? else {
        return Err(Failure::NotFound("workspace"));
    };
    if tx.see_view_page(viewing.id, page).await? {
        let entry = Entry::new("view_as.seen", target(viewing), json!({ "attempt": page }));
        let entry = entry.while_viewing();
        tx.commit(now, &Actor::caller(caller), entry.into(), &[])
            .await?;
    }
    Ok(())
}

/// Writes down that somebody who views as a member was refused to do more than look. The refusal stands
/// whether or not it could be written; a failure to write is logged.
pub(in crate::service) async fn record_refusal(app: &Rolecall, caller: &Caller, attempt: &str) {
    let Some(viewing) = &caller.session.viewing else {
        return;
    };
    if let Err(error) = write(app, caller, viewing, attempt).await {
        tracing::error!(request_id = %caller.meta.request_id, %error, "a refusal could not be recorded");
    }
}

async fn write(
    app: &Rolecall,
    caller: &Caller,
    viewing: &Viewing,
    attempt: &str,
) -> Result<(), StoreError> {
    let now = app.clock().now();
    let Some(mut tx) = app.store().lock(viewing.workspace).await? else {
        return Ok(());
    };
    let key = limits::key(app, "view refusals", &viewing.id.to_string());
    let count = tx.count(&key, 1, now, TimeDelta::minutes(1)).await?.count;
    if count > ROWS_A_MINUTE + 1 {
        return tx.commit_housekeeping(&[]).await;
    }
    let action = if count > ROWS_A_MINUTE {
        "access.denied_often"
    } else {
        "view_as.refused"
    };
    let entry = Entry::new(action, target(viewing), json!({ "attempt": attempt })).while_viewing();
    tx.commit(now, &Actor::caller(caller), entry.into(), &[])
        .await
}
