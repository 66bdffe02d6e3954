//! The bar at the foot of the editor: what changed, whom it affects, preview, save.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use rolecall_shared::{RoleId, access::ChangeRequest, text::count};

use super::state::RoleState;
use crate::{
    api::access::preview_change,
    components::{
        button::ActionButton,
        matrix::{cell_words, changed, summary},
        modal::Modal,
        preview::{ChangePreview, affected},
        problem::alert,
    },
};

/// Switching goes on at once; who is affected is asked for when it pauses.
const PAUSE: Duration = Duration::from_millis(400);

/// The bar; nothing where the role can only be looked at.
#[component]
pub fn Foot(state: RoleState) -> impl IntoView {
    let people = people_affected(state);
    let cells = move || {
        state
            .saved
            .with(|saved| changed(saved.set, state.set.get()))
    };
    // Whether it reaches other projects than before, which changes what people may do as well.
    let reach = move || {
        let own = state.own.get();
        (own != state.saved.with(|saved| saved.own_projects_only)).then_some(own)
    };
    let is_new = move || state.card.with(Option::is_none);
    let words = move || {
        if is_new() {
            let set = state.set.get();
            return state
                .catalogue
                .with_value(|catalogue| summary(catalogue, set, None));
        }
        match (cells(), reach()) {
            (0, None) if state.dirty.get() => "Name or description changed".to_owned(),
            (0, None) => "No changes".to_owned(),
            (0, Some(own)) => reach_words(own).to_owned(),
            (n, None) => format!("{} changed", count(n, "cell", "cells")),
            (n, Some(own)) => {
                let cells = count(n, "cell", "cells");
                format!("{cells} changed · {}", reach_words(own))
            }
        }
    };
    let cannot_save = Signal::derive(move || {
        if state.theirs.with(Option::is_some) {
            Some("Somebody else changed this role. Compare both first.".to_owned())
        } else if !is_new() && !state.dirty.get() {
            Some("Nothing is changed yet.".to_owned())
        } else {
            beyond_reach(state)
        }
    });
    let cannot_preview = Signal::derive(move || {
        (cells() == 0 && reach().is_none())
            .then(|| "No permission is changed, so nobody gains or loses anything.".to_owned())
    });
    let save_label =
        Signal::derive(move || if is_new() { "Create role" } else { "Save" }.to_owned());
    view! {
        <Show when=move || state.blocked.with(Option::is_none)>
            <div class="rc-foot" role="region" aria-label="Changes">
                {move || state.failed.get().map(|failure| alert(&failure.0))}
                <p role="status">
                    <b>{words}</b>
                    {move || people.get().filter(|_| cells() > 0 || reach().is_some()).map(|people| format!(" · {people}"))}
                </p>
                <div class="rc-actions">
                    <Show when=move || state.dirty.get()>
                        <button
                            type="button"
                            class="btn"
                            data-variant="ghost"
                            on:click=move |_| state.reset()
                        >
                            "Discard"
                        </button>
                    </Show>
                    <Show when=move || !is_new()>
                        <ActionButton
                            label="Preview"
                            variant="outline"
                            blocked=cannot_preview
                            action=move || state.previewing.set(true)
                        />
                    </Show>
                    <ActionButton
                        label=save_label
                        busy=state.busy
                        blocked=cannot_save
                        action=move || state.save()
                    />
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// The switch of the reach, as the bar says it.
const fn reach_words(own: bool) -> &'static str {
    if own {
        "Own projects only is switched on"
    } else {
        "Own projects only is switched off"
    }
}

/// What a new role would give although the person does not hold it: a clone can have such cells.
fn beyond_reach(state: RoleState) -> Option<String> {
    let given = state
        .card
        .with(Option::is_some)
        .then(|| state.saved.with(|saved| saved.set));
    let reach = state.grantable.get().union(given.unwrap_or_default());
    let beyond = state.set.get().minus(reach);
    (!beyond.is_empty()).then(|| {
        let names = state.catalogue.with_value(|catalogue| {
            let names = catalogue.names(beyond);
            names
                .iter()
                .map(|name| cell_words(catalogue, name))
                .collect::<Vec<_>>()
        });
        format!(
            "You do not hold {} yourself, so you can not give it. Switch it off first.",
            names.join(", ")
        )
    })
}

fn change(state: RoleState, role: RoleId) -> ChangeRequest {
    let draft = state.draft();
    ChangeRequest::EditRole {
        role,
        permissions: draft.permissions,
        own_projects_only: draft.own_projects_only,
    }
}

/// How many people the changes affect, in words; nothing while that is not known.
fn people_affected(state: RoleState) -> RwSignal<Option<String>> {
    let words = RwSignal::new(None);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move |role: RoleId| {
        let now = move || {
            Some((
                state.set.try_get_untracked()?,
                state.own.try_get_untracked()?,
            ))
        };
        let sent = now();
        let request = preview_change(state.here.slug.get_untracked(), change(state, role));
        spawn_local(async move {
            let answer = request.await.ok();
            // Only for what is still on the screen.
            if sent.is_some() && now() == sent {
                let _ = words.try_set(answer.map(|preview| affected(&preview)));
            }
        });
    };
    Effect::new(move |_| {
        let chosen = (state.set.get(), state.own.get());
        let saved = state
            .saved
            .with(|saved| (saved.set, saved.own_projects_only));
        let role = state.card.with(|card| card.as_ref().map(|card| card.id));
        words.set(None);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        if let Some(role) = role
            && chosen != saved
        {
            timer.set_value(set_timeout_with_handle(move || ask(role), PAUSE).ok());
        }
    });
    on_cleanup(move || {
        if let Some(timer) = timer.try_get_value().flatten() {
            timer.clear();
        }
    });
    words
}

/// What saving would do to whom.
#[component]
pub fn PreviewDialog(state: RoleState) -> impl IntoView {
    let refused = RwSignal::new(None::<String>);
    let panel = move || {
        let role = state
            .card
            .with_untracked(|card| card.as_ref().map(|card| card.id))?;
        Some(view! {
            <ChangePreview change=change(state, role) catalogue=state.catalogue blocked=refused/>
        })
    };
    let blocked = Signal::derive(move || {
        if state.theirs.with(Option::is_some) {
            Some("Somebody else changed this role. Compare both first.".to_owned())
        } else {
            refused.get()
        }
    });
    view! {
        <Modal
            id="role-preview"
            size="lg"
            open=state.previewing
            title="Who gains and who loses what"
            lead=Signal::stored(Some("Nothing is saved yet.".to_owned()))
        >
            <section>{panel()}</section>
            <footer>
                <button
                    type="button"
                    class="btn"
                    data-variant="outline"
                    on:click=move |_| state.previewing.set(false)
                >
                    "Keep editing"
                </button>
                <ActionButton
                    label="Save role"
                    busy=state.busy
                    blocked=blocked
                    action=move || state.save()
                />
            </footer>
        </Modal>
    }
    .into_any()
}
