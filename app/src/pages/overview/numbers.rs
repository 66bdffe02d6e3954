//! Members by role, invitations, and members who have gone quiet.

use leptos::prelude::*;
use rolecall_shared::{
    invitation::{InvitationQuery, InvitationStatus},
    member::{Activity, MemberQuery},
    overview::{DORMANT_DAYS, Overview, RoleShare},
    permission::CorePermission,
    shell::WorkspaceView,
    text::count,
};

use super::{card, remedy};
use crate::paths;

fn number(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// How many have each role, as bars that lead to them.
pub fn roles(slug: &str, overview: &Overview) -> AnyView {
    let most = overview
        .roles
        .first()
        .map_or(1, |share| share.members.max(1));
    let rows = overview
        .roles
        .iter()
        .filter(|share| share.members > 0)
        .map(|share| row(slug, share, most))
        .collect_view();
    let unused = overview
        .roles
        .iter()
        .filter(|share| share.members == 0)
        .count();
    let unused = (unused > 0).then(|| {
        let words = count(unused, "role has nobody", "roles have nobody");
        view! { <p class="rc-help">{format!("{words} in it.")}</p> }
    });
    let body = view! {
        <p>{count(number(overview.members), "member", "members")}</p>
        <ul class="rc-bars">{rows}</ul>
        {unused}
    };
    let foot = remedy(paths::roles(slug), "See what each role may do");
    card(
        "overview-roles",
        "Members by role",
        body.into_any(),
        Some(foot),
    )
}

fn row(slug: &str, share: &RoleShare, most: i64) -> AnyView {
    let query = MemberQuery {
        role: Some(share.role.id),
        ..MemberQuery::default()
    };
    view! {
        <li>
            <a class="rc-link" href=paths::members(slug, &query)>{share.role.name.clone()}</a>
            <span>{share.members.to_string()}</span>
            <progress class="rc-bar" aria-hidden="true" value=share.members.to_string() max=most.to_string()>
            </progress>
        </li>
    }
    .into_any()
}

/// Invitations that wait, and those that nobody answered in time.
pub fn invitations(workspace: &WorkspaceView, overview: &Overview) -> AnyView {
    let slug = &workspace.slug;
    let with = |status| {
        let query = InvitationQuery {
            status: Some(status),
            ..InvitationQuery::default()
        };
        paths::invitations(slug, &query)
    };
    let line = |n: i64, one, many, status| {
        (n > 0).then(|| {
            let words = count(number(n), one, many);
            view! { <li><a class="rc-link" href=with(status)>{words}</a></li> }
        })
    };
    let nothing = (overview.pending == 0 && overview.expired == 0)
        .then(|| view! { <p>"No invitation is waiting, and none has expired."</p> });
    let body = view! {
        {nothing}
        <ul class="rc-plain">
            {line(
                overview.pending,
                "invitation is waiting",
                "invitations are waiting",
                InvitationStatus::Pending,
            )}
            {line(overview.expired, "invitation expired", "invitations expired", InvitationStatus::Expired)}
        </ul>
    };
    let may = workspace.may(CorePermission::TeamManage);
    let foot = may.then(|| {
        if overview.expired > 0 {
            remedy(
                with(InvitationStatus::Expired),
                "Send the expired ones again",
            )
        } else {
            remedy(paths::members_base(slug), "Go to Members to invite")
        }
    });
    card("overview-invitations", "Invitations", body.into_any(), foot)
}

/// Members without activity for a long time.
pub fn dormant(slug: &str, dormant: i64) -> AnyView {
    let body = if dormant == 0 {
        format!("Everybody was active in the last {DORMANT_DAYS} days.")
    } else {
        let words = count(number(dormant), "member did", "members did");
        format!(
            "{words} nothing here for {DORMANT_DAYS} days or more. Access that nobody uses is better taken back."
        )
    };
    let query = MemberQuery {
        activity: Some(Activity::Dormant),
        ..MemberQuery::default()
    };
    let foot = (dormant > 0).then(|| remedy(paths::members(slug, &query), "Look through them"));
    let body = view! { <p>{body}</p> };
    card("overview-dormant", "Dormant members", body.into_any(), foot)
}
