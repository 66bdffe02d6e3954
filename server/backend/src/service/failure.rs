//! Why a service did not do what was asked, and how that is said.

use rolecall_shared::{ApiError, ErrorCode, FieldError, permission::CorePermission};

use crate::{
    authz::Denied,
    passwords::PasswordError,
    store::{BadCursor, StoreError},
};

/// Why a service did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// Nobody is signed in.
    NotSignedIn,
    /// A core permission is missing.
    Denied(CorePermission),
    /// The grant boundary: the caller lacks these permissions themselves.
    BeyondOwn(Vec<String>),
    /// Unknown or not visible; names the kind of thing.
    NotFound(&'static str),
    /// The thing is in another state than the caller thought; says what to do.
    Conflict(String),
    /// The input is wrong, field by field.
    Invalid(Vec<FieldError>),
    /// A limit is reached.
    TooMany {
        /// Which, in a sentence.
        message: String,
        /// Seconds until trying again can work.
        retry_after: u32,
    },
    /// Busy; trying again soon helps.
    Unavailable,
    /// The database failed.
    Store(StoreError),
}

impl Failure {
    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            field: field.to_owned(),
            message: message.into(),
        }])
    }

    /// The wrong fields, if there are any.
    pub fn check(fields: Vec<FieldError>) -> Result<(), Self> {
        if fields.is_empty() {
            Ok(())
        } else {
            Err(Self::Invalid(fields))
        }
    }

    /// The error as it leaves the server. Failures that are ours are logged here, once.
    pub fn to_api(&self, request_id: &str) -> ApiError {
        let error = match self {
            Self::NotSignedIn => ApiError::new(ErrorCode::NotSignedIn, "Sign in to go on."),
            Self::Denied(permission) => ApiError {
                permission: Some(permission.to_string()),
                ..ApiError::new(
                    ErrorCode::NotAllowed,
                    format!(
                        "You may not {}. Ask an admin of the workspace for the permission {permission}.",
                        permission.deed()
                    ),
                )
            },
            Self::BeyondOwn(names) => ApiError {
                permission: names.first().cloned(),
                ..ApiError::new(
                    ErrorCode::NotAllowed,
                    format!(
                        "This would give permissions that you do not have yourself: {}. Choose less, or ask an owner.",
                        names.join(", ")
                    ),
                )
            },
            Self::NotFound(what) => ApiError::new(
                ErrorCode::NotFound,
                format!(
                    "There is no such {what} here. It may have been removed, or you may not see it."
                ),
            ),
            Self::Conflict(message) => ApiError::new(ErrorCode::Conflict, message.clone()),
            Self::Invalid(fields) => match fields.as_slice() {
                [one] => ApiError::field(one.field.clone(), one.message.clone()),
                _ => ApiError {
                    fields: fields.clone(),
                    ..ApiError::new(ErrorCode::Invalid, "Some fields need another look.")
                },
            },
            Self::TooMany {
                message,
                retry_after,
            } => ApiError {
                retry_after: Some(*retry_after),
                ..ApiError::new(ErrorCode::TooMany, message.clone())
            },
            Self::Unavailable | Self::Store(StoreError::Unavailable(_)) => ApiError {
                retry_after: Some(5),
                ..ApiError::new(
                    ErrorCode::Unavailable,
                    "Rolecall is busy right now. Nothing was changed; try again in a few seconds.",
                )
            },
            Self::Store(_) => ApiError::new(
                ErrorCode::Internal,
                "Something went wrong on our side and nothing was changed. Try again; if it stays, tell your operator this request id.",
            ),
        };
        if let Self::Store(cause) = self {
            tracing::error!(request_id, error = %cause, "a request failed");
        }
        ApiError {
            request_id: Some(request_id.to_owned()),
            ..error
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotVisible => Self::NotFound("workspace"),
            Denied::Missing(permission) => Self::Denied(permission),
            Denied::Store(error) => Self::Store(error),
        }
    }
}

impl From<BadCursor> for Failure {
    fn from(_: BadCursor) -> Self {
        Self::field(
            "cursor",
            "This page link is not valid. Start again from the first page.",
        )
    }
}

impl From<PasswordError> for Failure {
    fn from(error: PasswordError) -> Self {
        tracing::warn!(%error, "a password could not be processed");
        Self::Unavailable
    }
}
