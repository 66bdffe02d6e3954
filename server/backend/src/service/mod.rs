//! What people can do: one file per domain, one function per verb. Server functions, forms, REST
//! and the command line all call these.

pub mod acceptance;
pub mod access;
pub mod account;
pub mod audit;
pub mod decisions;
pub mod demo;
pub mod denial;
mod failure;
pub mod groups;
pub(crate) mod guard;
pub mod invitations;
pub(crate) mod limits;
pub mod listening;
pub mod members;
pub mod membership;
mod once;
pub mod overview;
pub(crate) mod post;
pub mod projects;
pub mod resources;
pub mod roles;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod shell;
pub mod sign_in;
pub mod sudo;
pub mod tokens;
pub mod view_as;
pub mod workspace;

pub use failure::Failure;
pub use sessions::SignedIn;
