//! Another role for a waiting invitation.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{RoleId, invitation::InviteOptions};

use super::actions::{Doing, change_role, what_next};
use crate::{
    api::invitations::invite_options,
    components::{button::ActionButton, modal::Modal, problem::alert, toast::Toasts},
    error::ApiFailure,
    here::Here,
    pages::invite::role_cards,
};

/// The dialog.
#[component]
pub fn RoleDialog(doing: Doing) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let chosen = RwSignal::new(None::<RoleId>);
    let options = RwSignal::new(None::<Result<InviteOptions, ApiFailure>>);
    let failed = RwSignal::new(None::<ApiFailure>);
    let busy = RwSignal::new(false);
    let open = doing.role;
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
            options.set(None);
            chosen.set(
                doing
                    .row
                    .with_untracked(|row| row.as_ref().map(|row| row.role.id)),
            );
            spawn_local(async move {
                let answer = invite_options(here.slug.get_untracked()).await;
                let _ = options.try_set(Some(answer));
            });
        }
    });
    let unchanged = Signal::derive(move || {
        let now = doing.row.with(|row| row.as_ref().map(|row| row.role.id));
        (chosen.get() == now).then(|| "Choose another role than the present one.".to_owned())
    });
    let save = move || {
        let (Some(row), Some(role)) = (doing.row.get_untracked(), chosen.get_untracked()) else {
            return;
        };
        let mail = options.with_untracked(|o| matches!(o, Some(Ok(o)) if o.mail));
        busy.set(true);
        spawn_local(async move {
            match change_role(here, row.id, row.version, role).await {
                Ok(()) => {
                    open.set(false);
                    toasts.done(format!(
                        "The invitation of {} has another role now. {}",
                        row.email,
                        what_next(mail)
                    ));
                }
                Err(failure) => failed.set(Some(failure)),
            }
            busy.set(false);
        });
    };
    view! {
        <Modal
            id="invitation-role"
            open=open
            title=Signal::derive(move || format!("Change the role of {}", doing.email()))
            lead=Signal::stored(Some("Links given out so far stop working.".to_owned()))
        >
            <section>
                {move || failed.get().map(|failure| alert(&failure.0))}
                {move || match options.get() {
                    None => view! { <span class="skeleton" data-line="long"></span> }.into_any(),
                    Some(Err(failure)) => alert(&failure.0),
                    Some(Ok(options)) => role_cards("new-role", &options.roles, chosen),
                }}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Cancel"
                </button>
                <ActionButton label="Change role" busy=busy blocked=unchanged action=save/>
            </footer>
        </Modal>
    }
    .into_any()
}
