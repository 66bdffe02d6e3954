//! From a configuration to services that run: secret, templates, database, mail.

use std::path::Path;

use rolecall_backend::{
    Options, Rolecall,
    clock::Clock,
    random::Random,
    store::{Store, StoreError},
    templates::Templates,
};

use crate::{
    config::{Config, DatabaseUrl, Key, Mistake, Mistakes, PublicUrl},
    secret::Secret,
};

/// Why Rolecall can not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error("{0}")]
    Config(#[from] Mistakes),
    /// The database can not be opened or brought up to date.
    #[error("DATABASE_URL: {0}")]
    Store(#[from] StoreError),
    /// The address can not be listened on.
    #[error("ROLECALL_ADDR: can not listen on {addr}: {cause}. Is another program there already?")]
    Listen {
        /// The address.
        addr: std::net::SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The system refuses something else, such as its signals.
    #[error("the operating system refused: {0}")]
    System(#[from] std::io::Error),
    /// A mistake of ours.
    #[error("{0}")]
    Router(#[from] crate::router::NotPost),
    /// A service failed while starting.
    #[error("{0}")]
    Service(String),
}

impl From<Mistake> for StartError {
    fn from(mistake: Mistake) -> Self {
        Self::Config(mistake.into())
    }
}

/// Opens everything and brings the database up to date.
pub async fn open(config: &Config, public_url: &PublicUrl) -> Result<Rolecall, StartError> {
    let random = Random::system();
    let templates = templates(config)?;
    let keys = Secret::load_or_create(&config.secret_file, &random)?.keys();
    let store = store(config).await?;
    Ok(Rolecall::new(Options {
        store,
        templates,
        keys,
        clock: Clock::system(),
        random,
        public_url: public_url.origin().to_owned(),
        mail: config.mail.as_ref().map(|mail| mail.from.clone()),
    }))
}

/// Opens the database and brings it up to date.
pub async fn store(config: &Config) -> Result<Store, StartError> {
    if let DatabaseUrl::Sqlite(path) = &config.database {
        make_private_folder(path.parent().unwrap_or(Path::new(".")))?;
    }
    let store = Store::connect(&config.database.url()).await?;
    store.migrate().await?;
    Ok(store)
}

/// All templates, or every mistake in the operator's.
pub fn templates(config: &Config) -> Result<Templates, Mistakes> {
    Templates::load(config.templates_dir.as_deref()).map_err(|errors| {
        let mistake = |error: &dyn std::fmt::Display| {
            Mistake::new(Key::TEMPLATES_DIR.env(), error.to_string())
        };
        Mistakes(errors.iter().map(|error| mistake(error)).collect())
    })
}

/// The data is nobody's business but the owner's of the process. A folder that exists stays as it is.
fn make_private_folder(path: &Path) -> Result<(), Mistake> {
    use std::os::unix::fs::DirBuilderExt as _;
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| {
            Mistake::new(
                Key::DATA_DIR.env(),
                format!("The folder {} can not be made: {error}.", path.display()),
            )
        })
}
