//! A workspace without groups: what a group is, and the first step.

use leptos::prelude::*;
use rolecall_shared::{group::GroupsPage, shell::WorkspaceView};

use super::{create, starters};
use crate::components::icon::{Glyph, icon};

/// Says what a group is for and offers to make one.
pub fn empty(workspace: &WorkspaceView, page: &GroupsPage, why: Option<String>) -> AnyView {
    let need = page.group_required.then(|| {
        view! { <p>"In this workspace access comes from groups: an invitation needs one."</p> }
    });
    view! {
        <div class="rc-empty">
            {icon(Glyph::Users)}
            <h2>"No groups yet"</h2>
            <p>
                "A group gives the same permissions to several people, if you like only until a day. "
                "Change the group, and everybody in it changes at once."
            </p>
            {need}
            {starters::cards(&page.starters, why.as_ref())}
            <div class="rc-actions">{create(workspace, why)}</div>
        </div>
    }
    .into_any()
}
