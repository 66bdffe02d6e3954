//! Where a workspace begins: the overview, or for people who may not see them, their own access.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use rolecall_shared::{
    ApiError, ErrorCode, permission::CorePermission, shell::WorkspaceView, text::count,
};

use crate::{
    components::{
        icon::{Glyph, icon},
        loaded::loaded,
        problem::problem,
    },
    here::Here,
    paths,
};

/// Leads to the overview, or says what somebody may do who may not see them.
#[component]
pub fn Start() -> impl IntoView {
    let here = Here::of_page();
    let fallback = || view! { <span class="skeleton" data-line="long"></span> }.into_any();
    loaded(fallback, None, move || async move {
        match here.shell.await {
            Err(failure) => problem(&failure.0),
            Ok(shell) => match shell.workspace {
                None => unknown(),
                Some(workspace) if workspace.may(CorePermission::TeamView) => {
                    view! { <Redirect path=paths::overview(&workspace.slug)/> }.into_any()
                }
                Some(workspace) => access(&workspace),
            },
        }
    })
}

fn unknown() -> AnyView {
    let message = "There is no such workspace, or you are not in it.";
    problem(&ApiError::new(ErrorCode::NotFound, message))
}

fn access(workspace: &WorkspaceView) -> AnyView {
    let rows = by_group(&workspace.permissions);
    let lead = if rows.is_empty() {
        "You are in, and have no permissions yet. An admin can give you some.".to_owned()
    } else {
        format!(
            "Your role {} lets you use {}.",
            workspace.role,
            count(rows.len(), "service", "services")
        )
    };
    let list = rows
        .into_iter()
        .map(|(group, actions)| view! { <dt>{group}</dt><dd>{actions}</dd> }.into_any())
        .collect::<Vec<_>>();
    view! {
        <Title text="Your access"/>
        <header class="rc-head">
            <div>
                <h1>"You are in "{workspace.name.clone()}</h1>
                <p>{lead}</p>
            </div>
        </header>
        <dl class="rc-facts">{list}</dl>
        <p class="my-4">
            <a class="btn" data-variant="outline" href=paths::member(&workspace.slug, workspace.member)>
                {icon(Glyph::Shield)}
                "See where it comes from"
            </a>
        </p>
        <p class="rc-help">
            {icon(Glyph::Info)}
            "To see who else is here, you need the permission team:view."
        </p>
    }
    .into_any()
}

/// Names such as `vpcs:view` as pairs of a service and what may be done there.
pub fn by_group(permissions: &[String]) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    for (group, action) in permissions.iter().filter_map(|name| name.split_once(':')) {
        let group = group.replace(['_', '-'], " ");
        match rows.last_mut().filter(|(last, _)| *last == group) {
            Some((_, actions)) => {
                actions.push_str(", ");
                actions.push_str(action);
            }
            None => rows.push((group, action.to_owned())),
        }
    }
    rows
}
