//! What members hold, and what a change of it would do.

mod ask;
mod edit;
mod page;
mod preview;
mod update;

pub(super) use edit::{end, stored_end};
pub use page::member;
pub use preview::preview;
pub(super) use update::change_role;
pub use update::update;
