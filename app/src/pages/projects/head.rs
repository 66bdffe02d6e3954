//! Title, what the list holds, the way to a new project, and the search.

use leptos::prelude::*;
use leptos_meta::Title;
use rolecall_shared::{
    permission::CorePermission,
    project::ProjectQuery,
    shell::{ProjectReach, WorkspaceView},
};

use super::toolbar::Toolbar;
use crate::{
    components::{button::ActionButton, icon::Glyph, loaded},
    here::{Here, blocked},
};

/// Head and search; without a workspace the list below says what is wrong.
#[component]
pub fn Head(query: Memo<ProjectQuery>, creating: RwSignal<bool>) -> impl IntoView {
    let here = Here::of_page();
    view! {
        <Title text="Projects"/>
        {loaded::loaded(skeleton, None, move || async move {
                let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                workspace.map(|workspace| view! {
                    {head(&workspace, creating)}
                    <Toolbar query/>
                }).into_any()
            })}
    }
    .into_any()
}

fn head(workspace: &WorkspaceView, creating: RwSignal<bool>) -> AnyView {
    view! {
        <div class="rc-head">
            <div>
                <h1>"Projects"</h1>
                <p>{lead(workspace)}</p>
            </div>
            <div class="rc-actions">{create(workspace, creating)}</div>
        </div>
    }
    .into_any()
}

fn skeleton() -> AnyView {
    view! {
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="rc-toolbar" aria-hidden="true"></div>
    }
    .into_any()
}

/// What the list holds for the one who asks.
fn lead(workspace: &WorkspaceView) -> &'static str {
    if workspace.projects == ProjectReach::Own {
        "Projects that you created, and those that somebody gave you access to."
    } else {
        "Parts of the workspace that hold resources, and in which people can be given more or less than elsewhere."
    }
}

/// The button, with what is missing when it can not be used.
pub fn create(workspace: &WorkspaceView, creating: RwSignal<bool>) -> AnyView {
    view! {
        <ActionButton
            label="Create project"
            glyph=Glyph::Plus
            blocked=Signal::stored(blocked(workspace, CorePermission::ProjectsManage))
            action=move || creating.set(true)
        />
    }
    .into_any()
}
