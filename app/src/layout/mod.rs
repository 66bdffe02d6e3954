//! The frame of every page in a workspace: navigation, account, the strip for lost connections.

mod account;
mod nav;
mod offer;
mod switcher;
mod viewing;

pub use account::AccountMenu;

use leptos::{ev, prelude::*};
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};

use crate::{
    api::shell::load_shell,
    browser,
    components::{
        icon::{Glyph, icon},
        loaded::loaded,
        menu,
    },
    here::Here,
    live::Live,
    pages::{
        dialogs::{Dialogs, Kind},
        life::Life,
    },
    paths,
};

/// The id of the navigation, which is a drawer on a phone.
const NAVIGATION: &str = "navigation";

/// The frame. It stays while pages change inside it, so it holds what they share.
#[component]
pub fn Frame() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|map| map.get("slug").unwrap_or_default()));
    let live = Live::new();
    let shell = Resource::new(
        move || (slug.get(), live.settings.get(), live.access.get()),
        |(slug, ..)| load_shell(Some(slug)),
    );
    provide_context(Here { slug, shell, live });
    // About one person, from wherever they are shown.
    let dialogs = Life::new();
    provide_context(dialogs);
    // There are no news of a workspace that does not exist.
    let known = RwSignal::new(None::<String>);
    // The name of the workspace that was here until a moment ago.
    let lost = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let answer = shell.get();
        if let Some(Err(failure)) = &answer {
            viewing::reload_when_over(failure);
        }
        let answer = answer.and_then(Result::ok);
        // A failure says nothing about who is in.
        let answered = answer.is_some();
        let found = answer.and_then(|shell| shell.workspace);
        if answered {
            lost.set(dialogs.learn(found.clone(), &slug.get_untracked()));
        }
        let found = found.map(|workspace| workspace.slug);
        if known.with_untracked(|known| *known != found) {
            known.set(found);
        }
    });
    live.follow(known);

    let path = use_location().pathname;
    Effect::new(move |last: Option<String>| {
        let path = path.get();
        if last.is_some_and(|last| last != path) {
            menu::close(switcher::MENU);
            menu::close(NAVIGATION);
        }
        path
    });

    view! {
        <div class="rc-shell">
            <aside
                class="rc-nav"
                id=NAVIGATION
                popover="auto"
                aria-label="Navigation"
                on:toggle=focus_drawer
            >
                <div class="rc-nav-head"><switcher::Switcher/></div>
                <nav class="rc-nav-body" aria-label="Workspace"><nav::Links/></nav>
                <div class="rc-nav-foot"><ShellAccount/></div>
            </aside>
            <div class="min-w-0">
                <viewing::Viewing/>
                <offer::Offer/>
                <Offline/>
                <header class="rc-topbar">
                    <button
                        type="button"
                        class="btn"
                        data-variant="ghost"
                        data-size="icon"
                        aria-label="Open the navigation"
                        popovertarget=NAVIGATION
                    >
                        {icon(Glyph::Menu)}
                    </button>
                    <switcher::WorkspaceName/>
                </header>
                <main class="rc-main" id="main" tabindex="-1">
                    <div class="rc-page"><Lost lost/><Outlet/></div>
                </main>
            </div>
        </div>
        <Dialogs kind=Kind::Life wanted=dialogs.open/>
    }
    .into_any()
}

fn focus_drawer(_: ev::Event) {
    if browser::find(&format!("#{NAVIGATION}:popover-open")).is_some() {
        browser::focus(&format!("#{NAVIGATION} .rc-nav-link"));
    }
}

/// That the one who looks was suspended or removed while the page was open.
#[component]
fn Lost(lost: RwSignal<Option<String>>) -> impl IntoView {
    let notice = |name: String| {
        view! {
            <div class="alert mb-4" data-variant="warning" role="alert">
                {icon(Glyph::Lock)}
                <strong>{format!("You no longer have access to {name}")}</strong>
                <p>
                    "You were suspended or removed, or your time here ran out. Whoever manages the team can tell you more. "
                    <a class="rc-link" href=paths::HOME>"Go to your workspaces"</a>
                </p>
            </div>
        }
    };
    view! { {move || lost.get().map(notice)} }.into_any()
}

#[component]
fn ShellAccount() -> impl IntoView {
    let here = Here::of_page();
    let fallback = || view! { <span class="skeleton" data-line=""></span> }.into_any();
    loaded(fallback, None, move || async move {
        let shell = here.shell.await.ok();
        shell
            .map(|shell| {
                let rolecall_shared::shell::Shell {
                    name,
                    email,
                    form_token,
                    workspace,
                    ..
                } = shell;
                // Nobody leaves a workspace as somebody else.
                let own = workspace.filter(|workspace| workspace.viewing_as.is_none());
                let workspace = own.map(|workspace| workspace.name);
                view! { <AccountMenu name email form_token workspace/> }
            })
            .into_any()
    })
}

#[component]
fn Offline() -> impl IntoView {
    let paused = Here::of_page().live.paused;
    view! {
        <div role="status">
            <Show when=move || paused.get()>
                <div class="rc-offline">
                    {icon(Glyph::Offline)}
                    "Live updates paused, retrying. What you see may be out of date."
                </div>
            </Show>
        </div>
    }
    .into_any()
}
