//! Every dialog, in a file of its own that browsers fetch when somebody is about to open one.

use leptos::{ev, prelude::*};

use super::{
    invitations::{Doing, InvitationDialogs},
    invite::InviteDialog,
    life::{
        LifeDialogs,
        several::{Bar, Selection, SeveralDialog},
    },
    team::TeamDialogs,
};

/// A set of dialogs that belong together.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Of both tabs.
    Team,
    /// Of one invitation.
    Invitation(Doing),
    /// Of one member's life here.
    Life,
    /// Of several members, and the bar that counts them.
    Several(Selection),
}

/// Draws a set. The one way to any dialog, so that all of them are in the file.
#[lazy]
fn draw(kind: Kind) -> AnyView {
    match kind {
        Kind::Team => {
            let TeamDialogs { invite } = expect_context();
            view! { <InviteDialog form=invite/> }.into_any()
        }
        Kind::Invitation(doing) => view! { <InvitationDialogs doing/> }.into_any(),
        Kind::Life => view! { <LifeDialogs/> }.into_any(),
        Kind::Several(selection) => view! {
            <Bar selection/>
            <SeveralDialog selection/>
        }
        .into_any(),
    }
}

/// The place of a set: empty until `wanted` is true for the first time.
#[component]
pub fn Dialogs(kind: Kind, #[prop(into)] wanted: Signal<bool>) -> impl IntoView {
    let ever = Memo::new(move |before: Option<&bool>| before.is_some_and(|b| *b) || wanted.get());
    view! { {move || ever.get().then(|| Suspend::new(draw(kind)))} }.into_any()
}

/// Fetches the file as soon as somebody moves on the page, so that a dialog opens at once.
pub fn fetch_early() {
    Effect::new(move |_| {
        let asked = StoredValue::new(false);
        let fetch = move || {
            if !asked.get_value() {
                asked.set_value(true);
                let _ = lazy_preload!(draw);
            }
        };
        let moved = window_event_listener(ev::pointerover, move |_| fetch());
        let typed = window_event_listener(ev::keydown, move |_| fetch());
        on_cleanup(move || {
            moved.remove();
            typed.remove();
        });
    });
}
