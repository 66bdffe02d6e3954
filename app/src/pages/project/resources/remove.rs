//! Deleting a resource, confirmed by naming it.

use leptos::{prelude::*, task::spawn_local};

use super::actions::{Doing, title};
use crate::{
    api::resources::delete_resource,
    components::{button::ActionButton, modal::Modal, toast::Toasts},
    here::Here,
    pages::projects::form::Sending,
};

/// The dialog.
#[component]
pub fn RemoveDialog(doing: Doing) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let sending = Sending::new();
    let open = doing.removal;
    Effect::new(move |_| {
        if open.get() {
            sending.forget();
        }
    });
    let remove = move || {
        let project = doing.project.with_untracked(|p| p.as_ref().map(|p| p.id));
        let (Some(project), Some(row)) = (project, doing.row.get_untracked()) else {
            return;
        };
        let slug = here.slug.get_untracked();
        sending.start();
        spawn_local(async move {
            match delete_resource(slug, project, row.id, row.version).await {
                Ok(()) => {
                    open.set(false);
                    toasts.done(format!("{} is deleted.", row.name));
                    sending.end();
                }
                Err(failure) => sending.fail(failure),
            }
            here.live.projects_changed();
        });
    };
    let words = move || {
        let row = doing.row.get()?;
        let service = doing
            .project
            .with(|project| project.as_ref().map(|p| title(p, &row.service)))?;
        let outside = (!row.external_id.is_empty()).then(|| {
            view! { ", known elsewhere as "<span class="rc-id">{row.external_id}</span> }
        });
        Some(view! {
            <p><b>{row.name}</b>" ("{service}{outside}") is no longer in the registry, and nobody is asked for it."</p>
            <p>"Only the entry goes: what it stands for is not touched. The audit trail keeps that you deleted it."</p>
        })
    };
    view! {
        <Modal
            id="resource-remove"
            size="sm"
            open
            title=Signal::derive(move || format!("Delete {}", doing.name()))
        >
            <section>
                {sending.alert(&[])}
                {words}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Keep it"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Delete {}", doing.name()))
                    variant="destructive"
                    busy=sending.busy
                    action=remove
                />
            </footer>
        </Modal>
    }
    .into_any()
}
