//! What somebody sees of their own account.

use rolecall_shared::{
    account::{AccountPage, PendingEmail, SessionRow, client_words},
    notification,
};

use crate::{
    Caller, Rolecall,
    clock::timestamp,
    service::{
        Failure,
        sessions::{ABSOLUTE, IDLE},
    },
    store::{LinkKind, SessionRecord},
};

/// The account of the caller, with their sessions: this one first, then as they were last used.
///
/// # Errors
/// [`Failure::NotSignedIn`] when the account is gone.
pub async fn load(app: &Rolecall, caller: &Caller) -> Result<AccountPage, Failure> {
    let now = app.clock().now();
    let me = caller.session.user;
    let mut db = app.store().read().await?;
    let user = db.user(me).await?.ok_or(Failure::NotSignedIn)?;
    let pending = db.account_link_of(LinkKind::Email, me, now).await?;
    let sessions = db.sessions_of(me, now - ABSOLUTE, now - IDLE).await?;
    let chosen = db.notification_choices(me).await?;
    let row = |session: SessionRecord| SessionRow {
        id: session.id,
        current: session.id == caller.session.id,
        browser: client_words(&session.user_agent),
        address: session.address,
        started_at: timestamp(session.created_at),
        last_seen_at: timestamp(session.last_seen_at),
    };
    let mut sessions: Vec<SessionRow> = sessions.into_iter().map(row).collect();
    sessions.sort_by_key(|session| !session.current);
    Ok(AccountPage {
        name: user.name,
        email: user.email,
        email_verified: user.email_verified_at.is_some(),
        has_password: user.password_hash.is_some(),
        mail: app.mail(),
        pending_email: pending.map(|link| PendingEmail {
            email: link.email,
            expires_at: timestamp(link.expires_at),
        }),
        sessions,
        notifications: notification::choices(&chosen),
    })
}
