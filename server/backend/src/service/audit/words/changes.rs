//! The detail of an entry as a list of changes that people can read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{Timestamp, audit::AuditChange, text};
use serde_json::{Map, Value};

use crate::clock::timestamp;

/// Longest text of one side of a change; what is longer ends with dots. The export has all of it.
const MAX: usize = 600;

/// What a detail says. Both sides are compared field by field, so that only what differs is told;
/// everything beside `before` and `after` is told as it is.
pub fn changes(detail: &str) -> Vec<AuditChange> {
    let Ok(Value::Object(mut detail)) = serde_json::from_str::<Value>(detail) else {
        return Vec::new();
    };
    let (before, after) = (detail.remove("before"), detail.remove("after"));
    let mut told = compared(before, after);
    for (path, value) in flat(&detail) {
        if let Some(said) = said(&value) {
            told.push(AuditChange {
                what: label(&path),
                before: None,
                after: Some(said),
            });
        }
    }
    told
}

fn compared(before: Option<Value>, after: Option<Value>) -> Vec<AuditChange> {
    let (before, after) = (sides(before), sides(after));
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    let mut told = Vec::new();
    for path in paths {
        let (old, new) = (before.get(path), after.get(path));
        if old == new {
            continue;
        }
        if let (Some(old), Some(new)) = (old.and_then(names), new.and_then(names)) {
            told.extend(gone_and_come(path, &old, &new));
            continue;
        }
        let (old, new) = (old.and_then(said), new.and_then(said));
        if old.is_some() || new.is_some() {
            told.push(AuditChange {
                what: label(path),
                before: old,
                after: new,
            });
        }
    }
    told
}

/// A side field by field; one that is a single text, such as the role of an invitation, has no name.
fn sides(side: Option<Value>) -> BTreeMap<String, Value> {
    match side {
        Some(Value::Object(fields)) => flat(&fields),
        None | Some(Value::Null) => BTreeMap::new(),
        Some(value) => BTreeMap::from([(String::new(), value)]),
    }
}

/// Nested objects as one level, with dots. Ids are left out: their names stand beside them.
fn flat(fields: &Map<String, Value>) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for (key, value) in fields {
        match value {
            _ if key == "id" || key.ends_with("_id") => {}
            Value::Object(inner) if !is_people(inner) => {
                for (path, value) in flat(inner) {
                    found.insert(format!("{key}.{path}"), value);
                }
            }
            _ => {
                found.insert(key.clone(), value.clone());
            }
        }
    }
    found
}

/// How many there were, and the first of them by name.
fn is_people(fields: &Map<String, Value>) -> bool {
    fields.len() == 2 && fields.contains_key("count") && fields.contains_key("named")
}

/// The texts of a list of texts.
fn names(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?;
    items.iter().map(one).collect()
}

fn gone_and_come(path: &str, old: &[String], new: &[String]) -> Vec<AuditChange> {
    let only = |these: &[String], others: &[String]| {
        let missing: Vec<String> = these
            .iter()
            .filter(|name| !others.contains(name))
            .cloned()
            .collect();
        (!missing.is_empty()).then(|| cut(&missing.join(", ")))
    };
    let what = label(path);
    let side = |verb: &str, before, after| AuditChange {
        what: format!("{what} {verb}"),
        before,
        after,
    };
    let (gone, come) = (only(old, new), only(new, old));
    let gone = gone.map(|gone| side("removed", Some(gone), None));
    let come = come.map(|come| side("added", None, Some(come)));
    gone.into_iter().chain(come).collect()
}

/// One item of a list.
fn one(item: &Value) -> Option<String> {
    match item {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => {
            let name = ["name", "project", "member"]
                .iter()
                .find_map(|key| fields.get(*key)?.as_str())?;
            let mut text = name.to_owned();
            if let Some(permissions) = fields.get("permissions").and_then(said) {
                text = format!("{text} ({permissions})");
            }
            if let Some(end) = fields.get("expires_at").and_then(said) {
                text = format!("{text} until {end}");
            }
            Some(text)
        }
        _ => None,
    }
}

/// A value in words; nothing for what says nothing.
fn said(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => moment(text).map_or_else(|| text.clone(), Timestamp::absolute),
        Value::Array(items) if items.is_empty() => return None,
        Value::Array(_) => names(value).map_or_else(|| value.to_string(), |names| names.join(", ")),
        Value::Object(fields) if is_people(fields) => return people(fields),
        Value::Object(_) => value.to_string(),
    };
    Some(cut(&text))
}

fn people(fields: &Map<String, Value>) -> Option<String> {
    let count = fields.get("count")?.as_i64()?;
    if count == 0 {
        return None;
    }
    let named = fields.get("named").and_then(names).unwrap_or_default();
    let more = usize::try_from(count)
        .unwrap_or_default()
        .saturating_sub(named.len());
    let mut text = named.join(", ");
    if more > 0 {
        text = format!("{text} and {more} more");
    }
    Some(cut(&text))
}

/// A moment as it is written by the code: RFC 3339.
fn moment(text: &str) -> Option<Timestamp> {
    let looks_like = text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T');
    let at = looks_like.then(|| DateTime::parse_from_rfc3339(text).ok())??;
    Some(timestamp(at.with_timezone(&Utc)))
}

fn cut(text: &str) -> String {
    let text = text::visible(text);
    if text.chars().count() <= MAX {
        return text;
    }
    text.chars().take(MAX).chain(['…']).collect()
}

/// A field in words.
fn label(path: &str) -> String {
    let words = match path {
        "" => "Role",
        "expires_at" => "Ends",
        "direct.expires_at" => "Direct permissions end",
        "direct.permissions" => "Direct permissions",
        "own_projects_only" => "Only in own projects",
        "copy_link" => "Links may be copied",
        "hours" => "Valid for hours",
        "missing" => "Missing permission",
        "attempt" => "What was tried",
        "joined" => "New in the group",
        "left" => "Left the group",
        "end_changed" => "Stays until another time",
        "by" => "By",
        "how" => "Why",
        "enabled" => "Viewing as somebody is possible",
        "notice" => "Whoever is viewed as gets a mail",
        other => {
            let text = other.replace(['_', '.'], " ");
            let mut letters = text.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            return text::visible(&first.into_iter().chain(letters).collect::<String>());
        }
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(detail: Value) -> Vec<String> {
        changes(&detail.to_string())
            .into_iter()
            .map(|c| {
                format!(
                    "{}: {} → {}",
                    c.what,
                    c.before.unwrap_or_default(),
                    c.after.unwrap_or_default()
                )
            })
            .collect()
    }

    #[test]
    fn only_what_differs_is_told_and_lists_by_what_went_and_came() {
        let before =
            json!({ "name": "QA", "description": "", "permissions": ["a:view", "b:view"] });
        let after =
            json!({ "name": "QA", "description": "Tests", "permissions": ["b:view", "c:view"] });
        assert_eq!(
            lines(json!({ "before": before, "after": after })),
            [
                "Description:  → Tests",
                "Permissions removed: a:view → ",
                "Permissions added:  → c:view"
            ]
        );
    }

    #[test]
    fn nested_fields_moments_people_and_single_texts_are_words() {
        assert_eq!(
            lines(json!({ "before": "Viewer", "after": "Admin" })),
            ["Role: Viewer → Admin"]
        );
        let direct = |end| json!({ "direct": { "permissions": ["a:view"], "expires_at": end } });
        assert_eq!(
            lines(json!({ "before": direct(None), "after": direct(Some("2026-11-22T20:28:15Z")) })),
            ["Direct permissions end:  → 22 Nov 2026, 20:28 UTC"]
        );
        assert_eq!(
            lines(json!({
                "joined": { "count": 3, "named": ["Ana <a@example.org>"] },
                "end_changed": { "count": 0, "named": [] },
                "project": "Shop", "project_id": "0192f0c0-0000-7000-8000-000000000001",
            })),
            [
                "New in the group:  → Ana <a@example.org> and 2 more",
                "Project:  → Shop"
            ]
        );
    }

    #[test]
    fn a_detail_that_nobody_expected_is_told_as_it_is_and_without_tricks() {
        assert!(changes("not json").is_empty());
        assert!(changes("[1]").is_empty());
        assert_eq!(
            lines(json!({ "x": [[1], { "y": 2 }] })),
            [r#"X:  → [[1],{"y":2}]"#]
        );
        let told = changes(&json!({ "name": format!("A\u{202e}{}", "x".repeat(900)) }).to_string());
        let after = told[0].after.clone().unwrap();
        assert!(
            after.starts_with("A\\u{202e}xx") && after.ends_with('…'),
            "{after}"
        );
    }
}
