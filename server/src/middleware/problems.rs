//! Writes out failed requests: JSON for programs, a document with the next step for people.

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use rolecall_app::{
    auth::{self, AuthPage, Chrome},
    context::theme_of,
};

use rolecall_shared::error::ErrorCode;

use serde_json::json;

use super::{origin::is_for_programs, request_id::RequestId};
use crate::{csp, problem::Problem, state::AppState};

/// Said on a page of its own to whoever proved too long ago who they are (rule 8). With a script the
/// console asks for the password where somebody is; without one, only the audit trail can be asked so.
const CONFIRM_FIRST: &str = "Taking the audit trail out needs a fresh proof that it is you, and your last \
    one is more than 15 minutes old. Nothing was exported. Sign out and sign in again, then export within \
    15 minutes.";

/// Who reads the answer.
#[derive(Clone, Copy)]
enum Reader {
    /// Of an interface that promises RFC 9457.
    Client,
    Program,
    Person,
}

/// Gives each failed request a body that fits its reader.
pub async fn write(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reader = reader_of(request.uri().path(), request.headers());
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let theme = theme_of(request.headers());
    let mut response = next.run(request).await;
    let Some(mut problem) = take(&mut response) else {
        return response;
    };
    problem.error.request_id.get_or_insert(id);
    let body = match reader {
        Reader::Client => problem_json(&problem),
        Reader::Program => Json(&problem.error).into_response(),
        Reader::Person => document(&state, &problem, theme),
    };
    // Headers of the bare answer stay: `Allow`, `Retry-After`, `Set-Cookie`.
    let (mut parts, body) = (response.into_parts().0, body.into_parts());
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(body.0.headers);
    Response::from_parts(parts, body.1)
}

/// A problem as RFC 9457 has it: `code` is stable, `detail` is for people.
fn problem_json(problem: &Problem) -> Response {
    let error = &problem.error;
    let mut body = json!({
        "type": "about:blank",
        "title": problem.status().canonical_reason().unwrap_or_default(),
        "status": problem.status().as_u16(),
        "detail": error.message,
        "code": error.code,
        "request_id": error.request_id,
    });
    if !error.fields.is_empty() {
        body["fields"] = json!(error.fields);
    }
    if let Some(permission) = &error.permission {
        body["permission"] = json!(permission);
    }
    let kind = HeaderValue::from_static("application/problem+json");
    ([(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

fn reader_of(path: &str, headers: &HeaderMap) -> Reader {
    let promised = path.starts_with("/access/") || path.starts_with("/.well-known/");
    if promised || is_for_programs(path) {
        return Reader::Client;
    }
    let live = path.starts_with("/w/") && path.ends_with("/events");
    // Sent by a form, or by the page itself, which says what was refused where it stands.
    let wants_json = headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept == "application/json");
    let export = path.starts_with("/w/") && path.ends_with("/audit/export") && wants_json;
    let probe = matches!(path, "/livez" | "/readyz");
    if path == "/api" || path.starts_with("/api/") || live || probe || export {
        Reader::Program
    } else {
        Reader::Person
    }
}

/// The problem a handler left, or the one of a failure status without any body.
fn take(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let failed = response.status().is_client_error() || response.status().is_server_error();
    (failed && !response.headers().contains_key(header::CONTENT_TYPE))
        .then(|| Problem::bare(response.status()))
}

fn document(state: &AppState, problem: &Problem, theme: &'static str) -> Response {
    let error = &problem.error;
    let page = AuthPage::Problem {
        status: problem.status().as_u16(),
        title: problem.title().to_owned(),
        message: match error.code {
            ErrorCode::ConfirmFirst => CONFIRM_FIRST.to_owned(),
            _ => error.message.clone(),
        },
        request_id: error.request_id.clone().unwrap_or_default(),
        action: Some(next_step(problem.status(), state.public_url.origin())),
    };
    let chrome = Chrome {
        css_href: state.assets.css_href.clone(),
        csrf: String::new(),
        theme,
    };
    let mut response = Html(auth::render(&page, &chrome)).into_response();
    if let Some(policy) = csp::document() {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn next_step(status: StatusCode, origin: &str) -> (String, String) {
    let (href, label) = match status {
        StatusCode::UNAUTHORIZED => ("/sign-in", "Sign in"),
        StatusCode::MISDIRECTED_REQUEST => (origin, "Open that address"),
        _ => ("/", "Go to the first page"),
    };
    (href.to_owned(), label.to_owned())
}
