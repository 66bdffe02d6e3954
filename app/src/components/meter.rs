//! The permission level at a glance: three parts for view, manage, delete, and the words.

use leptos::prelude::*;
use rolecall_shared::catalogue::Level;

/// The meter of a level; its words are its name and its tooltip.
pub fn meter(level: Level) -> AnyView {
    let fill = |index: usize| match (level.held[index], level.of[index]) {
        (0, _) => "none",
        (held, of) if held >= of => "all",
        _ => "some",
    };
    let words = level.words();
    view! {
        <span class="rc-meter" role="img" aria-label=words.clone() title=words>
            <i data-fill=fill(0)></i>
            <i data-fill=fill(1)></i>
            <i data-fill=fill(2)></i>
        </span>
    }
    .into_any()
}
