//! Keyset pages: a cursor names the row at the edge, so the last page costs what the first does.

use std::ops::Range;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeZone as _, Utc};
use rolecall_shared::page::{Direction, PAGE_SIZE, Page};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::dialect::storable;

/// From 1970 to the end of 9999, in microseconds: what both databases hold with room to spare.
const TIMES: Range<i64> = 0..253_402_300_800_000_000;
/// Longest text that is searched for: longer than every name and address, so that nothing longer
/// could be found, and short enough for the pattern limit of SQLite.
const SEARCH_MAX: usize = rolecall_shared::email::MAX + 1;

/// The value of the sorted column at the edge of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Key {
    /// A text column.
    #[serde(rename = "t")]
    Text(String),
    /// A time column, in microseconds.
    #[serde(rename = "u")]
    Time(i64),
}

impl From<DateTime<Utc>> for Key {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Time(at.timestamp_micros())
    }
}

impl Key {
    pub(super) fn time(micros: i64) -> DateTime<Utc> {
        Utc.timestamp_micros(micros).single().unwrap_or_default()
    }
}

/// Where a page begins, and which way it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    #[serde(rename = "k")]
    pub(super) key: Key,
    #[serde(rename = "i")]
    pub(super) id: Uuid,
    /// True for the page before this row.
    #[serde(rename = "b", default)]
    pub(super) back: bool,
}

/// A cursor that was not made by us, or for another order.
#[derive(Debug, thiserror::Error)]
#[error("the cursor is not valid")]
pub struct BadCursor;

impl Cursor {
    fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads the cursor of a query; a time column wants a time key.
    pub(super) fn decode(text: Option<&str>, wants_time: bool) -> Result<Option<Self>, BadCursor> {
        let Some(text) = text.filter(|t| !t.is_empty()) else {
            return Ok(None);
        };
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        let cursor: Self = serde_json::from_slice(&bytes).map_err(|_| BadCursor)?;
        let sound = match &cursor.key {
            Key::Text(text) => !wants_time && storable(text),
            Key::Time(micros) => wants_time && TIMES.contains(micros),
        };
        sound.then_some(Some(cursor)).ok_or(BadCursor)
    }
}

/// How a page is cut from a sorted table.
pub(super) struct Cut {
    pub(super) cursor: Option<Cursor>,
    /// The direction that the reader sees.
    pub(super) direction: Direction,
}

impl Cut {
    fn back(&self) -> bool {
        self.cursor.as_ref().is_some_and(|c| c.back)
    }

    /// Whether rows are read upwards: a page before is read against the reader's direction.
    fn upwards(&self) -> bool {
        (self.direction == Direction::Up) != self.back()
    }

    /// `>` or `<` for the edge.
    pub(super) fn comparison(&self) -> &'static str {
        if self.upwards() { ">" } else { "<" }
    }

    /// `ASC` or `DESC`.
    pub(super) fn order(&self) -> &'static str {
        if self.upwards() { "ASC" } else { "DESC" }
    }

    /// Makes the page of up to [`PAGE_SIZE`] + 1 rows read in the order above.
    pub(super) fn page<T>(&self, mut rows: Vec<T>, edge: impl Fn(&T) -> (Key, Uuid)) -> Page<T> {
        let more = rows.len() > PAGE_SIZE;
        rows.truncate(PAGE_SIZE);
        if self.back() {
            rows.reverse();
        }
        let cursor = |row: Option<&T>, back: bool| {
            row.map(|row| {
                let (key, id) = edge(row);
                Cursor { key, id, back }.encode()
            })
        };
        // Having come from a side, there is a page on that side.
        let (has_next, has_previous) = if self.back() {
            (true, more)
        } else {
            (more, self.cursor.is_some())
        };
        Page {
            next: has_next.then(|| cursor(rows.last(), false)).flatten(),
            previous: has_previous.then(|| cursor(rows.first(), true)).flatten(),
            rows,
        }
    }
}

/// Pushes `AND (column, id) > (…)`, the order and the limit. `$column` is one of our own literals.
macro_rules! push_cut {
    ($q:expr, $cut:expr, $column:expr, $id:literal) => {{
        let cut: &$crate::store::keyset::Cut = $cut;
        if let Some(cursor) = &cut.cursor {
            $q.push(format_args!(
                " AND ({}, {}) {} (",
                $column,
                $id,
                cut.comparison()
            ));
            match &cursor.key {
                $crate::store::keyset::Key::Text(text) => {
                    $q.push_bind(text.clone());
                }
                $crate::store::keyset::Key::Time(micros) => {
                    $q.push_bind($crate::store::keyset::Key::time(*micros));
                }
            }
            $q.push(", ").push_bind(cursor.id).push(")");
        }
        $q.push(format_args!(
            " ORDER BY {} {o}, {} {o} LIMIT ",
            $column,
            $id,
            o = cut.order()
        ));
        $q.push_bind(i64::try_from(rolecall_shared::page::PAGE_SIZE + 1).unwrap_or(i64::MAX));
    }};
}
pub(super) use push_cut;

/// The text of a search as names and addresses are stored: in lower case, without control characters,
/// which they do not hold and PostgreSQL takes not even in a pattern.
pub(super) fn searched(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(SEARCH_MAX)
        .flat_map(char::to_lowercase)
        .collect()
}

/// A pattern that finds the text anywhere, with the wildcards in it taken literally (`ESCAPE '\'`).
pub(super) fn contains_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in searched(text).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_another_order_or_of_nobody_is_refused() {
        let cursor = Cursor {
            key: Key::Time(5),
            id: Uuid::nil(),
            back: true,
        };
        let text = cursor.encode();
        assert_eq!(Cursor::decode(Some(&text), true).unwrap(), Some(cursor));
        assert!(Cursor::decode(Some(&text), false).is_err());
        assert!(Cursor::decode(Some("%%%"), true).is_err());
        assert_eq!(Cursor::decode(Some(""), true).unwrap(), None);
    }

    #[test]
    fn wildcards_in_a_search_are_letters() {
        assert_eq!(contains_pattern(" 50%_A\\ "), "%50\\%\\_a\\\\%");
    }
}
