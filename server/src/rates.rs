//! How often programs ask, per token and per address, in this instance's memory (rule 62).
//!
//! Counting through the database, as people's limits are, would cost more than the answers do; behind
//! a load balancer the limits are those of each instance. Memory is bounded: when the table is full of
//! windows that run, whoever is not in it shares one window with everybody else who is not.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

use rolecall_shared::TokenId;

/// Length of a window, in seconds.
pub const WINDOW: i64 = 60;
/// Windows that are kept at the same time: some megabytes.
const KEPT: usize = 65_536;

/// Whose requests are counted, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Those with a token.
    Token(TokenId),
    /// Those from a network.
    Network(IpAddr),
    /// Those from a network whose token was no good.
    Failing(IpAddr),
    /// Everybody's for whom there is no room.
    Others,
}

impl Who {
    /// Requests from an address. One person can fill a /64 of IPv6, so that is one network.
    pub fn network(address: IpAddr) -> Self {
        Self::Network(network(address))
    }

    /// Requests from an address whose token was no good.
    pub fn failing(address: IpAddr) -> Self {
        Self::Failing(network(address))
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Where somebody stands in their window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Requests of a window.
    pub most: u32,
    /// What is left of them.
    pub left: u32,
    /// Seconds until the window ends.
    pub ends_in: u32,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    began: i64,
    count: u32,
}

/// The windows that run.
#[derive(Clone, Debug, Default)]
pub struct Rates(Arc<Mutex<HashMap<Who, Window>>>);

impl Rates {
    /// Counts a request at `now`, in seconds; an error when that is one too many.
    ///
    /// # Errors
    /// Where they stand, with nothing left.
    pub fn take(&self, who: Who, most: u32, now: i64) -> Result<Standing, Standing> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = open(&mut windows, who, now);
        let fits = window.count < most;
        window.count = window.count.saturating_add(1);
        let standing = standing(*window, most, now);
        if fits { Ok(standing) } else { Err(standing) }
    }
}

fn runs(window: &Window, now: i64) -> bool {
    now < window.began.saturating_add(WINDOW)
}

fn standing(window: Window, most: u32, now: i64) -> Standing {
    let ends_in = window.began.saturating_add(WINDOW).saturating_sub(now);
    Standing {
        most,
        left: most.saturating_sub(window.count),
        ends_in: u32::try_from(ends_in.clamp(1, WINDOW)).unwrap_or(1),
    }
}

/// The window of somebody, begun anew when it is over.
fn open(windows: &mut HashMap<Who, Window>, who: Who, now: i64) -> &mut Window {
    if windows.len() >= KEPT && !windows.contains_key(&who) {
        windows.retain(|_, window| runs(window, now));
    }
    let full = windows.len() >= KEPT && !windows.contains_key(&who);
    let who = if full { Who::Others } else { who };
    let window = windows.entry(who).or_insert(Window {
        began: now,
        count: 0,
    });
    if !runs(window, now) {
        *window = Window {
            began: now,
            count: 0,
        };
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> i64 {
        1_000 + seconds
    }

    #[test]
    fn a_window_that_is_used_up_opens_again_when_it_is_over() {
        let rates = Rates::default();
        let who = Who::network([203, 0, 113, 7].into());
        for left in [2, 1, 0] {
            assert_eq!(rates.take(who, 3, at(0)).map(|s| s.left), Ok(left));
        }
        let over = rates.take(who, 3, at(59)).unwrap_err();
        assert_eq!((over.left, over.ends_in), (0, 1));
        assert_eq!(rates.take(who, 3, at(60)).map(|s| s.left), Ok(2));
        let other = Who::network([203, 0, 113, 8].into());
        assert_eq!(rates.take(other, 3, at(0)).map(|s| s.left), Ok(2));
    }

    #[test]
    fn one_person_with_a_whole_ipv6_network_is_one_network() {
        let network = |text: &str| Who::network(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:9"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:10.0.0.1"), network("10.0.0.1"));
    }

    #[test]
    fn the_table_does_not_grow_without_end() {
        let rates = Rates::default();
        let who = |n: u32| Who::Network(IpAddr::V4(n.into()));
        for n in 0..u32::try_from(KEPT).unwrap() {
            rates.take(who(n), 3, at(0)).unwrap();
        }
        for n in 0..3 {
            assert!(rates.take(who(u32::MAX - n), 3, at(1)).is_ok());
        }
        assert!(
            rates.take(who(u32::MAX - 9), 3, at(1)).is_err(),
            "they share one window"
        );
        assert!(
            rates.take(who(1), 3, at(1)).is_ok(),
            "those who were there keep theirs"
        );
        assert!(rates.take(who(u32::MAX), 3, at(61)).is_ok());
        assert!(rates.0.lock().unwrap().len() < 3);
    }
}
