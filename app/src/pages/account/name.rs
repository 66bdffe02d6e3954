//! The name.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::account::AccountPage as Account;

use super::{Field, Forms, Sending, form};
use crate::{api::account::rename_account, components::button::ActionButton};

/// What is typed, while it differs from what is saved.
#[derive(Clone, Copy)]
pub struct NameForm {
    typed: RwSignal<Option<String>>,
    sending: Sending,
}

impl NameForm {
    /// As saved.
    pub fn new() -> Self {
        Self {
            typed: RwSignal::new(None),
            sending: Sending::new(),
        }
    }

    /// Whether something would be lost.
    pub fn dirty(self) -> bool {
        self.typed.with(Option::is_some)
    }
}

/// The section.
pub(super) fn section(forms: Forms, account: &Account) -> AnyView {
    let NameForm { typed, sending } = forms.name;
    let saved = StoredValue::new(account.name.clone());
    let save = move || {
        let Some(name) = typed
            .get_untracked()
            .filter(|_| !sending.busy.get_untracked())
        else {
            return;
        };
        sending.start();
        spawn_local(async move {
            match rename_account(name).await {
                Ok(name) => {
                    let _ = typed.try_set(None);
                    sending.end();
                    forms.toasts.done(format!(
                        "You are called {name} now, in all your workspaces."
                    ));
                    forms.changed();
                    forms.renamed();
                }
                Err(failure) => sending.fail(failure),
            }
        });
    };
    let field = Field {
        id: "account-name",
        label: "Name",
        kind: "text",
        autocomplete: "name",
        help: "Everybody in your workspaces sees it.",
        start: account.name.clone(),
        value: Signal::derive(move || typed.get().unwrap_or_else(|| saved.get_value())),
        typed: Callback::new(move |text: String| {
            typed.set((saved.with_value(|saved| *saved != text)).then_some(text));
        }),
        wrong: sending.wrong("name"),
    };
    let unchanged = Signal::derive(move || {
        typed
            .with(Option::is_none)
            .then(|| "Nothing is changed yet.".to_owned())
    });
    let body = view! {
        {sending.alert(&["name"])}
        {field.view()}
        <div class="rc-actions">
            <ActionButton label="Save name" busy=sending.busy blocked=unchanged action=save/>
        </div>
    }
    .into_any();
    view! {
        <section class="rc-section" aria-labelledby="account-who">
            <div class="rc-section-head"><h2 id="account-who">"Name"</h2></div>
            {form(save, body)}
        </section>
    }
    .into_any()
}
