//! A members tab without members: always because of a filter, since the one who asks is in the workspace.

use leptos::prelude::*;
use rolecall_shared::{ProjectId, project::ProjectMemberQuery};

use crate::{
    components::icon::{Glyph, icon},
    paths,
};

/// Says which filter hides everybody, and what an override is for.
pub fn empty(slug: &str, project: ProjectId, query: &ProjectMemberQuery) -> AnyView {
    let (glyph, title, sentence, way) = match (query.search.as_str(), query.overridden) {
        ("", true) if query.cursor.is_none() => (
            Glyph::Users,
            "Nobody has an override here",
            "What somebody may do in this project follows from their role and groups. An override gives \
             one person more or less in this project only."
                .to_owned(),
            "Show everybody",
        ),
        ("", _) => (
            Glyph::Search,
            "No more members",
            "This page of the list is empty now.".to_owned(),
            "Go to the start",
        ),
        (search, true) => (
            Glyph::Search,
            "Nobody matches",
            format!("No member with an override here matches “{search}”."),
            "Clear filters",
        ),
        (search, false) => (
            Glyph::Search,
            "Nobody matches",
            format!("No member matches “{search}”."),
            "Clear filters",
        ),
    };
    view! {
        <div class="rc-empty">
            {icon(glyph)}
            <h2>{title}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=paths::project_members_base(slug, project)>{way}</a>
        </div>
    }
    .into_any()
}
