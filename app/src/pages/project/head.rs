//! What stands above both tabs: name, what it is for, who made it, what can be done with it.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rolecall_shared::{
    permission::CorePermission, project::ProjectPage, shell::WorkspaceView, text::count,
};

use super::{OfProject, blocked_here};
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        time::when,
        title::title,
    },
    here::blocked,
    paths,
};

/// Name, buttons and tabs.
pub fn head(workspace: &WorkspaceView, page: &ProjectPage, of: OfProject) -> AnyView {
    let manage = CorePermission::ProjectsManage.to_string();
    let delete = CorePermission::ProjectsDelete.to_string();
    let no_change = blocked_here(page, &manage, "change this project");
    let no_removal = blocked_here(page, &delete, "delete this project");
    let changed = page.clone();
    let removed = page.clone();
    let description = (!page.draft.description.is_empty())
        .then(|| view! { <p class="rc-words">{page.draft.description.clone()}</p> });
    let creator =
        (!page.created_by.is_empty()).then(|| view! { "by "{page.created_by.clone()}", " });
    view! {
        <div class="rc-head">
            <div>
                <a class="rc-back" href=paths::projects_base(&workspace.slug)>
                    {icon(Glyph::ArrowLeft)}
                    "Projects"
                </a>
                <h1>{page.draft.name.clone()}</h1>
                {description}
                <p class="rc-sub">"Created "{creator}{when(page.created_at)}</p>
            </div>
            <div class="rc-actions">
                <ActionButton
                    label="Edit" glyph=Glyph::Pencil variant="outline"
                    blocked=Signal::stored(no_change)
                    action=move || of.open(of.changing, &changed)
                />
                <ActionButton
                    label="Delete" glyph=Glyph::Trash variant="outline"
                    blocked=Signal::stored(no_removal)
                    action=move || of.open(of.removing, &removed)
                />
            </div>
        </div>
        {tabs(workspace, page)}
    }
    .into_any()
}

fn tabs(workspace: &WorkspaceView, page: &ProjectPage) -> AnyView {
    let resources = paths::project_base(&workspace.slug, page.id);
    let members = paths::project_members_base(&workspace.slug, page.id);
    let path = use_location().pathname;
    let on_members = Memo::new({
        let members = members.clone();
        move |_| path.with(|path| path.trim_end_matches('/') == members)
    });
    let name = page.draft.name.clone();
    let words = move || {
        if on_members.get() {
            format!("Members · {name}")
        } else {
            name.clone()
        }
    };
    let overrides = usize::try_from(page.overrides).unwrap_or_default();
    let overridden = (overrides > 0).then(
        || view! { <span class="rc-count">{count(overrides, "override", "overrides")}</span> },
    );
    let second = match blocked(workspace, CorePermission::TeamView) {
        Some(why) => view! {
            <span aria-disabled="true" title=why.clone()>
                "Members"
                {overridden}
                <span class="sr-only">{format!(". {why}")}</span>
            </span>
        }
        .into_any(),
        None => view! {
            <a href=members aria-current=move || on_members.get().then_some("page")>
                "Members"
                {overridden}
            </a>
        }
        .into_any(),
    };
    view! {
        {title(words)}
        <nav class="rc-tabs" aria-label="Resources and members">
            <a href=resources aria-current=move || (!on_members.get()).then_some("page")>
                "Resources"
                <span class="rc-count">{page.resources.to_string()}</span>
            </a>
            {second}
        </nav>
    }
    .into_any()
}

/// The shape of it while it loads.
pub fn skeleton() -> AnyView {
    view! {
        <p class="sr-only" role="status">"Loading the project"</p>
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line="short"></span>
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="rc-tabs" aria-hidden="true">
            <span><span class="skeleton" data-line="short"></span></span>
            <span><span class="skeleton" data-line="short"></span></span>
        </div>
    }
    .into_any()
}
