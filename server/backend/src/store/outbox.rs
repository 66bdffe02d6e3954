//! Mail that waits to be sent: written with the change it tells of, taken by a worker with a lease.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{InvitationId, WorkspaceId};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Db, StoreError, Tx,
    tx::{exec, sql},
};

/// A mail to be queued.
pub struct NewMail {
    /// Its id; the Message-ID is made from it.
    pub id: Uuid,
    /// The workspace it is about; `None`: somebody's account.
    pub workspace: Option<WorkspaceId>,
    /// The invitation it is about.
    pub invitation: Option<InvitationId>,
    /// The link that the mail leads to or helps with: when it is dead at sending time, the mail is dropped.
    pub link_hash: Option<[u8; 32]>,
    /// What kind of mail.
    pub kind: &'static str,
    /// The address.
    pub recipient: String,
    /// The rendered message, sealed.
    pub sealed: Vec<u8>,
}

/// A mail that a worker holds the lease of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claimed {
    /// Its id.
    pub id: Uuid,
    /// The workspace it is about.
    pub workspace_id: Option<Uuid>,
    /// The address.
    pub recipient: String,
    /// The rendered message, sealed.
    pub sealed: Option<Vec<u8>>,
    /// The link that the mail leads to or helps with.
    pub link_hash: Option<Vec<u8>>,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// The lease: completing needs it.
    pub lease: Option<Uuid>,
}

/// What became of a claimed mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailOutcome {
    /// The mail server took it.
    Sent,
    /// Try again at this moment.
    Retry {
        /// When.
        at: DateTime<Utc>,
        /// What went wrong.
        reason: String,
    },
    /// Given up.
    Failed {
        /// What went wrong.
        reason: String,
    },
    /// What it told of ended first.
    Dropped,
}

/// A mail of an invitation, for the console.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OutboxRecord {
    /// The invitation.
    #[sqlx(try_from = "Uuid")]
    pub invitation_id: InvitationId,
    /// `invitation` or `code`.
    pub kind: String,
    /// The address.
    pub recipient: String,
    /// `queued`, `sent`, `failed` or `dropped`.
    pub status: String,
    /// How often sending was tried.
    pub attempts: i64,
    /// When the next try is due.
    pub due_at: DateTime<Utc>,
    /// What the mail server answered last.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Db {
    /// The invitation mails of some invitations, oldest first.
    pub(crate) async fn mails_of(
        &mut self,
        invitations: &[InvitationId],
    ) -> Result<Vec<OutboxRecord>, StoreError> {
        if invitations.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT invitation_id, kind, recipient, status, attempts, due_at, last_error, created_at, sent_at
                 FROM outbox WHERE kind IN ('invitation', 'code') AND invitation_id IN (",
            );
            let mut ids = q.separated(", ");
            for invitation in invitations {
                ids.push_bind(invitation.0);
            }
            q.push(") ORDER BY created_at, id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// How many mails are queued, and when the oldest of them was.
    pub(crate) async fn mails_waiting(
        &mut self,
    ) -> Result<(i64, Option<DateTime<Utc>>), StoreError> {
        let count: i64 = sql!(self, |c| sqlx::query_scalar(
            "SELECT COUNT(*) FROM outbox WHERE status = 'queued'"
        )
        .fetch_one(c))?;
        let oldest = sql!(self, |c| sqlx::query_scalar(
            "SELECT created_at FROM outbox WHERE status = 'queued' ORDER BY created_at LIMIT 1"
        )
        .fetch_optional(c))?;
        Ok((count, oldest))
    }

    /// When the next queued mail is due.
    pub(crate) async fn next_mail_due(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT due_at FROM outbox WHERE status = 'queued' ORDER BY due_at LIMIT 1"
        )
        .fetch_optional(c))
    }
}

impl Db {
    /// Queues a mail in the transaction of what it tells of (F5).
    pub(crate) async fn queue_mail(
        &mut self,
        now: DateTime<Utc>,
        mail: &NewMail,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO outbox (id, workspace_id, invitation_id, link_hash, kind, recipient, sealed, status,
                   attempts, due_at, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 0, $8, $8)"
            )
            .bind(mail.id)
            .bind(mail.workspace.map(|id| id.0))
            .bind(mail.invitation.map(|i| i.0))
            .bind(mail.link_hash.map(|h| h.to_vec()))
            .bind(mail.kind)
            .bind(&mail.recipient)
            .bind(&mail.sealed)
            .bind(now)
        )
        .map(drop)
    }
}

impl Tx {
    /// Takes up to `limit` due mails under a lease that ends at `now + hold`. A mail whose lease
    /// ended is taken again: its worker died (F5). Writers wait for each other on SQLite; on
    /// PostgreSQL, rows that another worker is just taking are passed over.
    pub(crate) async fn claim_mail(
        &mut self,
        now: DateTime<Utc>,
        hold: TimeDelta,
        lease: Uuid,
        limit: i64,
    ) -> Result<Vec<Claimed>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q =
                QueryBuilder::<Kind>::new("UPDATE outbox SET attempts = attempts + 1, lease = ");
            q.push_bind(lease)
                .push(", lease_until = ")
                .push_bind(now + hold);
            q.push(" WHERE id IN (SELECT id FROM outbox WHERE status = 'queued' AND due_at <= ")
                .push_bind(now);
            q.push(" AND (lease_until IS NULL OR lease_until <= ")
                .push_bind(now);
            q.push(") ORDER BY due_at LIMIT ").push_bind(limit);
            q.push(skip_locked::<Kind>());
            q.push(") RETURNING id, workspace_id, recipient, sealed, link_hash, attempts, created_at, lease");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// Writes down what became of a claimed mail; false when the lease was lost meanwhile. A mail
    /// that is over keeps no body (F7).
    pub(crate) async fn complete_mail(
        &mut self,
        now: DateTime<Utc>,
        mail: &Claimed,
        outcome: &MailOutcome,
    ) -> Result<bool, StoreError> {
        let (status, due, reason, sent) = match outcome {
            MailOutcome::Sent => ("sent", now, None, Some(now)),
            MailOutcome::Retry { at, reason } => ("queued", *at, Some(reason), None),
            MailOutcome::Failed { reason } => ("failed", now, Some(reason), None),
            MailOutcome::Dropped => ("dropped", now, None, None),
        };
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE outbox SET status = $3, due_at = $4, last_error = $5, sent_at = $6, lease = NULL,
                   lease_until = NULL, sealed = CASE WHEN $3 = 'queued' THEN sealed ELSE NULL END
                 WHERE id = $1 AND lease = $2 AND status = 'queued'"
            )
            .bind(mail.id)
            .bind(mail.lease)
            .bind(status)
            .bind(due)
            .bind(reason)
            .bind(sent)
        )?;
        Ok(done == 1)
    }
}

/// The only database-specific word of the claim.
fn skip_locked<Kind: sqlx::Database>() -> &'static str {
    if Kind::NAME == "PostgreSQL" {
        " FOR UPDATE SKIP LOCKED"
    } else {
        ""
    }
}
