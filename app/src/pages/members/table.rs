//! The table of members.

use leptos::prelude::*;
use rolecall_shared::{
    member::{MemberQuery, MemberRow, MemberSort},
    page::{Direction, Page},
};

use super::row::{copy_address, row};
use crate::{
    components::{
        menu,
        pager::pager,
        sort::{sort_head, turned},
        time::taken_over,
        toast::Toasts,
    },
    paths,
};

/// The rows of one page, and the way to the others.
pub fn table(
    slug: &str,
    query: &MemberQuery,
    page: Page<MemberRow>,
    pending: RwSignal<bool>,
    // Why somebody's history can not be looked at.
    unseen: Option<&str>,
) -> AnyView {
    let at = |cursor: String| {
        paths::members(
            slug,
            &MemberQuery {
                cursor: Some(cursor),
                ..query.clone()
            },
        )
    };
    let links = pager(page.previous.map(at), page.next.map(at));
    let head = |title, sort, first, col, hide| {
        let sorted = (query.sort == sort).then_some(query.direction);
        let direction = turned(sorted, first);
        let href = paths::members(
            slug,
            &MemberQuery {
                sort,
                direction,
                cursor: None,
                ..query.clone()
            },
        );
        sort_head(title, col, hide, sorted, href)
    };
    // Menus of rows are text, so the list listens for them. `toggle` does not bubble.
    let toasts = Toasts::of_page();
    let rows = page
        .rows
        .into_iter()
        .map(|member| row(member, unseen))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table">
                <caption class="sr-only">"Members"</caption>
                <thead>
                    <tr>
                        {head("Name", MemberSort::Name, Direction::Up, Some("main"), None)}
                        <th scope="col" data-col="meta">"Role"</th>
                        <th scope="col" data-hide="lg">"Groups"</th>
                        <th scope="col">"Status"</th>
                        {head("Last active", MemberSort::LastActive, Direction::Down, None, None)}
                        {head("Joined", MemberSort::Joined, Direction::Down, None, Some("lg"))}
                        <th scope="col" data-col="end"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody
                    on:click=move |event| copy_address(&event, toasts)
                    on:toggle:capture=menu::opened
                    on:keydown=menu::arrows
                >
                    {rows}
                </tbody>
            </table>
        </div>
        {links}
    }
    .into_any()
}
