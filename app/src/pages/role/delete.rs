//! Deleting a role: who has it, what they get instead, what that changes; confirmed by its name.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::{
    RoleId,
    access::ChangeRequest,
    catalogue::Catalogue,
    role::{RoleCard, RoleEditor, RoleOption},
    text::count,
};

use crate::{
    api::roles::{delete_role, load_role_editor},
    components::{
        button::ActionButton, modal::Modal, preview::ChangePreview, problem::alert, toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
};

/// Which role is to go, and what the dialog knows of it.
#[derive(Clone, Copy)]
pub struct Deleting {
    open: RwSignal<bool>,
    role: RwSignal<Option<RoleCard>>,
    loaded: RwSignal<Option<Result<RoleEditor, ApiFailure>>>,
    catalogue: StoredValue<Catalogue>,
    replacement: RwSignal<Option<RoleId>>,
    typed: RwSignal<String>,
    refused: RwSignal<Option<String>>,
    failed: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
    gone: StoredValue<bool>,
}

impl Deleting {
    /// Closed.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            role: RwSignal::new(None),
            loaded: RwSignal::new(None),
            catalogue: StoredValue::new(Catalogue::default()),
            replacement: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            refused: RwSignal::new(None),
            failed: RwSignal::new(None),
            busy: RwSignal::new(false),
            gone: StoredValue::new(false),
        }
    }

    /// Opens the dialog for a role.
    pub fn ask(self, role: &RoleCard) {
        self.role.set(Some(role.clone()));
        self.loaded.set(None);
        self.replacement.set(None);
        self.typed.set(String::new());
        self.refused.set(None);
        self.failed.set(None);
        self.gone.set_value(false);
        self.open.set(true);
    }

    /// Whether the role is on its way out: nobody needs to ask for it again.
    pub fn under_way(self) -> bool {
        self.busy.get_untracked() || self.gone.get_value()
    }

    fn name(self) -> String {
        self.role
            .with(|role| role.as_ref().map(|role| role.name.clone()))
            .unwrap_or_default()
    }

    /// Whether somebody, a waiting invitation, or invitations to come have to get another role.
    fn needs_replacement(self) -> bool {
        self.role.with(|role| {
            role.as_ref()
                .is_some_and(|role| role.members > 0 || role.invitations > 0 || role.is_default)
        })
    }

    /// Why the button has to wait.
    fn blocked(self) -> Option<String> {
        let loaded = self.loaded.with(|loaded| match loaded {
            None => Some("Who has the role is not known yet.".to_owned()),
            Some(Err(failure)) => Some(failure.0.message.clone()),
            Some(Ok(editor)) => editor.blocked.clone(),
        });
        if loaded.is_some() {
            return loaded;
        }
        if self.needs_replacement() {
            if self.replacement.get().is_none() {
                return Some("Choose the role that comes instead.".to_owned());
            }
            if let Some(refused) = self.refused.get() {
                return Some(refused);
            }
        }
        let name = self.name();
        (self.typed.with(|typed| typed.trim() != name.trim()))
            .then(|| format!("Type {name} to confirm."))
    }
}

async fn load(deleting: Deleting, slug: String, id: RoleId) {
    let answer = load_role_editor(slug, Some(id), None).await;
    let same = deleting
        .role
        .try_with_untracked(|role| role.as_ref().is_some_and(|role| role.id == id));
    if same != Some(true) {
        return;
    }
    if let Ok(editor) = &answer {
        deleting.catalogue.set_value(editor.catalogue.clone());
        // The counts and the version of now, not those of the page.
        deleting.role.set(editor.role.clone());
    }
    deleting.loaded.set(Some(answer));
}

/// The dialog; `done` runs when the role is gone.
#[component]
pub fn DeleteDialog(deleting: Deleting, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    Effect::new(move |_| {
        if deleting.open.get()
            && let Some(id) = deleting
                .role
                .with_untracked(|role| role.as_ref().map(|r| r.id))
        {
            spawn_local(load(deleting, here.slug.get_untracked(), id));
        }
    });
    let delete = move || {
        let Some(role) = deleting.role.get_untracked() else {
            return;
        };
        let replacement = deleting.replacement.get_untracked();
        deleting.busy.set(true);
        deleting.failed.set(None);
        spawn_local(async move {
            let slug = here.slug.get_untracked();
            match delete_role(slug, role.id, role.version, replacement).await {
                Ok(()) => {
                    let _ = deleting.gone.try_set_value(true);
                    toasts.done(format!("The role {} is deleted.", role.name));
                    if deleting.open.try_set(false).is_none() {
                        done.run(());
                    }
                    here.live.access_changed();
                }
                Err(failure) => {
                    let _ = deleting.failed.try_set(Some(failure));
                }
            }
            let _ = deleting.busy.try_set(false);
        });
    };
    view! {
        <Modal
            id="role-delete"
            size="lg"
            open=deleting.open
            title=Signal::derive(move || format!("Delete the role {}", deleting.name()))
        >
            <section>
                {move || deleting.failed.get().map(|failure| alert(&failure.0))}
                {move || match deleting.loaded.get() {
                    None => view! { <span class="skeleton" data-line="long"></span> }.into_any(),
                    Some(Err(failure)) => alert(&failure.0),
                    Some(Ok(editor)) => body(deleting, &editor),
                }}
            </section>
            <footer>
                <button
                    type="button"
                    class="btn"
                    data-variant="outline"
                    on:click=move |_| deleting.open.set(false)
                >
                    "Keep it"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Delete {}", deleting.name()))
                    variant="destructive"
                    busy=deleting.busy
                    blocked=Signal::derive(move || deleting.blocked())
                    action=delete
                />
            </footer>
        </Modal>
    }
    .into_any()
}

fn body(deleting: Deleting, editor: &RoleEditor) -> AnyView {
    let counted = |n: i64, one, many| {
        let n = usize::try_from(n).unwrap_or_default();
        (n > 0).then(|| count(n, one, many))
    };
    let holders: Vec<String> = editor
        .role
        .iter()
        .flat_map(|role| {
            [
                counted(role.members, "person has it", "people have it"),
                counted(
                    role.invitations,
                    "waiting invitation would give it",
                    "waiting invitations would give it",
                ),
            ]
        })
        .flatten()
        .collect();
    let is_default = editor.role.as_ref().is_some_and(|role| role.is_default);
    let mut sentence = if holders.is_empty() {
        "Nobody has it and no invitation would give it.".to_owned()
    } else {
        format!("{}. They get another role instead.", holders.join(", "))
    };
    if is_default {
        sentence.push_str(" New invitations offer it first; they will offer the other one.");
    }
    let label = if holders.is_empty() {
        "New invitations offer first"
    } else {
        "They get instead"
    };
    let needed = is_default || !holders.is_empty();
    let replace = needed.then(|| replacement(deleting, label, &editor.others));
    view! {
        <p>{sentence}</p>
        {replace}
        {confirm(deleting)}
    }
    .into_any()
}

fn replacement(deleting: Deleting, label: &'static str, others: &[RoleOption]) -> AnyView {
    let options = others
        .iter()
        .map(|other| {
            let lacking = !other.lacking.is_empty();
            let words = if lacking {
                format!("{} (you lack {})", other.name, other.lacking.join(", "))
            } else {
                other.name.clone()
            };
            view! { <option value=other.id.to_string() disabled=lacking>{words}</option> }
        })
        .collect_view();
    // Made anew for each choice, so that it asks anew.
    let preview = move || {
        let role = deleting
            .role
            .with_untracked(|role| role.as_ref().map(|r| r.id))?;
        let replacement = deleting.replacement.get()?;
        Some(view! {
            <ChangePreview
                change=ChangeRequest::DeleteRole { role, replacement }
                catalogue=deleting.catalogue
                blocked=deleting.refused
            />
        })
    };
    view! {
        <div class="field">
            <label for="role-replacement">{label}</label>
            <select
                id="role-replacement"
                on:change=move |event: ev::Event| {
                    deleting.replacement.set(event_target_value(&event).parse().ok());
                }
            >
                <option value="">"Choose a role"</option>
                {options}
            </select>
        </div>
        {preview}
    }
    .into_any()
}

fn confirm(deleting: Deleting) -> AnyView {
    view! {
        <div class="field">
            <label for="role-delete-name">"Type "<b>{move || deleting.name()}</b>" to confirm"</label>
            <input
                id="role-delete-name"
                class="input"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || deleting.typed.get()
                on:input=move |event: ev::Event| deleting.typed.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}
