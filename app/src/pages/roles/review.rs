//! New services of the template, which are off in custom roles and groups until somebody looked.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{role::Review, text::count};

use crate::{
    api::roles::review_services,
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        problem::alert,
        toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
    paths,
};

/// Roles and groups that the banner links to; the others are found in their lists.
const LINKS: usize = 6;

/// What is new, where to look, and the button that says somebody looked.
pub fn banner(here: Here, review: Review) -> AnyView {
    let slug = here.slug.get_untracked();
    let toasts = Toasts::of_page();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiFailure>);
    let keys: Vec<String> = review.services.iter().map(|s| s.key.clone()).collect();
    let mark = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let (slug, keys) = (here.slug.get_untracked(), keys.clone());
        spawn_local(async move {
            match review_services(slug, keys).await {
                Ok(()) => {
                    toasts.done("The new services are marked as reviewed.".to_owned());
                    here.live.access_changed();
                }
                Err(failure) => {
                    let _ = failed.try_set(Some(failure));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let roles = review.roles.iter();
    let roles = roles.map(|role| (paths::role(&slug, role.id), role.name.clone()));
    let groups = review.groups.iter();
    let groups = groups.map(|group| (paths::group(&slug, group.id), group.name.clone()));
    let links = roles
        .chain(groups)
        .take(LINKS)
        .enumerate()
        .map(|(at, (href, name))| {
            let comma = (at > 0).then_some(", ");
            view! { {comma}<a class="rc-link" href=href>{name}</a> }
        })
        .collect_view();
    let more = (review.roles.len() + review.groups.len()).saturating_sub(LINKS);
    view! {
        <div class="alert mb-4" data-variant="warning" role="region" aria-label="New services">
            {icon(Glyph::Triangle)}
            <strong>{heading(&review)}</strong>
            <p>
                {explained(&review)}
                " Look at "
                {links}
                {(more > 0).then(|| format!(" and {more} more"))}
                "."
            </p>
            {move || failed.get().map(|failure| alert(&failure.0))}
            <ActionButton
                label="Mark as reviewed"
                variant="outline"
                size="sm"
                busy=busy
                blocked=Signal::stored(review.blocked.clone())
                action=mark
            />
        </div>
    }
    .into_any()
}

/// "1 new service to review in 4 roles and 2 groups".
fn heading(review: &Review) -> String {
    let part = |n: usize, one, many| (n > 0).then(|| count(n, one, many));
    let places: Vec<String> = [
        part(review.roles.len(), "role", "roles"),
        part(review.groups.len(), "group", "groups"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!(
        "{} to review in {}",
        count(review.services.len(), "new service", "new services"),
        places.join(" and ")
    )
}

fn explained(review: &Review) -> String {
    let titles: Vec<&str> = review.services.iter().map(|s| s.title.as_str()).collect();
    let verb = if titles.len() == 1 { "is" } else { "are" };
    format!(
        "{} {verb} off there until somebody allows it.",
        titles.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use rolecall_shared::{RoleId, member::Named, role::ServiceToReview};

    use super::*;

    #[test]
    fn the_banner_counts_services_roles_and_groups() {
        let id: RoleId = "0192f0c0-0000-7000-8000-000000000001".parse().unwrap();
        let role = |name: &str| Named {
            id,
            name: name.into(),
        };
        let mut review = Review {
            services: vec![ServiceToReview {
                key: "gpus".into(),
                title: "GPU nodes".into(),
            }],
            roles: vec![role("a"), role("b"), role("c"), role("d")],
            groups: Vec::new(),
            blocked: None,
        };
        assert_eq!(heading(&review), "1 new service to review in 4 roles");
        assert_eq!(
            explained(&review),
            "GPU nodes is off there until somebody allows it."
        );
        review.services.push(ServiceToReview {
            key: "keys".into(),
            title: "Keys".into(),
        });
        let group = "0192f0c0-0000-7000-8000-000000000002".parse().unwrap();
        review.groups.push(Named {
            id: group,
            name: "Operators".into(),
        });
        assert_eq!(
            heading(&review),
            "2 new services to review in 4 roles and 1 group"
        );
    }
}
