//! An invitations list without invitations: nobody invited yet, or a filter hides them.

use leptos::prelude::*;
use rolecall_shared::{
    invitation::InvitationQuery, member::TeamFilters, permission::CorePermission,
    shell::WorkspaceView,
};

use super::toolbar::{cleared, is_filtered};
use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
    },
    here::blocked,
    pages::team::TeamDialogs,
};

/// The first step, or the filter to clear.
pub fn empty(workspace: &WorkspaceView, query: &InvitationQuery, filters: &TeamFilters) -> AnyView {
    if query.cursor.is_none() && !is_filtered(query) {
        return first(workspace);
    }
    let mut parts = Vec::new();
    if !query.search.is_empty() {
        parts.push(format!("“{}”", query.search));
    }
    if let Some(status) = query.status {
        parts.push(format!("the status {}", status.title()));
    }
    if let Some(id) = query.role {
        let name = filters.roles.iter().find(|role| role.id == id);
        parts.push(format!(
            "the role {}",
            name.map_or("that was chosen", |role| &role.name)
        ));
    }
    let (title, sentence, way) = if parts.is_empty() {
        (
            "No more invitations",
            "This page of the list is empty now.".to_owned(),
            "Go to the start",
        )
    } else {
        let sentence = format!("No invitation matches {}.", parts.join(" and "));
        ("Nothing matches", sentence, "Clear filters")
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::Search)}
            <h2>{title}</h2>
            <p>{sentence}</p>
            <a class="btn" data-variant="outline" href=cleared(&workspace.slug, query)>{way}</a>
        </div>
    }
    .into_any()
}

fn first(workspace: &WorkspaceView) -> AnyView {
    let dialogs: TeamDialogs = expect_context();
    view! {
        <div class="rc-empty">
            {icon(Glyph::Mail)}
            <h2>"Nobody is invited yet"</h2>
            <p>
                "An invitation is a mail with a link that lets one person join with the role you choose. "
                "Here you see who has accepted, and whose mail did not arrive."
            </p>
            <ActionButton
                label="Invite people"
                glyph=Glyph::UserPlus
                blocked=Signal::stored(blocked(workspace, CorePermission::TeamManage))
                action=move || dialogs.invite.open()
            />
        </div>
    }
    .into_any()
}
