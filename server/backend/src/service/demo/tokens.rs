//! API tokens of the demo, made as anybody makes them.

use rolecall_shared::token::TokenDraft;

use super::ANA;
use crate::{
    Caller, RequestMeta, Rolecall, Session,
    service::{Failure, tokens},
};

/// Names, days until they end, and what they may do.
const TOKENS: [(&str, u32, &[&str]); 3] = [
    ("Invoices", 5, &["billing:view"]),
    (
        "Deploy pipeline",
        180,
        &["projects:view", "instances:manage"],
    ),
    ("Gateway", 30, &["team:view"]),
];

/// Makes the owner's tokens; gives the text of the last, with which other services ask for decisions.
pub(super) async fn show(app: &Rolecall, slug: &str) -> Result<String, Failure> {
    let now = app.clock().now();
    let found = app.store().read().await?.user_by_email(ANA).await?;
    let user = found.ok_or(Failure::NotFound("person"))?;
    // Not signed in: their first sign-in is the one that somebody makes.
    let caller = Caller {
        session: Session {
            id: app.random().id(now),
            user: user.id,
            name: user.name,
            email: user.email,
            email_verified: user.email_verified_at.is_some(),
            confirmed_at: now,
            token: None,
            viewing: None,
        },
        meta: RequestMeta::local("seed-demo"),
    };
    let mut last = String::new();
    for (name, days, permissions) in TOKENS {
        let draft = TokenDraft {
            name: name.to_owned(),
            days,
            permissions: Some(permissions.iter().map(|&name| name.to_owned()).collect()),
            project: None,
        };
        last = tokens::create(app, &caller, slug, &draft).await?.secret;
    }
    Ok(last)
}
