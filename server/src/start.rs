//! From a configuration to services that run: secret, templates, database, mail.

use std::path::Path;

use rolecall_backend::{
    Options, Rolecall,
    clock::Clock,
    random::Random,
    service::{
        roles,
        setup::{self, MissingTemplate},
    },
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
    #[error("{key}: can not listen on {addr}: {cause}. Is another program there already?")]
    Listen {
        /// The setting.
        key: &'static str,
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
    /// The audit trail is not whole; what is wrong was printed.
    #[error("the audit trail is damaged: {0}")]
    Damaged(String),
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
    all_templates_are_there(&rolecall).await?;
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

/// Refuses to serve workspaces whose template is gone: each of their pages would be an error.
async fn all_templates_are_there(rolecall: &Rolecall) -> Result<(), StartError> {
    let missing = setup::missing_templates(rolecall)
        .await
        .map_err(|failure| StartError::Service(failure.to_api("start").message))?;
    let mistakes: Vec<Mistake> = missing
        .into_iter()
        .map(|MissingTemplate { key, slugs }| {
            let more = if slugs.len() == setup::MOST_SLUGS {
                " and perhaps more"
            } else {
                ""
            };
            let message = format!(
                "The template “{key}” is not installed, but workspaces are made from it: {}{more}. \
                 Set this to the folder that holds the template, and put its file there if it was removed.",
                slugs.join(", ")
            );
            Mistake::new(Key::TEMPLATES_DIR.env(), message)
        })
        .collect();
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(Mistakes(mistakes).into())
    }
}

/// The configuration, or every mistake in it and in the files it points to, at once.
pub fn configuration(file: Option<&Path>) -> Result<Config, Mistakes> {
    let (config, mut mistakes) = Config::examine(file);
    if mistakes.is_empty()
        && let Err(wrong) = config.public_url_at(config.addr)
    {
        mistakes.push(wrong);
    }
    if let Err(wrong) = templates(&config) {
        mistakes.extend(wrong.0);
    }
    if let Err(wrong) = Secret::load(&config.secret_file) {
        mistakes.push(wrong);
    }
    if mistakes.is_empty() {
        Ok(config)
    } else {
        Err(Mistakes(mistakes))
    }
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
