//! Limits on guessing and on sending, shared by all instances through the database (rules 13, 62).

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};

use super::Failure;
use crate::{
    Rolecall,
    authz::Standing,
    store::{Db, StoreError, Throttle},
};

/// A counter's key: what is counted and for whom, as a keyed hash, so that the table holds no address.
pub(crate) fn key(app: &Rolecall, what: &str, whose: &str) -> String {
    let tag = app
        .keys()
        .mac("throttle", format!("{what}\0{whose}").as_bytes());
    format!("{what}:{}", URL_SAFE_NO_PAD.encode(&tag[..16]))
}

/// The network an address belongs to: itself for IPv4, the /64 for IPv6, which one person can fill.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Tries older than this are forgotten.
pub(crate) const GUESSING_WINDOW: TimeDelta = TimeDelta::hours(24);

/// After this long without a try the failures in a row of an account are forgotten: the table of
/// counters must not grow with every address that somebody makes up.
pub(crate) const ROW_MEMORY: TimeDelta = TimeDelta::days(30);
/// Failures in a row after which waits grow on: NIST SP 800-63B-4 allows an account a hundred.
const HUNDRED: i64 = 100;
/// What they grow to.
const DAY: TimeDelta = TimeDelta::hours(24);

/// How failures under one key are slowed down: free up to a number, then doubling waits.
pub(crate) struct Guessing {
    pub(crate) free: i64,
    pub(crate) longest: TimeDelta,
    /// Whether failures are counted in a row, until a success, instead of per day. After a hundred
    /// the waits double on from the longest up to a day; nobody is locked out for good, as strangers
    /// could do that to anybody (rule 13).
    pub(crate) in_a_row: bool,
}

impl Guessing {
    /// The wait after this many tries: 2, 4, 8 … seconds past the free ones.
    fn wait(&self, count: i64) -> Option<TimeDelta> {
        let over = u32::try_from(count - self.free)
            .ok()
            .filter(|over| *over > 0)?;
        let beyond = u32::try_from(count - HUNDRED).unwrap_or_default();
        if self.in_a_row && beyond > 0 {
            return Some((self.longest * (1i32 << beyond.min(10))).min(DAY));
        }
        Some(TimeDelta::seconds(1i64 << over.min(20)).min(self.longest))
    }

    fn window(&self) -> TimeDelta {
        if self.in_a_row {
            ROW_MEMORY
        } else {
            GUESSING_WINDOW
        }
    }

    /// Counts a try, before it is judged, so that parallel tries count too. Refused while a wait runs;
    /// the caller drops the transaction then, so that a try that is not judged counts for nothing.
    pub(crate) async fn attempt(
        &self,
        db: &mut Db,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Result<(), u32>, StoreError> {
        if let Some(Throttle {
            blocked_until: Some(until),
            ..
        }) = db.throttle(key).await?
            && until > now
        {
            return Ok(Err(seconds(until - now)));
        }
        let state = db.count(key, 1, now, self.window()).await?;
        // Counting waits for tries that run at the same time; one of them may have begun a wait.
        if let Some(until) = state.blocked_until.filter(|until| *until > now) {
            return Ok(Err(seconds(until - now)));
        }
        if self.in_a_row {
            db.keep_counting(key, now).await?;
        }
        if let Some(wait) = self.wait(state.count) {
            db.block(key, now + wait).await?;
        }
        Ok(Ok(()))
    }
}

fn seconds(wait: TimeDelta) -> u32 {
    u32::try_from(wait.num_seconds() + 1).unwrap_or(u32::MAX)
}

/// Counts something that goes into the trail sampled, since strangers can do it at will (rule 63):
/// the first, tenth, hundredth … under a key in an hour is a row. Gives the number if it is one.
pub(crate) async fn sampled(
    db: &mut Db,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let count = db.count(key, 1, now, TimeDelta::hours(1)).await?.count;
    Ok(Some(count).filter(|n| *n > 0 && 10_i64.pow(n.ilog10()) == *n))
}

/// A number of things per window.
pub(crate) struct Budget {
    pub(crate) name: &'static str,
    pub(crate) most: i64,
    pub(crate) window: TimeDelta,
}

impl Budget {
    /// Takes `amount` of the budget or says when it is whole again. What does not fit is not taken
    /// as long as the caller drops the transaction.
    pub(crate) async fn take(
        &self,
        db: &mut Db,
        key: &str,
        amount: i64,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let state = db.count(key, amount, now, self.window).await?;
        if state.count <= self.most {
            return Ok(());
        }
        let retry_after = seconds(state.window_start + self.window - now);
        Err(Failure::TooMany {
            message: format!(
                "The limit of {} {} is reached. It frees up in {}.",
                self.most,
                self.name,
                rolecall_shared::time::span(i64::from(retry_after.div_ceil(60)) * 60)
            ),
            retry_after,
        })
    }
}

impl Budget {
    /// Takes one for a member: what the weakest role may repeat as often as it likes must not keep
    /// everybody else waiting for the lock (rule 58).
    pub(crate) async fn take_by(
        &self,
        app: &Rolecall,
        db: &mut Db,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let key = key(app, self.name, &standing.member().to_string());
        self.take(db, &key, 1, now).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end_at_the_longest() {
        let guessing = Guessing {
            free: 5,
            longest: TimeDelta::minutes(15),
            in_a_row: false,
        };
        assert_eq!(guessing.wait(5), None);
        assert_eq!(guessing.wait(6), Some(TimeDelta::seconds(2)));
        assert_eq!(guessing.wait(8), Some(TimeDelta::seconds(8)));
        assert_eq!(guessing.wait(500), Some(TimeDelta::minutes(15)));
    }

    #[test]
    fn after_a_hundred_failures_in_a_row_waits_grow_to_a_day() {
        let guessing = Guessing {
            free: 5,
            longest: TimeDelta::minutes(15),
            in_a_row: true,
        };
        assert_eq!(guessing.wait(100), Some(TimeDelta::minutes(15)));
        assert_eq!(guessing.wait(101), Some(TimeDelta::minutes(30)));
        assert_eq!(guessing.wait(106), Some(TimeDelta::hours(16)));
        for many in [107, 120, 1_000_000] {
            assert_eq!(guessing.wait(many), Some(TimeDelta::hours(24)));
        }
    }

    #[test]
    fn one_person_with_a_whole_ipv6_network_is_one_network() {
        assert_eq!(
            network("2001:db8:1:2::1".parse().unwrap()),
            network("2001:db8:1:2:ffff::9".parse().unwrap())
        );
        assert_ne!(
            network("2001:db8:1:3::1".parse().unwrap()),
            network("2001:db8:1:2::1".parse().unwrap())
        );
        assert_eq!(network("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1");
    }
}
