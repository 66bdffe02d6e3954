//! Giving a project another name or description.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::project::ProjectDraft;

use super::OfProject;
use crate::{
    api::projects::update_project,
    components::toast::Toasts,
    here::Here,
    pages::projects::form::{ProjectForm, Sending},
};

/// The dialog. A project that changed meanwhile is refused by its version, and what was typed stays.
#[component]
pub fn ChangeDialog(of: OfProject) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let sending = Sending::new();
    let start = Signal::derive(move || {
        of.at_hand.with(|page| {
            page.as_ref()
                .map(|page| page.draft.clone())
                .unwrap_or_default()
        })
    });
    let save = move |draft: ProjectDraft| {
        let Some(page) = of.at_hand.get_untracked() else {
            return;
        };
        sending.start();
        spawn_local(async move {
            let slug = here.slug.get_untracked();
            let name = draft.name.trim().to_owned();
            match update_project(slug, page.id, page.version, draft).await {
                Ok(_) => {
                    of.changing.set(false);
                    toasts.done(format!("The project {name} is saved."));
                    sending.end();
                }
                Err(failure) => sending.fail(failure),
            }
            here.live.projects_changed();
        });
    };
    view! {
        <ProjectForm
            id="project-change"
            open=of.changing
            title="Edit the project"
            lead="Its address, its resources and who may do what in it stay as they are."
            label="Save project"
            start
            sending
            save
        />
    }
    .into_any()
}
