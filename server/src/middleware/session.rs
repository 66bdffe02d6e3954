//! Who is asking: found once per request, and handed to pages, server functions and forms.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use rolecall_app::{context::RequestContext, presence};
use rolecall_backend::{
    RequestMeta, Session,
    service::{Failure, sessions, setup},
};

use super::{bearer, client_address::ClientAddress, request_id::RequestId};
use crate::{cookies, csrf::FormKey, problem::Problem, redirect, state::AppState};

/// Longest description of itself that a client gets into the audit trail, in characters.
const USER_AGENT_MAX: usize = 200;

/// Puts a [`RequestContext`] into the request, which counts as use of the session.
pub async fn find(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let session = match cookies::read(request.headers(), cookies::SESSION) {
        None => Ok(None),
        Some(secret) => sessions::resolve(&state.rolecall, secret).await,
    };
    provide(state, request, next, session).await
}

/// The same for what a page asks by itself as long as it is open: no use of the session (rule 4).
pub async fn look_up(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let session = match cookies::read(request.headers(), cookies::SESSION) {
        None => Ok(None),
        Some(secret) => sessions::look_up(&state.rolecall, secret).await,
    };
    provide(state, request, next, session).await
}

/// For functions that only read: a use of the session unless the page asked by itself.
pub async fn find_reader(state: State<AppState>, request: Request, next: Next) -> Response {
    if is_unattended(&request) {
        look_up(state, request, next).await
    } else {
        find(state, request, next).await
    }
}

fn is_unattended(request: &Request) -> bool {
    request.headers().contains_key(presence::HEADER)
}

async fn provide(
    state: AppState,
    mut request: Request,
    next: Next,
    session: Result<Option<Session>, Failure>,
) -> Response {
    let headers = request.headers();
    if bearer::has_token(headers) && cookies::read(headers, cookies::SESSION).is_some() {
        return bearer::mixed().into_response();
    }
    let meta = RequestMeta {
        unattended: is_unattended(&request),
        ..meta_of(&request)
    };
    let session = match session {
        Ok(session) => session,
        Err(failure) => return Problem::of(&failure, &meta.request_id).into_response(),
    };
    let form_key = FormKey::of(request.headers(), state.rolecall.random());
    let context = RequestContext {
        rolecall: state.rolecall.clone(),
        meta,
        session,
        glance: Arc::default(),
        form_token: form_key.token(state.rolecall.keys(), state.rolecall.random()),
        session_cookie: |secret| cookies::set(cookies::SESSION, secret),
    };
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(form_key);
    next.run(request).await
}

/// Sends those who are not signed in to the sign-in page, or to the set-up when there is nobody yet.
pub async fn require_for_pages(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let Some(context) = request.extensions().get::<RequestContext>() else {
        return Problem::not_signed_in().into_response();
    };
    let page = matches!(*request.method(), Method::GET | Method::HEAD);
    if context.session.is_some() || !page {
        // The page has a form, the one to sign out.
        let cookie = request.extensions().get().and_then(FormKey::set_cookie);
        let mut response = next.run(request).await;
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        return response;
    }
    match setup::needed(&state.rolecall).await {
        Ok(true) => redirect::see_other("/setup"),
        Ok(false) => {
            let had_session = cookies::read(request.headers(), cookies::SESSION).is_some();
            let target = request
                .uri()
                .path_and_query()
                .map_or("/", |path| path.as_str());
            redirect::see_other(&redirect::sign_in_path(target, had_session))
        }
        Err(failure) => Problem::of(&failure, &context.meta.request_id).into_response(),
    }
}

pub(super) fn meta_of(request: &Request) -> RequestMeta {
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let mut meta = RequestMeta::local(request_id);
    if let Some(address) = request.extensions().get::<ClientAddress>() {
        meta.address = address.0;
    }
    meta.user_agent = user_agent(request.headers());
    meta
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.chars().take(USER_AGENT_MAX).collect()
}
