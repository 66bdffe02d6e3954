//! The members list.

mod acts;
mod empty;
mod rights;
mod row;
mod skeleton;
mod table;
mod toolbar;

pub use row::{groups, status};

use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_query_map};

use crate::{
    api::members::{list_members, team_filters},
    components::{loaded::loaded, problem::problem},
    here::Here,
    pages::{
        dialogs::{Dialogs, Kind},
        life::several::Selection,
    },
    paths,
    query::{asks_for_removed, member_query},
};
use rights::Rights;

/// The page. Its address holds the whole question, so it can be sent to somebody.
#[component]
pub fn MembersPage() -> impl IntoView {
    let here = Here::of_page();
    let map = use_query_map();
    // What the form says without script, since only the members have a status.
    if untrack(|| map.with(asks_for_removed)) {
        let path = paths::former_base(&here.slug.get_untracked());
        return view! { <Redirect path/> }.into_any();
    }
    let query = Memo::new(move |_| map.with(member_query));
    let filters = Resource::new(
        move || (here.slug.get(), here.live.access.get()),
        |(slug, _)| team_filters(slug),
    );
    let list = Resource::new(
        move || {
            let live = here.live;
            (
                here.slug.get(),
                query.get(),
                (live.members.get(), live.access.get()),
            )
        },
        // The question travels with its answer, so that heads and rows always fit together.
        |(slug, query, _)| async move {
            list_members(slug, query.clone())
                .await
                .map(|page| (query, page))
        },
    );
    let pending = RwSignal::new(false);
    // Outside of what is fetched again, so that news do not lose it.
    let selection = Selection::new();
    view! {
        <toolbar::Toolbar query filters/>
        {loaded(skeleton::skeleton, Some(pending), move || async move {
            match list.await {
                Err(failure) => problem(&failure.0),
                Ok((query, page)) if page.rows.is_empty() => {
                    let filters = filters.await.unwrap_or_default();
                    empty::empty(&here.slug.get_untracked(), &query, &filters)
                }
                Ok((query, page)) => {
                    let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                    let rights = workspace.as_ref().map(Rights::of).unwrap_or_default();
                    let slug = here.slug.get_untracked();
                    table::table(&slug, &query, page, &rights, selection, pending)
                }
            }
        })}
        <Dialogs
            kind=Kind::Several(selection)
            wanted=Signal::derive(move || selection.wanted())
        />
    }
    .into_any()
}
