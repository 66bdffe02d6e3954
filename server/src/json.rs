//! JSON as it is taken from strangers: of the right content type, and without names that stand twice.

use axum::http::{HeaderMap, header};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::{Map, Value};

/// Up to here a float has every whole number: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether a request says that its body is JSON (rule 54).
pub fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The object that a body is. Deeper than 128 levels is an error like any other (rule 58).
///
/// # Errors
/// What is wrong, and where.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_slice(body).map(|Object(object)| object)
}

/// A JSON object whose names are each there once: what a second one means, readers disagree about.
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OnceEach).map(Self)
    }
}

struct OnceEach;

impl<'de> serde::de::Visitor<'de> for OnceEach {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format_args!("“{name}” is there twice")));
            }
            let Once(value) = from.next_value()?;
            map.insert(name, value);
        }
        Ok(map)
    }
}

/// Any JSON value in which no object has a name twice.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceAny).map(Self)
    }
}

struct OnceAny;

impl<'de> serde::de::Visitor<'de> for OnceAny {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// A whole number is one however it is written: JSON has one kind of numbers (RFC 8259 §6), and JSON Schema
    /// calls 2.0 an integer.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        if value.fract() != 0.0 || value.abs() > EXACT {
            return Ok(value.into());
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole, and within what an i64 has"
        )]
        let whole = value as i64;
        Ok(whole.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(value)) = from.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, from: A) -> Result<Value, A::Error> {
        OnceEach.visit_map(from).map(Value::Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let read = |text: &str| object(text.as_bytes()).unwrap()["n"].to_string();
        for (sent, read_as) in [
            ("2", "2"),
            ("2.0", "2"),
            ("-0.0", "0"),
            ("2e2", "200"),
            ("2.5", "2.5"),
            ("1e300", "1e+300"),
        ] {
            assert_eq!(read(&format!("{{\"n\":{sent}}}")), read_as);
        }
    }
}
