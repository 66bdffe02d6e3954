//! The list of projects.

mod create;
mod empty;
pub mod form;
mod head;
mod skeleton;
mod table;
mod toolbar;

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};

use crate::{
    api::projects::list_projects,
    components::{loaded, problem::problem},
    here::Here,
    query::project_query,
};

/// The list of projects.
pub struct ProjectsPage;

#[lazy_route]
impl LazyRoute for ProjectsPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let ProjectsPage = this;
        view! { <Projects/> }.into_any()
    }
}

/// The page. Its dialog stands outside of the list, so that news do not close it.
#[component]
fn Projects() -> impl IntoView {
    let here = Here::of_page();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(project_query));
    let list = Resource::new(
        move || {
            let live = here.live;
            (
                here.slug.get(),
                query.get(),
                // What the asker may do there, and how many overrides there are, are columns.
                (live.projects.get(), live.access.get()),
            )
        },
        // The question travels with its answer, so that both always fit together.
        |(slug, query, _)| async move {
            list_projects(slug, query.clone())
                .await
                .map(|page| (query, page))
        },
    );
    let pending = RwSignal::new(false);
    let creating = RwSignal::new(false);
    view! {
        <head::Head query creating/>
        {loaded::loaded(skeleton::skeleton, Some(pending), move || async move {
                let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                match (list.await, workspace) {
                    (Err(failure), _) => problem(&failure.0),
                    (Ok((query, page)), Some(workspace)) if page.rows.is_empty() => {
                        empty::empty(&workspace, &query, creating)
                    }
                    (Ok((query, page)), Some(workspace)) => {
                        table::table(&workspace.slug, &query, page, pending)
                    }
                    (Ok(_), None) => ().into_any(),
                }
            })}
        <create::CreateDialog open=creating/>
    }
    .into_any()
}
