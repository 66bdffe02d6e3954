//! One group, or the form of a new one.

mod add;
mod delete;
mod draft;
mod editor;
mod end;
mod foot;
mod page;
mod people;
mod state;

pub use delete::{DeleteDialog, Deleting};

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    LazyRoute,
    hooks::{use_navigate, use_params_map, use_query_map},
    lazy_route,
};
use rolecall_shared::{
    ApiError, ErrorCode, GroupId,
    group::{GroupEditor, GroupMember},
    page::Page,
};

use crate::{
    api::groups::{list_group_members, load_group_editor},
    components::{loaded, problem::problem, unsaved::Unsaved},
    error::ApiFailure,
    here::Here,
    paths,
    query::CURSOR,
};
use people::PeopleDialogs;
use state::{GroupState, Wanted};

type People = Result<Page<GroupMember>, ApiFailure>;

/// One group, or the form of a new one.
pub struct GroupPage;

#[lazy_route]
impl LazyRoute for GroupPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let GroupPage = this;
        let here = Here::of_page();
        let (params, query) = (use_params_map(), use_query_map());
        let wanted = Memo::new(move |_| {
            let named = params.with(|map| map.get("group"));
            let group = named.as_deref().and_then(|id| id.parse::<GroupId>().ok());
            Wanted {
                group,
                broken: named.is_some() && group.is_none(),
            }
        });
        // News do not ask again for the group: they would throw away what is typed. They are asked
        // for beside it, in `follow`.
        let loaded = Resource::new(
            move || (here.slug.get(), wanted.get()),
            |(slug, wanted)| load(slug, wanted),
        );
        let cursor = Memo::new(move |_| query.with(|map| map.get(CURSOR)));
        let state = GroupState::new(wanted);
        let people = Resource::new(
            move || {
                let news = (here.live.access.get(), here.live.members.get());
                (here.slug.get(), wanted.get().group, cursor.get(), news)
            },
            move |(slug, group, cursor, _)| async move {
                match group.filter(|_| !state.deleting.gone()) {
                    Some(group) => Some(list_group_members(slug, group, cursor).await),
                    None => None,
                }
            },
        );
        let doing = PeopleDialogs::new();
        let save = state.saver();
        follow(state);
        let navigate = use_navigate();
        let gone = move || {
            let path = paths::groups(&here.slug.get_untracked());
            navigate(&path, leptos_router::NavigateOptions::default());
        };
        view! {
            {loaded::loaded(page::skeleton, None, move || async move {
                    match loaded.await {
                        Err(failure) => problem(&failure.0),
                        Ok(editor) => {
                            state.show(editor);
                            page::page(state, save)
                        }
                    }
                })}
            <people::People state loaded people doing/>
            <foot::PreviewDialog state save/>
            <DeleteDialog deleting=state.deleting done=gone/>
            <add::AddDialog state doing/>
            <end::EndDialog state doing/>
            <people::RemoveDialog state doing/>
            <Unsaved dirty=Signal::derive(move || state.dirty())/>
        }
        .into_any()
    }
}

async fn load(slug: String, wanted: Wanted) -> Result<GroupEditor, ApiFailure> {
    if wanted.broken {
        #[cfg(feature = "ssr")]
        crate::context::set_status(404);
        return Err(ApiFailure(ApiError::new(
            ErrorCode::NotFound,
            "There is no such group in this workspace.",
        )));
    }
    load_group_editor(slug, wanted.group).await
}

/// Asks again when somebody changed what people hold, without touching what is typed.
fn follow(state: GroupState) {
    let live = state.here().live;
    Effect::new(move |before: Option<u32>| {
        let now = live.access.get();
        if before.is_some_and(|before| before != now) && !state.deleting.gone() {
            spawn_local(state.refresh());
        }
        now
    });
}
