//! The table of former members: when, by whom, why, and until when they can come back.

use leptos::prelude::*;
use rolecall_shared::{
    membership::{Departure, FormerQuery, FormerRow},
    page::Page,
};

use crate::{
    components::{
        avatar::avatar,
        button::ActionButton,
        icon::{Glyph, icon},
        pager::pager,
        time::{taken_over, until, when},
    },
    pages::life::{Deed, Life, Person},
    paths,
};

/// The rows of one page, and the way to the others.
pub fn table(
    slug: &str,
    query: &FormerQuery,
    page: Page<FormerRow>,
    why: Option<&String>,
    pending: RwSignal<bool>,
) -> AnyView {
    let at = |cursor: String| {
        paths::former(
            slug,
            &FormerQuery {
                cursor: Some(cursor),
                ..query.clone()
            },
        )
    };
    let links = pager(page.previous.map(at), page.next.map(at));
    let rows = page
        .rows
        .into_iter()
        .map(|former| row(former, why.cloned()))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table rc-former">
                <caption class="sr-only">"Removed people"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"Name"</th>
                        <th scope="col" data-col="meta">"Ended"</th>
                        <th scope="col" data-hide="lg">"Role then"</th>
                        <th scope="col" data-hide="lg">"Reason"</th>
                        <th scope="col">"Can be undone until"</th>
                        <th scope="col" data-col="end"><span class="sr-only">"Reinstate"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {links}
    }
    .into_any()
}

fn row(former: FormerRow, why: Option<String>) -> AnyView {
    let life = Life::of_page();
    let person = Person {
        id: former.id,
        name: former.name.clone(),
    };
    let reason = if former.reason.is_empty() {
        view! { <span aria-hidden="true">"–"</span><span class="sr-only">"No reason given"</span> }
            .into_any()
    } else {
        view! { <span class="rc-reason" title=former.reason.clone()>{former.reason.clone()}</span> }
            .into_any()
    };
    let owner = former.was_owner.then(|| {
        view! { <span class="badge" data-variant="secondary">{icon(Glyph::Crown)}"Owner"</span> }
    });
    let asked = former.clone();
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person">
                    {avatar(&former.name, &former.email)}
                    <span class="rc-person-text">
                        <span class="rc-person-name">{former.name.clone()}</span>
                        <span class="rc-person-mail">{former.email.clone()}</span>
                    </span>
                </span>
            </th>
            <td data-col="meta">{ended(&former)}" "{when(former.at)}</td>
            <td data-hide="lg">
                <span class="rc-level">{former.role.name.clone()}{owner}</span>
            </td>
            <td data-hide="lg">{reason}</td>
            <td>{until(former.undo_until)}</td>
            <td data-col="end">
                <ActionButton
                    label="Reinstate"
                    size="sm"
                    variant="outline"
                    blocked=Signal::stored(why)
                    action=move || life.ask(Deed::Reinstate(Box::new(asked.clone())), person.clone())
                />
            </td>
        </tr>
    }
    .into_any()
}

fn ended(former: &FormerRow) -> String {
    match (former.departure, former.by.as_str()) {
        (Departure::Left, _) => "Left".to_owned(),
        (Departure::Removed, "") => "Removed".to_owned(),
        (Departure::Removed, by) => format!("Removed by {by}"),
    }
}

/// Six rows of the real layout.
pub fn skeleton() -> AnyView {
    let rows = (0..6)
        .map(|_| {
            view! {
                <tr>
                    <td data-col="main">
                        <span class="rc-person">
                            <span class="skeleton" data-round=""></span>
                            <span class="skeleton" data-line=""></span>
                        </span>
                    </td>
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
        <p class="sr-only" role="status">"Loading removed people"</p>
        <div class="rc-table-wrap" aria-hidden="true">
            <table class="rc-table"><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
