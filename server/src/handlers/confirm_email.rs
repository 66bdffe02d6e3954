//! `/confirm-email/{token}`: another address for an account (rule 16). Looking changes nothing; the
//! token is never in a `Location`.

use axum::{
    extract::{Path, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use rolecall_app::auth::AuthPage;
use rolecall_backend::service::{Failure, account};
use rolecall_shared::error::ApiError;
use serde::Deserialize;

use crate::forms::{Posted, Visitor, with_error};

/// The fields of the form.
#[derive(Deserialize)]
pub struct Fields {
    #[serde(default)]
    token: String,
}

/// The page that the link in the mail opens.
pub async fn show(visitor: Visitor, token: Result<Path<String>, PathRejection>) -> Response {
    let token = token.map(|Path(token)| token).unwrap_or_default();
    open(&visitor, token, None).await
}

/// Puts the new address in place of the old one.
pub async fn submit(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let checked = visitor.check(&posted);
    let Fields { token } = posted.fields;
    if let Err(error) = checked {
        return open(&visitor, token, Some(error)).await;
    }
    match account::confirm_email(visitor.rolecall(), visitor.meta(), &token).await {
        Ok(email) => visitor.page(StatusCode::OK, &AuthPage::EmailConfirmed { email }),
        Err(Failure::NotFound(_)) => dead(&visitor),
        Err(failure @ Failure::Store(_)) => visitor.problem(&failure),
        Err(failure) => {
            let error = visitor.error(&failure);
            open(&visitor, token, Some(error)).await
        }
    }
}

async fn open(visitor: &Visitor, token: String, error: Option<ApiError>) -> Response {
    match account::open_email_link(visitor.rolecall(), &token).await {
        Ok(Some(change)) => {
            let page = AuthPage::ConfirmEmail {
                token,
                change,
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
        next: "/account".to_owned(),
        label: "Go to your account".to_owned(),
    };
    visitor.page(StatusCode::NOT_FOUND, &page)
}
