//! One token.

use leptos::prelude::*;
use rolecall_shared::token::{TokenRow, TokenStatus};

use super::revoke::Revoking;
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        meter::meter,
        time::{until, when},
    },
    paths,
};

/// A row of the table; `everybody` shows whose it is.
pub fn row(slug: &str, token: TokenRow, everybody: bool, revoking: Revoking) -> AnyView {
    let asked = token.clone();
    let member = everybody.then(|| {
        let href = paths::member(slug, token.member.id);
        let name = if token.is_yours {
            format!("{} (you)", token.member.name)
        } else {
            token.member.name.clone()
        };
        view! {
            <td data-hide="lg">
                <span class="rc-person-text">
                    <a class="rc-link" href=href>{name}</a>
                    <span class="rc-person-mail">{token.email.clone()}</span>
                </span>
            </td>
        }
    });
    let revoke = token.status.works().then(|| {
        view! {
            <ActionButton
                label=Signal::stored("Revoke".to_owned())
                size="sm"
                variant="outline"
                blocked=Signal::stored(token.blocked.clone())
                action=move || revoking.ask(&asked)
            />
        }
    });
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person-text">
                    <span class="rc-person-name">{token.name.clone()}</span>
                    <span class="rc-person-mail"><code>{format!("{}…", token.hint)}</code></span>
                </span>
            </th>
            {member}
            <td data-col="meta">{status(&token)}</td>
            <td data-hide="lg">{reach(&token)}</td>
            <td data-hide="lg">{used(&token)}</td>
            <td>{until(token.expires_at)}</td>
            <td data-col="end">{revoke}</td>
        </tr>
    }
    .into_any()
}

/// The pill, and what else is to know of it.
fn status(token: &TokenRow) -> AnyView {
    let (glyph, look) = match token.status {
        TokenStatus::Active => (Glyph::Check, "active"),
        TokenStatus::ExpiresSoon => (Glyph::Clock, "warning"),
        TokenStatus::Dormant => (Glyph::Moon, "dormant"),
        TokenStatus::Expired => (Glyph::Hourglass, "expired"),
        TokenStatus::Revoked => (Glyph::Ban, "revoked"),
    };
    let told = token.revoked.as_ref().map(|revoked| {
        let words = format!("{}, by {} ", revoked.because, revoked.by);
        view! { <span class="rc-delivery">{words}{when(revoked.at)}</span> }
    });
    let paused = token.paused.clone().map(|why| {
        view! {
            <span class="rc-status" data-status="warning" title=why.clone()>
                {icon(Glyph::Pause)}"Paused"<span class="sr-only">{format!(". {why}")}</span>
            </span>
        }
    });
    let unmanaged = token.owner_can_not_manage.then(|| {
        view! { <span class="rc-delivery">"Its member can no longer manage tokens"</span> }
    });
    view! {
        <span class="grid gap-0.5">
            <span class="inline-flex flex-wrap items-center gap-x-2">
                <span class="rc-status" data-status=look>{icon(glyph)}{token.status.title()}</span>
                {paused}
            </span>
            {unmanaged}
            {told}
        </span>
    }
    .into_any()
}

/// What it may do at this moment: its scope, as far as its member may.
fn reach(token: &TokenRow) -> AnyView {
    let words = match (&token.project, token.unlimited) {
        (Some(project), true) => format!("All its member may in {}", project.name),
        (Some(project), false) => format!("Chosen permissions in {}", project.name),
        (None, true) => "All its member may".to_owned(),
        (None, false) => "Chosen permissions".to_owned(),
    };
    let names = token.permissions.join(", ");
    view! {
        <span class="rc-level" title=(!names.is_empty()).then_some(names)>
            {token.status.works().then(|| meter(token.level))}
            <span class="rc-sub">{words}</span>
        </span>
    }
    .into_any()
}

fn used(token: &TokenRow) -> AnyView {
    match token.last_used_at {
        None => view! { <span class="rc-sub">"Never"</span> }.into_any(),
        Some(at) => view! {
            <span class="grid gap-0.5">
                {when(at)}
                <span class="rc-sub">{token.last_used_address.clone()}</span>
            </span>
        }
        .into_any(),
    }
}
