//! Title, the way to a new token, the two lists, and the filter.

use leptos::prelude::*;
use rolecall_shared::{permission::CorePermission, shell::WorkspaceView, token::TokenQuery};

use super::toolbar::Toolbar;
use crate::{
    components::{button::ActionButton, icon::Glyph, loaded},
    here::{Here, blocked},
    paths,
};

/// Head and filter; without a workspace the list below says what is wrong.
#[component]
pub fn Head(query: Memo<TokenQuery>, creating: RwSignal<bool>) -> impl IntoView {
    let here = Here::of_page();
    loaded::loaded(skeleton, None, move || async move {
        let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
        workspace
            .map(|workspace| {
                view! {
                    {head(&workspace, creating)}
                    {tabs(&workspace, query)}
                    <Toolbar query/>
                }
            })
            .into_any()
    })
}

fn head(workspace: &WorkspaceView, creating: RwSignal<bool>) -> AnyView {
    view! {
        <div class="rc-head">
            <div>
                <h1>"API tokens"</h1>
                <p>"With a token a program does what its member may do, at most. When they may do less, so may the token, at once."</p>
            </div>
            <div class="rc-actions">{create(workspace, creating)}</div>
        </div>
    }
    .into_any()
}

/// The button, with what is missing when it can not be used.
pub fn create(workspace: &WorkspaceView, creating: RwSignal<bool>) -> AnyView {
    view! {
        <ActionButton
            label="Create token"
            glyph=Glyph::Plus
            blocked=Signal::stored(blocked(workspace, CorePermission::TokensManage))
            action=move || creating.set(true)
        />
    }
    .into_any()
}

/// One's own and everybody's; only who may see those of everybody has a choice.
fn tabs(workspace: &WorkspaceView, query: Memo<TokenQuery>) -> Option<AnyView> {
    if !workspace.may(CorePermission::TokensManage) {
        return None;
    }
    let tab = |everybody: bool, words: &'static str| {
        let href = paths::tokens(
            &workspace.slug,
            &TokenQuery {
                everybody,
                ..TokenQuery::default()
            },
        );
        let here = move || query.with(|query| query.everybody == everybody);
        view! { <a href=href aria-current=move || here().then_some("page")>{words}</a> }
    };
    Some(
        view! {
            <nav class="rc-tabs" aria-label="Whose tokens">
                {tab(false, "Your tokens")}
                {tab(true, "All tokens")}
            </nav>
        }
        .into_any(),
    )
}

fn skeleton() -> AnyView {
    view! {
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="rc-toolbar" aria-hidden="true"></div>
    }
    .into_any()
}
