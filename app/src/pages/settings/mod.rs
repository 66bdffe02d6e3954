//! The settings of a workspace: name, what invitations may do, deletion.

mod danger;
mod default_role;
mod general;
mod invitations;
mod part;
mod state;
mod viewing;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{LazyRoute, lazy_route};

use self::state::State;
use crate::{
    api::{settings::load_settings, view_as::load_view_policy},
    components::{
        icon::{Glyph, icon},
        loaded,
        problem::problem,
        title::title,
        unsaved::Unsaved,
    },
    here::Here,
};

/// The settings of a workspace.
pub struct SettingsPage;

#[lazy_route]
impl LazyRoute for SettingsPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let SettingsPage = this;
        let here = Here::of_page();
        // News do not ask again here: they would throw away what is typed. The page fetches beside it
        // and lays the answer over what it shows.
        let loaded = Resource::new(move || here.slug.get(), load_settings);
        let viewing = Resource::new(move || here.slug.get(), load_view_policy);
        view! {
            {loaded::loaded(skeleton, None, move || async move {
                    match (loaded.await, viewing.await) {
                        (Err(failure), _) | (_, Err(failure)) => problem(&failure.0),
                        (Ok(page), Ok(viewing)) => whole(State::new(page, viewing)),
                    }
                })}
        }
        .into_any()
    }
}

/// The page with its dialogs. It lives as long as the address names this workspace.
fn whole(state: State) -> AnyView {
    follow(state);
    let gone = move || state.failed.get().map(|failure| problem(&failure.0));
    view! {
        {title(move || format!("Settings · {}", state.stored_name()))}
        <Show when=move || state.failed.with(Option::is_none) fallback=gone>
            {parts(state)}
        </Show>
        <danger::DeleteDialog state/>
        <Unsaved dirty=state.dirty()/>
    }
    .into_any()
}

fn parts(state: State) -> AnyView {
    let blocked = move || {
        state.blocked.get().map(|why| {
            view! {
                <div class="alert" data-variant="info">
                    {icon(Glyph::Lock)}
                    <strong>"You can look at the settings"</strong>
                    <p>{why}</p>
                </div>
            }
        })
    };
    view! {
        <div class="rc-head">
            <div>
                <h1>"Settings"</h1>
                <p>"They hold for everybody in this workspace."</p>
            </div>
        </div>
        <div class="rc-settings">
            {blocked}
            {general::section(state)}
            {invitations::section(state)}
            {default_role::section(state)}
            {viewing::section(state)}
            {danger::section(state)}
        </div>
    }
    .into_any()
}

/// Asks again when somebody changed something, without touching what is typed.
fn follow(state: State) {
    let live = state.here.live;
    Effect::new(move |before: Option<[u32; 4]>| {
        let now = [
            live.settings.get(),
            live.access.get(),
            live.members.get(),
            live.invitations.get(),
        ];
        if before.is_some_and(|before| before != now) && !state.under_way() {
            spawn_local(refresh(state));
        }
        now
    });
}

/// Lays the settings as they are kept now over the page.
async fn refresh(state: State) {
    let slug = state.here.slug.get_untracked();
    let answer = load_settings(slug.clone()).await;
    let viewing = load_view_policy(slug.clone()).await;
    // The page may show another workspace by now, or be gone.
    if state.here.slug.try_get_untracked() != Some(slug) || state.under_way() {
        return;
    }
    match (answer, viewing) {
        (Ok(page), Ok(viewing)) => state.receive(page, viewing),
        (Err(failure), _) | (_, Err(failure)) => {
            let _ = state.failed.try_set(Some(failure));
        }
    }
}

fn skeleton() -> AnyView {
    let part = || {
        view! {
            <section class="rc-section">
                <span class="skeleton" data-line="short"></span>
                <span class="skeleton" data-line="long"></span>
                <span class="skeleton" data-line=""></span>
            </section>
        }
    };
    view! {
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="rc-settings" aria-hidden="true">{part()}{part()}{part()}</div>
    }
    .into_any()
}
