//! A link to hand over instead of a mail.

use leptos::prelude::*;

use super::actions::Doing;
use crate::components::{copy::CopyField, modal::Modal};

/// The dialog.
#[component]
pub fn LinkDialog(doing: Doing) -> impl IntoView {
    let title = Signal::derive(move || {
        let email = doing
            .made
            .with(|made| made.as_ref().map(|made| made.email.clone()));
        format!("Link for {}", email.unwrap_or_default())
    });
    view! {
        <Modal id="invitation-link" open=doing.link title=title>
            <section>
                {move || doing.made.get().map(|made| {
                    view! {
                        <p>
                            "Give this link to "<b>{made.email.clone()}</b>
                            " only. It is shown once: copying again makes a new one, and this one stops working."
                            {made.mailed.then_some(" The link in the mail goes on working.")}
                        </p>
                        <CopyField
                            id="invitation-link-text"
                            label=format!("Invitation link for {}", made.email)
                            value=made.url
                            copied=made.copied
                        />
                    }
                })}
            </section>
            <footer>
                <button type="button" class="btn" on:click=move |_| doing.link.set(false)>"Done"</button>
            </footer>
        </Modal>
    }
    .into_any()
}
