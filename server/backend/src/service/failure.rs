//! Why a service did not do what was asked, and how that is said.

use rolecall_shared::{ApiError, ErrorCode, FieldError, permission::CorePermission, view_as};

use crate::{
    authz::{Denied, Refusal, ViewEnd},
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
    /// A permission on the resources of a service group is missing.
    DeniedOn {
        /// Its name, such as `databases:delete`.
        name: String,
        /// What the template says it is for.
        text: String,
    },
    /// The grant boundary, the touch rule, or the rule against helping oneself.
    Refused(Refusal),
    /// Only an owner may do it; says what, such as "delete the workspace".
    OwnersOnly(&'static str),
    /// Allowed, but too long ago that the person proved who they are (rule 8).
    ConfirmFirst,
    /// The caller views as a member, whose name this is: that changes nothing and shows nothing personal
    ///
    ViewReadOnly(String),
    /// The view of the caller is over.
    ViewOver(ViewEnd),
    /// Unknown or not visible; names the kind of thing.
    NotFound(&'static str),
    /// The thing is in another state than the caller thought; says what to do.
    Conflict(String),
    /// It changed since the version that the caller names; says what to do.
    Stale(String),
    /// The key of an order came with another order before (F13).
    Reused,
    /// A role of the template, which nobody changes; says what to do.
    BuiltIn(String),
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
            Self::DeniedOn { name, text } => ApiError {
                permission: Some(name.clone()),
                ..ApiError::new(
                    ErrorCode::NotAllowed,
                    format!(
                        "You may not do this here. It needs the permission {name} ({text}); ask an admin of the workspace for it."
                    ),
                )
            },
            Self::Refused(refusal) => refused(refusal),
            Self::OwnersOnly(deed) => ApiError::new(
                ErrorCode::NotAllowed,
                format!("Only an owner can {deed}. Ask one of them."),
            ),
            Self::ConfirmFirst => ApiError::new(
                ErrorCode::ConfirmFirst,
                "Confirm with your password that it is you, then do this again. Nothing was changed.",
            ),
            Self::ViewReadOnly(name) => {
                ApiError::new(ErrorCode::ViewAsReadOnly, view_as::read_only(name))
            }
            Self::ViewOver(end) => ApiError::new(
                ErrorCode::ViewAsEnded,
                format!("{} Reload the page to go on as yourself.", end.sentence()),
            ),
            Self::Store(StoreError::ReadOnly) => ApiError::new(
                ErrorCode::ViewAsReadOnly,
                "You are viewing as somebody, read-only. Exit the view to do this.",
            ),
            Self::NotFound(what) => ApiError::new(
                ErrorCode::NotFound,
                format!(
                    "There is no such {what} here. It may have been removed, or you may not see it."
                ),
            ),
            Self::Conflict(message) | Self::Stale(message) | Self::BuiltIn(message) => {
                ApiError::new(ErrorCode::Conflict, message.clone())
            }
            Self::Reused => ApiError::new(
                ErrorCode::Conflict,
                "This form was sent before with other content. Open it again.",
            ),
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

fn refused(refusal: &Refusal) -> ApiError {
    let (names, message) = match refusal {
        Refusal::BeyondOwn(names) => (
            names.as_slice(),
            format!(
                "This would give permissions that you do not have yourself: {}. Choose less, or ask an owner.",
                names.join(", ")
            ),
        ),
        Refusal::TouchesOwner => (
            [].as_slice(),
            "Only an owner can change what an owner has.".to_owned(),
        ),
        Refusal::ByToken => (
            [].as_slice(),
            "An API token can not do this. Sign in to the console and do it there.".to_owned(),
        ),
        Refusal::NeedsOwner => (
            [].as_slice(),
            "Only an owner can do this. Ask an owner of the workspace.".to_owned(),
        ),
        Refusal::TouchesStronger(names) => (
            names.as_slice(),
            format!(
                "This person has permissions that you do not have yourself: {}. Ask an owner, or somebody who has them.",
                names.join(", ")
            ),
        ),
        Refusal::HelpsOneself(names) => (
            names.as_slice(),
            format!(
                "This would add to your own permissions: {}. Ask somebody else who manages the team.",
                names.join(", ")
            ),
        ),
    };
    ApiError {
        permission: names.first().cloned(),
        ..ApiError::new(ErrorCode::NotAllowed, message)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
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
            Denied::Hidden(what) => Self::NotFound(what),
            Denied::Missing(permission) => Self::Denied(permission),
            Denied::ReadOnly(name) => Self::ViewReadOnly(name),
            Denied::ViewOver(end) => Self::ViewOver(end),
            Denied::MissingOnService { name, text } => Self::DeniedOn { name, text },
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
