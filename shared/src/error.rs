//! The one error that leaves the server: a stable code, a sentence for people, and what to do next.

use serde::{Deserialize, Serialize};

/// Stable names of what can go wrong; each maps to one HTTP status (RFC 9110).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 401: nobody is signed in.
    NotSignedIn,
    /// 403: signed in, may see the thing, may not do this; `permission` names what is missing.
    NotAllowed,
    /// 403: allowed, but the person has to prove again who they are (rule 8); `confirm_identity` does it.
    ConfirmFirst,
    /// 403: the session views as a member, which changes nothing and shows nothing personal.
    ViewAsReadOnly,
    /// 403: the view is over; loading any page gives the session back to its person.
    ViewAsEnded,
    /// 403: the request did not come from one of our own pages (rule 53).
    CrossSite,
    /// 404: unknown, or not visible to the one who asks (rule 29).
    NotFound,
    /// 409: the thing changed meanwhile, or is in the wrong state.
    Conflict,
    /// 412: the version that the request names is not the one there is (RFC 9110 §13.1.1).
    PreconditionFailed,
    /// 428: the request has to name the version that it is made on (RFC 6585 §3).
    PreconditionRequired,
    /// 422: the input is wrong; `fields` say where.
    Invalid,
    /// 413: the input is too large.
    TooLarge,
    /// 429: a limit is reached; `retry_after` tells when to try again.
    TooMany,
    /// 503: busy or the database is away; trying again later helps.
    Unavailable,
    /// 500: our fault; the log has the request id.
    Internal,
}

impl ErrorCode {
    /// The HTTP status of this code.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotSignedIn => 401,
            Self::NotAllowed
            | Self::ConfirmFirst
            | Self::ViewAsReadOnly
            | Self::ViewAsEnded
            | Self::CrossSite => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::PreconditionFailed => 412,
            Self::PreconditionRequired => 428,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Name of the field as the form or the JSON body has it.
    pub field: String,
    /// A sentence that says what to do.
    pub message: String,
}

/// An error as the browser and other programs see it. Never holds SQL, paths or versions (rule 61).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// What kind of error this is.
    pub code: ErrorCode,
    /// What happened and what to do next, in a sentence or two.
    pub message: String,
    /// Per field, when the input is wrong; otherwise empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// The permission that is missing, such as `team:manage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Seconds after which trying again can work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The id under which the server logged this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl ApiError {
    /// An error with a code and its sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            permission: None,
            retry_after: None,
            request_id: None,
        }
    }

    /// Wrong input in one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            fields: vec![FieldError {
                field: field.into(),
                message: message.clone(),
            }],
            ..Self::new(ErrorCode::Invalid, message)
        }
    }

    /// Wrong input in several fields; `None` when the list is empty.
    pub fn fields(fields: Vec<FieldError>) -> Option<Self> {
        (!fields.is_empty()).then(|| Self {
            fields,
            ..Self::new(ErrorCode::Invalid, "Some fields need another look.")
        })
    }

    /// The sentence for one field, if that field is wrong.
    pub fn for_field(&self, field: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|e| e.field == field)
            .map(|e| e.message.as_str())
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}
