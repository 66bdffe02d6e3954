//! The password.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::account::{AccountPage as Account, password_problem};

use super::{Field, Forms, Sending, form, plain};
use crate::{api::account::change_password, components::button::ActionButton};

/// Both passwords, as far as they are typed.
#[derive(Clone, Copy)]
pub struct PasswordForm {
    current: RwSignal<String>,
    new: RwSignal<String>,
    sending: Sending,
}

impl PasswordForm {
    /// Nothing typed.
    pub fn new() -> Self {
        Self {
            current: RwSignal::new(String::new()),
            new: RwSignal::new(String::new()),
            sending: Sending::new(),
        }
    }

    /// Whether something would be lost.
    pub fn dirty(self) -> bool {
        self.current.with(|text| !text.is_empty()) || self.new.with(|text| !text.is_empty())
    }
}

/// The section.
pub(super) fn section(forms: Forms, account: &Account) -> AnyView {
    let body = if account.has_password {
        fields(forms)
    } else {
        view! { <p>"You have no password here: you sign in elsewhere."</p> }.into_any()
    };
    view! {
        <section class="rc-section" aria-labelledby="account-secret">
            <div class="rc-section-head"><h2 id="account-secret">"Password"</h2></div>
            {body}
        </section>
    }
    .into_any()
}

fn fields(forms: Forms) -> AnyView {
    let PasswordForm {
        current,
        new,
        sending,
    } = forms.password;
    let blocked = Signal::derive(move || {
        if current.with(String::is_empty) {
            return Some("Enter your present password first.".to_owned());
        }
        new.with(|new| password_problem(new))
    });
    let send = move || {
        if blocked.with_untracked(Option::is_some) || sending.busy.get_untracked() {
            return;
        }
        sending.start();
        spawn_local(async move {
            match change_password(current.get_untracked(), new.get_untracked()).await {
                Ok(()) => {
                    let _ = current.try_set(String::new());
                    let _ = new.try_set(String::new());
                    sending.end();
                    forms
                        .toasts
                        .done("Your password is changed. All other browsers are signed out.");
                    forms.changed();
                }
                Err(failure) => sending.fail(failure),
            }
        });
    };
    let present = Field {
        id: "account-current",
        label: "Present password",
        kind: "password",
        autocomplete: "current-password",
        ..plain(current, sending.wrong("current"))
    };
    let next = Field {
        id: "account-password",
        label: "New password",
        kind: "password",
        autocomplete: "new-password",
        help: "At least 15 characters. Four or five random words work well.",
        ..plain(new, sending.wrong("password"))
    };
    let body = view! {
        {sending.alert(&["current", "password"])}
        {present.view()}
        {next.view()}
        <p class="rc-help">"All other browsers are signed out, and a mail tells you of the change."</p>
        <div class="rc-actions">
            <ActionButton label="Change password" busy=sending.busy blocked action=send/>
        </div>
    }
    .into_any();
    form(send, body)
}
