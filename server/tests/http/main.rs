//! The real router on a real database, asked by people: strangers, members, and other sites.
//!
//! Each test has an installation of its own, with a clock that stands until it is moved.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can not go on has failed"
)]

mod account;
mod api;
mod audit;
mod authzen;
mod authzen_must;
mod bearer;
mod browser;
mod console;
mod deletion;
mod events;
mod files;
mod functions;
mod invitations;
mod numbers;
mod permissions;
mod power;
mod program;
mod protection;
mod rest;
mod routes;
mod setup;
mod sign_in;
mod view_as;
mod world;
