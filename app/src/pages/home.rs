//! The first page: leads to the first workspace, or says how to get into one.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use rolecall_shared::shell::Shell;

use crate::{
    api::shell::load_shell,
    components::{
        icon::{Glyph, icon},
        loaded::loaded,
        problem::problem,
    },
    paths,
};

/// Not a page to stay on for anybody who is in a workspace.
#[component]
pub fn Home() -> impl IntoView {
    let shell = Resource::new(|| (), |()| load_shell(None));
    let fallback = || view! { <span class="skeleton" data-line="long"></span> }.into_any();
    view! {
        <Title text="Workspaces"/>
        <main class="rc-main" id="main" tabindex="-1">
            <div class="rc-page">
                {loaded(fallback, None, move || async move {
                    match shell.await {
                        Err(failure) => problem(&failure.0),
                        Ok(shell) => match shell.workspaces.first() {
                            Some(first) => {
                                view! { <Redirect path=paths::workspace(&first.slug)/> }.into_any()
                            }
                            None => nowhere(&shell),
                        },
                    }
                })}
            </div>
        </main>
    }
    .into_any()
}

fn nowhere(shell: &Shell) -> AnyView {
    view! {
        <div class="rc-empty">
            {icon(Glyph::Users)}
            <h1>"You are not in any workspace"</h1>
            <p>
                "Ask somebody who manages one to invite "<b>{shell.email.clone()}</b>
                ". The invitation comes by mail; open its link in this browser to join."
            </p>
            <a class="btn" data-variant="outline" href=paths::ACCOUNT>{icon(Glyph::User)}"Your account"</a>
            <form method="post" action=paths::SIGN_OUT>
                <input type="hidden" name="csrf" value=shell.form_token.clone()/>
                <button type="submit" class="btn" data-variant="outline">
                    {icon(Glyph::LogOut)}
                    "Sign out"
                </button>
            </form>
        </div>
    }
    .into_any()
}
