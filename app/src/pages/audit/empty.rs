//! A page of the trail without entries: the filters hide them, or they are further back.

use leptos::prelude::*;
use rolecall_shared::audit::{AuditPage, AuditQuery};

use crate::{
    components::{
        icon::{Glyph, icon},
        pager::pager,
    },
    paths,
};

/// Says why nothing is here, with the next step.
pub fn empty(slug: &str, query: &AuditQuery, answer: &AuditPage) -> AnyView {
    let at = |cursor: String| {
        paths::audit(
            slug,
            &AuditQuery {
                cursor: Some(cursor),
                ..query.clone()
            },
        )
    };
    let (title, sentence, way) = if let Some(looked) = answer.looked_to {
        (
            "Nothing found so far",
            format!(
                "Several filters together look through a part of the trail at a time: this page goes back to {}. \
                 The next page goes on from there.",
                looked.absolute()
            ),
            "Clear filters",
        )
    } else if query.is_filtered() {
        (
            "Nothing matches",
            format!("No entry matches {}.", told(query, answer).join(" and ")),
            "Clear filters",
        )
    } else if query.cursor.is_some() {
        (
            "No more entries",
            "This page of the trail is empty. Go back to its start.".to_owned(),
            "Go to the start",
        )
    } else {
        (
            "No entries yet",
            "Every change in this workspace will stand here, with who made it and when.".to_owned(),
            "Look again",
        )
    };
    let next = answer
        .page
        .next
        .clone()
        .filter(|_| answer.looked_to.is_some());
    view! {
        <div class="rc-empty">
            {icon(Glyph::Search)}
            <h2>{title}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=paths::audit_base(slug)>{way}</a>
        </div>
        {pager(answer.page.previous.clone().filter(|_| next.is_some()).map(at), next.map(at))}
    }
    .into_any()
}

/// The filters in words.
fn told(query: &AuditQuery, answer: &AuditPage) -> Vec<String> {
    let person = answer.subject.as_ref().map(|subject| subject.name.as_str());
    let mut parts = Vec::new();
    if query.actor.is_some() {
        parts.push(format!(
            "what {} did",
            person.unwrap_or("the chosen person")
        ));
    }
    if query.target.is_some() {
        let thing = person.or(answer.target.as_deref());
        parts.push(format!(
            "what concerns {}",
            thing.unwrap_or("the chosen thing")
        ));
    }
    if query.family.is_some() {
        parts.push("the kind of action".to_owned());
    }
    if query.project.is_some() {
        parts.push("the project".to_owned());
    }
    if let Some(from) = &query.from {
        parts.push(format!("“from {from}”"));
    }
    if let Some(to) = &query.to {
        parts.push(format!("“to {to}”"));
    }
    parts
}
