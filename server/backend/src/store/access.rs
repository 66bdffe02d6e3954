//! What one member holds, for their page, and writing it anew.

use chrono::{DateTime, Utc};
use rolecall_shared::{GroupId, MemberId, ProjectId, RoleId, WorkspaceId};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Db, MemberListRow, OverrideRecord, ProjectRecord, StoreError, WorkspaceTx,
    tx::{exec, sql},
};
use crate::authz::{Authorized, Standing, TeamManage};

/// An override with the project it is for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlacedOverride {
    /// The override.
    #[sqlx(flatten)]
    pub record: OverrideRecord,
    /// The name of the project.
    pub project_name: String,
    project_created_by: Option<Uuid>,
}

impl PlacedOverride {
    /// Who created the project, if they are still a member.
    pub fn project_created_by(&self) -> Option<MemberId> {
        self.project_created_by.map(MemberId)
    }

    /// Which project.
    pub fn project(&self) -> ProjectId {
        self.record.project_id
    }
}

/// Role, groups and direct permissions of a member, to be written.
pub struct NewAccess<'a> {
    /// Whose.
    pub member: MemberId,
    /// The version it was made on.
    pub version: i64,
    /// Their role.
    pub role: RoleId,
    /// All their groups, each once, and until when.
    pub groups: &'a [(GroupId, Option<DateTime<Utc>>)],
    /// Names of permissions given directly, separated by blanks.
    pub direct_permissions: &'a str,
    /// When those end.
    pub direct_expires_at: Option<DateTime<Utc>>,
    /// When it is written: ends that are new are noted as given now, by the proven member.
    pub now: DateTime<Utc>,
}

impl Db {
    /// One member of the workspace of a standing, as the list shows them; a foreign id is as unknown
    /// as a made-up one.
    pub(crate) async fn member_row(
        &mut self,
        standing: &Standing,
        member: MemberId,
        now: DateTime<Utc>,
    ) -> Result<Option<MemberListRow>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT m.id, m.user_id, u.name, u.email, m.role_id, m.is_owner, m.expires_at, m.invited_by,
                    m.joined_at, m.last_active_at, m.direct_permissions, m.direct_expires_at, m.name_key,
                    CASE WHEN m.is_owner OR m.expires_at IS NULL OR m.expires_at > $3
                      THEN m.status ELSE 'suspended' END AS status
             FROM members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = $1 AND m.id = $2"
        )
        .bind(standing.workspace().0)
        .bind(member.0)
        .bind(now)
        .fetch_optional(c)
        })
    }

    /// All overrides of a member, also those that have ended, by the name of the project.
    pub(crate) async fn placed_overrides(
        &mut self,
        standing: &Standing,
        member: MemberId,
    ) -> Result<Vec<PlacedOverride>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT o.member_id, o.project_id, o.permissions, o.expires_at, o.set_by, o.set_at, o.version, o.given_by,
                    p.name AS project_name, p.created_by AS project_created_by
             FROM overrides o JOIN projects p ON p.id = o.project_id
             WHERE p.workspace_id = $1 AND o.member_id = $2 ORDER BY p.name_norm, p.id"
        )
        .bind(standing.workspace().0)
        .bind(member.0)
        .fetch_all(c)
        })
    }

    /// The first `most` projects that a member created, by name.
    pub(crate) async fn projects_made_by(
        &mut self,
        standing: &Standing,
        member: MemberId,
        most: i64,
    ) -> Result<Vec<ProjectRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, name, description, created_by, created_by_name, created_at, version
             FROM projects WHERE workspace_id = $1 AND created_by = $2 ORDER BY name_norm, id LIMIT $3"
        )
        .bind(standing.workspace().0)
        .bind(member.0)
        .bind(most)
        .fetch_all(c)
        })
    }

    /// How many owners of a workspace can sign in now: active, with a proven address.
    pub(crate) async fn owners_who_can_sign_in(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<i64, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.is_owner AND m.status = 'active'
               AND u.email_verified_at IS NOT NULL"
        )
        .bind(workspace.0)
        .fetch_one(c))
    }
}

impl WorkspaceTx {
    /// Gives a member of the proven workspace role, groups and direct permissions in place of what
    /// they have; false when they changed since `new.version`. The new version is one more.
    pub(crate) async fn set_access(
        &mut self,
        proof: &Authorized<TeamManage>,
        new: &NewAccess<'_>,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE members SET role_id = $4, direct_permissions = $5, direct_expires_at = $6,
                   direct_by = CASE WHEN direct_expires_at IS DISTINCT FROM $6 THEN $7 ELSE direct_by END,
                   direct_set_at = CASE WHEN direct_expires_at IS DISTINCT FROM $6 THEN $8 ELSE direct_set_at END,
                   version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND version = $3"
            )
            .bind(proof.workspace().0)
            .bind(new.member.0)
            .bind(new.version)
            .bind(new.role.0)
            .bind(new.direct_permissions)
            .bind(new.direct_expires_at)
            .bind(proof.member().0)
            .bind(new.now)
        )?;
        if done != 1 {
            return Ok(false);
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new("DELETE FROM member_groups WHERE member_id = ");
            q.push_bind(new.member.0);
            if !new.groups.is_empty() {
                q.push(" AND group_id NOT IN (");
                let mut ids = q.separated(", ");
                for (group, _) in new.groups {
                    ids.push_bind(group.0);
                }
                q.push(")");
            }
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })?;
        if !new.groups.is_empty() {
            sql!(self, |c, Kind| {
                let mut q = QueryBuilder::<Kind>::new(
                    "INSERT INTO member_groups (member_id, group_id, expires_at, given_by, given_at) ",
                );
                q.push_values(new.groups, |mut row, (group, expires_at)| {
                    row.push_bind(new.member.0)
                        .push_bind(group.0)
                        .push_bind(*expires_at)
                        .push_bind(proof.member().0)
                        .push_bind(new.now);
                });
                q.push(super::groups::GIVE_AGAIN);
                q.build()
                    .execute(c)
                    .await
                    .map(drop)
                    .map_err(StoreError::from)
            })?;
        }
        Ok(true)
    }
}
