//! Who can manage the team, and the warning when that hangs on one person.

use leptos::prelude::*;
use rolecall_shared::{
    overview::{Manager, Managers},
    text::count,
};

use super::remedy;
use crate::{
    components::icon::{Glyph, icon},
    paths,
};

fn number(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// Stands above everything for as long as only one person, or nobody, can manage the team.
pub fn warning(slug: &str, managers: &Managers) -> Option<AnyView> {
    if managers.count > 1 {
        return None;
    }
    let title = match managers.first.first() {
        Some(one) => format!("Only {} can manage the team", one.member.name),
        None => "Nobody who can sign in manages the team".to_owned(),
    };
    Some(
        view! {
            <div class="alert" data-variant="warning">
                {icon(Glyph::Triangle)}
                <strong>{title}</strong>
                <p>
                    "If that person is away, nobody can invite people or take access back. "
                    <a class="rc-link" href=paths::members_base(slug)>
                        "Give somebody else a role that manages the team"
                    </a>
                    "."
                </p>
            </div>
        }
        .into_any(),
    )
}

/// The people, owners first.
pub fn card(slug: &str, managers: &Managers) -> AnyView {
    let people = count(number(managers.count), "person", "people");
    let owners = count(number(managers.owners), "owner", "owners");
    let items = managers
        .first
        .iter()
        .map(|manager| item(slug, manager))
        .collect_view();
    let more = number(managers.count).saturating_sub(managers.first.len());
    let more = (more > 0).then(|| view! { <li class="rc-help">{format!("and {more} more")}</li> });
    let lonely = (managers.owners == 1 && managers.count > 1).then(|| {
        view! {
            <p class="rc-help">
                {icon(Glyph::Info)}
                "There is one owner. A second one keeps the workspace in reach if that person is away."
            </p>
        }
    });
    let body = view! {
        <p>{format!("{people} can, {owners} among them.")}</p>
        <ul class="rc-plain">{items}{more}</ul>
        {lonely}
    };
    let foot = remedy(paths::members_base(slug), "See all members");
    super::card(
        "overview-managers",
        "Who can manage the team",
        body.into_any(),
        Some(foot),
    )
}

fn item(slug: &str, manager: &Manager) -> AnyView {
    let owner = manager
        .is_owner
        .then(|| view! { <span class="rc-sub">{icon(Glyph::Crown)}" Owner"</span> });
    view! {
        <li>
            <a class="rc-link" href=paths::member(slug, manager.member.id)>
                {manager.member.name.clone()}
            </a>
            {owner}
        </li>
    }
    .into_any()
}
