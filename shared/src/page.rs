//! Pages of long lists: keyset cursors, never offsets, so that the last page costs what the first does.

use serde::{Deserialize, Serialize};

/// Rows on one page of the console.
pub const PAGE_SIZE: usize = 50;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Opaque cursor of the next page; `None` on the last.
    pub next: Option<String>,
    /// Opaque cursor of the page before; `None` on the first.
    pub previous: Option<String>,
}

/// The direction of a sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Smallest or oldest first.
    #[default]
    Up,
    /// Largest or newest first.
    Down,
}
