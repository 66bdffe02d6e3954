//! The search field of a list.

use std::time::Duration;

use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::icon::{Glyph, icon};
use crate::browser;

const PAUSE: Duration = Duration::from_millis(250);

/// A search field named as in the address. It runs `search` when typing pauses; `/` focuses it.
#[component]
pub fn Search(
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] search: Callback<String>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |event: ev::Event| {
        let text = event_target_value(&event);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(move || search.run(text), PAUSE).ok());
    };
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            let free =
                event.key() == "/" && !event.ctrl_key() && !event.meta_key() && !event.alt_key();
            if free
                && !browser::is_typing(&event)
                && browser::find("dialog[open]").is_none()
                && let Some(field) = field.get_untracked()
            {
                event.prevent_default();
                let _ = field.focus();
                field.select();
            }
        });
        on_cleanup(move || {
            handle.remove();
            if let Some(timer) = timer.try_get_value().flatten() {
                timer.clear();
            }
        });
    });
    let first = value.get_untracked();
    view! {
        <div class="rc-search">
            {icon(Glyph::Search)}
            <input
                class="input"
                type="search"
                name="search"
                aria-label=label
                aria-keyshortcuts="/"
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                maxlength="100"
                node_ref=field
                value=first
                prop:value=move || value.get()
                on:input=typed
            />
            <kbd class="kbd" aria-hidden="true">"/"</kbd>
        </div>
    }
    .into_any()
}
