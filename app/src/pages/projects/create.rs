//! Making a project.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::project::ProjectDraft;

use super::form::{ProjectForm, Sending};
use crate::{api::projects::create_project, components::toast::Toasts, here::Here, paths};

/// The dialog; it leads to the new project.
#[component]
pub fn CreateDialog(open: RwSignal<bool>) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let navigate = use_navigate();
    let sending = Sending::new();
    let save = move |draft: ProjectDraft| {
        let slug = here.slug.get_untracked();
        let navigate = navigate.clone();
        sending.start();
        spawn_local(async move {
            let name = draft.name.trim().to_owned();
            match create_project(slug.clone(), draft).await {
                Ok(id) => {
                    open.set(false);
                    toasts.done(format!("The project {name} is there."));
                    here.live.projects_changed();
                    navigate(&paths::project_base(&slug, id), NavigateOptions::default());
                    sending.end();
                }
                Err(failure) => sending.fail(failure),
            }
        });
    };
    view! {
        <ProjectForm
            id="project-create"
            open=open
            title="Create a project"
            lead="Next you add its resources, and decide who may do what in it."
            label="Create project"
            start=Signal::stored(ProjectDraft::default())
            sending=sending
            save=save
        />
    }
    .into_any()
}
