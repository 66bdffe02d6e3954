//! The two cookies: the session, and the one that ties a form to the browser it was shown in.
//!
//! Both have the `__Host-` prefix, so that no other host and no plain http can set them (rule 2).

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie with the session's secret.
pub const SESSION: &str = "__Host-rolecall";
/// The cookie that forms of signed-out pages are bound to.
pub const FORM: &str = "__Host-rolecall-form";

/// The value of a cookie. A browser sends a `__Host-` cookie once; of several the first counts.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// `Set-Cookie` for a value of URL-safe Base64; `None` when it has other characters.
pub fn set(name: &str, value: &str) -> Option<HeaderValue> {
    let safe = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax");
    let mut header = HeaderValue::from_str(&text).ok().filter(|_| safe)?;
    header.set_sensitive(true);
    Some(header)
}

/// `Set-Cookie` that removes a cookie.
pub fn clear(name: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; __Host-rolecall-form=f"),
        );
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("__Host-rolecall=s; __Host-rolecall=t"),
        );
        assert_eq!(read(&headers, SESSION), Some("s"));
        assert_eq!(read(&headers, FORM), Some("f"));
        assert_eq!(read(&headers, "rolecall"), None);
    }

    #[test]
    fn a_value_can_not_add_attributes() {
        assert!(set(SESSION, "abc; Domain=evil").is_none());
        assert_eq!(
            set(SESSION, "abc_-1").unwrap(),
            "__Host-rolecall=abc_-1; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
    }
}
