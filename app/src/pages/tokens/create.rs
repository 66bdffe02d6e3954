//! Making a token: name, end, project, what it may do; then its text, once.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::{
    permission::Scope,
    text::NAME_MAX,
    token::{CreatedToken, TokenChoices},
};

use super::{
    form::{ENDS, Form},
    made::made,
};
use crate::{
    api::tokens::{create_token, token_options},
    components::{
        button::ActionButton,
        confirm::Confirm,
        matrix::{Matrix, summary},
        modal::Modal,
        problem::alert,
    },
    error::ApiFailure,
    here::Here,
    pages::projects::form::{Discard, Foot, Sending, TextField, error},
};

const FIELDS: &[&str] = &["name", "days", "permissions", "project"];

/// The dialog.
#[component]
pub fn CreateDialog(open: RwSignal<bool>) -> impl IntoView {
    let here = Here::of_page();
    let confirm = Confirm::of_page();
    let form = Form::new();
    let sending = Sending::new();
    let options = RwSignal::new(None::<Result<(), ApiFailure>>);
    let secret = RwSignal::new(None::<CreatedToken>);
    Effect::new(move |_| {
        if !open.get() {
            // No text of a token stays in the page.
            secret.set(None);
            form.clear();
            return;
        }
        sending.forget();
        options.set(None);
        let slug = here.slug.get_untracked();
        spawn_local(async move {
            let answer = token_options(slug).await;
            let _ = options.try_set(Some(answer.map(|found: TokenChoices| form.begin(found))));
        });
    });
    let dirty = Signal::derive(move || secret.with(Option::is_none) && form.dirty());
    let discard = Discard::new(open, dirty);
    let create = move || {
        let draft = untrack(|| form.draft());
        let slug = here.slug.get_untracked();
        sending.start();
        spawn_local(async move {
            let order = async || create_token(slug.clone(), draft.clone()).await;
            match confirm.run(order).await {
                Ok(token) => {
                    let _ = secret.try_set(Some(token));
                    here.live.access_changed();
                    sending.end();
                }
                Err(failure) => sending.fail(failure),
            }
        });
    };
    let title = move || {
        if secret.with(Option::is_some) {
            "Your new token".to_owned()
        } else {
            "Create an API token".to_owned()
        }
    };
    view! {
        <Modal id="token-create" size="lg" open title=Signal::derive(title) ask=discard.ask()>
            {move || match (secret.get(), options.get()) {
                (Some(token), _) => made(token, open),
                (None, None) => waiting(),
                (None, Some(Err(failure))) => view! { <section>{alert(&failure.0)}</section> }.into_any(),
                (None, Some(Ok(()))) => view! {
                    <section>
                        {sending.alert(FIELDS)}
                        <TextField
                            id="token-name" label="Name" value=form.name max=NAME_MAX
                            wrong=sending.wrong("name")
                            help="What uses it, such as “Deploy pipeline”."
                        />
                        {ends(form, sending)}
                        {place(form, sending)}
                        {reach(form, sending)}
                    </section>
                    <Foot discard>
                        <ActionButton
                            label="Create token"
                            busy=sending.busy
                            blocked=Signal::derive(move || form.waiting())
                            action=create
                        />
                    </Foot>
                }
                .into_any(),
            }}
        </Modal>
    }
    .into_any()
}

fn waiting() -> AnyView {
    view! {
        <section>
            <p class="sr-only" role="status">"Loading what there is to choose"</p>
            <span class="skeleton" data-line="long"></span>
            <span class="skeleton" data-line=""></span>
            <span class="skeleton" data-line="long"></span>
        </section>
    }
    .into_any()
}

fn ends(form: Form, sending: Sending) -> AnyView {
    let wrong = sending.wrong("days");
    let options = ENDS
        .map(|days| {
            let selected = days == form.days.get_untracked();
            view! { <option value=days.to_string() selected=selected>{format!("In {days} days")}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="token-days">"Expires"</label>
            <select
                id="token-days" class="select"
                on:change=move |event: ev::Event| {
                    if let Ok(days) = event_target_value(&event).parse() {
                        form.days.set(days);
                    }
                }
            >
                {options}
            </select>
            {move || wrong.get().map(error)}
            <p class="rc-help">"You are told 30, 7 and 1 days before."</p>
        </div>
    }
    .into_any()
}

fn place(form: Form, sending: Sending) -> Option<AnyView> {
    let wrong = sending.wrong("project");
    let projects = form.projects();
    if projects.is_empty() {
        return None;
    }
    let options = projects
        .into_iter()
        .map(|p| view! { <option value=p.project.id.to_string()>{p.project.name}</option> })
        .collect_view();
    Some(
        view! {
            <div class="field">
                <label for="token-project">"Works in"</label>
                <select
                    id="token-project" class="select"
                    on:change=move |event: ev::Event| form.place(event_target_value(&event).parse().ok())
                >
                    <option value="">"The whole workspace"</option>
                    {options}
                </select>
                {move || wrong.get().map(error)}
            </div>
        }
        .into_any(),
    )
}

fn reach(form: Form, sending: Sending) -> AnyView {
    let wrong = sending.wrong("permissions");
    let card = |all: bool, title: &'static str, help: &'static str| {
        view! {
            <label class="rc-choice">
                <input
                    type="radio" class="input" name="token-reach"
                    prop:checked=move || form.all.get() == all
                    on:change=move |_| form.all.set(all)
                />
                <span class="rc-choice-body">
                    <b>{title}</b>
                    <span class="rc-help">{help}</span>
                </span>
            </label>
        }
    };
    let said = move || {
        let scope = form.project.get().map(|_| Scope::Project);
        form.catalogue
            .with_value(|c| summary(c, form.set.get(), scope))
    };
    view! {
        <fieldset>
            <legend>"What it may do"</legend>
            <div class="rc-choices">
                {card(false, "Only what you choose", "It never gets more than this, and less when you may do less.")}
                {card(true, "All that you may do", "Also what you are given later.")}
            </div>
            {move || wrong.get().map(error)}
            {move || (!form.all.get()).then(|| view! {
                <p class="rc-help my-2" aria-live="polite">{said}</p>
                {grid(form)}
            })}
        </fieldset>
    }
    .into_any()
}

/// The matrix; for a project only the rows that one has.
fn grid(form: Form) -> AnyView {
    let grantable = Signal::derive(move || form.grantable());
    let label = "Permissions of the token";
    if form.project.get().is_some() {
        view! {
            <Matrix catalogue=form.catalogue set=form.set grantable scope=Scope::Project label/>
        }
        .into_any()
    } else {
        view! { <Matrix catalogue=form.catalogue set=form.set grantable label/> }.into_any()
    }
}
