//! A members list without members: always because of a filter, since the one who asks is in it.

use leptos::prelude::*;
use rolecall_shared::member::{MemberQuery, MemberStatus, TeamFilters};

use super::toolbar::cleared;
use crate::{
    components::icon::{Glyph, icon},
    query::activity_title,
};

/// Says which filter hides everybody.
pub fn empty(slug: &str, query: &MemberQuery, filters: &TeamFilters) -> AnyView {
    let mut parts = Vec::new();
    if !query.search.is_empty() {
        parts.push(format!("“{}”", query.search));
    }
    if let Some(id) = query.role {
        let name = filters.roles.iter().find(|role| role.id == id);
        parts.push(format!(
            "the role {}",
            name.map_or("that was chosen", |role| &role.name)
        ));
    }
    if let Some(id) = query.group {
        let name = filters.groups.iter().find(|group| group.id == id);
        parts.push(format!(
            "the group {}",
            name.map_or("that was chosen", |group| &group.name)
        ));
    }
    if let Some(status) = query.status {
        parts.push(match status {
            MemberStatus::Active => "the status Active".to_owned(),
            MemberStatus::Suspended => "the status Suspended".to_owned(),
        });
    }
    if let Some(activity) = query.activity {
        parts.push(format!("“{}”", activity_title(activity)));
    }
    let (title, sentence) = if parts.is_empty() {
        (
            "No more members",
            "This page of the list is empty now. Go back to its start.".to_owned(),
        )
    } else {
        (
            "Nobody matches",
            format!("No member matches {}.", parts.join(" and ")),
        )
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Search)}
            <h2>{title}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=cleared(slug, query)>
                {if parts.is_empty() { "Go to the start" } else { "Clear filters" }}
            </a>
        </div>
    }
    .into_any()
}
