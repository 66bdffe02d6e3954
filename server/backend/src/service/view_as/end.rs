//! The end of a view: by leaving it, by what happened meanwhile, with the session, or by time.

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, ViewId};
use serde_json::json;

use super::{ended, target};
use crate::{
    Caller, Rolecall,
    authz::{ViewEnd, view_over},
    keys::SessionSecret,
    request::{RequestMeta, Session, Viewing},
    service::Failure,
    store::{Actor, Entry, Target, Tx},
};

/// Views that one round of the sweeper writes down the end of.
const AT_ONCE: i64 = 200;

/// A session that is its person's own again.
#[derive(Debug)]
pub struct Back {
    /// Its new secret; `None` when another request of the same browser was quicker and has it.
    pub secret: Option<SessionSecret>,
    /// The workspace that was looked at.
    pub slug: String,
    /// As which member.
    pub member: MemberId,
    /// How it ended.
    pub how: ViewEnd,
}

/// Leaves the view of the caller; `None`: there is none.
///
/// # Errors
/// Only when the database fails.
pub async fn exit(app: &Rolecall, caller: &Caller) -> Result<Option<Back>, Failure> {
    let over = over(app, caller).await?;
    leave(app, caller, over.unwrap_or(ViewEnd::Exit)).await
}

/// Gives the session back to its person when its view is over; `None`: it goes on, or there is none.
///
/// # Errors
/// Only when the database fails.
pub async fn settle(app: &Rolecall, caller: &Caller) -> Result<Option<Back>, Failure> {
    match over(app, caller).await? {
        None => Ok(None),
        Some(how) => leave(app, caller, how).await,
    }
}

async fn over(app: &Rolecall, caller: &Caller) -> Result<Option<ViewEnd>, Failure> {
    if caller.session.viewing.is_none() {
        return Ok(None);
    }
    let mut db = app.store().read().await?;
    Ok(view_over(app, &mut db, caller).await?)
}

async fn leave(app: &Rolecall, caller: &Caller, how: ViewEnd) -> Result<Option<Back>, Failure> {
    let Some(viewing) = &caller.session.viewing else {
        return Ok(None);
    };
    let now = app.clock().now();
    let secret = SessionSecret::new(app.random());
    let (session, view) = (caller.session.id, viewing.id);
    let actor = Actor::caller(caller);
    let entry = ended(target(viewing), how);
    let left;
    if let Some(mut tx) = app.store().lock(viewing.workspace).await? {
        left = tx.leave_view(session, view, &secret.hash()).await?;
        if tx.close_view(view, now).await? {
            tx.commit(now, &actor, entry.into(), &[]).await?;
        } else {
            tx.commit_housekeeping(&[]).await?;
        }
    } else {
        // The workspace was deleted meanwhile, and its trail ends with that.
        let mut tx = app.store().write().await?;
        left = tx.leave_view(session, view, &secret.hash()).await?;
        close(tx, view, now, &actor, entry).await?;
    }
    Ok(Some(Back {
        secret: left.then_some(secret),
        slug: viewing.slug.clone(),
        member: viewing.member,
        how,
    }))
}

/// Writes the end of a view into the installation's trail, unless it is written down already.
async fn close(
    mut tx: Tx,
    view: ViewId,
    now: DateTime<Utc>,
    actor: &Actor,
    entry: Entry,
) -> Result<(), Failure> {
    if tx.close_view(view, now).await? {
        tx.commit(now, actor, entry).await?;
    } else {
        tx.commit_housekeeping().await?;
    }
    Ok(())
}

/// Writes down that a view ends, because its person signs out of the session.
pub(crate) async fn signed_out(
    app: &Rolecall,
    meta: &RequestMeta,
    session: &Session,
) -> Result<(), Failure> {
    let Some(viewing) = &session.viewing else {
        return Ok(());
    };
    let how = ViewEnd::SignedOut;
    let entry = ended(target(viewing), how);
    write_down(app, viewing, &Actor::user(session, meta), entry).await
}

async fn write_down(
    app: &Rolecall,
    viewing: &Viewing,
    actor: &Actor,
    entry: Entry,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let Some(mut tx) = app.store().lock(viewing.workspace).await? else {
        let tx = app.store().write().await?;
        return close(tx, viewing.id, now, actor, entry).await;
    };
    if tx.close_view(viewing.id, now).await? {
        tx.commit(now, actor, entry.into(), &[]).await?;
    }
    Ok(())
}

/// Writes down views that are over by time, or whose session is gone. Nothing waits for it: whether a
/// view goes on is judged whenever it is used.
pub(crate) async fn write_down_ended(app: &Rolecall) -> Result<(), Failure> {
    let now = app.clock().now();
    let open = app
        .store()
        .read()
        .await?
        .views_to_close(now, AT_ONCE)
        .await?;
    for view in open {
        let how = if view.ends_at <= now {
            ViewEnd::Expired
        } else {
            ViewEnd::SessionEnded
        };
        let label = format!("{} <{}>", view.member_name, view.member_email);
        let entry = Entry::new(
            "view_as.ended",
            Target::member(view.member_id, label),
            json!({ "how": how.name(), "by": view.viewer }),
        );
        let actor = Actor::system("sweeper");
        let Some(mut tx) = app.store().lock(view.workspace_id).await? else {
            let tx = app.store().write().await?;
            close(tx, view.id, now, &actor, entry).await?;
            continue;
        };
        if tx.close_view(view.id, now).await? {
            tx.commit(now, &actor, entry.into(), &[]).await?;
        }
    }
    Ok(())
}
