//! Redirects to pages of our own, and nothing else (rule 60).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use url::Url;

/// Longest target that is carried through the sign-in page.
const MAX: usize = 2_048;

/// Reads a target as a browser would and writes it again as path and query; `None` for anything
/// that could lead elsewhere.
pub fn local(target: &str) -> Option<String> {
    let suspicious = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    if target.len() > MAX || !target.starts_with('/') || target.chars().any(suspicious) {
        return None;
    }
    let base = Url::parse("https://rolecall.invalid/").ok()?;
    let url = base.join(target).ok()?;
    // `/.//host` is a path of two slashes once the dot is gone.
    if url.origin() != base.origin() || url.path().starts_with("//") {
        return None;
    }
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    Some(format!("{}{query}", url.path()))
}

/// `303 See Other` to a path of our own; to the first page when it is none.
pub fn see_other(target: &str) -> Response {
    let target = local(target).unwrap_or_else(|| "/".to_owned());
    let location = HeaderValue::from_str(&target).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The sign-in page that leads back to `target`.
pub fn sign_in_path(target: &str, session_ended: bool) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    match local(target) {
        Some(next) if next != "/" => {
            query.append_pair("next", &next);
        }
        _ => {}
    }
    if session_ended {
        query.append_pair("notice", "session-ended");
    }
    let query = query.finish();
    if query.is_empty() {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own_are_targets() {
        assert_eq!(
            local("/w/acme/members?q=a%20b").as_deref(),
            Some("/w/acme/members?q=a%20b")
        );
        assert_eq!(local("/a/../b#part").as_deref(), Some("/b"));
        for target in [
            "",
            "w/acme",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=y",
            "/a\tb",
            "/ /evil.example",
        ] {
            assert_eq!(local(target), None, "{target}");
        }
        assert_eq!(local(&format!("/{}", "a".repeat(3_000))), None);
    }

    #[test]
    fn the_sign_in_page_keeps_the_way_back() {
        assert_eq!(
            sign_in_path("/w/acme/members?q=x", false),
            "/sign-in?next=%2Fw%2Facme%2Fmembers%3Fq%3Dx"
        );
        assert_eq!(sign_in_path("/", false), "/sign-in");
        assert_eq!(
            sign_in_path("//evil.example", true),
            "/sign-in?notice=session-ended"
        );
    }
}
