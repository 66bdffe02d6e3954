//! What saving or removing an override would do, before it is done.

use leptos::prelude::*;
use rolecall_shared::{catalogue::Catalogue, project::OverrideEditor};

use super::{
    editing::{Editing, Step},
    editor::warning,
    words::origin,
};
use crate::components::{button::ActionButton, preview::ChangePreview};

/// The preview, and the last word.
pub fn review(
    editing: Editing,
    catalogue: StoredValue<Catalogue>,
    loaded: StoredValue<OverrideEditor>,
) -> AnyView {
    let removing = editing.step.get_untracked() == Step::Remove;
    let gone = loaded.with_value(|loaded| loaded.current.is_none());
    let preview = editing.change().map(|change| {
        view! { <ChangePreview change catalogue blocked=editing.refused/> }
    });
    let now = removing
        .then(|| loaded.with_value(|loaded| loaded.current.as_ref().map(origin)))
        .flatten()
        .map(|origin| {
            view! {
                <p>
                    "The "{origin}" goes. Then role and groups decide in this project too."
                </p>
            }
        });
    // An override that is left over from before somebody became an owner can go.
    let left_over = editing
        .row
        .with_untracked(|row| row.as_ref().is_some_and(|row| row.is_owner));
    let blocked = Signal::derive(move || {
        let nothing = removing && gone;
        nothing
            .then(|| "There is no override any more.".to_owned())
            .or_else(|| {
                let locked = loaded.with_value(|loaded| loaded.blocked.clone());
                locked.filter(|_| !(removing && left_over))
            })
            .or_else(|| editing.refused.get())
    });
    let done = if removing {
        view! {
            <ActionButton
                label="Remove override" variant="destructive" busy=editing.sending.busy blocked
                action=move || editing.remove()
            />
        }
        .into_any()
    } else {
        view! {
            <ActionButton
                label="Save override" busy=editing.sending.busy blocked
                action=move || editing.save()
            />
        }
        .into_any()
    };
    view! {
        <section>
            {editing.sending.alert(&[])}
            {now}
            {warning(loaded)}
            {preview}
        </section>
        <footer>
            <button type="button" class="btn" data-variant="outline" on:click=move |_| editing.back()>
                {if removing { "Keep it" } else { "Back" }}
            </button>
            {done}
        </footer>
    }
    .into_any()
}
