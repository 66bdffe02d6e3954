//! Filters of the trail: a form that works without script, quicker with it.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::{
    Timestamp,
    audit::{AuditFilters, AuditQuery},
};

use crate::{
    components::{
        filter::{APPLY, Choices, Filter},
        loaded::loaded,
    },
    error::ApiFailure,
    here::Here,
    paths,
    query::audit_pairs,
};

/// The row above the table.
#[component]
pub fn Toolbar(
    query: Memo<AuditQuery>,
    filters: Resource<Result<AuditFilters, ApiFailure>>,
) -> impl IntoView {
    let fallback = || view! { <div class="rc-toolbar" aria-hidden="true"></div> }.into_any();
    loaded(fallback, None, move || async move {
        // Without an answer the list below says what is wrong.
        let filters = filters.await.ok();
        filters.map(|filters| form(query, filters)).into_any()
    })
}

fn form(query: Memo<AuditQuery>, filters: AuditFilters) -> AnyView {
    let slug = Here::of_page().slug;
    let pick = picker(query);
    let chosen = move |read: fn(&AuditQuery) -> String| Signal::derive(move || query.with(read));
    let actors: Choices = filters
        .actors
        .into_iter()
        .map(|actor| (actor.id.to_string(), actor.name))
        .collect();
    let families: Choices = filters
        .families
        .into_iter()
        .map(|family| (family.name, family.title))
        .collect();
    let projects: Choices = filters
        .projects
        .into_iter()
        .map(|project| (project.id.to_string(), project.name))
        .collect();
    // A target is chosen in a row, not here; without script it travels along.
    let kept = query.with_untracked(|query| {
        audit_pairs(&AuditQuery {
            target: query.target,
            ..AuditQuery::default()
        })
    });
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="Audit trail"
            method="get"
            action=move || slug.with(|slug| paths::audit_base(slug))
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Filter
                name="actor" label="Who did it" all="Everybody" choices=actors
                chosen=chosen(|q| q.actor.map(|id| id.to_string()).unwrap_or_default())
                pick=pick(|q, value| q.actor = value.parse().ok())
            />
            <Filter
                name="family" label="Kind of action" all="All actions" choices=families
                chosen=chosen(|q| q.family.clone().unwrap_or_default())
                pick=pick(|q, value| q.family = some(value))
            />
            {(!projects.is_empty()).then(|| view! {
                <Filter
                    name="project" label="Project" all="All projects" choices=projects
                    chosen=chosen(|q| q.project.map(|id| id.to_string()).unwrap_or_default())
                    pick=pick(|q, value| q.project = value.parse().ok())
                />
            })}
            {day("from", "From", chosen(|q| q.from.clone().unwrap_or_default()), pick(|q, value| q.from = some(value)))}
            {day("to", "To", chosen(|q| q.to.clone().unwrap_or_default()), pick(|q, value| q.to = some(value)))}
            {kept
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view()}
            <noscript inner_html=APPLY></noscript>
            <Show when=move || query.with(AuditQuery::is_filtered)>
                <a
                    class="btn" data-variant="ghost" data-size="sm"
                    href=move || slug.with(|slug| paths::audit_base(slug))
                >
                    "Clear filters"
                </a>
            </Show>
        </form>
    }
    .into_any()
}

/// A day of the calendar, in UTC; half a day is no day and changes nothing.
fn day(
    name: &'static str,
    label: &'static str,
    chosen: Signal<String>,
    pick: Callback<String>,
) -> AnyView {
    // Browsers complain of a value that is no day; the list says what is wrong with it.
    let shown = move |day: String| {
        if Timestamp::start_of_day(&day).is_some() {
            day
        } else {
            String::new()
        }
    };
    view! {
        <label class="rc-chip rc-chip-day" data-on=move || chosen.with(|day| !day.is_empty()).then_some("true")>
            <span>{label}</span>
            <input
                type="date"
                name=name
                max="9999-12-31"
                title="Days are counted in UTC"
                value=shown(chosen.get_untracked())
                prop:value=move || shown(chosen.get())
                on:change=move |event: ev::Event| pick.run(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

fn some(value: String) -> Option<String> {
    (!value.is_empty()).then_some(value)
}

/// Makes what a control runs: it changes the question and goes to its address, on its first page.
fn picker(query: Memo<AuditQuery>) -> impl Fn(fn(&mut AuditQuery, String)) -> Callback<String> {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    move |change: fn(&mut AuditQuery, String)| {
        let navigate = navigate.clone();
        Callback::new(move |value: String| {
            let mut next = query.get_untracked().from_start();
            change(&mut next, value);
            if next != query.get_untracked() {
                let path = paths::audit(&slug.get_untracked(), &next);
                let options = NavigateOptions {
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&path, options);
            }
        })
    }
}
