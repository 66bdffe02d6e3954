//! The running server: from listening to the last answer before it stops (F4).

mod connections;
mod signals;
mod workers;

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    time::Duration,
};

use rolecall_backend::{
    Rolecall,
    service::{audit, setup},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use self::workers::Workers;
use crate::{
    assets::Assets,
    config::{AllowedHost, Config, Hidden, Key, PublicUrl},
    metrics::{self, Requests},
    rates::Rates,
    router,
    start::{self, StartError},
    state::{AppState, Shared},
    static_files,
    streams::Streams,
};

/// How long requests are still taken after `/readyz` has begun to refuse, so that a load balancer
/// can look elsewhere first.
const NOTICE: Duration = Duration::from_millis(500);
/// How long requests that have begun may take to end.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until the process is asked to stop.
pub async fn run(config: Config) -> Result<(), StartError> {
    let mut signals = signals::Signals::new()?;
    let listener = listen(Key::ADDR, config.addr).await?;
    let watched = match config.metrics_addr {
        Some(addr) => Some(listen(Key::METRICS_ADDR, addr).await?),
        None => None,
    };
    let addr = listener.local_addr()?;
    let public_url = config.public_url_at(addr)?;
    let rolecall = start::open(&config, &public_url).await?;

    let (stop, stopping) = watch::channel(false);
    let state = state(&config, rolecall.clone(), public_url, stopping.clone());
    let router = router::build(&state)?.router;
    let workers = Workers::start(&config, &rolecall, &stopping);
    announce(&state, addr, config.setup_code.as_ref()).await?;

    let (close, closing) = watch::channel(false);
    let numbers = watched
        .map(|listener| watch(listener, &state, closing.clone()))
        .transpose()?;
    let connections = tokio::spawn(connections::accept(listener, router, closing));
    signals.wait().await;
    tracing::info!(
        "stopping: requests that have begun may take {} seconds",
        DRAIN.as_secs()
    );
    // A receiver is held until the end of this function, so sending can not fail.
    let _ = stop.send(true);
    tokio::select! {
        () = tokio::time::sleep(NOTICE) => {}
        () = signals.wait() => {}
    }
    let _ = close.send(true);
    let finished = async {
        let _ = connections.await;
        if let Some(numbers) = numbers {
            let _ = numbers.await;
        }
        workers.join().await;
    };
    tokio::select! {
        () = finished => tracing::info!("stopped"),
        () = tokio::time::sleep(DRAIN) => tracing::warn!("stopped before every request had ended"),
        () = signals.wait() => tracing::warn!("stopped at once, as asked"),
    }
    // Of what the last requests wrote as well.
    let file = config.audit_checkpoints.as_deref();
    if let Err(failure) = audit::write_all(&rolecall, file).await {
        tracing::warn!(
            ?failure,
            "the last checkpoints of the audit trail are missing"
        );
    }
    rolecall.store().close().await;
    Ok(())
}

async fn listen(key: Key, addr: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(addr)
        .await
        .map_err(|cause| StartError::Listen {
            key: key.env(),
            addr,
            cause,
        })
}

/// Answers with numbers on their port, to the end: what the last requests cost is of interest too.
fn watch(
    listener: TcpListener,
    state: &AppState,
    closing: watch::Receiver<bool>,
) -> io::Result<JoinHandle<()>> {
    let addr = listener.local_addr()?;
    tracing::info!(
        "numbers for Prometheus are at http://{addr}{}",
        metrics::PATH
    );
    let router = metrics::router(state);
    Ok(tokio::spawn(connections::accept(listener, router, closing)))
}

/// What all handlers share.
pub fn state(
    config: &Config,
    rolecall: Rolecall,
    public_url: PublicUrl,
    stopping: watch::Receiver<bool>,
) -> AppState {
    let mut allowed_hosts = config.allowed_hosts.clone();
    allowed_hosts.extend(AllowedHost::exactly(&public_url));
    AppState::new(Shared {
        rolecall,
        public_url,
        allowed_hosts,
        trusted_proxies: config.trusted_proxies.clone(),
        assets: Assets::find(config),
        site_dir: config.site_dir.clone(),
        stopping,
        streams: Streams::default(),
        requests: config.metrics_addr.map(|_| Requests::default()),
        rates: Rates::default(),
        api_rate: config.api_rate,
    })
}

/// Tells the operator where to go. The code goes to standard output only, never through the log
/// filter, and is worth nothing once somebody has used it (rule 14).
async fn announce(
    state: &AppState,
    addr: SocketAddr,
    code: Option<&Hidden>,
) -> Result<(), StartError> {
    let origin = state.public_url.origin();
    let issued = setup::issue_code(&state.rolecall, code.map(Hidden::expose)).await;
    let code = issued.map_err(|failure| StartError::Service(failure.to_api("start").message))?;
    let text = greeting(origin, addr, code.as_deref());
    // Nobody may be reading; that is no reason to stop.
    let _ = io::stdout().write_all(text.as_bytes());
    if !static_files::is_built(&state.site_dir) {
        tracing::warn!(
            "there is no built site in {}: pages have no style and no scripts; set ROLECALL_SITE_DIR",
            state.site_dir.display()
        );
    }
    Ok(())
}

fn greeting(origin: &str, addr: SocketAddr, code: Option<&str>) -> String {
    let running = format!("\n  Rolecall is running at {origin} (listening on {addr})\n");
    let Some(code) = code else {
        return running + "\n";
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", code)
        .finish();
    format!(
        "{running}\n  Nobody has an account yet. Open this address to set it up:\n    {origin}/setup?{query}\n  \
         Set-up code: {code}\n\n"
    )
}
