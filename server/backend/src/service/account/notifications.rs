//! Which mails one gets.

use rolecall_shared::notification::{NotificationChoice, NotificationKind};
use serde_json::json;

use super::lock;
use crate::{
    Caller, Rolecall,
    service::{Failure, sessions::user_target},
    store::{Actor, Entry},
};

/// Switches a kind of mail on or off for the caller, in all workspaces. What is about safety can not be
/// switched. The same choice again writes nothing.
///
/// # Errors
/// [`Failure::Invalid`] on `kind` for what is always sent.
pub async fn set_notification(
    app: &Rolecall,
    caller: &Caller,
    kind: NotificationKind,
    on: bool,
) -> Result<(), Failure> {
    if let Some(why) = kind.always() {
        let message = format!("Mails about “{}” are always sent. {why}", kind.title());
        return Err(Failure::field("kind", message));
    }
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    let user = lock(&mut tx, caller.session.user).await?;
    let chosen = tx.notification_choices(user.id).await?;
    let chosen = chosen.iter().find(|choice| choice.kind == kind);
    let before = chosen.map_or(kind.on_by_default(), |choice| choice.on);
    if before == on {
        return Ok(());
    }
    let choice = NotificationChoice { kind, on };
    tx.choose_notification(user.id, choice).await?;
    let word = |on: bool| if on { "on" } else { "off" };
    let entry = Entry::new(
        "account.notifications_changed",
        user_target(user.id, &user.email),
        json!({ "mails": kind.title(), "before": word(before), "after": word(on) }),
    );
    tx.commit(now, &Actor::caller(caller), entry).await?;
    Ok(())
}
