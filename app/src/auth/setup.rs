//! The first start: who runs this installation, and their first workspace.

use leptos::prelude::*;
use rolecall_shared::error::ApiError;

use super::{
    Chrome, SetupValues, TemplateCard,
    chrome::{Document, button_link, state_icon},
    field::{Field, error_text, form, new_password, problem, submit},
};

const SHOWN: [&str; 6] = ["code", "name", "email", "password", "workspace", "template"];

pub(super) fn page(
    chrome: &Chrome,
    values: &SetupValues,
    templates: &[TemplateCard],
    error: Option<&ApiError>,
) -> Document {
    let code = Field {
        name: "code",
        label: "Set-up code",
        autocomplete: "one-time-code",
        value: &values.code,
        help: Some("The server printed it to its log when it started. It works once."),
        error,
        focus: true,
        ..Field::default()
    };
    let name = Field {
        name: "name",
        label: "Your name",
        autocomplete: "name",
        value: &values.name,
        error,
        ..Field::default()
    };
    let email = Field {
        name: "email",
        label: "E-mail",
        kind: "email",
        autocomplete: "username",
        value: &values.email,
        help: Some("You sign in with it. You will be the owner of the workspace."),
        error,
        ..Field::default()
    };
    let workspace = Field {
        name: "workspace",
        label: "Name of the workspace",
        autocomplete: "organization",
        value: &values.workspace,
        help: Some("Your team or company."),
        error,
        ..Field::default()
    };
    let body = view! {
        {code.view()}
        <hr />
        {name.view()}
        {email.view()}
        {new_password("form", error)}
        <hr />
        {workspace.view()}
        {template_choice(templates, &values.template, error)}
        {submit("Create the workspace".to_owned())}
    }
    .into_any();
    let card = view! {
        <div class="rc-auth-head">
            <h1>"Set up Rolecall"</h1>
            <p>"Three things, once: proof that you run this server, you, and your first workspace."</p>
        </div>
        <div class="rc-auth-body">
            {problem(error, &SHOWN)}
            {form("/setup", chrome, &[], body)}
        </div>
    };
    Document {
        wide: true,
        ..Document::new("Set up", card)
    }
    .failed(error.is_some())
}

fn template_choice(
    templates: &[TemplateCard],
    chosen: &str,
    error: Option<&ApiError>,
) -> impl IntoView + use<> {
    let error = error
        .and_then(|e| e.for_field("template"))
        .map(str::to_owned);
    let known = templates.iter().any(|t| t.key == chosen);
    let cards: Vec<_> = templates
        .iter()
        .enumerate()
        .map(|(at, template)| {
            let checked = if known { template.key == chosen } else { at == 0 };
            let help = format!("template-{at}-help");
            let roles = template.roles.join(", ");
            view! {
                <label class="rc-choice">
                    <input
                        class="input"
                        r#type="radio"
                        name="template"
                        value=template.key.clone()
                        checked=checked
                        required=true
                        aria-describedby=help.clone()
                    />
                    <span class="rc-choice-body">
                        <b>{template.title.clone()}</b>
                        <span class="rc-help" id=help>
                            {template.description.clone()}
                            {(!roles.is_empty())
                                .then(|| view! { <span class="rc-roles">{format!("Roles: {roles}")}</span> })}
                        </span>
                    </span>
                </label>
            }
        })
        .collect();
    let described = error.is_some().then_some("form-template-error");
    view! {
        <fieldset aria-describedby=described>
            <legend>"Template"</legend>
            <p class="rc-help">"It decides the services and the built-in roles, and stays as chosen."</p>
            {error.map(|text| error_text("form-template", &text))}
            <div class="rc-choices">{cards}</div>
        </fieldset>
    }
}

/// Somebody completed the set-up before.
pub(super) fn done() -> Document {
    let card = view! {
        <div class="rc-auth-head">
            {state_icon("circle-check", "success")}
            <h1>"Rolecall is set up already"</h1>
            <p>"The first workspace has its owner. Sign in, or ask the owner to invite you."</p>
        </div>
        <div class="rc-auth-body">{button_link("/sign-in", "Sign in")}</div>
    };
    Document::new("Set up already", card)
}
