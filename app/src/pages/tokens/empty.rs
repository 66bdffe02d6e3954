//! A list of tokens without tokens: none yet, or the filter hides them.

use leptos::prelude::*;
use rolecall_shared::{shell::WorkspaceView, token::TokenQuery};

use super::head::create;
use crate::{
    components::icon::{Glyph, icon},
    paths,
};

/// The first step, or the filter to clear.
pub fn empty(workspace: &WorkspaceView, query: &TokenQuery, creating: RwSignal<bool>) -> AnyView {
    if query.cursor.is_none() && query.status.is_none() {
        return first(workspace, query.everybody, creating);
    }
    let (title, sentence, way) = match query.status {
        Some(status) => (
            "Nothing matches",
            format!("No token here has the status “{}”.", status.title()),
            "Show every status",
        ),
        None => (
            "No more tokens",
            "This page of the list is empty now.".to_owned(),
            "Go to the start",
        ),
    };
    let all = TokenQuery {
        everybody: query.everybody,
        ..TokenQuery::default()
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Search)}
            <h2>{title}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=paths::tokens(&workspace.slug, &all)>{way}</a>
        </div>
    }
    .into_any()
}

fn first(workspace: &WorkspaceView, everybody: bool, creating: RwSignal<bool>) -> AnyView {
    let title = if everybody {
        "Nobody has an API token yet"
    } else {
        "You have no API tokens yet"
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Key)}
            <h2>{title}</h2>
            <p>
                "Scripts and other services sign in with a token instead of a password. Give each of them one \
                 of its own, with no more than it needs; then one can end without the others."
            </p>
            {create(workspace, creating)}
        </div>
    }
    .into_any()
}
