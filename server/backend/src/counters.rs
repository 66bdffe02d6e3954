//! What happened since this instance started, counted for whoever watches it. Numbers only: no names, no
//! workspaces.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Counts this many more.
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// How many there were.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The numbers of one instance.
#[derive(Debug, Default)]
pub struct Counters {
    /// Questions of other services that were answered with yes.
    pub permitted: Count,
    /// Questions of other services that were answered with no.
    pub denied: Count,
    /// Attempts of people and programs that were refused for want of power (rule 63).
    pub refused: Count,
    /// Times that a workspace was in memory and the database was not asked.
    pub remembered: Count,
    /// Times that the database was asked whether what is in memory still holds, and it did.
    pub confirmed: Count,
    /// Times that everybody in a workspace was read.
    pub read: Count,
    /// How long that took in all, in microseconds.
    pub read_micros: Count,
    /// How many members were read in all.
    pub members_read: Count,
}
