//! The server of Rolecall: configuration, command line, router, middleware and the running process.
//!
//! The outermost crate: it joins `rolecall_backend` (what happens) and `rolecall_app` (what is
//! shown) with the network. Nothing imports it but the `rolecall` binary and its own tests.

pub mod assets;
pub mod cli;
pub mod config;
pub mod cookies;
pub mod csp;
pub mod csrf;
pub mod forms;
pub mod handlers;
pub mod json;
pub mod metrics;
pub mod middleware;
pub mod private;
pub mod problem;
pub mod rates;
pub mod redirect;
pub mod router;
pub mod secret;
pub mod serve;
pub mod start;
pub mod state;
pub mod static_files;
pub mod streams;
pub mod telemetry;
