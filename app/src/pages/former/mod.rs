//! The people whose membership ended and can be brought back.

mod table;
mod toolbar;

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};
use rolecall_shared::membership::{FormerQuery, UNDO_DAYS};

use crate::{
    api::membership::list_former_members,
    components::{
        icon::{Glyph, icon},
        loaded::loaded,
        problem::problem,
        title::title,
    },
    here::{Here, blocked},
    pages::dialogs::fetch_early,
    paths,
    query::former_query,
};
use rolecall_shared::permission::CorePermission;

/// The page.
pub struct FormerPage;

#[lazy_route]
impl LazyRoute for FormerPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let FormerPage = this;
        let here = Here::of_page();
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(former_query));
        let list = Resource::new(
            move || {
                let news = (here.live.members.get(), here.live.access.get());
                (here.slug.get(), query.get(), news)
            },
            // The question travels with its answer, so that both always fit together.
            |(slug, query, _)| async move {
                list_former_members(slug, query.clone())
                    .await
                    .map(|page| (query, page))
            },
        );
        let pending = RwSignal::new(false);
        fetch_early();
        view! {
            {title(|| "Removed people".to_owned())}
            {head(here)}
            <toolbar::Toolbar query/>
            {loaded(table::skeleton, Some(pending), move || async move {
                    let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                    match (list.await, workspace) {
                        (Err(failure), _) => problem(&failure.0),
                        (Ok((query, page)), _) if page.rows.is_empty() => empty(here, &query),
                        (Ok((query, page)), Some(workspace)) => {
                            let why = blocked(&workspace, CorePermission::TeamManage);
                            table::table(&workspace.slug, &query, page, why.as_ref(), pending)
                        }
                        // The frame says that there is no such workspace.
                        (Ok(_), None) => ().into_any(),
                    }
                })}
        }
        .into_any()
    }
}

fn head(here: Here) -> AnyView {
    let lead = format!(
        "Whoever was removed or left. For {UNDO_DAYS} days they can be brought back with what they had."
    );
    view! {
        <nav class="rc-crumbs" aria-label="Breadcrumb">
            <a class="rc-link" href=move || here.slug.with(|slug| paths::members_base(slug))>"Members"</a>
            {icon(Glyph::ChevronRight)}
            <span aria-current="page">"Removed people"</span>
        </nav>
        <div class="rc-head">
            <div>
                <h1>"Removed people"</h1>
                <p>{lead}</p>
            </div>
        </div>
    }
    .into_any()
}

fn empty(here: Here, query: &FormerQuery) -> AnyView {
    let slug = here.slug.get_untracked();
    let (glyph, heading, sentence, href, step) = if !query.search.is_empty() {
        (
            Glyph::Search,
            "Nobody matches",
            format!("No removed person matches “{}”.", query.search),
            paths::former_base(&slug),
            "Clear the search",
        )
    } else if query.cursor.is_some() {
        (
            Glyph::Search,
            "Nobody more",
            "This page of the list is empty now. Go back to its start.".to_owned(),
            paths::former_base(&slug),
            "Go to the start",
        )
    } else {
        (
            Glyph::Users,
            "Nobody was removed",
            format!(
                "In the last {UNDO_DAYS} days nobody was removed and nobody left. Whoever is, stands here and can be brought back."
            ),
            paths::members_base(&slug),
            "Go to the members",
        )
    };
    view! {
        <div class="rc-empty">
            {icon(glyph)}
            <h2>{heading}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=href>{step}</a>
        </div>
    }
    .into_any()
}
