//! `GET /docs/api`: the interface for programs, for people to read.

mod read;

use std::sync::LazyLock;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
use rolecall_app::{
    context::theme_of,
    reference::{self, Chrome, Reference},
};

use crate::{csp, handlers::rest, state::AppState};

/// Where the page is.
pub const PATH: &str = "/docs/api";

/// The document never changes while the server runs.
static REFERENCE: LazyLock<Reference> = LazyLock::new(|| read::reference(rest::document()));

/// The page. It tells nothing that is not the same everywhere, so nobody has to sign in for it.
pub async fn show(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let chrome = Chrome {
        css_href: state.assets.css_href.clone(),
        theme: theme_of(&headers),
        document_href: rest::DOCUMENT,
    };
    let mut response = Html(reference::render(&REFERENCE, &chrome)).into_response();
    if let Some(policy) = csp::document() {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let often = HeaderValue::from_static("no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, often);
    response
}
