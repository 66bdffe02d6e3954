//! Whether the console can be looked at as somebody sees it, and whether they are told: the owners
//! decide.

use leptos::{ev, prelude::*};
use rolecall_shared::view_as::ViewPolicy;

use super::state::State;
use crate::api::view_as::set_view_policy;

/// The section.
pub fn section(state: State) -> AnyView {
    let part = state.viewing;
    let save = move || {
        let slug = state.here.slug.get_untracked();
        part.save(
            "The rules for viewing as somebody are saved.",
            move |before, policy| async move {
                set_view_policy(slug, before, policy).await?;
                Ok(policy)
            },
        );
    };
    let off = move || state.viewing_blocked.with(Option::is_some);
    view! {
        <section class="rc-section" id="viewing" aria-labelledby="settings-viewing">
            <div class="rc-section-head"><h2 id="settings-viewing">"View as"</h2></div>
            <p class="rc-help">
                "Whoever manages the team can look at the console as a member sees it, with a reason, read-only, and never as an owner. Only owners decide about this."
            </p>
            {part.alert(&[])}
            {part.notice(words)}
            <fieldset class="rc-form" disabled=off>
                <legend class="sr-only">"View as"</legend>
                {choice(
                    state,
                    "Viewing as a member is possible",
                    "Without it nobody begins, and views that go on are over at once.",
                    |policy| &mut policy.enabled,
                )}
                {choice(
                    state,
                    "The member is told by mail",
                    "With the name of who looks and the reason. The audit trail has both in any case.",
                    |policy| &mut policy.notice,
                )}
            </fieldset>
            {part.button("Save rules", state.viewing_blocked, save)}
        </section>
    }
    .into_any()
}

fn choice(
    state: State,
    title: &'static str,
    help: &'static str,
    field: fn(&mut ViewPolicy) -> &mut bool,
) -> AnyView {
    let draft = state.viewing.draft;
    let chosen = move |mut policy: ViewPolicy| *field(&mut policy);
    view! {
        <label class="rc-choice">
            <input
                type="checkbox"
                class="input"
                checked=chosen(draft.get_untracked())
                prop:checked=move || chosen(draft.get())
                on:change=move |event: ev::Event| {
                    let on = event_target_checked(&event);
                    draft.update(|draft| *field(draft) = on);
                }
            />
            <span class="rc-choice-body">
                <b>{title}</b>
                <span class="rc-help">{help}</span>
            </span>
        </label>
    }
    .into_any()
}

fn words(policy: ViewPolicy) -> String {
    let possible = if policy.enabled {
        "Viewing as a member is possible"
    } else {
        "Viewing as a member is not possible"
    };
    let told = if policy.notice {
        "the member is told by mail"
    } else {
        "the member is not told by mail"
    };
    format!("{possible}, {told}.")
}
