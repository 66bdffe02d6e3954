//! Changing the own password.

use serde_json::json;

use super::{letters, lock};
use crate::{
    Caller, Rolecall,
    keys::SessionSecret,
    passwords,
    service::{Failure, sessions::user_target, sign_in, sudo},
    store::{Actor, Entry},
};

/// Gives the caller another password, against the present one. All their other sessions end, links
/// about their account die, and a mail tells them (rule 6). The session in use goes on with the new
/// secret that this gives (rule 3).
///
/// # Errors
/// [`Failure::Invalid`] on `password` when the new one is too easy or the present one, on `current`
/// when that is wrong; [`Failure::TooMany`] while a wait runs.
pub async fn change_password(
    app: &Rolecall,
    caller: &Caller,
    current: &str,
    new: &str,
) -> Result<SessionSecret, Failure> {
    let me = &caller.session;
    let words = [me.email.as_str(), me.name.as_str()];
    if let Some(problem) = passwords::problem(new, &words) {
        return Err(Failure::field("password", problem));
    }
    if new == current {
        let message = "This is the password that you have. Choose another one.";
        return Err(Failure::field("password", message));
    }
    let proven = sign_in::prove_session(app, &caller.meta, me, "current", current).await?;
    let hash = app.passwords().hash(new).await?;
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    let user = lock(&mut tx, me.user).await?;
    if user.password_hash.is_none() || user.email_norm != proven.user.email_norm {
        // Both changed at this very moment through another session.
        return Err(Failure::NotSignedIn);
    }
    proven.forgive(&mut tx, now).await?;
    tx.replace_password_hash(user.id, &hash).await?;
    let ended = tx.delete_sessions_of(user.id, Some(me.id)).await?;
    tx.take_account_links(user.id).await?;
    let secret = sudo::renew(app, &mut tx, me, now).await?;
    letters::password_changed(app, &mut tx, now, &user.email).await?;
    let entry = Entry::new(
        "password.changed",
        user_target(user.id, &user.email),
        json!({ "sessions_ended": ended }),
    );
    tx.commit(now, &Actor::caller(caller), entry).await?;
    Ok(secret)
}
