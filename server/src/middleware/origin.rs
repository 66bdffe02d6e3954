//! Requests that change something must come from one of our own pages (rule 53).
//!
//! Holds for all unsafe methods, with or without a cookie: signing in, joining and signing out
//! are forged as easily as anything else.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use rolecall_shared::error::ErrorCode;

use crate::{problem::Problem, state::AppState};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses unsafe requests from elsewhere.
pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_for_programs(request.uri().path())
        || is_harmless(request.method())
        || is_own(request.headers(), state.public_url.origin())
    {
        return next.run(request).await;
    }
    Problem::new(
        ErrorCode::CrossSite,
        format!(
            "This request did not come from a page of {}. Open the page there and try again.",
            state.public_url.origin()
        ),
    )
    .into_response()
}

/// The interfaces for programs, which no browser is signed in to: there a token counts, and a cookie never
/// does.
pub fn is_for_programs(path: &str) -> bool {
    path.starts_with("/access/v1/") || path == "/api/v1" || path.starts_with("/api/v1/")
}

/// Methods that change nothing, and those that no route takes: they get their 405.
fn is_harmless(method: &Method) -> bool {
    !matches!(
        *method,
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE
    )
}

/// What the browser says about the page that sent the request; a header that comes twice says nothing.
fn is_own(headers: &HeaderMap, origin: &str) -> bool {
    let single = |name: &HeaderName| {
        let mut values = headers.get_all(name).iter();
        values
            .next()
            .filter(|_| values.next().is_none())
            .and_then(|value| value.to_str().ok())
    };
    if headers.contains_key(&FETCH_SITE) {
        return matches!(single(&FETCH_SITE), Some("same-origin" | "none"));
    }
    single(&header::ORIGIN) == Some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        is_own(&headers, "https://a.example")
    }

    #[test]
    fn only_our_own_pages_are_believed() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        assert!(own(&[("origin", "https://a.example")]));
        assert!(!own(&[]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://a.example")
        ]));
        assert!(!own(&[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(!own(&[("origin", "null")]));
        assert!(!own(&[("origin", "https://a.example.evil")]));
        assert!(!own(&[("origin", "http://a.example")]));
    }
}
