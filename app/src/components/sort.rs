//! Heads of columns that sort a list, as links.

use leptos::prelude::*;
use rolecall_shared::page::Direction;

use super::icon::{Glyph, icon};

/// A head whose link sorts by its column, or turns the order when it sorts already.
pub fn sort_head(
    title: &'static str,
    col: Option<&'static str>,
    hide: Option<&'static str>,
    sorted: Option<Direction>,
    href: String,
) -> AnyView {
    let (aria, glyph) = match sorted {
        Some(Direction::Up) => ("ascending", Glyph::ArrowUp),
        Some(Direction::Down) => ("descending", Glyph::ArrowDown),
        None => ("none", Glyph::ChevronsUpDown),
    };
    view! {
        <th scope="col" data-col=col data-hide=hide aria-sort=aria>
            <a class="rc-sort" href=href data-noscroll="">{title}{icon(glyph)}</a>
        </th>
    }
    .into_any()
}

/// The direction that a click on a head asks for: the other one where it sorts already.
pub fn turned(sorted: Option<Direction>, first: Direction) -> Direction {
    match sorted {
        None => first,
        Some(Direction::Up) => Direction::Down,
        Some(Direction::Down) => Direction::Up,
    }
}
