//! Moments as microseconds since 1970-01-01T00:00:00Z, and how they are written for people.
//!
//! A small type of our own instead of a calendar crate keeps date tables out of the browser.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A moment, in microseconds since 1970-01-01T00:00:00Z. Microseconds are what both databases keep.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Year, month (1–12) and day (1–31) of a day counted from 1970-01-01.
///
/// The civil-calendar algorithm of Howard Hinnant, exact for every day an `i64` of microseconds reaches.
fn civil(days: i64) -> (i64, usize, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let mp = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
}

/// The day of a civil date, counted from 1970-01-01: the inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl Timestamp {
    /// The last moment, in UTC, of a day written as `2026-11-22`; `None` when there is no such day.
    pub fn end_of_day(date: &str) -> Option<Self> {
        let mut parts = date.split('-').map(|part| {
            let digits = part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 4;
            digits.then(|| part.parse::<i64>().ok()).flatten()
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || !(1..=12).contains(&month) || day < 1 {
            return None;
        }
        let index = days(year, month, day);
        // A 31 February comes out as a day of March.
        let there = civil(index) == (year, usize::try_from(month).ok()?, day);
        there.then(|| Self((index + 1) * DAY - 1))
    }

    /// The first moment, in UTC, of a day written as `2026-11-22`; `None` when there is no such day.
    pub fn start_of_day(date: &str) -> Option<Self> {
        Self::end_of_day(date).map(|end| Self(end.0 - DAY + 1))
    }

    /// The day for a date field, in UTC: `2026-11-22`.
    pub fn day(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// For people, with its zone: `22 Nov 2026, 20:28 UTC`.
    pub fn absolute(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        let rest = self.0.rem_euclid(DAY);
        let mut text = String::with_capacity(24);
        // Writing to a string can not fail.
        let _ = write!(
            text,
            "{day} {} {year}, {:02}:{:02} UTC",
            MONTHS[month - 1],
            rest / HOUR,
            rest % HOUR / MINUTE
        );
        text
    }

    /// The day alone: `22 Nov 2026`.
    pub fn date(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        format!("{day} {} {year}", MONTHS[month - 1])
    }

    /// For machines and `datetime` attributes, RFC 3339 in UTC: `2026-11-22T20:28:15Z`.
    pub fn rfc3339(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        let rest = self.0.rem_euclid(DAY);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            rest / HOUR,
            rest % HOUR / MINUTE,
            rest % MINUTE / SECOND
        )
    }

    /// As seen from `now`: `just now`, `5 minutes ago`, `in 3 days`; the date when further than 30 days.
    /// What is past counts whole units; what is ahead counts to the nearest, since what was set to
    /// 72 hours a moment ago is three days ahead for people and not two.
    pub fn relative(self, now: Self) -> String {
        let distance = self.0.saturating_sub(now.0);
        let size = distance.saturating_abs();
        let whole = |unit: i64| {
            let half = if distance > 0 { unit / 2 } else { 0 };
            size.saturating_add(half) / unit
        };
        let (count, unit) = match size {
            _ if size < MINUTE => {
                return if distance > 0 {
                    "in less than a minute"
                } else {
                    "just now"
                }
                .to_owned();
            }
            _ if whole(MINUTE) < 60 => (whole(MINUTE), "minute"),
            _ if whole(HOUR) < 24 => (whole(HOUR), "hour"),
            _ if size <= 30 * DAY => (whole(DAY), "day"),
            _ => return self.date(),
        };
        let plural = if count == 1 { "" } else { "s" };
        if distance > 0 {
            format!("in {count} {unit}{plural}")
        } else {
            format!("{count} {unit}{plural} ago")
        }
    }

    /// The same moment moved by whole seconds (negative: earlier), held at the ends of the range.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(SECOND)))
    }
}

/// A span in words: `72 hours`, `90 minutes`, `14 days`. Days only from three days on, as in "72 hours".
pub fn span(seconds: i64) -> String {
    let (count, unit) = if seconds % 86_400 == 0 && seconds > 3 * 86_400 {
        (seconds / 86_400, "day")
    } else if seconds % 3_600 == 0 {
        (seconds / 3_600, "hour")
    } else {
        (seconds / 60, "minute")
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(1_795_379_295_000_000);

    #[test]
    fn a_moment_is_written_with_its_zone() {
        assert_eq!(AT.absolute(), "22 Nov 2026, 20:28 UTC");
        assert_eq!(AT.rfc3339(), "2026-11-22T20:28:15Z");
        assert_eq!(Timestamp(-1).rfc3339(), "1969-12-31T23:59:59Z");
        assert_eq!(Timestamp(951_782_400_000_000).date(), "29 Feb 2000");
    }

    #[test]
    fn a_day_ends_at_its_last_moment_in_utc() {
        for day in [
            "1970-01-01",
            "2000-02-29",
            "2026-11-22",
            "2026-12-31",
            "9999-01-01",
        ] {
            let end = Timestamp::end_of_day(day).unwrap();
            assert_eq!(end.day(), day);
            assert_ne!(Timestamp(end.0 + 1).day(), day);
            let start = Timestamp::start_of_day(day).unwrap();
            assert_eq!(start.day(), day);
            assert_ne!(Timestamp(start.0 - 1).day(), day);
        }
        let end = Timestamp::end_of_day("2026-11-22").unwrap();
        assert_eq!(end.absolute(), "22 Nov 2026, 23:59 UTC");
        for nonsense in [
            "",
            "2026-11",
            "2026-02-30",
            "2026-13-01",
            "2026-00-01",
            "2026-1-0",
            "+026-01-01",
            "2026-11-22-1",
        ] {
            assert_eq!(Timestamp::end_of_day(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_distance_reads_as_people_say_it() {
        assert_eq!(AT.relative(AT), "just now");
        assert_eq!(AT.plus_seconds(-60).relative(AT), "1 minute ago");
        assert_eq!(AT.plus_seconds(3 * 86_400).relative(AT), "in 3 days");
        assert_eq!(AT.plus_seconds(-40 * 86_400).relative(AT), "13 Oct 2026");
    }

    #[test]
    fn what_is_ahead_is_said_to_the_nearest_unit_and_what_is_past_in_whole_ones() {
        let ahead = |seconds| AT.plus_seconds(seconds).relative(AT);
        assert_eq!(ahead(72 * 3_600 - 2), "in 3 days");
        assert_eq!(ahead(59 * 3_600), "in 2 days");
        assert_eq!(ahead(30 * 86_400 - 2), "in 30 days");
        assert_eq!(ahead(86_400 - 2), "in 1 day");
        assert_eq!(ahead(3_600 - 2), "in 1 hour");
        assert_eq!(ahead(60), "in 1 minute");
        assert_eq!(ahead(59), "in less than a minute");
        assert_eq!(AT.relative(AT.plus_seconds(72 * 3_600 - 2)), "2 days ago");
        assert_eq!(AT.relative(AT.plus_seconds(3_599)), "59 minutes ago");
        assert_eq!(
            Timestamp(i64::MIN).relative(AT).len(),
            Timestamp(i64::MIN).date().len()
        );
    }

    #[test]
    fn a_span_of_three_days_is_said_in_hours() {
        assert_eq!(span(72 * 3_600), "72 hours");
        assert_eq!(span(14 * 86_400), "14 days");
        assert_eq!(span(3_600), "1 hour");
    }
}
