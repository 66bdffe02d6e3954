//! Answers to requests that failed: made where the failure is seen, written out by
//! [`crate::middleware::problems`] as a document or as JSON, whichever the asker reads.

use axum::{
    http::{HeaderValue, Response as HttpResponse, StatusCode, header},
    response::{IntoResponse, Response},
};
use rolecall_backend::service::Failure;
use rolecall_shared::error::{ApiError, ErrorCode};

/// A failed request, before it is known how the answer looks.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    /// What programs read; documents show its sentence.
    pub error: ApiError,
}

impl Problem {
    /// A problem whose status follows from its code.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            error: ApiError::new(code, message),
        }
    }

    /// A problem with a status that no code has.
    pub fn with_status(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            error: ApiError::new(code_of(status), message),
        }
    }

    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        let error = ApiError::field(field, message);
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            error,
        }
    }

    /// The problem of a bare status, as routers and file services answer it.
    pub fn bare(status: StatusCode) -> Self {
        Self::with_status(status, sentence(status))
    }

    /// Nothing is at this address, or nothing the asker may see.
    pub fn not_found() -> Self {
        Self::bare(StatusCode::NOT_FOUND)
    }

    /// Nobody is signed in.
    pub fn not_signed_in() -> Self {
        Self::bare(StatusCode::UNAUTHORIZED)
    }

    /// A service failed. Our own faults are logged here, once, with the request's id.
    pub fn of(failure: &Failure, request_id: &str) -> Self {
        let error = failure.to_api(request_id);
        Self {
            status: Self::new(error.code, "").status,
            error,
        }
    }

    /// Tells when trying again can work.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.error.retry_after = Some(seconds);
        self
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The heading of the document.
    pub fn title(&self) -> &'static str {
        match self.status.as_u16() {
            401 => "Sign in first",
            403 => "This was refused",
            404 => "There is nothing here",
            405 => "This can not be done here",
            408 => "The request took too long",
            409 => "Something changed meanwhile",
            413..=415 | 431 => "The request can not be taken",
            421 => "Wrong address",
            429 => "Too many tries",
            503 => "Rolecall is busy",
            400..=499 => "The request can not be read",
            _ => "Something went wrong on our side",
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = HttpResponse::new(axum::body::Body::empty());
        *response.status_mut() = self.status;
        if let Some(seconds) = self.error.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn code_of(status: StatusCode) -> ErrorCode {
    match status.as_u16() {
        401 => ErrorCode::NotSignedIn,
        403 => ErrorCode::NotAllowed,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::Conflict,
        412 => ErrorCode::PreconditionFailed,
        428 => ErrorCode::PreconditionRequired,
        413 => ErrorCode::TooLarge,
        429 => ErrorCode::TooMany,
        408 | 503 => ErrorCode::Unavailable,
        400..=499 => ErrorCode::Invalid,
        _ => ErrorCode::Internal,
    }
}

fn sentence(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "You are not signed in, or your session has ended. Sign in and try again.",
        403 => "You may not do this.",
        404 => {
            "This address leads nowhere, or to something you may not see. Check it, or go back to the first page."
        }
        405 => "This address does not take this kind of request.",
        408 => "The request did not arrive in time. Try again.",
        413 => "The request is larger than 256 kB. Send less at once.",
        414 => "The address of the request is too long.",
        415 => "The request has a content type that is not taken here.",
        503 => "Rolecall can not answer at the moment. Try again in a few seconds.",
        400..=499 => "The request is not well-formed.",
        _ => {
            "This is our fault. Try again; if it stays, give the request id to the one who runs this server."
        }
    }
}
