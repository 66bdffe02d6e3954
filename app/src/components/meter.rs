//! The permission level at a glance: three parts for view, manage, delete, and the words.

use leptos::prelude::*;
use rolecall_shared::catalogue::Level;

use super::markup::Markup;

/// The meter of a level of a level; its words are its name and its tooltip.
pub fn meter(level: Level) -> AnyView {
    written(Markup::new(), level).into_view()
}

/// The same among other text.
pub fn written(into: Markup, level: Level) -> Markup {
    let words = level.words();
    let part = |index: usize| match (level.held[index], level.of[index]) {
        (0, _) => r#"<i data-fill="none"></i>"#,
        (held, of) if held >= of => r#"<i data-fill="all"></i>"#,
        _ => r#"<i data-fill="some"></i>"#,
    };
    into.tags(r#"<span class="rc-meter" role="img" aria-label=""#)
        .text(&words)
        .tags(r#"" title=""#)
        .text(&words)
        .tags(r#"">"#)
        .tags(part(0))
        .tags(part(1))
        .tags(part(2))
        .tags("</span>")
}
