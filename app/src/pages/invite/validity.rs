//! For how long invitations can be accepted.

use leptos::{ev, prelude::*};
use rolecall_shared::time::span;

/// The field: the usual validities and `own`, the workspace's. `mark` is said after that one.
pub fn validity_field(
    id: &'static str,
    label: &'static str,
    own: u32,
    mark: &'static str,
    hours: RwSignal<u32>,
) -> AnyView {
    let options = choices(own)
        .into_iter()
        .map(|choice| {
            let mark = if choice == own { mark } else { "" };
            let words = format!("{}{mark}", span(i64::from(choice) * 3_600));
            // Named here too: the select has its value set before it has any choices.
            let chosen = hours.get_untracked() == choice;
            view! { <option value=choice.to_string() selected=chosen>{words}</option> }
        })
        .collect_view();
    view! {
        <label for=id>{label}</label>
        <select
            id=id
            prop:value=move || hours.get().to_string()
            on:change=move |event: ev::Event| {
                if let Ok(chosen) = event_target_value(&event).parse() {
                    hours.set(chosen);
                }
            }
        >
            {options}
        </select>
    }
    .into_any()
}

/// The usual validities in hours, and the workspace's own.
fn choices(own: u32) -> Vec<u32> {
    let mut choices = vec![24, 72, 7 * 24, 14 * 24, 30 * 24];
    if !choices.contains(&own) {
        choices.push(own);
        choices.sort_unstable();
    }
    choices
}
