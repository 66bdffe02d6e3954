//! An array of objects. Values are what is stored; characters that could trick a terminal or a reader
//! are escaped as JSON allows.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use rolecall_shared::text::is_unsafe;
use serde_json::{Value, json};

use super::Chained;
use crate::{hex, service::audit::words};

pub(super) const START: &str = "[";
pub(super) const END: &str = "\n]\n";

/// One entry, on a line of its own.
pub(super) fn row(into: &mut String, entry: &Chained, is_first: bool) {
    into.push_str(if is_first { "\n" } else { ",\n" });
    let Chained { row, before } = entry;
    let detail: Value =
        serde_json::from_str(&row.detail).unwrap_or_else(|_| Value::from(row.detail.clone()));
    let object = json!({
        "seq": row.seq,
        "time": row.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "actor": { "kind": row.actor_kind, "id": row.actor_id, "label": row.actor_label },
        "action": row.action,
        "what": words::action(&row.action),
        "target": { "kind": row.target_kind, "id": row.target_id, "label": row.target_label },
        "detail": detail,
        "session": row.session_id,
        "address": row.address,
        "user_agent": row.user_agent,
        "request_id": row.request_id,
        "prev_hash": before.as_deref().map(hex::encode),
        "hash": row.hash.as_deref().map(hex::encode),
        "on_behalf_of": row.on_behalf_of,
        "view_id": row.view_id,
    });
    // Control characters below U+0020 are escaped already; the others can only stand in texts.
    for c in object.to_string().chars() {
        if is_unsafe(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string can not fail.
                let _ = write!(into, "\\u{unit:04x}");
            }
        } else {
            into.push(c);
        }
    }
}
