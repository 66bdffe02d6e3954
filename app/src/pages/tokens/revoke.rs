//! Revoking a token, confirmed by its name.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::token::TokenRow;

use crate::{
    api::tokens::revoke_token,
    components::{button::ActionButton, modal::Modal, problem::alert, toast::Toasts},
    error::ApiFailure,
    here::Here,
};

/// Which token is about to be revoked.
#[derive(Clone, Copy)]
pub struct Revoking {
    open: RwSignal<bool>,
    token: RwSignal<Option<TokenRow>>,
}

impl Revoking {
    /// None.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            token: RwSignal::new(None),
        }
    }

    /// Asks whether to revoke a token.
    pub fn ask(self, token: &TokenRow) {
        self.token.set(Some(token.clone()));
        self.open.set(true);
    }

    fn name(self) -> String {
        self.token
            .with(|token| token.as_ref().map(|token| token.name.clone()))
            .unwrap_or_default()
    }

    /// Whose it is, when it is somebody else's.
    fn holder(self) -> Option<String> {
        self.token.with(|token| {
            let token = token.as_ref().filter(|token| !token.is_yours)?;
            Some(format!(
                "It belongs to {} ({}). ",
                token.member.name, token.email
            ))
        })
    }
}

/// The dialog.
#[component]
pub fn RevokeDialog(revoking: Revoking) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiFailure>);
    let open = revoking.open;
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
        }
    });
    let revoke = move || {
        let Some(token) = revoking.token.get_untracked() else {
            return;
        };
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            match revoke_token(here.slug.get_untracked(), token.id).await {
                Ok(()) => {
                    let _ = open.try_set(false);
                    toasts.done(format!("The token {} is revoked.", token.name));
                }
                Err(failure) => {
                    let _ = failed.try_set(Some(failure));
                }
            }
            let _ = busy.try_set(false);
            here.live.access_changed();
        });
    };
    view! {
        <Modal
            id="token-revoke"
            size="sm"
            open=open
            title=Signal::derive(move || format!("Revoke the token {}", revoking.name()))
        >
            <section>
                <p>
                    {move || revoking.holder()}
                    "Whatever uses it is refused from its next request on. This can not be undone; make a new token instead."
                </p>
                {move || failed.get().map(|failure| alert(&failure.0))}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Keep it"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Revoke {}", revoking.name()))
                    variant="destructive"
                    busy=busy
                    action=revoke
                />
            </footer>
        </Modal>
    }
    .into_any()
}
