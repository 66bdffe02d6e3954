//! Handlers that are not pages of the console: one file per address, as in `router.rs`.

pub mod audit_export;
pub mod authzen;
pub mod confirm_email;
pub mod end_view;
pub mod events;
pub mod forgot;
pub mod health;
pub mod invitation;
pub mod reference;
pub mod rest;
pub mod setup;
pub mod sign_in;
pub mod sign_out;
