//! What ends soon, so that nobody is surprised.

use leptos::prelude::*;
use rolecall_shared::{
    overview::{ENDING_DAYS, EndingGrant, EndingKind},
    project::ProjectMemberQuery,
};

use crate::{components::time::until, paths};

/// The next grants that end, each with a link to where it is set.
pub fn card(slug: &str, ending: Vec<EndingGrant>, more: bool) -> AnyView {
    let body = if ending.is_empty() {
        let words = format!("Nothing that somebody was given ends in the next {ENDING_DAYS} days.");
        view! { <p>{words}</p> }.into_any()
    } else {
        let items = ending
            .into_iter()
            .map(|grant| item(slug, grant))
            .collect_view();
        let more = more.then(|| view! { <li class="rc-help">"and more"</li> });
        view! { <ul class="rc-plain">{items}{more}</ul> }.into_any()
    };
    super::card("overview-ending", "Ends soon", body, None)
}

fn item(slug: &str, grant: EndingGrant) -> AnyView {
    let (words, href) = match grant.what {
        EndingKind::Group(group) => (
            format!("the group {}", group.name),
            paths::group(slug, group.id),
        ),
        EndingKind::Membership => (
            "the membership".to_owned(),
            paths::member(slug, grant.member.id),
        ),
        EndingKind::Direct => (
            "direct permissions".to_owned(),
            paths::member(slug, grant.member.id),
        ),
        EndingKind::Override(project) => {
            let query = ProjectMemberQuery::default();
            (
                format!("the override in {}", project.name),
                paths::project_members(slug, project.id, &query),
            )
        }
    };
    view! {
        <li>
            <a class="rc-link" href=paths::member(slug, grant.member.id)>{grant.member.name}</a>
            ": "
            <a class="rc-link" href=href>{words}</a>
            <span class="rc-sub">" ends "{until(grant.at)}</span>
        </li>
    }
    .into_any()
}
