//! Limits on what a request may cost before its handler sees it (rule 58): length of the address,
//! size of the body, and time.

use std::time::Duration;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::problem::Problem;

/// Largest body: 500 addresses with names and a note fit many times.
pub const BODY_MAX: usize = 256 * 1_024;
/// Longest address of a request.
const URI_MAX: usize = 8 * 1_024;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(15);
/// How long a handler may take until its answer begins. Streams that have begun are not cut.
const HANDLER_TIME: Duration = Duration::from_secs(30);

/// Applies all limits; the handler gets a body that has arrived as a whole.
pub async fn apply(request: Request, next: Next) -> Response {
    let length = request
        .uri()
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    if length > URI_MAX {
        return Problem::bare(StatusCode::URI_TOO_LONG).into_response();
    }
    let request = match with_whole_body(request).await {
        Ok(request) => request,
        Err(problem) => return problem.into_response(),
    };
    if let Ok(response) = tokio::time::timeout(HANDLER_TIME, next.run(request)).await {
        return response;
    }
    tracing::warn!(
        "a handler took longer than {} seconds",
        HANDLER_TIME.as_secs()
    );
    Problem::bare(StatusCode::SERVICE_UNAVAILABLE)
        .retry_after(5)
        .into_response()
}

async fn with_whole_body(request: Request) -> Result<Request, Problem> {
    if declared_length(request.headers()).is_some_and(|length| length > BODY_MAX) {
        return Err(Problem::bare(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let (parts, body) = request.into_parts();
    let reading = Limited::new(body, BODY_MAX).collect();
    let read = tokio::time::timeout(BODY_TIME, reading)
        .await
        .map_err(|_| Problem::bare(StatusCode::REQUEST_TIMEOUT))?;
    match read {
        Ok(body) => Ok(Request::from_parts(parts, Body::from(body.to_bytes()))),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Problem::bare(StatusCode::PAYLOAD_TOO_LARGE))
        }
        Err(_) => Err(Problem::bare(StatusCode::BAD_REQUEST)),
    }
}

fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
