//! The table of invitations.

use leptos::prelude::*;
use rolecall_shared::{
    invitation::{InvitationQuery, InvitationRow, InvitationSort},
    page::{Direction, Page},
    shell::WorkspaceView,
};

use super::{actions::Doing, row::row};
use crate::{
    components::{
        pager::pager,
        sort::{sort_head, turned},
        time::taken_over,
    },
    paths,
};

/// The rows of one page, and the way to the others.
pub fn table(
    slug: &str,
    query: &InvitationQuery,
    page: Page<InvitationRow>,
    pending: RwSignal<bool>,
    (workspace, mail): (&WorkspaceView, bool),
    doing: Doing,
) -> AnyView {
    let at = |cursor: String| {
        paths::invitations(
            slug,
            &InvitationQuery {
                cursor: Some(cursor),
                ..query.clone()
            },
        )
    };
    let links = pager(page.previous.map(at), page.next.map(at));
    let head = |title, sort, first, col| {
        let sorted = (query.sort == sort).then_some(query.direction);
        let direction = turned(sorted, first);
        let next = InvitationQuery {
            sort,
            direction,
            cursor: None,
            ..query.clone()
        };
        sort_head(title, col, None, sorted, paths::invitations(slug, &next))
    };
    let rows = page
        .rows
        .into_iter()
        .map(|r| row(r, workspace, mail, doing))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table">
                <caption class="sr-only">"Invitations"</caption>
                <thead>
                    <tr>
                        {head("E-mail", InvitationSort::Email, Direction::Up, Some("main"))}
                        <th scope="col" data-col="meta">"Status"</th>
                        <th scope="col">"Role"</th>
                        {head("Sent", InvitationSort::Sent, Direction::Down, None)}
                        {head("Expires", InvitationSort::Expires, Direction::Up, None)}
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
