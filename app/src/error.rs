//! The error of every server function: `shared::ApiError` in a type that Leptos can carry.

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use rolecall_shared::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};

use crate::api::codec::JsonText;

/// What a server function answers when it can not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiFailure(pub ApiError);

impl FromServerFnError for ApiFailure {
    type Encoder = JsonText;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        let (code, message) = match value {
            ServerFnErrorErr::Request(_) => (
                ErrorCode::Unavailable,
                "Rolecall can not be reached. Check the connection, then try again.",
            ),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => UNREADABLE,
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => UNREADABLE,
            ServerFnErrorErr::Deserialization(_) => (
                ErrorCode::Unavailable,
                "The answer could not be read. Reload the page, then try again.",
            ),
            _ => (
                ErrorCode::Internal,
                "Something went wrong on our side. Try again in a moment.",
            ),
        };
        let error = ApiError::new(code, message);
        // A body that can not be read never reaches a server function, so its status and id are set here.
        #[cfg(feature = "ssr")]
        let error = {
            crate::context::set_status(error.code.status());
            ApiError {
                request_id: crate::context::request_id(),
                ..error
            }
        };
        Self(error)
    }
}

const UNREADABLE: (ErrorCode, &str) = (
    ErrorCode::Invalid,
    "The request could not be read. Reload the page, then try again.",
);
