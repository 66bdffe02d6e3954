//! Suspending somebody and ending a suspension.

use leptos::{prelude::*, task::spawn_local};

use super::{Person, effects, reason::reason_field, work::Work};
use crate::{
    api::membership::{reactivate_member, suspend_member},
    components::{button::ActionButton, icon::Glyph},
};

/// The content of the dialog that suspends.
pub fn suspend(work: Work, person: Person) -> AnyView {
    let reason = RwSignal::new(String::new());
    let name = person.name.clone();
    let label = format!("Suspend {name}");
    let answer = effects::ask(work, person.id);
    let tokens = move || {
        let preview = answer.get()?.ok()?;
        let names: Vec<&str> = preview.tokens.iter().map(|t| t.name.as_str()).collect();
        (!names.is_empty()).then(|| {
            let words = format!(
                "API tokens are paused and work again afterwards: {}.",
                effects::listed(&names)
            );
            view! { <p class="rc-help">{words}</p> }
        })
    };
    let order = move || {
        let (slug, person) = (work.slug(), person.clone());
        let reason = reason.get_untracked();
        let (at, id) = (slug.clone(), person.id);
        let suspend = async move || suspend_member(at.clone(), id, reason.clone()).await;
        work.run(suspend, move |()| {
            let words = format!("{} is suspended.", person.name);
            work.toasts.done_with(words, "Undo", move || {
                give_back(work, slug.clone(), person.clone());
            });
            work.here.live.membership_changed();
        });
    };
    view! {
        <section>
            {move || work.problem()}
            <p>
                <b>{name}</b>
                " keeps role, groups, direct permissions and overrides, and can use none of them until somebody reactivates them. Tabs that are open notice at once."
            </p>
            {tokens}
            {reason_field("suspend-reason", reason, "The person and the audit trail are told.", work.failed)}
        </section>
        <footer>
            {work.cancel()}
            <ActionButton
                label=label glyph=Glyph::Pause variant="destructive" busy=work.busy action=order
            />
        </footer>
    }
    .into_any()
}

/// The content of the dialog that ends a suspension.
pub fn reactivate(work: Work, person: Person) -> AnyView {
    let name = person.name.clone();
    let label = format!("Reactivate {name}");
    let order = move || {
        let (name, slug, id) = (person.name.clone(), work.slug(), person.id);
        let reactivate = async move || reactivate_member(slug.clone(), id).await;
        work.run(reactivate, move |()| {
            work.toasts.done(back(&name));
            work.here.live.membership_changed();
        });
    };
    view! {
        <section>
            {move || work.problem()}
            <p>
                <b>{name}</b>
                " can use again what they held before: role, groups, direct permissions and overrides, as far as those have not ended. If the time of their membership ran out, they stay without an end."
            </p>
        </section>
        <footer>
            {work.cancel()}
            <ActionButton label=label glyph=Glyph::Check busy=work.busy action=order/>
        </footer>
    }
    .into_any()
}

fn back(name: &str) -> String {
    format!("{name} is active again.")
}

/// Undoes a suspension from the message about it. The page may be another one by now.
fn give_back(work: Work, slug: String, person: Person) {
    spawn_local(async move {
        match reactivate_member(slug, person.id).await {
            Ok(()) => work.toasts.done(back(&person.name)),
            Err(failure) => work.toasts.failed(&failure),
        }
        work.here.live.membership_changed();
    });
}
