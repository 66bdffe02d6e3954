//! The members tab: who may do what in this project, and overrides of it.

mod editing;
mod editor;
mod empty;
mod review;
mod row;
mod skeleton;
mod table;
mod toolbar;
mod words;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::editing::Editing;
use super::{OfProject, unknown};
use crate::{
    api::projects::list_project_members,
    components::{loaded, problem::problem},
    here::Here,
    query::project_member_query,
};

/// The tab. Its dialog stands outside of the list, so that news do not close it.
#[component]
pub fn Members() -> impl IntoView {
    let here = Here::of_page();
    let of = OfProject::of_page();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(project_member_query));
    let list = Resource::new(
        move || {
            let live = here.live;
            (
                (here.slug.get(), of.id.get()),
                query.get(),
                (live.access.get(), live.members.get()),
            )
        },
        // The question travels with its answer, so that both always fit together.
        |((slug, id), query, _)| async move {
            let id = id.ok_or_else(unknown)?;
            list_project_members(slug, id, query.clone())
                .await
                .map(|page| (query, page))
        },
    );
    let pending = RwSignal::new(false);
    let editing = Editing::new();
    view! {
        <toolbar::Toolbar query/>
        {loaded::loaded(skeleton::skeleton, Some(pending), move || async move {
                let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                match (of.page.await, list.await, workspace) {
                    // The frame says what is wrong with the project or the workspace.
                    (Err(_), ..) | (_, _, None) => ().into_any(),
                    (Ok(_), Err(failure), _) => problem(&failure.0),
                    (Ok(project), Ok((query, page)), Some(workspace)) if page.rows.is_empty() => {
                        empty::empty(&workspace.slug, project.id, &query)
                    }
                    (Ok(project), Ok((query, page)), Some(workspace)) => {
                        table::table(&workspace, project.id, &query, page, pending, editing)
                    }
                }
            })}
        <editor::OverrideDialog editing/>
    }
    .into_any()
}
