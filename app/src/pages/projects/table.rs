//! The table of projects.

use leptos::prelude::*;
use rolecall_shared::{
    page::Page,
    project::{ProjectQuery, ProjectRow},
    text::count,
};

use crate::{
    components::{
        icon::{Glyph, icon},
        meter::meter,
        pager::pager,
        time::{taken_over, when},
    },
    paths,
};

/// The rows of one page, and the way to the others.
pub fn table(
    slug: &str,
    query: &ProjectQuery,
    page: Page<ProjectRow>,
    pending: RwSignal<bool>,
) -> AnyView {
    let at = |cursor: String| {
        paths::projects(
            slug,
            &ProjectQuery {
                cursor: Some(cursor),
                ..query.clone()
            },
        )
    };
    let links = pager(page.previous.map(at), page.next.map(at));
    let rows = page
        .rows
        .into_iter()
        .map(|project| row(slug, project))
        .collect_view();
    view! {
        <div
            class="rc-table-wrap"
            aria-busy=move || (taken_over() && pending.get()).then_some("true")
        >
            <table class="rc-table">
                <caption class="sr-only">"Projects"</caption>
                <thead>
                    <tr>
                        <th scope="col" data-col="main">"Name"</th>
                        <th scope="col" data-col="meta">"Created"</th>
                        <th scope="col" data-col="num">"Resources"</th>
                        <th scope="col" data-col="num">"Overrides"</th>
                        <th scope="col">"You may"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {links}
    }
    .into_any()
}

fn row(slug: &str, project: ProjectRow) -> AnyView {
    let href = paths::project_base(slug, project.id);
    let description = (!project.description.is_empty()).then(|| {
        view! { <span class="rc-person-mail">{project.description}</span> }
    });
    let creator = (!project.created_by.is_empty()).then(|| {
        view! { <span class="rc-person-mail">"by "{project.created_by}</span> }
    });
    let on_phone = (project.resources > 0).then(|| {
        let resources = counted(project.resources, "resource", "resources");
        view! { <span class="md:hidden">{resources}</span> }
    });
    view! {
        <tr>
            <th scope="row" data-col="main">
                <span class="rc-person-text">
                    <span class="rc-named">
                        <a class="rc-named-link" href=href>{project.name}</a>
                        {project.yours.then(yours)}
                    </span>
                    {description}
                </span>
            </th>
            <td data-col="meta">
                <span class="rc-made">{when(project.created_at)}{creator}</span>
                {on_phone}
                <span class="md:hidden">{meter(project.level)}</span>
            </td>
            <td data-col="num">{number(project.resources)}</td>
            <td data-col="num">{number(project.overrides)}</td>
            <td>{meter(project.level)}</td>
        </tr>
    }
    .into_any()
}

fn yours() -> AnyView {
    view! {
        <span class="badge" data-variant="secondary" title="You created it">
            {icon(Glyph::User)}
            "Yours"
        </span>
    }
    .into_any()
}

/// A count of things with their word.
fn counted(n: i64, one: &str, many: &str) -> String {
    count(usize::try_from(n).unwrap_or_default(), one, many)
}

fn number(n: i64) -> AnyView {
    if n == 0 {
        return view! { <span aria-hidden="true">"–"</span><span class="sr-only">"None"</span> }
            .into_any();
    }
    n.to_string().into_any()
}
