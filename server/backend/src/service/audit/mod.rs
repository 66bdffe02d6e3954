//! The audit trail: reading it, taking it out, and proving that it is whole.

mod checkpoints;
mod export;
mod question;
mod read;
pub mod verify;
pub mod words;

pub use checkpoints::{Checkpoint, public_key, run as write_checkpoints, write_all};
pub use export::{Export, export};
pub use read::{filters, newer, page};
pub use verify::{Damage, Finding, Report, verify};
