//! Ties a form to the browser it was shown in (rule 53): a random cookie, and in the form a tag
//! over it that only this server can make. Holds before anybody is signed in, too.

use axum::http::{HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_backend::{keys::Keys, random::Random};

use crate::cookies;

/// Keeps the tag from fitting anything but a form.
const PURPOSE: &str = "form token v1";
/// Length of the cookie: 32 bytes in Base64.
const COOKIE_LEN: usize = 43;

/// What a browser's forms are tied to.
#[derive(Clone)]
pub struct FormKey {
    cookie: String,
    is_new: bool,
}

impl FormKey {
    /// The browser's own, or a new one when it has none.
    pub fn of(headers: &HeaderMap, random: &Random) -> Self {
        match cookies::read(headers, cookies::FORM).filter(|value| value.len() == COOKIE_LEN) {
            Some(value) => Self {
                cookie: value.to_owned(),
                is_new: false,
            },
            None => Self {
                cookie: URL_SAFE_NO_PAD.encode(random.bytes::<32>()),
                is_new: true,
            },
        }
    }

    /// The hidden field of its forms.
    pub fn token(&self, keys: &Keys) -> String {
        URL_SAFE_NO_PAD.encode(keys.mac(PURPOSE, self.cookie.as_bytes()))
    }

    /// Whether a form was shown in this browser. Compared in constant time.
    pub fn fits(&self, keys: &Keys, token: &str) -> bool {
        let tag = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
        !self.is_new && tag.len() == 32 && keys.verify(PURPOSE, self.cookie.as_bytes(), &tag)
    }

    /// `Set-Cookie`, when the browser does not have it yet.
    pub fn set_cookie(&self) -> Option<HeaderValue> {
        if self.is_new {
            cookies::set(cookies::FORM, &self.cookie)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn browser(cookie: &str) -> FormKey {
        let mut headers = HeaderMap::new();
        let line = format!("{}={cookie}", cookies::FORM);
        headers.insert(header::COOKIE, line.parse().unwrap());
        FormKey::of(&headers, &Random::seeded(1))
    }

    #[test]
    fn a_form_fits_only_the_browser_it_was_shown_in() {
        let keys = Keys::new(&[1; 32]);
        let (ana, ben) = (browser(&"a".repeat(43)), browser(&"b".repeat(43)));
        let token = ana.token(&keys);
        assert!(ana.fits(&keys, &token));
        assert!(!ben.fits(&keys, &token));
        assert!(!ana.fits(&Keys::new(&[2; 32]), &token));
        for wrong in ["", "x", &token[..22], &format!("{token}A")] {
            assert!(!ana.fits(&keys, wrong), "{wrong}");
        }
    }

    #[test]
    fn a_browser_without_the_cookie_fits_nothing() {
        let keys = Keys::new(&[1; 32]);
        let new = FormKey::of(&HeaderMap::new(), &Random::seeded(1));
        assert!(!new.fits(&keys, &new.token(&keys)));
        assert!(new.set_cookie().is_some() && browser(&"a".repeat(43)).set_cookie().is_none());
    }
}
