//! An id for each request, its log line, and the span that puts the id into every line between.
//!
//! Logged is the pattern of the route, never the address: that may hold the token of an
//! invitation, a search, or a set-up code (rule 25).

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;
use uuid::Uuid;

use super::origin::is_for_programs;
use crate::state::AppState;

/// The header that tells the id to the asker.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request. Always made here: an id chosen by the asker could be anything, and is only sent
/// back.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Gives the request its id, and logs and counts how it ended.
pub async fn assign(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = state
        .rolecall
        .random()
        .id::<Uuid>(state.rolecall.clock().now())
        .simple()
        .to_string();
    let echoed = echoed(&request);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    request.extensions_mut().insert(RequestId(id.clone()));

    let span = tracing::info_span!("request", id = %id);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;

    let _entered = span.enter();
    let took = began.elapsed();
    log(method.as_str(), route.as_deref(), response.status(), took);
    if let Some(requests) = &state.requests {
        requests.count(route.as_deref(), &method, response.status(), took);
    }
    if let Some(value) = echoed.or_else(|| HeaderValue::from_str(&id).ok()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// What the asker calls the request, where a specification wants it back (AuthZEN §10.1.3). In the log
/// and in problems it has our own id.
fn echoed(request: &Request) -> Option<HeaderValue> {
    if !is_for_programs(request.uri().path()) {
        return None;
    }
    request.headers().get(HEADER).cloned()
}

/// Probes and files are too many to be worth a line each.
fn log(method: &str, route: Option<&str>, status: StatusCode, took: Duration) {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    match route {
        Some("/livez" | "/readyz") => tracing::debug!(method, route, status, ms, "answered"),
        Some(route) => tracing::info!(method, route, status, ms, "answered"),
        None => tracing::debug!(method, route = "other", status, ms, "answered"),
    }
}
