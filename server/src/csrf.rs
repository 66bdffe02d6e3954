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

/// Length of a tag, and of what masks it.
const TAG_LEN: usize = 32;

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

    /// The hidden field of its forms: a mask and the masked tag. It is another text each time, so
    /// that the length of a compressed page tells nothing of it (BREACH).
    pub fn token(&self, keys: &Keys, random: &Random) -> String {
        let mask = random.bytes::<TAG_LEN>();
        let tag = keys.mac(PURPOSE, self.cookie.as_bytes());
        URL_SAFE_NO_PAD.encode([mask, masked(tag, mask)].concat())
    }

    /// Whether a form was shown in this browser. Compared in constant time.
    pub fn fits(&self, keys: &Keys, token: &str) -> bool {
        let token = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
        let Some((mask, tag)) = token.split_first_chunk::<TAG_LEN>() else {
            return false;
        };
        let Ok(tag) = <[u8; TAG_LEN]>::try_from(tag) else {
            return false;
        };
        !self.is_new && keys.verify(PURPOSE, self.cookie.as_bytes(), &masked(tag, *mask))
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

fn masked(tag: [u8; TAG_LEN], mask: [u8; TAG_LEN]) -> [u8; TAG_LEN] {
    std::array::from_fn(|i| tag[i] ^ mask[i])
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
        let random = Random::seeded(2);
        let token = ana.token(&keys, &random);
        assert!(ana.fits(&keys, &token));
        let again = ana.token(&keys, &random);
        assert!(again != token && ana.fits(&keys, &again));
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
        assert!(!new.fits(&keys, &new.token(&keys, &Random::seeded(2))));
        assert!(new.set_cookie().is_some() && browser(&"a".repeat(43)).set_cookie().is_none());
    }
}
