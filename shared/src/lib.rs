//! Types and pure rules of Rolecall, compiled for the server and for the browser.
//!
//! Nothing here reads a clock, draws a random number or does I/O: every function is a
//! function of its arguments, so the browser explains with exactly what the server enforces.
#![warn(missing_docs)]

pub mod access;
pub mod account;
pub mod audit;
pub mod catalogue;
pub mod email;
pub mod error;
pub mod group;
pub mod ids;
pub mod invitation;
pub mod member;
pub mod membership;
pub mod notification;
pub mod overview;
pub mod page;
pub mod permission;
pub mod policy;
pub mod project;
pub mod role;
pub mod settings;
pub mod shell;
pub mod text;
pub mod time;
pub mod token;
pub mod view_as;

pub use error::{ApiError, ErrorCode, FieldError};
pub use ids::{
    GroupId, InvitationId, MemberId, ProjectId, ResourceId, RoleId, SessionId, TokenId, UserId,
    ViewId, WorkspaceId,
};
pub use time::Timestamp;
