//! A long trail, for trying out and measuring: entries like those of years of work, in the chain.

use chrono::TimeDelta;
use rolecall_shared::{MemberId, UserId};
use serde_json::json;
use uuid::Uuid;

use super::{
    ANA, locked,
    names::{email, full_name},
    owner_of,
};
use crate::{
    Rolecall,
    request::{RequestMeta, Session},
    service::Failure,
    store::{Actor, Entries, Entry, Target},
};

/// Entries of one transaction.
const AT_ONCE: usize = 5_000;
/// People who did them, and people they were done to.
const ACTORS: usize = 12;
const TARGETS: usize = 400;
/// Time from one to the next.
const APART: TimeDelta = TimeDelta::seconds(30);

/// Adds entries to the trail of a workspace of the demo, the last of them of now.
///
/// # Errors
/// [`Failure::NotFound`] when the demo is not there.
pub async fn add_entries(app: &Rolecall, slug: &str, count: usize) -> Result<(), Failure> {
    let now = app.clock().now();
    let actors: Vec<Actor> = (0..ACTORS).map(|n| actor(app, n)).collect();
    let targets: Vec<MemberId> = (0..TARGETS).map(|_| app.random().id(now)).collect();
    let mut done = 0;
    while done < count {
        let mut tx = locked(app, slug).await?;
        owner_of(&mut tx, ANA).await?;
        let end = (done + AT_ONCE).min(count);
        // Stretches of one person's work, as they come.
        for start in (done..end).step_by(50) {
            let left = i32::try_from(count - start).unwrap_or(i32::MAX);
            let at = now - APART * left;
            let entries: Vec<Entry> = (start..end.min(start + 50))
                .map(|n| entry(&targets, n))
                .collect();
            if let Some(entries) = Entries::many(entries) {
                tx.record(at, &actors[start / 50 % ACTORS], entries).await?;
            }
        }
        tx.commit_housekeeping(&[]).await?;
        done = end;
    }
    Ok(())
}

fn actor(app: &Rolecall, n: usize) -> Actor {
    let now = app.clock().now();
    let name = full_name(n + 100);
    let session = Session {
        id: app.random().id(now),
        user: app.random().id::<UserId>(now),
        email: email(n + 100),
        name,
        email_verified: true,
        confirmed_at: now,
        viewing: None,
        token: None,
    };
    let meta = RequestMeta {
        address: [192, 0, 2, u8::try_from(n).unwrap_or_default()].into(),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36".to_owned(),
        request_id: Uuid::nil().to_string(),
        unattended: false,
        order: None,
    };
    Actor::user(&session, &meta)
}

fn entry(targets: &[MemberId], n: usize) -> Entry {
    let (who, label) = (targets[n * 7 % TARGETS], full_name(n % TARGETS));
    match n % 4 {
        0 => Entry::new(
            "invitation.created",
            Target::new("invitation", who.0, email(n % TARGETS)),
            json!({ "role": "Viewer", "groups": [], "overrides": [], "by": "mail" }),
        ),
        1 => Entry::new(
            "group.updated",
            Target::new("group", who.0, "Night shift"),
            json!({ "before": { "name": "Night shift" }, "after": { "name": "Late shift" } }),
        ),
        _ => Entry::new(
            "member.access_changed",
            Target::member(who, label),
            json!({
                "before": { "role": "Viewer", "groups": [] },
                "after": { "role": "Operator", "groups": [] },
            }),
        ),
    }
}
