//! A text to hand over, with a button that copies it.

use leptos::{prelude::*, task::spawn_local};

use super::icon::{Glyph, icon};
use crate::browser;

/// A read-only field and a Copy button. Where there is no clipboard the text is selected instead.
#[component]
pub fn CopyField(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What it is, such as "Invitation link for ana@example.org".
    #[prop(into)]
    label: String,
    value: String,
    /// Whether it is on the clipboard already.
    #[prop(optional)]
    copied: bool,
) -> impl IntoView {
    let said = RwSignal::new(if copied { "Copied" } else { "" });
    let selector = format!("#{id}");
    let text = value.clone();
    let copy = move |_| {
        let (text, selector) = (text.clone(), selector.clone());
        spawn_local(async move {
            if browser::copy(&text).await {
                said.set("Copied");
            } else {
                browser::select(&selector);
                said.set("Press Ctrl+C or Cmd+C to copy the selected text");
            }
        });
    };
    view! {
        <div class="grid gap-1">
        <div class="rc-copy">
            <input id=id class="input" type="text" readonly aria-label=label value=value/>
            <button type="button" class="btn" data-variant="outline" on:click=copy>
                {icon(Glyph::Copy)}
                "Copy"
            </button>
        </div>
        <span class="rc-help" role="status">{move || said.get()}</span>
        </div>
    }
    .into_any()
}
