//! The dialog of an order for several people: what it does, how far it is, what became of each.

use leptos::prelude::*;
use rolecall_shared::text::count;

use super::{
    group, removal, role,
    sending::{Sending, resume},
    state::{Order, Selection, Several, Step},
    verdicts::Verdicts,
};
use crate::{
    components::{button::ActionButton, modal::Modal},
    here::Here,
    pages::life::reason::reason_field,
};

/// People who are named one by one; beyond that their number is given.
const NAMED: usize = 30;

/// The dialog.
#[component]
pub fn SeveralDialog(selection: Selection) -> impl IntoView {
    let several = Several::new(selection);
    let title = Signal::derive(move || {
        if several.step.get() == Step::Done {
            return "What became of each person".to_owned();
        }
        let people = several
            .people
            .with(|people| count(people.len(), "person", "people"));
        match selection.order.get() {
            Some(Order::Role) => format!("Change the role of {people}"),
            Some(Order::Group) => format!("Add {people} to a group"),
            Some(Order::Suspend) => format!("Suspend {people}"),
            Some(Order::Reactivate) => format!("Reactivate {people}"),
            Some(Order::Remove) => format!("Remove {people}"),
            None => String::new(),
        }
    });
    // What is under way is not cut off in the middle of a person.
    let ask = move |()| {
        if several.step.get_untracked() == Step::Working {
            several.stop.set(true);
        } else {
            selection.open.set(false);
        }
    };
    view! {
        <Modal
            id="several" size="lg" open=selection.open title=title ask=Callback::new(ask)
        >
            {move || selection.order.get().map(|_| {
                several.start();
                steps(several)
            })}
        </Modal>
    }
    .into_any()
}

fn steps(several: Several) -> AnyView {
    view! {
        {move || match several.step.get() {
            Step::Choose => choose(several),
            Step::Working => view! { <Sending several/> }.into_any(),
            Step::Done => view! { <Verdicts several/> }.into_any(),
        }}
    }
    .into_any()
}

fn choose(several: Several) -> AnyView {
    let here = Here::of_page();
    let fields = match several.order() {
        Order::Role => role::fields(several),
        Order::Group => group::fields(several),
        Order::Suspend => view! {
            {people(several)}
            <p>
                "They keep role, groups, direct permissions and overrides, and can use none of them until somebody reactivates them."
            </p>
            {reason_field("several-reason", several.reason, "Each of them and the audit trail are told.", several.failed)}
        }
        .into_any(),
        Order::Reactivate => view! {
            {people(several)}
            <p>
                "They can use again what they held before. If the time of a membership ran out, it goes on without an end."
            </p>
        }
        .into_any(),
        Order::Remove => removal::fields(several),
    };
    let variant = match several.order() {
        Order::Suspend | Order::Remove => "destructive",
        _ => "",
    };
    view! {
        <section>
            {move || several.failed.get().map(|failure| crate::components::problem::alert(&failure.0))}
            {fields}
        </section>
        <footer>
            <button
                type="button" class="btn" data-variant="outline"
                on:click=move |_| several.selection.open.set(false)
            >
                "Cancel"
            </button>
            <ActionButton
                label=several.label()
                variant=variant
                blocked=Signal::derive(move || several.blocked())
                action=move || resume(several, here)
            />
        </footer>
    }
    .into_any()
}

/// Who they are.
pub fn people(several: Several) -> AnyView {
    several.people.with_untracked(|people| {
        let more = people.len().saturating_sub(NAMED);
        let names = people
            .iter()
            .take(NAMED)
            .map(|one| {
                let you = one.is_you.then_some(" (you)");
                view! { <li class="rc-token"><span>{one.name.clone()}{you}" "</span></li> }
            })
            .collect_view();
        let rest = (more > 0).then(|| {
            view! { <li class="rc-sub">{format!("and {}", count(more, "more person", "more people"))}</li> }
        });
        view! { <ul class="rc-picked" aria-label="Selected people">{names}{rest}</ul> }.into_any()
    })
}
