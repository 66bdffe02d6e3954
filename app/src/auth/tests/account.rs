//! The documents about somebody's own account.

use rolecall_backend::service::account::AddressChange;
use rolecall_shared::error::{ApiError, ErrorCode};

use super::{Texts, wrong};
use crate::auth::AuthPage;

/// Every kind of them, by a name for its file.
pub(super) fn pages(texts: Texts) -> Vec<(&'static str, AuthPage)> {
    let email = || texts.email.to_owned();
    let token = || "token-1".to_owned();
    let change = AddressChange {
        name: texts.inviter.to_owned(),
        before: texts.inviter_email.to_owned(),
        after: email(),
    };
    let conflict = "This address can not be used: it signs in to another account.";
    let confirm = |error| AuthPage::ConfirmEmail {
        token: token(),
        change: change.clone(),
        error,
    };
    let forgot = |error| AuthPage::Forgot {
        email: email(),
        error,
    };
    let reset = |error| AuthPage::Reset {
        token: token(),
        email: email(),
        error,
    };
    let short = wrong(&[("password", "Use at least 15 characters; this has 9.")]);
    let no_address = wrong(&[("email", "Enter an e-mail address.")]);
    let dead = AuthPage::DeadLink {
        next: "/forgot".to_owned(),
        label: "Ask for a new link".to_owned(),
    };
    vec![
        ("forgot", forgot(None)),
        ("forgot-wrong", forgot(no_address)),
        ("forgot-sent", AuthPage::ForgotSent { email: email() }),
        ("reset", reset(None)),
        ("reset-wrong", reset(short)),
        ("reset-done", AuthPage::PasswordSet),
        ("email-confirm", confirm(None)),
        (
            "email-taken",
            confirm(Some(ApiError::new(ErrorCode::Conflict, conflict))),
        ),
        (
            "email-confirmed",
            AuthPage::EmailConfirmed { email: email() },
        ),
        ("link-dead", dead),
    ]
}
