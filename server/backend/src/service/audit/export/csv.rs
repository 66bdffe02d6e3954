//! Comma-separated values (RFC 4180) that no spreadsheet takes for formulas and no terminal for orders
//! (rules 57, 67).

use chrono::SecondsFormat;
use rolecall_shared::text::visible;

use super::Chained;
use crate::{hex, service::audit::words};

const COLUMNS: [&str; 19] = [
    "seq",
    "time",
    "actor_kind",
    "actor_id",
    "actor",
    "action",
    "what",
    "target_kind",
    "target_id",
    "target",
    "detail",
    "session",
    "address",
    "user_agent",
    "request_id",
    "prev_hash",
    "hash",
    "on_behalf_of",
    "view_id",
];

/// The line with the names of the columns.
pub(super) fn head(into: &mut String) {
    into.push_str(&COLUMNS.join(","));
    into.push_str("\r\n");
}

/// One entry.
pub(super) fn row(into: &mut String, entry: &Chained) {
    let Chained { row, before } = entry;
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let link = |link: Option<&[u8]>| link.map(hex::encode).unwrap_or_default();
    let cells = [
        row.seq.to_string(),
        row.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        row.actor_kind.clone(),
        id(row.actor_id),
        row.actor_label.clone(),
        row.action.clone(),
        words::action(&row.action).unwrap_or_default().to_owned(),
        row.target_kind.clone(),
        id(row.target_id),
        row.target_label.clone(),
        row.detail.clone(),
        id(row.session_id),
        row.address.clone(),
        row.user_agent.clone(),
        row.request_id.clone(),
        link(before.as_deref()),
        link(row.hash.as_deref()),
        id(row.on_behalf_of),
        id(row.view_id),
    ];
    for (index, text) in cells.iter().enumerate() {
        if index > 0 {
            into.push(',');
        }
        cell(into, text);
    }
    into.push_str("\r\n");
}

/// A cell in quotes. What a spreadsheet would compute gets an apostrophe in front; control and
/// direction-changing characters are written out, line breaks too.
fn cell(into: &mut String, text: &str) {
    into.push('"');
    if text.starts_with(is_formula) {
        into.push('\'');
    }
    for c in visible(text).chars() {
        if c == '"' {
            into.push('"');
        }
        into.push(c);
    }
    into.push('"');
}

/// Where formulas begin, full-width forms too; blanks before them are passed over by some programs.
fn is_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '\t'
            | '\r'
            | '\n'
            | '\u{ff1d}'
            | '\u{ff0b}'
            | '\u{ff0d}'
            | '\u{ff20}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_out() {
        let written = |text: &str| {
            let mut out = String::new();
            cell(&mut out, text);
            out
        };
        assert_eq!(written("Ana"), "\"Ana\"");
        assert_eq!(
            written("=HYPERLINK(\"http://x\",\"y\")"),
            "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""
        );
        for evil in ["+1", "-1", "@SUM(A1)", "\tx", "\rx", "\u{ff1d}1"] {
            assert!(written(evil).starts_with("\"'"), "{evil:?}");
        }
        assert_eq!(
            written("a\r\n=b\u{1b}[0m\u{202e}"),
            "\"a\\u{d}\\u{a}=b\\u{1b}[0m\\u{202e}\""
        );
    }
}
