//! Buttons that say why they can not be used.

use leptos::prelude::*;

use super::icon::{Glyph, icon};

/// A button that runs `action`, or stays visible and says in `blocked` what is missing.
///
/// It stays in the tab order while blocked, so that the reason can be read with a keyboard.
#[component]
pub fn ActionButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] action: Callback<()>,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(optional, into)] blocked: Signal<Option<String>>,
    #[prop(optional)] variant: &'static str,
    #[prop(optional)] size: &'static str,
    #[prop(optional, into)] busy: Signal<bool>,
) -> impl IntoView {
    let off = move || (blocked.with(Option::is_some) || busy.get()).then_some("true");
    view! {
        <button
            type="button"
            class="btn"
            data-variant=filled(variant)
            data-size=filled(size)
            aria-disabled=off
            aria-busy=move || busy.get().then_some("true")
            title=move || blocked.get()
            on:click=move |_| {
                if blocked.with_untracked(Option::is_none) && !busy.get_untracked() {
                    action.run(());
                }
            }
        >
            {glyph.map(icon)}
            {move || label.get()}
            {move || blocked.get().map(|why| view! { <span class="sr-only">{format!(". {why}")}</span> })}
        </button>
    }
    .into_any()
}

/// Nothing instead of an empty attribute.
pub fn filled(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}
