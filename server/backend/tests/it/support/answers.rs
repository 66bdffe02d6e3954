//! Taking answers apart: each function fails the test when the answer is of another kind.

use std::fmt::Debug;

use rolecall_backend::authz;
use rolecall_backend::service::{
    Failure,
    acceptance::{AcceptFailure, Ended, InvitationCard, Invited, Who},
};

/// A refusal, whichever service gave it.
pub trait Refusal: Sized {
    fn failure(self) -> Failure;

    /// The sentence of a conflict.
    fn conflict(self) -> String {
        match self.failure() {
            Failure::Conflict(message) | Failure::Stale(message) | Failure::BuiltIn(message) => {
                message
            }
            other => panic!("not a conflict: {other:?}"),
        }
    }

    /// The names of the wrong fields, sorted.
    fn wrong_fields(self) -> Vec<String> {
        match self.failure() {
            Failure::Invalid(fields) => {
                let mut names: Vec<_> = fields.into_iter().map(|f| f.field).collect();
                names.sort();
                names
            }
            other => panic!("not wrong input: {other:?}"),
        }
    }

    /// Field and sentence of the one wrong field.
    fn wrong_field(self) -> (String, String) {
        match self.failure() {
            Failure::Invalid(fields) if fields.len() == 1 => {
                let field = fields.into_iter().next().unwrap();
                (field.field, field.message)
            }
            other => panic!("not one wrong field: {other:?}"),
        }
    }

    /// What was not found.
    fn not_found(self) -> &'static str {
        match self.failure() {
            Failure::NotFound(what) => what,
            other => panic!("not a missing thing: {other:?}"),
        }
    }

    /// The permissions that the caller lacks themselves.
    fn beyond_own(self) -> Vec<String> {
        match self.failure() {
            Failure::Refused(authz::Refusal::BeyondOwn(names)) => names,
            other => panic!("not the grant boundary: {other:?}"),
        }
    }

    /// Why the boundary, the touch rule or the rule against helping oneself refused.
    fn refused(self) -> authz::Refusal {
        match self.failure() {
            Failure::Refused(refusal) => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// The core permission that is missing.
    fn denied(self) -> String {
        match self.failure() {
            Failure::Denied(permission) => permission.to_string(),
            other => panic!("not a missing permission: {other:?}"),
        }
    }

    /// Seconds until trying again can work, and the sentence.
    fn too_many(self) -> (u32, String) {
        match self.failure() {
            Failure::TooMany {
                message,
                retry_after,
            } => (retry_after, message),
            other => panic!("not a limit: {other:?}"),
        }
    }
}

impl<T: Debug> Refusal for Result<T, Failure> {
    fn failure(self) -> Failure {
        self.unwrap_err()
    }
}

impl<T: Debug> Refusal for Result<T, AcceptFailure> {
    fn failure(self) -> Failure {
        match self.unwrap_err() {
            AcceptFailure::Failure(failure) => failure,
            AcceptFailure::Ended(ended) => panic!("the invitation ended: {ended:?}"),
        }
    }
}

/// Why a link did not work any more.
pub trait Over {
    fn ended(self) -> Ended;
}

impl<T: Debug> Over for Result<T, AcceptFailure> {
    fn ended(self) -> Ended {
        match self.unwrap_err() {
            AcceptFailure::Ended(ended) => ended,
            AcceptFailure::Failure(failure) => panic!("the invitation did not end: {failure:?}"),
        }
    }
}

impl Over for Invited {
    fn ended(self) -> Ended {
        match self {
            Invited::Ended(ended) => ended,
            Invited::Open(card, who) => panic!("the link works: {card:?} {who:?}"),
        }
    }
}

/// The page of a link that works.
pub fn open(invited: Invited) -> (InvitationCard, Who) {
    match invited {
        Invited::Open(card, who) => (card, who),
        Invited::Ended(ended) => panic!("the link does not work: {ended:?}"),
    }
}
