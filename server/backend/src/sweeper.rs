//! Tidying in the background: nothing waits for it, since everything is judged by the clock when
//! it is read.

use std::time::Duration;

use chrono::TimeDelta;
use rolecall_shared::{membership::UNDO_DAYS, token::KEPT_DAYS};
use tokio::sync::watch;

use crate::{
    Rolecall,
    events::Topic,
    service::{Failure, invitations, limits, membership, sessions, view_as},
};

const EVERY: Duration = Duration::from_secs(30);

/// Sweeps until `shutdown` is true.
pub async fn run(app: Rolecall, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        if let Err(failure) = sweep(&app).await {
            tracing::warn!(?failure, "sweeping failed; it will be tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = shutdown.changed() => {}
        }
    }
}

/// Writes down expired invitations, memberships and proposals of ownership, tells of what ends soon, and
/// deletes what was kept of memberships and tokens that ended long ago, timed-out sessions and links, old counters,
/// answers and places.
pub async fn sweep(app: &Rolecall) -> Result<(), Failure> {
    let now = app.clock().now();
    let workspaces = app
        .store()
        .read()
        .await?
        .workspaces_with_expired(now)
        .await?;
    for id in workspaces {
        let Some(mut tx) = app.store().lock(id).await? else {
            continue;
        };
        if invitations::write_down_expired(app, &mut tx, now, "sweeper").await? {
            tx.commit_housekeeping(&[Topic::Invitations]).await?;
        }
    }
    membership::write_down_ended(app).await?;
    membership::tell_of_endings(app).await?;
    view_as::write_down_ended(app).await?;
    let mut tx = app.store().write().await?;
    tx.forget_former(now - TimeDelta::days(UNDO_DAYS)).await?;
    tx.sweep_sessions(now - sessions::ABSOLUTE, now - sessions::IDLE)
        .await?;
    tx.sweep_throttles(now - limits::ROW_MEMORY).await?;
    tx.sweep_tokens(now - TimeDelta::days(KEPT_DAYS)).await?;
    tx.sweep_answers(now - TimeDelta::days(1)).await?;
    tx.sweep_accounts(now, now - sessions::PLACES_KEPT).await?;
    tx.commit_housekeeping().await?;
    Ok(())
}
