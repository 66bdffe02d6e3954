//! The table of entries.

use leptos::prelude::*;
use rolecall_shared::audit::{AuditPage, AuditQuery};

use super::row::row;
use crate::{
    components::{
        icon::{Glyph, icon},
        pager::pager,
        time::taken_over,
    },
    paths,
};

/// The entries of one page, and the way to the others.
pub fn table(
    slug: &str,
    query: &AuditQuery,
    answer: AuditPage,
    pending: RwSignal<bool>,
) -> AnyView {
    let at = |cursor: String| {
        paths::audit(
            slug,
            &AuditQuery {
                cursor: Some(cursor),
                ..query.clone()
            },
        )
    };
    let page = answer.page;
    let links = pager(page.previous.map(at), page.next.map(at));
    let looked = answer.looked_to.map(|at| {
        view! {
            <p class="rc-audit-looked">
                {icon(Glyph::Info)}
                {format!(
                    "Several filters together look through a part of the trail at a time: this page goes back to {}. \
                     The next page goes on from there.",
                    at.absolute(),
                )}
            </p>
        }
    });
    let rows = page
        .rows
        .into_iter()
        .map(|entry| row(slug, query, entry))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table rc-audit">
                <caption class="sr-only">"Audit trail"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"What"</th>
                        <th scope="col" data-col="meta">"Who"</th>
                        <th scope="col">"When"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {looked}
        {links}
    }
    .into_any()
}
