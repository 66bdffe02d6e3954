//! The groups tab.

mod empty;
mod starters;
mod table;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use rolecall_shared::{
    group::GroupsPage as Groups, permission::CorePermission, shell::WorkspaceView,
};

use crate::{
    api::groups::list_groups,
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        loaded,
        problem::problem,
    },
    here::{Here, blocked},
    pages::group::{DeleteDialog, Deleting},
    paths,
};

/// The groups tab.
pub struct GroupsPage;

#[lazy_route]
impl LazyRoute for GroupsPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let GroupsPage = this;
        let here = Here::of_page();
        let live = here.live;
        let list = Resource::new(
            move || {
                let news = (
                    live.access.get(),
                    live.members.get(),
                    live.invitations.get(),
                );
                (here.slug.get(), news)
            },
            |(slug, _)| list_groups(slug),
        );
        // Outside of what is fetched again, so that news do not close it.
        let deleting = Deleting::new();
        view! {
            {loaded::loaded(skeleton, None, move || async move {
                    let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                    match (list.await, workspace) {
                        (Err(failure), _) => problem(&failure.0),
                        (Ok(page), Some(workspace)) => content(&workspace, page, deleting),
                        // The frame says that there is no such workspace.
                        (Ok(_), None) => ().into_any(),
                    }
                })}
            <DeleteDialog deleting done=|()| ()/>
        }
        .into_any()
    }
}

fn content(workspace: &WorkspaceView, page: Groups, deleting: Deleting) -> AnyView {
    let why = blocked(workspace, CorePermission::TeamManage);
    if page.groups.is_empty() {
        return empty::empty(workspace, &page, why);
    }
    view! {
        <div class="rc-toolbar">
            <p class="rc-help">"Changing a group changes everybody in it at once."</p>
            <span class="rc-grow"></span>
            {create(workspace, why.clone())}
        </div>
        {table::table(workspace, &page.groups, why.as_ref(), deleting)}
        {starters::more(&page.starters, why.as_ref())}
    }
    .into_any()
}

/// The way to the form of a new group, or why there is none.
fn create(workspace: &WorkspaceView, why: Option<String>) -> AnyView {
    match why {
        None => view! {
            <a class="btn" href=paths::new_group(&workspace.slug)>{icon(Glyph::Plus)}"Create group"</a>
        }
        .into_any(),
        Some(_) => view! {
            <ActionButton
                label="Create group" glyph=Glyph::Plus blocked=Signal::stored(why) action=|()| ()
            />
        }
        .into_any(),
    }
}

fn skeleton() -> AnyView {
    let rows = (0..4)
        .map(|_| {
            view! {
                <tr>
                    <td data-col="main">
                        <span class="grid gap-1">
                            <span class="skeleton" data-line=""></span>
                            <span class="skeleton" data-line="long"></span>
                        </span>
                    </td>
                    <td><span class="skeleton" data-line="short"></span></td>
                    <td><span class="skeleton" data-line="short"></span></td>
                    <td data-col="end"></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading groups"</p>
        <div class="rc-table-wrap" aria-hidden="true">
            <table class="rc-table"><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}
