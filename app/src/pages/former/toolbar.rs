//! The search of the list: a form that works without script, quicker with it.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::membership::FormerQuery;

use crate::{
    components::{filter::APPLY, search::Search},
    here::Here,
    paths,
};

/// The row above the table.
#[component]
pub fn Toolbar(query: Memo<FormerQuery>) -> impl IntoView {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    let search = Callback::new(move |search: String| {
        if query.with_untracked(|query| query.search == search) {
            return;
        }
        let next = FormerQuery {
            search,
            cursor: None,
        };
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&paths::former(&slug.get_untracked(), &next), options);
    });
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="Removed people"
            method="get"
            action=move || slug.with(|slug| paths::former_base(slug))
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Search
                label="Search name or e-mail"
                value=Signal::derive(move || query.with(|query| query.search.clone()))
                search=search
            />
            <noscript inner_html=APPLY></noscript>
        </form>
    }
    .into_any()
}
