//! Rows whose link does not fit: which of them were edited, moved, pushed aside, or are whole.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{Damage, Finding};
use crate::{keys::ChainKey, store::AuditRow};

/// How many are judged one by one; what comes after is told as one stretch.
const JUDGED: usize = 48;
/// How far rows may have been pushed by rows that were put in or taken out before them.
const PUSHED: i64 = 8;

/// A row whose link does not fit.
pub(super) struct Suspect {
    /// The row.
    pub(super) row: AuditRow,
    /// The link that stands before it.
    pub(super) before: Vec<u8>,
    /// Its own.
    pub(super) link: Vec<u8>,
}

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It was written at this place; only what stands before it is another.
    Whole,
    /// It was written with this number.
    Moved(i64),
    /// It fits nowhere.
    Edited,
}

/// All of them in one trail.
pub(super) struct Suspects {
    chain: ChainKey,
    trail: Uuid,
    judged: Vec<Suspect>,
    /// The stretch of those that are too many.
    rest: Option<(i64, i64)>,
}

impl Suspects {
    pub(super) fn new(chain: ChainKey, trail: Uuid) -> Self {
        Self {
            chain,
            trail,
            judged: Vec::new(),
            rest: None,
        }
    }

    pub(super) fn add(&mut self, suspect: Suspect) {
        if self.judged.len() < JUDGED {
            self.judged.push(suspect);
            return;
        }
        let seq = suspect.row.seq;
        self.rest = Some(self.rest.map_or((seq, seq), |(from, _)| (from, seq)));
    }

    pub(super) fn has(&self, seq: i64) -> bool {
        self.judged.iter().any(|s| s.row.seq == seq)
            || self.rest.is_some_and(|(_, last)| last == seq)
    }

    /// What happened, by what each row fits to.
    pub(super) fn judge(&self) -> Vec<Finding> {
        let links = self.known_links();
        let numbers = self.numbers();
        let verdicts: Vec<(i64, Verdict)> = self
            .judged
            .iter()
            .map(|suspect| (suspect.row.seq, self.verdict(suspect, &links, &numbers)))
            .collect();
        let mut findings: Vec<Finding> = match pushed(&verdicts) {
            Some((before, finding)) => {
                let alone = verdicts[..before].iter().filter_map(told);
                alone.chain([finding]).collect()
            }
            None => verdicts.iter().filter_map(told).collect(),
        };
        if let Some((from, to)) = self.rest
            && findings.iter().all(|finding| finding.to < to)
        {
            let reason = "the chain does not hold for rows in this stretch either";
            findings.push(Finding::new(from, to, Damage::Edited, reason));
        }
        findings
    }

    /// Links that a moved row may have been written after: those that stand before or in a suspect,
    /// and those that should stand in one.
    fn known_links(&self) -> BTreeSet<Vec<u8>> {
        let mut links = BTreeSet::new();
        for suspect in &self.judged {
            let canonical = suspect.row.canonical(self.trail);
            links.insert(self.chain.link(&suspect.before, &canonical));
            links.insert(suspect.before.clone());
            links.insert(suspect.link.clone());
        }
        links
    }

    /// Numbers that a moved row may have been written with.
    fn numbers(&self) -> BTreeSet<i64> {
        let seqs = self.judged.iter().map(|suspect| suspect.row.seq);
        seqs.collect()
    }

    fn verdict(
        &self,
        suspect: &Suspect,
        links: &BTreeSet<Vec<u8>>,
        numbers: &BTreeSet<i64>,
    ) -> Verdict {
        let fits = |seq: i64| {
            let canonical = suspect.row.canonical_at(self.trail, seq);
            links
                .iter()
                .any(|before| self.chain.link(before, &canonical) == suspect.link)
        };
        let here = suspect.row.seq;
        if fits(here) {
            return Verdict::Whole;
        }
        let near = (here - PUSHED..=here + PUSHED).filter(|seq| *seq > 0);
        let mut there = near.chain(numbers.iter().copied());
        there
            .find(|seq| *seq != here && fits(*seq))
            .map_or(Verdict::Edited, Verdict::Moved)
    }
}

/// All rows from one on were pushed equally far: rows were put in or taken out before them, and
/// the others were given new numbers. Gives how many of the verdicts have nothing to do with it.
fn pushed(verdicts: &[(i64, Verdict)]) -> Option<(usize, Finding)> {
    let first_moved = verdicts
        .iter()
        .position(|(_, v)| matches!(v, Verdict::Moved(_)))?;
    let far = |(seq, verdict): &(i64, Verdict)| match verdict {
        Verdict::Moved(to) => Some(to - seq),
        _ => None,
    };
    let by = far(&verdicts[first_moved])?;
    let moved = &verdicts[first_moved..];
    let alike = moved.iter().all(|v| far(v) == Some(by));
    let contiguous = moved.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1);
    if !alike || !contiguous {
        return None;
    }
    // Rows without a place just before them are those that were put in, or the first of the pushed
    // ones, whose link names a row that is gone.
    let mut begin = first_moved;
    while let Some(before) = begin.checked_sub(1)
        && verdicts[before].1 == Verdict::Edited
        && verdicts[before].0 + 1 == verdicts[begin].0
    {
        begin = before;
    }
    let first = verdicts[begin].0;
    if by > 0 {
        let reason = format!("the rows after it were moved up by {by}");
        let gone = Finding::new(first, first + by - 1, Damage::Missing, reason);
        return Some((begin, gone));
    }
    let pushed = moved[0].0;
    let reason = format!("the rows after it were moved down by {}", -by);
    let from = first.min(pushed + by);
    let new = Finding::new(from, pushed - 1, Damage::Inserted, reason);
    Some((begin, new))
}

fn told((seq, verdict): &(i64, Verdict)) -> Option<Finding> {
    match verdict {
        Verdict::Whole => None,
        Verdict::Moved(from) => {
            let reason = format!("the row was written with the number {from}");
            Some(Finding::new(*seq, *seq, Damage::Reordered, reason))
        }
        Verdict::Edited => {
            let reason = "the row does not fit its link";
            Some(Finding::new(*seq, *seq, Damage::Edited, reason))
        }
    }
}
