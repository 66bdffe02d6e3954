//! Invitations: the list, and every edge of their state machine.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, InvitationId, MemberId, RoleId, WorkspaceId,
    email::EmailAddress,
    invitation::{InvitationQuery, InvitationSort, InvitationStatus},
    member::Named,
    page::Page,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, StoreError, Tx, WorkspaceTx,
    keyset::{Cursor, Cut, Key, contains_pattern, push_cut},
    tx::{exec, sql},
};
use crate::{
    authz::{Authorized, TeamView},
    clock::timestamp,
};

/// An invitation that has just been written down as expired.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExpiredRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: InvitationId,
    /// The invited address as typed.
    pub email: String,
    inviter_id: Option<Uuid>,
}

impl ExpiredRecord {
    /// The member who sent it; `None` when they are gone.
    pub fn inviter(&self) -> Option<MemberId> {
        self.inviter_id.map(MemberId)
    }
}

/// A stored invitation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InvitationRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: InvitationId,
    /// Its workspace.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// The invited address as typed.
    pub email: String,
    /// Its normal form.
    pub email_norm: String,
    /// The role it gives.
    #[sqlx(try_from = "Uuid")]
    pub role_id: RoleId,
    /// That role's name of then.
    pub role_name: String,
    /// As stored; ask [`InvitationRecord::status_at`].
    status: String,
    /// The personal line.
    pub note: Option<String>,
    /// How long it was meant to be valid.
    pub duration_seconds: i64,
    /// When the newest mail or link was made.
    pub sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it reached its final state.
    pub ended_at: Option<DateTime<Utc>>,
    inviter_id: Option<Uuid>,
    /// The inviter's name of then.
    pub inviter_name: String,
    /// The inviter's address of then.
    pub inviter_email: String,
    /// Goes up with every change.
    pub version: i64,
}

impl InvitationRecord {
    /// Where it is at `now`.
    pub fn status_at(&self, now: DateTime<Utc>) -> InvitationStatus {
        InvitationStatus::parse(&self.status)
            .unwrap_or(InvitationStatus::Revoked)
            .at(timestamp(now), timestamp(self.expires_at))
    }

    /// Who answers for it from a later form of it on, if that is somebody else: for the trail.
    pub(crate) fn answered_anew(&self, later: &Self) -> Option<String> {
        (self.inviter_id != later.inviter_id)
            .then(|| format!("{} <{}>", later.inviter_name, later.inviter_email))
    }

    /// The member who sent it, while they are one.
    pub fn inviter(&self) -> Option<MemberId> {
        self.inviter_id.map(MemberId)
    }
}

/// An invitation to be created.
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: InvitationId,
    /// The invited address.
    pub email: &'a EmailAddress,
    /// The role it gives.
    pub role: RoleId,
    /// The name of that role.
    pub role_name: &'a str,
    /// The personal line.
    pub note: Option<&'a str>,
    /// How long it is valid.
    pub duration_seconds: i64,
    /// Who sends it.
    pub inviter: MemberId,
    /// Their name.
    pub inviter_name: &'a str,
    /// Their address.
    pub inviter_email: &'a str,
}

const COLUMNS: &str =
    "id, workspace_id, email, email_norm, role_id, role_name, status, note, duration_seconds,
    sent_at, expires_at, ended_at, inviter_id, inviter_name, inviter_email, version";

fn sort_column(sort: InvitationSort) -> &'static str {
    match sort {
        InvitationSort::Sent => "sent_at",
        InvitationSort::Expires => "expires_at",
        InvitationSort::Email => "email_norm",
    }
}

impl Db {
    /// One page of the invitations of the proven workspace.
    pub(crate) async fn invitation_page(
        &mut self,
        proof: &Authorized<TeamView>,
        query: &InvitationQuery,
        now: DateTime<Utc>,
    ) -> Result<Result<Page<InvitationRecord>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(query.cursor.as_deref(), query.sort != InvitationSort::Email)
        {
            Ok(cursor) => Cut {
                cursor,
                direction: query.direction,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        let rows: Vec<InvitationRecord> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM invitations WHERE workspace_id = "
            ));
            q.push_bind(proof.workspace().0);
            if !query.search.trim().is_empty() {
                q.push(" AND email_norm LIKE ")
                    .push_bind(contains_pattern(&query.search))
                    .push(" ESCAPE '\\'");
            }
            if let Some(role) = query.role {
                q.push(" AND role_id = ").push_bind(role.0);
            }
            match query.status {
                None => {}
                Some(InvitationStatus::Pending) => {
                    q.push(" AND status = 'pending' AND expires_at > ")
                        .push_bind(now);
                }
                Some(InvitationStatus::Expired) => {
                    q.push(" AND (status = 'expired' OR (status = 'pending' AND expires_at <= ");
                    q.push_bind(now).push("))");
                }
                Some(status) => {
                    q.push(" AND status = ").push_bind(status.name());
                }
            }
            push_cut!(q, &cut, sort_column(query.sort), "id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        let page = cut.page(rows, |row| {
            let key = match query.sort {
                InvitationSort::Sent => row.sent_at.into(),
                InvitationSort::Expires => row.expires_at.into(),
                InvitationSort::Email => Key::Text(row.email_norm.clone()),
            };
            (key, row.id.0)
        });
        Ok(Ok(page))
    }

    /// One invitation of a workspace; a foreign id is as unknown as a made-up one.
    pub(crate) async fn invitation(
        &mut self,
        workspace: WorkspaceId,
        id: InvitationId,
    ) -> Result<Option<InvitationRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM invitations WHERE workspace_id = "
            ));
            q.push_bind(workspace.0).push(" AND id = ").push_bind(id.0);
            q.build_query_as()
                .fetch_optional(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// Pending invitations for these normalised addresses.
    pub(crate) async fn pending_by_email(
        &mut self,
        workspace: WorkspaceId,
        emails: &[&str],
    ) -> Result<Vec<InvitationRecord>, StoreError> {
        if emails.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM invitations WHERE status = 'pending' AND workspace_id = "
            ));
            q.push_bind(workspace.0).push(" AND email_norm IN (");
            let mut list = q.separated(", ");
            for email in emails {
                list.push_bind((*email).to_owned());
            }
            q.push(")");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// The invitations that a member sent and that can still be accepted, the oldest first.
    pub(crate) async fn pending_of_inviter(
        &mut self,
        workspace: WorkspaceId,
        inviter: MemberId,
        now: DateTime<Utc>,
    ) -> Result<Vec<InvitationRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(format!(
                "SELECT {COLUMNS} FROM invitations WHERE status = 'pending' AND workspace_id = "
            ));
            q.push_bind(workspace.0)
                .push(" AND inviter_id = ")
                .push_bind(inviter.0)
                .push(" AND expires_at > ")
                .push_bind(now)
                .push(" ORDER BY sent_at, id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// How many invitations of a workspace are pending.
    pub(crate) async fn pending_count(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        sql!(self, |c| {
            sqlx::query_scalar(
            "SELECT count(*) FROM invitations WHERE workspace_id = $1 AND status = 'pending' AND expires_at > $2"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_one(c)
        })
    }

    /// The groups that some invitations give, by name.
    pub(crate) async fn groups_of_invitations(
        &mut self,
        invitations: &[InvitationId],
    ) -> Result<Vec<(InvitationId, Named<GroupId>)>, StoreError> {
        if invitations.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(Uuid, Uuid, String)> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT ig.invitation_id, g.id, g.name FROM invitation_groups ig
                 JOIN acl_groups g ON g.id = ig.group_id WHERE ig.invitation_id IN (",
            );
            let mut ids = q.separated(", ");
            for invitation in invitations {
                ids.push_bind(invitation.0);
            }
            q.push(") ORDER BY g.name_norm");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(rows
            .into_iter()
            .map(|(invitation, id, name)| {
                (
                    InvitationId(invitation),
                    Named {
                        id: GroupId(id),
                        name,
                    },
                )
            })
            .collect())
    }

    /// Workspaces with invitations whose time is over but not written down yet.
    pub(crate) async fn workspaces_with_expired(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let rows: Vec<Uuid> = sql!(self, |c| {
            sqlx::query_scalar(
                "SELECT DISTINCT i.workspace_id FROM invitations i
             JOIN workspaces w ON w.id = i.workspace_id AND w.deleted_at IS NULL
             WHERE i.status = 'pending' AND i.expires_at <= $1",
            )
            .bind(now)
            .fetch_all(c)
        })?;
        Ok(rows.into_iter().map(WorkspaceId).collect())
    }
}

impl WorkspaceTx {
    /// Adds a pending invitation to the locked workspace.
    pub(crate) async fn insert_invitation(
        &mut self,
        now: DateTime<Utc>,
        new: &NewInvitation<'_>,
        groups: &[GroupId],
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO invitations (id, workspace_id, email, email_norm, role_id, role_name, status, note,
                   duration_seconds, sent_at, expires_at, inviter_id, inviter_name, inviter_email, version)
                 VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10, $11, $12, $13, 1)"
            )
            .bind(new.id.0)
            .bind(workspace.0)
            .bind(new.email.raw())
            .bind(new.email.normal())
            .bind(new.role.0)
            .bind(new.role_name)
            .bind(new.note)
            .bind(new.duration_seconds)
            .bind(now)
            .bind(now + chrono::TimeDelta::seconds(new.duration_seconds))
            .bind(new.inviter.0)
            .bind(new.inviter_name)
            .bind(new.inviter_email)
        )?;
        for group in groups {
            self.insert_invited_group(new.id, *group).await?;
        }
        Ok(())
    }

    /// Notes that an invitation of the locked workspace gives one of its groups.
    pub(crate) async fn insert_invited_group(
        &mut self,
        invitation: InvitationId,
        group: GroupId,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("INSERT INTO invitation_groups (invitation_id, group_id) VALUES ($1, $2)")
                .bind(invitation.0)
                .bind(group.0)
        )
        .map(drop)
    }

    /// Ends a pending invitation; false when somebody else ended it first (F9).
    pub(crate) async fn end_invitation(
        &mut self,
        now: DateTime<Utc>,
        id: InvitationId,
        status: InvitationStatus,
        accepted_by: Option<MemberId>,
        via: Option<&str>,
    ) -> Result<bool, StoreError> {
        let workspace = self.workspace().id;
        let ended = exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET status = $3, ended_at = $4, accepted_by = $5, via = $6, version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND status = 'pending'"
            )
            .bind(workspace.0)
            .bind(id.0)
            .bind(status.name())
            .bind(now)
            .bind(accepted_by.map(|m| m.0))
            .bind(via)
        )?;
        Ok(ended == 1)
    }

    /// Writes down which invitations of the locked workspace are over: id and address of each.
    /// Their version stays: time has told everybody already, and an order that was given on what is on
    /// screen is not given on something older.
    pub(crate) async fn expire_invitations(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Vec<ExpiredRecord>, StoreError> {
        let workspace = self.workspace().id;
        sql!(self, |c| {
            sqlx::query_as(
                "UPDATE invitations SET status = 'expired', ended_at = expires_at
             WHERE workspace_id = $1 AND status = 'pending' AND expires_at <= $2
             RETURNING id, email, inviter_id",
            )
            .bind(workspace.0)
            .bind(now)
            .fetch_all(c)
        })
    }

    /// Starts an invitation's time again with its original length; an expired one waits
    /// again. False when it changed since `version`.
    pub(crate) async fn renew_invitation(
        &mut self,
        now: DateTime<Utc>,
        record: &InvitationRecord,
        version: i64,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET sent_at = $3, expires_at = $4, status = 'pending', ended_at = NULL,
                   version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND status IN ('pending', 'expired') AND version = $5"
            )
            .bind(record.workspace_id.0)
            .bind(record.id.0)
            .bind(now)
            .bind(now + chrono::TimeDelta::seconds(record.duration_seconds))
            .bind(version)
        )?;
        Ok(done == 1)
    }

    /// Gives a pending invitation another role; false when it changed since `version`.
    pub(crate) async fn set_invitation_role(
        &mut self,
        record: &InvitationRecord,
        version: i64,
        role: RoleId,
        role_name: &str,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET role_id = $3, role_name = $4, version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND status = 'pending' AND version = $5"
            )
            .bind(record.workspace_id.0)
            .bind(record.id.0)
            .bind(role.0)
            .bind(role_name)
            .bind(version)
        )?;
        Ok(done == 1)
    }

    /// Makes somebody else answer for an invitation.
    pub(crate) async fn set_inviter(
        &mut self,
        id: InvitationId,
        inviter: MemberId,
        name: &str,
        email: &str,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET inviter_id = $2, inviter_name = $3, inviter_email = $4 WHERE id = $1"
            )
            .bind(id.0)
            .bind(inviter.0)
            .bind(name)
            .bind(email)
        )
        .map(drop)
    }

    /// Moves an invitation into the past: the demo shows every status.
    pub(crate) async fn set_invitation_times(
        &mut self,
        id: InvitationId,
        sent_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE invitations SET sent_at = $2, expires_at = $3 WHERE id = $1")
                .bind(id.0)
                .bind(sent_at)
                .bind(expires_at)
        )
        .map(drop)
    }
}

impl Tx {
    /// Whether an invitation can still be accepted at `now` through the link with this hash, or the
    /// link of an account still works: asked by the outbox just before a mail goes out (F6).
    pub(crate) async fn link_is_live(
        &mut self,
        link_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let found: Option<i64> = sql!(self, |c| {
            sqlx::query_scalar(
            "SELECT CAST(1 AS BIGINT) FROM invitation_links l JOIN invitations i ON i.id = l.invitation_id
             JOIN workspaces w ON w.id = i.workspace_id AND w.deleted_at IS NULL
             WHERE l.token_hash = $1 AND l.replaced_at IS NULL AND i.status = 'pending' AND i.expires_at > $2
             UNION ALL SELECT CAST(1 AS BIGINT) FROM account_links WHERE token_hash = $1 AND expires_at > $2"
        )
        .bind(link_hash.to_vec())
        .bind(now)
        .fetch_optional(c)
        })?;
        Ok(found.is_some())
    }
}
