//! `rolecall restore-workspace`.

use rolecall_backend::{
    Rolecall,
    clock::timestamp,
    service::{Failure, settings},
};
use rolecall_shared::{WorkspaceId, settings::RESTORABLE_DAYS, text::count};

use super::open;
use crate::{config::Config, start::StartError};

/// Brings the workspace back and says where it is, or lists what can be brought back.
pub async fn run(config: &Config, id: Option<WorkspaceId>) -> Result<(), StartError> {
    let rolecall = open(config).await?;
    let done = match id {
        Some(id) => restore(&rolecall, id).await,
        None => list(&rolecall).await,
    };
    rolecall.store().close().await;
    done.map_err(|failure| StartError::Service(failure.to_api("restore-workspace").message))
}

async fn restore(rolecall: &Rolecall, id: WorkspaceId) -> Result<(), Failure> {
    let slug = settings::restore(rolecall, id).await?;
    println!("It is back at {}/w/{slug}", rolecall.public_url());
    println!("Its invitations stay revoked. Invite again whoever should join.");
    Ok(())
}

async fn list(rolecall: &Rolecall) -> Result<(), Failure> {
    let deleted = settings::restorable(rolecall).await?;
    if deleted.is_empty() {
        println!("No workspace was deleted in the last {RESTORABLE_DAYS} days.");
        return Ok(());
    }
    for workspace in deleted {
        let members = usize::try_from(workspace.members).unwrap_or_default();
        println!(
            "{}  {}  {}, deleted {}",
            workspace.id,
            workspace.name,
            count(members, "member", "members"),
            timestamp(workspace.deleted_at).absolute()
        );
    }
    println!("Name one with --id to bring it back.");
    Ok(())
}
