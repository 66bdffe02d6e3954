//! The resources tab: the registry of what permissions protect in this project.

mod actions;
mod attributes;
mod empty;
mod form;
mod remove;
mod row;
mod skeleton;
mod table;
mod toolbar;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::actions::Doing;
use super::{OfProject, unknown};
use crate::{
    api::resources::list_resources,
    components::{loaded, problem::problem},
    here::Here,
    query::resource_query,
};

/// The tab. Its dialogs stand outside of the list, so that news do not close them.
#[component]
pub fn Resources() -> impl IntoView {
    let here = Here::of_page();
    let of = OfProject::of_page();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(resource_query));
    let list = Resource::new(
        move || {
            let live = here.live;
            (
                (here.slug.get(), of.id.get()),
                query.get(),
                (live.projects.get(), live.access.get()),
            )
        },
        // The question travels with its answer, so that both always fit together.
        |((slug, id), query, _)| async move {
            let id = id.ok_or_else(unknown)?;
            list_resources(slug, id, query.clone())
                .await
                .map(|page| (query, page))
        },
    );
    let pending = RwSignal::new(false);
    let doing = Doing::new();
    view! {
        <toolbar::Toolbar query doing/>
        {loaded::loaded(skeleton::skeleton, Some(pending), move || async move {
                let slug = here.slug.get_untracked();
                match (of.page.await, list.await) {
                    // The frame says what is wrong with the project.
                    (Err(_), _) => ().into_any(),
                    (Ok(_), Err(failure)) => problem(&failure.0),
                    (Ok(project), Ok((query, page))) if page.rows.is_empty() => {
                        empty::empty(&slug, &project, &query, doing)
                    }
                    (Ok(project), Ok((query, page))) => {
                        table::table(&slug, &project, &query, page, pending, doing)
                    }
                }
            })}
        <form::ResourceDialog doing/>
        <remove::RemoveDialog doing/>
    }
    .into_any()
}
