//! `/sign-in`.

use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use rolecall_app::auth::AuthPage;
use rolecall_backend::service::{SignedIn, setup, sign_in};
use rolecall_shared::error::ApiError;
use serde::Deserialize;

use crate::{
    forms::{Posted, Visitor, with_error},
    redirect,
};

/// What the address of the page carries.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    notice: String,
}

/// The fields of the form.
#[derive(Deserialize)]
pub struct Fields {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Shows the form; those who are signed in go on, and an empty installation is set up first.
pub async fn show(visitor: Visitor, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(asked) = asked.unwrap_or_default();
    if visitor.session().is_some() {
        return redirect::see_other(&asked.next);
    }
    match setup::needed(visitor.rolecall()).await {
        Ok(false) => {}
        Ok(true) => return redirect::see_other("/setup"),
        Err(failure) => return visitor.problem(&failure),
    }
    let notice = match asked.notice.as_str() {
        "signed-out" => Some("You are signed out."),
        "session-ended" => Some("Your session has ended. Sign in to go on where you were."),
        _ => None,
    };
    form(&visitor, String::new(), &asked.next, None, notice)
}

/// Signs in and goes on to where the person wanted.
pub async fn submit(mut visitor: Visitor, posted: Posted<Fields>) -> Response {
    if let Err(error) = visitor.check(&posted) {
        let Fields { email, next, .. } = posted.fields;
        return form(&visitor, email, &next, Some(error), None);
    }
    let Fields {
        email,
        password,
        next,
    } = posted.fields;
    let signed_in =
        match sign_in::with_password(visitor.rolecall(), visitor.meta(), &email, &password).await {
            Ok(signed_in) => signed_in,
            Err(failure) => {
                let error = visitor.error(&failure);
                return form(&visitor, email, &next, Some(error), None);
            }
        };
    if let Err(failure) = visitor.end_session().await {
        return visitor.problem(&failure);
    }
    visitor.enter(&signed_in, &destination(&next, &signed_in))
}

fn form(
    visitor: &Visitor,
    email: String,
    next: &str,
    error: Option<ApiError>,
    notice: Option<&str>,
) -> Response {
    let page = AuthPage::SignIn {
        email,
        error: error.clone(),
        next: redirect::local(next).unwrap_or_default(),
        notice: notice.map(str::to_owned),
    };
    with_error(visitor.page(StatusCode::OK, &page), error.as_ref())
}

fn destination(next: &str, signed_in: &SignedIn) -> String {
    redirect::local(next)
        .filter(|next| next != "/")
        .unwrap_or_else(|| home(signed_in))
}

/// The first page of somebody who has just signed in.
pub fn home(signed_in: &SignedIn) -> String {
    signed_in
        .workspace
        .as_ref()
        .map_or_else(|| "/".to_owned(), |slug| format!("/w/{slug}"))
}
