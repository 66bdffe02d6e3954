//! From the address of the page to what the store is asked.

use chrono::{DateTime, Utc};
use rolecall_shared::{FieldError, Timestamp, audit::AuditQuery};

use crate::{
    service::Failure,
    store::{AuditEdge, AuditFilter},
};

/// Longest name of a family in an address.
const FAMILY_MAX: usize = 40;

/// The filter of a question.
///
/// # Errors
/// [`Failure::Invalid`] on `from`, `to` or `family`.
pub(super) fn filter(query: &AuditQuery) -> Result<AuditFilter, Failure> {
    let mut wrong = Vec::new();
    let from = day(
        query.from.as_deref(),
        Timestamp::start_of_day,
        "from",
        &mut wrong,
    );
    let to = day(query.to.as_deref(), Timestamp::end_of_day, "to", &mut wrong);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        wrong.push(FieldError {
            field: "to".into(),
            message: "The last day is before the first. Exchange them.".into(),
        });
    }
    let family = query.family.as_deref().filter(|name| !name.is_empty());
    let sound = |name: &str| {
        name.len() <= FAMILY_MAX && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    if family.is_some_and(|name| !sound(name)) {
        wrong.push(FieldError {
            field: "family".into(),
            message: "There is no such kind of action. Choose one of the list.".into(),
        });
    }
    Failure::check(wrong)?;
    Ok(AuditFilter {
        actor: query.actor,
        target: query.target,
        project: query.project,
        family: family.map(str::to_owned),
        from,
        until: to.map(|to| to + chrono::TimeDelta::microseconds(1)),
    })
}

fn day(
    text: Option<&str>,
    read: fn(&str) -> Option<Timestamp>,
    field: &str,
    wrong: &mut Vec<FieldError>,
) -> Option<DateTime<Utc>> {
    let text = text.filter(|text| !text.is_empty())?;
    let at = read(text).and_then(|at| DateTime::from_timestamp_micros(at.0));
    if at.is_none() {
        wrong.push(FieldError {
            field: field.to_owned(),
            message: "This is no day. Write it as 2026-11-22.".to_owned(),
        });
    }
    at
}

/// Where the page of a cursor begins: `b` and a number for what is before it, `a` for what is after.
///
/// # Errors
/// [`Failure::Invalid`] on `cursor`.
pub(super) fn edge(cursor: Option<&str>) -> Result<AuditEdge, Failure> {
    let Some(text) = cursor.filter(|text| !text.is_empty()) else {
        return Ok(AuditEdge::Newest);
    };
    let number = |digits: &str| digits.parse::<i64>().ok().filter(|seq| *seq >= 0);
    let edge = match text.split_at_checked(1) {
        Some(("b", digits)) => number(digits).map(AuditEdge::Before),
        Some(("a", digits)) => number(digits).map(AuditEdge::After),
        _ => None,
    };
    edge.ok_or_else(|| crate::store::BadCursor.into())
}

/// The cursor of the page that an edge begins.
pub(super) fn cursor(edge: AuditEdge) -> String {
    match edge {
        AuditEdge::Newest => String::new(),
        AuditEdge::Before(seq) => format!("b{seq}"),
        AuditEdge::After(seq) => format!("a{seq}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is() {
        for at in [AuditEdge::Before(7), AuditEdge::After(0)] {
            assert_eq!(edge(Some(&cursor(at))).unwrap(), at);
        }
        assert_eq!(edge(None).unwrap(), AuditEdge::Newest);
        for wrong in ["7", "b", "b-1", "c1", "é1", "b99999999999999999999"] {
            assert!(edge(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_that_are_none_are_named_beside_their_field() {
        let query = AuditQuery {
            from: Some("2026-02-30".into()),
            to: Some("yesterday".into()),
            family: Some("Robert'); --".into()),
            ..AuditQuery::default()
        };
        let Err(Failure::Invalid(wrong)) = filter(&query) else {
            panic!("it was taken");
        };
        let fields: Vec<_> = wrong.iter().map(|w| w.field.as_str()).collect();
        assert_eq!(fields, ["from", "to", "family"]);
        let reversed = AuditQuery {
            from: Some("2026-11-22".into()),
            to: Some("2026-11-21".into()),
            ..AuditQuery::default()
        };
        assert!(filter(&reversed).is_err());
    }
}
