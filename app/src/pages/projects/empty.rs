//! A list of projects without projects: none yet, none to see, or the search hides them.

use leptos::prelude::*;
use rolecall_shared::{
    project::ProjectQuery,
    shell::{ProjectReach, WorkspaceView},
};

use super::head::create;
use crate::{
    components::icon::{Glyph, icon},
    paths,
};

/// The first step, or the search to clear.
pub fn empty(workspace: &WorkspaceView, query: &ProjectQuery, creating: RwSignal<bool>) -> AnyView {
    if query.cursor.is_none() && query.search.is_empty() {
        return first(workspace, creating);
    }
    let (title, sentence, way) = if query.search.is_empty() {
        (
            "No more projects",
            "This page of the list is empty now.".to_owned(),
            "Go to the start",
        )
    } else {
        (
            "Nothing matches",
            format!("No project has “{}” in its name.", query.search),
            "Clear the search",
        )
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Search)}
            <h2>{title}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=paths::projects_base(&workspace.slug)>{way}</a>
        </div>
    }
    .into_any()
}

fn first(workspace: &WorkspaceView, creating: RwSignal<bool>) -> AnyView {
    let (title, sentence) = if workspace.projects == ProjectReach::Own {
        (
            "You have no projects yet",
            "Here you see the projects that you created, and those that somebody gave you access to. \
             What you create is yours to change and to delete.",
        )
    } else {
        (
            "No projects yet",
            "A project is a part of the workspace, such as one product or one environment. It holds \
             resources, and in it a person can be given more or less than elsewhere.",
        )
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Folder)}
            <h2>{title}</h2>
            <p>{sentence}</p>
            {create(workspace, creating)}
        </div>
    }
    .into_any()
}
