//! An open invitation: who offers what until when, and the one form that fits who is looking.

use leptos::{either::EitherOf5, prelude::*};
use rolecall_backend::service::acceptance::{CodeStep, InvitationCard, Who};
use rolecall_shared::error::ApiError;

use crate::components::avatar::mark;

use super::{
    Chrome,
    chrome::{Document, icon, said, strong},
    field::{Field, fixed_email, form, new_password, notice, problem, submit},
};

/// What the page shows.
pub(super) struct Open<'a> {
    pub token: &'a str,
    pub card: &'a InvitationCard,
    pub who: &'a Who,
    pub name: &'a str,
    pub error: Option<&'a ApiError>,
}

pub(super) fn page(chrome: &Chrome, open: &Open, note: Option<&str>) -> Document {
    let workspace = &open.card.workspace;
    let answer = match open.who {
        Who::New { code } => EitherOf5::A(new_person(chrome, open, *code)),
        Who::Known => EitherOf5::B(known_person(chrome, open, open.error, true)),
        Who::Either { code } => EitherOf5::C(either(chrome, open, *code)),
        Who::SignedIn { name } => EitherOf5::D(signed_in(chrome, open, name)),
        Who::Other { signed_in_as } => EitherOf5::E(other(chrome, open, signed_in_as)),
    };
    let card = view! {
        {offer(open.card)}
        <div class="rc-auth-body">
            {notice(note)}
            {answer}
        </div>
        {may_decline(open.who).then(|| decline(chrome, open.token, told(&open.card.inviter_name)))}
    };
    Document::new(format!("Join {workspace}"), card).failed(open.error.is_some())
}

/// Who invites whom to what, until when. The same for everybody who has the link.
fn offer(card: &InvitationCard) -> impl IntoView + use<> {
    view! {
        <div class="rc-auth-head">
            {mark(&card.workspace)}
            <h1>"Join " {said(&card.workspace)}</h1>
            <p>
                {strong(&card.inviter_name)} " (" {said(&card.inviter_email)} ") invites "
                {strong(&card.email)} " as " {strong(&card.role)} "."
            </p>
        </div>
        <div class="rc-auth-offer">
            <p class="rc-auth-fact">
                {icon("key-round")}
                <span>{strong(&card.role)} ": " {said(&card.role_sentence)}</span>
            </p>
            <p class="rc-auth-fact">
                {icon("clock")}
                <span>
                    "This invitation is valid until "
                    <time datetime=card.expires_at.rfc3339()>{card.expires_at.absolute()}</time> "."
                </span>
            </p>
            {card
                .note
                .as_deref()
                .map(|note| {
                    view! {
                        <figure class="rc-quote">
                            <blockquote>{note.to_owned()}</blockquote>
                            <figcaption>{said(&card.inviter_name)}</figcaption>
                        </figure>
                    }
                })}
        </div>
    }
}

/// Nobody has an account with this address, as far as the page tells.
fn new_person(chrome: &Chrome, open: &Open, code: CodeStep) -> impl IntoView + use<> {
    match code {
        CodeStep::Needed { sent: false } => ask_for_code(chrome, open).into_any(),
        CodeStep::Needed { sent: true } => view! {
            {join(chrome, open, true)}
        }
        .into_any(),
        CodeStep::NotNeeded => join(chrome, open, false).into_any(),
    }
}

/// The link was handed over by a person, so the mailbox has to be proven first.
fn ask_for_code(chrome: &Chrome, open: &Open) -> impl IntoView + use<> {
    view! {
        {problem(error_of_new(open), &[])}
        <h2>"First, show that the address is yours"</h2>
        <p class="rc-help">
            "This link was not sent by mail. We mail a code to " {said(&open.card.email)}
            "; with it you can join."
        </p>
        {form(
            "/invitation/code",
            chrome,
            &[("token", open.token)],
            submit("Send the code".to_owned()).into_any(),
        )}
    }
}

fn join(chrome: &Chrome, open: &Open, code: bool) -> impl IntoView + use<> {
    let error = error_of_new(open);
    let code_field = code.then(|| {
        Field {
            form: "join",
            name: "code",
            label: "Code from the mail",
            autocomplete: "one-time-code",
            help: Some("Six digits, mailed to the address above."),
            digits: true,
            error,
            focus: open.error.is_none(),
            ..Field::default()
        }
        .view()
    });
    let name = Field {
        form: "join",
        name: "name",
        label: "Your name",
        autocomplete: "name",
        value: open.name,
        help: Some("As your team knows you."),
        error,
        ..Field::default()
    };
    let shown: &[&str] = if code {
        &["code", "name", "password"]
    } else {
        &["name", "password"]
    };
    let body = view! {
        {fixed_email("join", &open.card.email)}
        {code_field}
        {name.view()}
        {new_password("join", error)}
        {submit(format!("Join {}", open.card.workspace))}
        {code.then(another_code)}
    }
    .into_any();
    view! {
        {problem(error, shown)}
        {form("/invitation/join", chrome, &[("token", open.token)], body)}
    }
}

/// Sends the whole form, so that a typed name is still there with the new code.
fn another_code() -> impl IntoView {
    view! {
        <p class="rc-auth-again">
            "No code? Look among the unwanted mail, or "
            <button
                class="btn"
                data-variant="link"
                r#type="submit"
                formaction="/invitation/code"
                formnovalidate=true
            >
                "send another code"
            </button>
            "."
        </p>
    }
}

/// The account of the invited address signs in and joins in one step (rule 20).
fn known_person(
    chrome: &Chrome,
    open: &Open,
    error: Option<&ApiError>,
    alone: bool,
) -> impl IntoView + use<> {
    let password = Field {
        form: "known",
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: "current-password",
        error,
        ..Field::default()
    };
    let body = view! {
        {fixed_email("known", &open.card.email)}
        {password.view()}
        {submit("Sign in and join".to_owned())}
    }
    .into_any();
    view! {
        {problem(error, &["password"])}
        {alone.then(|| view! { <p>"You have an account with this address. Sign in to join."</p> })}
        {form("/invitation/sign-in", chrome, &[("token", open.token)], body)}
    }
}

/// A copied link does not tell whether the address has an account (rule 27): both ways are open.
fn either(chrome: &Chrome, open: &Open, code: CodeStep) -> impl IntoView + use<> {
    let error = open.error.filter(|_| !is_of_new(open));
    view! {
        {new_person(chrome, open, code)}
        <details class="rc-details" open=error.is_some()>
            <summary>"I already have an account"</summary>
            {known_person(chrome, open, error, false)}
        </details>
    }
}

fn signed_in(chrome: &Chrome, open: &Open, name: &str) -> impl IntoView + use<> {
    view! {
        {problem(open.error, &[])}
        <p>"You are signed in as " {strong(name)} "."</p>
        {form(
            "/invitation/confirm",
            chrome,
            &[("token", open.token)],
            submit(format!("Join {} as {name}", open.card.workspace)).into_any(),
        )}
    }
}

/// Signed in with another address: nothing is consumed, both addresses are said.
fn other(chrome: &Chrome, open: &Open, signed_in_as: &str) -> impl IntoView + use<> {
    view! {
        {problem(open.error, &[])}
        <div class="alert" data-variant="warning">
            {icon("triangle-alert")}
            <h2>"This invitation is for another address"</h2>
            <p>
                "You are signed in as " {strong(signed_in_as)} ". The invitation is for "
                {strong(&open.card.email)} "."
            </p>
        </div>
        {form(
            "/invitation/switch",
            chrome,
            &[("token", open.token)],
            submit("Switch account".to_owned()).into_any(),
        )}
        <a class="btn" data-variant="outline" data-wide="true" href="/">
            "Stay signed in"
        </a>
        <p class="rc-help">
            "Is that address not yours? Ask " {said(&open.card.inviter_name)} " ("
            {said(&open.card.inviter_email)} ") to invite the address you use."
        </p>
    }
}

/// The way to say no, at the foot of the card.
pub(super) fn decline(chrome: &Chrome, token: &str, hint: AnyView) -> impl IntoView + use<> {
    let body = view! {
        <p class="rc-auth-again">
            <button class="btn" data-variant="link" r#type="submit">"Decline"</button>
            <span>{hint}</span>
        </p>
    }
    .into_any();
    view! {
        <div class="rc-auth-decline">
            {form("/invitation/decline", chrome, &[("token", token)], body)}
        </div>
    }
}

fn told(inviter_name: &str) -> AnyView {
    view! { {said(inviter_name)} " will be told, and can invite you again." }.into_any()
}

/// Only the one who has proven to be the invited one may decline.
fn may_decline(who: &Who) -> bool {
    match who {
        Who::New { code } | Who::Either { code } => matches!(code, CodeStep::NotNeeded),
        Who::Known | Who::SignedIn { .. } => true,
        Who::Other { .. } => false,
    }
}

fn error_of_new<'a>(open: &Open<'a>) -> Option<&'a ApiError> {
    open.error.filter(|_| is_of_new(open))
}

/// Which of the two forms of [`Who::Either`] an error came from. Both send a password, only one a
/// name: without a typed name and without a complaint about it, it was the sign-in.
fn is_of_new(open: &Open) -> bool {
    let Who::Either { code } = open.who else {
        return true;
    };
    if matches!(code, CodeStep::Needed { sent: false }) {
        return open.error.is_some_and(|e| e.fields.is_empty());
    }
    !open.name.is_empty()
        || open.error.is_none_or(|e| {
            e.fields.is_empty()
                || e.fields
                    .iter()
                    .any(|f| f.field == "name" || f.field == "code")
        })
}
