//! Ownership that was proposed to the one who looks, above every page until they answer.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{membership::OwnershipOffer, shell::WorkspaceView};

use crate::{
    api::membership::{accept_ownership, decline_ownership},
    components::{
        button::ActionButton,
        confirm::Confirm,
        icon::{Glyph, icon},
        loaded::loaded,
        time::until,
        toast::Toasts,
    },
    here::Here,
};

/// The banner; nothing while nobody proposes anything.
#[component]
pub fn Offer() -> impl IntoView {
    let here = Here::of_page();
    loaded(
        || ().into_any(),
        None,
        move || async move {
            let workspace = here.shell.await.ok().and_then(|shell| shell.workspace);
            workspace
                .and_then(|workspace| {
                    let offer = workspace.offer.clone()?;
                    Some(banner(here, &workspace, &offer))
                })
                .into_any()
        },
    )
}

fn banner(here: Here, workspace: &WorkspaceView, offer: &OwnershipOffer) -> AnyView {
    let (toasts, confirm) = (Toasts::of_page(), Confirm::of_page());
    let busy = RwSignal::new(false);
    let (name, by) = (workspace.name.clone(), offer.by.clone());
    let words = if offer.hand_over {
        format!("{by} wants to hand over {name} to you.")
    } else {
        format!("{by} wants to make you an owner of {name}.")
    };
    let answer = move |accept: bool| {
        let (name, by) = (name.clone(), by.clone());
        busy.set(true);
        spawn_local(async move {
            let slug = here.slug.get_untracked();
            let answered = if accept {
                let order = async || accept_ownership(slug.clone()).await;
                confirm.run(order).await
            } else {
                decline_ownership(slug).await
            };
            match answered {
                Ok(()) if accept => toasts.done(format!("You are an owner of {name} now.")),
                Ok(()) => toasts.done(format!("You declined. {by} is told.")),
                Err(failure) => toasts.failed(&failure),
            }
            let _ = busy.try_set(false);
            here.live.membership_changed();
        });
    };
    let (accept, decline) = (answer.clone(), answer);
    view! {
        <section class="rc-banner" data-kind="offer" aria-label="Ownership">
            {icon(Glyph::Crown)}
            <span>{words}" Answer "{until(offer.expires_at)}" at the latest."</span>
            <ActionButton label="Accept" size="sm" busy=busy action=move || accept(true)/>
            <ActionButton
                label="Decline" size="sm" variant="outline" busy=busy action=move || decline(false)
            />
        </section>
    }
    .into_any()
}
