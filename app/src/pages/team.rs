//! The common part of Members, Invitations and Groups: title, counts, tabs, and the dialogs of both.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_location};
use rolecall_shared::{
    member::{MemberQuery, TeamCounts},
    permission::CorePermission,
    shell::WorkspaceView,
    text::count,
};

use super::{
    dialogs::{Dialogs, Kind, fetch_early},
    invite::InviteForm,
};
use crate::{
    api::members::team_counts,
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        loaded::loaded,
        title::title,
    },
    here::{Here, blocked},
    paths,
};

/// What the tabs share: opening the dialogs that belong to all of them.
#[derive(Clone, Copy)]
pub struct TeamDialogs {
    /// The invite dialog and what is typed in it.
    pub invite: InviteForm,
}

/// The frame of the tabs. Dialogs live here, outside of everything that is fetched again, so that
/// news from the server never close them.
#[component]
pub fn Team() -> impl IntoView {
    let dialogs = TeamDialogs {
        invite: InviteForm::new(),
    };
    provide_context(dialogs);
    fetch_early();
    view! {
        <Head/>
        <Outlet/>
        <Dialogs
            kind=Kind::Team
            wanted=Signal::derive(move || dialogs.invite.shown.get())
        />
    }
    .into_any()
}

#[component]
fn Head() -> impl IntoView {
    let here = Here::of_page();
    let live = here.live;
    let counts = Resource::new(
        move || {
            let news = (
                live.members.get(),
                live.invitations.get(),
                live.access.get(),
            );
            (here.slug.get(), news)
        },
        |(slug, _)| team_counts(slug),
    );
    loaded(head_skeleton, None, move || async move {
        let shell = here.shell.await;
        let counts = counts.await.ok();
        // Without a workspace the list below says what is wrong.
        let workspace = shell.ok().and_then(|shell| shell.workspace);
        workspace.map_or_else(
            || view! { <Title text="Members"/> }.into_any(),
            |workspace| head(&workspace, counts),
        )
    })
}

fn head(workspace: &WorkspaceView, counts: Option<TeamCounts>) -> AnyView {
    let dialogs: TeamDialogs = expect_context();
    let invite_blocked = blocked(workspace, CorePermission::TeamManage);
    let line = counts.map(|counts| {
        let people = count(number(counts.members), "person", "people");
        let waiting = count(
            number(counts.pending),
            "invitation waiting",
            "invitations waiting",
        );
        format!("{people} in {} · {waiting}", workspace.name)
    });
    view! {
        <div class="rc-head">
            <div>
                <h1>"Members"</h1>
                <p>{line.unwrap_or_else(|| "Who is in this workspace and what they may do.".to_owned())}</p>
            </div>
            <div class="rc-actions">
                {settings_link(workspace)}
                <ActionButton
                    label="Invite people"
                    glyph=Glyph::UserPlus
                    blocked=Signal::stored(invite_blocked)
                    action=move || dialogs.invite.open()
                />
            </div>
        </div>
        {tabs(workspace, counts)}
    }
    .into_any()
}

/// Leads to what the workspace allows for invitations, or says what is missing to see it.
fn settings_link(workspace: &WorkspaceView) -> AnyView {
    let label = "Invitation settings";
    let missing = blocked(workspace, CorePermission::SettingsView);
    if missing.is_some() {
        return view! {
            <ActionButton
                label glyph=Glyph::Settings variant="outline"
                blocked=Signal::stored(missing) action=|| {}
            />
        }
        .into_any();
    }
    view! {
        <a class="btn" data-variant="outline" href=paths::invitation_settings(&workspace.slug)>
            {icon(Glyph::Settings)}
            {label}
        </a>
    }
    .into_any()
}

fn tabs(workspace: &WorkspaceView, counts: Option<TeamCounts>) -> AnyView {
    let members = paths::members(&workspace.slug, &MemberQuery::default());
    let invitations = paths::invitations_base(&workspace.slug);
    let groups = paths::groups(&workspace.slug);
    let tabs = [invitations.clone(), groups.clone()];
    // Which of these two; the members are what is left.
    let path = use_location().pathname;
    let tab = Memo::new(move |_| {
        path.with(|path| {
            tabs.iter()
                .position(|tab| path.trim_end_matches('/') == tab)
        })
    });
    let name = workspace.name.clone();
    let words = move || {
        let tab = match tab.get() {
            Some(0) => "Invitations",
            Some(_) => "Groups",
            None => "Members",
        };
        format!("{tab} · {name}")
    };
    let current = move |wanted| move || (tab.get() == wanted).then_some("page");
    let badge = |n: i64| view! { <span class="rc-count">{n.to_string()}</span> };
    view! {
        {title(words)}
        <nav class="rc-tabs" aria-label="Members, invitations and groups">
            <a href=members aria-current=current(None)>
                "Members"
                {counts.map(|counts| badge(counts.members))}
            </a>
            <a href=invitations aria-current=current(Some(0))>
                "Invitations"
                {counts.map(|counts| badge(counts.pending))}
            </a>
            <a href=groups aria-current=current(Some(1))>
                "Groups"
                {counts.map(|counts| badge(counts.groups))}
            </a>
        </nav>
    }
    .into_any()
}

fn number(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

fn head_skeleton() -> AnyView {
    view! {
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="rc-tabs" aria-hidden="true">
            <span><span class="skeleton" data-line="short"></span></span>
            <span><span class="skeleton" data-line="short"></span></span>
        </div>
    }
    .into_any()
}
