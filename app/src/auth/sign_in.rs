//! Signing in with e-mail and password.

use leptos::prelude::*;
use rolecall_shared::error::ApiError;

use super::{
    Chrome,
    chrome::Document,
    field::{Field, form, notice, problem, submit},
};

pub(super) fn page(
    chrome: &Chrome,
    email: &str,
    error: Option<&ApiError>,
    next: &str,
    note: Option<&str>,
) -> Document {
    let email_field = Field {
        name: "email",
        label: "E-mail",
        kind: "email",
        autocomplete: "username",
        value: email,
        error,
        focus: email.is_empty(),
        ..Field::default()
    };
    let password = Field {
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: "current-password",
        error,
        focus: !email.is_empty(),
        ..Field::default()
    };
    let body = view! {
        {email_field.view()}
        {password.view()}
        {submit("Sign in".to_owned())}
    }
    .into_any();
    let card = view! {
        <div class="rc-auth-head">
            <h1>"Sign in"</h1>
        </div>
        <div class="rc-auth-body">
            {notice(note)}
            {problem(error, &["email", "password"])}
            {form("/sign-in", chrome, &[("next", next)], body)}
            <p class="rc-auth-again"><a href="/forgot">"Forgot your password?"</a></p>
        </div>
    };
    Document::new("Sign in", card)
        .failed(error.is_some())
        .foot("No account yet? Ask somebody in your team to invite you.")
}
