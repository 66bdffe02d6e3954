//! The address: the present one, the one that waits, and asking for another.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::account::{AccountPage as Account, PendingEmail};

use super::{Field, Forms, Sending, form, plain};
use crate::{
    api::account::{change_email, withdraw_email},
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        time::until,
    },
};

/// The other address, as far as it is typed.
#[derive(Clone, Copy)]
pub struct EmailForm {
    typed: RwSignal<String>,
    sending: Sending,
}

impl EmailForm {
    /// Nothing typed.
    pub fn new() -> Self {
        Self {
            typed: RwSignal::new(String::new()),
            sending: Sending::new(),
        }
    }

    /// Whether something would be lost.
    pub fn dirty(self) -> bool {
        self.typed.with(|typed| !typed.is_empty())
    }
}

/// The section.
pub(super) fn section(forms: Forms, account: &Account) -> AnyView {
    let EmailForm { typed, sending } = forms.email;
    let mail = account.mail;
    let blocked = Signal::derive(move || {
        if !mail {
            return Some(
                "This installation can not send mail, so a new address can not be confirmed."
                    .to_owned(),
            );
        }
        typed
            .with(|typed| typed.trim().is_empty())
            .then(|| "Enter the new address first.".to_owned())
    });
    let send = move || {
        if blocked.with_untracked(Option::is_some) || sending.busy.get_untracked() {
            return;
        }
        sending.start();
        spawn_local(async move {
            let email = typed.get_untracked();
            let order = async || change_email(email.clone()).await;
            match forms.confirm.run(order).await {
                Ok(()) => {
                    let _ = typed.try_set(String::new());
                    sending.end();
                    forms
                        .toasts
                        .done(format!("A link is on its way to {}.", email.trim()));
                    forms.changed();
                }
                Err(failure) => sending.fail(failure),
            }
        });
    };
    let field = Field {
        id: "account-email",
        label: "New e-mail address",
        kind: "email",
        autocomplete: "email",
        help: "A link goes there. Nothing changes before you open it and confirm.",
        ..plain(typed, sending.wrong("email"))
    };
    let body = view! {
        {sending.alert(&["email"])}
        {field.view()}
        {(!mail).then(|| view! {
            <p class="rc-help">
                "This installation can not send mail, so a new address can not be confirmed. Ask whoever runs it."
            </p>
        })}
        <div class="rc-actions">
            <ActionButton label="Send the link" busy=sending.busy blocked action=send/>
        </div>
    }
    .into_any();
    view! {
        <section class="rc-section" aria-labelledby="account-address">
            <div class="rc-section-head"><h2 id="account-address">"E-mail address"</h2></div>
            <p>
                "You sign in with "<b>{account.email.clone()}</b>
                {if account.email_verified { "." } else { ". It was not proven yet that it is yours." }}
            </p>
            {account.pending_email.clone().map(|pending| waiting(forms, &pending))}
            {form(send, body)}
        </section>
    }
    .into_any()
}

fn waiting(forms: Forms, pending: &PendingEmail) -> AnyView {
    let busy = RwSignal::new(false);
    let withdraw = move || {
        busy.set(true);
        spawn_local(async move {
            match withdraw_email().await {
                Ok(()) => {
                    forms.toasts.done("Your address stays as it is.");
                    forms.changed();
                }
                Err(failure) => forms.toasts.failed(&failure),
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <div class="alert">
            {icon(Glyph::Hourglass)}
            <strong>{pending.email.clone()}" waits to be confirmed"</strong>
            <div class="space-y-2">
                <p>"Open the link in the mail that went there. The link ends "{until(pending.expires_at)}"."</p>
                <ActionButton label="Withdraw the change" variant="outline" size="sm" busy action=withdraw/>
            </div>
        </div>
    }
    .into_any()
}
