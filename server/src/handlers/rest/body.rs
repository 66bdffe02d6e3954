//! What a request says: its body and its query, with a message for each field that is wrong.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::call::Call;
use crate::{json, problem::Problem, state::AppState};

/// The body of a request, as JSON. A field that is not known is refused, not passed over: whoever sends one
/// means something by it (rule 34).
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        if !json::is_json(request.headers()) {
            let message = "Send the body as application/json.";
            return Err(Problem::with_status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                message,
            ));
        }
        let bytes = bytes(request, state).await?;
        read(&bytes).map(Self)
    }
}

/// An order that makes something: once for each `Idempotency-Key`.
pub struct Creating<T> {
    /// Who asks.
    pub call: Call,
    /// What is to be made.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Creating<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let mut call = Call::from_request_parts(&mut parts, state).await?;
        let bytes = bytes(Request::from_parts(parts.clone(), body), state).await?;
        call.once(&parts.headers, fingerprint(&parts, &bytes))?;
        let request = Request::from_parts(parts, bytes.into());
        let Body(body) = Body::from_request(request, state).await?;
        Ok(Self { call, body })
    }
}

async fn bytes(request: Request, state: &AppState) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|_| Problem::bare(StatusCode::BAD_REQUEST))
}

/// Tells one order from another.
fn fingerprint(parts: &Parts, body: &Bytes) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [parts.method.as_str(), parts.uri.path()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(body);
    hash.finalize().into()
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let object = json::object(bytes).map_err(|error| {
        let message = format!("The body is not a JSON object: {error}.");
        Problem::with_status(StatusCode::BAD_REQUEST, message)
    })?;
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        let path = error.path().to_string();
        wrong(&path, &error.into_inner().to_string())
    })
}

/// The query of a request. One that is not known is refused with the name.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let reader = serde_urlencoded::Deserializer::new(pairs);
        serde_path_to_error::deserialize(reader)
            .map(Self)
            .map_err(|error| {
                let path = error.path().to_string();
                wrong(&path, &error.into_inner().to_string())
            })
    }
}

/// From what serde says to the field and a sentence about it.
fn wrong(path: &str, said: &str) -> Problem {
    let named = said.split('`').nth(1).unwrap_or_default();
    let inside = |name: &str| match path {
        "." | "" => name.to_owned(),
        _ if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        _ => format!("{path}.{name}"),
    };
    let (field, message) = if said.starts_with("unknown field") {
        (
            inside(named),
            format!("There is no field “{named}” here. Leave it out."),
        )
    } else if said.starts_with("missing field") {
        (inside(named), format!("Send the field “{named}”."))
    } else if said.starts_with("duplicate field") {
        (
            inside(named),
            format!("“{named}” is there twice. Send it once."),
        )
    } else {
        (path.to_owned(), format!("This can not be read: {said}."))
    };
    Problem::field(&field, message)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Order {
        name: String,
        #[serde(default)]
        parts: Vec<Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Part {
        id: u32,
    }

    fn refused(body: &str) -> (u16, String) {
        let problem = read::<Order>(body.as_bytes()).unwrap_err();
        let field = problem.error.fields.first().map(|one| one.field.clone());
        (problem.status().as_u16(), field.unwrap_or_default())
    }

    #[test]
    fn each_mistake_names_its_field() {
        assert!(read::<Order>(br#"{"name":"a","parts":[{"id":1}]}"#).is_ok());
        for (body, field) in [
            (r"{}", "name"),
            (r#"{"name":7}"#, "name"),
            (r#"{"name":null}"#, "name"),
            (r#"{"name":"a","is_owner":true}"#, "is_owner"),
            (
                r#"{"name":"a","parts":[{"id":1},{"id":"x"}]}"#,
                "parts[1].id",
            ),
            (
                r#"{"name":"a","parts":[{"id":1,"more":2}]}"#,
                "parts[0].more",
            ),
            (r#"{"name":"a","parts":[{}]}"#, "parts[0].id"),
        ] {
            assert_eq!(refused(body), (422, field.to_owned()), "{body}");
        }
        let deep = format!("{{\"name\":{}", "[".repeat(10_000));
        for body in [
            "",
            "[]",
            "null",
            r#"{"name":"a","name":"b"}"#,
            deep.as_str(),
        ] {
            assert_eq!(refused(body).0, 400);
        }
    }
}
