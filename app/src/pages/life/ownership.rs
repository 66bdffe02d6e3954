//! Owners: proposing ownership, handing it over, taking it away, stepping down.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{RoleId, invitation::InviteOptions, membership::PROPOSAL_HOURS};

use super::{Person, work::Work};
use crate::{
    api::{
        invitations::invite_options,
        membership::{propose_ownership, step_down, take_ownership},
    },
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        problem::alert,
    },
    error::ApiFailure,
    pages::invite::role_cards,
};

/// The content of the dialog that asks somebody to become an owner.
pub fn propose(work: Work, person: Person, hand_over: bool) -> AnyView {
    let name = person.name.clone();
    let lines = [
        (
            Glyph::Send,
            format!(
                "{name} is asked, by mail and on every page here, and has {PROPOSAL_HOURS} hours to accept. Until then nothing changes, and you can cancel it."
            ),
        ),
        (
            Glyph::Crown,
            format!(
                "As an owner, {name} has every permission everywhere, can make others owners and take ownership away."
            ),
        ),
        if hand_over {
            (
                Glyph::ArrowDown,
                "You stop being an owner at the moment they accept, and go on as an admin. Only an owner can make you one again.".to_owned(),
            )
        } else {
            (Glyph::Users, "You stay an owner beside them.".to_owned())
        },
    ]
    .map(|(glyph, words)| view! { <li>{icon(glyph)}<span>{words}</span></li> })
    .into_iter()
    .collect_view();
    let label = if hand_over {
        format!("Hand over to {name}")
    } else {
        format!("Ask {name}")
    };
    let order = move || {
        let name = person.name.clone();
        let (slug, id) = (work.slug(), person.id);
        let ask = async move || propose_ownership(slug.clone(), id, hand_over).await;
        work.run(ask, move |()| {
            work.toasts.done(format!(
                "{name} is asked and has {PROPOSAL_HOURS} hours to answer."
            ));
            work.here.live.membership_changed();
        });
    };
    view! {
        <section>
            {move || work.problem()}
            <ul class="rc-effects" aria-label="What happens">{lines}</ul>
        </section>
        <footer>
            {work.cancel()}
            <ActionButton label=label glyph=Glyph::Crown busy=work.busy action=order/>
        </footer>
    }
    .into_any()
}

/// The content of the dialog that makes an owner a member with a role: another one, or oneself.
pub fn lower(work: Work, other: Option<Person>) -> AnyView {
    let options = RwSignal::new(None::<Result<InviteOptions, ApiFailure>>);
    let role = RwSignal::new(None::<RoleId>);
    let slug = work.slug();
    spawn_local(async move {
        let answer = invite_options(slug).await;
        let _ = options.try_set(Some(answer));
    });
    let (label, words) = match &other {
        Some(person) => (
            format!("Take ownership from {}", person.name),
            format!(
                "{} stops being an owner at once and goes on with the role that you choose. Groups and direct permissions stay. They are told.",
                person.name
            ),
        ),
        None => (
            "Step down".to_owned(),
            "You stop being an owner at once and go on with the role that you choose. Only an owner can make you one again.".to_owned(),
        ),
    };
    let order = move || {
        let Some(role) = role.get_untracked() else {
            return;
        };
        let slug = work.slug();
        if let Some(person) = other.clone() {
            let id = person.id;
            let take = async move || take_ownership(slug.clone(), id, role).await;
            work.run(take, move |()| {
                let words = format!("{} is not an owner any more.", person.name);
                work.toasts.done(words);
                work.here.live.membership_changed();
            });
        } else {
            let step = async move || step_down(slug.clone(), role).await;
            work.run(step, move |()| {
                work.toasts.done("You are not an owner any more.");
                work.here.live.membership_changed();
            });
        }
    };
    let blocked = Signal::derive(move || {
        role.get()
            .is_none()
            .then(|| "Choose the role to go on with first.".to_owned())
    });
    view! {
        <section>
            {move || work.problem()}
            <p>{words}</p>
            <fieldset>
                <legend>"Role to go on with"</legend>
                {move || match options.get() {
                    None => view! { <span class="skeleton" data-line="long"></span> }.into_any(),
                    Some(Err(failure)) => alert(&failure.0),
                    Some(Ok(options)) => role_cards("role-after", &options.roles, role),
                }}
            </fieldset>
        </section>
        <footer>
            {work.cancel()}
            <ActionButton
                label=label variant="destructive" busy=work.busy blocked=blocked action=order
            />
        </footer>
    }
    .into_any()
}
