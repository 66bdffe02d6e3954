//! One filter of a list: a select that looks like a chip.

use leptos::{ev, prelude::*};

/// What a filter offers: value in the address, words for people.
pub type Choices = Vec<(String, String)>;

/// The button of the form where there is no script: choosing alone sends nothing then.
pub const APPLY: &str = r#"<button class="btn" data-variant="outline">Apply</button>"#;

/// A select named as in the address. Choosing runs `pick` in the browser; before that arrives, the
/// form around it sends the same choice.
#[component]
pub fn Filter(
    name: &'static str,
    /// What it filters by, such as "Role".
    label: &'static str,
    /// What choosing nothing means, such as "All roles".
    all: &'static str,
    choices: Choices,
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] pick: Callback<String>,
) -> impl IntoView {
    let first = chosen.get_untracked();
    let options = choices
        .into_iter()
        .map(|(value, words)| {
            let selected = value == first;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <select
            class="rc-chip"
            name=name
            aria-label=label
            data-on=move || chosen.with(|value| !value.is_empty()).then_some("true")
            prop:value=move || chosen.get()
            on:change=move |event: ev::Event| pick.run(event_target_value(&event))
        >
            <option value="" selected=first.is_empty()>{all}</option>
            {options}
        </select>
    }
    .into_any()
}
