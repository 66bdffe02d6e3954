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

/// How failures under one key are slowed down: free up to a number, then doubling waits.
pub(crate) struct Guessing {
    pub(crate) free: i64,
    pub(crate) longest: TimeDelta,
}

impl Guessing {
    /// The wait after this many tries: 2, 4, 8 … seconds past the free ones.
    fn wait(&self, count: i64) -> Option<TimeDelta> {
        let over = u32::try_from(count - self.free)
            .ok()
            .filter(|over| *over > 0)?;
        Some(TimeDelta::seconds(1i64 << over.min(20)).min(self.longest))
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
        let state = db.count(key, 1, now, GUESSING_WINDOW).await?;
        // Counting waits for tries that run at the same time; one of them may have begun a wait.
        if let Some(until) = state.blocked_until.filter(|until| *until > now) {
            return Ok(Err(seconds(until - now)));
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
        };
        assert_eq!(guessing.wait(5), None);
        assert_eq!(guessing.wait(6), Some(TimeDelta::seconds(2)));
        assert_eq!(guessing.wait(8), Some(TimeDelta::seconds(8)));
        assert_eq!(guessing.wait(500), Some(TimeDelta::minutes(15)));
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
