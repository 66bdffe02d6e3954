//! The upper part of a group's page: its head, why it can not be changed, the editor.

use leptos::prelude::*;
use rolecall_shared::{member::MemberQuery, text::count};

use super::{editor::Editor, foot::Foot, state::GroupState};
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        problem::alert,
        title::title,
    },
    paths,
};

/// The page, once the group is there.
pub fn page(state: GroupState, save: Callback<()>) -> AnyView {
    let read_only = Signal::derive(move || {
        state.blocked.with(Option::is_some) || state.lost.with(Option::is_some)
    });
    view! {
        {title(move || format!("{} · Groups", heading(state)))}
        {head(state)}
        {move || state.lost.get().map(|failure| alert(&failure.0))}
        {move || state.blocked.get().map(locked)}
        <Editor draft=state.draft() grantable=state.grantable read_only>
            <Foot state save/>
        </Editor>
    }
    .into_any()
}

fn heading(state: GroupState) -> String {
    state.card.with(|card| {
        card.as_ref()
            .map_or_else(|| "New group".to_owned(), |card| card.name.clone())
    })
}

fn head(state: GroupState) -> AnyView {
    let slug = state.here().slug.get_untracked();
    let groups = paths::groups(&slug);
    let line = move || match state.card.get() {
        None => "What it gives, everybody in it gets at once.".into_any(),
        Some(card) => {
            let query = MemberQuery {
                group: Some(card.id),
                ..MemberQuery::default()
            };
            let people = count(number(card.members), "person", "people");
            let waiting = (card.invitations > 0).then(|| {
                let words = count(
                    number(card.invitations),
                    "invitation waiting",
                    "invitations waiting",
                );
                format!(" · {words}")
            });
            view! { <a class="rc-link" href=paths::members(&slug, &query)>{people}</a>{waiting} }
                .into_any()
        }
    };
    let actions = move || {
        let card = state.card.get()?;
        Some(view! {
            <div class="rc-actions">
                <ActionButton
                    label="Delete"
                    glyph=Glyph::Trash
                    variant="outline"
                    blocked=state.blocked
                    action=move || state.deleting.ask(&card)
                />
            </div>
        })
    };
    view! {
        <nav class="rc-crumbs" aria-label="Breadcrumb">
            <a class="rc-link" href=groups>"Groups"</a>
            {icon(Glyph::ChevronRight)}
            <span aria-current="page">{move || heading(state)}</span>
        </nav>
        <div class="rc-head">
            <div>
                <h1>{move || heading(state)}</h1>
                <p>{line}</p>
            </div>
            {actions}
        </div>
    }
    .into_any()
}

fn locked(why: String) -> AnyView {
    view! {
        <div class="alert mb-4">
            {icon(Glyph::Lock)}
            <strong>"You can look at this group, not change it"</strong>
            <p>{why}</p>
        </div>
    }
    .into_any()
}

fn number(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// The shape of the page while it loads.
pub fn skeleton() -> AnyView {
    let rows = (0..10)
        .map(|_| view! { <span class="skeleton" data-line="long"></span> })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading the group"</p>
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="grid gap-6" aria-hidden="true">{rows}</div>
    }
    .into_any()
}
