//! Sending in batches, so that progress is real and a lost connection loses one batch at most.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{RoleId, invitation::InviteRequest};

use super::form::{InviteForm, Step};
use crate::{api::invitations::send_invitations, browser, here::Here};

/// Addresses in one request.
const BATCH: usize = 50;

/// Sends what is in the form. After a failure, the same content goes out under the same keys, so
/// that nobody gets two mails.
pub fn send(form: InviteForm, here: Here) {
    form.commit();
    let Some(role) = form.role.get_untracked() else {
        return;
    };
    let addresses: Vec<String> = form
        .tokens
        .with_untracked(|tokens| tokens.iter().map(|t| t.text.clone()).collect());
    let key = browser::random_key();
    let requests: Vec<InviteRequest> = addresses
        .chunks(BATCH)
        .enumerate()
        .map(|(index, batch)| request(form, format!("{key}-{index}"), batch.to_vec(), role))
        .collect();
    let repeated = form.queue.with_untracked(|queue| {
        queue.len() == requests.len()
            && queue.iter().zip(&requests).all(|(old, new)| {
                *old == InviteRequest {
                    idempotency_key: old.idempotency_key.clone(),
                    ..new.clone()
                }
            })
    });
    if !repeated {
        form.queue.set(requests);
    }
    form.verdicts.set(Vec::new());
    resume(form, here);
}

/// What the form says, for some of its addresses.
fn request(
    form: InviteForm,
    idempotency_key: String,
    addresses: Vec<String>,
    role: RoleId,
) -> InviteRequest {
    InviteRequest {
        idempotency_key,
        addresses,
        role,
        groups: form.groups.get_untracked(),
        note: form.note.get_untracked(),
        hours: form.hours.get_untracked(),
        overrides: form.overrides(),
        start_fresh: false,
    }
}

/// The same for one former member, who is invited as if they were new; nothing when the form
/// was thrown away.
pub fn afresh(form: InviteForm, address: String) -> Option<InviteRequest> {
    let role = form.role.try_get_untracked().flatten()?;
    let request = request(form, browser::random_key(), vec![address], role);
    Some(InviteRequest {
        start_fresh: true,
        ..request
    })
}

/// Sends what is left of the queue.
pub fn resume(form: InviteForm, here: Here) {
    if form.step.get_untracked() == Step::Sending {
        return;
    }
    form.failure.set(None);
    form.discard.set(false);
    form.stop.set(false);
    form.step.set(Step::Sending);
    let slug = here.slug.get_untracked();
    spawn_local(async move {
        while !form.stop.try_get_untracked().unwrap_or(true) {
            let Some(request) = form.queue.with_untracked(|queue| queue.first().cloned()) else {
                break;
            };
            let answer = send_invitations(slug.clone(), request).await;
            if form.step.try_get_untracked().is_none() {
                // The page is gone; what was sent is in the list.
                return;
            }
            match answer {
                Ok(verdicts) => {
                    form.queue.update(|queue| {
                        queue.remove(0);
                    });
                    form.verdicts.update(|all| all.extend(verdicts));
                }
                Err(failure) => {
                    form.failure.set(Some(failure));
                    break;
                }
            }
        }
        if let Some(nothing) = form.verdicts.try_with_untracked(Vec::is_empty) {
            form.step
                .set(if nothing { Step::Write } else { Step::Done });
        }
        here.live.invitations_changed();
    });
}

/// The progress of the batches.
#[component]
pub fn Sending(form: InviteForm) -> impl IntoView {
    let done = move || form.verdicts.with(Vec::len);
    let total = move || done() + form.left();
    view! {
        <section>
            <p role="status">
                {move || format!("{} of {} addresses done.", done(), total())}
            </p>
            <progress
                class="rc-progress"
                aria-label="Sending"
                max=move || total().max(1).to_string()
                prop:value=move || f64::from(u32::try_from(done()).unwrap_or(u32::MAX))
            ></progress>
        </section>
        <footer>
            <button
                type="button"
                class="btn"
                data-variant="outline"
                aria-disabled=move || form.stop.get().then_some("true")
                on:click=move |_| form.stop.set(true)
            >
                {move || if form.stop.get() { "Stopping after this batch" } else { "Stop" }}
            </button>
        </footer>
    }
    .into_any()
}
