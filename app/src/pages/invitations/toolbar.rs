//! Search and filters of the invitations list: a form that works without script, quicker with it.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::{
    invitation::{InvitationQuery, InvitationStatus},
    member::TeamFilters,
};

use crate::{
    components::{
        filter::{APPLY, Filter},
        loaded::loaded,
        search::Search,
    },
    error::ApiFailure,
    here::Here,
    paths,
    query::invitation_pairs,
};

/// The row above the table.
#[component]
pub fn Toolbar(
    query: Memo<InvitationQuery>,
    filters: Resource<Result<TeamFilters, ApiFailure>>,
) -> impl IntoView {
    let fallback = || view! { <div class="rc-toolbar" aria-hidden="true"></div> }.into_any();
    loaded(fallback, None, move || async move {
        // Without an answer the list below says what is wrong.
        let filters = filters.await.ok();
        filters.map(|filters| form(query, filters)).into_any()
    })
}

fn form(query: Memo<InvitationQuery>, filters: TeamFilters) -> AnyView {
    let slug = Here::of_page().slug;
    let pick = picker(query);
    let chosen =
        move |read: fn(&InvitationQuery) -> String| Signal::derive(move || query.with(read));
    let roles = filters
        .roles
        .into_iter()
        .map(|r| (r.id.to_string(), r.name))
        .collect();
    let statuses = InvitationStatus::ALL
        .map(|s| (s.name().to_owned(), s.title().to_owned()))
        .into();
    let filtered = move || query.with(is_filtered);
    let kept = query.with_untracked(|query| {
        let InvitationQuery {
            sort, direction, ..
        } = *query;
        invitation_pairs(&InvitationQuery {
            sort,
            direction,
            ..InvitationQuery::default()
        })
    });
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="Invitations"
            method="get"
            action=move || slug.with(|slug| paths::invitations_base(slug))
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Search
                label="Search e-mail"
                value=chosen(|q| q.search.clone())
                search=pick(|q, value| q.search = value, true)
            />
            <Filter
                name="status" label="Status" all="Any status" choices=statuses
                chosen=chosen(|q| q.status.map(|s| s.name().to_owned()).unwrap_or_default())
                pick=pick(|q, value| q.status = InvitationStatus::parse(&value), false)
            />
            <Filter
                name="role" label="Role" all="All roles" choices=roles
                chosen=chosen(|q| q.role.map(|id| id.to_string()).unwrap_or_default())
                pick=pick(|q, value| q.role = value.parse().ok(), false)
            />
            {kept
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_view()}
            <noscript inner_html=APPLY></noscript>
            <Show when=filtered>
                <a
                    class="btn" data-variant="ghost" data-size="sm"
                    href=move || slug.with(|slug| cleared(slug, &query.get()))
                >
                    "Clear filters"
                </a>
            </Show>
        </form>
    }
    .into_any()
}

/// Makes what a control runs: it changes the question and goes to its address, on its first page.
fn picker(
    query: Memo<InvitationQuery>,
) -> impl Fn(fn(&mut InvitationQuery, String), bool) -> Callback<String> {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    move |change: fn(&mut InvitationQuery, String), replace: bool| {
        let navigate = navigate.clone();
        Callback::new(move |value: String| {
            let now = query.get_untracked();
            let mut next = InvitationQuery {
                cursor: None,
                ..now.clone()
            };
            change(&mut next, value);
            if next != now {
                let path = paths::invitations(&slug.get_untracked(), &next);
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

/// Whether the question leaves invitations out.
pub fn is_filtered(query: &InvitationQuery) -> bool {
    !query.search.is_empty() || query.status.is_some() || query.role.is_some()
}

/// The list in the same order without any filter.
pub fn cleared(slug: &str, query: &InvitationQuery) -> String {
    let InvitationQuery {
        sort, direction, ..
    } = *query;
    paths::invitations(
        slug,
        &InvitationQuery {
            sort,
            direction,
            ..InvitationQuery::default()
        },
    )
}
