//! The command line: what can be asked of the `rolecall` binary.

mod audit;
mod check;
mod create_owner;
mod password;
mod recover_owner;
mod restore_workspace;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use rolecall_backend::{
    Rolecall,
    service::{Failure, demo},
};

use crate::{
    config::Config,
    serve,
    start::{self, StartError},
    telemetry,
};

/// Members and access of a console, as a product of its own.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// The configuration file [default: `ROLECALL_CONFIG`, else rolecall.toml if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what happens without any command)
    Serve,
    /// Bring the database up to date and stop
    Migrate,
    /// Make a person who owns a new workspace
    CreateOwner(CreateOwner),
    /// Make a person an owner of a workspace, when no owner can sign in any more
    RecoverOwner(RecoverOwner),
    /// Fill the database with a workspace of believable people
    SeedDemo {
        /// How many members
        #[arg(long, default_value_t = 40, value_name = "N")]
        members: usize,
        /// How many entries to add to the audit trail of the first workspace
        #[arg(long, default_value_t = 0, value_name = "N")]
        events: usize,
    },
    /// Bring a deleted workspace back, or list those that can be
    RestoreWorkspace {
        /// Its id; without it, all that can be brought back are listed
        #[arg(long, value_name = "ID")]
        id: Option<rolecall_shared::WorkspaceId>,
    },
    /// Check the configuration and report every mistake
    Check,
    /// Prove that the audit trail is whole
    Audit {
        #[command(subcommand)]
        order: audit::Order,
    },
}

/// Make a person who owns a new workspace
#[derive(Debug, Args)]
pub(crate) struct CreateOwner {
    /// Their address
    #[arg(long)]
    email: String,
    /// Their name
    #[arg(long)]
    name: String,
    /// The name of the workspace
    #[arg(long)]
    workspace: String,
    /// The key of the workspace's template [default: the first one]
    #[arg(long)]
    template: Option<String>,
    /// Read the password from standard input without asking
    #[arg(long)]
    password_stdin: bool,
}

/// Make a person an owner of a workspace, when no owner can sign in any more
#[derive(Debug, Args)]
pub(crate) struct RecoverOwner {
    /// The workspace's part of the address, behind /w/
    #[arg(long, value_name = "SLUG")]
    workspace: String,
    /// The person's address
    #[arg(long)]
    email: String,
    /// The name of somebody who has no account yet
    #[arg(long, requires = "password_stdin")]
    name: Option<String>,
    /// Read the password of somebody who has no account yet from standard input
    #[arg(long, requires = "name")]
    password_stdin: bool,
}

/// Does what the command line says. What went wrong is told on standard error.
pub fn run(cli: Cli) -> ExitCode {
    if matches!(cli.command, Some(Command::Check)) {
        return check::run(cli.config.as_deref());
    }
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<(), StartError> {
    let config = start::configuration(cli.config.as_deref())?;
    telemetry::start(&config.log);
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(config).await,
            Command::Migrate => migrate(&config).await,
            Command::CreateOwner(order) => create_owner::run(&config, order).await,
            Command::RecoverOwner(order) => recover_owner::run(&config, order).await,
            Command::RestoreWorkspace { id } => restore_workspace::run(&config, id).await,
            Command::SeedDemo { members, events } => seed_demo(&config, members, events).await,
            Command::Check => Ok(()),
            Command::Audit { order } => audit::run(&config, order).await,
        }
    })
}

async fn migrate(config: &Config) -> Result<(), StartError> {
    let store = start::store(config).await?;
    println!("The database is up to date ({}).", config.database);
    store.close().await;
    Ok(())
}

/// A line that asks whether somebody of the demo may manage the team.
fn decision(origin: &str, demo: &demo::DemoSummary) -> String {
    let question = serde_json::json!({
        "subject": { "type": "user", "id": demo.viewer },
        "action": { "name": "manage" },
        "resource": { "type": "team", "id": demo.workspaces.first() },
    });
    format!(
        "curl -s {origin}/access/v1/evaluation -H 'Authorization: Bearer {}' -H 'Content-Type: application/json' -d '{question}'",
        demo.token
    )
}

async fn seed_demo(config: &Config, members: usize, events: usize) -> Result<(), StartError> {
    let rolecall = open(config).await?;
    let explain = |failure: Failure| StartError::Service(failure.to_api("seed-demo").message);
    let summary = demo::seed(&rolecall, members).await.map_err(explain)?;
    // The second workspace gets a short trail, so that both can be compared.
    for (slug, count) in summary.workspaces.iter().zip([events, events.min(1_000)]) {
        demo::add_entries(&rolecall, slug, count)
            .await
            .map_err(explain)?;
    }
    println!(
        "Made {} members in {} workspaces.",
        summary.members,
        summary.workspaces.len()
    );
    println!(
        "Sign in as {} (owner) or {} (may only look),",
        summary.email, summary.viewer
    );
    println!("with the password: {}", summary.password);
    for slug in &summary.workspaces {
        println!("  {}/w/{slug}", rolecall.public_url());
    }
    println!("Ask for a decision as another service does:");
    println!("  {}", decision(rolecall.public_url(), &summary));
    rolecall.store().close().await;
    Ok(())
}

/// The services, without a server around them.
async fn open(config: &Config) -> Result<Rolecall, StartError> {
    let public_url = config.public_url_at(config.addr)?;
    start::open(config, &public_url).await
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
        assert!(Cli::parse_from(["rolecall"]).command.is_none());
        let cli = Cli::parse_from([
            "rolecall",
            "seed-demo",
            "--members",
            "10000",
            "--config",
            "x.toml",
        ]);
        assert!(matches!(
            cli.command,
            Some(Command::SeedDemo {
                members: 10_000,
                events: 0
            })
        ));
        assert!(cli.config.is_some());
    }
}
