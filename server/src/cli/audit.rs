//! `rolecall audit`: proving that the trail is whole, and the key of its checkpoints.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use rolecall_backend::{
    service::audit::{self, Checkpoint, Report},
    store::CheckpointRecord,
};
use rolecall_shared::text::count;

use super::open;
use crate::{config::Config, config::Mistake, secret::Secret, start::StartError};

/// What can be asked about the audit trail.
#[derive(Debug, Subcommand)]
pub(crate) enum Order {
    /// Read every entry, and name each place that is not as it was written
    Verify {
        /// A file of checkpoints that was kept outside of the database
        #[arg(long, value_name = "FILE")]
        checkpoints: Option<PathBuf>,
    },
    /// Print the public key that checkpoints are signed with
    Key,
}

/// Does what was asked. Damage is printed line by line and makes the command fail.
pub async fn run(config: &Config, order: Order) -> Result<(), StartError> {
    // Without the secret nothing could be proven, and making a new one would only hide that.
    if Secret::load(&config.secret_file)?.is_none() {
        return Err(Mistake::new(
            config.secret_file.display().to_string(),
            "The secret is not there. Restore it: the audit trail can only be proven with it.",
        )
        .into());
    }
    let rolecall = open(config).await?;
    match order {
        Order::Key => println!("{}", audit::public_key(&rolecall)),
        Order::Verify { checkpoints } => {
            let kept = checkpoints.as_deref().map(read).transpose()?;
            let report = audit::verify(&rolecall, &kept.unwrap_or_default())
                .await
                .map_err(|failure| StartError::Service(failure.to_api("audit verify").message))?;
            tell(&report)?;
        }
    }
    rolecall.store().close().await;
    Ok(())
}

/// The checkpoints of a file. A line that is none is a mistake: it could be one that somebody broke.
fn read(path: &Path) -> Result<Vec<CheckpointRecord>, StartError> {
    let text = fs::read_to_string(path)
        .map_err(|error| Mistake::new("--checkpoints", format!("It can not be read: {error}.")))?;
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            Checkpoint::parse(line).ok_or_else(|| {
                let message = format!("Line {} of {} is no checkpoint.", index + 1, path.display());
                Mistake::new("--checkpoints", message).into()
            })
        })
        .collect()
}

fn tell(report: &Report) -> Result<(), StartError> {
    let mut places = report.strangers.len();
    for sentence in &report.strangers {
        println!("{sentence}");
    }
    for trail in &report.trails {
        let name = trail.workspace.as_deref().unwrap_or("(installation)");
        for finding in &trail.findings {
            let entries = if finding.from == finding.to {
                format!("entry {}", finding.from)
            } else {
                format!("entries {} to {}", finding.from, finding.to)
            };
            println!(
                "{name}: {entries} {}: {}",
                finding.damage.name(),
                finding.reason
            );
        }
        places += trail.findings.len();
        let from = match trail.chained_from {
            Some(1) => "all in the chain".to_owned(),
            Some(from) => {
                format!("in the chain from entry {from} on; those before can not be proven")
            }
            None if trail.rows == 0 => "nothing to prove".to_owned(),
            None => "none in the chain: they are from before there was one".to_owned(),
        };
        println!(
            "{name}: {} entries, {from}, {} held against it",
            trail.rows,
            count(trail.checkpoints, "checkpoint", "checkpoints")
        );
    }
    if report.is_whole() {
        println!("The audit trail is whole.");
        return Ok(());
    }
    Err(StartError::Damaged(count(places, "place", "places")))
}
