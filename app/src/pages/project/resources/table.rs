//! The table of resources.

use leptos::prelude::*;
use rolecall_shared::{
    page::Page,
    project::{ProjectPage, ResourceQuery, ResourceRow},
};

use super::{actions::Doing, row::row};
use crate::{
    components::{pager::pager, time::taken_over},
    paths,
};

/// The rows of one page, and the way to the others.
pub fn table(
    slug: &str,
    project: &ProjectPage,
    query: &ResourceQuery,
    page: Page<ResourceRow>,
    pending: RwSignal<bool>,
    doing: Doing,
) -> AnyView {
    let at = |cursor: String| {
        let query = ResourceQuery {
            cursor: Some(cursor),
            ..query.clone()
        };
        paths::project(slug, project.id, &query)
    };
    let links = pager(page.previous.map(at), page.next.map(at));
    let rows = page
        .rows
        .into_iter()
        .map(|resource| row(project, resource, doing))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table">
                <caption class="sr-only">"Resources"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"Name"</th>
                        <th scope="col" data-col="meta">"Service"</th>
                        <th scope="col" data-hide="lg">"External id"</th>
                        <th scope="col">"Attributes"</th>
                        <th scope="col" data-hide="lg">"Created by"</th>
                        <th scope="col">"Changed"</th>
                        <th scope="col" data-col="end"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {links}
    }
    .into_any()
}
