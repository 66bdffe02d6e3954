//! A field for the day on which something ends.

use leptos::{ev, html, prelude::*};
use rolecall_shared::Timestamp;

use super::icon::{Glyph, icon};
use crate::browser;

/// What a date field holds.
#[derive(Clone, Copy)]
pub struct EndDate {
    /// The last moment of the chosen day in UTC; `None`: no end.
    pub at: RwSignal<Option<Timestamp>>,
    /// Why what is in the field can not be used.
    pub problem: RwSignal<Option<String>>,
}

impl EndDate {
    /// A field that shows `at` first.
    pub fn new(at: Option<Timestamp>) -> Self {
        Self {
            at: RwSignal::new(at),
            problem: RwSignal::new(None),
        }
    }

    /// Shows another day, or none.
    pub fn set(self, at: Option<Timestamp>) {
        self.problem.set(None);
        self.at.set(at);
    }

    /// Takes in what was typed. Half a date is no date, and must not read as "no end".
    fn typed(self, text: &str, half: bool) {
        let at = Timestamp::end_of_day(text);
        let problem = match at {
            None if half || !text.is_empty() => Some("Enter a whole date, or clear the field."),
            Some(end) if end <= browser::now() => Some("This day is over. Choose a later one."),
            _ => None,
        };
        self.problem.set(problem.map(str::to_owned));
        // A field tells its value again when it is left, and leaving it for a button must not have what
        // hangs on the date asked anew: the button would be off at the moment of the click.
        if self.at.get_untracked() != at {
            self.at.set(at);
        }
    }
}

/// A label, a native date field, its help and what is wrong with it.
#[component]
pub fn DateField(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What ends, such as "Ends".
    label: &'static str,
    date: EndDate,
    /// Stands for people who can not see beside what the field stands; the label without it.
    #[prop(optional, into)]
    name: Option<String>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let first = date.at.get_untracked().map(Timestamp::day);
    // Only what changed elsewhere is written back: writing while somebody types a date breaks it off.
    Effect::new(move |_| {
        let at = date.at.get();
        if let Some(field) = field.get()
            && Timestamp::end_of_day(&field.value()).map(Timestamp::day) != at.map(Timestamp::day)
            && date.problem.with_untracked(Option::is_none)
        {
            field.set_value(&at.map(Timestamp::day).unwrap_or_default());
        }
    });
    let typed = move |event: ev::Event| {
        let half = field.get_untracked().is_some_and(|field| {
            // What can not be read as a date is "" and invalid.
            field.matches(":invalid").unwrap_or(false)
        });
        date.typed(&event_target_value(&event), half);
    };
    let help = format!("{id}-help");
    view! {
        <div class="field">
            <label for=id.clone()>{label}<span class="rc-optional">" optional"</span></label>
            <input
                id=id
                class="input"
                type="date"
                max="9999-12-31"
                node_ref=field
                value=first
                aria-label=name
                aria-describedby=help.clone()
                aria-invalid=move || date.problem.with(Option::is_some).then_some("true")
                on:input=typed
                on:blur=move |event: ev::FocusEvent| typed(event.into())
            />
            {move || date.problem.get().map(|problem| view! {
                <p class="rc-error" role="alert">{icon(Glyph::Triangle)}{problem}</p>
            })}
            <p class="rc-help" id=help>"The last day, until its end in UTC. Empty: no end."</p>
        </div>
    }
    .into_any()
}
