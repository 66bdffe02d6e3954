//! The AuthZEN Authorization API 1.0: decisions for other services.
//!
//! A request that can not be read is answered 400, whatever is wrong with it, and a no is a 200 with its
//! reasons; axum's own extractor would answer 415 and 422. Fields that are not known are passed over.

mod body;
mod discovery;
mod evaluation;
mod page;
mod search;
mod words;

pub use discovery::{PATH as DISCOVERY, metadata};
pub use evaluation::{one, several};
pub use search::{actions, resources, subjects};
pub(in crate::handlers) use words::told;
