//! How memberships of the demo ended, and one that ends soon.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{MemberId, membership::Departure};

use crate::{
    service::{Failure, membership::removed_for_demo},
    store::WorkspaceTx,
};

/// How, why, and how many days ago.
const DEPARTURES: [(Departure, &str, i64); 3] = [
    (Departure::Removed, "The contract ended.", 3),
    (Departure::Left, "", 19),
    (
        Departure::Removed,
        "Moved to the sales team, which works elsewhere.",
        71,
    ),
];
/// How many people of the demo were members once.
pub(super) const GONE: usize = DEPARTURES.len();
/// The person whose membership ends soon, and in how many days.
const ENDING: (usize, i64) = (6, 5);

/// Lets some people go, and one membership end soon.
pub(super) async fn show(
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    people: &[MemberId],
    gone: &[MemberId],
) -> Result<(), Failure> {
    for (member, (departure, reason, days)) in gone.iter().zip(DEPARTURES) {
        let by = match departure {
            Departure::Removed => Some("Ana Ruiz"),
            Departure::Left => None,
        };
        let at = now - TimeDelta::days(days);
        removed_for_demo(tx, *member, departure, (by, reason), at).await?;
    }
    let (index, days) = ENDING;
    if let Some(member) = people.get(index) {
        tx.set_demo_end(*member, now + TimeDelta::days(days), now)
            .await?;
    }
    Ok(())
}
