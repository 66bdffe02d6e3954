//! What decisions are made from without asking the database: one immutable picture of each workspace.
//!
//! A picture is used as long as nothing changed. Changes of this instance are known with their commit
//! ([`Marks`]), those of others by their news, and both by the epochs of the workspace, which are asked
//! for whenever the last answer is older than [`BOUND`]. So a change on this instance holds from the next
//! request on, one of another instance after [`BOUND`] at the latest, and when the database does not answer
//! for that long, nothing is decided any more (rule 30, F14).

mod people;
mod things;

pub use people::{Found, People, RememberedBearer};
pub use things::{Known, Things};

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::WorkspaceId;

use crate::{
    Rolecall,
    clock::timestamp,
    store::{Epochs, Marks, StoreError},
};

/// How old what is decided from can be: a change of another instance holds after this time at the latest.
pub const BOUND: TimeDelta = TimeDelta::seconds(1);
/// Most members of all pictures together; those that nobody asked for longest go first.
const MOST_MEMBERS: usize = 1_000_000;
/// Most pictures.
const MOST_PICTURES: usize = 1_000;
/// Most tokens of which the workspace is known.
const MOST_TOKENS: usize = 100_000;

/// A workspace as it is now.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Everybody in it.
    pub people: Arc<People>,
    /// Where things are.
    pub things: Arc<Things>,
}

/// The pictures of this instance.
#[derive(Debug, Default)]
pub struct Memory {
    slots: Mutex<HashMap<WorkspaceId, Arc<Slot>>>,
    tokens: Mutex<HashMap<[u8; 32], WorkspaceId>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// A workspace as it is now; `None`: it is not there.
    ///
    /// # Errors
    /// [`StoreError`] when the database would have to be asked and does not answer.
    pub async fn picture(
        &self,
        app: &Rolecall,
        workspace: WorkspaceId,
    ) -> Result<Option<Picture>, StoreError> {
        let slot = self.slot(app, workspace);
        let now = app.clock().now();
        slot.used.store(timestamp(now).0, Ordering::Relaxed);
        let arrived = slot.readings.load(Ordering::SeqCst);
        if let Some(picture) = slot.fresh(now) {
            app.counters().remembered.add(1);
            return Ok(Some(picture));
        }
        let _one = slot.reading.lock().await;
        // Whoever waited takes what was read after they came.
        if let Some(picture) = slot
            .read_after(arrived)
            .or_else(|| slot.fresh(app.clock().now()))
        {
            app.counters().remembered.add(1);
            return Ok(Some(picture));
        }
        let read = slot.read(app, workspace).await?;
        if read.is_some() {
            self.make_room(workspace);
        } else {
            locked(&self.slots).remove(&workspace);
        }
        Ok(read)
    }

    /// The workspace of the token with this hash, if it was seen.
    pub fn workspace_of(&self, token: &[u8; 32]) -> Option<WorkspaceId> {
        locked(&self.tokens).get(token).copied()
    }

    /// Notes to which workspace a token belongs, which never changes. Whether it works is another question.
    pub fn belongs(&self, token: [u8; 32], workspace: WorkspaceId) {
        let mut tokens = locked(&self.tokens);
        if tokens.len() >= MOST_TOKENS {
            tokens.clear();
        }
        tokens.insert(token, workspace);
    }

    fn slot(&self, app: &Rolecall, workspace: WorkspaceId) -> Arc<Slot> {
        let mut slots = locked(&self.slots);
        let slot = slots
            .entry(workspace)
            .or_insert_with(|| Arc::new(Slot::new(app.store().watch(workspace))));
        Arc::clone(slot)
    }

    /// Forgets the pictures that nobody asked for longest, until the others are few enough.
    fn make_room(&self, but: WorkspaceId) {
        let mut slots = locked(&self.slots);
        let mut members: usize = slots.values().map(|slot| slot.size()).sum();
        while members > MOST_MEMBERS || slots.len() > MOST_PICTURES {
            let others = slots.iter().filter(|(id, _)| **id != but);
            let oldest = others.min_by_key(|(_, slot)| slot.used.load(Ordering::Relaxed));
            let Some((id, size)) = oldest.map(|(id, slot)| (*id, slot.size())) else {
                return;
            };
            slots.remove(&id);
            members -= size;
        }
    }
}

/// Counts that everybody in a workspace was read, and how long that took.
fn count(app: &Rolecall, people: &People, began: DateTime<Utc>) {
    let took = (app.clock().now() - began).num_microseconds();
    let counters = app.counters();
    counters.read.add(1);
    counters.members_read.add(people.len() as u64);
    counters
        .read_micros
        .add(took.and_then(|took| took.try_into().ok()).unwrap_or(0));
}

/// The place of one picture.
#[derive(Debug)]
struct Slot {
    marks: Arc<Marks>,
    kept: Mutex<Option<Kept>>,
    /// Held while the database is asked, so that it is asked once for all who wait.
    reading: tokio::sync::Mutex<()>,
    /// How often that began.
    readings: AtomicU64,
    used: AtomicI64,
}

/// A picture, and what is known of its age.
#[derive(Debug)]
struct Kept {
    picture: Picture,
    /// The marks when reading it began: when they went up since, it is old.
    rights: u64,
    things: u64,
    /// How often things had changed by what the database said.
    things_epoch: i64,
    /// The moment before the database last said that it is what there is.
    confirmed: DateTime<Utc>,
    /// The number of that reading.
    reading: u64,
}

impl Slot {
    fn new(marks: Arc<Marks>) -> Self {
        Self {
            marks,
            kept: Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            readings: AtomicU64::default(),
            used: AtomicI64::default(),
        }
    }

    fn size(&self) -> usize {
        let kept = locked(&self.kept);
        kept.as_ref().map_or(0, |kept| kept.picture.people.len())
    }

    /// The picture, if nothing that is known speaks against it.
    fn fresh(&self, now: DateTime<Utc>) -> Option<Picture> {
        let kept = locked(&self.kept);
        let kept = kept.as_ref()?;
        let unmoved = kept.rights == self.marks.rights() && kept.things == self.marks.things();
        // A clock that was set back tells nothing about the age.
        let age = now - kept.confirmed;
        (unmoved && (TimeDelta::zero()..=BOUND).contains(&age)).then(|| kept.picture.clone())
    }

    /// The picture, if reading it began after a moment: it is at least as new as what was asked for then.
    fn read_after(&self, arrived: u64) -> Option<Picture> {
        let kept = locked(&self.kept);
        let kept = kept.as_ref().filter(|kept| kept.reading > arrived)?;
        Some(kept.picture.clone())
    }

    /// Asks the database what there is, and reads what changed.
    async fn read(
        &self,
        app: &Rolecall,
        workspace: WorkspaceId,
    ) -> Result<Option<Picture>, StoreError> {
        let reading = self.readings.fetch_add(1, Ordering::SeqCst) + 1;
        // Before anything is read: what changes from here on makes it old.
        let (rights, things) = (self.marks.rights(), self.marks.things());
        let confirmed = app.clock().now();
        let mut db = app.store().one_moment().await?;
        let Some(epochs) = db.epochs(workspace).await? else {
            return Ok(None);
        };
        let (people, known) = self.unchanged(epochs, rights, things);
        let people = match people {
            Some(people) => {
                app.counters().confirmed.add(1);
                people
            }
            None => match People::load(&mut db, app.templates(), workspace, confirmed).await? {
                Some(read) => {
                    count(app, &read, confirmed);
                    Arc::new(read)
                }
                None => return Ok(None),
            },
        };
        let picture = Picture {
            people,
            things: known.unwrap_or_default(),
        };
        *locked(&self.kept) = Some(Kept {
            picture: picture.clone(),
            rights,
            things,
            things_epoch: epochs.things,
            confirmed,
            reading,
        });
        Ok(Some(picture))
    }

    /// The parts of the picture that did not change, by what the database says and by what this instance heard.
    fn unchanged(
        &self,
        epochs: Epochs,
        rights: u64,
        things: u64,
    ) -> (Option<Arc<People>>, Option<Arc<Things>>) {
        let kept = locked(&self.kept);
        let Some(kept) = kept.as_ref() else {
            return (None, None);
        };
        let people = Some(&kept.picture.people)
            .filter(|p| kept.rights == rights && p.epochs.rights == epochs.rights);
        let same = kept.things == things && kept.things_epoch == epochs.things;
        let known = Some(&kept.picture.things).filter(|_| same);
        (people.cloned(), known.cloned())
    }
}
