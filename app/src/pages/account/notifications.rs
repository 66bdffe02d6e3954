//! Which mails one gets: a box for each kind, saved at once.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::notification::{NotificationChoice, NotificationKind};

use super::Forms;
use crate::{
    api::account::set_notification,
    components::icon::{Glyph, icon},
};

/// The section. The foot of each mail that can be switched off leads here.
pub(super) fn section(forms: Forms, choices: Vec<NotificationChoice>, mail: bool) -> AnyView {
    let rows = choices
        .into_iter()
        .map(|choice| match choice.kind.always() {
            None => open(forms, choice),
            Some(why) => fixed(choice.kind, why),
        })
        .collect_view();
    view! {
        <section class="rc-section" id="notifications" aria-labelledby="account-notifications">
            <div class="rc-section-head"><h2 id="account-notifications">"Notifications"</h2></div>
            <p>"Mails that you get, from all your workspaces. A change is saved at once."</p>
            {(!mail).then(|| view! {
                <p class="rc-help">
                    {icon(Glyph::Mail)}
                    "This installation has no mail server, so no mail is sent at all. Your choice is kept for when it has one."
                </p>
            })}
            <div class="rc-choices" role="group" aria-labelledby="account-notifications">{rows}</div>
        </section>
    }
    .into_any()
}

/// A kind that can be switched off.
fn open(forms: Forms, choice: NotificationChoice) -> AnyView {
    let kind = choice.kind;
    let on = RwSignal::new(choice.on);
    let sending = StoredValue::new(false);
    let change = move |wanted: bool| {
        on.set(wanted);
        if sending.get_value() {
            return;
        }
        sending.set_value(true);
        spawn_local(async move {
            send(forms, kind, on).await;
            let _ = sending.try_set_value(false);
        });
    };
    view! {
        <label class="rc-choice">
            <input
                type="checkbox"
                class="input"
                autocomplete="off"
                checked=choice.on
                prop:checked=move || on.get()
                on:change=move |event: ev::Event| change(event_target_checked(&event))
            />
            {words(kind, None)}
        </label>
    }
    .into_any()
}

/// Sends what is wanted, and again what was chosen meanwhile, so that the last choice counts. What is
/// refused is not shown as if it held.
async fn send(forms: Forms, kind: NotificationKind, on: RwSignal<bool>) {
    while let Some(wanted) = on.try_get_untracked() {
        if let Err(failure) = set_notification(kind, wanted).await {
            let _ = on.try_set(!wanted);
            forms.toasts.failed(&failure);
            return;
        }
        if on.try_get_untracked().is_none_or(|now| now == wanted) {
            forms.toasts.done(if wanted {
                format!("You get mails about “{}” from now on.", kind.title())
            } else {
                format!("You get no more mails about “{}”.", kind.title())
            });
            return;
        }
    }
}

/// A kind that is always on.
fn fixed(kind: NotificationKind, why: &'static str) -> AnyView {
    view! {
        <label class="rc-choice">
            <input type="checkbox" class="input" autocomplete="off" checked=true disabled=true/>
            {words(kind, Some(why))}
        </label>
    }
    .into_any()
}

fn words(kind: NotificationKind, always: Option<&'static str>) -> AnyView {
    view! {
        <span class="rc-choice-body">
            <b>{kind.title()}</b>
            <span class="rc-help">{kind.sentence()}</span>
            {always.map(|why| view! {
                <span class="rc-help">{icon(Glyph::Lock)}{format!("Always on. {why}")}</span>
            })}
        </span>
    }
    .into_any()
}
