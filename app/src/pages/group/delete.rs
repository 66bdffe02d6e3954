//! Deleting a group: the question names it and says what people lose.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    ErrorCode, access::ChangeRequest, catalogue::Catalogue, group::GroupCard, text::count,
};

use crate::{
    api::groups::{delete_group, load_group_editor},
    components::{
        button::ActionButton, modal::Modal, preview::ChangePreview, problem::alert, toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
};

/// Which group is about to be deleted.
#[derive(Clone, Copy)]
pub struct Deleting {
    open: RwSignal<bool>,
    group: RwSignal<Option<GroupCard>>,
    gone: StoredValue<bool>,
}

impl Deleting {
    /// None.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            group: RwSignal::new(None),
            gone: StoredValue::new(false),
        }
    }

    /// Asks whether to delete a group.
    pub fn ask(self, group: &GroupCard) {
        self.group.set(Some(group.clone()));
        self.gone.set_value(false);
        self.open.set(true);
    }

    /// Whether it is deleted: nobody needs to ask for it again.
    pub fn gone(self) -> bool {
        self.gone.try_get_value() != Some(false)
    }

    fn name(self) -> String {
        self.group
            .with(|group| group.as_ref().map(|group| group.name.clone()))
            .unwrap_or_default()
    }
}

/// The dialog; `done` runs when the group is gone.
#[component]
pub fn DeleteDialog(deleting: Deleting, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<ApiFailure>);
    let open = deleting.open;
    // The titles of what people lose; without an answer the preview shows the names.
    let catalogue = StoredValue::new(Catalogue::default());
    let titled = RwSignal::new(false);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        failed.set(None);
        titled.set(false);
        refused.set(Some("The preview is not there yet.".to_owned()));
        let slug = here.slug.get_untracked();
        let group = deleting
            .group
            .with_untracked(|group| group.as_ref().map(|group| group.id));
        spawn_local(async move {
            if let Ok(editor) = load_group_editor(slug, group).await {
                let _ = catalogue.try_set_value(editor.catalogue);
            }
            let _ = titled.try_set(true);
        });
    });
    let delete = move || {
        let Some(group) = deleting.group.get_untracked() else {
            return;
        };
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            match delete_group(here.slug.get_untracked(), group.id, group.version).await {
                Ok(()) => {
                    let _ = deleting.gone.try_set_value(true);
                    let _ = open.try_set(false);
                    toasts.done(format!("The group {} is deleted.", group.name));
                    here.live.access_changed();
                    here.live.invitations_changed();
                    let _ = done.try_run(());
                }
                Err(failure) => {
                    if failure.0.code == ErrorCode::Conflict {
                        here.live.access_changed();
                    }
                    let _ = failed.try_set(Some(failure));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let waiting = move || {
        let n = deleting
            .group
            .with(|group| group.as_ref().map_or(0, |group| group.invitations));
        let n = usize::try_from(n).ok().filter(|n| *n > 0)?;
        let words = count(
            n,
            "invitation that waits names it and loses it too",
            "invitations that wait name it and lose it too",
        );
        Some(view! { <p>{format!("{words}.")}</p> })
    };
    view! {
        <Modal
            id="group-delete"
            open=open
            title=Signal::derive(move || format!("Delete the group {}", deleting.name()))
            lead=Signal::stored(Some("Its members stay in the workspace and lose what only this group gives them.".to_owned()))
        >
            <section>
                {waiting}
                {move || deleting.group.get().filter(|_| titled.get()).map(|group| view! {
                    <ChangePreview
                        change=ChangeRequest::DeleteGroup { group: group.id }
                        catalogue=catalogue
                        blocked=refused
                    />
                })}
                {move || failed.get().map(|failure| alert(&failure.0))}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Keep it"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Delete {}", deleting.name()))
                    variant="destructive"
                    busy=busy
                    blocked=refused
                    action=delete
                />
            </footer>
        </Modal>
    }
    .into_any()
}
