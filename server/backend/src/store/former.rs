//! Memberships that ended: what is kept to bring them back. The only way a membership ends
//! leads through here.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId, UserId, WorkspaceId,
    membership::{Departure, FormerQuery},
    page::{Direction, Page},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, StoreError, Tx, WorkspaceTx,
    keyset::{Cursor, Cut, contains_pattern, push_cut},
    tx::{exec, sql},
};
use crate::authz::{Authorized, TeamView};

/// A membership that ended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FormerRecord {
    /// The id of the membership.
    #[sqlx(try_from = "Uuid")]
    pub id: MemberId,
    /// The person.
    #[sqlx(try_from = "Uuid")]
    pub user_id: UserId,
    /// Their name then.
    pub name: String,
    /// Their address then.
    pub email: String,
    /// The role they had.
    #[sqlx(try_from = "Uuid")]
    pub role_id: RoleId,
    /// Its name then.
    pub role_name: String,
    /// Whether they were an owner.
    pub was_owner: bool,
    /// `active` or `suspended`.
    pub status: String,
    /// When the membership would have ended by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// Names of permissions given directly, separated by blanks.
    pub direct_permissions: String,
    /// When those end.
    pub direct_expires_at: Option<DateTime<Utc>>,
    departure: String,
    /// When it ended.
    pub removed_at: DateTime<Utc>,
    /// Who ended it, as they were called then.
    pub removed_by: String,
    /// The reason; may be empty.
    pub reason: String,
    /// Their name now.
    pub name_now: String,
    /// Their normalised address now.
    pub email_norm_now: String,
    /// Their address now.
    pub email_now: String,
}

impl FormerRecord {
    /// How it ended.
    pub fn departure(&self) -> Result<Departure, StoreError> {
        Departure::parse(&self.departure).ok_or(StoreError::Corrupt("how a membership ended"))
    }
}

macro_rules! former {
    () => {
        "SELECT f.id, f.user_id, f.name, f.email, f.role_id, f.role_name, f.was_owner, f.status, f.expires_at,
                f.direct_permissions, f.direct_expires_at, f.departure, f.removed_at, f.removed_by, f.reason,
                u.name AS name_now, u.email_norm AS email_norm_now, u.email AS email_now
         FROM former_members f JOIN users u ON u.id = f.user_id WHERE f.workspace_id = "
    };
}

/// A group of a former member.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FormerGroup {
    /// Which.
    #[sqlx(try_from = "Uuid")]
    pub group_id: GroupId,
    /// Its name then.
    pub group_name: String,
    /// Until when they were in it.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An override of a former member.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FormerOverride {
    /// In which project.
    #[sqlx(try_from = "Uuid")]
    pub project_id: ProjectId,
    /// Its name then.
    pub project_name: String,
    /// Permission names, separated by blanks.
    pub permissions: String,
    /// When it would have ended.
    pub expires_at: Option<DateTime<Utc>>,
}

/// How a membership ends.
pub struct Departed<'a> {
    /// Whose.
    pub member: MemberId,
    /// How.
    pub departure: Departure,
    /// When.
    pub at: DateTime<Utc>,
    /// Who does it.
    pub by: &'a str,
    /// The reason; may be empty.
    pub reason: &'a str,
}

/// What of a former membership comes back.
pub struct Restored<'a> {
    /// With which role.
    pub role: RoleId,
    /// Whether they come back suspended.
    pub suspended: bool,
    /// When the membership ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// Names of permissions given directly, separated by blanks.
    pub direct_permissions: &'a str,
    /// Groups that come back.
    pub groups: &'a [GroupId],
    /// Projects in which the override comes back.
    pub overrides: &'a [ProjectId],
}

impl Db {
    /// One page of the former members of the proven workspace who left after `since`, the newest first.
    pub(crate) async fn former_page(
        &mut self,
        proof: &Authorized<TeamView>,
        query: &FormerQuery,
        since: DateTime<Utc>,
    ) -> Result<Result<Page<FormerRecord>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(query.cursor.as_deref(), true) {
            Ok(cursor) => Cut {
                cursor,
                direction: Direction::Down,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        let rows: Vec<FormerRecord> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(former!());
            q.push_bind(proof.workspace().0)
                .push(" AND f.removed_at > ")
                .push_bind(since);
            if !query.search.trim().is_empty() {
                let pattern = contains_pattern(&query.search);
                q.push(" AND (f.name_key LIKE ").push_bind(pattern.clone());
                q.push(" ESCAPE '\\' OR f.email_key LIKE ")
                    .push_bind(pattern)
                    .push(" ESCAPE '\\')");
            }
            push_cut!(q, &cut, "f.removed_at", "f.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(Ok(cut.page(rows, |row| (row.removed_at.into(), row.id.0))))
    }

    /// A former member of a workspace who left after `since`; a foreign id is as unknown as a made-up
    /// one.
    pub(crate) async fn former_member(
        &mut self,
        workspace: WorkspaceId,
        id: MemberId,
        since: DateTime<Utc>,
    ) -> Result<Option<FormerRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            former!(),
            "$1 AND f.id = $2 AND f.removed_at > $3"
        ))
        .bind(workspace.0)
        .bind(id.0)
        .bind(since)
        .fetch_optional(c))
    }

    /// Which of these normalised addresses belong to people who left a workspace after `since`: the
    /// address, the former membership, and when it ended.
    pub(crate) async fn former_by_email(
        &mut self,
        workspace: WorkspaceId,
        emails: &[&str],
        since: DateTime<Utc>,
    ) -> Result<Vec<(String, MemberId, DateTime<Utc>)>, StoreError> {
        if emails.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(String, Uuid, DateTime<Utc>)> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT u.email_norm, f.id, f.removed_at FROM former_members f
                 JOIN users u ON u.id = f.user_id WHERE f.workspace_id = ",
            );
            q.push_bind(workspace.0)
                .push(" AND f.removed_at > ")
                .push_bind(since)
                .push(" AND u.email_norm IN (");
            let mut list = q.separated(", ");
            for email in emails {
                list.push_bind((*email).to_owned());
            }
            q.push(")");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(rows
            .into_iter()
            .map(|(email, id, at)| (email, MemberId(id), at))
            .collect())
    }

    /// The groups that a former member was in, by name.
    pub(crate) async fn former_groups(
        &mut self,
        former: MemberId,
    ) -> Result<Vec<FormerGroup>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT group_id, group_name, expires_at FROM former_groups
             WHERE member_id = $1 ORDER BY group_name, group_id"
        )
        .bind(former.0)
        .fetch_all(c))
    }

    /// The overrides that a former member had, by the project's name.
    pub(crate) async fn former_overrides(
        &mut self,
        former: MemberId,
    ) -> Result<Vec<FormerOverride>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT project_id, project_name, permissions, expires_at FROM former_overrides
             WHERE member_id = $1 ORDER BY project_name, project_id"
        )
        .bind(former.0)
        .fetch_all(c))
    }
}

impl WorkspaceTx {
    /// Ends a membership of the locked workspace and keeps what brings it back.
    pub(crate) async fn depart(&mut self, departed: &Departed<'_>) -> Result<(), StoreError> {
        let workspace = self.workspace().id.0;
        let member = departed.member.0;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO former_members (id, workspace_id, user_id, name, email, name_key, email_key, role_id,
                   role_name, was_owner, status, suspended_at, suspended_by, suspended_reason, expires_at,
                   expires_by, expires_set_at, direct_permissions, direct_expires_at, direct_by, direct_set_at,
                   invited_by, joined_at, last_active_at, version, departure, removed_at, removed_by, reason)
                 SELECT m.id, m.workspace_id, m.user_id, u.name, u.email, m.name_key, m.email_key, m.role_id,
                   r.name, m.is_owner, m.status, m.suspended_at, m.suspended_by, m.suspended_reason, m.expires_at,
                   m.expires_by, m.expires_set_at, m.direct_permissions, m.direct_expires_at, m.direct_by,
                   m.direct_set_at, m.invited_by, m.joined_at, m.last_active_at, m.version, $3, $4, $5, $6
                 FROM members m JOIN users u ON u.id = m.user_id JOIN roles r ON r.id = m.role_id
                 WHERE m.workspace_id = $1 AND m.id = $2"
            )
            .bind(workspace)
            .bind(member)
            .bind(departed.departure.name())
            .bind(departed.at)
            .bind(departed.by)
            .bind(departed.reason)
        )?;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO former_groups (member_id, group_id, group_name, expires_at, given_by, given_at)
                 SELECT mg.member_id, g.id, g.name, mg.expires_at, mg.given_by, mg.given_at
                 FROM member_groups mg JOIN acl_groups g ON g.id = mg.group_id WHERE mg.member_id = $1"
            )
            .bind(member)
        )?;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO former_overrides (member_id, project_id, project_name, permissions, expires_at, set_by,
                   set_at, given_by)
                 SELECT o.member_id, p.id, p.name, o.permissions, o.expires_at, o.set_by, o.set_at, o.given_by
                 FROM overrides o JOIN projects p ON p.id = o.project_id WHERE o.member_id = $1"
            )
            .bind(member)
        )?;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO former_works (member_id, kind, work_id)
                 SELECT created_by, 'project', id FROM projects WHERE workspace_id = $1 AND created_by = $2
                 UNION ALL
                 SELECT created_by, 'resource', id FROM resources WHERE workspace_id = $1 AND created_by = $2"
            )
            .bind(workspace)
            .bind(member)
        )?;
        exec!(
            self,
            sqlx::query("DELETE FROM members WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(member)
        )?;
        Ok(())
    }

    /// Brings a former membership of the locked workspace back, with what `restored` says of it.
    /// Whoever holds the address by now holds the membership; projects and resources that they created
    /// are theirs again, unless somebody else's.
    pub(crate) async fn restore(
        &mut self,
        former: &FormerRecord,
        restored: &Restored<'_>,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id.0;
        let id = former.id.0;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO members (id, workspace_id, user_id, role_id, is_owner, status, suspended_at, suspended_by,
                   suspended_reason, expires_at, expires_by, expires_set_at, direct_permissions, direct_expires_at,
                   direct_by, direct_set_at, name_key, email_key, invited_by, joined_at, last_active_at, version)
                 SELECT id, workspace_id, user_id, $3, FALSE, $4, suspended_at, suspended_by, suspended_reason, $5,
                   expires_by, expires_set_at, $6, direct_expires_at, direct_by, direct_set_at, $7, $8, invited_by,
                   joined_at, last_active_at, version + 1
                 FROM former_members WHERE workspace_id = $1 AND id = $2"
            )
            .bind(workspace)
            .bind(id)
            .bind(restored.role.0)
            .bind(if restored.suspended { "suspended" } else { "active" })
            .bind(restored.expires_at)
            .bind(restored.direct_permissions)
            .bind(former.name_now.to_lowercase())
            .bind(&former.email_norm_now)
        )?;
        for group in restored.groups {
            exec!(
                self,
                sqlx::query(
                    "INSERT INTO member_groups (member_id, group_id, expires_at, given_by, given_at)
                     SELECT member_id, group_id, expires_at, given_by, given_at FROM former_groups
                     WHERE member_id = $1 AND group_id = $2"
                )
                .bind(id)
                .bind(group.0)
            )?;
        }
        for project in restored.overrides {
            exec!(
                self,
                sqlx::query(
                    "INSERT INTO overrides (member_id, project_id, permissions, expires_at, set_by, set_at, version,
                       given_by)
                     SELECT member_id, project_id, permissions, expires_at, set_by, set_at, $3, given_by
                     FROM former_overrides WHERE member_id = $1 AND project_id = $2"
                )
                .bind(id)
                .bind(project.0)
                // Above every version that it can have had before.
                .bind(former.removed_at.timestamp_micros())
            )?;
        }
        for table in ["project", "resource"] {
            let sql = match table {
                "project" => {
                    "UPDATE projects SET created_by = $2 WHERE workspace_id = $1 AND created_by IS NULL AND id IN
                       (SELECT work_id FROM former_works WHERE member_id = $2 AND kind = 'project')"
                }
                _ => {
                    "UPDATE resources SET created_by = $2 WHERE workspace_id = $1 AND created_by IS NULL AND id IN
                       (SELECT work_id FROM former_works WHERE member_id = $2 AND kind = 'resource')"
                }
            };
            exec!(self, sqlx::query(sql).bind(workspace).bind(id))?;
        }
        exec!(
            self,
            sqlx::query("DELETE FROM former_members WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
        )?;
        Ok(())
    }

    /// Forgets an earlier membership of a person in the locked workspace.
    pub(super) async fn forget_former_of(&mut self, user: UserId) -> Result<(), StoreError> {
        let workspace = self.workspace().id.0;
        exec!(
            self,
            sqlx::query("DELETE FROM former_members WHERE workspace_id = $1 AND user_id = $2")
                .bind(workspace)
                .bind(user.0)
        )
        .map(drop)
    }
}

impl Tx {
    /// Deletes what was kept of memberships that ended at or before a moment.
    pub(crate) async fn forget_former(&mut self, until: DateTime<Utc>) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM former_members WHERE removed_at <= $1").bind(until)
        )
        .map(drop)
    }
}
