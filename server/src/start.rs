//! From a configuration to services that run: secret, templates, database, mail.

use std::path::Path;

use rolecall_backend::{
    Options, Rolecall,
    clock::Clock,
    random::Random,
    service::{roles, setup},
    store::{Store, StoreError},
    templates::Templates,
};

use crate::{
    config::{Config, DatabaseUrl, Key, Mistake, Mistakes, PublicUrl},
    private,
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
    let is_new = !config.secret_file.exists();
    let keys = Secret::load_or_create(&config.secret_file, &random)?.keys();
    let store = store(config).await?;
    let rolecall = Rolecall::new(Options {
        store,
        templates,
        keys,
        clock: Clock::system(),
        random,
        public_url: public_url.origin().to_owned(),
        mail: config.mail.as_ref().map(|mail| mail.from.clone()),
    });
    roles::begin_reviews(&rolecall)
        .await
        .map_err(|failure| StartError::Service(failure.to_api("start").message))?;
    if is_new && setup::needed(&rolecall).await.is_ok_and(|needed| !needed) {
        tracing::warn!(
            "a new secret was made in {}, but the database was in use before: links in mails that were sent \
             do not work with it. Restore the file, or copy it from another instance",
            config.secret_file.display()
        );
    }
    Ok(rolecall)
}

/// Opens the database and brings it up to date.
pub async fn store(config: &Config) -> Result<Store, StartError> {
    if let DatabaseUrl::Sqlite(path) = &config.database {
        private::folder(path.parent().unwrap_or(Path::new(".")))
            .map_err(|message| Mistake::new(Key::DATABASE_URL.env(), message))?;
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
