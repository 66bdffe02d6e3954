//! Programs with API tokens: the only way in to the interfaces for programs, and there the only one.
//!
//! A token stands in the `Authorization` header and nowhere else (rule 47). Cookies have no meaning
//! here; a request with both is refused, so that neither can borrow the other's power (rule 46).

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use rolecall_backend::service::tokens::{self, Refused};

use super::session;
use crate::{
    cookies,
    problem::Problem,
    rates::{Standing, WINDOW, Who},
    state::AppState,
};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Requests a minute from one network whose tokens are no good, before it is told to wait.
const FAILING: u32 = 60;
/// Tokens of one network can together ask so many times as often as one of them.
const NETWORK: u32 = 4;

/// Whether a request brings a token: what pages are asked with, never does.
pub fn has_token(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::AUTHORIZATION)
        .iter()
        .any(|value| scheme_and_rest(value).is_some())
}

/// The part of an `Authorization` header after `Bearer`, whose case does not matter (RFC 9110 §11.1).
fn scheme_and_rest(value: &HeaderValue) -> Option<&str> {
    let (scheme, rest) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim())
}

/// Puts the [`rolecall_backend::service::tokens::Bearer`] of a token into the request.
pub async fn find(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let meta = session::meta_of(&request);
    let token = match token(request.headers()) {
        Ok(token) => token.to_owned(),
        Err(problem) => return challenge(problem, "Bearer realm=\"rolecall\""),
    };
    let now = state.rolecall.clock().now().timestamp();
    let (rates, most) = (&state.rates, state.api_rate);
    let network = Who::network(meta.address);
    if let Err(over) = rates.take(network, most.saturating_mul(NETWORK), now) {
        return too_many("from your network", over);
    }
    let bearer = match tokens::authenticate(&state.rolecall, &meta, &token).await {
        Err(failure) => return Problem::of(&failure, &meta.request_id).into_response(),
        Ok(Err(refused)) => {
            // Whoever shares the network and has a good token goes on.
            return match rates.take(Who::failing(meta.address), FAILING, now) {
                Ok(_) => turned_away(refused),
                Err(over) => too_many("with tokens that do not work from your network", over),
            };
        }
        Ok(Ok(bearer)) => bearer,
    };
    let who = bearer.caller.session.token.as_ref();
    let who = who.map_or(network, |token| Who::Token(token.id));
    let standing = match rates.take(who, most, now) {
        Ok(standing) => standing,
        Err(over) => return too_many("with this token", over),
    };
    request.extensions_mut().insert(bearer);
    let mut response = next.run(request).await;
    tell(response.headers_mut(), standing);
    response
}

/// The one token of a request.
fn token(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let first = lines.next();
    if lines.next().is_some() {
        let message = "Send one Authorization header, with one token.";
        return Err(Problem::with_status(StatusCode::BAD_REQUEST, message));
    }
    if first.is_some() && cookies::read(headers, cookies::SESSION).is_some() {
        return Err(mixed());
    }
    first.and_then(scheme_and_rest).ok_or_else(|| {
        let message = "Send an API token of the workspace: Authorization: Bearer rcl_….";
        Problem::with_status(StatusCode::UNAUTHORIZED, message)
    })
}

/// Said to a request with a cookie and a token.
pub fn mixed() -> Problem {
    let message = "Send a session cookie or an API token, not both.";
    Problem::with_status(StatusCode::BAD_REQUEST, message)
}

fn turned_away(refused: Refused) -> Response {
    match refused {
        Refused::Unknown => {
            let message = "This API token does not work: it is not one of ours, was revoked, or has expired. Make another in the console.";
            let problem = Problem::with_status(StatusCode::UNAUTHORIZED, message);
            challenge(
                problem,
                "Bearer realm=\"rolecall\", error=\"invalid_token\"",
            )
        }
        Refused::Paused => {
            let message = "The member this API token belongs to is suspended. It works again when they are active again.";
            Problem::with_status(StatusCode::FORBIDDEN, message).into_response()
        }
    }
}

/// Tells with a 401 how to come in (RFC 6750 §3).
fn challenge(problem: Problem, how: &'static str) -> Response {
    let unauthorized = problem.status() == StatusCode::UNAUTHORIZED;
    let mut response = problem.into_response();
    if unauthorized {
        let how = HeaderValue::from_static(how);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    }
    response
}

fn too_many(whose: &str, over: Standing) -> Response {
    let message = format!(
        "More than {} requests a minute came {whose}. Try again in {} seconds.",
        over.most, over.ends_in
    );
    let mut response = Problem::with_status(StatusCode::TOO_MANY_REQUESTS, message)
        .retry_after(over.ends_in)
        .into_response();
    tell(response.headers_mut(), over);
    response
}

/// What is left, in the form of draft-ietf-httpapi-ratelimit-headers.
fn tell(headers: &mut HeaderMap, standing: Standing) {
    let policy = format!("\"default\";q={};w={WINDOW}", standing.most);
    let now = format!("\"default\";r={};t={}", standing.left, standing.ends_in);
    for (name, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, now)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}
