//! Who asks, about which workspace, and how a service is asked in their name.

use axum::{
    extract::{FromRequestParts, Path, RawPathParams},
    http::{HeaderMap, HeaderName, StatusCode, header, request::Parts},
};
use rolecall_backend::{
    Caller, OrderKey, Rolecall,
    service::{Failure, denial, tokens::Bearer},
};
use rolecall_shared::error::ErrorCode;
use serde::de::DeserializeOwned;

use crate::{problem::Problem, state::AppState};

/// The header by which a program can repeat an order (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key of an order, in characters.
const KEY_MAX: usize = 255;

/// A request of a program about its own workspace.
pub struct Call {
    state: AppState,
    bearer: Bearer,
}

impl FromRequestParts<AppState> for Call {
    type Rejection = Problem;

    /// Refuses other workspaces than that of the token, as if they were not there (rule 48).
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let bearer = parts.extensions.get::<Bearer>().cloned();
        let bearer = bearer.ok_or_else(|| Problem::bare(StatusCode::INTERNAL_SERVER_ERROR))?;
        let named = RawPathParams::from_request_parts(parts, state).await;
        let named = named.map_err(|_| Problem::not_found())?;
        let mut named = named.iter().filter(|(name, _)| *name == "workspace");
        if named.any(|(_, slug)| slug != bearer.workspace) {
            let failure = Failure::NotFound("workspace");
            return Err(Problem::of(&failure, &bearer.caller.meta.request_id));
        }
        Ok(Self {
            state: state.clone(),
            bearer,
        })
    }
}

impl Call {
    /// The part of the address of the workspace.
    pub fn workspace(&self) -> &str {
        &self.bearer.workspace
    }

    /// The address of something in the workspace, from the part after it.
    pub fn href(&self, below: &str) -> String {
        let origin = self.state.public_url.origin();
        format!("{origin}/api/v1/workspaces/{}{below}", self.workspace())
    }

    /// Has the order carried out only once, if it came with a key; `request_hash` says what it is.
    ///
    /// # Errors
    /// 422 on a key that is none.
    pub(super) fn once(
        &mut self,
        headers: &HeaderMap,
        request_hash: [u8; 32],
    ) -> Result<(), Problem> {
        let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(first) = keys.next() else {
            return Ok(());
        };
        let key = first.to_str().ok().filter(|key| {
            let printable = key.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
            printable && (1..=KEY_MAX).contains(&key.len())
        });
        let Some(key) = key.filter(|_| keys.next().is_none()) else {
            let message =
                format!("Send one Idempotency-Key of 1 to {KEY_MAX} printable ASCII characters.");
            return Err(Problem::field("Idempotency-Key", message));
        };
        self.bearer.caller.meta.order = Some(OrderKey {
            key: key.to_owned(),
            request_hash,
        });
        Ok(())
    }

    /// Asks a service in the name of the token's member. What is refused is written down as `attempt`
    /// (rule 63). A version that is not the one there is, is a 412 here: it came with `If-Match`.
    pub async fn ask<T>(
        &self,
        attempt: &str,
        service: impl AsyncFnOnce(&Rolecall, &Caller, &str) -> Result<T, Failure>,
    ) -> Result<T, Problem> {
        let (app, Bearer { caller, workspace }) = (&self.state.rolecall, &self.bearer);
        let failure = match service(app, caller, workspace).await {
            Ok(done) => return Ok(done),
            Err(failure) => failure,
        };
        denial::record(app, caller, workspace, attempt, &failure).await;
        let mut problem = Problem::of(&failure, &caller.meta.request_id);
        if let Failure::Stale(message) = &failure {
            problem = Problem::new(ErrorCode::PreconditionFailed, message.clone());
        }
        Err(problem)
    }
}

/// The ids in a path. What is no id is as unknown as one that was made up.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let found = Path::<T>::from_request_parts(parts, state).await;
        found
            .map(|Path(ids)| Self(ids))
            .map_err(|_| Problem::new(ErrorCode::NotFound, "There is nothing with this id here."))
    }
}

/// The version that a change is made on, from `If-Match`: what somebody else changed meanwhile is never
/// overwritten unseen (RFC 9110 §13.1.1).
pub struct IfMatch(pub i64);

impl FromRequestParts<AppState> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        version(&parts.headers).map(Self)
    }
}

/// The version that a change is made on, or none with `If-None-Match: *`: the change makes the thing, and must
/// not replace one that somebody else made meanwhile (RFC 9110 §13.1.2).
pub struct IfMatchOrNone(pub Option<i64>);

impl FromRequestParts<AppState> for IfMatchOrNone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        version_or_none(&parts.headers).map(Self)
    }
}

fn version_or_none(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let mut lines = headers.get_all(header::IF_NONE_MATCH).iter();
    let Some(line) = lines.next() else {
        return version(headers).map(Some);
    };
    let any = line.to_str().is_ok_and(|line| line.trim() == "*");
    if any && lines.next().is_none() && !headers.contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let message = "Send If-None-Match with * alone to make what is not there, or If-Match with the ETag of what you change.";
    Err(Problem::new(ErrorCode::PreconditionFailed, message))
}

fn version(headers: &HeaderMap) -> Result<i64, Problem> {
    let mut lines = headers.get_all(header::IF_MATCH).iter();
    let line = lines.next().and_then(|line| line.to_str().ok());
    let Some(tag) = line.map(str::trim).filter(|tag| *tag != "*") else {
        let message = "Send If-Match with the ETag of what you change, so that nothing is overwritten that somebody else changed meanwhile.";
        return Err(Problem::new(ErrorCode::PreconditionRequired, message));
    };
    let number = tag
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let number = number.filter(|_| lines.next().is_none());
    // A tag that we never made matches nothing.
    // Only the version counts: what else an answer said may have changed without harm.
    let version = number.and_then(|tag| tag.split('.').next());
    version
        .and_then(|version| version.parse().ok())
        .ok_or_else(|| {
            let message = "If-Match names no version of this. Get it again, and send its ETag.";
            Problem::new(ErrorCode::PreconditionFailed, message)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_the_version_it_was_made_on() {
        let found = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::IF_MATCH, value.parse().unwrap());
            }
            version(&headers).map_err(|problem| problem.status().as_u16())
        };
        assert_eq!(found(&["\"7\""]), Ok(7));
        assert_eq!(found(&["\"7.c29tZQ\""]), Ok(7));
        assert_eq!(found(&[]), Err(428));
        assert_eq!(found(&["*"]), Err(428));
        for stranger in ["7", "\"x\"", "W/\"7\"", "\"7\", \"8\"", "\"\"", ""] {
            assert_eq!(found(&[stranger]), Err(412), "{stranger}");
        }
        assert_eq!(found(&["\"7\"", "\"7\""]), Err(412));
    }

    #[test]
    fn what_is_made_at_an_address_says_that_there_is_nothing_yet() {
        let found = |values: &[(header::HeaderName, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in values {
                headers.append(name, value.parse().unwrap());
            }
            version_or_none(&headers).map_err(|problem| problem.status().as_u16())
        };
        let (if_match, if_none) = (header::IF_MATCH, header::IF_NONE_MATCH);
        assert_eq!(found(&[(if_none.clone(), "*")]), Ok(None));
        assert_eq!(found(&[(if_match.clone(), "\"7\"")]), Ok(Some(7)));
        assert_eq!(found(&[]), Err(428));
        assert_eq!(found(&[(if_match.clone(), "*")]), Err(428));
        assert_eq!(found(&[(if_none.clone(), "\"7\"")]), Err(412));
        assert_eq!(
            found(&[(if_none.clone(), "*"), (if_none.clone(), "*")]),
            Err(412)
        );
        assert_eq!(found(&[(if_none, "*"), (if_match, "\"7\"")]), Err(412));
    }
}
