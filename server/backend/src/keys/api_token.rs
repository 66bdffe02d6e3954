//! The text of an API token: a registered prefix, 190 random bits and a checksum (rule 43).
//!
//! `rcl_`, 32 characters of base62, and 6 that are the CRC-32 of those 32 in base62:
//! `rcl_[0-9A-Za-z]{38}`. Scanners find it in text that should not hold it, and what was cut or
//! mistyped is refused before the database is asked. The checksum is no secret and proves nothing.

use std::fmt;

use zeroize::Zeroizing;

use super::sha256;
use crate::random::Random;

/// What every token begins with.
pub const PREFIX: &str = "rcl_";
/// What finds tokens in a text.
pub const PATTERN: &str = "rcl_[0-9A-Za-z]{38}";
/// Characters that say which token it is, for lists.
const HINT: usize = PREFIX.len() + 4;
const SECRET: usize = 32;
const CHECKSUM: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The text of an API token.
#[derive(Clone)]
pub struct ApiToken(Zeroizing<String>);

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiToken(…)")
    }
}

impl ApiToken {
    /// A new token.
    pub fn new(random: &Random) -> Self {
        let mut text = String::with_capacity(PREFIX.len() + SECRET + CHECKSUM);
        text.push_str(PREFIX);
        while text.len() < PREFIX.len() + SECRET {
            for byte in random.bytes::<48>() {
                // The first 248 values are four rounds of 62: no digit is likelier than another.
                if byte < 248 && text.len() < PREFIX.len() + SECRET {
                    text.push(DIGITS[usize::from(byte % 62)].into());
                }
            }
        }
        let sum = checksum(&text.as_bytes()[PREFIX.len()..]);
        text.extend(sum.map(char::from));
        Self(Zeroizing::new(text))
    }

    /// A token from a request; `None` when no installation ever made it.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?.as_bytes();
        let sound = rest.len() == SECRET + CHECKSUM
            && rest.iter().all(u8::is_ascii_alphanumeric)
            && checksum(&rest[..SECRET]) == rest[SECRET..];
        sound.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text for whoever made it. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its beginning, to know it by.
    pub fn hint(&self) -> &str {
        &self.0[..HINT]
    }

    /// What the database keeps.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

fn checksum(secret: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = crc32(secret);
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(sum % 62) as usize];
        sum /= 62;
    }
    digits
}

/// CRC-32 as in ISO 3309 and zlib.
fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc >>= 1;
            crc ^= 0xedb8_8320 * carry;
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_that_everybody_knows() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn a_token_with_one_changed_character_was_never_made() {
        let token = ApiToken::new(&Random::seeded(4));
        let text = token.expose();
        assert_eq!(text.len(), 42);
        assert!(text[4..].bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(ApiToken::parse(text).map(|t| t.hash()), Some(token.hash()));
        assert_eq!(token.hint(), &text[..8]);
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(ApiToken::parse(&changed).is_none(), "position {at}");
        }
        for wrong in [
            "",
            "rcl_",
            &text[1..],
            &text[..41],
            &format!("{text}A"),
            "rcl_ä",
        ] {
            assert!(ApiToken::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn two_tokens_differ_and_neither_shows_in_debug_output() {
        let random = Random::seeded(5);
        let (one, two) = (ApiToken::new(&random), ApiToken::new(&random));
        assert_ne!(one.expose(), two.expose());
        assert_eq!(format!("{one:?}"), "ApiToken(…)");
    }
}
