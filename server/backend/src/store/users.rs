//! People who can sign in.

use chrono::{DateTime, Utc};
use rolecall_shared::UserId;
use uuid::Uuid;

use super::{
    Channel, Db, LinkRecord, StoreError, Tx, WorkspaceTx,
    dialect::storable,
    tx::{exec, sql},
};

/// A stored person.
#[derive(Clone, sqlx::FromRow)]
pub struct UserRecord {
    /// Their id.
    #[sqlx(try_from = "Uuid")]
    pub id: UserId,
    /// Their address as typed.
    pub email: String,
    /// Its normal form.
    pub email_norm: String,
    /// When the address was proven to be theirs.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// Their name.
    pub name: String,
    /// The Argon2id hash in PHC form; `None` for people who sign in elsewhere.
    pub password_hash: Option<String>,
    /// When they last signed in; `None`: never.
    pub last_signed_in_at: Option<DateTime<Utc>>,
}

/// A person to be created: only by set-up, the command line or acceptance.
pub struct NewUser<'a> {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: &'a rolecall_shared::email::EmailAddress,
    /// Whether the address was proven to be theirs.
    pub verified: bool,
    /// Their name.
    pub name: &'a str,
    /// The Argon2id hash in PHC form.
    pub password_hash: &'a str,
}

impl Db {
    /// The person with this normalised address.
    pub(crate) async fn user_by_email(
        &mut self,
        norm: &str,
    ) -> Result<Option<UserRecord>, StoreError> {
        if !storable(norm) {
            return Ok(None);
        }
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, email, email_norm, email_verified_at, name, password_hash, last_signed_in_at
             FROM users WHERE email_norm = $1"
        )
        .bind(norm)
        .fetch_optional(c)
        })
    }

    /// A person by id.
    pub(crate) async fn user(&mut self, id: UserId) -> Result<Option<UserRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, email, email_norm, email_verified_at, name, password_hash, last_signed_in_at
             FROM users WHERE id = $1"
        )
        .bind(id.0)
        .fetch_optional(c)
        })
    }

    /// Whether nobody has an account yet.
    pub(crate) async fn has_no_users(&mut self) -> Result<bool, StoreError> {
        let found: Option<i64> = sql!(self, |c| sqlx::query_scalar(
            "SELECT CAST(1 AS BIGINT) FROM users LIMIT 1"
        )
        .fetch_optional(c))?;
        Ok(found.is_none())
    }

    async fn insert_user_row(
        &mut self,
        now: DateTime<Utc>,
        user: &NewUser<'_>,
    ) -> Result<(), StoreError> {
        let verified_at = user.verified.then_some(now);
        exec!(
            self,
            sqlx::query(
                "INSERT INTO users (id, email, email_norm, email_verified_at, name, password_hash, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"
            )
            .bind(user.id.0)
            .bind(user.email.raw())
            .bind(user.email.normal())
            .bind(verified_at)
            .bind(user.name)
            .bind(user.password_hash)
            .bind(now)
        )
        .map(drop)
    }
}

impl Tx {
    /// Creates a person outside any workspace: the first run and the demo.
    pub(crate) async fn insert_user(
        &mut self,
        now: DateTime<Utc>,
        user: &NewUser<'_>,
    ) -> Result<(), StoreError> {
        self.insert_user_row(now, user).await
    }

    /// Replaces a hash made with older parameters (rule 11).
    pub(crate) async fn replace_password_hash(
        &mut self,
        user: UserId,
        hash: &str,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
                .bind(user.0)
                .bind(hash)
        )
        .map(drop)
    }
}

impl WorkspaceTx {
    /// Creates the person who accepts an invitation.
    pub(crate) async fn insert_user(
        &mut self,
        now: DateTime<Utc>,
        user: &NewUser<'_>,
    ) -> Result<(), StoreError> {
        self.insert_user_row(now, user).await
    }

    /// Notes that the address was proven to be theirs, if the link came by mail; true then.
    pub(crate) async fn verify_user_by(
        &mut self,
        link: &LinkRecord,
        now: DateTime<Utc>,
        user: UserId,
    ) -> Result<bool, StoreError> {
        if link.channel() != Channel::Mail {
            return Ok(false);
        }
        exec!(
            self,
            sqlx::query("UPDATE users SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL")
                .bind(user.0)
                .bind(now)
        )?;
        Ok(true)
    }
}
