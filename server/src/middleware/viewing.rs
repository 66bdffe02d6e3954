//! What a session that views as a member may not do outside of the console's server functions: send
//! forms, and load pages after the view is over.

use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use rolecall_app::{context::RequestContext, paths};
use rolecall_backend::{
    Caller,
    service::{denial, view_as},
};

use crate::{handlers::end_view, problem::Problem};

/// The forms that whoever views as a member sends: the two ways out.
const ALLOWED: [&str; 2] = [paths::END_VIEW, paths::SIGN_OUT];

/// Refuses every form but the ways out. What is looked at with GET changes nothing anyway.
pub async fn refuse_forms(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if *request.method() != Method::POST || ALLOWED.contains(&path) {
        return next.run(request).await;
    }
    let Some((context, caller)) = caller(&request) else {
        return next.run(request).await;
    };
    let Err(failure) = view_as::read_only(&caller.session) else {
        return next.run(request).await;
    };
    denial::record(&context.rolecall, &caller, "", path, &failure).await;
    Problem::of(&failure, &caller.meta.request_id).into_response()
}

/// Gives the session of a view that is over back to its person before a page is made, and leads to
/// where they came from.
pub async fn settle_for_pages(request: Request, next: Next) -> Response {
    let page = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some((context, caller)) = caller(&request).filter(|_| page) else {
        return next.run(request).await;
    };
    match view_as::settle(&context.rolecall, &caller).await {
        Ok(None) => next.run(request).await,
        Ok(Some(back)) => end_view::lead(&back),
        Err(failure) => Problem::of(&failure, &caller.meta.request_id).into_response(),
    }
}

/// Who asks, when it is somebody who views as a member.
fn caller(request: &Request) -> Option<(RequestContext, Caller)> {
    let context = request.extensions().get::<RequestContext>()?.clone();
    let session = context.session.clone().filter(|s| s.viewing.is_some())?;
    let meta = context.meta.clone();
    Some((context, Caller { session, meta }))
}
