//! What all handlers share.

use std::{ops::Deref, path::PathBuf, sync::Arc};

use axum::extract::FromRef;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use rolecall_backend::Rolecall;
use tokio::sync::watch;

use crate::{
    assets::Assets,
    config::{AllowedHost, PublicUrl},
    metrics::Requests,
    rates::Rates,
    streams::Streams,
};

/// The parts of [`AppState`].
pub struct Shared {
    /// The services.
    pub rolecall: Rolecall,
    /// How browsers reach this server.
    pub public_url: PublicUrl,
    /// Host names that are answered; the public one is among them.
    pub allowed_hosts: Vec<AllowedHost>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Names of the built files.
    pub assets: Assets,
    /// The folder with stylesheets, scripts and fonts.
    pub site_dir: PathBuf,
    /// True once the server is asked to stop.
    pub stopping: watch::Receiver<bool>,
    /// The open live streams.
    pub streams: Streams,
    /// The answers that were given, if anybody watches them.
    pub requests: Option<Requests>,
    /// How often programs asked.
    pub rates: Rates,
    /// How often a program may ask in a minute, with one token.
    pub api_rate: u32,
}

/// Ends when the flag is up; also when nobody can raise it any more.
pub async fn raised(flag: &mut watch::Receiver<bool>) {
    let _ = flag.wait_for(|up| *up).await;
}

/// What all handlers share; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

impl AppState {
    /// Puts the parts together.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Whether the server is asked to stop.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }
}

impl Deref for AppState {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.assets.options.clone()
    }
}
