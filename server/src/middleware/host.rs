//! Only requests for hosts we know are answered, so that no other name can be put in front of this
//! server, and no other page's host name made to point at it (rule 59).

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{config::AllowedHost, problem::Problem, state::AppState};

/// Refuses requests that name another host. Probes name whatever they like.
pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let probe = matches!(request.uri().path(), "/livez" | "/readyz");
    if probe || is_ours(&state, &request) {
        return next.run(request).await;
    }
    let message = format!(
        "This server is at {}. Open that address instead.",
        state.public_url.origin()
    );
    Problem::with_status(StatusCode::MISDIRECTED_REQUEST, message).into_response()
}

fn is_ours(state: &AppState, request: &Request) -> bool {
    let default_port = if state.public_url.is_https() { 443 } else { 80 };
    named_host(request).is_some_and(|named| {
        state
            .allowed_hosts
            .iter()
            .any(|host| host.admits(&named, default_port))
    })
}

/// The host of the request line if it has one (RFC 9112 §3.2.2), else of exactly one `Host` header.
fn named_host(request: &Request) -> Option<AllowedHost> {
    if let Some(authority) = request.uri().authority() {
        return AllowedHost::parse(authority.as_str());
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => AllowedHost::parse(host.to_str().ok()?),
        _ => None,
    }
}
