//! Removing somebody: what will happen, what becomes of the invitations they sent, a reason.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use rolecall_shared::{
    membership::{RemovalOrder, RemovalPreview, Removed, SentInvitations},
    text::count,
};

use super::{
    Person,
    effects::{self, effects, invitation, skeleton},
    reason::reason_field,
    reinstate::undo,
    work::Work,
};
use crate::{
    api::membership::remove_member,
    components::{button::ActionButton, problem::alert},
    paths,
};

/// The content of the dialog.
pub fn view(work: Work, person: Person) -> AnyView {
    let answer = effects::ask(work, person.id);
    let reason = RwSignal::new(String::new());
    let invitations = RwSignal::new(SentInvitations::default());
    let label = format!("Remove {}", person.name);
    let (navigate, path) = (use_navigate(), use_location().pathname);
    let remove = move || {
        let (slug, person, navigate) = (work.slug(), person.clone(), navigate.clone());
        let order = RemovalOrder {
            reason: reason.get_untracked(),
            invitations: invitations.get_untracked(),
        };
        let own_page = paths::member(&slug, person.id);
        let (at, id) = (slug.clone(), person.id);
        let remove = async move || remove_member(at.clone(), id, order.clone()).await;
        work.run(remove, move |removed| {
            // Their page is gone; nobody is left alone with "not found".
            if path.try_get_untracked().as_deref() == Some(own_page.as_str()) {
                navigate(
                    &paths::members_base(&slug),
                    leptos_router::NavigateOptions::default(),
                );
            }
            let words = said(&person.name, removed);
            work.toasts.done_with(words, "Undo", move || {
                undo(work.here, work.toasts, slug.clone(), person.clone());
            });
            work.here.live.membership_changed();
        });
    };
    view! {
        <section>
            {move || work.problem()}
            {move || match answer.get() {
                None => skeleton(),
                Some(Err(failure)) => alert(&failure.0),
                Some(Ok(preview)) => view! {
                    {effects(work, &preview)}
                    {choice(&preview, invitations)}
                }
                .into_any(),
            }}
            {reason_field("remove-reason", reason, "The person and the audit trail are told.", work.failed)}
        </section>
        <footer>
            {work.cancel()}
            <ActionButton
                label=label
                variant="destructive"
                busy=work.busy
                blocked=Signal::derive(move || effects::blocked(answer))
                action=remove
            />
        </footer>
    }
    .into_any()
}

fn said(name: &str, removed: Removed) -> String {
    let parts: Vec<String> = [
        (
            removed.revoked,
            "invitation is revoked",
            "invitations are revoked",
        ),
        (
            removed.kept,
            "invitation is yours now",
            "invitations are yours now",
        ),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, one, many)| count(n, one, many))
    .collect();
    if parts.is_empty() {
        format!("{name} was removed.")
    } else {
        format!("{name} was removed. {}.", parts.join(", "))
    }
}

/// What becomes of the invitations they sent; nothing when none waits.
fn choice(preview: &RemovalPreview, chosen: RwSignal<SentInvitations>) -> Option<AnyView> {
    if preview.invitations_total == 0 {
        return None;
    }
    let keepable = preview.invitations.iter().filter(|i| i.may_keep).count();
    let more = preview
        .invitations_total
        .saturating_sub(preview.invitations.len());
    let list = preview.invitations.iter().map(invitation).collect_view();
    let total = count(
        preview.invitations_total,
        "invitation that they sent waits",
        "invitations that they sent wait",
    );
    Some(
        view! {
            <fieldset>
                <legend>{total}</legend>
                <ul class="rc-sent">
                    {list}
                    {(more > 0).then(|| view! { <li class="rc-sub">{format!("and {more} more")}</li> })}
                </ul>
                {cards("remove-invitations", chosen, keepable > 0)}
            </fieldset>
        }
        .into_any(),
    )
}

/// Revoke or keep, as cards.
pub fn cards(name: &'static str, chosen: RwSignal<SentInvitations>, may_keep: bool) -> AnyView {
    let cards = [
        (
            SentInvitations::Revoke,
            "Revoke them",
            "Their links stop working at once.",
        ),
        (
            SentInvitations::Keep,
            "Keep them and answer for them myself",
            if may_keep {
                "Those that give no more than you may give go on in your name; the others are revoked."
            } else {
                "Not possible: they give more than you may give."
            },
        ),
    ]
    .map(|(value, title, help)| {
        view! {
            <label class="rc-choice">
                <input
                    type="radio"
                    class="input"
                    name=name
                    disabled=value == SentInvitations::Keep && !may_keep
                    prop:checked=move || chosen.get() == value
                    on:change=move |_| chosen.set(value)
                />
                <span class="rc-choice-body">
                    <b>{title}</b>
                    <span class="rc-help">{help}</span>
                </span>
            </label>
        }
    });
    view! { <div class="rc-choices">{cards.into_iter().collect_view()}</div> }.into_any()
}
