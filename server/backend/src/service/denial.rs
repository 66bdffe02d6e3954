//! Refused attempts are recorded too (rule 63): somebody who tries doors shows in the trail.
//!
//! Recorded is what was refused for want of power: a missing permission, the boundary of giving, and
//! changing a role of the template, which nobody has the power for. Not recorded is what is wrong
//! whoever asks, such as a cell that does not exist, a name that looks like another one's or a row
//! that changed meanwhile: it is a mistake, and whoever lacks the power for the act as well was
//! recorded before their input was looked at.

use chrono::TimeDelta;
use serde_json::json;

use super::{Failure, limits, view_as};
use crate::{
    Caller, Rolecall,
    store::{Actor, Entry, StoreError, Target},
};

/// Rows a minute for one person in one workspace; a flood beyond that is one row that says so.
const ROWS_A_MINUTE: i64 = 30;

/// Writes a refusal into the trail of the workspace, if it is one that a member met. The refusal
/// stands whether or not it could be written; a failure to write is logged.
pub async fn record(app: &Rolecall, caller: &Caller, slug: &str, attempt: &str, failure: &Failure) {
    let missing = match failure {
        Failure::Denied(permission) => vec![permission.to_string()],
        Failure::DeniedOn { name, .. } => vec![name.clone()],
        Failure::Refused(refusal) => refusal.missing(),
        Failure::BuiltIn(_) => vec!["a role that can be changed".to_owned()],
        Failure::OwnersOnly(_) => vec!["ownership".to_owned()],
        Failure::ViewReadOnly(_) => return view_as::record_refusal(app, caller, attempt).await,
        _ => return,
    };
    app.counters().refused.add(1);
    if let Err(error) = write(app, caller, slug, attempt, &missing).await {
        tracing::error!(request_id = %caller.meta.request_id, %error, "a refusal could not be recorded");
    }
}

async fn write(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    attempt: &str,
    missing: &[String],
) -> Result<(), StoreError> {
    let now = app.clock().now();
    let Some(mut tx) = app.store().lock_slug(slug).await? else {
        return Ok(());
    };
    let key = limits::key(app, "denials", &format!("{slug}\0{}", caller.session.user));
    let count = tx.count(&key, 1, now, TimeDelta::minutes(1)).await?.count;
    if count > ROWS_A_MINUTE + 1 {
        return tx.commit_housekeeping(&[]).await;
    }
    let action = if count > ROWS_A_MINUTE {
        "access.denied_often"
    } else {
        "access.denied"
    };
    let target = Target::new(
        "workspace",
        tx.workspace().id.0,
        tx.workspace().name.clone(),
    );
    let entry = Entry::new(
        action,
        target,
        json!({ "attempt": attempt, "missing": missing }),
    )
    .while_viewing();
    tx.commit(now, &Actor::caller(caller), entry.into(), &[])
        .await
}
