//! The table of members.

use leptos::prelude::*;
use rolecall_shared::{
    member::{MemberQuery, MemberRow, MemberSort},
    page::{Direction, Page},
};

use super::{
    acts::{pressed, show, ticked},
    rights::Rights,
    row::row,
};
use crate::{
    components::{
        markup::Markup,
        menu,
        pager::pager,
        sort::{sort_head, turned},
        time::{self, taken_over},
        toast::Toasts,
    },
    pages::life::{Life, several::Selection},
    paths,
};

/// The box that selects the whole page.
const ALL: &str = r#"<input type="checkbox" class="input" autocomplete="off" data-select="" aria-label="Select all on this page">"#;

/// About what a row is long, in bytes.
const ROW: usize = 5 * 1024;

/// The rows of one page, and the way to the others.
pub fn table(
    slug: &str,
    query: &MemberQuery,
    page: Page<MemberRow>,
    rights: &Rights,
    selection: Selection,
    pending: RwSignal<bool>,
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
    let pages = pager(page.previous.map(at), page.next.map(at));
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
    let (life, toasts) = (Life::of_page(), Toasts::of_page());
    let room = Markup::with_capacity(ROW * page.rows.len());
    let lines = page
        .rows
        .iter()
        .fold(room, |html, member| row(html, member, rights, slug))
        .into_html();
    let body = NodeRef::new();
    time::keep_fresh(body);
    let rows = StoredValue::new(page.rows);
    Effect::new(move |_| {
        rows.with_value(|rows| selection.refresh(rows));
        selection.people.track();
        // Once the rows are on screen.
        request_animation_frame(move || {
            if !rows.is_disposed() {
                show(rows, selection);
            }
        });
    });
    // Boxes and menus of rows are text, so the list listens for them. `toggle` does not bubble.
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table" on:change=move |event| ticked(&event, rows, selection)>
                <caption class="sr-only">"Members"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="check" inner_html=ALL></th>
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
                    node_ref=body
                    inner_html=lines
                    on:click=move |event| pressed(&event, rows, life, toasts)
                    on:toggle:capture=menu::opened
                    on:keydown=menu::arrows
                ></tbody>
            </table>
        </div>
        {pages}
    }
    .into_any()
}
