//! Log lines: for people or as JSON, each within a request with that request's id.
//!
//! Nothing secret is logged: no cookies, tokens, passwords, addresses of requests or their queries.

use std::{
    backtrace::Backtrace,
    io::{self, IsTerminal as _},
    panic,
};

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
};

use crate::config::{LogFormat, LogSettings};

/// Starts logging to standard error. Called once; a second call changes nothing.
pub fn start(settings: &LogSettings) {
    let colours = io::stderr().is_terminal();
    if tracing::subscriber::set_global_default(subscriber(settings, io::stderr, colours)).is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

/// What writes the lines; in colours for a terminal.
pub fn subscriber<W>(
    settings: &LogSettings,
    writer: W,
    colours: bool,
) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // The filter was checked with the configuration.
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = fmt::layer().with_writer(writer).with_ansi(colours);
    match settings.format {
        LogFormat::Text => Box::new(registry.with(layer.with_target(false))),
        LogFormat::Json => {
            Box::new(registry.with(layer.json().flatten_event(true).with_span_list(false)))
        }
    }
}

/// Where it happened, and its message: in a release only when that is a text of the program
/// itself, because one that was put together may quote what people sent.
fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let at = info.location().map(ToString::to_string).unwrap_or_default();
    let fixed = info.payload().downcast_ref::<&'static str>().copied();
    let composed = info
        .payload()
        .downcast_ref::<String>()
        .filter(|_| cfg!(debug_assertions));
    let message = fixed
        .or(composed.map(String::as_str))
        .unwrap_or("(not shown)");
    let trace = Backtrace::capture();
    tracing::error!(at, message, %trace, "a panic: this is a mistake in Rolecall");
}
