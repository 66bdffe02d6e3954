//! Bringing a deleted workspace back, at the command line (F22).

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{WorkspaceId, settings::RESTORABLE_DAYS};
use serde_json::json;

use super::target;
use crate::{
    Rolecall,
    events::Topic,
    service::{Failure, setup::free_slug},
    store::{Actor, DeletedWorkspace, Entry, StoreError},
};

fn since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(RESTORABLE_DAYS)
}

/// The workspaces that can still be brought back, the latest deleted first.
pub async fn restorable(app: &Rolecall) -> Result<Vec<DeletedWorkspace>, Failure> {
    let mut db = app.store().read().await?;
    Ok(db.deleted_workspaces(since(app.clock().now())).await?)
}

/// Brings a deleted workspace back with its members, roles and projects as they were, and gives its
/// slug: the old one, or another where that is taken by now. Its invitations stay revoked.
///
/// # Errors
/// [`Failure::Conflict`] when there is no such workspace, when it was deleted too long ago, or when its
/// template is not installed any more.
pub async fn restore(app: &Rolecall, id: WorkspaceId) -> Result<String, Failure> {
    let now = app.clock().now();
    let since = since(now);
    let mut tx = app.store().write().await?;
    let deleted = tx.deleted_workspaces(since).await?;
    let Some(found) = deleted.into_iter().find(|workspace| workspace.id == id) else {
        return Err(Failure::Conflict(format!(
            "No workspace with the id {id} was deleted in the last {RESTORABLE_DAYS} days."
        )));
    };
    if app.templates().get(&found.template).is_none() {
        return Err(Failure::Conflict(format!(
            "The template “{}” of this workspace is not installed. Install it first.",
            found.template
        )));
    }
    let slug = if tx.slug_is_taken(&found.slug).await? {
        free_slug(app, &mut tx, &found.name).await?
    } else {
        found.slug
    };
    let restored = tx.restore_workspace(id, &slug, since, app.store()).await;
    let restored = restored.map_err(|error| match error {
        StoreError::Duplicate(_) => Failure::Conflict(format!(
            "Somebody took the address {slug} at this very moment. Run this again."
        )),
        other => other.into(),
    })?;
    let tx = restored.ok_or(Failure::NotFound("workspace"))?;
    let entry = Entry::new(
        "workspace.restored",
        target(tx.workspace()),
        json!({ "slug": slug, "deleted_at": found.deleted_at }),
    );
    let actor = Actor::operator("restore-workspace");
    tx.commit(now, &actor, entry.into(), &Topic::ALL).await?;
    Ok(slug)
}
