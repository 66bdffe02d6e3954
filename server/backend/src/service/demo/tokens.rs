//! API tokens of the demo, made as anybody makes them.

use rolecall_shared::token::TokenDraft;

use super::{ANA, PASSWORD};
use crate::{
    Caller, RequestMeta, Rolecall,
    service::{Failure, sessions, sign_in, tokens},
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
    let meta = RequestMeta::local("seed-demo");
    let signed_in = sign_in::with_password(app, &meta, ANA, PASSWORD).await?;
    let caller = Caller {
        session: signed_in.session,
        meta: meta.clone(),
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
    sessions::end(app, &meta, &caller.session).await?;
    Ok(last)
}
