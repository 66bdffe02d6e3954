//! The only place that declares the paths of pages.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Routes},
    path,
};

use crate::{
    layout::Frame,
    pages::{
        home::Home, invitations::InvitationsPage, members::MembersPage, missing::Missing,
        start::Start, team::Team,
    },
};

/// All pages. Rendered in one piece, so that status and redirects are known before the first byte
/// and the page is whole without script.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <Missing/> }>
            <Route path=path!("/") view=Home ssr=SsrMode::Async/>
            <ParentRoute path=path!("/w/:slug") view=Frame ssr=SsrMode::Async>
                <Route path=path!("") view=Start ssr=SsrMode::Async/>
                <ParentRoute path=path!("members") view=Team ssr=SsrMode::Async>
                    <Route path=path!("") view=MembersPage ssr=SsrMode::Async/>
                    <Route path=path!("invitations") view=InvitationsPage ssr=SsrMode::Async/>
                </ParentRoute>
            </ParentRoute>
        </Routes>
    }
    .into_any()
}
