//! Time as a parameter: the system's clock, or one that tests move by hand.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use rolecall_shared::Timestamp;

/// A source of the present moment, in whole microseconds: what both databases keep.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<Mutex<DateTime<Utc>>>>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `now` until [`Clock::advance`] moves it.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(Mutex::new(now))))
    }

    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Some(fixed) => *fixed.lock().unwrap_or_else(PoisonError::into_inner),
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that reads the system's clock"
            )]
            None => Utc::now(),
        };
        now.duration_trunc(TimeDelta::microseconds(1))
            .unwrap_or(now)
    }

    /// Moves a fixed clock; the system's clock stays.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(fixed) = &self.0 {
            *fixed.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

/// The wire form of a moment.
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp(at.timestamp_micros())
}

/// The moment of the wire form.
pub fn moment(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.0).unwrap_or_default()
}
