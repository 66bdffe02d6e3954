//! What members hold: role, direct permissions, groups and overrides, as the evaluation needs them.

use chrono::{DateTime, Utc};
use rolecall_shared::{GroupId, MemberId, ProjectId, RoleId, Timestamp, WorkspaceId};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{Db, StoreError, tx::sql};
use crate::clock::timestamp;

/// Members named in one statement, each of them twice: databases limit how many values one can bind.
const AT_ONCE: usize = 500;

/// The columns of a [`HolderRecord`], from `members m` and `roles r`.
macro_rules! holder_columns {
    () => {
        "m.id AS member_id, m.is_owner, m.status, m.version AS member_version, m.role_id,
         r.name AS role_name, r.builtin_key, r.permissions AS role_permissions, r.own_projects_only,
         m.direct_permissions, m.direct_expires_at, m.expires_at AS membership_ends_at"
    };
}
pub(super) use holder_columns;

/// A member with their role and direct permissions.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HolderRecord {
    /// The member.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// Owners have everything.
    pub is_owner: bool,
    /// `active` or `suspended`, as it is written down; ask [`HolderRecord::is_active`].
    status: String,
    membership_ends_at: Option<DateTime<Utc>>,
    /// Goes up with every change of what they hold.
    pub member_version: i64,
    /// Their role.
    #[sqlx(try_from = "Uuid")]
    pub role_id: RoleId,
    /// Its name.
    pub role_name: String,
    /// Its key in the template, if it is built in.
    pub builtin_key: Option<String>,
    /// The stored permission names of a custom role.
    pub role_permissions: String,
    /// Whether a custom role reaches only own projects.
    pub own_projects_only: bool,
    /// Names of permissions given directly, separated by blanks.
    pub direct_permissions: String,
    /// When those end.
    pub direct_expires_at: Option<DateTime<Utc>>,
}

impl HolderRecord {
    /// Whether they are no suspended member and their time has not ended at `now`: it is judged here,
    /// whether or not somebody has written the end down. An owner's time does not end.
    pub fn is_active(&self, now: Timestamp) -> bool {
        let goes_on = |end| now < timestamp(end);
        self.status == "active" && (self.is_owner || self.membership_ends_at.is_none_or(goes_on))
    }

    /// Whether they stay active without anybody doing anything.
    pub fn stays_active(&self) -> bool {
        self.status == "active" && (self.is_owner || self.membership_ends_at.is_none())
    }

    /// When their membership ends by itself.
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.membership_ends_at.filter(|_| !self.is_owner)
    }
}

/// A [`HolderRecord`] with the person behind it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonRecord {
    /// What they hold.
    #[sqlx(flatten)]
    pub holder: HolderRecord,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// When the address was proven; without, they do not count as able to sign in.
    pub email_verified_at: Option<DateTime<Utc>>,
}

/// A group or an override of one member.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GrantRecord {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    is_override: bool,
    source: Uuid,
    /// Permission names, separated by blanks.
    pub permissions: String,
    /// From then on it does not count.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Where a [`GrantRecord`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// A group they are in.
    Group(GroupId),
    /// An override in a project.
    Override(ProjectId),
}

impl GrantRecord {
    /// Where it comes from.
    pub fn kind(&self) -> GrantKind {
        if self.is_override {
            GrantKind::Override(ProjectId(self.source))
        } else {
            GrantKind::Group(GroupId(self.source))
        }
    }
}

impl Db {
    /// Groups and overrides of some members, also those that have ended.
    pub(crate) async fn grants_of(
        &mut self,
        members: &[MemberId],
    ) -> Result<Vec<GrantRecord>, StoreError> {
        if let [one] = members {
            return sql!(self, |c| {
                sqlx::query_as(
                "SELECT mg.member_id, FALSE AS is_override, mg.group_id AS source, g.permissions, mg.expires_at
                 FROM member_groups mg JOIN acl_groups g ON g.id = mg.group_id WHERE mg.member_id = $1
                 UNION ALL
                 SELECT member_id, TRUE, project_id, permissions, expires_at FROM overrides WHERE member_id = $1"
            )
            .bind(one.0)
            .fetch_all(c)
            });
        }
        let mut grants = Vec::new();
        for some in members.chunks(AT_ONCE) {
            grants.extend(self.grants_of_some(some).await?);
        }
        Ok(grants)
    }

    /// Groups and overrides of at least one and at most [`AT_ONCE`] members.
    async fn grants_of_some(
        &mut self,
        members: &[MemberId],
    ) -> Result<Vec<GrantRecord>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT mg.member_id, FALSE AS is_override, mg.group_id AS source, g.permissions, mg.expires_at
                 FROM member_groups mg JOIN acl_groups g ON g.id = mg.group_id WHERE mg.member_id IN (",
            );
            let mut ids = q.separated(", ");
            for member in members {
                ids.push_bind(member.0);
            }
            q.push(
                ") UNION ALL SELECT member_id, TRUE, project_id, permissions, expires_at
                 FROM overrides WHERE member_id IN (",
            );
            let mut ids = q.separated(", ");
            for member in members {
                ids.push_bind(member.0);
            }
            q.push(")");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// Groups and overrides of everybody in a workspace, also those that have ended, by member.
    pub(crate) async fn all_grants(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<GrantRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT mg.member_id, FALSE AS is_override, mg.group_id AS source, g.permissions, mg.expires_at
             FROM acl_groups g JOIN member_groups mg ON mg.group_id = g.id WHERE g.workspace_id = $1
             UNION ALL
             SELECT o.member_id, TRUE, o.project_id, o.permissions, o.expires_at
             FROM projects p JOIN overrides o ON o.project_id = p.id WHERE p.workspace_id = $1
             ORDER BY 1"
        )
        .bind(workspace.0)
        .fetch_all(c)
        })
    }

    /// One member of a workspace; a foreign id is as unknown as a made-up one.
    pub(crate) async fn person(
        &mut self,
        workspace: WorkspaceId,
        member: MemberId,
    ) -> Result<Option<PersonRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            "SELECT ",
            holder_columns!(),
            ", u.name, u.email, u.email_verified_at
             FROM members m JOIN roles r ON r.id = m.role_id JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.id = $2"
        ))
        .bind(workspace.0)
        .bind(member.0)
        .fetch_optional(c))
    }

    /// Everybody in a workspace, by name: for previews, which look at all people at once.
    pub(crate) async fn people(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<PersonRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            "SELECT ",
            holder_columns!(),
            ", u.name, u.email, u.email_verified_at
             FROM members m JOIN roles r ON r.id = m.role_id JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 ORDER BY m.name_key, m.id"
        ))
        .bind(workspace.0)
        .fetch_all(c))
    }
}
