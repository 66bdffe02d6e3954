//! The bar below the list: how many are selected, and what can be done to all of them.

use leptos::prelude::*;
use rolecall_shared::member::MemberStatus;

use super::state::{Order, Selection};
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
    },
    pages::life::Life,
};

/// The bar; nothing while nobody is selected.
#[component]
pub fn Bar(selection: Selection) -> impl IntoView {
    let life = Life::of_page();
    let number = move || selection.people.with(Vec::len);
    let any = move |status| {
        move || {
            selection
                .people
                .with(|people| people.iter().any(|one| one.status == status))
        }
    };
    let blocked = Signal::derive(move || life.blocked());
    let button = move |label: &'static str, glyph, order| {
        view! {
            <ActionButton
                label=label glyph=glyph size="sm" variant="outline" blocked=blocked
                action=move || selection.ask(order)
            />
        }
    };
    // The number is told where it stands; the region around it comes and goes.
    view! {
        <p class="sr-only" role="status">
            {move || (number() > 0).then(|| format!("{} selected", number()))}
        </p>
        <Show when=move || { number() > 0 }>
            <section class="rc-selection" aria-label="Selected people">
                <span aria-hidden="true">{move || format!("{} selected", number())}</span>
                {button("Change role", Glyph::Shield, Order::Role)}
                {button("Add to group", Glyph::Users, Order::Group)}
                <Show when=any(MemberStatus::Active)>
                    {button("Suspend", Glyph::Pause, Order::Suspend)}
                </Show>
                <Show when=any(MemberStatus::Suspended)>
                    {button("Reactivate", Glyph::Check, Order::Reactivate)}
                </Show>
                {button("Remove", Glyph::UserX, Order::Remove)}
                <button
                    type="button" class="btn" data-variant="ghost" data-size="sm"
                    on:click=move |_| selection.people.set(Vec::new())
                >
                    {icon(Glyph::X)}
                    "Clear"<span class="sr-only">" the selection"</span>
                </button>
            </section>
        </Show>
    }
    .into_any()
}
