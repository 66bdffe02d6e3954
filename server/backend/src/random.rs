//! Randomness as a parameter: the operating system's, or a repeatable stream for tests.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rand::{RngCore as _, SeedableRng as _, TryRngCore as _, rngs::OsRng, rngs::StdRng};
use uuid::Uuid;

/// A source of random bytes.
#[derive(Clone, Debug)]
pub struct Random(Option<Arc<Mutex<StdRng>>>);

impl Random {
    /// The operating system's generator.
    pub fn system() -> Self {
        Self(None)
    }

    /// The same bytes for the same seed; for tests and the demo only.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// `N` random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done then.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Some(seeded) => {
                seeded
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .fill_bytes(&mut bytes);
            }
            #[expect(
                clippy::expect_used,
                reason = "without randomness nothing safe can be done"
            )]
            None => OsRng
                .try_fill_bytes(&mut bytes)
                .expect("the operating system gives randomness"),
        }
        bytes
    }

    /// A new id, ordered by time (UUID version 7, RFC 9562 §5.7).
    pub fn id<T: From<Uuid>>(&self, now: DateTime<Utc>) -> T {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes())
            .into_uuid()
            .into()
    }

    /// A number below `bound`, for choices in the demo and jitter; not for secrets.
    pub fn below(&self, bound: u32) -> u32 {
        u32::from_le_bytes(self.bytes()) % bound.max(1)
    }

    /// Six decimal digits for a mailed code: unbiased, because values past the last full million are drawn again.
    pub fn six_digits(&self) -> String {
        loop {
            let number = u32::from_le_bytes(self.bytes());
            if number < u32::MAX - u32::MAX % 1_000_000 {
                return format!("{:06}", number % 1_000_000);
            }
        }
    }
}
