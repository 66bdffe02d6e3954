//! Pages of the searches (AuthZEN §8.2): which part is wanted, and the token that asks for the next.
//!
//! A token is opaque to its reader. It says where the next page begins and how long pages are, and carries a
//! digest of the search it belongs to: with another search it is refused, instead of answering something
//! that fits neither. It is no secret and gives no right; whoever makes one up only skips results.

use rolecall_backend::{hex, keys, service::decisions::Wish};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::body::{Sought, bad};
use crate::problem::Problem;

/// Bytes of the digest in a token: enough that no two searches share one by accident.
const DIGEST: usize = 12;
/// Bytes of a token: where to begin, how many, the digest.
const LENGTH: usize = 16 + 4 + DIGEST;
/// What a token has for “as many as there may be”.
const NO_LIMIT: u32 = u32::MAX;

/// The part of the results that a request wants.
pub struct Page {
    /// After which id.
    after: Option<Uuid>,
    /// At most so many.
    limit: Option<u32>,
    /// Of which search.
    digest: [u8; DIGEST],
}

impl Page {
    /// What a request says of its page. Without a token it is the first; with one, the limit of the request
    /// before counts on, and may be repeated but not changed.
    pub fn of(object: &Map<String, Value>, sought: Sought) -> Result<Self, Problem> {
        let digest = digest(object, sought);
        let nothing = Map::new();
        let page = match object.get("page") {
            None => &nothing,
            Some(Value::Object(page)) => page,
            Some(_) => return Err(bad("“page” must be an object.")),
        };
        if !matches!(page.get("properties"), None | Some(Value::Object(_))) {
            return Err(bad("“page.properties” must be an object."));
        }
        let wanted = limit(page.get("limit"))?;
        let before = match page.get("token") {
            None => None,
            Some(Value::String(token)) if token.is_empty() => None,
            Some(Value::String(token)) => Some(Self::parse(token).ok_or_else(stale)?),
            Some(_) => return Err(stale()),
        };
        let Some(before) = before else {
            return Ok(Self {
                after: None,
                limit: wanted,
                digest,
            });
        };
        if before.digest != digest {
            return Err(bad(
                "“page.token” belongs to another search. Repeat everything else of the request before, or begin again without the token.",
            ));
        }
        if wanted.is_some() && wanted != before.limit {
            return Err(bad(
                "“page.limit” is not that of the request before. Repeat it, leave it out, or begin again without “page.token”.",
            ));
        }
        Ok(before)
    }

    /// The page as the search looks for it. A page of none still looks for one result, to know whether
    /// there is more.
    pub fn wish(&self) -> Wish {
        let limit = self.limit.map(|limit| limit.max(1));
        Wish {
            after: self.after,
            limit: limit.and_then(|limit| usize::try_from(limit).ok()),
        }
    }

    /// Whether no result is wanted at all.
    pub fn is_empty(&self) -> bool {
        self.limit == Some(0)
    }

    /// The token of the page after this one, if that begins after `next`; without, the empty text that ends
    /// a search.
    pub fn token(&self, next: Option<Uuid>) -> String {
        next.map(|next| self.written(next)).unwrap_or_default()
    }

    /// The token that asks for this page again.
    pub fn again(&self) -> String {
        self.written(self.after.unwrap_or_default())
    }

    fn written(&self, after: Uuid) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend_from_slice(after.as_bytes());
        bytes.extend_from_slice(&self.limit.unwrap_or(NO_LIMIT).to_be_bytes());
        bytes.extend_from_slice(&self.digest);
        hex::encode(&bytes)
    }

    fn parse(token: &str) -> Option<Self> {
        if token.len() != LENGTH * 2 {
            return None;
        }
        let bytes = hex::decode(token)?;
        let (after, rest) = bytes.split_first_chunk::<16>()?;
        let (limit, digest) = rest.split_first_chunk::<4>()?;
        let limit = u32::from_be_bytes(*limit);
        Some(Self {
            after: Some(Uuid::from_bytes(*after)).filter(|after| !after.is_nil()),
            limit: Some(limit).filter(|limit| *limit != NO_LIMIT),
            digest: digest.try_into().ok()?,
        })
    }
}

fn stale() -> Problem {
    bad("“page.token” is not one of ours. Begin again without it.")
}

/// A whole number from 0 on, also when it is written as `2.0`: JSON has one kind of numbers (RFC 8259 §6).
/// What is more than anybody gets is the same as no wish.
fn limit(value: Option<&Value>) -> Result<Option<u32>, Problem> {
    let wrong = || bad("“page.limit” must be a whole number from 0 on.");
    let Some(value) = value else {
        return Ok(None);
    };
    let Value::Number(number) = value else {
        return Err(wrong());
    };
    if let Some(whole) = number.as_u64() {
        return Ok(Some(u32::try_from(whole).unwrap_or(NO_LIMIT - 1)));
    }
    let number = number.as_f64().ok_or_else(wrong)?;
    if number < 0.0 || number.fract() != 0.0 {
        return Err(wrong());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast from a float stays within the bounds of the integer"
    )]
    let whole = number as u32;
    Ok(Some(whole.min(NO_LIMIT - 1)))
}

/// What identifies a search: all that decides its results, whatever the order of its names. What is searched
/// for is left out: it does not count.
fn digest(object: &Map<String, Value>, sought: Sought) -> [u8; DIGEST] {
    let mut text = format!("{sought:?}");
    for name in ["subject", "action", "resource", "context"] {
        let (entity, ignored) = match (name, sought) {
            ("action", Sought::Actions) => continue,
            ("subject", Sought::Subjects) | ("resource", Sought::Resources) => {
                (object.get(name), Some("id"))
            }
            _ => (object.get(name), None),
        };
        text.push('\n');
        if let Some(entity) = entity {
            write(entity, ignored, &mut text);
        }
    }
    let whole = keys::sha256(text.as_bytes());
    whole.first_chunk().copied().unwrap_or_default()
}

/// A value with its names in order, without one of the outermost.
fn write(value: &Value, without: Option<&str>, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort_unstable();
            text.push('{');
            for name in names
                .into_iter()
                .filter(|name| Some(name.as_str()) != without)
            {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(&map[name], None, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(list) => {
            text.push('[');
            for value in list {
                write(value, None, text);
                text.push(',');
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}
