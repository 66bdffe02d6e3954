//! A forgotten password and another address: the forms, and what comes of them.

use leptos::prelude::*;
use rolecall_backend::service::account::AddressChange;
use rolecall_shared::error::ApiError;

use super::{
    Chrome,
    chrome::{Document, button_link, said, state_icon, strong},
    field::{Field, fixed_email, form, new_password, problem, submit},
};

/// Asking for a link.
pub(super) fn forgot(chrome: &Chrome, email: &str, error: Option<&ApiError>) -> Document {
    let field = Field {
        name: "email",
        label: "E-mail",
        kind: "email",
        autocomplete: "username",
        value: email,
        error,
        focus: true,
        ..Field::default()
    };
    let body = view! {
        {field.view()}
        {submit("Send me a link".to_owned())}
    }
    .into_any();
    let card = view! {
        <div class="rc-auth-head">
            <h1>"Forgot your password"</h1>
            <p>"A link to choose a new one comes by mail. It works once, for an hour."</p>
        </div>
        <div class="rc-auth-body">
            {problem(error, &["email"])}
            {form("/forgot", chrome, &[], body)}
        </div>
    };
    Document::new("Forgot your password", card)
        .failed(error.is_some())
        .foot(view! { <a href="/sign-in">"Back to sign-in"</a> })
}

/// The one answer, whatever the address is (rule 12).
pub(super) fn forgot_sent(email: &str) -> Document {
    let card = view! {
        <div class="rc-auth-head">
            {state_icon("mails", "neutral")}
            <h1>"Look into your mailbox"</h1>
            <p>
                "If " {strong(email)} " signs in here with a password, a mail with a link is on its way. \
                It can take a minute; look among unwanted mail as well."
            </p>
        </div>
        <div class="rc-auth-body">
            <p class="rc-help">
                "Nothing came? Check the address, or ask whoever invited you which one they used."
            </p>
            {button_link("/sign-in", "Back to sign-in")}
        </div>
    };
    Document::new("Look into your mailbox", card)
}

/// Choosing a new password; the link decides whose.
pub(super) fn reset(
    chrome: &Chrome,
    token: &str,
    email: &str,
    error: Option<&ApiError>,
) -> Document {
    let body = view! {
        {fixed_email("reset", email)}
        {new_password("reset", error)}
        {submit("Set the new password".to_owned())}
    }
    .into_any();
    let card = view! {
        <div class="rc-auth-head">
            <h1>"Choose a new password"</h1>
            <p>"It replaces the old one. You are signed out everywhere, and sign in with it."</p>
        </div>
        <div class="rc-auth-body">
            {problem(error, &["password"])}
            {form("/reset", chrome, &[("token", token)], body)}
        </div>
    };
    Document::new("Choose a new password", card).failed(error.is_some())
}

/// The new password is set; nobody is signed in by that (rule 15).
pub(super) fn password_set() -> Document {
    let card = view! {
        <div class="rc-auth-head">
            {state_icon("circle-check", "success")}
            <h1>"Your new password is set"</h1>
            <p>"All browsers were signed out. Sign in with the new password to go on."</p>
        </div>
        <div class="rc-auth-body">{button_link("/sign-in", "Sign in")}</div>
    };
    Document::new("Your new password is set", card)
}

/// What a link to a new address would change.
pub(super) fn confirm_email(
    chrome: &Chrome,
    token: &str,
    change: &AddressChange,
    error: Option<&ApiError>,
) -> Document {
    let AddressChange {
        name,
        before,
        after,
    } = change;
    let card = view! {
        <div class="rc-auth-head">
            <h1>"Confirm your new address"</h1>
            <p>
                "The account of " {strong(name)} " signs in with " {strong(before)} " now, and with "
                {strong(after)} " once you confirm it."
            </p>
        </div>
        <div class="rc-auth-body">
            {problem(error, &[])}
            <p>
                "All browsers are signed out but the one that asked, invitations that wait for "
                {said(before)} " end, and a mail tells that address. Is this not your account? Close \
                this page: nothing happens."
            </p>
            {form(
                "/confirm-email",
                chrome,
                &[("token", token)],
                submit(format!("Use {after}")).into_any(),
            )}
        </div>
    };
    Document::new("Confirm your new address", card).failed(error.is_some())
}

/// The address is another one now.
pub(super) fn email_confirmed(email: &str) -> Document {
    let card = view! {
        <div class="rc-auth-head">
            {state_icon("circle-check", "success")}
            <h1>"Your address is changed"</h1>
            <p>"From now on you sign in with " {strong(email)} "."</p>
        </div>
        <div class="rc-auth-body">{button_link("/", "Go to your workspaces")}</div>
    };
    Document::new("Your address is changed", card)
}

/// A link that does not work: made up, used, replaced and too old look the same.
pub(super) fn dead(next: &str, label: &str) -> Document {
    let card = view! {
        <div class="rc-auth-head">
            {state_icon("link-2-off", "neutral")}
            <h1>"This link does not work"</h1>
            <p>
                "It works once and for a limited time, and only the one in the newest mail does. Open \
                that one, or ask for a new one."
            </p>
        </div>
        <div class="rc-auth-body">{button_link(next, label)}</div>
    };
    Document::new("This link does not work", card)
}
