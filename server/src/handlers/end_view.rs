//! `/view-as/end`: the way out of a view, as a form, so that it works without JavaScript.

use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};
use rolecall_app::paths;
use rolecall_backend::{
    authz::ViewEnd,
    service::view_as::{self, Back},
};
use serde::Deserialize;

use crate::{
    cookies,
    forms::{Posted, Visitor},
    problem::Problem,
    redirect,
};

/// Nothing but the token of the form.
#[derive(Deserialize)]
pub struct Fields {}

/// Leaves the view and goes back to the page of the member. Twice is fine.
pub async fn submit(visitor: Visitor, posted: Posted<Fields>) -> Response {
    let Some(caller) = visitor.caller() else {
        return Problem::not_signed_in().into_response();
    };
    if let Err(error) = visitor.check(&posted) {
        return Problem::new(error.code, error.message).into_response();
    }
    match view_as::exit(visitor.rolecall(), &caller).await {
        Ok(Some(back)) => lead(&back),
        Ok(None) => redirect::see_other(paths::HOME),
        Err(failure) => visitor.problem(&failure),
    }
}

/// Leads the person of a session that is theirs again to where they came from, as far as that is there.
pub fn lead(back: &Back) -> Response {
    let target = match back.how {
        ViewEnd::ViewerLost => paths::HOME.to_owned(),
        ViewEnd::TargetGone => paths::members_base(&back.slug),
        _ => paths::member(&back.slug, back.member),
    };
    let mut response = redirect::see_other(&target);
    let cookie = back.secret.as_ref();
    let cookie = cookie.and_then(|secret| cookies::set(cookies::SESSION, secret.expose()));
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
