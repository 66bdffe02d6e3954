//! Checkpoints of the trails: signed, chained, and told outside of the database, so that an end that
//! is cut off is missed even when the database is in other hands (rule 65).

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    Rolecall, hex,
    keys::sha256,
    service::Failure,
    store::{CheckpointRecord, StoreError, Trail},
};

/// A trail that goes on gets a checkpoint at most this often.
const EVERY: TimeDelta = TimeDelta::minutes(5);
/// How often there is a look whether one is due.
const LOOK: Duration = Duration::from_secs(30);

/// The checkpoint in a line of the file and of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The form of the line.
    v: u8,
    /// The trail; the nil id stands for the installation's own.
    pub workspace: Uuid,
    /// The number of its last entry.
    pub seq: i64,
    /// The link of that entry, in hexadecimal.
    pub hash: String,
    /// How many entries the chain had.
    pub entries: i64,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// The SHA-256 of the signed bytes of the checkpoint before; empty for the first.
    pub previous: String,
    /// Ed25519 over the other fields.
    pub signature: String,
}

const VERSION: u8 = 1;
/// Keeps a signature from fitting anything but a checkpoint.
const PURPOSE: &[u8] = b"rolecall audit checkpoint v1";

impl CheckpointRecord {
    /// What is signed: each field as its length in eight bytes and its bytes, numbers as eight bytes.
    fn signed_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        let mut add = |field: &[u8]| {
            bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
            bytes.extend_from_slice(field);
        };
        add(PURPOSE);
        add(self.workspace_id.as_bytes());
        add(&self.seq.to_be_bytes());
        add(&self.hash);
        add(&self.entries.to_be_bytes());
        add(&self.at.timestamp_micros().to_be_bytes());
        add(&self.previous);
        bytes
    }

    /// Whether this key signed it.
    pub fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        let Ok(signature) = Signature::from_slice(&self.signature) else {
            return false;
        };
        key.verify_strict(&self.signed_bytes(), &signature).is_ok()
    }
}

impl From<&CheckpointRecord> for Checkpoint {
    fn from(record: &CheckpointRecord) -> Self {
        Self {
            v: VERSION,
            workspace: record.workspace_id,
            seq: record.seq,
            hash: hex::encode(&record.hash),
            entries: record.entries,
            time: record.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            previous: hex::encode(&record.previous),
            signature: hex::encode(&record.signature),
        }
    }
}

impl Checkpoint {
    /// The checkpoint of a line; `None` when it is none.
    pub fn parse(line: &str) -> Option<CheckpointRecord> {
        let line: Self = serde_json::from_str(line).ok()?;
        let time = DateTime::parse_from_rfc3339(&line.time).ok()?;
        (line.v == VERSION).then_some(())?;
        Some(CheckpointRecord {
            workspace_id: line.workspace,
            seq: line.seq,
            hash: hex::decode(&line.hash)?,
            entries: line.entries,
            at: time.with_timezone(&Utc),
            previous: hex::decode(&line.previous)?,
            signature: hex::decode(&line.signature)?,
        })
    }
}

/// The key that checkpoints are signed with, for whoever keeps them: in hexadecimal.
pub fn public_key(app: &Rolecall) -> String {
    hex::encode(app.keys().checkpoints().verifying_key().as_bytes())
}

/// Writes checkpoints until `shutdown` is true: into the database, the log, and the file if there is one.
pub async fn run(app: Rolecall, file: Option<PathBuf>, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        let before = app.clock().now() - EVERY;
        if let Err(failure) = write_due(&app, file.as_deref(), before).await {
            tracing::warn!(
                ?failure,
                "checkpoints of the audit trail are late; they will be tried again"
            );
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = shutdown.changed() => {}
        }
    }
}

/// Writes a checkpoint of every trail that went on since its last one, for the moment at which the
/// server stops.
pub async fn write_all(app: &Rolecall, file: Option<&Path>) -> Result<usize, Failure> {
    write_due(app, file, app.clock().now()).await
}

async fn write_due(
    app: &Rolecall,
    file: Option<&Path>,
    before: DateTime<Utc>,
) -> Result<usize, Failure> {
    let due = app.store().read().await?.trails_to_check(before).await?;
    let mut written = 0;
    for trail in due {
        written += usize::from(write(app, file, &trail).await?);
    }
    Ok(written)
}

/// Writes one checkpoint, unless another instance was first. The file comes before the database: a
/// checkpoint that is told twice harms nothing, one that is not told protects nothing.
async fn write(app: &Rolecall, file: Option<&Path>, trail: &Trail) -> Result<bool, Failure> {
    let mut tx = app.store().write().await?;
    let Some(end) = tx.hold_trail(trail.id).await? else {
        return Ok(false);
    };
    let last = tx.last_checkpoint(trail.id).await?;
    let (Some(hash), Some(from)) = (end.head, end.chained_from) else {
        return Ok(false);
    };
    if last.as_ref().is_some_and(|last| last.seq >= end.seq) {
        return Ok(false);
    }
    let mut record = CheckpointRecord {
        workspace_id: trail.id,
        seq: end.seq,
        hash,
        entries: end.seq - from + 1,
        at: app.clock().now(),
        previous: last.map_or_else(Vec::new, |last| sha256(&last.signed_bytes()).to_vec()),
        signature: Vec::new(),
    };
    let signature = app.keys().checkpoints().sign(&record.signed_bytes());
    record.signature = signature.to_bytes().to_vec();
    let line = serde_json::to_string(&Checkpoint::from(&record))
        .map_err(|_| StoreError::Corrupt("a checkpoint can not be written as text"))?;
    if let Some(path) = file {
        append(path.to_owned(), line.clone()).await.map_err(|error| {
            tracing::error!(%error, path = %path.display(), "the file of audit checkpoints can not be written");
            Failure::Unavailable
        })?;
    }
    tx.insert_checkpoint(&record).await?;
    tx.commit_housekeeping().await?;
    tracing::info!(checkpoint = %line, "audit checkpoint");
    Ok(true)
}

/// Adds a line to the file, through to the disk.
async fn append(path: PathBuf, line: String) -> io::Result<()> {
    let written = tokio::task::spawn_blocking(move || {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(format!("{line}\n").as_bytes())?;
        file.sync_all()
    });
    written.await.map_err(io::Error::other)?
}
