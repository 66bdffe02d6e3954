//! The API tokens that act for a member.

use leptos::prelude::*;
use rolecall_shared::token::{HeldToken, TokenQuery};

use super::{Shown, why::Asked};
use crate::{components::time::when, paths};

/// Their tokens that work; nothing where the one who looks may not see them.
pub fn section(shown: Shown) -> Option<AnyView> {
    shown
        .asked
        .with_value(|asked| Some(listed(shown, asked, asked.page.tokens.as_ref()?)))
}

fn listed(shown: Shown, asked: &Asked, held: &[HeldToken]) -> AnyView {
    let query = TokenQuery {
        everybody: !asked.page.member.is_you,
        ..TokenQuery::default()
    };
    let href = paths::tokens(&shown.slug(), &query);
    let body = if held.is_empty() {
        view! { <p class="rc-sub">"None that works."</p> }.into_any()
    } else {
        let items = held.iter().map(token).collect_view();
        view! {
            <ul class="rc-plain">{items}</ul>
            <p class="rc-help">
                "They do at most what stands above. "
                <a class="rc-link" href=href>"See what each may do"</a>
            </p>
        }
        .into_any()
    };
    view! {
        <section class="rc-section" aria-labelledby="member-tokens">
            <h2 id="member-tokens">"API tokens"</h2>
            {body}
        </section>
    }
    .into_any()
}

fn token(token: &HeldToken) -> AnyView {
    let used = match token.last_used_at {
        Some(at) => view! { "last used "{when(at)} }.into_any(),
        None => "never used".into_any(),
    };
    view! {
        <li>
            <b>{token.name.clone()}</b>" "<code>{token.hint.clone()}"…"</code>" "
            <span class="rc-sub">{used}</span>
        </li>
    }
    .into_any()
}
