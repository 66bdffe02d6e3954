//! Search and filters of the members list: a form that works without script, quicker with it.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::member::{MemberQuery, MemberStatus, TeamFilters};

use crate::{
    components::{
        filter::{APPLY, Filter},
        loaded::loaded,
        search::Search,
    },
    error::ApiFailure,
    here::Here,
    paths,
    query::{ACTIVITIES, REMOVED, activity_name, activity_title, member_pairs},
};

/// The row above the table.
#[component]
pub fn Toolbar(
    query: Memo<MemberQuery>,
    filters: Resource<Result<TeamFilters, ApiFailure>>,
) -> impl IntoView {
    let fallback = || view! { <div class="rc-toolbar" aria-hidden="true"></div> }.into_any();
    loaded(fallback, None, move || async move {
        // Without an answer the list below says what is wrong.
        let filters = filters.await.ok();
        filters.map(|filters| form(query, filters)).into_any()
    })
}

fn form(query: Memo<MemberQuery>, filters: TeamFilters) -> AnyView {
    let slug = Here::of_page().slug;
    let pick = picker(query);
    let chosen = move |read: fn(&MemberQuery) -> String| Signal::derive(move || query.with(read));
    let roles = filters
        .roles
        .into_iter()
        .map(|r| (r.id.to_string(), r.name))
        .collect();
    let groups: Vec<_> = filters
        .groups
        .into_iter()
        .map(|g| (g.id.to_string(), g.name))
        .collect();
    let statuses = vec![
        (MemberStatus::Active.name().to_owned(), "Active".to_owned()),
        (
            MemberStatus::Suspended.name().to_owned(),
            "Suspended".to_owned(),
        ),
        (REMOVED.to_owned(), "Removed".to_owned()),
    ];
    let status = by_status(pick(
        |q, value| q.status = MemberStatus::parse(&value),
        false,
    ));
    let activities = ACTIVITIES
        .map(|a| (activity_name(a).to_owned(), activity_title(a).to_owned()))
        .into();
    let filtered = move || query.with(is_filtered);
    let kept = query.with_untracked(|query| {
        let order = MemberQuery {
            sort: query.sort,
            direction: query.direction,
            ..MemberQuery::default()
        };
        member_pairs(&order)
    });
    view! {
        <form
            class="rc-toolbar"
            role="search"
            aria-label="Members"
            method="get"
            action=move || slug.with(|slug| paths::members_base(slug))
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Search label="Search name or e-mail" value=chosen(|q| q.search.clone()) search=pick(|q, value| q.search = value, true)/>
            <Filter
                name="role" label="Role" all="All roles" choices=roles
                chosen=chosen(|q| q.role.map(|id| id.to_string()).unwrap_or_default())
                pick=pick(|q, value| q.role = value.parse().ok(), false)
            />
            {(!groups.is_empty()).then(|| view! {
                <Filter
                    name="group" label="Group" all="All groups" choices=groups
                    chosen=chosen(|q| q.group.map(|id| id.to_string()).unwrap_or_default())
                    pick=pick(|q, value| q.group = value.parse().ok(), false)
                />
            })}
            <Filter
                name="status" label="Status" all="Any status" choices=statuses
                chosen=chosen(|q| q.status.map(|s| s.name().to_owned()).unwrap_or_default())
                pick=status
            />
            <Filter
                name="activity" label="Activity" all="Any activity" choices=activities
                chosen=chosen(|q| q.activity.map(|a| activity_name(a).to_owned()).unwrap_or_default())
                pick=pick(|q, value| {
                    q.activity = ACTIVITIES.into_iter().find(|a| activity_name(*a) == value);
                }, false)
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
            <span class="rc-grow"></span>
            <a
                class="btn" data-variant="ghost" data-size="sm"
                href=move || slug.with(|slug| paths::former_base(slug))
            >
                "Removed people"
            </a>
        </form>
    }
    .into_any()
}

/// What the filter by status runs. Who is not a member any more has no place in this list, but a page
/// of their own.
fn by_status(pick: Callback<String>) -> Callback<String> {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    Callback::new(move |value: String| {
        if value == REMOVED {
            let former = paths::former_base(&slug.get_untracked());
            navigate(&former, NavigateOptions::default());
        } else {
            pick.run(value);
        }
    })
}

/// Makes what a control runs: it changes the question and goes to its address, on its first page.
fn picker(
    query: Memo<MemberQuery>,
) -> impl Fn(fn(&mut MemberQuery, String), bool) -> Callback<String> {
    let slug = Here::of_page().slug;
    let navigate = use_navigate();
    move |change: fn(&mut MemberQuery, String), replace: bool| {
        let navigate = navigate.clone();
        Callback::new(move |value: String| {
            let now = query.get_untracked();
            let mut next = MemberQuery {
                cursor: None,
                ..now.clone()
            };
            change(&mut next, value);
            if next != now {
                let path = paths::members(&slug.get_untracked(), &next);
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

/// Whether the question leaves people out.
pub fn is_filtered(query: &MemberQuery) -> bool {
    !query.search.is_empty()
        || query.role.is_some()
        || query.group.is_some()
        || query.status.is_some()
        || query.activity.is_some()
}

/// The list in the same order without any filter.
pub fn cleared(slug: &str, query: &MemberQuery) -> String {
    let MemberQuery {
        sort, direction, ..
    } = *query;
    paths::members(
        slug,
        &MemberQuery {
            sort,
            direction,
            ..MemberQuery::default()
        },
    )
}
