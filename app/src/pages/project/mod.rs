//! One project: its frame, its resources, its members.

mod change;
mod head;
mod members;
mod remove;
mod resources;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{LazyRoute, hooks::use_params_map, lazy_route};
use rolecall_shared::{ApiError, ErrorCode, ProjectId, project::ProjectPage, view_as};

use crate::{
    api::projects::load_project,
    components::{loaded::loaded, problem::problem},
    error::ApiFailure,
    here::Here,
};

/// What both tabs share: which project, what is known of it, and its dialogs.
#[derive(Clone, Copy)]
pub struct OfProject {
    /// Which; `None` when the address names none.
    pub id: Memo<Option<ProjectId>>,
    /// Its frame.
    pub page: Resource<Result<ProjectPage, ApiFailure>>,
    /// The project that the open dialog is about, as it was when that opened.
    pub at_hand: RwSignal<Option<ProjectPage>>,
    /// Whether the form is open.
    pub changing: RwSignal<bool>,
    /// Whether the question is open.
    pub removing: RwSignal<bool>,
}

impl OfProject {
    /// The one that the frame provided.
    pub fn of_page() -> Self {
        expect_context()
    }

    fn new() -> Self {
        let here = Here::of_page();
        let params = use_params_map();
        let id = Memo::new(move |_| params.with(|map| map.get("project")?.parse().ok()));
        let page = Resource::new(
            move || {
                let live = here.live;
                (
                    here.slug.get(),
                    id.get(),
                    (live.projects.get(), live.access.get()),
                )
            },
            |(slug, id, _)| async move {
                match id {
                    Some(id) => load_project(slug, id).await,
                    None => Err(unknown()),
                }
            },
        );
        Self {
            id,
            page,
            at_hand: RwSignal::new(None),
            changing: RwSignal::new(false),
            removing: RwSignal::new(false),
        }
    }

    /// Opens one of the dialogs.
    fn open(self, dialog: RwSignal<bool>, page: &ProjectPage) {
        self.at_hand.set(Some(page.clone()));
        dialog.set(true);
    }

    /// The name of the project that a dialog is about.
    fn name(self) -> String {
        self.at_hand.with(|page| {
            page.as_ref()
                .map(|page| page.draft.name.clone())
                .unwrap_or_default()
        })
    }
}

fn unknown() -> ApiFailure {
    ApiFailure(ApiError::new(
        ErrorCode::NotFound,
        "There is no such project, or you may not see it.",
    ))
}

/// Why somebody may not do a thing in a project; nothing when they may.
pub fn blocked_here(page: &ProjectPage, permission: &str, deed: &str) -> Option<String> {
    (!page.may(permission)).then(|| match &page.viewing_as {
        Some(name) => view_as::read_only(name),
        None => format!("To {deed}, you need the permission {permission} in this project."),
    })
}

/// The frame of both tabs, around one of them. Its dialogs stand outside of what is fetched again,
/// so that news never close them.
fn frame(tab: impl FnOnce() -> AnyView) -> AnyView {
    let of = OfProject::new();
    provide_context(of);
    let wanted = move || of.changing.get() || of.removing.get();
    let ever = Memo::new(move |before: Option<&bool>| before.is_some_and(|b| *b) || wanted());
    let here = Here::of_page();
    view! {
        {loaded(head::skeleton, None, move || async move {
            let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
            match (of.page.await, workspace) {
                (Ok(page), Some(workspace)) => head::head(&workspace, &page, of),
                (Err(failure), _) => view! {
                    <Title text="Project"/>
                    {problem(&failure.0)}
                }
                .into_any(),
                (Ok(_), None) => ().into_any(),
            }
        })}
        {tab()}
        {move || ever.get().then(|| Suspend::new(dialogs(of)))}
    }
    .into_any()
}

/// The dialogs of the frame, in a file of their own that is fetched when one is opened.
#[lazy]
fn dialogs(of: OfProject) -> AnyView {
    view! {
        <change::ChangeDialog of/>
        <remove::RemoveDialog of/>
    }
    .into_any()
}

/// The resources tab.
pub struct ResourcesPage;

#[lazy_route]
impl LazyRoute for ResourcesPage {
    /// Nothing: it runs outside of the frame, where nobody knows the project yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let ResourcesPage = this;
        frame(|| view! { <resources::Resources/> }.into_any())
    }
}

/// The members tab.
pub struct ProjectMembersPage;

#[lazy_route]
impl LazyRoute for ProjectMembersPage {
    /// Nothing, as for the other tab.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let ProjectMembersPage = this;
        frame(|| view! { <members::Members/> }.into_any())
    }
}
