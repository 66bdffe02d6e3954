//! What becomes of a membership while it lasts: suspension, an end by itself, ownership.

use chrono::{DateTime, Utc};
use rolecall_shared::{GroupId, MemberId, RoleId, UserId, WorkspaceId};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Db, PersonRecord, StoreError, WorkspaceTx,
    holders::holder_columns,
    tx::{exec, sql},
};
use crate::authz::{Authorized, Standing, TeamManage};

/// Why somebody is suspended, as it is written down.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LifeRecord {
    /// Since when, if it is known.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Who did it, as they were called then; empty when time did.
    pub suspended_by: String,
    /// The reason; may be empty.
    pub suspended_reason: String,
}

/// How much of what is in a workspace somebody created.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct MadeCounts {
    /// Projects.
    pub projects: i64,
    /// Resources.
    pub resources: i64,
}

impl Db {
    /// Why a member is suspended.
    pub(crate) async fn life_of(
        &mut self,
        standing: &Standing,
        member: MemberId,
    ) -> Result<Option<LifeRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT suspended_at, suspended_by, suspended_reason FROM members
             WHERE workspace_id = $1 AND id = $2"
        )
        .bind(standing.workspace().0)
        .bind(member.0)
        .fetch_optional(c))
    }

    /// The owners of a workspace, by name, whether or not they can sign in.
    pub(crate) async fn owners(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<PersonRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            "SELECT ",
            holder_columns!(),
            ", u.name, u.email, u.email_verified_at
             FROM members m JOIN roles r ON r.id = m.role_id JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.is_owner ORDER BY m.name_key, m.id"
        ))
        .bind(workspace.0)
        .fetch_all(c))
    }

    /// Names of the first two people who can sign in and stay, and are owners or hold a permission
    /// without an end: by one of the roles, one of the groups, or directly.
    pub(crate) async fn first_holders(
        &mut self,
        standing: &Standing,
        roles: &[RoleId],
        groups: &[GroupId],
        permission: &str,
    ) -> Result<Vec<String>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT u.name FROM members m JOIN users u ON u.id = m.user_id
                 WHERE u.email_verified_at IS NOT NULL AND m.status = 'active'
                   AND (m.is_owner OR m.expires_at IS NULL) AND m.workspace_id = ",
            );
            q.push_bind(standing.workspace().0)
                .push(" AND (m.is_owner OR (m.direct_expires_at IS NULL AND (' ' || m.direct_permissions || ' ') LIKE ")
                .push_bind(format!("% {permission} %"))
                .push(")");
            if !roles.is_empty() {
                q.push(" OR m.role_id IN (");
                let mut ids = q.separated(", ");
                for role in roles {
                    ids.push_bind(role.0);
                }
                q.push(")");
            }
            if !groups.is_empty() {
                q.push(
                    " OR EXISTS (SELECT 1 FROM member_groups g WHERE g.member_id = m.id
                        AND g.expires_at IS NULL AND g.group_id IN (",
                );
                let mut ids = q.separated(", ");
                for group in groups {
                    ids.push_bind(group.0);
                }
                q.push("))");
            }
            q.push(") ORDER BY m.name_key, m.id LIMIT 2");
            q.build_query_scalar()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// How much a member created that is still there.
    pub(crate) async fn made_by(
        &mut self,
        standing: &Standing,
        member: MemberId,
    ) -> Result<MadeCounts, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT (SELECT count(*) FROM projects WHERE workspace_id = $1 AND created_by = $2) AS projects,
                    (SELECT count(*) FROM resources WHERE workspace_id = $1 AND created_by = $2) AS resources"
        )
        .bind(standing.workspace().0)
        .bind(member.0)
        .fetch_one(c)
        })
    }

    /// The address of the member who invited somebody, while both are members.
    pub(crate) async fn inviter_of(
        &mut self,
        workspace: WorkspaceId,
        member: MemberId,
    ) -> Result<Option<(MemberId, String)>, StoreError> {
        let found: Option<(Uuid, String)> = sql!(self, |c| sqlx::query_as(
            "SELECT m.id, u.email FROM invitations i JOIN members m ON m.id = i.inviter_id
             JOIN users u ON u.id = m.user_id
             WHERE i.workspace_id = $1 AND i.accepted_by = $2 AND m.status = 'active'
             ORDER BY i.ended_at DESC LIMIT 1"
        )
        .bind(workspace.0)
        .bind(member.0)
        .fetch_optional(c))?;
        Ok(found.map(|(id, email)| (MemberId(id), email)))
    }

    /// Workspaces with memberships whose time is over but not written down yet.
    pub(crate) async fn workspaces_with_ended(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let rows: Vec<Uuid> = sql!(self, |c| sqlx::query_scalar(
            "SELECT DISTINCT workspace_id FROM members
             WHERE expires_at <= $1 AND status = 'active' AND NOT is_owner"
        )
        .bind(now)
        .fetch_all(c))?;
        Ok(rows.into_iter().map(WorkspaceId).collect())
    }
}

impl WorkspaceTx {
    /// Suspends a member of the locked workspace; false when they are suspended already, as it is
    /// written down. An end that has passed is over with it.
    pub(crate) async fn suspend(
        &mut self,
        proof: &Authorized<TeamManage>,
        member: MemberId,
        now: DateTime<Utc>,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE members SET status = 'suspended', suspended_at = $3, suspended_by = $4,
                   suspended_reason = $5, version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND status = 'active'"
            )
            .bind(proof.workspace().0)
            .bind(member.0)
            .bind(now)
            .bind(&proof.caller().session.name)
            .bind(reason)
        )?;
        Ok(done == 1)
    }

    /// Makes a member of the locked workspace active again; an end that has passed is forgotten, one
    /// that is to come stays.
    pub(crate) async fn reactivate(
        &mut self,
        member: MemberId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET status = 'active', suspended_at = NULL, suspended_by = '',
                   suspended_reason = '', version = version + 1,
                   expires_by = CASE WHEN expires_at > $3 THEN expires_by ELSE NULL END,
                   expires_set_at = CASE WHEN expires_at > $3 THEN expires_set_at ELSE NULL END,
                   expires_at = CASE WHEN expires_at > $3 THEN expires_at ELSE NULL END
                 WHERE workspace_id = $1 AND id = $2"
            )
            .bind(workspace.0)
            .bind(member.0)
            .bind(now)
        )?;
        Ok(())
    }

    /// Sets when a membership ends; false when the member changed since `version`. The new version is
    /// one more.
    pub(crate) async fn set_membership_end_at(
        &mut self,
        proof: &Authorized<TeamManage>,
        member: MemberId,
        version: i64,
        ends_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE members SET expires_at = $4, expires_by = $5, expires_set_at = $6,
                   version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND version = $3"
            )
            .bind(proof.workspace().0)
            .bind(member.0)
            .bind(version)
            .bind(ends_at)
            .bind(ends_at.map(|_| proof.member().0))
            .bind(ends_at.map(|_| now))
        )?;
        Ok(done == 1)
    }

    /// Writes down which memberships of the locked workspace are over: each member with name and
    /// address. What a suspension keeps is kept.
    pub(crate) async fn write_down_ended(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Uuid, String, String)>, StoreError> {
        let workspace = self.workspace().id;
        let ended: Vec<(Uuid, String, String)> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT m.id, u.name, u.email FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.expires_at <= $2 AND m.status = 'active' AND NOT m.is_owner
             ORDER BY m.expires_at, m.id"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c)
        })?;
        if ended.is_empty() {
            return Ok(ended);
        }
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET status = 'suspended', suspended_at = expires_at, suspended_by = '',
                   suspended_reason = '', expires_at = NULL, expires_by = NULL, expires_set_at = NULL,
                   version = version + 1
                 WHERE workspace_id = $1 AND expires_at <= $2 AND status = 'active' AND NOT is_owner"
            )
            .bind(workspace.0)
            .bind(now)
        )?;
        Ok(ended)
    }

    /// Makes a member of the locked workspace an owner, whose time has no end.
    pub(crate) async fn make_owner(&mut self, member: MemberId) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET is_owner = TRUE, expires_at = NULL, expires_by = NULL,
                   expires_set_at = NULL, version = version + 1
                 WHERE workspace_id = $1 AND id = $2"
            )
            .bind(workspace.0)
            .bind(member.0)
        )?;
        Ok(())
    }

    /// Makes an owner of the locked workspace a member with one of its roles.
    pub(crate) async fn make_member(
        &mut self,
        owner: MemberId,
        role: RoleId,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET is_owner = FALSE, role_id = $3, version = version + 1
                 WHERE workspace_id = $1 AND id = $2"
            )
            .bind(workspace.0)
            .bind(owner.0)
            .bind(role.0)
        )?;
        Ok(())
    }

    /// Takes somebody's address for proven, because the operator vouches for it.
    pub(crate) async fn vouch_for(
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
}
