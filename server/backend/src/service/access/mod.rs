//! What members hold, and what a change of it would do.

mod ask;
mod edit;
mod page;
mod preview;
mod update;

pub use page::member;
pub use preview::preview;
pub use update::update;
