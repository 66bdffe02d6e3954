//! The workspace at hand, and the way to the others.

use leptos::prelude::*;
use rolecall_shared::shell::Shell;

use crate::{
    components::{
        avatar::mark,
        icon::{Glyph, icon},
        loaded::loaded,
        menu::MenuPanel,
    },
    here::Here,
    paths,
};

/// The id of the list of workspaces.
pub const MENU: &str = "workspaces";

/// The name of the workspace; with several, a button that lists them.
#[component]
pub fn Switcher() -> impl IntoView {
    let here = Here::of_page();
    let fallback = || view! { <span class="skeleton" data-line=""></span> }.into_any();
    loaded(fallback, None, move || async move {
        here.shell
            .await
            .ok()
            .map(|shell| switcher(&shell))
            .into_any()
    })
}

/// The name alone, above the page on a phone.
#[component]
pub fn WorkspaceName() -> impl IntoView {
    let here = Here::of_page();
    loaded(
        || ().into_any(),
        None,
        move || async move {
            let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
            view! {
                <span class="truncate">
                    {workspace.map_or_else(|| "Rolecall".to_owned(), |w| w.name)}
                </span>
            }
            .into_any()
        },
    )
}

fn switcher(shell: &Shell) -> AnyView {
    let (name, sort) = shell.workspace.as_ref().map_or_else(
        || ("Choose a workspace".to_owned(), None),
        |workspace| (workspace.name.clone(), Some(workspace.template.clone())),
    );
    let here = shell
        .workspace
        .as_ref()
        .map(|workspace| workspace.slug.clone());
    let links = shell
        .workspaces
        .iter()
        .map(|link| {
            let current = Some(&link.slug) == here.as_ref();
            view! {
                <a
                    role="menuitem"
                    tabindex="-1"
                    href=paths::members_base(&link.slug)
                    aria-current=current.then_some("page")
                >
                    {mark(&link.name)}
                    <span class="truncate">{link.name.clone()}</span>
                    {current.then(|| icon(Glyph::Check))}
                </a>
            }
        })
        .collect_view();
    view! {
        <button type="button" class="rc-nav-switch" aria-haspopup="menu" popovertarget=MENU>
            {mark(&name)}
            <span class="rc-person-text">
                <span class="rc-person-name">{name}</span>
                {sort.map(|sort| view! { <span class="rc-person-mail">{sort}</span> })}
            </span>
            {icon(Glyph::ChevronsUpDown)}
        </button>
        <MenuPanel id=MENU.to_owned() label="Workspaces".to_owned()>{links}</MenuPanel>
    }
    .into_any()
}
