//! The signed-in person's own account.

use leptos::prelude::*;
use rolecall_shared::{SessionId, account::AccountPage, notification::NotificationKind};

#[cfg(feature = "ssr")]
use rolecall_backend::service::{account, sudo};

#[cfg(feature = "ssr")]
use crate::context::set_session;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// Proves by the password that it is still the same person (rule 8). The session goes on with a new
/// cookie, which comes with the answer.
#[server(prefix = "/api", endpoint = "confirm_identity", input = Json, output = Json)]
pub async fn confirm_identity(password: String) -> Result<(), ApiFailure> {
    let secret = super::change("", "confirm_identity", async |app, caller| {
        sudo::confirm(app, &caller.meta, &caller.session, &password).await
    })
    .await?;
    set_session(&secret);
    Ok(())
}

/// The account with its sessions.
#[server(prefix = "/api", endpoint = "load_account", input = Json, output = Json, client = Reading)]
pub async fn load_account() -> Result<AccountPage, ApiFailure> {
    super::personal("", "load_account", async |app, caller| {
        account::load(app, caller).await
    })
    .await
}

/// Another name, everywhere at once; gives it as it is kept.
#[server(prefix = "/api", endpoint = "rename_account", input = Json, output = Json)]
pub async fn rename_account(name: String) -> Result<String, ApiFailure> {
    super::change("", "rename_account", async |app, caller| {
        account::rename(app, caller, &name).await
    })
    .await
}

/// Mails a link to another address, which is in force once that is confirmed.
#[server(prefix = "/api", endpoint = "change_email", input = Json, output = Json)]
pub async fn change_email(email: String) -> Result<(), ApiFailure> {
    super::change("", "change_email", async |app, caller| {
        account::change_email(app, caller, &email).await
    })
    .await
}

/// Takes the change of the address that waits back.
#[server(prefix = "/api", endpoint = "withdraw_email", input = Json, output = Json)]
pub async fn withdraw_email() -> Result<(), ApiFailure> {
    super::change("", "withdraw_email", async |app, caller| {
        account::withdraw_email(app, caller).await
    })
    .await
}

/// Another password, against the present one. All other sessions end, and this one goes on with a new
/// cookie, which comes with the answer.
#[server(prefix = "/api", endpoint = "change_password", input = Json, output = Json)]
pub async fn change_password(current: String, password: String) -> Result<(), ApiFailure> {
    let secret = super::change("", "change_password", async |app, caller| {
        account::change_password(app, caller, &current, &password).await
    })
    .await?;
    set_session(&secret);
    Ok(())
}

/// Ends another session of the caller.
#[server(prefix = "/api", endpoint = "end_session", input = Json, output = Json)]
pub async fn end_session(session: SessionId) -> Result<(), ApiFailure> {
    super::change("", "end_session", async |app, caller| {
        account::end_session(app, caller, session).await
    })
    .await
}

/// Ends all other sessions of the caller; gives their number.
#[server(prefix = "/api", endpoint = "end_other_sessions", input = Json, output = Json)]
pub async fn end_other_sessions() -> Result<u64, ApiFailure> {
    super::change("", "end_other_sessions", async |app, caller| {
        account::end_others(app, caller).await
    })
    .await
}

/// Switches a kind of mail on or off.
#[server(prefix = "/api", endpoint = "set_notification", input = Json, output = Json)]
pub async fn set_notification(kind: NotificationKind, on: bool) -> Result<(), ApiFailure> {
    super::change("", "set_notification", async |app, caller| {
        account::set_notification(app, caller, kind, on).await
    })
    .await
}
