//! Previous and next page of a list, as links.

use leptos::prelude::*;

use super::icon::{Glyph, icon};

/// The links; nothing when there is only one page.
pub fn pager(previous: Option<String>, next: Option<String>) -> AnyView {
    if previous.is_none() && next.is_none() {
        return ().into_any();
    }
    view! {
        <nav class="rc-pager" aria-label="Pages of the list">
            {step(previous, "prev", true)}
            {step(next, "next", false)}
        </nav>
    }
    .into_any()
}

fn step(href: Option<String>, rel: &'static str, back: bool) -> AnyView {
    let words = move || if back { "Previous page" } else { "Next page" };
    let before = back.then(|| icon(Glyph::ArrowLeft));
    let after = (!back).then(|| icon(Glyph::ArrowRight));
    match href {
        Some(href) => view! {
            <a class="btn" data-variant="outline" href=href rel=rel>{before}{words()}{after}</a>
        }
        .into_any(),
        None => view! {
            <span class="btn" data-variant="outline" aria-disabled="true">
                {before}{words()}{after}
            </span>
        }
        .into_any(),
    }
}
