//! Headers that every answer carries (rules 5, 55, 56). What a handler has set stays.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::{csp, state::AppState};

const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), \
             browsing-topics=(), clipboard-write=(self)",
        ),
    ),
];

/// Two years, as browsers' preload lists ask; without subdomains, which are not ours to decide about.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Adds the headers.
pub async fn add(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let secret_path = holds_a_secret(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.extend(ALWAYS);
    let referrer = if secret_path {
        "no-referrer"
    } else {
        "same-origin"
    };
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    if state.public_url.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    unless_set(headers, header::CACHE_CONTROL, NO_STORE);
    unless_set(headers, header::CONTENT_SECURITY_POLICY, csp::other());
    response
}

/// Pages whose address, or the form on them, holds the token of a link or the set-up code.
fn holds_a_secret(path: &str) -> bool {
    const FAMILIES: [&str; 5] = [
        "/invite",
        "/invitation",
        "/forgot",
        "/reset",
        "/confirm-email",
    ];
    path == "/setup" || FAMILIES.iter().any(|family| path.starts_with(family))
}

fn unless_set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}
