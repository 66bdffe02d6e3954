//! The worker that carries queued mail to the mail server, at least once (F5, F6).
//!
//! Who forgot a password is looked up here too, and not while they wait for the answer: how long that
//! takes must not tell whether an address has an account (rule 12).
//!
//! It claims under a lease, sends outside any transaction, and writes the outcome down only while
//! it still holds the lease. A duplicate is possible only between sending and writing down; it has
//! the same Message-ID and the same link.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::WorkspaceId;
use tokio::{sync::watch, task::JoinSet};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    Rolecall,
    events::{Event, Topic},
    mail::SmtpMailer,
    service::account::reset,
    store::{Claimed, MailOutcome, StoreError},
};

/// How long a worker may hold a mail: longer than all time limits of one delivery together.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Mails in flight at the same time.
const AT_ONCE: i64 = 8;
/// How long the worker sleeps when nothing is due and no news arrive.
const POLL: Duration = Duration::from_secs(2);
/// The first wait after a temporary failure; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(2);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);
/// Tried for this long, then given up where people can see it.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(2);

/// The mail that is not sent yet, nor given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: u64,
    /// How long the oldest has waited; zero when there is none.
    pub oldest: TimeDelta,
}

/// How much mail waits, on all instances together.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub async fn waiting(app: &Rolecall) -> Result<Waiting, StoreError> {
    let (count, oldest) = app.store().read().await?.mails_waiting().await?;
    let age = oldest.map_or(TimeDelta::zero(), |oldest| app.clock().now() - oldest);
    Ok(Waiting {
        count: count.try_into().unwrap_or(0),
        oldest: age.max(TimeDelta::zero()),
    })
}

/// Carries mail until told to stop.
pub struct Worker {
    app: Rolecall,
    mailer: SmtpMailer,
}

impl Worker {
    /// A worker with its mail server.
    pub fn new(app: Rolecall, mailer: SmtpMailer) -> Self {
        Self { app, mailer }
    }

    /// Runs until `shutdown` is true; mails in flight are finished first, and the rest stays queued.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let mut news = self.app.events().subscribe();
        while !*shutdown.borrow() {
            match self.round().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::error!(%error, "the outbox could not be read"),
            }
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                _ = news.recv() => {}
                _ = shutdown.changed() => {}
            }
        }
    }

    /// Looks up who forgot a password, then takes and carries what is due; gives how much that was.
    pub async fn round(&self) -> Result<usize, StoreError> {
        let now = self.app.clock().now();
        let answered = reset::answer(&self.app, now).await?;
        if self
            .app
            .store()
            .read()
            .await?
            .next_mail_due()
            .await?
            .is_none_or(|due| due > now)
        {
            return Ok(answered);
        }
        let lease: Uuid = self.app.random().id(now);
        let mut tx = self.app.store().write().await?;
        let claimed = tx.claim_mail(now, LEASE, lease, AT_ONCE).await?;
        tx.commit_housekeeping().await?;
        let count = claimed.len();
        let mut running = JoinSet::new();
        for mail in claimed {
            let (app, mailer) = (self.app.clone(), self.mailer.clone());
            let span = tracing::info_span!("mail", mail = %mail.id);
            running.spawn(async move { carry(&app, &mailer, mail).await }.instrument(span));
        }
        while let Some(done) = running.join_next().await {
            if let Ok(Err(error)) = done {
                tracing::error!(%error, "the outcome of a mail could not be written down; it will be sent again");
            }
        }
        Ok(answered + count)
    }
}

async fn carry(app: &Rolecall, mailer: &SmtpMailer, mail: Claimed) -> Result<(), StoreError> {
    let outcome = attempt(app, mailer, &mail).await?;
    let now = app.clock().now();
    match &outcome {
        MailOutcome::Failed { reason } => {
            tracing::warn!(reason, "a mail was given up");
        }
        MailOutcome::Retry { reason, .. } => {
            tracing::info!(reason, "a mail will be tried again");
        }
        MailOutcome::Sent | MailOutcome::Dropped => {}
    }
    let mut tx = app.store().write().await?;
    if !tx.complete_mail(now, &mail, &outcome).await? {
        tracing::warn!("the lease of a mail ended before it was sent");
    }
    match mail.workspace_id {
        Some(id) => {
            let event = Event {
                workspace: WorkspaceId(id),
                topic: Topic::Invitations,
            };
            app.store().commit_and_tell(tx, event).await
        }
        None => tx.commit_housekeeping().await,
    }
}

async fn attempt(
    app: &Rolecall,
    mailer: &SmtpMailer,
    mail: &Claimed,
) -> Result<MailOutcome, StoreError> {
    let now = app.clock().now();
    if let Some(link) = &mail.link_hash {
        let mut tx = app.store().write().await?;
        if !tx.link_is_live(link, now).await? {
            return Ok(MailOutcome::Dropped);
        }
    }
    let (Some(sealed), Some(from)) = (&mail.sealed, app.mail_from()) else {
        return Ok(MailOutcome::Failed {
            reason: "The mail has no content any more.".into(),
        });
    };
    let Ok(message) = app.keys().open(mail.id.as_bytes(), sealed) else {
        let reason = "The mail was sealed with another secret file. Resend the invitation.".into();
        return Ok(MailOutcome::Failed { reason });
    };
    Ok(
        match mailer
            .send_raw(from.address(), &mail.recipient, &message)
            .await
        {
            Ok(()) => MailOutcome::Sent,
            Err(error) if error.is_permanent() => MailOutcome::Failed {
                reason: error.reason().to_owned(),
            },
            Err(error) => later(app, mail, now, error.reason().to_owned()),
        },
    )
}

fn later(app: &Rolecall, mail: &Claimed, now: DateTime<Utc>, reason: String) -> MailOutcome {
    if now - mail.created_at > GIVE_UP_AFTER {
        return MailOutcome::Failed { reason };
    }
    let doublings = u32::try_from(mail.attempts - 1).unwrap_or(0).min(16);
    let wait = (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT);
    // Up to a quarter more, so that a mail server that comes back is not met by everybody at once.
    let quarter = u32::try_from(wait.num_milliseconds() / 4).unwrap_or(0);
    let jitter = TimeDelta::milliseconds(i64::from(app.random().below(quarter.max(1))));
    MailOutcome::Retry {
        at: now + wait + jitter,
        reason,
    }
}
