//! Links and codes of invitations. A link found by its hash is the proof of whoever holds it.

use chrono::{DateTime, Utc};
use rolecall_shared::{InvitationId, WorkspaceId};
use uuid::Uuid;

use super::{
    Db, StoreError, WorkspaceTx,
    tx::{exec, sql},
};

/// How a link reached its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// By mail to the invited address: it proves the mailbox.
    Mail,
    /// Copied by a colleague: it proves nothing about the mailbox.
    Copy,
}

impl Channel {
    const fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Copy => "copy",
        }
    }

    fn parse(name: &str) -> Self {
        if name == Self::Mail.name() {
            Self::Mail
        } else {
            Self::Copy
        }
    }
}

/// A link that was made once, with the workspace whose lock its use needs.
#[derive(Clone, Debug)]
pub struct LinkRecord {
    token_hash: [u8; 32],
    invitation: InvitationId,
    workspace: WorkspaceId,
    channel: Channel,
    replaced_at: Option<DateTime<Utc>>,
}

impl LinkRecord {
    /// The hash it was found by.
    pub fn token_hash(&self) -> [u8; 32] {
        self.token_hash
    }

    /// The invitation it opens.
    pub fn invitation(&self) -> InvitationId {
        self.invitation
    }

    /// The workspace it leads to.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// How it reached its holder.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// When a newer link took its place.
    pub fn replaced_at(&self) -> Option<DateTime<Utc>> {
        self.replaced_at
    }
}

impl Db {
    /// The link with this hash.
    pub(crate) async fn link(
        &mut self,
        token_hash: &[u8; 32],
    ) -> Result<Option<LinkRecord>, StoreError> {
        let row: Option<(Uuid, Uuid, String, Option<DateTime<Utc>>)> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT l.invitation_id, i.workspace_id, l.channel, l.replaced_at
             FROM invitation_links l JOIN invitations i ON i.id = l.invitation_id WHERE l.token_hash = $1"
        )
        .bind(token_hash.to_vec())
        .fetch_optional(c)
        })?;
        Ok(
            row.map(|(invitation, workspace, channel, replaced_at)| LinkRecord {
                token_hash: *token_hash,
                invitation: InvitationId(invitation),
                workspace: WorkspaceId(workspace),
                channel: Channel::parse(&channel),
                replaced_at,
            }),
        )
    }

    /// The newest link of an invitation that works, among those that replace a link of the channel:
    /// its own channel, and whether a mail carries it that was not given up.
    pub(crate) async fn newest_link(
        &mut self,
        invitation: InvitationId,
        replacing: Channel,
    ) -> Result<Option<(Channel, bool)>, StoreError> {
        let replacing = match replacing {
            Channel::Mail => Channel::Mail.name(),
            Channel::Copy => "%",
        };
        let row: Option<(String, bool)> = sql!(self, |c| sqlx::query_as(
            "SELECT l.channel, EXISTS (SELECT 1 FROM outbox o
               WHERE o.invitation_id = l.invitation_id AND o.link_hash = l.token_hash
                 AND o.status NOT IN ('failed', 'dropped'))
             FROM invitation_links l
             WHERE l.invitation_id = $1 AND l.replaced_at IS NULL AND l.channel LIKE $2
             ORDER BY l.created_at DESC LIMIT 1"
        )
        .bind(invitation.0)
        .bind(replacing)
        .fetch_optional(c))?;
        Ok(row.map(|(channel, mailed)| (Channel::parse(&channel), mailed)))
    }

    /// The code that waits for an invitation: its hash, its end and how often it was tried.
    pub(crate) async fn code(
        &mut self,
        invitation: InvitationId,
    ) -> Result<Option<(Vec<u8>, DateTime<Utc>, i64)>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT code_hash, expires_at, attempts FROM invitation_codes WHERE invitation_id = $1"
        )
        .bind(invitation.0)
        .fetch_optional(c))
    }
}

impl WorkspaceTx {
    /// Adds a link and marks older ones of the same channel replaced; a mailed link replaces all.
    pub(crate) async fn insert_link(
        &mut self,
        now: DateTime<Utc>,
        invitation: InvitationId,
        token_hash: &[u8; 32],
        channel: Channel,
    ) -> Result<(), StoreError> {
        let replaced = match channel {
            Channel::Mail => "%",
            Channel::Copy => "copy",
        };
        exec!(
            self,
            sqlx::query(
                "UPDATE invitation_links SET replaced_at = $2
                 WHERE invitation_id = $1 AND replaced_at IS NULL AND channel LIKE $3"
            )
            .bind(invitation.0)
            .bind(now)
            .bind(replaced)
        )?;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO invitation_links (token_hash, invitation_id, channel, created_at)
                 VALUES ($1, $2, $3, $4)"
            )
            .bind(token_hash.to_vec())
            .bind(invitation.0)
            .bind(channel.name())
            .bind(now)
        )
        .map(drop)
    }

    /// Sets the code for an invitation, in place of an older one.
    pub(crate) async fn set_code(
        &mut self,
        invitation: InvitationId,
        code_hash: &[u8; 32],
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO invitation_codes (invitation_id, code_hash, expires_at, attempts) VALUES ($1, $2, $3, 0)
                 ON CONFLICT (invitation_id) DO UPDATE
                 SET code_hash = excluded.code_hash, expires_at = excluded.expires_at, attempts = 0"
            )
            .bind(invitation.0)
            .bind(code_hash.to_vec())
            .bind(expires_at)
        )
        .map(drop)
    }

    /// Counts a try of the code.
    pub(crate) async fn count_code_try(
        &mut self,
        invitation: InvitationId,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE invitation_codes SET attempts = attempts + 1 WHERE invitation_id = $1"
            )
            .bind(invitation.0)
        )
        .map(drop)
    }

    /// Forgets the code: it was used.
    pub(crate) async fn delete_code(&mut self, invitation: InvitationId) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM invitation_codes WHERE invitation_id = $1").bind(invitation.0)
        )
        .map(drop)
    }
}
