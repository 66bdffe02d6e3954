//! How far a mail got, in words, with what to do when it did not.

use leptos::prelude::*;
use rolecall_shared::invitation::Delivery;

use crate::components::{
    icon::{Glyph, icon},
    time::{until, when},
};

/// The state of the newest mail, beside the status.
pub fn delivery(delivery: &Delivery) -> AnyView {
    let (state, glyph, words) = match delivery {
        Delivery::None => ("none", Glyph::Copy, "No mail, link only".into_any()),
        Delivery::Queued => ("queued", Glyph::Mail, "Mail queued".into_any()),
        Delivery::Retrying { reason, next_at } => (
            "retrying",
            Glyph::Refresh,
            view! {
                <span title=reason.clone()>"Not sent yet, next try "{until(*next_at)}</span>
                <span class="sr-only">{format!(". {reason}")}</span>
            }
            .into_any(),
        ),
        Delivery::Sent { at } => ("sent", Glyph::Mail, view! { "Sent "{when(*at)} }.into_any()),
        Delivery::Failed { reason } => (
            "failed",
            Glyph::Triangle,
            view! { <span>{format!("Mail failed: {reason}")}</span> }.into_any(),
        ),
        Delivery::Dropped => ("dropped", Glyph::Mail, "Mail not sent".into_any()),
    };
    view! { <span class="rc-delivery" data-state=state>{icon(glyph)}{words}</span> }.into_any()
}

/// What to do about it, in a sentence.
pub const fn remedy(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::None => {
            "No mail was sent for this invitation. Copy the link and hand it over, or send a mail."
        }
        Delivery::Queued => "The mail waits to be sent. That takes a minute at most.",
        Delivery::Retrying { .. } => {
            "The mail server did not take the mail yet. Rolecall goes on trying; a link can be handed over meanwhile."
        }
        Delivery::Sent { .. } => {
            "The mail server took the mail. Ask the person to look into the spam folder, and search for the word Rolecall."
        }
        Delivery::Failed { .. } => {
            "The mail server refused the mail. Check the address; if it is wrong, revoke this invitation and invite the right one."
        }
        Delivery::Dropped => {
            "The mail was not sent because a newer one replaced it. Send it again if none arrived."
        }
    }
}
