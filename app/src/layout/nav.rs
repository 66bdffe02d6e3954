//! The links of the navigation.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    components::icon::{Glyph, icon},
    here::Here,
    paths,
};

/// Only what exists; later pages join here.
#[component]
pub fn Links() -> impl IntoView {
    let slug = Here::of_page().slug;
    let path = use_location().pathname;
    let current = move || {
        let base = slug.with(|slug| paths::members_base(slug));
        path.with(|path| path.starts_with(&base)).then_some("page")
    };
    view! {
        <ul>
            <li>
                <a
                    class="rc-nav-link"
                    href=move || slug.with(|slug| paths::members_base(slug))
                    aria-current=current
                >
                    {icon(Glyph::Users)}
                    "Members"
                </a>
            </li>
        </ul>
    }
    .into_any()
}
