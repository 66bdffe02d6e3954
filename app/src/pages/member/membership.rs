//! The membership itself: until when, suspending and removing, owning, leaving.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    access::MemberPage,
    member::MemberStatus,
    membership::{OwnerRow, Ownership, ProposalRow, UNDO_DAYS},
};

use super::Shown;
use crate::{
    api::membership::cancel_ownership,
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        problem::alert,
        time::{until, when},
        toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
    pages::life::{Deed, Life, Person},
    paths,
};

/// What owners see of owning; nothing for everybody else.
pub type Owning = Option<Result<Ownership, ApiFailure>>;

/// The section, below what they hold and may do.
pub fn section(shown: Shown, owning: Owning) -> AnyView {
    let page = shown.asked.with_value(|asked| asked.page.clone());
    let you = page.member.is_you;
    let owning = owning.map(|answer| {
        let body = match answer {
            Ok(ownership) => owner(shown, &page, ownership),
            Err(failure) => alert(&failure.0),
        };
        view! {
            <dt>{icon(Glyph::Crown)}"Ownership"</dt>
            <dd>{body}</dd>
        }
    });
    let status = (!you).then(|| {
        view! {
            <dt>{icon(Glyph::User)}"Status"</dt>
            <dd>{status(&page)}</dd>
        }
    });
    view! {
        <section class="rc-section" aria-labelledby="membership">
            <h2 id="membership">"Membership"</h2>
            <dl class="rc-holds">
                {status}
                <dt>{icon(Glyph::Hourglass)}"Ends"</dt>
                <dd>{end(&page)}</dd>
                {owning}
                <dt>{icon(Glyph::UserX)}{if you { "Leave" } else { "Remove" }}</dt>
                <dd>{last(&page)}</dd>
            </dl>
        </section>
    }
    .into_any()
}

/// A line: what is so, and what can be done about it.
fn line(words: impl IntoView, acts: impl IntoView) -> AnyView {
    view! { <div class="rc-line"><div>{words}</div><div class="rc-actions">{acts}</div></div> }
        .into_any()
}

/// A button that opens the dialog of a deed, or says why not.
fn act(
    page: &MemberPage,
    label: &'static str,
    glyph: Glyph,
    blocked: Option<&String>,
    deed: Deed,
) -> AnyView {
    let life = Life::of_page();
    let person = Person::from(&page.member);
    view! {
        <ActionButton
            label=label glyph=glyph size="sm" variant="outline"
            blocked=Signal::stored(blocked.cloned())
            action=move || life.ask(deed.clone(), person.clone())
        />
    }
    .into_any()
}

fn status(page: &MemberPage) -> AnyView {
    let acts = &page.acts;
    match page.member.status {
        MemberStatus::Active => line(
            "Active: can sign in and use what they hold.",
            act(
                page,
                "Suspend",
                Glyph::Pause,
                acts.suspend.as_ref(),
                Deed::Suspend,
            ),
        ),
        MemberStatus::Suspended => line(
            "Suspended: keeps everything and can use nothing.",
            act(
                page,
                "Reactivate",
                Glyph::Check,
                acts.reactivate.as_ref(),
                Deed::Reactivate,
            ),
        ),
    }
}

fn end(page: &MemberPage) -> AnyView {
    let words = match page.member.ends_at {
        None => "Without an end".into_any(),
        Some(end) if end <= page.at => view! { "Ended on "{end.date()} }.into_any(),
        Some(end) => view! { {end.date()}" ("{until(end)}")" }.into_any(),
    };
    if page.member.is_you {
        return words;
    }
    let label = match page.member.ends_at {
        None => "Set an end",
        Some(_) => "Change the end",
    };
    let deed = Deed::End {
        version: page.version,
        at: page.member.ends_at,
    };
    line(
        words,
        act(page, label, Glyph::Clock, page.acts.set_end.as_ref(), deed),
    )
}

fn last(page: &MemberPage) -> AnyView {
    if page.member.is_you {
        let life = Life::of_page();
        return line(
            "Your access ends at once; what you created stays.",
            view! {
                <ActionButton
                    label="Leave workspace" glyph=Glyph::LogOut size="sm" variant="outline"
                    blocked=Signal::stored(page.acts.leave.clone())
                    action=move || life.ask_to_leave()
                />
            },
        );
    }
    line(
        format!(
            "Their access ends at once; what they created stays, and it can be undone for {UNDO_DAYS} days."
        ),
        act(
            page,
            "Remove from workspace",
            Glyph::UserX,
            page.acts.remove.as_ref(),
            Deed::Remove,
        ),
    )
}

fn owner(shown: Shown, page: &MemberPage, ownership: Ownership) -> AnyView {
    if page.member.is_you {
        return own(shown, page, ownership);
    }
    if page.member.is_owner {
        return line(
            "An owner, with every permission everywhere.",
            act(
                page,
                "Take ownership away",
                Glyph::ArrowDown,
                page.acts.take_ownership.as_ref(),
                Deed::TakeOwnership,
            ),
        );
    }
    let waiting = ownership
        .proposals
        .into_iter()
        .find(|proposal| proposal.member.id == page.member.id);
    if let Some(proposal) = waiting {
        return waits(shown, proposal, false);
    }
    let why = page.acts.propose_ownership.as_ref();
    line(
        "Not an owner. They are asked first and have to accept.",
        view! {
            {act(page, "Make an owner", Glyph::Crown, why, Deed::MakeOwner)}
            {act(page, "Hand over ownership", Glyph::ArrowRight, why, Deed::HandOver)}
        },
    )
}

/// All owners and all that waits, on one's own page.
fn own(shown: Shown, page: &MemberPage, ownership: Ownership) -> AnyView {
    let slug = shown.slug();
    let owners = ownership
        .owners
        .iter()
        .map(|owner| named(&slug, owner))
        .collect_view();
    let waiting = ownership
        .proposals
        .into_iter()
        .map(|proposal| view! { <li>{waits(shown, proposal, true)}</li> })
        .collect_view();
    line(
        view! {
            <ul class="rc-owners" aria-label="Owners">{owners}{waiting}</ul>
            <p class="rc-help">
                "To hand over, open the page of the one who takes over. "
                <a class="rc-link" href=paths::members_base(&slug)>"Go to the members"</a>
            </p>
        },
        act(
            page,
            "Step down",
            Glyph::ArrowDown,
            ownership.step_down.as_ref(),
            Deed::StepDown,
        ),
    )
}

fn named(slug: &str, owner: &OwnerRow) -> AnyView {
    let mark = (!owner.can_sign_in).then(|| {
        view! {
            <span class="badge" title="Does not count as one of the owners who can act">
                "Can not sign in now"
            </span>
        }
    });
    let you = owner
        .is_you
        .then(|| view! { <span class="rc-you">" (you)"</span> });
    view! {
        <li>
            <a class="rc-link" href=paths::member(slug, owner.id)>{owner.name.clone()}</a>
            {you}" "{mark}
        </li>
    }
    .into_any()
}

/// A proposal, with the way to take it back.
fn waits(shown: Shown, proposal: ProposalRow, with_name: bool) -> AnyView {
    let here = shown.here.get_value();
    let toasts = Toasts::of_page();
    let busy = RwSignal::new(false);
    let (id, name) = (proposal.member.id, proposal.member.name.clone());
    let what = if proposal.hand_over {
        "was asked to take over from"
    } else {
        "was asked to become an owner by"
    };
    let who = if with_name {
        name.clone()
    } else {
        "They".to_owned()
    };
    let what = if with_name {
        what.to_owned()
    } else {
        what.replacen("was", "were", 1)
    };
    line(
        view! {
            {format!("{who} {what} {} ", proposal.by.name)}
            {when(proposal.sent_at)}
            ". Waits for an answer until "
            {until(proposal.expires_at)}
            "."
        },
        view! {
            <ActionButton
                label=format!("Cancel the proposal to {name}")
                glyph=Glyph::X size="sm" variant="outline" busy=busy
                action=move || cancel(here, toasts, busy, Person { id, name: name.clone() })
            />
        },
    )
}

fn cancel(here: Here, toasts: Toasts, busy: RwSignal<bool>, person: Person) {
    busy.set(true);
    spawn_local(async move {
        match cancel_ownership(here.slug.get_untracked(), person.id).await {
            Ok(()) => toasts.done(format!("{} is not asked any more.", person.name)),
            Err(failure) => toasts.failed(&failure),
        }
        let _ = busy.try_set(false);
        here.live.membership_changed();
    });
}
