//! Work beside the requests: sending mail, tidying up, and passing on news of other instances.

use std::time::Duration;

use rolecall_backend::{Rolecall, outbox, service::audit, sweeper};
use tokio::{sync::watch, task::JoinHandle};

use crate::{config::Config, state::raised};

/// A pause before listening again after the connection for news was lost.
const NEWS_PAUSE: Duration = Duration::from_secs(2);

/// Everything that runs until the server stops.
pub struct Workers(Vec<JoinHandle<()>>);

impl Workers {
    /// Starts them. Each ends by itself once `stopping` is true, and gives back what it has claimed.
    pub fn start(config: &Config, rolecall: &Rolecall, stopping: &watch::Receiver<bool>) -> Self {
        let mut tasks = vec![
            tokio::spawn(sweeper::run(rolecall.clone(), stopping.clone())),
            tokio::spawn(news(rolecall.clone(), stopping.clone())),
            tokio::spawn(audit::write_checkpoints(
                rolecall.clone(),
                config.audit_checkpoints.clone(),
                stopping.clone(),
            )),
        ];
        if let Some(mail) = &config.mail {
            let worker = outbox::Worker::new(rolecall.clone(), mail.server.clone());
            let stopping = stopping.clone();
            tasks.push(tokio::spawn(async move { worker.run(stopping).await }));
        }
        Self(tasks)
    }

    /// Waits until all have ended.
    pub async fn join(self) {
        for task in self.0 {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task failed");
            }
        }
    }
}

/// Listens to other instances, again and again; ends at once on SQLite, where there are none.
async fn news(rolecall: Rolecall, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = raised(&mut stopping) => return,
            ended = rolecall.store().relay_news() => match ended {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "news of other instances are late: the database can not be heard"),
            },
        }
        tokio::time::sleep(NEWS_PAUSE).await;
    }
}
