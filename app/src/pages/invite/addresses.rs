//! The address field: everything typed or pasted becomes tokens.

use leptos::{ev, prelude::*};
use rolecall_shared::text::count;

use super::form::{InviteForm, Token};
use crate::{
    browser,
    components::icon::{Glyph, icon},
};

const FIELD: &str = "invite-addresses";

fn focus() {
    browser::focus(&format!("#{FIELD}"));
}

/// The field with its tokens, their mistakes and what was merged.
#[component]
pub fn Addresses(form: InviteForm, domains: Vec<String>) -> impl IntoView {
    let domains = StoredValue::new(domains);
    let problems = Memo::new(move |_| {
        form.tokens.with(|tokens| {
            domains.with_value(|domains| {
                tokens
                    .iter()
                    .filter_map(|token| Some((token.text.clone(), reason(token, domains)?)))
                    .collect::<Vec<_>>()
            })
        })
    });
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event);
        // A line end or a separator after an address finishes it; blanks may be part of a name.
        let done = text.contains(['\n', '\t']) || (text.contains('@') && text.contains([',', ';']));
        form.typed.set(text);
        if done {
            form.commit();
        }
    };
    let key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            form.commit();
        }
        "Backspace" if form.typed.with_untracked(String::is_empty) => {
            if let Some(id) = form
                .tokens
                .with_untracked(|tokens| tokens.last().map(|t| t.id))
            {
                event.prevent_default();
                form.edit(id);
            }
        }
        _ => {}
    };
    // The field comes after the dialog has opened, when its choices are there.
    Effect::new(move |_| request_animation_frame(focus));
    let token = move |token: Token| {
        let bad = domains.with_value(|domains| reason(&token, domains));
        chip(form, token, bad)
    };
    view! {
        <div class="field">
            <label for=FIELD>"E-mail addresses"</label>
            <div class="rc-tokens">
                <For each=move || form.tokens.get() key=|token| token.id children=token/>
                <textarea
                    id=FIELD
                    rows="1"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-describedby="invite-addresses-help invite-addresses-problems"
                    aria-invalid=move || problems.with(|list| (!list.is_empty()).then_some("true"))
                    prop:value=move || form.typed.get()
                    on:input=typed
                    on:keydown=key
                    on:blur=move |_| form.commit()
                ></textarea>
            </div>
            <p class="rc-help" id="invite-addresses-help">
                "Type or paste any number: commas, lines, “Name <mail>” and CSV all work."
            </p>
            <div id="invite-addresses-problems" role="status">
                {move || merged(form.merged.get())}
                {move || problems.with(|list| explain(list))}
            </div>
        </div>
    }
    .into_any()
}

fn reason(token: &Token, domains: &[String]) -> Option<String> {
    match &token.address {
        Err(problem) => Some(problem.to_string()),
        Ok(address) if !domains.is_empty() && !domains.iter().any(|d| d == address.domain()) => {
            Some(format!(
                "This workspace invites only addresses at {}.",
                domains.join(", ")
            ))
        }
        Ok(_) => None,
    }
}

fn chip(form: InviteForm, token: Token, bad: Option<String>) -> AnyView {
    let id = token.id;
    let is_bad = bad.is_some();
    let button = |deed: &str, glyph: Glyph, act: fn(InviteForm, u32)| {
        view! {
            <button
                type="button"
                aria-label=format!("{deed} {}", token.text)
                on:click=move |_| {
                    act(form, id);
                    focus();
                }
            >
                {icon(glyph)}
            </button>
        }
        .into_any()
    };
    let edit = is_bad.then(|| button("Edit", Glyph::Pencil, InviteForm::edit));
    let remove = button("Remove", Glyph::X, InviteForm::remove);
    view! {
        <span class="rc-token" data-bad=is_bad.then_some("true") title=bad>
            <span>{token.text.clone()}</span>
            {edit}
            {remove}
        </span>
    }
    .into_any()
}

fn merged(n: usize) -> Option<AnyView> {
    (n > 0).then(|| {
        let words = count(
            n,
            "entry was there already and is",
            "entries were there already and are",
        );
        view! { <p class="rc-help">{words}" counted once."</p> }.into_any()
    })
}

fn explain(problems: &[(String, String)]) -> AnyView {
    let lines = problems
        .iter()
        .take(3)
        .map(|(text, reason)| view! { <p class="rc-error">{format!("{text}: {reason}")}</p> })
        .collect_view();
    let more = problems.len().checked_sub(3).filter(|n| *n > 0).map(|n| {
        view! { <p class="rc-error">{format!("And {}.", count(n, "more entry", "more entries"))}</p> }
    });
    view! { {lines}{more} }.into_any()
}
