//! The links of the navigation.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rolecall_shared::{
    permission::CorePermission,
    shell::{ProjectReach, WorkspaceView},
};

use crate::{
    components::{
        icon::{Glyph, icon},
        loaded,
    },
    here::Here,
    paths,
};

/// Only what exists, and of that what the person can open; later pages join here.
#[component]
pub fn Links() -> impl IntoView {
    let here = Here::of_page();
    view! {
        {loaded::loaded(|| view! { <span class="skeleton" data-line=""></span> }.into_any(), None, move || async move {
                let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                workspace.map_or_else(outside, |workspace| links(&workspace))
            })}
    }
    .into_any()
}

/// On a page that belongs to no workspace.
fn outside() -> AnyView {
    let home = link(Glyph::ArrowLeft, "Your workspaces", paths::HOME.to_owned());
    view! { <ul>{home}</ul> }.into_any()
}

fn links(workspace: &WorkspaceView) -> AnyView {
    let slug = &workspace.slug;
    let team = workspace.may(CorePermission::TeamView);
    let entries = [
        (team, Glyph::Dashboard, "Overview", paths::overview(slug)),
        (team, Glyph::Users, "Members", paths::members_base(slug)),
        (team, Glyph::Shield, "Roles", paths::roles(slug)),
        (
            workspace.projects != ProjectReach::None,
            Glyph::Folder,
            "Projects",
            paths::projects_base(slug),
        ),
        (
            workspace.may(CorePermission::TokensManage),
            Glyph::Key,
            "API tokens",
            paths::tokens_base(slug),
        ),
        (
            workspace.may(CorePermission::AuditView),
            Glyph::History,
            "Audit trail",
            paths::audit_base(slug),
        ),
        (
            !team,
            Glyph::User,
            "Your access",
            paths::member(slug, workspace.member),
        ),
        (
            workspace.may(CorePermission::SettingsView),
            Glyph::Settings,
            "Settings",
            paths::settings(slug),
        ),
    ];
    let links = entries
        .into_iter()
        .filter(|(shown, ..)| *shown)
        .map(|(_, glyph, label, href)| link(glyph, label, href))
        .collect_view();
    view! { <ul>{links}</ul> }.into_any()
}

fn link(glyph: Glyph, label: &'static str, href: String) -> AnyView {
    let path = use_location().pathname;
    let base = href.clone();
    let current = move || path.with(|path| belongs(path, &base)).then_some("page");
    view! {
        <li>
            <a class="rc-nav-link" href=href aria-current=current>
                {icon(glyph)}
                {label}
            </a>
        </li>
    }
    .into_any()
}

/// Whether a page stands under a link. Single groups and people are reached from the members.
fn belongs(path: &str, base: &str) -> bool {
    let workspace = base.strip_suffix("/members").unwrap_or(base);
    (base != paths::HOME && path.starts_with(base))
        || (workspace != base
            && path
                .strip_prefix(workspace)
                .is_some_and(|rest| rest.starts_with("/groups/") || rest.starts_with("/people/")))
}

#[cfg(test)]
mod tests {
    use super::{belongs, paths};

    #[test]
    fn a_person_and_a_group_stand_under_the_members() {
        let (members, roles) = (paths::members_base("a"), paths::roles("a"));
        let person = format!("{}/people/1", paths::workspace("a"));
        for path in [
            members.clone(),
            paths::groups("a"),
            paths::new_group("a"),
            person,
        ] {
            assert!(belongs(&path, &members), "{path}");
            assert!(!belongs(&path, &roles), "{path}");
        }
    }
}
