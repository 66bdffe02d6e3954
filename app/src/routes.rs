//! The only place that declares the paths of pages.

use leptos::prelude::*;
use leptos_router::{
    Lazy, SsrMode,
    components::{ParentRoute, Route, Routes},
    path,
};

use crate::{
    layout::Frame,
    pages::{
        account::AccountPage,
        audit::AuditPage,
        former::FormerPage,
        group::GroupPage,
        groups::GroupsPage,
        home::Home,
        invitations::InvitationsPage,
        member::MemberPage,
        members::MembersPage,
        missing::Missing,
        overview::OverviewPage,
        project::{ProjectMembersPage, ResourcesPage},
        projects::ProjectsPage,
        role::RolePage,
        roles::{ComparePage, RolesPage},
        settings::SettingsPage,
        start::Start,
        team::Team,
        tokens::TokensPage,
    },
};

/// All pages. Rendered in one piece, so that status and redirects are known before the first byte
/// and the page is whole without script.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <Missing/> }>
            <Route path=path!("/") view=Home ssr=SsrMode::Async/>
            <ParentRoute path=path!("/account") view=Frame ssr=SsrMode::Async>
                <Route path=path!("") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/>
            </ParentRoute>
            <ParentRoute path=path!("/w/:slug") view=Frame ssr=SsrMode::Async>
                <Route path=path!("") view=Start ssr=SsrMode::Async/>
                <Route path=path!("overview") view={Lazy::<OverviewPage>::new()} ssr=SsrMode::Async/>
                <ParentRoute path=path!("members") view=Team ssr=SsrMode::Async>
                    <Route path=path!("") view=MembersPage ssr=SsrMode::Async/>
                    <Route path=path!("invitations") view={Lazy::<InvitationsPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("groups") view={Lazy::<GroupsPage>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
                <Route path=path!("members/former") view={Lazy::<FormerPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("people/:member") view={Lazy::<MemberPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("groups/new") view={Lazy::<GroupPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("groups/:group") view={Lazy::<GroupPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("roles") view={Lazy::<RolesPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("roles/new") view={Lazy::<RolePage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("roles/compare") view={Lazy::<ComparePage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("roles/:role") view={Lazy::<RolePage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("projects") view={Lazy::<ProjectsPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("projects/:project") view={Lazy::<ResourcesPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("projects/:project/members") view={Lazy::<ProjectMembersPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("tokens") view={Lazy::<TokensPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("settings") view={Lazy::<SettingsPage>::new()} ssr=SsrMode::Async/>
                <Route path=path!("audit") view={Lazy::<AuditPage>::new()} ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
    .into_any()
}
