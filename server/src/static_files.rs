//! Stylesheets, scripts, WebAssembly, fonts and icons, from the site folder.

use std::path::Path;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::{problem::Problem, state::AppState};

/// Names with a hash of their content never change what they name.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// Files of a debug build keep their names: ask each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Everything that no other route takes: a file of the site folder, or nothing.
pub async fn serve(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    // Server functions have routes of their own; this one has none.
    let function = path.starts_with("/api/");
    if !function && !matches!(*request.method(), Method::GET | Method::HEAD) {
        return not_allowed();
    }
    if function || path.ends_with('/') || has_hidden_part(&path) {
        return Problem::not_found().into_response();
    }
    let files = ServeDir::new(&state.site_dir)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let Ok(response) = files.oneshot(request).await;
    let mut response = response.map(Body::new);
    if response.status().is_client_error() || response.status().is_server_error() {
        return Problem::bare(response.status()).into_response();
    }
    if response.status().is_redirection() && response.headers().contains_key(header::LOCATION) {
        // A folder: the file service would send the browser to it with a slash.
        return Problem::not_found().into_response();
    }
    let caching = caching(&path, state.assets.are_hashed());
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, caching);
    response
}

fn caching(path: &str, hashed: bool) -> HeaderValue {
    match path.starts_with("/pkg/") {
        true if hashed => FOR_EVER,
        true => ASK_AGAIN,
        false => A_DAY,
    }
}

/// Files whose name begins with a dot were not put there to be read.
fn has_hidden_part(path: &str) -> bool {
    path.split('/')
        .any(|part| part.starts_with('.') || part.starts_with("%2e") || part.starts_with("%2E"))
}

fn not_allowed() -> Response {
    let mut response = Problem::bare(axum::http::StatusCode::METHOD_NOT_ALLOWED).into_response();
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// Whether the folder holds a built site; without it pages have no style and do not come alive.
pub fn is_built(site_dir: &Path) -> bool {
    site_dir.join("pkg").is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert_eq!(caching("/pkg/rolecall.abc.css", true), FOR_EVER);
        assert_eq!(caching("/pkg/rolecall.css", false), ASK_AGAIN);
        assert_eq!(caching("/icons.svg", true), A_DAY);
        assert!(has_hidden_part("/.env") && has_hidden_part("/a/%2e%2e/b"));
    }
}
