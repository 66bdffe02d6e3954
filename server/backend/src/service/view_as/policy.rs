//! What the owners of a workspace decide about viewing as somebody.

use rolecall_shared::view_as::{ViewPolicy, ViewSettings};
use serde_json::json;

use crate::{
    Caller, Rolecall,
    authz::{self, SettingsManage, SettingsView},
    events::Topic,
    service::{Failure, settings::stale},
    store::{Actor, Entry, Target},
};

/// What holds now, and why the caller can not change it. Needs `settings:view`.
///
/// # Errors
/// [`Failure::Denied`] without it.
pub async fn policy(app: &Rolecall, caller: &Caller, slug: &str) -> Result<ViewSettings, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<SettingsView>(app, &mut db, caller, slug).await?;
    let policy = db.view_policy(proof.workspace()).await?;
    let blocked = match proof.read_only() {
        Some(name) => Some(rolecall_shared::view_as::read_only(&name)),
        None => (!proof.is_owner()).then(|| "Only an owner can change this.".to_owned()),
    };
    Ok(ViewSettings { policy, blocked })
}

/// Decides it anew, if it is still `before`. Owners only. Where viewing is switched off, the views that
/// go on are over with it.
///
/// # Errors
/// [`Failure::OwnersOnly`], and [`Failure::Denied`] without `settings:manage`; [`Failure::Conflict`] when it is not `before` any more.
pub async fn set_policy(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    before: ViewPolicy,
    after: ViewPolicy,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<SettingsManage>(app, &mut tx, caller, slug).await?;
    if !proof.is_owner() {
        return Err(Failure::OwnersOnly("decide who may view as somebody"));
    }
    let found = tx.view_policy(proof.workspace()).await?;
    if found != before {
        return Err(stale("rules for viewing as somebody"));
    }
    if found == after {
        return Ok(());
    }
    tx.set_view_policy(&proof, after).await?;
    let workspace = tx.workspace();
    let target = Target::new("workspace", workspace.id.0, workspace.name.clone());
    let entry = Entry::new(
        "workspace.view_policy_changed",
        target,
        json!({ "before": before, "after": after }),
    );
    // Pages of views that are over by this look again.
    let topics = [Topic::Settings, Topic::Access];
    tx.commit(now, &Actor::caller(caller), entry.into(), &topics)
        .await?;
    Ok(())
}
