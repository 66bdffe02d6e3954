//! API tokens. Only the hash of their text is kept (rule 43).

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    MemberId, ProjectId, TokenId, UserId, WorkspaceId,
    page::{Direction, Page},
    token::{DORMANT_DAYS, SOON_DAYS, TokenQuery, TokenStatus},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, StoreError, Tx, WorkspaceTx,
    keyset::{Cursor, Cut, push_cut},
    tx::{exec, sql},
};
use crate::authz::{Authorized, Standing, TeamManage, TokensManage};

/// A stored token.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TokenRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: TokenId,
    /// The membership that it acts for, which may have ended.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// What the person is called now.
    pub member_name: String,
    /// Their address now.
    pub member_email: String,
    /// Its name.
    pub name: String,
    /// The beginning of its text.
    pub hint: String,
    /// Names of the most it can do, separated by blanks; `None`: all that its member may do.
    pub permissions: Option<String>,
    project_id: Option<Uuid>,
    /// What its project was called when it was made; empty without one.
    pub project_name: String,
    /// Who created that project, if it is still there and they are a member.
    project_created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From which address.
    pub last_used_address: String,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Who did it, as they were called then.
    pub revoked_by: String,
    /// `revoked`, `removed`, `left` or `project_deleted`; empty for one that was not revoked.
    pub revoked_because: String,
}

impl TokenRecord {
    /// The only project it works in.
    pub fn project(&self) -> Option<ProjectId> {
        self.project_id.map(ProjectId)
    }

    /// Who created that project.
    pub fn project_created_by(&self) -> Option<MemberId> {
        self.project_created_by.map(MemberId)
    }

    /// What it is good for at `now`.
    pub fn status(&self, now: DateTime<Utc>) -> TokenStatus {
        let unused_since = self.last_used_at.unwrap_or(self.created_at);
        if self.revoked_at.is_some() {
            TokenStatus::Revoked
        } else if self.expires_at <= now {
            TokenStatus::Expired
        } else if self.expires_at <= now + TimeDelta::days(SOON_DAYS) {
            TokenStatus::ExpiresSoon
        } else if unused_since < now - TimeDelta::days(DORMANT_DAYS) {
            TokenStatus::Dormant
        } else {
            TokenStatus::Active
        }
    }
}

/// What a token that works is limited to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TokenScopeRecord {
    /// Names of the most it can do, separated by blanks; `None`: all that its member may do.
    pub permissions: Option<String>,
    project_id: Option<Uuid>,
    project_created_by: Option<Uuid>,
}

impl TokenScopeRecord {
    /// The only project it works in.
    pub fn project(&self) -> Option<ProjectId> {
        self.project_id.map(ProjectId)
    }

    /// Who created that project.
    pub fn project_created_by(&self) -> Option<MemberId> {
        self.project_created_by.map(MemberId)
    }
}

/// What a request with the text of a token finds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BearerRecord {
    /// The token.
    #[sqlx(try_from = "Uuid")]
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// The part of the address of that workspace.
    pub slug: String,
    /// The membership that it acts for.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// The person.
    #[sqlx(try_from = "Uuid")]
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// Their address.
    pub email: String,
    /// When the address was proven to be theirs.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token to be made.
pub struct NewToken<'a> {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: &'a str,
    /// The hash of its text.
    pub secret_hash: [u8; 32],
    /// The beginning of its text.
    pub hint: &'a str,
    /// Names of the most it can do, separated by blanks; `None`: all that its member may do.
    pub permissions: Option<String>,
    /// The only project it works in, and what that is called.
    pub project: Option<(ProjectId, &'a str)>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Why tokens end before their time.
#[derive(Clone, Copy, Debug)]
pub struct TokenEnd<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who does it.
    pub by: &'a str,
    /// `revoked`, `removed`, `left` or `project_deleted`.
    pub because: &'static str,
}

const COLUMNS: &str = "SELECT t.id, t.member_id, u.name AS member_name, u.email AS member_email, t.name, t.hint,
       t.permissions, t.project_id, t.project_name, p.created_by AS project_created_by, t.created_at,
       t.expires_at, t.last_used_at, t.last_used_address, t.revoked_at, t.revoked_by, t.revoked_because
     FROM tokens t JOIN users u ON u.id = t.user_id LEFT JOIN projects p ON p.id = t.project_id
     WHERE t.workspace_id = ";

/// Pushes ` AND …` so that only tokens with a status are left: the conditions of [`TokenRecord::status`].
macro_rules! push_status {
    ($q:expr, $status:expr, $now:expr) => {{
        let (now, soon, long_ago) = (
            $now,
            $now + TimeDelta::days(SOON_DAYS),
            $now - TimeDelta::days(DORMANT_DAYS),
        );
        let lasting = |q: &mut QueryBuilder<_>| {
            q.push(" AND t.revoked_at IS NULL AND t.expires_at > ")
                .push_bind(soon)
                .push(" AND COALESCE(t.last_used_at, t.created_at) ");
        };
        match $status {
            TokenStatus::Revoked => {
                $q.push(" AND t.revoked_at IS NOT NULL");
            }
            TokenStatus::Expired => {
                $q.push(" AND t.revoked_at IS NULL AND t.expires_at <= ")
                    .push_bind(now);
            }
            TokenStatus::ExpiresSoon => {
                $q.push(" AND t.revoked_at IS NULL AND t.expires_at > ")
                    .push_bind(now)
                    .push(" AND t.expires_at <= ")
                    .push_bind(soon);
            }
            TokenStatus::Dormant => {
                lasting(&mut $q);
                $q.push("< ").push_bind(long_ago);
            }
            TokenStatus::Active => {
                lasting(&mut $q);
                $q.push(">= ").push_bind(long_ago);
            }
        }
    }};
}

impl Db {
    /// What a token of a member is limited to, if it works at `now`: asked by the gate, in the very
    /// transaction in which the rights are read.
    pub(crate) async fn token_scope(
        &mut self,
        token: TokenId,
        workspace: WorkspaceId,
        member: MemberId,
        now: DateTime<Utc>,
    ) -> Result<Option<TokenScopeRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT t.permissions, t.project_id, p.created_by AS project_created_by
             FROM tokens t LEFT JOIN projects p ON p.id = t.project_id
             WHERE t.id = $1 AND t.workspace_id = $2 AND t.member_id = $3 AND t.revoked_at IS NULL
               AND t.expires_at > $4"
        )
        .bind(token.0)
        .bind(workspace.0)
        .bind(member.0)
        .bind(now)
        .fetch_optional(c))
    }

    /// The token with this hash, in a workspace that is there.
    pub(crate) async fn bearer(
        &mut self,
        secret_hash: &[u8; 32],
    ) -> Result<Option<BearerRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT t.id, t.name, t.workspace_id, w.slug, t.member_id, t.user_id, u.name AS user_name, u.email,
                    u.email_verified_at, t.expires_at, t.revoked_at, t.last_used_at
             FROM tokens t JOIN workspaces w ON w.id = t.workspace_id JOIN users u ON u.id = t.user_id
             WHERE t.secret_hash = $1 AND w.deleted_at IS NULL"
        )
        .bind(secret_hash.to_vec())
        .fetch_optional(c)
        })
    }

    /// One page of the caller's own tokens, the newest first.
    pub(crate) async fn own_tokens(
        &mut self,
        standing: &Standing,
        query: &TokenQuery,
        now: DateTime<Utc>,
    ) -> Result<Result<Page<TokenRecord>, BadCursor>, StoreError> {
        self.token_page(standing.workspace(), Some(standing.member()), query, now)
            .await
    }

    /// One page of the tokens of everybody in the proven workspace, the newest first.
    pub(crate) async fn all_tokens(
        &mut self,
        proof: &Authorized<TokensManage>,
        query: &TokenQuery,
        now: DateTime<Utc>,
    ) -> Result<Result<Page<TokenRecord>, BadCursor>, StoreError> {
        self.token_page(proof.workspace(), None, query, now).await
    }

    async fn token_page(
        &mut self,
        workspace: WorkspaceId,
        member: Option<MemberId>,
        query: &TokenQuery,
        now: DateTime<Utc>,
    ) -> Result<Result<Page<TokenRecord>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(query.cursor.as_deref(), true) {
            Ok(cursor) => Cut {
                cursor,
                direction: Direction::Down,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        let rows: Vec<TokenRecord> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(COLUMNS);
            q.push_bind(workspace.0);
            if let Some(member) = member {
                q.push(" AND t.member_id = ").push_bind(member.0);
            }
            if let Some(status) = query.status {
                push_status!(q, status, now);
            }
            push_cut!(q, &cut, "t.created_at", "t.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(Ok(cut.page(rows, |row| (row.created_at.into(), row.id.0))))
    }

    /// One token of a workspace; a foreign id is as unknown as a made-up one.
    pub(crate) async fn token(
        &mut self,
        workspace: WorkspaceId,
        id: TokenId,
    ) -> Result<Option<TokenRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(COLUMNS);
            q.push_bind(workspace.0)
                .push(" AND t.id = ")
                .push_bind(id.0);
            q.build_query_as()
                .fetch_optional(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// The tokens of a member of a workspace that work at `now`, the newest first.
    pub(crate) async fn working_tokens(
        &mut self,
        workspace: WorkspaceId,
        member: MemberId,
        now: DateTime<Utc>,
    ) -> Result<Vec<TokenRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(COLUMNS);
            q.push_bind(workspace.0)
                .push(" AND t.member_id = ")
                .push_bind(member.0)
                .push(" AND t.revoked_at IS NULL AND t.expires_at > ")
                .push_bind(now)
                .push(" ORDER BY t.created_at DESC, t.id DESC");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// All tokens of a workspace that work at `now`: whose each is, and the names of the most it can do.
    pub(crate) async fn working_scopes(
        &mut self,
        proof: &Authorized<TeamManage>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(MemberId, Option<String>)>, StoreError> {
        let rows: Vec<(Uuid, Option<String>)> = sql!(self, |c| sqlx::query_as(
            "SELECT member_id, permissions FROM tokens
             WHERE workspace_id = $1 AND revoked_at IS NULL AND expires_at > $2"
        )
        .bind(proof.workspace().0)
        .bind(now)
        .fetch_all(c))?;
        Ok(rows
            .into_iter()
            .map(|(id, names)| (MemberId(id), names))
            .collect())
    }
}

impl WorkspaceTx {
    /// Adds a token of the proven caller.
    pub(crate) async fn insert_token(
        &mut self,
        proof: &Authorized<TokensManage>,
        now: DateTime<Utc>,
        new: &NewToken<'_>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO tokens (id, workspace_id, member_id, user_id, name, secret_hash, hint, permissions,
                   project_id, project_name, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            )
            .bind(new.id.0)
            .bind(proof.workspace().0)
            .bind(proof.member().0)
            .bind(proof.caller().session.user.0)
            .bind(new.name)
            .bind(new.secret_hash.to_vec())
            .bind(new.hint)
            .bind(new.permissions.as_deref())
            .bind(new.project.map(|(id, _)| id.0))
            .bind(new.project.map_or("", |(_, name)| name))
            .bind(now)
            .bind(new.expires_at)
        )
        .map(drop)
    }

    /// Revokes a token of the locked workspace; false when it was revoked already. Never undone.
    pub(crate) async fn revoke_token(
        &mut self,
        token: TokenId,
        end: &TokenEnd<'_>,
    ) -> Result<bool, StoreError> {
        let workspace = self.workspace().id;
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE tokens SET revoked_at = $3, revoked_by = $4, revoked_because = $5
                 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL"
            )
            .bind(workspace.0)
            .bind(token.0)
            .bind(end.at)
            .bind(end.by)
            .bind(end.because)
        )?;
        Ok(done == 1)
    }

    /// Revokes all tokens of a member who goes, also those that expired; gives the names of those that
    /// still worked.
    pub(crate) async fn revoke_tokens_of(
        &mut self,
        member: MemberId,
        end: &TokenEnd<'_>,
    ) -> Result<Vec<String>, StoreError> {
        self.revoke_tokens("member_id", member.0, end).await
    }

    /// The same for the tokens of a project that goes.
    pub(crate) async fn revoke_tokens_in(
        &mut self,
        project: ProjectId,
        end: &TokenEnd<'_>,
    ) -> Result<Vec<String>, StoreError> {
        self.revoke_tokens("project_id", project.0, end).await
    }

    async fn revoke_tokens(
        &mut self,
        column: &'static str,
        id: Uuid,
        end: &TokenEnd<'_>,
    ) -> Result<Vec<String>, StoreError> {
        let workspace = self.workspace().id;
        let mut revoked: Vec<(String, DateTime<Utc>)> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new("UPDATE tokens SET revoked_at = ");
            q.push_bind(end.at)
                .push(", revoked_by = ")
                .push_bind(end.by.to_owned())
                .push(", revoked_because = ")
                .push_bind(end.because)
                .push(" WHERE revoked_at IS NULL AND workspace_id = ")
                .push_bind(workspace.0)
                .push(format_args!(" AND {column} = "))
                .push_bind(id)
                .push(" RETURNING name, expires_at");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        revoked.retain(|(_, expires_at)| *expires_at > end.at);
        revoked.sort();
        Ok(revoked.into_iter().map(|(name, _)| name).collect())
    }
}

impl Tx {
    /// Notes that a token was used.
    pub(crate) async fn see_token(
        &mut self,
        token: TokenId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE tokens SET last_used_at = $2, last_used_address = $3
                 WHERE id = $1 AND revoked_at IS NULL"
            )
            .bind(token.0)
            .bind(now)
            .bind(address)
        )
        .map(drop)
    }

    /// Deletes tokens that ended before `oldest`.
    pub(crate) async fn sweep_tokens(&mut self, oldest: DateTime<Utc>) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM tokens WHERE revoked_at < $1").bind(oldest)
        )?;
        exec!(
            self,
            sqlx::query("DELETE FROM tokens WHERE revoked_at IS NULL AND expires_at < $1")
                .bind(oldest)
        )
        .map(drop)
    }
}
