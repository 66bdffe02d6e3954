//! What an admin looks at first, each part with what to do about it.

mod changes;
mod ending;
mod managers;
mod numbers;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use rolecall_shared::{overview::Overview, permission::CorePermission, shell::WorkspaceView};

use crate::{
    api::overview::load_overview,
    components::{
        icon::{Glyph, icon},
        loaded,
        problem::problem,
        title::title,
    },
    here::{Here, blocked},
    paths,
};

/// The overview of a workspace.
pub struct OverviewPage;

#[lazy_route]
impl LazyRoute for OverviewPage {
    /// Nothing: it runs outside of the frame, where nobody knows the workspace yet.
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let OverviewPage = this;
        let here = Here::of_page();
        let overview = Resource::new(
            move || {
                let live = here.live;
                let news = [
                    live.members.get(),
                    live.invitations.get(),
                    live.settings.get(),
                    live.access.get(),
                    live.projects.get(),
                ];
                (here.slug.get(), news)
            },
            |(slug, _)| load_overview(slug),
        );
        view! {
            {loaded::loaded(skeleton, None, move || async move {
                    let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
                    match (overview.await, workspace) {
                        (Err(failure), _) => problem(&failure.0),
                        (Ok(overview), Some(workspace)) => page(&workspace, overview),
                        (Ok(_), None) => ().into_any(),
                    }
                })}
        }
        .into_any()
    }
}

fn page(workspace: &WorkspaceView, overview: Overview) -> AnyView {
    let slug = &workspace.slug;
    let name = workspace.name.clone();
    let heading = format!("Overview · {name}");
    let first = (overview.members <= 1 && overview.pending == 0).then(|| beginning(workspace));
    view! {
        {title(move || heading.clone())}
        <div class="rc-head">
            <div>
                <h1>"Overview"</h1>
                <p>"What to look at first in "{name}"."</p>
            </div>
        </div>
        {managers::warning(slug, &overview.managers)}
        {first}
        <div class="rc-overview">
            {numbers::roles(slug, &overview)}
            {numbers::invitations(workspace, &overview)}
            {managers::card(slug, &overview.managers)}
            {numbers::dormant(slug, overview.dormant)}
            {ending::card(slug, overview.ending, overview.more_ending)}
            {overview.changes.map(|list| changes::card(slug, list))}
        </div>
    }
    .into_any()
}

/// A card with its heading, what it says, and what to do about it.
fn card(id: &'static str, heading: &'static str, body: AnyView, foot: Option<AnyView>) -> AnyView {
    view! {
        <section class="rc-card" aria-labelledby=id>
            <h2 id=id>{heading}</h2>
            {body}
            {foot.map(|foot| view! { <div class="rc-card-foot">{foot}</div> })}
        </section>
    }
    .into_any()
}

/// A link that says what to do.
fn remedy(href: String, words: &'static str) -> AnyView {
    view! { <a class="rc-link" href=href>{words}</a> }.into_any()
}

/// Nobody else is here yet.
fn beginning(workspace: &WorkspaceView) -> AnyView {
    let way = if blocked(workspace, CorePermission::TeamManage).is_none() {
        let members = paths::members_base(&workspace.slug);
        view! {
            <a class="btn" href=members>{icon(Glyph::UserPlus)}"Go to Members to invite"</a>
        }
        .into_any()
    } else {
        view! { <p>"Whoever holds the permission team:manage can invite them."</p> }.into_any()
    };
    view! {
        <div class="rc-empty">
            {icon(Glyph::UserPlus)}
            <h2>"Invite your first people"</h2>
            <p>"They get a mail with a link, and the role that you choose. Nothing else is needed to begin."</p>
            {way}
        </div>
    }
    .into_any()
}

fn skeleton() -> AnyView {
    let card = || {
        view! {
            <div class="rc-card">
                <span class="skeleton" data-line="short"></span>
                <span class="skeleton" data-line="long"></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        }
    };
    view! {
        <div class="rc-head" aria-hidden="true">
            <div class="grid gap-2">
                <span class="skeleton" data-line=""></span>
                <span class="skeleton" data-line="long"></span>
            </div>
        </div>
        <div class="rc-overview" aria-hidden="true">{card()}{card()}{card()}{card()}</div>
    }
    .into_any()
}
