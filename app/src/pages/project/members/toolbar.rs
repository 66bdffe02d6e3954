//! Search and filter of the members tab.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::project::ProjectMemberQuery;

use super::super::OfProject;
use crate::{
    components::{
        icon::{Glyph, icon},
        search::Search,
    },
    here::Here,
    paths,
};

/// The row above the table: a form that works without script, quicker with it.
#[component]
pub fn Toolbar(query: Memo<ProjectMemberQuery>) -> impl IntoView {
    let slug = Here::of_page().slug;
    let id = OfProject::of_page().id;
    let navigate = use_navigate();
    let at = move |query: &ProjectMemberQuery| {
        let id = id.get()?;
        Some(slug.with(|slug| paths::project_members(slug, id, query)))
    };
    let search = move |text: String| {
        let now = query.get_untracked();
        let next = ProjectMemberQuery {
            search: text,
            cursor: None,
            ..now.clone()
        };
        if let Some(path) = untrack(|| at(&next))
            && next.search != now.search
        {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&path, options);
        }
    };
    let overridden = move || query.with(|query| query.overridden);
    let turned = move || {
        at(&ProjectMemberQuery {
            overridden: !overridden(),
            cursor: None,
            ..query.get()
        })
    };
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="Members"
            method="get"
            action=move || at(&ProjectMemberQuery::default())
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Search
                label="Search name or e-mail"
                value=Signal::derive(move || query.with(|query| query.search.clone()))
                search
            />
            <a
                class="rc-chip" href=turned data-noscroll=""
                data-on=move || overridden().then_some("true")
                aria-current=move || overridden().then_some("true")
            >
                {move || overridden().then(|| icon(Glyph::Check))}
                "Only with override"
            </a>
            {move || overridden().then(|| view! { <input type="hidden" name="overridden" value="yes"/> })}
            <Show when=move || query.with(is_filtered)>
                <a
                    class="btn" data-variant="ghost" data-size="sm"
                    href=move || at(&ProjectMemberQuery::default())
                >
                    "Clear filters"
                </a>
            </Show>
        </form>
    }
    .into_any()
}

/// Whether the question leaves people out.
pub fn is_filtered(query: &ProjectMemberQuery) -> bool {
    !query.search.is_empty() || query.overridden
}
