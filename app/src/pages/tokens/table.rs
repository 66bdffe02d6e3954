//! The table of tokens.

use leptos::prelude::*;
use rolecall_shared::{
    page::Page,
    token::{TokenQuery, TokenRow},
};

use super::{revoke::Revoking, row::row};
use crate::{
    components::{pager::pager, time::taken_over},
    paths,
};

/// The rows of one page, and the way to the others.
pub fn table(
    slug: &str,
    query: &TokenQuery,
    page: Page<TokenRow>,
    revoking: Revoking,
    pending: RwSignal<bool>,
) -> AnyView {
    let at = |cursor: String| {
        paths::tokens(
            slug,
            &TokenQuery {
                cursor: Some(cursor),
                ..query.clone()
            },
        )
    };
    let links = pager(page.previous.map(at), page.next.map(at));
    let everybody = query.everybody;
    let rows = page
        .rows
        .into_iter()
        .map(|token| row(slug, token, everybody, revoking))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table rc-token-list">
                <caption class="sr-only">"API tokens"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"Name"</th>
                        {everybody.then(|| view! { <th scope="col" data-hide="lg">"Member"</th> })}
                        <th scope="col" data-col="meta">"Status"</th>
                        <th scope="col" data-hide="lg">"May do now"</th>
                        <th scope="col" data-hide="lg">"Last used"</th>
                        <th scope="col">"Expires"</th>
                        <th scope="col" data-col="end"><span class="sr-only">"Revoke"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {links}
    }
    .into_any()
}

/// Four rows of the real layout.
pub fn skeleton() -> AnyView {
    let rows = (0..4)
        .map(|_| {
            view! {
                <tr>
                    <td data-col="main"><span class="skeleton" data-line=""></span></td>
                    <td data-col="meta"><span class="skeleton" data-line="short"></span></td>
                    <td data-hide="lg"><span class="skeleton" data-line="short"></span></td>
                    <td data-hide="lg"><span class="skeleton" data-line="short"></span></td>
                    <td><span class="skeleton" data-line="short"></span></td>
                    <td data-col="end"></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading API tokens"</p>
        <div class="rc-table-wrap" aria-hidden="true">
            <table class="rc-table"><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
