//! Mails about an account, queued in the transaction of what they tell of (F5). Nobody can switch them
//! off; without a mail server there are none.

use chrono::{DateTime, Utc};
use rolecall_shared::account::client_words;

use crate::{
    Rolecall,
    clock::timestamp,
    keys::AccountToken,
    mail::{Rendered, render},
    request::RequestMeta,
    service::post::{self, Letter},
    store::{Db, StoreError, UserRecord},
};

/// The link for a new password.
pub(super) async fn password_reset(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    email: &str,
    token: &AccountToken,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let link = format!("{}/reset/{}", app.public_url(), token.expose());
    let content = render::password_reset(&mail(app, now, email), &link, timestamp(expires_at));
    let letter = Letter {
        link_hash: Some(token.hash()),
        kind: "password_reset",
        ..Letter::default()
    };
    post::enqueue(app, db, now, email, &letter, &content).await
}

/// The link for another address, to that address.
pub(super) async fn email_confirmation(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    user: &UserRecord,
    new_email: &str,
    token: &AccountToken,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let link = format!("{}/confirm-email/{}", app.public_url(), token.expose());
    let told = about(app, now, user, new_email);
    let content = render::email_confirmation(&told, &link, timestamp(expires_at));
    let letter = Letter {
        link_hash: Some(token.hash()),
        kind: "email_confirmation",
        ..Letter::default()
    };
    post::enqueue(app, db, now, new_email, &letter, &content).await
}

/// Another address was asked for, to the present one.
pub(super) async fn email_asked(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    user: &UserRecord,
    new_email: &str,
) -> Result<(), StoreError> {
    let content = render::email_asked(&about(app, now, user, new_email));
    security(app, db, now, &user.email, &content).await
}

/// The address is another one now, to the one of before.
pub(super) async fn email_changed(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    before: &UserRecord,
    new_email: &str,
) -> Result<(), StoreError> {
    let content = render::email_changed(&about(app, now, before, new_email));
    security(app, db, now, &before.email, &content).await
}

/// The password is another one now.
pub(super) async fn password_changed(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    email: &str,
) -> Result<(), StoreError> {
    let content = render::password_changed(&mail(app, now, email));
    security(app, db, now, email, &content).await
}

/// Somebody signed in from a place that was not seen before.
pub(crate) async fn new_sign_in(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    meta: &RequestMeta,
    email: &str,
) -> Result<(), StoreError> {
    let content = render::new_sign_in(&render::SignInMail {
        account: mail(app, now, email),
        browser: &client_words(&meta.user_agent),
        address: &meta.address.to_string(),
    });
    security(app, db, now, email, &content).await
}

fn mail<'a>(app: &'a Rolecall, now: DateTime<Utc>, email: &'a str) -> render::AccountMail<'a> {
    render::AccountMail {
        email,
        at: timestamp(now),
        public_url: app.public_url(),
    }
}

fn about<'a>(
    app: &'a Rolecall,
    now: DateTime<Utc>,
    user: &'a UserRecord,
    new_email: &'a str,
) -> render::EmailMail<'a> {
    render::EmailMail {
        account: mail(app, now, &user.email),
        name: &user.name,
        new_email,
    }
}

async fn security(
    app: &Rolecall,
    db: &mut Db,
    now: DateTime<Utc>,
    to: &str,
    content: &Rendered,
) -> Result<(), StoreError> {
    let letter = Letter {
        kind: "security",
        ..Letter::default()
    };
    post::enqueue(app, db, now, to, &letter, content).await
}
