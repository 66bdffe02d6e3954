//! The table of members with what each may do here.

use leptos::prelude::*;
use rolecall_shared::{
    ProjectId,
    page::Page,
    project::{ProjectMember, ProjectMemberQuery},
    shell::WorkspaceView,
};

use super::{editing::Editing, row::row};
use crate::{
    components::{pager::pager, time::taken_over},
    paths,
};

/// The rows of one page, and the way to the others.
pub fn table(
    workspace: &WorkspaceView,
    project: ProjectId,
    query: &ProjectMemberQuery,
    page: Page<ProjectMember>,
    pending: RwSignal<bool>,
    editing: Editing,
) -> AnyView {
    let at = |cursor: String| {
        let query = ProjectMemberQuery {
            cursor: Some(cursor),
            ..query.clone()
        };
        paths::project_members(&workspace.slug, project, &query)
    };
    let links = pager(page.previous.map(at), page.next.map(at));
    let rows = page
        .rows
        .into_iter()
        .map(|member| row(workspace, member, editing))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table">
                <caption class="sr-only">"What members may do in this project"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"Name"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col" data-col="meta">"In this project"</th>
                        <th scope="col" data-col="end"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {links}
    }
    .into_any()
}
