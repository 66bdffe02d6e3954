//! The pages, one folder each.

pub mod account;
pub mod audit;
pub mod dialogs;
pub mod former;
pub mod group;
pub mod groups;
pub mod home;
pub mod invitations;
pub mod invite;
pub mod life;
pub mod member;
pub mod members;
pub mod missing;
pub mod overview;
pub mod project;
pub mod projects;
pub mod role;
pub mod roles;
pub mod settings;
pub mod start;
pub mod team;
pub mod tokens;
