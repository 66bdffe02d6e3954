//! The console of Rolecall: pages, components and server functions.
//!
//! Compiled twice: with `ssr` for the server, which renders every page, and with `hydrate` for the
//! browser, which brings the rendered page to life. Views are the same function of the same data
//! in both, so nothing here reads a clock, the window or a random source while rendering.

pub mod api;
mod app;
#[cfg(feature = "ssr")]
pub mod auth;
mod browser;
mod components;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
mod here;
mod layout;
mod live;
mod pages;
pub mod paths;
pub mod presence;
pub mod query;
#[cfg(feature = "ssr")]
pub mod reference;
mod routes;

pub use app::App;
#[cfg(feature = "ssr")]
pub use app::shell;
pub use components::icon::Glyph;
