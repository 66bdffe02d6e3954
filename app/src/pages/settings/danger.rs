//! Deleting the workspace: what ends with it, and the question that is confirmed by its name.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::{
    settings::{Deletion, RESTORABLE_DAYS},
    text::count,
};

use super::state::State;
use crate::{
    api::settings::delete_workspace,
    components::{
        button::ActionButton,
        confirm::Confirm,
        icon::{Glyph, icon},
        modal::Modal,
        toast::Toasts,
    },
    pages::projects::form::{Sending, error},
    paths,
};

/// The section.
pub fn section(state: State) -> AnyView {
    let blocked = Signal::derive(move || state.deletion.get().err());
    view! {
        <section class="rc-section" data-tone="danger" aria-labelledby="settings-danger">
            <div class="rc-section-head"><h2 id="settings-danger">"Danger zone"</h2></div>
            <p>
                "Deleting the workspace ends access for everybody at once. "
                "Its audit trail is kept."
            </p>
            {move || blocked.get().map(|why| view! {
                <p class="rc-help">{icon(Glyph::Lock)}{why}</p>
            })}
            <div class="rc-actions">
                <ActionButton
                    label="Delete workspace" glyph=Glyph::Trash variant="destructive" blocked
                    action=move || state.deleting.set(true)
                />
            </div>
        </section>
    }
    .into_any()
}

/// The dialog.
#[component]
pub fn DeleteDialog(state: State) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let sending = Sending::new();
    let (toasts, confirm) = (Toasts::of_page(), Confirm::of_page());
    let navigate = use_navigate();
    Effect::new(move |_| {
        if state.deleting.get() {
            typed.set(String::new());
            sending.forget();
        }
    });
    let gone = Callback::new(move |name: String| {
        toasts.done(format!("The workspace {name} is deleted."));
        navigate(paths::HOME, NavigateOptions::default());
    });
    let delete = move || {
        let (slug, name) = (
            state.here.slug.get_untracked(),
            untrack(|| state.stored_name()),
        );
        sending.start();
        state.going.set_value(true);
        spawn_local(async move {
            let order = async || delete_workspace(slug.clone(), typed.get_untracked()).await;
            match confirm.run(order).await {
                Ok(()) => gone.run(name),
                Err(failure) => {
                    let _ = state.going.try_set_value(false);
                    sending.fail(failure);
                    // Its name may be another one by now.
                    state.here.live.settings_changed();
                }
            }
        });
    };
    let blocked = Signal::derive(move || {
        let name = state.stored_name();
        typed
            .with(|typed| typed.trim() != name.trim())
            .then(|| format!("Type {name} to confirm."))
    });
    view! {
        <Modal
            id="workspace-delete"
            open=state.deleting
            title=Signal::derive(move || format!("Delete {}", state.stored_name()))
        >
            <section>
                {sending.alert(&["name"])}
                {move || state.deletion.get().ok().map(consequences)}
                {name_field(state, typed, sending)}
            </section>
            <footer>
                <button
                    type="button" class="btn" data-variant="outline"
                    on:click=move |_| state.deleting.set(false)
                >
                    "Keep it"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Delete {}", state.stored_name()))
                    variant="destructive" busy=sending.busy blocked action=delete
                />
            </footer>
        </Modal>
    }
    .into_any()
}

fn consequences(ends: Deletion) -> AnyView {
    let number = |n: i64| usize::try_from(n).unwrap_or_default();
    let people = match number(ends.members) {
        0 | 1 => "You lose access at once.".to_owned(),
        n => format!(
            "{}, you among them, lose access at once.",
            count(n, "person", "people")
        ),
    };
    let pending = match number(ends.pending) {
        0 => None,
        n => {
            let waiting = count(n, "waiting invitation is", "waiting invitations are");
            Some(format!(
                "{waiting} revoked; their links say that the workspace is gone."
            ))
        }
    };
    let projects = match number(ends.projects) {
        0 => None,
        n => Some(format!(
            "{} with all resources can not be reached any more.",
            count(n, "project", "projects")
        )),
    };
    let kept = format!(
        "The audit trail stays. For {RESTORABLE_DAYS} days the operator can bring the workspace back."
    );
    let items = [Some(people), pending, projects, Some(kept)]
        .into_iter()
        .flatten()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! { <ul class="rc-list">{items}</ul> }.into_any()
}

fn name_field(state: State, typed: RwSignal<String>, sending: Sending) -> AnyView {
    let wrong = sending.wrong("name");
    view! {
        <div class="field">
            <label for="workspace-delete-name">
                "Type "<b>{move || state.stored_name()}</b>" to confirm"
            </label>
            <input
                id="workspace-delete-name"
                class="input"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || typed.get()
                on:input=move |event: ev::Event| typed.set(event_target_value(&event))
            />
            {move || wrong.get().map(error)}
        </div>
    }
    .into_any()
}
