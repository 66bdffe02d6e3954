//! The search of the list of projects: a form that works without script, quicker with it.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::project::ProjectQuery;

use crate::{components::search::Search, here::Here, paths};

/// The row above the table.
#[component]
pub fn Toolbar(query: Memo<ProjectQuery>) -> impl IntoView {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    let search = move |text: String| {
        let next = ProjectQuery {
            search: text,
            cursor: None,
        };
        if next.search != query.with_untracked(|query| query.search.clone()) {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&paths::projects(&slug.get_untracked(), &next), options);
        }
    };
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="Projects"
            method="get"
            action=move || slug.with(|slug| paths::projects_base(slug))
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Search
                label="Search projects"
                value=Signal::derive(move || query.with(|query| query.search.clone()))
                search=search
            />
        </form>
    }
    .into_any()
}
