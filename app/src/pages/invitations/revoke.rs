//! Taking an invitation back, confirmed by its address.

use leptos::{prelude::*, task::spawn_local};

use super::actions::Doing;
use crate::{
    api::invitations::revoke_invitation,
    components::{button::ActionButton, modal::Modal, problem::alert, toast::Toasts},
    error::ApiFailure,
    here::Here,
};

/// The dialog.
#[component]
pub fn RevokeDialog(doing: Doing) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiFailure>);
    let open = doing.revoke;
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
        }
    });
    let revoke = move || {
        let Some(row) = doing.row.get_untracked() else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            match revoke_invitation(here.slug.get_untracked(), row.id, row.version).await {
                Ok(()) => {
                    open.set(false);
                    toasts.done(format!(
                        "The invitation of {} is revoked. Its link no longer works.",
                        row.email
                    ));
                }
                Err(failure) => failed.set(Some(failure)),
            }
            busy.set(false);
            here.live.invitations_changed();
        });
    };
    view! {
        <Modal
            id="invitation-revoke"
            size="sm"
            open=open
            title=Signal::derive(move || format!("Revoke the invitation of {}", doing.email()))
        >
            <section>
                <p>
                    "The link stops working at once. "{move || doing.email()}
                    " is not told, and can be invited again."
                </p>
                {move || failed.get().map(|failure| alert(&failure.0))}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Keep it"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Revoke {}", doing.email()))
                    variant="destructive"
                    busy=busy
                    action=revoke
                />
            </footer>
        </Modal>
    }
    .into_any()
}
