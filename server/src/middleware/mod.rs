//! What happens to every request before and after its handler, from the outside in:
//! [`request_id`], [`security_headers`], [`problems`], panics, [`host`], [`client_address`],
//! [`limits`], [`origin`]; then, for pages and server functions, [`session`], [`viewing`] and [`api`],
//! and for the interfaces of programs [`bearer`].

pub mod api;
pub mod bearer;
pub mod client_address;
pub mod host;
pub mod limits;
pub mod origin;
pub mod problems;
pub mod request_id;
pub mod security_headers;
pub mod session;
pub mod viewing;
