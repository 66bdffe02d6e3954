//! What people change about their own account, and the links that are mailed for it. The store takes
//! the person from their session or from the row of the link, never from an argument of theirs.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    SessionId, UserId, WorkspaceId, email::EmailAddress, invitation::InvitationStatus,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Actor, Db, Entry, StoreError, Target, Tx, UserRecord,
    tx::{exec, sql},
};

/// What a link about an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Choosing a new password in place of a forgotten one (rule 15).
    Password,
    /// Confirming another address (rule 16).
    Email,
}

impl LinkKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Email => "email",
        }
    }
}

/// A link that waits.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountLinkRecord {
    /// Whose account.
    #[sqlx(try_from = "Uuid")]
    pub user_id: UserId,
    /// The address it was sent to.
    pub email: String,
    session_id: Option<Uuid>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

impl AccountLinkRecord {
    /// The session that asked for it.
    pub fn session(&self) -> Option<SessionId> {
        self.session_id.map(SessionId)
    }
}

/// A link to be made.
pub struct NewAccountLink<'a> {
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// Whose account.
    pub user: UserId,
    /// What for.
    pub kind: LinkKind,
    /// The address it is sent to.
    pub email: &'a str,
    /// The session that asked for it.
    pub session: Option<SessionId>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

impl Db {
    /// The link of this kind with this hash, while it works.
    pub(crate) async fn account_link(
        &mut self,
        kind: LinkKind,
        token_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<AccountLinkRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT user_id, email, session_id, expires_at FROM account_links
             WHERE token_hash = $1 AND kind = $2 AND expires_at > $3"
        )
        .bind(token_hash.to_vec())
        .bind(kind.name())
        .bind(now)
        .fetch_optional(c))
    }

    /// The link of this kind that waits for a person.
    pub(crate) async fn account_link_of(
        &mut self,
        kind: LinkKind,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Option<AccountLinkRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT user_id, email, session_id, expires_at FROM account_links
             WHERE user_id = $1 AND kind = $2 AND expires_at > $3"
        )
        .bind(user.0)
        .bind(kind.name())
        .bind(now)
        .fetch_optional(c))
    }

    /// The workspaces that a person belongs to, whatever their status there.
    pub(crate) async fn workspace_ids_of(
        &mut self,
        user: UserId,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let ids: Vec<Uuid> = sql!(self, |c| sqlx::query_scalar(
            "SELECT workspace_id FROM members WHERE user_id = $1 ORDER BY workspace_id"
        )
        .bind(user.0)
        .fetch_all(c))?;
        Ok(ids.into_iter().map(WorkspaceId).collect())
    }

    /// Whether somebody who forgot a password waits to be looked up.
    pub(crate) async fn password_request_waits(&mut self) -> Result<bool, StoreError> {
        let found: Option<i64> = sql!(self, |c| sqlx::query_scalar(
            "SELECT CAST(1 AS BIGINT) FROM password_requests LIMIT 1"
        )
        .fetch_optional(c))?;
        Ok(found.is_some())
    }

    /// Whether a person signed in from this place before; from here on they did.
    pub(crate) async fn sign_in_place(
        &mut self,
        user: UserId,
        place_hash: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let known = exec!(
            self,
            sqlx::query(
                "UPDATE sign_in_places SET seen_at = $3 WHERE user_id = $1 AND place_hash = $2"
            )
            .bind(user.0)
            .bind(place_hash.to_vec())
            .bind(now)
        )?;
        if known == 0 {
            exec!(
                self,
                sqlx::query(
                    "INSERT INTO sign_in_places (user_id, place_hash, seen_at) VALUES ($1, $2, $3)
                     ON CONFLICT (user_id, place_hash) DO NOTHING"
                )
                .bind(user.0)
                .bind(place_hash.to_vec())
                .bind(now)
            )?;
        }
        exec!(
            self,
            sqlx::query("UPDATE users SET last_signed_in_at = $2 WHERE id = $1")
                .bind(user.0)
                .bind(now)
        )?;
        Ok(known > 0)
    }
}

impl Tx {
    /// Makes a link; an older one of its kind for the same person stops working.
    pub(crate) async fn set_account_link(
        &mut self,
        now: DateTime<Utc>,
        new: &NewAccountLink<'_>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO account_links (token_hash, user_id, kind, email, session_id, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (user_id, kind) DO UPDATE SET token_hash = excluded.token_hash,
                   email = excluded.email, session_id = excluded.session_id, created_at = excluded.created_at,
                   expires_at = excluded.expires_at"
            )
            .bind(new.token_hash.to_vec())
            .bind(new.user.0)
            .bind(new.kind.name())
            .bind(new.email)
            .bind(new.session.map(|id| id.0))
            .bind(now)
            .bind(new.expires_at)
        )
        .map(drop)
    }

    /// Uses up a link; false when it was used, replaced or taken back first: one of two racers goes on.
    pub(crate) async fn use_account_link(
        &mut self,
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let used = exec!(
            self,
            sqlx::query("DELETE FROM account_links WHERE token_hash = $1")
                .bind(token_hash.to_vec())
        )?;
        Ok(used == 1)
    }

    /// Takes back the link of a kind that waits for a person; false when none waited.
    pub(crate) async fn take_account_link(
        &mut self,
        kind: LinkKind,
        user: UserId,
    ) -> Result<bool, StoreError> {
        let taken = exec!(
            self,
            sqlx::query("DELETE FROM account_links WHERE user_id = $1 AND kind = $2")
                .bind(user.0)
                .bind(kind.name())
        )?;
        Ok(taken == 1)
    }

    /// Takes back all links of a person.
    pub(crate) async fn take_account_links(&mut self, user: UserId) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM account_links WHERE user_id = $1").bind(user.0)
        )
        .map(drop)
    }

    /// Holds the row of a person until the transaction ends, and gives it as it is now: changes of
    /// one account happen one after the other.
    pub(crate) async fn lock_user(
        &mut self,
        user: UserId,
    ) -> Result<Option<UserRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "UPDATE users SET name = name WHERE id = $1
             RETURNING id, email, email_norm, email_verified_at, name, password_hash, last_signed_in_at"
        )
        .bind(user.0)
        .fetch_optional(c)
        })
    }

    /// Gives a person another name, here and in the lists of all their workspaces.
    pub(crate) async fn rename_user(&mut self, user: UserId, name: &str) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE users SET name = $2 WHERE id = $1")
                .bind(user.0)
                .bind(name)
        )?;
        exec!(
            self,
            sqlx::query("UPDATE members SET name_key = $2 WHERE user_id = $1")
                .bind(user.0)
                .bind(name.to_lowercase())
        )
        .map(drop)
    }

    /// Gives a person another address, which they have proven, here and in the lists of all their
    /// workspaces.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when somebody has it.
    pub(crate) async fn set_user_email(
        &mut self,
        user: UserId,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE users SET email = $2, email_norm = $3, email_verified_at = $4 WHERE id = $1"
            )
            .bind(user.0)
            .bind(email.raw())
            .bind(email.normal())
            .bind(now)
        )?;
        exec!(
            self,
            sqlx::query("UPDATE members SET email_key = $2 WHERE user_id = $1")
                .bind(user.0)
                .bind(email.normal())
        )
        .map(drop)
    }

    /// Notes that somebody proved their address, if that was not known yet.
    pub(crate) async fn verify_user(
        &mut self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE users SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL"
            )
            .bind(user.0)
            .bind(now)
        )
        .map(drop)
    }

    /// Ends the invitations that wait for an address, in every workspace: under the lock of each, and
    /// with a row in its trail. Gives the workspaces. Locks are taken in the order of ids and before
    /// any row of a person, as everywhere, so that nobody waits in a circle.
    pub(crate) async fn revoke_invitations_to(
        &mut self,
        now: DateTime<Utc>,
        actor: &Actor,
        email_norm: &str,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let waiting: Vec<Uuid> = sql!(self, |c| sqlx::query_scalar(
            "SELECT DISTINCT workspace_id FROM invitations
             WHERE status = 'pending' AND email_norm = $1 ORDER BY workspace_id"
        )
        .bind(email_norm)
        .fetch_all(c))?;
        let mut touched = Vec::new();
        for workspace in waiting.into_iter().map(WorkspaceId) {
            if self.lock_workspace(workspace).await?.is_none() {
                continue;
            }
            let ended: Vec<(Uuid, String, String)> = sql!(self, |c| sqlx::query_as(
                "UPDATE invitations SET status = $3, ended_at = $4, version = version + 1
                 WHERE workspace_id = $1 AND email_norm = $2 AND status = 'pending'
                 RETURNING id, email, role_name"
            )
            .bind(workspace.0)
            .bind(email_norm)
            .bind(InvitationStatus::Revoked.name())
            .bind(now)
            .fetch_all(c))?;
            let entries: Vec<Entry> = ended
                .into_iter()
                .map(|(id, email, role)| {
                    let detail = json!({ "role": role, "because": "address_given_up" });
                    Entry::new(
                        "invitation.revoked",
                        Target::new("invitation", id, email),
                        detail,
                    )
                })
                .collect();
            if !entries.is_empty() {
                self.record_in(workspace, now, actor, entries).await?;
                touched.push(workspace);
            }
        }
        Ok(touched)
    }

    /// Writes down that somebody forgot the password of an address, whether or not that is one of ours.
    pub(crate) async fn insert_password_request(
        &mut self,
        id: Uuid,
        email_norm: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO password_requests (id, email_norm, created_at) VALUES ($1, $2, $3)"
            )
            .bind(id)
            .bind(email_norm)
            .bind(now)
        )
        .map(drop)
    }

    /// Takes the oldest such request, to be looked up in this transaction: its address and moment.
    /// Two workers may see the same one; only one can take it.
    pub(crate) async fn take_password_request(
        &mut self,
    ) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "DELETE FROM password_requests WHERE id =
               (SELECT id FROM password_requests ORDER BY created_at, id LIMIT 1)
             RETURNING email_norm, created_at"
        )
        .fetch_optional(c))
    }

    /// Deletes links that ran out, and places where nobody signed in since `before`.
    pub(crate) async fn sweep_accounts(
        &mut self,
        now: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM account_links WHERE expires_at <= $1").bind(now)
        )?;
        exec!(
            self,
            sqlx::query("DELETE FROM sign_in_places WHERE seen_at <= $1").bind(before)
        )
        .map(drop)
    }
}
