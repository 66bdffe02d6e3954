//! `/sign-out`.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use serde::Deserialize;

use crate::{
    cookies,
    forms::{Posted, Visitor},
    problem::Problem,
    redirect,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Nothing but the token of the form.
#[derive(Deserialize)]
pub struct Fields {}

/// Ends the session on the server and clears what the browser kept (rule 5). Twice is fine: who is
/// signed out already needs no token, as there is nothing to forge.
pub async fn submit(mut visitor: Visitor, posted: Posted<Fields>) -> Response {
    if visitor.session().is_some()
        && let Err(error) = visitor.check(&posted)
    {
        return Problem::new(error.code, error.message).into_response();
    }
    if let Err(failure) = visitor.end_session().await {
        return visitor.problem(&failure);
    }
    let mut response = redirect::see_other("/sign-in?notice=signed-out");
    let headers = response.headers_mut();
    headers.insert(
        CLEAR_SITE_DATA,
        HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""),
    );
    for name in [cookies::SESSION, cookies::FORM] {
        if let Some(cookie) = cookies::clear(name) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}
