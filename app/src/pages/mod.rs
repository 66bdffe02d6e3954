//! The pages, one folder each.

pub mod dialogs;
pub mod home;
pub mod invitations;
pub mod invite;
pub mod members;
pub mod missing;
pub mod policy;
pub mod start;
pub mod team;
