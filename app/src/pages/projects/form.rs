//! Forms in dialogs: name and description of a project, and what all of them share, which is where
//! their sending is and that typed text is never lost without asking.

use leptos::{ev, prelude::*};
use rolecall_shared::{
    project::ProjectDraft,
    text::{NAME_MAX, NOTE_MAX},
};

use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        modal::Modal,
        problem::alert,
    },
    error::ApiFailure,
};

/// Where the sending of a form is.
#[derive(Clone, Copy)]
pub struct Sending {
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    /// Why the last one was refused.
    pub failed: RwSignal<Option<ApiFailure>>,
}

impl Sending {
    /// Nothing was sent.
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
        }
    }

    /// Sent just now.
    pub fn start(self) {
        self.busy.set(true);
        self.failed.set(None);
    }

    /// Answered as hoped for. The page may be gone by then.
    pub fn end(self) {
        let _ = self.busy.try_set(false);
    }

    /// Refused; what was typed stays.
    pub fn fail(self, failure: ApiFailure) {
        let _ = self.failed.try_set(Some(failure));
        self.end();
    }

    /// Forgets what was refused, for the next opening.
    pub fn forget(self) {
        self.failed.set(None);
    }

    /// What is wrong with one field.
    pub fn wrong(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.failed.with(|failed| {
                let failed = failed.as_ref()?;
                failed.0.for_field(field).map(str::to_owned)
            })
        })
    }

    /// What was refused and is not said beside one of these fields.
    pub fn alert(self, fields: &'static [&'static str]) -> impl Fn() -> Option<AnyView> {
        move || {
            self.failed.with(|failed| {
                let failed = &failed.as_ref()?.0;
                let beside = !failed.fields.is_empty()
                    && failed
                        .fields
                        .iter()
                        .all(|wrong| fields.contains(&wrong.field.as_str()));
                (!beside).then(|| alert(failed))
            })
        }
    }
}

/// Asks before a dialog is closed that somebody typed in.
#[derive(Clone, Copy)]
pub struct Discard {
    open: RwSignal<bool>,
    dirty: Signal<bool>,
    asking: RwSignal<bool>,
}

impl Discard {
    /// For one dialog; `dirty` says whether something would be lost.
    pub fn new(open: RwSignal<bool>, dirty: Signal<bool>) -> Self {
        Self {
            open,
            dirty,
            asking: RwSignal::new(false),
        }
    }

    /// What the dialog runs when somebody wants to close it.
    pub fn ask(self) -> Callback<()> {
        Callback::new(move |()| self.close())
    }

    /// Closes, or asks first.
    pub fn close(self) {
        if self.dirty.get_untracked() {
            self.asking.set(true);
        } else {
            self.throw_away();
        }
    }

    fn throw_away(self) {
        self.asking.set(false);
        self.open.set(false);
    }
}

/// The foot of a dialog with a form: Cancel and the buttons, or the question whether to discard.
#[component]
pub fn Foot(discard: Discard, children: ChildrenFn) -> impl IntoView {
    let asking = discard.asking;
    let buttons = StoredValue::new(children);
    view! {
        <footer>
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button type="button" class="btn" data-variant="outline" on:click=move |_| discard.close()>
                        "Cancel"
                    </button>
                    {buttons.with_value(|buttons| buttons())}
                }
            >
                <p class="grow" role="alert">"Discard what you changed?"</p>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| asking.set(false)>
                    "Keep editing"
                </button>
                <button
                    type="button" class="btn" data-variant="destructive"
                    on:click=move |_| discard.throw_away()
                >
                    "Discard"
                </button>
            </Show>
        </footer>
    }
    .into_any()
}

/// A text field with what is wrong and what helps.
#[component]
pub fn TextField(
    /// Unique on the page.
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(into)] wrong: Signal<Option<String>>,
    /// What helps, below.
    #[prop(optional)]
    help: &'static str,
    /// Longest text in characters; the server decides again.
    max: usize,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Several lines.
    #[prop(optional)]
    long: bool,
) -> impl IntoView {
    let described = format!("{id}-help {id}-error");
    let invalid = move || wrong.with(Option::is_some).then_some("true");
    let typed = move |event: ev::Event| value.set(event_target_value(&event));
    let control = if long {
        view! {
            <textarea
                id=id class="textarea" rows="3" maxlength=max.to_string()
                aria-describedby=described aria-invalid=invalid
                prop:value=move || value.get()
                on:input=typed
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                id=id class="input" type="text" autocomplete="off" maxlength=max.to_string()
                aria-describedby=described aria-invalid=invalid
                prop:value=move || value.get()
                on:input=typed
            />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=id>
                {label}
                {optional.then(|| view! { <span class="rc-optional">"optional"</span> })}
            </label>
            {control}
            {move || wrong.get().map(|message| view! {
                <p class="rc-error" id=format!("{id}-error")>{icon(Glyph::Triangle)}{message}</p>
            })}
            {(!help.is_empty()).then(|| view! { <p class="rc-help" id=format!("{id}-help")>{help}</p> })}
        </div>
    }
    .into_any()
}

/// What is wrong with a field, below it.
pub fn error(message: String) -> AnyView {
    view! { <p class="rc-error">{icon(Glyph::Triangle)}{message}</p> }.into_any()
}

/// The dialog with the name and the description of a project.
#[component]
pub fn ProjectForm(
    /// Unique on the page.
    id: &'static str,
    open: RwSignal<bool>,
    title: &'static str,
    lead: &'static str,
    /// The words of the button.
    label: &'static str,
    /// What stands in the fields when it opens.
    start: Signal<ProjectDraft>,
    sending: Sending,
    #[prop(into)] save: Callback<ProjectDraft>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let began = RwSignal::new(ProjectDraft::default());
    Effect::new(move |_| {
        if open.get() {
            let draft = start.get_untracked();
            name.set(draft.name.clone());
            description.set(draft.description.clone());
            began.set(draft);
            sending.forget();
        }
    });
    let draft = move || ProjectDraft {
        name: name.get(),
        description: description.get(),
    };
    let changed = Signal::derive(move || began.with(|began| *began != draft()));
    let discard = Discard::new(open, changed);
    let waiting = Signal::derive(move || {
        if name.with(|name| name.trim().is_empty()) {
            Some("Enter a name first.".to_owned())
        } else {
            (!changed.get()).then(|| "Nothing is changed yet.".to_owned())
        }
    });
    view! {
        <Modal id open title lead=Signal::stored(Some(lead.to_owned())) ask=discard.ask()>
            <section>
                {sending.alert(&["name", "description"])}
                <TextField
                    id="project-name" label="Name" value=name max=NAME_MAX
                    wrong=sending.wrong("name")
                />
                <TextField
                    id="project-description" label="Description" value=description max=NOTE_MAX
                    wrong=sending.wrong("description") optional=true long=true
                    help="What it is for, in a sentence. Everybody who sees the project reads it."
                />
            </section>
            <Foot discard>
                <ActionButton
                    label busy=sending.busy blocked=waiting
                    action=move || save.run(untrack(draft))
                />
            </Foot>
        </Modal>
    }
    .into_any()
}
