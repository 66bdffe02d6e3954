//! Further facts of a resource, as rows of a name and a value.

use leptos::{ev, prelude::*};
use rolecall_shared::{
    project::ATTRIBUTES_MAX,
    text::{NAME_MAX, NOTE_MAX},
};

use crate::{
    browser,
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
    },
    pages::projects::form::error,
};

/// One row of the form.
#[derive(Clone)]
struct Pair {
    /// Tells rows apart while they come and go.
    id: u32,
    name: String,
    value: String,
}

/// The rows.
#[derive(Clone, Copy)]
pub struct Attributes {
    rows: RwSignal<Vec<Pair>>,
    next: StoredValue<u32>,
}

impl Attributes {
    /// None.
    pub fn new() -> Self {
        Self {
            rows: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    /// Shows these in place of what is there.
    pub fn set(self, pairs: &[(String, String)]) {
        self.rows.set(Vec::new());
        for (name, value) in pairs {
            self.push(name.clone(), value.clone());
        }
    }

    /// What is typed, without empty rows.
    pub fn get(self) -> Vec<(String, String)> {
        self.rows
            .get()
            .into_iter()
            .map(|pair| (pair.name, pair.value))
            .filter(|(name, value)| !(name.trim().is_empty() && value.trim().is_empty()))
            .collect()
    }

    /// What has to be corrected before it can be sent: a value without a name, a name twice.
    pub fn wrong(self) -> Option<String> {
        let pairs = self.get();
        let mut names = Vec::with_capacity(pairs.len());
        for (name, value) in &pairs {
            let name = name.trim();
            if name.is_empty() {
                return Some(format!(
                    "Name the attribute with the value “{}”.",
                    value.trim()
                ));
            }
            if names.contains(&name) {
                return Some(format!("The attribute “{name}” is there twice."));
            }
            names.push(name);
        }
        None
    }

    fn push(self, name: String, value: String) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.rows.update(|rows| rows.push(Pair { id, name, value }));
        id
    }

    fn change(self, id: u32, change: impl FnOnce(&mut Pair)) {
        self.rows.update(|rows| {
            if let Some(pair) = rows.iter_mut().find(|pair| pair.id == id) {
                change(pair);
            }
        });
    }

    /// How one row is called, for those who can not see beside what a field stands.
    fn called(self, id: u32) -> String {
        let name = self.rows.with(|rows| {
            let pair = rows.iter().find(|pair| pair.id == id);
            pair.map(|pair| pair.name.trim().to_owned())
        });
        match name.as_deref() {
            None | Some("") => "this attribute".to_owned(),
            Some(name) => format!("the attribute {name}"),
        }
    }

    fn remove(self, id: u32) {
        self.rows.update(|rows| rows.retain(|pair| pair.id != id));
        // The button that had the focus is gone.
        browser::focus("#resource-attributes-add button");
    }
}

/// The rows, each with its way out, and the way to one more.
#[component]
pub fn AttributeRows(
    attributes: Attributes,
    /// What the server found wrong with them.
    #[prop(into)]
    wrong: Signal<Option<String>>,
) -> impl IntoView {
    let add = move || {
        let id = attributes.push(String::new(), String::new());
        request_animation_frame(move || browser::focus(&format!("#resource-attribute-{id}")));
    };
    let full = Signal::derive(move || {
        (attributes.rows.with(Vec::len) >= ATTRIBUTES_MAX)
            .then(|| format!("A resource has at most {ATTRIBUTES_MAX} attributes."))
    });
    view! {
        <fieldset class="rc-pairs">
            <legend>"Attributes"<span class="rc-optional">"optional"</span></legend>
            <p class="rc-help">"Further facts, such as region and eu-central-1."</p>
            {move || wrong.get().map(error)}
            <For each=move || attributes.rows.get() key=|pair| pair.id let:pair>
                {row(attributes, pair)}
            </For>
            <div id="resource-attributes-add">
                <ActionButton
                    label="Add attribute" glyph=Glyph::Plus variant="outline" size="sm"
                    blocked=full action=add
                />
            </div>
        </fieldset>
    }
    .into_any()
}

fn row(attributes: Attributes, pair: Pair) -> AnyView {
    let Pair { id, name, value } = pair;
    view! {
        <div class="rc-pair">
            <input
                id=format!("resource-attribute-{id}")
                class="input" type="text" autocomplete="off" placeholder="Name" aria-label="Name of the attribute"
                maxlength=NAME_MAX.to_string()
                prop:value=name
                on:input=move |event: ev::Event| {
                    attributes.change(id, |pair| pair.name = event_target_value(&event));
                }
            />
            <input
                class="input" type="text" autocomplete="off" placeholder="Value"
                aria-label=move || format!("Value of {}", attributes.called(id))
                maxlength=NOTE_MAX.to_string()
                prop:value=value
                on:input=move |event: ev::Event| {
                    attributes.change(id, |pair| pair.value = event_target_value(&event));
                }
            />
            <button
                type="button" class="btn" data-variant="ghost" data-size="icon"
                aria-label=move || format!("Remove {}", attributes.called(id))
                on:click=move |_| attributes.remove(id)
            >
                {icon(Glyph::X)}
            </button>
        </div>
    }
    .into_any()
}
