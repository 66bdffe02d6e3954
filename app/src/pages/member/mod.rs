//! One member: who they are, what they hold, what they may do and why.

mod edit;
mod fields;
mod grid;
mod head;
mod holds;
mod membership;
mod tokens;
mod why;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    LazyRoute,
    hooks::{use_params_map, use_query_map},
    lazy_route,
};
use rolecall_shared::{
    ApiError, ErrorCode, ProjectId, access::MemberPage as Page, permission::CorePermission,
    shell::WorkspaceView,
};

use crate::{
    api::{access::load_member, membership::load_ownership},
    components::{
        icon::{Glyph, icon},
        loaded,
        problem::problem,
        unsaved::Unsaved,
    },
    error::ApiFailure,
    here::{Here, blocked as blocked_here},
    pages::dialogs::fetch_early,
    query::PROJECT,
};
use edit::{EditDialog, EditForm};
use membership::Owning;
use why::Asked;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shown {
    here: StoredValue<Here>,
    /// The member as they were last asked for.
    asked: StoredValue<Asked>,
    /// The project of the address, if the page knows it.
    project: Memo<Option<ProjectId>>,
    form: StoredValue<EditForm>,
    /// Whether the one who looks may see roles and groups.
    links: bool,
}

impl Shown {
    /// The workspace's part of the address.
    fn slug(self) -> String {
        self.here.with_value(|here| here.slug.get_untracked())
    }
}

/// One member.
pub struct MemberPage;

#[lazy_route]
impl LazyRoute for MemberPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let MemberPage = this;
        let here = Here::of_page();
        let params = use_params_map();
        let named = Memo::new(move |_| params.with(|map| map.get("member").unwrap_or_default()));
        let map = use_query_map();
        let project = Memo::new(move |_| map.with(|map| map.get(PROJECT)?.parse().ok()));
        // Most projects are on the page already, and looking at another of them fetches nothing.
        let sought = RwSignal::new(project.get_untracked());
        let loaded = Resource::new(
            move || {
                let live = here.live;
                let news = (live.access.get(), live.members.get(), live.projects.get());
                (here.slug.get(), named.get(), sought.get(), news)
            },
            |(slug, named, sought, _)| load(slug, named, sought),
        );
        let owning = Resource::new(
            move || {
                let live = here.live;
                (here.slug.get(), (live.access.get(), live.members.get()))
            },
            // Owners alone see who owns what, and only they ask.
            move |(slug, _)| async move {
                let workspace = here.shell.await.ok().and_then(|shell| shell.workspace)?;
                if workspace.is_owner {
                    Some(load_ownership(slug).await)
                } else {
                    None
                }
            },
        );
        fetch_early();
        // Outside of what is fetched again: news neither close the dialog nor lose what is chosen.
        let form = EditForm::new();
        view! {
            {loaded::loaded(head::skeleton, None, move || async move {
                    let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                    match (loaded.await, workspace) {
                        (Err(failure), _) => problem(&failure.0),
                        (Ok(page), Some(workspace)) => {
                            seek(sought, project, &page);
                            content(here, form, project, page, &workspace, owning.await)
                        }
                        (Ok(_), None) => ().into_any(),
                    }
                })}
            <EditDialog form/>
            <Unsaved dirty=Signal::derive(move || form.open.get() && form.dirty())/>
        }
        .into_any()
    }
}

/// Asks again when the address names a project that the page does not have, once for each.
fn seek(sought: RwSignal<Option<ProjectId>>, project: Memo<Option<ProjectId>>, page: &Page) {
    let known: Vec<ProjectId> = page.projects.iter().map(|place| place.project.id).collect();
    Effect::new(move |_| {
        let wanted = project.get();
        let missing = wanted.is_some_and(|id| !known.contains(&id));
        if missing && sought.get_untracked() != wanted {
            sought.set(wanted);
        }
    });
}

async fn load(slug: String, named: String, project: Option<ProjectId>) -> Result<Page, ApiFailure> {
    let Ok(member) = named.parse() else {
        #[cfg(feature = "ssr")]
        crate::context::set_status(404);
        return Err(ApiFailure(ApiError::new(
            ErrorCode::NotFound,
            "There is no such member in this workspace.",
        )));
    };
    load_member(slug, member, project).await
}

fn content(
    here: Here,
    form: EditForm,
    project: Memo<Option<ProjectId>>,
    page: Page,
    workspace: &WorkspaceView,
    owning: Owning,
) -> AnyView {
    let links = workspace.may(CorePermission::TeamView);
    let own = page.member.is_you && !links;
    let title = if own {
        format!("Your access · {}", workspace.name)
    } else {
        format!("{} · {}", page.member.name, workspace.name)
    };
    let blocked = page.blocked.clone().filter(|_| !own);
    let shown = Shown {
        here: StoredValue::new(here),
        asked: StoredValue::new(Asked::new(page)),
        project,
        form: StoredValue::new(form),
        links,
    };
    view! {
        <Title text=title/>
        {head::head(shown, own, blocked_here(workspace, CorePermission::AuditView))}
        {blocked.map(|why| view! {
            <div class="alert mb-4">
                {icon(Glyph::Lock)}
                <strong>"You can look at this, not change it"</strong>
                <p>{why}</p>
            </div>
        })}
        {holds::holds(shown)}
        {grid::section(shown)}
        {tokens::section(shown)}
        {membership::section(shown, owning)}
    }
    .into_any()
}
