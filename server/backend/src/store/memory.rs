//! Everybody in a workspace with all that they hold, in few statements: what decisions are made from.

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, RoleId, WorkspaceId};
use uuid::Uuid;

use super::{BearerRecord, Db, StoreError, tx::sql};

/// A member as decisions need them.
#[derive(Debug, sqlx::FromRow)]
pub struct RememberedRecord {
    /// Their id.
    #[sqlx(try_from = "Uuid")]
    pub id: MemberId,
    /// The normal form of their address.
    pub email: String,
    /// Their role.
    #[sqlx(try_from = "Uuid")]
    pub role: RoleId,
    /// Whether they are an owner.
    pub is_owner: bool,
    /// Whether nobody suspended them.
    pub is_active: bool,
    /// When their membership ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// Names of permissions given directly.
    pub direct: String,
    /// When those end.
    pub direct_ends_at: Option<DateTime<Utc>>,
}

/// A group or an override of a member.
#[derive(Debug, sqlx::FromRow)]
pub struct RememberedGrant {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub member: MemberId,
    /// The group or the project.
    pub source: Uuid,
    /// Names of permissions; empty for a group, which has its own.
    pub permissions: String,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
}

/// A token that works, and what it is limited to.
#[derive(Debug, sqlx::FromRow)]
pub struct RememberedToken {
    /// Whom it acts for.
    #[sqlx(flatten)]
    pub bearer: BearerRecord,
    /// The hash of its text.
    pub secret_hash: Vec<u8>,
    /// Names of the most it can do; `None`: all that its member may do.
    pub permissions: Option<String>,
    /// The only project it works in.
    pub project_id: Option<Uuid>,
    /// Who created that project.
    pub project_created_by: Option<Uuid>,
}

impl Db {
    /// Everybody in a workspace, by id.
    pub(crate) async fn remembered(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<RememberedRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT m.id, u.email_norm AS email, m.role_id AS role, m.is_owner, m.status = 'active' AS is_active,
                    m.expires_at AS ends_at, m.direct_permissions AS direct, m.direct_expires_at AS direct_ends_at
             FROM members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = $1 ORDER BY m.id"
        )
        .bind(workspace.0)
        .fetch_all(c)
        })
    }

    /// The groups of everybody in a workspace, by member.
    pub(crate) async fn remembered_groups(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<RememberedGrant>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT mg.member_id AS member, mg.group_id AS source, '' AS permissions, mg.expires_at AS ends_at
             FROM acl_groups g JOIN member_groups mg ON mg.group_id = g.id WHERE g.workspace_id = $1 ORDER BY 1"
        )
        .bind(workspace.0)
        .fetch_all(c)
        })
    }

    /// The overrides of everybody in a workspace, by member.
    pub(crate) async fn remembered_overrides(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<RememberedGrant>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT o.member_id AS member, o.project_id AS source, o.permissions, o.expires_at AS ends_at
             FROM projects p JOIN overrides o ON o.project_id = p.id WHERE p.workspace_id = $1 ORDER BY 1"
        )
        .bind(workspace.0)
        .fetch_all(c)
        })
    }

    /// The tokens of a workspace that nobody revoked.
    pub(crate) async fn remembered_tokens(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<Vec<RememberedToken>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT t.id, t.name, t.workspace_id, w.slug, t.member_id, t.user_id, u.name AS user_name, u.email,
                    u.email_verified_at, t.expires_at, t.revoked_at, t.last_used_at, t.secret_hash, t.permissions,
                    t.project_id, p.created_by AS project_created_by
             FROM tokens t JOIN workspaces w ON w.id = t.workspace_id JOIN users u ON u.id = t.user_id
             LEFT JOIN projects p ON p.id = t.project_id
             WHERE t.workspace_id = $1 AND t.revoked_at IS NULL AND t.expires_at > $2"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c)
        })
    }
}
