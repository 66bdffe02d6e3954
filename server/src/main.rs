//! The `rolecall` binary: reads the command line and does what it says.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    rolecall_server::cli::run(rolecall_server::cli::Cli::parse())
}
