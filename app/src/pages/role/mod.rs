//! One role, or the form of a new one.

mod conflict;
mod delete;
mod editor;
mod fields;
mod foot;
mod state;

pub use delete::{DeleteDialog, Deleting};
pub use editor::built_in;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    LazyRoute,
    hooks::{use_params_map, use_query_map},
    lazy_route,
};
use rolecall_shared::{RoleId, role::RoleEditor};

use crate::{
    api::roles::load_role_editor,
    components::{loaded, problem::problem, unsaved::Unsaved},
    error::ApiFailure,
    here::Here,
};
use state::RoleState;

/// What the address asks for: a role, or a new one, perhaps cloned from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    role: Option<RoleId>,
    clone_of: Option<RoleId>,
    /// An address that names no role: there is no such page.
    broken: bool,
}

/// One role, or the form of a new one.
pub struct RolePage;

#[lazy_route]
impl LazyRoute for RolePage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let RolePage = this;
        let here = Here::of_page();
        let wanted = wanted();
        // News about access do not ask again here: they would throw away what is typed. The page
        // fetches beside it and lays the answer over what it shows.
        let loaded = Resource::new(
            move || (here.slug.get(), wanted.get()),
            |(slug, wanted)| load(slug, wanted),
        );
        view! {
            {loaded::loaded(editor::skeleton, None, move || async move {
                    match loaded.await {
                        Err(failure) => problem(&failure.0),
                        Ok(loaded) => whole(RoleState::new(wanted, loaded)),
                    }
                })}
        }
        .into_any()
    }
}

/// The page with its dialogs. All of it lives as long as the address asks for this role.
fn whole(state: RoleState) -> AnyView {
    follow(state);
    view! {
        {editor::page(state)}
        <foot::PreviewDialog state/>
        <conflict::ConflictDialog state/>
        <DeleteDialog deleting=state.deleting done=move || state.gone()/>
        <Unsaved dirty=state.dirty/>
    }
    .into_any()
}

/// What the address asks for now.
fn wanted() -> Memo<Wanted> {
    let (params, query) = (use_params_map(), use_query_map());
    Memo::new(move |_| {
        let named = params.with(|map| map.get("role"));
        let role = named.as_deref().and_then(|id| id.parse().ok());
        let clone_of = query.with(|map| map.get("clone")?.parse().ok());
        Wanted {
            role,
            clone_of: clone_of.filter(|_| named.is_none()),
            broken: named.is_some() && role.is_none(),
        }
    })
}

async fn load(slug: String, wanted: Wanted) -> Result<RoleEditor, ApiFailure> {
    if wanted.broken {
        #[cfg(feature = "ssr")]
        crate::context::set_status(404);
        return Err(ApiFailure(rolecall_shared::ApiError::new(
            rolecall_shared::ErrorCode::NotFound,
            "There is no such role in this workspace.",
        )));
    }
    load_role_editor(slug, wanted.role, wanted.clone_of).await
}

/// Asks again when somebody changed what people hold, without touching what is typed.
fn follow(state: RoleState) {
    let live = state.here.live;
    Effect::new(move |before: Option<u32>| {
        let now = live.access.get();
        if before.is_some_and(|before| before != now) && !state.deleting.under_way() {
            spawn_local(refresh(state));
        }
        now
    });
}

/// Lays the role as it is saved now over the page.
async fn refresh(state: RoleState) {
    let wanted = state.wanted.get_untracked();
    let answer = load(state.here.slug.get_untracked(), wanted).await;
    // The page may show another role by now, or be gone.
    if state.wanted.try_get_untracked() != Some(wanted) {
        return;
    }
    match answer {
        Ok(loaded) => state.receive(loaded),
        Err(failure) => state.failed.set(Some(failure)),
    }
}
