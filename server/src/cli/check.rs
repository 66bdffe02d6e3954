//! `rolecall check`: the configuration as it would be used, or every mistake in it.

use std::{path::Path, process::ExitCode};

use crate::{assets::Assets, config::Config, metrics, start, static_files};

/// Prints one line per setting, or one line per mistake and fails. Changes nothing.
pub fn run(file: Option<&Path>) -> ExitCode {
    match start::configuration(file) {
        Ok(config) => {
            println!("{}", table(&config));
            for warning in &config.warnings {
                println!("warning: {warning}");
            }
            println!("The configuration is in order.");
            ExitCode::SUCCESS
        }
        Err(mistakes) => {
            println!("{mistakes}");
            eprintln!(
                "{}",
                rolecall_shared::text::count(mistakes.0.len(), "mistake", "mistakes")
            );
            ExitCode::FAILURE
        }
    }
}

fn table(config: &Config) -> String {
    let public = config
        .public_url_at(config.addr)
        .map(|url| url.origin().to_owned())
        .unwrap_or_default();
    let mail = config.mail.as_ref().map_or_else(
        || "none: invitations are handed over as links".to_owned(),
        |mail| format!("from {}", mail.from.address()),
    );
    let secret = if config.secret_file.exists() {
        ""
    } else {
        " (made on the first start)"
    };
    let site = if static_files::is_built(&config.site_dir) {
        ""
    } else {
        " (not built)"
    };
    let hashes = if Assets::find(config).are_hashed() {
        ""
    } else {
        " (not there: files are not kept by browsers)"
    };
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    let rows = [
        ("database", config.database.to_string()),
        ("listens on", config.addr.to_string()),
        ("public address", public),
        ("data folder", config.data_dir.display().to_string()),
        (
            "secret",
            format!("{}{secret}", config.secret_file.display()),
        ),
        ("mail", mail),
        (
            "trusted proxies",
            list(
                config
                    .trusted_proxies
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
            ),
        ),
        (
            "templates folder",
            config
                .templates_dir
                .as_ref()
                .map_or("none".to_owned(), |p| p.display().to_string()),
        ),
        ("site", format!("{}{site}", config.site_dir.display())),
        (
            "file hashes",
            format!("{}{hashes}", config.hash_file.display()),
        ),
        (
            "audit checkpoints",
            config.audit_checkpoints.as_ref().map_or_else(
                || "database and log only".to_owned(),
                |path| path.display().to_string(),
            ),
        ),
        (
            "metrics",
            config.metrics_addr.map_or_else(
                || "none".to_owned(),
                |addr| format!("http://{addr}{}", metrics::PATH),
            ),
        ),
        ("log", config.log.filter.clone()),
    ];
    let lines: Vec<String> = rows
        .iter()
        .map(|(name, value)| format!("{name:<18}{value}"))
        .collect();
    lines.join("\n")
}
