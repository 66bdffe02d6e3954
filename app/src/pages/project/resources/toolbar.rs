//! Search, the filter by service, and the way to a new resource.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::project::{ProjectPage, ResourceQuery};

use super::{
    super::OfProject,
    actions::{Doing, no_creation, title, visible},
};
use crate::{
    components::{
        button::ActionButton,
        filter::{APPLY, Filter},
        icon::Glyph,
        loaded,
        search::Search,
    },
    here::Here,
    paths,
};

/// The row above the table: a form that works without script, quicker with it.
#[component]
pub fn Toolbar(query: Memo<ResourceQuery>, doing: Doing) -> impl IntoView {
    let slug = Here::of_page().slug;
    let of = OfProject::of_page();
    let pick = picker(query);
    let search = pick(|query, value| query.search = value, true);
    let service = pick(
        |query, value| query.service = Some(value).filter(|v| !v.is_empty()),
        false,
    );
    let base = move || {
        let id = of.id.get()?;
        Some(slug.with(|slug| paths::project_base(slug, id)))
    };
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="Resources"
            method="get"
            action=base
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Search
                label="Search name or external id"
                value=Signal::derive(move || query.with(|query| query.search.clone()))
                search
            />
            {loaded::loaded(|| ().into_any(), None, move || async move {
                    // Without the project the frame says what is wrong.
                    of.page.await.ok().map(|project| filter(&project, query, service)).into_any()
                })}
            <noscript inner_html=APPLY></noscript>
            <Show when=move || query.with(is_filtered)>
                <a class="btn" data-variant="ghost" data-size="sm" href=base>"Clear filters"</a>
            </Show>
            <span class="rc-grow"></span>
            {loaded::loaded(|| ().into_any(), None, move || async move {
                    of.page.await.ok().map(|project| add(&project, doing)).into_any()
                })}
        </form>
    }
    .into_any()
}

/// Services that the asker may see, and the one of the address in any case.
fn filter(project: &ProjectPage, query: Memo<ResourceQuery>, pick: Callback<String>) -> AnyView {
    let mut choices = visible(project);
    if let Some(chosen) = query.with_untracked(|query| query.service.clone())
        && choices.iter().all(|(key, _)| *key != chosen)
    {
        let title = title(project, &chosen);
        choices.push((chosen, title));
    }
    let chosen = move || query.with(|query| query.service.clone().unwrap_or_default());
    view! {
        <Filter
            name="service" label="Service" all="All services" choices
            chosen=Signal::derive(chosen) pick
        />
    }
    .into_any()
}

/// The button, with what is missing when it can not be used.
pub fn add(project: &ProjectPage, doing: Doing) -> AnyView {
    let project = project.clone();
    view! {
        <ActionButton
            label="Add resource"
            glyph=Glyph::Plus
            blocked=Signal::stored(no_creation(&project))
            action=move || doing.open(doing.form, &project, None)
        />
    }
    .into_any()
}

/// Makes what a control runs: it changes the question and goes to its address, on its first page.
fn picker(
    query: Memo<ResourceQuery>,
) -> impl Fn(fn(&mut ResourceQuery, String), bool) -> Callback<String> {
    let slug = Here::of_page().slug;
    let id = OfProject::of_page().id;
    let navigate = use_navigate();
    move |change: fn(&mut ResourceQuery, String), replace: bool| {
        let navigate = navigate.clone();
        Callback::new(move |value: String| {
            let now = query.get_untracked();
            let mut next = ResourceQuery {
                cursor: None,
                ..now.clone()
            };
            change(&mut next, value);
            if let Some(id) = id.get_untracked()
                && next != now
            {
                let path = paths::project(&slug.get_untracked(), id, &next);
                let options = NavigateOptions {
                    replace,
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&path, options);
            }
        })
    }
}

/// Whether the question leaves resources out.
pub fn is_filtered(query: &ResourceQuery) -> bool {
    !query.search.is_empty() || query.service.is_some()
}
