//! The members list.

mod empty;
mod row;
mod skeleton;
mod table;
mod toolbar;

pub use row::{groups, status};

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use rolecall_shared::permission::CorePermission;

use crate::{
    api::members::{list_members, team_filters},
    components::{loaded::loaded, problem::problem},
    here::{Here, blocked},
    query::member_query,
};

/// The page. Its address holds the whole question, so it can be sent to somebody.
#[component]
pub fn MembersPage() -> impl IntoView {
    let here = Here::of_page();
    let map = use_query_map();
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
    view! {
        <toolbar::Toolbar query filters/>
        {loaded(skeleton::skeleton, Some(pending), move || async move {
            let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
            let unseen = workspace.and_then(|w| blocked(&w, CorePermission::AuditView));
            match list.await {
                Err(failure) => problem(&failure.0),
                Ok((query, page)) if page.rows.is_empty() => {
                    let filters = filters.await.unwrap_or_default();
                    empty::empty(&here.slug.get_untracked(), &query, &filters)
                }
                Ok((query, page)) => {
                    table::table(&here.slug.get_untracked(), &query, page, pending, unseen.as_deref())
                }
            }
        })}
    }
    .into_any()
}
