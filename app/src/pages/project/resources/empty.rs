//! A registry without resources: none yet, or a filter hides them.

use leptos::prelude::*;
use rolecall_shared::project::{ProjectPage, ResourceQuery};

use super::{
    actions::{Doing, title},
    toolbar::{add, is_filtered},
};
use crate::{
    components::icon::{Glyph, icon},
    paths,
};

/// The first step, or the filter to clear.
pub fn empty(slug: &str, project: &ProjectPage, query: &ResourceQuery, doing: Doing) -> AnyView {
    if query.cursor.is_none() && !is_filtered(query) {
        return first(project, doing);
    }
    let mut parts = Vec::new();
    if !query.search.is_empty() {
        parts.push(format!("“{}”", query.search));
    }
    if let Some(service) = &query.service {
        parts.push(format!("the service {}", title(project, service)));
    }
    let (heading, sentence, way) = if parts.is_empty() {
        (
            "No more resources",
            "This page of the list is empty now.".to_owned(),
            "Go to the start",
        )
    } else {
        let sentence = format!("No resource here matches {}.", parts.join(" and "));
        ("Nothing matches", sentence, "Clear filters")
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Search)}
            <h2>{heading}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=paths::project_base(slug, project.id)>{way}</a>
        </div>
    }
    .into_any()
}

/// Nothing that the asker may see: there can be resources of services that they may not view.
fn first(project: &ProjectPage, doing: Doing) -> AnyView {
    let (heading, sentence) = if project.resources > 0 {
        (
            "No resources that you may see",
            "The resources of this project belong to services that you may not view here. \
             Ask an admin for the permission to view one of them.",
        )
    } else {
        (
            "No resources yet",
            "Resources are what permissions protect: a database, a server, a repository. Register them \
             here, and who may view, change or delete each follows from its service. Other systems find \
             them by the external id.",
        )
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Folder)}
            <h2>{heading}</h2>
            <p>{sentence}</p>
            {add(project, doing)}
        </div>
    }
    .into_any()
}
