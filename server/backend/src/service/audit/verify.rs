//! Proving that the trail is whole: every row against its link, every link against the one before.
//!
//! Rows are read in order and in constant memory. Rows whose link does not fit are kept, up to a
//! number, and judged at the end: one that fits at another number was moved, others were edited. A row
//! whose only fault is that the one before it is another is whole.

mod suspects;

use std::collections::VecDeque;

use tokio::task::spawn_blocking;
use uuid::Uuid;

use self::suspects::{Suspect, Suspects};
use crate::{
    Rolecall,
    keys::ChainKey,
    service::Failure,
    store::{AuditRow, CheckpointRecord, Db, Trail, TrailEnd},
};

/// Rows that are read at once.
const STRETCH: i64 = 4_000;

/// What happened to a part of a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// A field, or the link itself, is another than when the row was written.
    Edited,
    /// Rows are not there.
    Missing,
    /// Rows that Rolecall did not write.
    Inserted,
    /// Rows stand in another place than they were written in.
    Reordered,
    /// The end is not there.
    Truncated,
}

impl Damage {
    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Missing => "missing",
            Self::Inserted => "inserted",
            Self::Reordered => "reordered",
            Self::Truncated => "truncated",
        }
    }
}

/// One place that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The first number concerned.
    pub from: i64,
    /// The last one.
    pub to: i64,
    /// What happened.
    pub damage: Damage,
    /// How it shows.
    pub reason: String,
}

impl Finding {
    fn new(from: i64, to: i64, damage: Damage, reason: impl Into<String>) -> Self {
        Self {
            from,
            to,
            damage,
            reason: reason.into(),
        }
    }
}

/// What a look at one trail found.
#[derive(Clone, Debug)]
pub struct TrailReport {
    /// The workspace's part of the address; `None`: the installation's own trail.
    pub workspace: Option<String>,
    /// How many rows there are.
    pub rows: u64,
    /// The number from which on the chain holds; `None`: no row has a link.
    pub chained_from: Option<i64>,
    /// Checkpoints that it was held against: those of the database, and those that were given.
    pub checkpoints: usize,
    /// What is wrong, in order.
    pub findings: Vec<Finding>,
}

/// What a look at all trails found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One for each trail.
    pub trails: Vec<TrailReport>,
    /// What is wrong with the checkpoints that were given, in sentences.
    pub strangers: Vec<String>,
}

impl Report {
    /// Whether everything is as it was written.
    pub fn is_whole(&self) -> bool {
        self.strangers.is_empty() && self.trails.iter().all(|trail| trail.findings.is_empty())
    }
}

/// Looks at every row of every trail, and holds them against the checkpoints of the database and
/// those that were kept outside of it.
///
/// # Errors
/// Only when the database can not be read: damage is in the report.
pub async fn verify(app: &Rolecall, kept: &[CheckpointRecord]) -> Result<Report, Failure> {
    let key = app.keys().checkpoints().verifying_key();
    let trails = app.store().read().await?.trails().await?;
    let mut report = Report::default();
    for checkpoint in kept {
        let (id, seq) = (checkpoint.workspace_id, checkpoint.seq);
        if !checkpoint.is_signed_by(&key) {
            report.strangers.push(format!(
                "a kept checkpoint of {id} at entry {seq} was not signed with this installation's secret"
            ));
        } else if trails.iter().all(|trail| trail.id != id) {
            report.strangers.push(format!(
                "the whole trail of workspace {id} is missing; it had {seq} entries at the kept checkpoint"
            ));
        }
    }
    for trail in trails {
        let kept: Vec<CheckpointRecord> = kept
            .iter()
            .filter(|c| c.workspace_id == trail.id && c.is_signed_by(&key))
            .cloned()
            .collect();
        report.trails.push(verify_trail(app, &trail, kept).await?);
    }
    Ok(report)
}

async fn verify_trail(
    app: &Rolecall,
    trail: &Trail,
    kept: Vec<CheckpointRecord>,
) -> Result<TrailReport, Failure> {
    let mut db = app.store().read().await?;
    let mut walk = Walk::new(app.keys().chain(), trail.id);
    let key = app.keys().checkpoints().verifying_key();
    let mut checkpoints = db.checkpoints(trail.id).await?;
    for checkpoint in checkpoints.extract_if(.., |c| !c.is_signed_by(&key)) {
        let reason = "a checkpoint in the database has another signature";
        walk.found(checkpoint.seq, checkpoint.seq, Damage::Edited, reason);
    }
    checkpoints.extend(kept);
    checkpoints.sort_by_key(|checkpoint| checkpoint.seq);
    let held_against = checkpoints.len();
    walk.checkpoints = checkpoints.into();
    // People may go on working meanwhile: what they add is read too, until nothing new comes.
    let end = loop {
        let before = walk.last;
        walk = along(&mut db, walk).await?;
        let end = db.trail_end(trail.id).await?;
        let reached = end.as_ref().is_none_or(|end| end.seq == walk.last);
        if reached || before == walk.last {
            break end;
        }
    };
    Ok(TrailReport {
        workspace: (!trail.slug.is_empty()).then(|| trail.slug.clone()),
        rows: walk.rows,
        chained_from: walk.chained_from,
        checkpoints: held_against,
        findings: walk.finish(end),
    })
}

/// Walks on to where the trail ends now. While one stretch is held against its links, the next one is
/// read: each costs about as much as the other.
async fn along(db: &mut Db, mut walk: Walk) -> Result<Walk, Failure> {
    let trail = walk.trail;
    let mut rows = db.audit_stretch(trail, walk.last, STRETCH).await?;
    while let Some(last) = rows.last().map(|row| row.seq) {
        let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= STRETCH);
        let walking = spawn_blocking(move || {
            for row in rows {
                walk.step(row);
            }
            walk
        });
        rows = if is_full {
            db.audit_stretch(trail, last, STRETCH).await?
        } else {
            Vec::new()
        };
        walk = walking
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    }
    Ok(walk)
}

/// A walk along one trail.
struct Walk {
    chain: ChainKey,
    trail: Uuid,
    /// The number of the row before.
    last: i64,
    /// The link of the row before, as it is stored; empty before the first.
    link: Vec<u8>,
    /// Whether the row before the next one is certain to be the one it was written after.
    joined: bool,
    chained_from: Option<i64>,
    /// Rows without a link inside the chain: the first and the last number, and the link that the last
    /// would have if they belonged here.
    bare: Option<(i64, i64, Vec<u8>)>,
    rows: u64,
    /// Those that are still ahead, in order.
    checkpoints: VecDeque<CheckpointRecord>,
    suspects: Suspects,
    findings: Vec<Finding>,
}

impl Walk {
    fn new(chain: ChainKey, trail: Uuid) -> Self {
        Self {
            suspects: Suspects::new(chain.clone(), trail),
            chain,
            trail,
            last: 0,
            link: Vec::new(),
            joined: true,
            chained_from: None,
            bare: None,
            rows: 0,
            checkpoints: VecDeque::new(),
            findings: Vec::new(),
        }
    }

    fn found(&mut self, from: i64, to: i64, damage: Damage, reason: &str) {
        self.findings.push(Finding::new(from, to, damage, reason));
    }

    fn step(&mut self, row: AuditRow) {
        self.rows += 1;
        let seq = row.seq;
        if seq > self.last + 1 {
            let reason = "there is no row with this number";
            self.found(self.last + 1, seq - 1, Damage::Missing, reason);
            // After which row this one was written can not be seen any more.
            self.joined = false;
        }
        self.last = seq;
        while self.checkpoints.front().is_some_and(|next| next.seq < seq) {
            // Of a row that is not there, which is told already.
            self.checkpoints.pop_front();
        }
        let canonical = row.canonical(self.trail);
        let Some(link) = row.hash.clone() else {
            if self.chained_from.is_some() {
                let (from, before) = match self.bare.take() {
                    Some((from, _, link)) => (from, link),
                    None => (seq, self.link.clone()),
                };
                self.bare = Some((from, seq, self.chain.link(&before, &canonical)));
                self.check(seq, None);
            }
            return;
        };
        self.chained_from.get_or_insert(seq);
        if let Some((from, to, before)) = self.bare.take() {
            // Written by Rolecall if this row was written after them.
            let ours = self.chain.link(&before, &canonical) == link;
            self.found_bare(from, to, ours);
            if ours {
                self.link = before;
            }
        }
        if self.joined && self.chain.link(&self.link, &canonical) != link {
            self.suspects.add(Suspect {
                row,
                before: std::mem::take(&mut self.link),
                link: link.clone(),
            });
        }
        self.joined = true;
        self.check(seq, Some(&link));
        self.link = link;
    }

    /// Holds a row against the checkpoints that were made when it was the last one.
    fn check(&mut self, seq: i64, link: Option<&[u8]>) {
        while let Some(next) = self.checkpoints.front()
            && next.seq <= seq
        {
            let differs = next.seq == seq && link != Some(next.hash.as_slice());
            self.checkpoints.pop_front();
            if differs && !self.suspects.has(seq) {
                let reason = "the row is another than the one that a checkpoint was made of";
                self.found(seq, seq, Damage::Edited, reason);
            }
        }
    }

    fn found_bare(&mut self, from: i64, to: i64, ours: bool) {
        if ours {
            self.found(from, to, Damage::Edited, "the row has lost its link");
        } else {
            self.found(from, to, Damage::Inserted, "the row has no link");
        }
    }

    fn finish(mut self, end: Option<TrailEnd>) -> Vec<Finding> {
        if let Some((from, to, link)) = self.bare.take() {
            let head = end.as_ref().and_then(|end| end.head.as_ref());
            let ours = head == Some(&link);
            self.found_bare(from, to, ours);
            if ours {
                self.link = link;
            }
        }
        if let Some(end) = &end {
            self.compare(end);
        }
        if let Some(ahead) = self
            .checkpoints
            .back()
            .filter(|ahead| ahead.seq > self.last)
        {
            let (from, to) = (self.last + 1, ahead.seq);
            let reason = format!(
                "a checkpoint of {} was made when there were more entries",
                crate::clock::timestamp(ahead.at).absolute()
            );
            self.found(from, to, Damage::Truncated, &reason);
        }
        let mut findings = self.findings;
        findings.extend(self.suspects.judge());
        findings.sort_by_key(|finding| (finding.from, finding.damage));
        findings.dedup_by_key(|finding| (finding.from, finding.to, finding.damage));
        findings
    }

    /// Compares the end with the counter of the trail.
    fn compare(&mut self, end: &TrailEnd) {
        let last = self.last;
        if last < end.seq {
            let reason = "the counter of the trail has gone further";
            self.found(last + 1, end.seq, Damage::Truncated, reason);
        } else if last > end.seq {
            let reason = "the counter of the trail has not come this far";
            self.found(end.seq + 1, last, Damage::Inserted, reason);
        } else if end.head.as_deref().unwrap_or_default() != self.link && !self.suspects.has(last) {
            let reason = "the last link is not the one that the trail's counter keeps";
            self.found(last.max(1), last.max(1), Damage::Edited, reason);
        }
        let from = (end.chained_from, self.chained_from);
        if let (Some(kept), Some(seen)) = from
            && kept < seen
        {
            let reason = "the row has lost its link";
            self.found(kept, seen - 1, Damage::Edited, reason);
        }
    }
}
