//! Adding a resource, or changing one.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::{
    project::{EXTERNAL_ID_MAX, ProjectPage, ResourceDraft, ResourceRow},
    text::NAME_MAX,
};

use super::{
    actions::{Doing, manageable, title},
    attributes::{AttributeRows, Attributes},
};
use crate::{
    api::resources::{create_resource, update_resource},
    components::{button::ActionButton, modal::Modal, toast::Toasts},
    error::ApiFailure,
    here::Here,
    pages::projects::form::{Discard, Foot, Sending, TextField, error},
};

/// What is typed.
#[derive(Clone, Copy)]
struct Fields {
    service: RwSignal<String>,
    name: RwSignal<String>,
    external_id: RwSignal<String>,
    attributes: Attributes,
    /// What stood there when the dialog opened.
    began: RwSignal<ResourceDraft>,
}

impl Fields {
    fn new() -> Self {
        Self {
            service: RwSignal::new(String::new()),
            name: RwSignal::new(String::new()),
            external_id: RwSignal::new(String::new()),
            attributes: Attributes::new(),
            began: RwSignal::new(ResourceDraft::default()),
        }
    }

    /// Shows a resource, or nothing but the first service that can be chosen.
    fn begin(self, project: &ProjectPage, row: Option<ResourceRow>) {
        let draft = match row {
            Some(row) => ResourceDraft {
                service: row.service,
                name: row.name,
                external_id: row.external_id,
                attributes: row.attributes,
            },
            None => ResourceDraft {
                service: manageable(project)
                    .into_iter()
                    .next()
                    .map(|(key, _)| key)
                    .unwrap_or_default(),
                ..ResourceDraft::default()
            },
        };
        self.service.set(draft.service.clone());
        self.name.set(draft.name.clone());
        self.external_id.set(draft.external_id.clone());
        self.attributes.set(&draft.attributes);
        self.began.set(draft);
    }

    fn draft(self) -> ResourceDraft {
        ResourceDraft {
            service: self.service.get(),
            name: self.name.get(),
            external_id: self.external_id.get(),
            attributes: self.attributes.get(),
        }
    }

    fn changed(self) -> bool {
        self.began.with(|began| *began != self.draft())
    }

    /// Why it can not be sent yet.
    fn waiting(self) -> Option<String> {
        if self.name.with(|name| name.trim().is_empty()) {
            return Some("Enter a name first.".to_owned());
        }
        self.attributes
            .wrong()
            .or_else(|| (!self.changed()).then(|| "Nothing is changed yet.".to_owned()))
    }
}

/// The dialog. A resource that changed meanwhile is refused by its version, and what was typed stays.
#[component]
pub fn ResourceDialog(doing: Doing) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let fields = Fields::new();
    let sending = Sending::new();
    let open = doing.form;
    Effect::new(move |_| {
        if open.get()
            && let Some(project) = doing.project.get_untracked()
        {
            fields.begin(&project, doing.row.get_untracked());
            sending.forget();
        }
    });
    let save = move || {
        let Some(project) = doing.project.get_untracked() else {
            return;
        };
        let (row, draft) = (doing.row.get_untracked(), untrack(|| fields.draft()));
        let slug = here.slug.get_untracked();
        sending.start();
        spawn_local(async move {
            let name = draft.name.trim().to_owned();
            let (answer, done) = if let Some(row) = row {
                let answer = update_resource(slug, project.id, row.id, row.version, draft).await;
                (answer.map(|_| ()), format!("{name} is saved."))
            } else {
                let answer = create_resource(slug, project.id, draft).await;
                (answer.map(|_| ()), format!("{name} is in the registry."))
            };
            finish(answer, sending, || {
                open.set(false);
                toasts.done(done);
            });
            here.live.projects_changed();
        });
    };
    let is_new = move || doing.row.with(Option::is_none);
    let headline = move || {
        if is_new() {
            "Add a resource".to_owned()
        } else {
            format!("Edit {}", doing.name())
        }
    };
    let label = move || {
        (if is_new() {
            "Add resource"
        } else {
            "Save resource"
        })
        .to_owned()
    };
    let discard = Discard::new(open, Signal::derive(move || fields.changed()));
    view! {
        <Modal
            id="resource-form"
            open
            title=Signal::derive(headline)
            ask=discard.ask()
        >
            <section>
                {sending.alert(&["service", "name", "external_id", "attributes"])}
                {move || doing.project.get().map(|project| service(&project, doing, fields, sending))}
                <TextField
                    id="resource-name" label="Name" value=fields.name max=NAME_MAX
                    wrong=sending.wrong("name")
                />
                <TextField
                    id="resource-external-id" label="External id" value=fields.external_id
                    max=EXTERNAL_ID_MAX optional=true wrong=sending.wrong("external_id")
                    help="What another system calls it. No other resource of its service can have the same."
                />
                <AttributeRows attributes=fields.attributes wrong=sending.wrong("attributes")/>
            </section>
            <Foot discard>
                <ActionButton
                    label=Signal::derive(label) busy=sending.busy
                    blocked=Signal::derive(move || fields.waiting())
                    action=save
                />
            </Foot>
        </Modal>
    }
    .into_any()
}

fn finish(answer: Result<(), ApiFailure>, sending: Sending, done: impl FnOnce()) {
    match answer {
        Ok(()) => {
            done();
            sending.end();
        }
        Err(failure) => sending.fail(failure),
    }
}

/// The services to choose from; of a resource that is there, its own, which stays.
fn service(project: &ProjectPage, doing: Doing, fields: Fields, sending: Sending) -> AnyView {
    if let Some(row) = doing.row.get() {
        return view! {
            <div class="field">
                <label for="resource-service">"Service"</label>
                <input
                    id="resource-service" class="input" type="text" readonly
                    aria-describedby="resource-service-help" value=title(project, &row.service)
                />
                <p class="rc-help" id="resource-service-help">
                    "The service stays: its permissions decide who may do what with the resource."
                </p>
            </div>
        }
        .into_any();
    }
    let wrong = sending.wrong("service");
    let options = manageable(project)
        .into_iter()
        .map(|(key, title)| view! { <option value=key>{title}</option> })
        .collect_view();
    view! {
        <div class="field">
            <label for="resource-service">"Service"</label>
            <select
                id="resource-service"
                aria-describedby="resource-service-help"
                aria-invalid=move || wrong.get().is_some().then_some("true")
                prop:value=move || fields.service.get()
                on:change=move |event: ev::Event| fields.service.set(event_target_value(&event))
            >
                {options}
            </select>
            {move || wrong.get().map(error)}
            <p class="rc-help" id="resource-service-help">
                "Services that you may manage in this project. It can not be changed later."
            </p>
        </div>
    }
    .into_any()
}
