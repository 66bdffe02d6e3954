//! Deleting a project, confirmed by typing its name.

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::project::ProjectPage;

use super::OfProject;
use crate::{
    api::projects::delete_project,
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        modal::Modal,
        toast::Toasts,
    },
    here::Here,
    pages::projects::form::Sending,
    paths,
};

/// The dialog: what goes with the project, and why it can not go while it has resources.
#[component]
pub fn RemoveDialog(of: OfProject) -> impl IntoView {
    let here = Here::of_page();
    let toasts = Toasts::of_page();
    let navigate = use_navigate();
    let sending = Sending::new();
    let typed = RwSignal::new(String::new());
    let open = of.removing;
    Effect::new(move |_| {
        if open.get() {
            typed.set(String::new());
            sending.forget();
        }
    });
    let waiting = Signal::derive(move || {
        let full = of
            .at_hand
            .with(|page| page.as_ref().and_then(|page| still_full(page.resources)));
        full.or_else(|| {
            let named = typed.with(|typed| typed.trim() == of.name().trim());
            (!named).then(|| "Type the name of the project first.".to_owned())
        })
    });
    let remove = move || {
        let Some(page) = of.at_hand.get_untracked() else {
            return;
        };
        let slug = here.slug.get_untracked();
        let navigate = navigate.clone();
        sending.start();
        spawn_local(async move {
            match delete_project(slug.clone(), page.id, page.version).await {
                Ok(()) => {
                    open.set(false);
                    toasts.done(format!("The project {} is deleted.", page.draft.name));
                    // Not `projects_changed` as well: the page that is left would ask for what is gone.
                    navigate(&paths::projects_base(&slug), NavigateOptions::default());
                    sending.end();
                }
                Err(failure) => {
                    sending.fail(failure);
                    here.live.projects_changed();
                }
            }
        });
    };
    view! {
        <Modal
            id="project-remove"
            open
            title=Signal::derive(move || format!("Delete {}", of.name()))
        >
            <section>
                {sending.alert(&[])}
                {move || of.at_hand.get().map(|page| content(&page, typed))}
            </section>
            <footer>
                <button type="button" class="btn" data-variant="outline" on:click=move |_| open.set(false)>
                    "Keep it"
                </button>
                <ActionButton
                    label=Signal::derive(move || format!("Delete {}", of.name()))
                    variant="destructive"
                    busy=sending.busy
                    blocked=waiting
                    action=remove.clone()
                />
            </footer>
        </Modal>
    }
    .into_any()
}

fn still_full(resources: i64) -> Option<String> {
    (resources > 0).then(|| {
        let (what, them) = if resources == 1 {
            ("1 resource".to_owned(), "it")
        } else {
            (format!("{resources} resources"), "them")
        };
        format!("It still holds {what}. Delete {them} first, so that nothing disappears unseen.")
    })
}

fn content(page: &ProjectPage, typed: RwSignal<String>) -> AnyView {
    if let Some(why) = still_full(page.resources) {
        return view! {
            <div class="alert" data-variant="warning">
                {icon(Glyph::Triangle)}
                <strong>"This project can not be deleted yet"</strong>
                <div><p>{why}</p></div>
            </div>
        }
        .into_any();
    }
    let overrides = lost(
        page.overrides,
        "1 override goes: that person has in no project what it gave or took here.",
        "overrides go: what they gave or took here ends with the project.",
    );
    let invitations = lost(
        page.invitations,
        "1 waiting invitation stays, without what it would give here.",
        "waiting invitations stay, without what they would give here.",
    );
    view! {
        <p>"This can not be undone. The audit trail keeps what happened in it."</p>
        {(overrides.is_some() || invitations.is_some()).then(|| view! {
            <ul class="rc-list">{overrides}{invitations}</ul>
        })}
        <div class="field">
            <label for="project-remove-name">"Type "<b>{page.draft.name.clone()}</b>" to confirm"</label>
            <input
                id="project-remove-name" class="input" type="text" autocomplete="off" spellcheck="false"
                prop:value=move || typed.get()
                on:input=move |event: ev::Event| typed.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

fn lost(n: i64, one: &'static str, many: &'static str) -> Option<AnyView> {
    let words = match n {
        0 => return None,
        1 => one.to_owned(),
        n => format!("{n} {many}"),
    };
    Some(view! { <li>{words}</li> }.into_any())
}
