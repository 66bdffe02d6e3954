//! The groups of a workspace, a row each.

use leptos::prelude::*;
use rolecall_shared::{
    group::GroupCard,
    invitation::{InvitationQuery, InvitationStatus},
    member::MemberQuery,
    shell::WorkspaceView,
    text::count,
};

use crate::{
    components::{
        icon::{Glyph, icon},
        menu::{MenuItem, RowMenu},
        meter::meter,
    },
    pages::group::Deleting,
    paths,
};

/// The table.
pub fn table(
    workspace: &WorkspaceView,
    groups: &[GroupCard],
    why: Option<&String>,
    deleting: Deleting,
) -> AnyView {
    let rows = groups
        .iter()
        .map(|group| row(workspace, group, why, deleting))
        .collect_view();
    view! {
        <div class="rc-table-wrap">
            <table class="rc-table">
                <caption class="sr-only">"Groups"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"Name"</th>
                        <th scope="col" data-hide="lg">"Gives"</th>
                        <th scope="col" data-col="meta">"People"</th>
                        <th scope="col">"Waiting"</th>
                        <th scope="col" data-col="end"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(
    workspace: &WorkspaceView,
    group: &GroupCard,
    why: Option<&String>,
    deleting: Deleting,
) -> AnyView {
    let slug = &workspace.slug;
    let href = paths::group(slug, group.id);
    let people = MemberQuery {
        group: Some(group.id),
        ..MemberQuery::default()
    };
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person-text">
                    <a class="rc-person-name rc-row-link" href=href>{group.name.clone()}</a>
                    <span class="rc-person-mail">{group.description.clone()}</span>
                </span>
            </th>
            <td data-hide="lg">
                <span class="rc-level">{meter(group.level)}{group.level.words()}</span>
            </td>
            <td data-col="meta">{people_link(paths::members(slug, &people), group.members)}</td>
            <td>{waiting(slug, group.invitations)}</td>
            <td data-col="end">{menu(slug, group, why, deleting)}</td>
        </tr>
    }
    .into_any()
}

fn people_link(href: String, members: i64) -> AnyView {
    match usize::try_from(members).unwrap_or_default() {
        0 => "Nobody".into_any(),
        n => view! { <a class="rc-link" href=href>{count(n, "person", "people")}</a> }.into_any(),
    }
}

fn waiting(slug: &str, invitations: i64) -> AnyView {
    let n = usize::try_from(invitations).unwrap_or_default();
    if n == 0 {
        return view! { <span aria-hidden="true">"–"</span><span class="sr-only">"No invitations"</span> }
            .into_any();
    }
    let pending = InvitationQuery {
        status: Some(InvitationStatus::Pending),
        ..InvitationQuery::default()
    };
    view! {
        <a class="rc-link" href=paths::invitations(slug, &pending)>
            {count(n, "invitation", "invitations")}
        </a>
    }
    .into_any()
}

fn menu(slug: &str, group: &GroupCard, why: Option<&String>, deleting: Deleting) -> AnyView {
    let id = format!("group-{}", group.id);
    let (one, href, blocked) = (group.clone(), paths::group(slug, group.id), why.cloned());
    view! {
        <RowMenu id=id.clone() label=format!("Actions for {}", group.name)>
            <a role="menuitem" tabindex="-1" href=href>{icon(Glyph::ArrowRight)}<span>"Open"</span></a>
            <hr/>
            <MenuItem
                menu=id.clone() glyph=Glyph::Trash label="Delete" danger=true blocked=blocked
                action=move || deleting.ask(&one)
            />
        </RowMenu>
    }
    .into_any()
}
