//! The bar at the foot of a group's page, and the preview of its change.

use leptos::prelude::*;
use rolecall_shared::text::count;

use super::state::GroupState;
use crate::components::{
    button::ActionButton,
    icon::Glyph,
    modal::Modal,
    preview::{ChangePreview, affected},
};

/// What would be saved, and the buttons. Absent while there is nothing to save.
#[component]
pub fn Foot(state: GroupState, save: Callback<()>) -> impl IntoView {
    let draft = state.draft();
    let new = move || state.card.with(Option::is_none);
    let unmoved = Signal::derive(move || {
        (draft.cells() == 0)
            .then(|| "No permission changes, so nobody gains or loses anything.".to_owned())
    });
    let words = move || match (draft.cells(), new()) {
        (0, true) => "No permission chosen yet".to_owned(),
        (n, true) => count(n, "permission chosen", "permissions chosen"),
        (0, false) => "Name or description changed".to_owned(),
        (n, false) => count(n, "cell changed", "cells changed"),
    };
    let label = Signal::derive(move || {
        if new() {
            "Create group"
        } else {
            "Save changes"
        }
        .to_owned()
    });
    let buttons = move || {
        (!new()).then(|| {
            view! {
                <button type="button" class="btn" data-variant="ghost" on:click=move |_| draft.discard()>
                    "Discard"
                </button>
                <ActionButton
                    label="Preview" glyph=Glyph::Eye variant="outline" blocked=unmoved
                    action=move || state.preview()
                />
            }
        })
    };
    let shown = move || state.blocked.with(Option::is_none) && (new() || draft.dirty());
    view! {
        <Show when=shown>
            <div class="rc-foot" role="region" aria-label="Unsaved changes">
                <p role="status"><b>{words}</b>{move || reach(state)}</p>
                <div class="rc-actions">
                    {buttons}
                    <ActionButton label=label busy=draft.busy blocked=Signal::derive(move || why_not(state)) action=save/>
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// Whom it reaches: by the preview if it was about this, otherwise everybody in the group.
fn reach(state: GroupState) -> Option<String> {
    let members = state
        .card
        .with(|card| card.as_ref().map(|card| card.members))?;
    if state.draft().cells() == 0 {
        return None;
    }
    let fresh = state.previewed.get() == state.draft().set.get();
    let known = state
        .answer
        .with(|answer| answer.as_ref().filter(|_| fresh).map(affected));
    let all = usize::try_from(members).unwrap_or_default();
    let words = known.unwrap_or_else(|| count(all, "person in the group", "people in the group"));
    Some(format!(" · {words}"))
}

fn why_not(state: GroupState) -> Option<String> {
    let draft = state.draft();
    if state.lost.with(Option::is_some) {
        Some("This group is not there any more.".to_owned())
    } else if draft.theirs.with(Option::is_some) {
        Some("Somebody else changed it meanwhile. Choose above how to go on.".to_owned())
    } else if draft.name.with(|name| name.trim().is_empty()) {
        Some("Enter a name first.".to_owned())
    } else {
        None
    }
}

/// Who gains and who loses, before it is saved.
#[component]
pub fn PreviewDialog(state: GroupState, save: Callback<()>) -> impl IntoView {
    let open = state.previewing;
    let refused = RwSignal::new(None::<String>);
    let blocked = Signal::derive(move || refused.get().or_else(|| why_not(state)));
    view! {
        <Modal
            id="group-preview"
            size="lg"
            open=open
            title="What this change does"
            lead=Signal::stored(Some("Nothing is saved yet.".to_owned()))
        >
            <section>
                {move || state.change().map(|change| view! {
                    <ChangePreview
                        change
                        catalogue=state.draft().catalogue
                        blocked=refused
                        answer=state.answer
                    />
                })}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Back to the group"
                </button>
                <ActionButton label="Save changes" busy=state.draft().busy blocked=blocked action=save/>
            </footer>
        </Modal>
    }
    .into_any()
}
