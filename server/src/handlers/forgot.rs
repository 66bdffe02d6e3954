//! `/forgot` and `/reset/{token}`: a new password in place of a forgotten one (rule 15). The answer to
//! asking is the same for every address; the token is never in a `Location`.

use axum::{
    extract::{Path, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use rolecall_app::auth::AuthPage;
use rolecall_backend::service::{Failure, account::reset};
use rolecall_shared::error::ApiError;
use serde::Deserialize;

use crate::forms::{Posted, Visitor, with_error};

/// The fields of the form that asks.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    email: String,
}

/// The fields of the form that chooses.
#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

/// Shows the form that asks for a link.
pub async fn show(visitor: Visitor) -> Response {
    form(&visitor, String::new(), None)
}

/// Has a link mailed, if the address has an account.
pub async fn submit(visitor: Visitor, posted: Posted<Asked>) -> Response {
    let checked = visitor.check(&posted);
    let Asked { email } = posted.fields;
    if let Err(error) = checked {
        return form(&visitor, email, Some(error));
    }
    match reset::ask(visitor.rolecall(), visitor.meta(), &email).await {
        Ok(()) => visitor.page(StatusCode::OK, &AuthPage::ForgotSent { email }),
        Err(failure @ Failure::Store(_)) => visitor.problem(&failure),
        Err(failure) => {
            let error = visitor.error(&failure);
            form(&visitor, email, Some(error))
        }
    }
}

/// The page that the link in the mail opens.
pub async fn open(visitor: Visitor, token: Result<Path<String>, PathRejection>) -> Response {
    let token = token.map(|Path(token)| token).unwrap_or_default();
    choosing(&visitor, token, None).await
}

/// Sets the new password. Nobody is signed in by it.
pub async fn choose(visitor: Visitor, posted: Posted<Chosen>) -> Response {
    let checked = visitor.check(&posted);
    let Chosen { token, password } = posted.fields;
    if let Err(error) = checked {
        return choosing(&visitor, token, Some(error)).await;
    }
    match reset::choose(visitor.rolecall(), visitor.meta(), &token, &password).await {
        Ok(()) => visitor.page(StatusCode::OK, &AuthPage::PasswordSet),
        Err(Failure::NotFound(_)) => dead(&visitor),
        Err(failure @ Failure::Store(_)) => visitor.problem(&failure),
        Err(failure) => {
            let error = visitor.error(&failure);
            choosing(&visitor, token, Some(error)).await
        }
    }
}

fn form(visitor: &Visitor, email: String, error: Option<ApiError>) -> Response {
    let page = AuthPage::Forgot {
        email,
        error: error.clone(),
    };
    with_error(visitor.page(StatusCode::OK, &page), error.as_ref())
}

async fn choosing(visitor: &Visitor, token: String, error: Option<ApiError>) -> Response {
    match reset::open(visitor.rolecall(), &token).await {
        Ok(Some(email)) => {
            let page = AuthPage::Reset {
                token,
                email,
                error: error.clone(),
            };
            with_error(visitor.page(StatusCode::OK, &page), error.as_ref())
        }
        Ok(None) => dead(visitor),
        Err(failure) => visitor.problem(&failure),
    }
}

fn dead(visitor: &Visitor) -> Response {
    let page = AuthPage::DeadLink {
        next: "/forgot".to_owned(),
        label: "Ask for a new link".to_owned(),
    };
    visitor.page(StatusCode::NOT_FOUND, &page)
}
