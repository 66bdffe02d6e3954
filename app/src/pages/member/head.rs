//! The head of a member's page: who it is.

use leptos::prelude::*;
use rolecall_shared::{access::MemberPage, member::MemberStatus, membership::Suspension};

use super::Shown;
use crate::{
    components::{
        avatar::avatar,
        button::ActionButton,
        icon::{Glyph, icon},
        time::{when, when_exactly},
    },
    pages::{
        life::{Deed, Life, Person},
        members::status,
    },
    paths,
};

/// Name, address, status, when they came and were last here; the ways to their history and to change
/// what they hold.
pub fn head(shown: Shown, own: bool, unseen: Option<String>) -> AnyView {
    let page = shown.asked.with_value(|asked| asked.page.clone());
    let member = page.member.clone();
    let members = paths::members_base(&shown.slug());
    let history = paths::access_history(&shown.slug(), member.id);
    let crumbs = (!own).then(|| {
        view! {
            <nav class="rc-crumbs" aria-label="Breadcrumb">
                <a class="rc-link" href=members>"Members"</a>
                {icon(Glyph::ChevronRight)}
                <span aria-current="page">{member.name.clone()}</span>
            </nav>
        }
    });
    let title = if own {
        "Your access".to_owned()
    } else {
        member.name.clone()
    };
    let name = own.then(|| format!("{} · ", member.name));
    let suspended = member.status == MemberStatus::Suspended;
    view! {
        {crumbs}
        <div class="rc-head">
            <div class="rc-member">
                {avatar(&member.name, &member.email)}
                <div>
                    <h1>
                        {title}
                        {(member.is_you && !own).then(|| view! { <span class="rc-you">" (you)"</span> })}
                    </h1>
                    <p>{name}{member.email.clone()}</p>
                    <p class="rc-member-facts">
                        {status(member.status)}
                        {member.is_owner.then(owner)}
                        <span>"Joined "{when(member.joined_at)}{invited(member.invited_by.clone())}</span>
                        <span>
                            {member.last_active_at.map_or_else(
                                || "Never active".into_any(),
                                |at| view! { "Last active "{when_exactly(at)} }.into_any(),
                            )}
                        </span>
                    </p>
                </div>
            </div>
            {(!own).then(|| {
                let blocked = page.blocked.clone();
                view! {
                    <div class="rc-actions">
                        {access_history(history, unseen)}
                        {(!member.is_you).then(|| view_as(&page))}
                        <ActionButton
                            label="Edit access"
                            glyph=Glyph::Pencil
                            blocked=Signal::stored(blocked)
                            action=move || shown.edit(None)
                        />
                    </div>
                }
            })}
        </div>
        {suspended.then(|| suspension(page.suspension.as_ref()))}
    }
    .into_any()
}

/// That somebody can use nothing, since when, by whom and why.
fn suspension(known: Option<&Suspension>) -> AnyView {
    let title = known.map_or_else(
        || "Suspended".to_owned(),
        |known| {
            let since = known.at.map(|at| format!(" since {}", at.absolute()));
            let by = (!known.by.is_empty()).then(|| format!(", by {}", known.by));
            format!(
                "Suspended{}{}",
                since.unwrap_or_default(),
                by.unwrap_or_default()
            )
        },
    );
    let reason = known
        .filter(|known| !known.reason.is_empty())
        .map(|known| view! { <p class="rc-words">{format!("Reason: {}", known.reason)}</p> });
    view! {
        <div class="alert mb-4" data-variant="warning">
            {icon(Glyph::Pause)}
            <strong>{title}</strong>
            <div>
                {reason}
                <p>"Keeps all of this and can use none of it until somebody reactivates them."</p>
            </div>
        </div>
    }
    .into_any()
}

/// The way to what was done to them and what they did; `unseen` says why it is closed.
fn access_history(page: String, unseen: Option<String>) -> AnyView {
    if unseen.is_some() {
        return view! {
            <ActionButton
                label="Access history"
                glyph=Glyph::History
                variant="outline"
                blocked=Signal::stored(unseen)
                action=|| ()
            />
        }
        .into_any();
    }
    view! {
        <a class="btn" data-variant="outline" href=page>
            {icon(Glyph::History)}
            "Access history"
        </a>
    }
    .into_any()
}

/// The way to see the workspace as they do.
fn view_as(page: &MemberPage) -> AnyView {
    let life = Life::of_page();
    let person = Person::from(&page.member);
    view! {
        <ActionButton
            label="View as"
            glyph=Glyph::Eye
            variant="outline"
            blocked=Signal::stored(page.acts.view_as.clone())
            action=move || life.ask(Deed::ViewAs, person.clone())
        />
    }
    .into_any()
}

fn owner() -> AnyView {
    view! {
        <span class="badge" data-variant="secondary" title="Owners have every permission">
            {icon(Glyph::Crown)}
            "Owner"
        </span>
    }
    .into_any()
}

fn invited(by: Option<String>) -> Option<String> {
    by.map(|name| format!(", invited by {name}"))
}

/// The shape of the page while it loads.
pub fn skeleton() -> AnyView {
    let rows = (0..8)
        .map(|_| view! { <span class="skeleton" data-line="long"></span> })
        .collect_view();
    view! {
        <p class="sr-only" role="status">"Loading the member"</p>
        <div class="rc-head" aria-hidden="true">
            <div class="rc-member">
                <span class="skeleton" data-round=""></span>
                <div class="grid gap-2">
                    <span class="skeleton" data-line=""></span>
                    <span class="skeleton" data-line="long"></span>
                </div>
            </div>
        </div>
        <div class="grid gap-6" aria-hidden="true">{rows}</div>
    }
    .into_any()
}
