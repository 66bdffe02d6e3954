//! What the workspace allows for invitations: copying links, validity, domains.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::invitation::{DEFAULT_HOURS, InvitationPolicy};

use super::invite::validity_field;
use crate::{
    api::invitations::{invitation_policy, set_invitation_policy},
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        modal::Modal,
        problem::alert,
        toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
};

#[derive(Clone, Copy)]
struct Fields {
    loaded: RwSignal<bool>,
    copy_link: RwSignal<bool>,
    hours: RwSignal<u32>,
    domains: RwSignal<String>,
    failed: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

/// The dialog.
#[component]
pub fn PolicyDialog(open: RwSignal<bool>) -> impl IntoView {
    let here = Here::of_page();
    let fields = Fields {
        loaded: RwSignal::new(false),
        copy_link: RwSignal::new(false),
        hours: RwSignal::new(DEFAULT_HOURS),
        domains: RwSignal::new(String::new()),
        failed: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    Effect::new(move |_| {
        if open.get() {
            fields.loaded.set(false);
            fields.failed.set(None);
            spawn_local(load(here.slug.get_untracked(), fields));
        }
    });
    let toasts = Toasts::of_page();
    let save = move || {
        fields.busy.set(true);
        let policy = InvitationPolicy {
            copy_link: fields.copy_link.get_untracked(),
            hours: fields.hours.get_untracked(),
            allowed_domains: fields.domains.with_untracked(|text| domains(text)),
        };
        let slug = here.slug.get_untracked();
        spawn_local(async move {
            match set_invitation_policy(slug, policy).await {
                Ok(()) => {
                    open.set(false);
                    toasts.done("The invitation settings are saved.");
                    here.live.settings_changed();
                }
                Err(failure) => fields.failed.set(Some(failure)),
            }
            let _ = fields.busy.try_set(false);
        });
    };
    let waiting = Signal::derive(move || {
        (!fields.loaded.get()).then(|| "The present settings are not loaded yet.".to_owned())
    });
    view! {
        <Modal
            id="invitation-policy"
            open=open
            title="Invitation settings"
            lead=Signal::stored(Some("They hold for new invitations of this workspace.".to_owned()))
        >
            <section>
                {move || fields.failed.get().map(|failure| alert(&failure.0))}
                <Show
                    when=move || fields.loaded.get()
                    fallback=|| view! { <span class="skeleton" data-line="long"></span> }
                >
                    {inputs(fields)}
                </Show>
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Cancel"
                </button>
                <ActionButton label="Save settings" busy=fields.busy blocked=waiting action=save/>
            </footer>
        </Modal>
    }
    .into_any()
}

async fn load(slug: String, fields: Fields) {
    match invitation_policy(slug).await {
        Ok(policy) => {
            let _ = fields.copy_link.try_set(policy.copy_link);
            let _ = fields.hours.try_set(policy.hours);
            let _ = fields.domains.try_set(policy.allowed_domains.join("\n"));
            let _ = fields.loaded.try_set(true);
        }
        Err(failure) => {
            let _ = fields.failed.try_set(Some(failure));
        }
    }
}

fn inputs(fields: Fields) -> AnyView {
    let Fields {
        copy_link,
        hours,
        domains,
        failed,
        ..
    } = fields;
    let wrong = move |name: &'static str| {
        failed.with(|f| {
            f.as_ref()
                .and_then(|f| f.0.for_field(name).map(str::to_owned))
        })
    };
    let validity = validity_field(
        "policy-hours",
        "New invitations are valid for",
        hours.get_untracked(),
        "",
        hours,
    );
    view! {
        <label class="rc-choice">
            <input
                type="checkbox"
                class="input"
                prop:checked=move || copy_link.get()
                on:change=move |event: ev::Event| copy_link.set(event_target_checked(&event))
            />
            <span class="rc-choice-body">
                <b>"Links may be copied"</b>
                <span class="rc-help">
                    "Whoever may invite can hand over a link instead of a mail. "
                    "A link that was copied does not prove the address, so a code is mailed to it."
                </span>
            </span>
        </label>
        <div class="field">
            {validity}
            {move || wrong("hours").map(error)}
        </div>
        <div class="field">
            <label for="policy-domains">"Domains that may be invited"</label>
            <textarea
                id="policy-domains"
                class="textarea"
                rows="3"
                spellcheck="false"
                autocapitalize="off"
                aria-describedby="policy-domains-help"
                aria-invalid=move || wrong("allowed_domains").is_some().then_some("true")
                prop:value=move || domains.get()
                on:input=move |event: ev::Event| domains.set(event_target_value(&event))
            ></textarea>
            {move || wrong("allowed_domains").map(error)}
            <p class="rc-help" id="policy-domains-help">
                "One a line, such as example.org. Empty: addresses at any domain."
            </p>
        </div>
    }
    .into_any()
}

fn error(message: String) -> AnyView {
    view! { <p class="rc-error">{icon(Glyph::Triangle)}{message}</p> }.into_any()
}

/// One domain per line, comma or blank; a leading `@` is forgiven.
fn domains(text: &str) -> Vec<String> {
    text.split([',', ';', ' ', '\n', '\t'])
        .map(|part| part.trim().trim_start_matches('@').to_lowercase())
        .filter(|part| !part.is_empty())
        .collect()
}
