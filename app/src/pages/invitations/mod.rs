//! The invitations list, and what can be done with one invitation.

mod actions;
mod delivery;
mod empty;
mod help;
mod link;
mod revoke;
mod role;
mod row;
mod skeleton;
mod table;
mod toolbar;

pub use actions::{Doing, change, what_next};

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};

use self::{help::HelpDialog, link::LinkDialog, revoke::RevokeDialog, role::RoleDialog};
use crate::{
    api::{invitations::list_invitations, members::team_filters},
    components::{loaded::loaded, problem::problem},
    here::Here,
    pages::dialogs::{Dialogs, Kind},
    query::invitation_query,
};

/// The page.
pub struct InvitationsPage;

#[lazy_route]
impl LazyRoute for InvitationsPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let InvitationsPage = this;
        list()
    }
}

/// Dialogs stand outside of the list, so that a changed row does not close them.
fn list() -> AnyView {
    let here = Here::of_page();
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(invitation_query));
    let filters = Resource::new(
        move || {
            let news = (here.live.settings.get(), here.live.access.get());
            (here.slug.get(), news)
        },
        |(slug, _)| team_filters(slug),
    );
    let list = Resource::new(
        // Renamed roles and inviters who may give less show in the rows, too.
        move || {
            let news = (here.live.invitations.get(), here.live.access.get());
            (here.slug.get(), query.get(), news)
        },
        |(slug, query, _)| async move {
            list_invitations(slug, query.clone())
                .await
                .map(|page| (query, page))
        },
    );
    let pending = RwSignal::new(false);
    let doing = Doing::new();
    view! {
        <toolbar::Toolbar query filters/>
        {loaded(skeleton::skeleton, Some(pending), move || async move {
            let slug = here.slug.get_untracked();
            let shell = here.shell.await.ok();
            let mail = shell.as_ref().is_some_and(|shell| shell.mail);
            let workspace = shell.and_then(|shell| shell.workspace);
            match (list.await, workspace) {
                (Err(failure), _) => problem(&failure.0),
                (Ok((query, page)), Some(workspace)) if page.rows.is_empty() => {
                    let filters = filters.await.unwrap_or_default();
                    empty::empty(&workspace, &query, &filters)
                }
                (Ok((query, page)), Some(workspace)) => {
                    table::table(&slug, &query, page, pending, (&workspace, mail), doing)
                }
                (Ok(_), None) => ().into_any(),
            }
        })}
        <Dialogs kind=Kind::Invitation(doing) wanted=Signal::derive(move || doing.is_open())/>
    }
    .into_any()
}

/// The dialogs about one invitation.
#[component]
pub fn InvitationDialogs(doing: Doing) -> impl IntoView {
    view! {
        <HelpDialog doing/>
        <RoleDialog doing/>
        <RevokeDialog doing/>
        <LinkDialog doing/>
    }
    .into_any()
}
