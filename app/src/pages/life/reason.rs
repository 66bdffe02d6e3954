//! The reason of a deed, in the words of the one who does it.

use leptos::{ev, prelude::*};
use rolecall_shared::text::NOTE_MAX;

use crate::{
    components::icon::{Glyph, icon},
    error::ApiFailure,
};

/// A text of some lines that may stay empty, and what is wrong with it.
pub fn reason_field(
    id: &'static str,
    reason: RwSignal<String>,
    help: &'static str,
    failed: RwSignal<Option<ApiFailure>>,
) -> AnyView {
    field(id, reason, help, failed, true)
}

/// The same where the server wants a reason.
pub fn needed_reason(
    id: &'static str,
    reason: RwSignal<String>,
    help: &'static str,
    failed: RwSignal<Option<ApiFailure>>,
) -> AnyView {
    field(id, reason, help, failed, false)
}

fn field(
    id: &'static str,
    reason: RwSignal<String>,
    help: &'static str,
    failed: RwSignal<Option<ApiFailure>>,
    optional: bool,
) -> AnyView {
    let problem = move || {
        failed.with(|failed| {
            let failure = failed.as_ref()?;
            failure.0.for_field("reason").map(str::to_owned)
        })
    };
    let help_id = format!("{id}-help");
    view! {
        <div class="field">
            <label for=id>
                "Reason"
                {optional.then(|| view! { <span class="rc-optional">" optional"</span> })}
            </label>
            <textarea
                id=id
                class="textarea"
                rows="2"
                aria-required=(!optional).then_some("true")
                maxlength=NOTE_MAX.to_string()
                aria-describedby=help_id.clone()
                aria-invalid=move || problem().is_some().then_some("true")
                prop:value=move || reason.get()
                on:input=move |event: ev::Event| reason.set(event_target_value(&event))
            ></textarea>
            {move || problem().map(|problem| view! {
                <p class="rc-error" role="alert">{icon(Glyph::Triangle)}{problem}</p>
            })}
            <p class="rc-help" id=help_id>{help}</p>
        </div>
    }
    .into_any()
}
