//! What a member holds: role, groups, direct permissions, overrides.

use leptos::prelude::*;
use rolecall_shared::{
    ProjectId, Timestamp,
    access::{GroupMembership, OverrideView},
    catalogue::PermissionSet,
    member::Named,
    permission::Scope,
    policy::{Holdings, effective},
    project::ProjectMemberQuery,
};

use super::{Shown, why::Asked};
use crate::{
    components::{
        icon::{Glyph, icon},
        matrix::{cell_words, summary},
        meter::meter,
        time::{until, when},
    },
    paths,
};

/// The four sources of rights.
pub fn holds(shown: Shown) -> AnyView {
    shown.asked.with_value(|asked| {
        let owner = asked.page.member.is_owner.then(|| {
            let who = if asked.page.member.is_you {
                "You are an owner"
            } else {
                "An owner"
            };
            view! {
                <div class="alert mb-4">
                    {icon(Glyph::Crown)}
                    <strong>{who}</strong>
                    <p>"Owners have every permission everywhere, whatever stands below."</p>
                </div>
            }
        });
        view! {
            {owner}
            <section class="rc-section" aria-labelledby="member-holds">
                <h2 id="member-holds">"Where it comes from"</h2>
                <dl class="rc-holds">
                    <dt>{icon(Glyph::Shield)}"Role"</dt>
                    <dd>{role(shown, asked)}</dd>
                    <dt>{icon(Glyph::Users)}"Groups"</dt>
                    <dd>{groups(shown, asked)}</dd>
                    <dt>{icon(Glyph::User)}"Direct permissions"</dt>
                    <dd>{direct(asked)}</dd>
                    <dt>{icon(Glyph::Folder)}"Overrides"</dt>
                    <dd>{overrides(shown, asked)}</dd>
                </dl>
            </section>
        }
        .into_any()
    })
}

fn role(shown: Shown, asked: &Asked) -> AnyView {
    let page = &asked.page;
    let Some(role) = page.roles.iter().find(|role| role.id == page.access.role) else {
        return page.member.role.name.clone().into_any();
    };
    let level = page
        .catalogue
        .level(page.catalogue.stored(&role.permissions));
    let own = role
        .own_projects_only
        .then(|| view! { <span class="badge">"Own projects only"</span> });
    view! {
        <span class="rc-level">
            {named(shown.links, paths::role(&shown.slug(), role.id), &role.name)}
            {meter(level)}
            {own}
        </span>
        <p class="rc-help">{role.description.clone()}</p>
    }
    .into_any()
}

/// A link where the one who looks may go there.
fn named(link: bool, href: String, name: &str) -> AnyView {
    if link {
        view! { <a class="rc-link" href=href>{name.to_owned()}</a> }.into_any()
    } else {
        view! { <b>{name.to_owned()}</b> }.into_any()
    }
}

fn groups(shown: Shown, asked: &Asked) -> AnyView {
    let held = &asked.page.access.groups;
    if held.is_empty() {
        return view! { <span class="rc-sub">"In no group"</span> }.into_any();
    }
    let items = held
        .iter()
        .map(|held| group(shown, asked, held))
        .collect_view();
    view! { <ul>{items}</ul> }.into_any()
}

fn group(shown: Shown, asked: &Asked, held: &GroupMembership) -> AnyView {
    let page = &asked.page;
    let Some(group) = page.groups.iter().find(|group| group.id == held.group) else {
        return ().into_any();
    };
    let level = page
        .catalogue
        .level(page.catalogue.stored(&group.permissions));
    view! {
        <li>
            <span class="rc-level">
                {named(shown.links, paths::group(&shown.slug(), group.id), &group.name)}
                {meter(level)}
                {ends(held.expires_at, page.at)}
            </span>
        </li>
    }
    .into_any()
}

/// Until when something holds; nothing when it has no end.
fn ends(end: Option<Timestamp>, now: Timestamp) -> Option<AnyView> {
    let end = end?;
    Some(if now < end {
        view! { <span class="rc-sub">"ends "{until(end)}</span> }.into_any()
    } else {
        view! {
            <span class="rc-status" data-status="expired">{icon(Glyph::Hourglass)}"Ended"</span>
            <span class="rc-sub">{end.date()}</span>
        }
        .into_any()
    })
}

fn direct(asked: &Asked) -> AnyView {
    let page = &asked.page;
    let direct = &page.access.direct;
    if direct.permissions.is_empty() {
        return view! { <span class="rc-sub">"None"</span> }.into_any();
    }
    let words: Vec<String> = direct
        .permissions
        .iter()
        .map(|name| cell_words(&page.catalogue, name))
        .collect();
    view! { <span class="rc-level">{words.join(", ")}{ends(direct.expires_at, page.at)}</span> }
        .into_any()
}

fn overrides(shown: Shown, asked: &Asked) -> AnyView {
    let list = &asked.page.overrides;
    if list.is_empty() {
        return view! { <span class="rc-sub">"In no project"</span> }.into_any();
    }
    let items = list
        .iter()
        .map(|over| one(shown, asked, over))
        .collect_view();
    view! { <ul>{items}</ul> }.into_any()
}

fn one(shown: Shown, asked: &Asked, over: &OverrideView) -> AnyView {
    let page = &asked.page;
    let set = page.catalogue.stored(&over.grant.permissions);
    let query = ProjectMemberQuery {
        search: page.member.email.clone(),
        ..ProjectMemberQuery::default()
    };
    let slug = shown.slug();
    let href = paths::project_members(&slug, over.project.id, &query);
    let see = paths::member_in(&slug, page.member.id, Some(over.project.id));
    let counting = over.grant.expires_at.is_none_or(|end| page.at < end);
    view! {
        <li>
            <span class="rc-level">
                {named(shown.links, href, &over.project.name)}
                {ends(over.grant.expires_at, page.at)}
                {counting.then(|| marks(asked, &over.project, set))}
            </span>
            <p class="rc-help">
                {summary(&page.catalogue, set, Some(Scope::Project))}
                " · set by "{over.set_by.clone()}", "{when(over.set_at)}" · "
                <a class="rc-link" href=see data-noscroll="">"see what holds there"</a>
            </p>
        </li>
    }
    .into_any()
}

/// Says the same as the base, or gives something beyond it.
fn marks(asked: &Asked, project: &Named<ProjectId>, set: PermissionSet) -> Option<AnyView> {
    let page = &asked.page;
    let without = Holdings {
        overrides: Vec::new(),
        ..asked.holdings.clone()
    };
    let place = page.place(Some(project.id));
    let base = effective(&page.catalogue, &without, place, page.at);
    let base = base.intersection(page.catalogue.scoped(Scope::Project));
    if set == base {
        return Some(
            view! {
                <span class="badge" title="It says what holds here anyway">{icon(Glyph::Copy)}"Redundant"</span>
            }
            .into_any(),
        );
    }
    (!base.includes(set)).then(|| {
        view! {
            <span class="badge" title="It gives something that they do not hold elsewhere">
                {icon(Glyph::ArrowUp)}
                "Wider than elsewhere"
            </span>
        }
        .into_any()
    })
}
