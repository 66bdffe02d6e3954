//! What the overview counts and lists: few statements, each on an index, whatever the number of members.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId, overview::DORMANT_DAYS, policy::Place,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{AuditRow, Db, StoreError, audit::audit_columns, tx::sql};
use crate::authz::{AuditView, Authorized, TeamView};

/// Numbers of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OverviewNumbers {
    /// Active and suspended members.
    pub members: i64,
    /// Invitations that can still be accepted.
    pub pending: i64,
    /// Invitations whose time is over, written down or not.
    pub expired: i64,
    /// Members without activity for [`DORMANT_DAYS`].
    pub dormant: i64,
}

/// Somebody who can sign in now and manage the team.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ManagerRecord {
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Whether they own the workspace.
    pub is_owner: bool,
    /// How many there are in all.
    pub total: i64,
    /// How many of all are owners.
    pub owners: i64,
}

/// A grant with an end.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EndsSoonRecord {
    kind: String,
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// Their name.
    pub member: String,
    source: Uuid,
    /// What the group or the project is called.
    pub source_name: String,
    created_by: Option<Uuid>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// What a [`EndsSoonRecord`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Being a member at all.
    Membership,
    /// Being in a group.
    Group(GroupId),
    /// Permissions given directly.
    Direct,
    /// An override in a project.
    Override(ProjectId),
}

impl EndsSoonRecord {
    /// What it is.
    pub fn ending(&self) -> Ending {
        match self.kind.as_str() {
            "group" => Ending::Group(GroupId(self.source)),
            "override" => Ending::Override(ProjectId(self.source)),
            "membership" => Ending::Membership,
            _ => Ending::Direct,
        }
    }

    /// Where it holds.
    pub fn place(&self) -> Place {
        match self.ending() {
            Ending::Override(id) => Place::Project {
                id,
                created_by: self.created_by.map(MemberId),
            },
            Ending::Membership | Ending::Group(_) | Ending::Direct => Place::Workspace,
        }
    }
}

/// What makes somebody a manager: see [`Db::managers`].
pub(crate) struct Manages<'a> {
    /// Roles that give it.
    pub(crate) roles: &'a [RoleId],
    /// Groups that give it.
    pub(crate) groups: &'a [GroupId],
    /// Its name, as direct permissions keep it.
    pub(crate) permission: &'a str,
}

impl Db {
    /// The numbers of the proven workspace.
    pub(crate) async fn overview_numbers(
        &mut self,
        proof: &Authorized<TeamView>,
        now: DateTime<Utc>,
    ) -> Result<OverviewNumbers, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT (SELECT member_count FROM workspaces WHERE id = $1) AS members,
                    (SELECT count(*) FROM invitations
                      WHERE workspace_id = $1 AND status = 'pending' AND expires_at > $2) AS pending,
                    (SELECT count(*) FROM invitations WHERE workspace_id = $1
                      AND (status = 'expired' OR (status = 'pending' AND expires_at <= $2))) AS expired,
                    (SELECT count(*) FROM members WHERE workspace_id = $1
                      AND COALESCE(last_active_at, joined_at) <= $3) AS dormant"
        )
        .bind(proof.workspace().0)
        .bind(now)
        .bind(now - TimeDelta::days(DORMANT_DAYS))
        .fetch_one(c)
        })
    }

    /// The first `most` people of the proven workspace who hold a permission for it and can sign in
    /// now, owners first: by role, by group, directly, or as an owner. Overrides do not reach
    /// what holds for the workspace. Counted in SQL.
    pub(crate) async fn managers(
        &mut self,
        proof: &Authorized<TeamView>,
        manages: &Manages<'_>,
        now: DateTime<Utc>,
        most: i64,
    ) -> Result<Vec<ManagerRecord>, StoreError> {
        let workspace = proof.workspace().0;
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT m.id, u.name, m.is_owner, count(*) OVER () AS total,
                        CAST(sum(CASE WHEN m.is_owner THEN 1 ELSE 0 END) OVER () AS BIGINT) AS owners
                 FROM members m JOIN users u ON u.id = m.user_id
                 WHERE m.status = 'active' AND u.email_verified_at IS NOT NULL
                   AND (m.is_owner OR m.expires_at IS NULL OR m.expires_at > ",
            );
            q.push_bind(now)
                .push(") AND m.id IN (SELECT id FROM members WHERE is_owner AND workspace_id = ");
            q.push_bind(workspace);
            if !manages.roles.is_empty() {
                q.push(" UNION SELECT id FROM members WHERE role_id IN (");
                let mut ids = q.separated(", ");
                for role in manages.roles {
                    ids.push_bind(role.0);
                }
                q.push(") AND workspace_id = ").push_bind(workspace);
            }
            if !manages.groups.is_empty() {
                q.push(" UNION SELECT member_id FROM member_groups WHERE group_id IN (");
                let mut ids = q.separated(", ");
                for group in manages.groups {
                    ids.push_bind(group.0);
                }
                q.push(") AND (expires_at IS NULL OR expires_at > ")
                    .push_bind(now);
                q.push(")");
            }
            q.push(
                " UNION SELECT id FROM members WHERE direct_permissions <> '' AND workspace_id = ",
            );
            q.push_bind(workspace);
            q.push(" AND (direct_expires_at IS NULL OR direct_expires_at > ")
                .push_bind(now);
            q.push(") AND (' ' || direct_permissions || ' ') LIKE ")
                .push_bind(format!("% {} %", manages.permission));
            q.push(") ORDER BY m.is_owner DESC, m.name_key, m.id LIMIT ")
                .push_bind(most);
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// The first `most` grants in the proven workspace that end until a moment, the next one first.
    pub(crate) async fn ending_grants(
        &mut self,
        proof: &Authorized<TeamView>,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        most: i64,
    ) -> Result<Vec<EndsSoonRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT 'group' AS kind, m.id AS member_id, u.name AS member, g.id AS source, g.name AS source_name,
                    CAST(NULL AS UUID) AS created_by, mg.expires_at AS expires_at
             FROM member_groups mg JOIN acl_groups g ON g.id = mg.group_id
             JOIN members m ON m.id = mg.member_id JOIN users u ON u.id = m.user_id
             WHERE g.workspace_id = $1 AND mg.expires_at > $2 AND mg.expires_at <= $3
             UNION ALL
             SELECT 'direct', m.id, u.name, m.id, '', NULL, m.direct_expires_at
             FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.direct_permissions <> ''
               AND m.direct_expires_at > $2 AND m.direct_expires_at <= $3
             UNION ALL
             SELECT 'membership', m.id, u.name, m.id, '', NULL, m.expires_at
             FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND m.status = 'active' AND NOT m.is_owner
               AND m.expires_at > $2 AND m.expires_at <= $3
             UNION ALL
             SELECT 'override', m.id, u.name, p.id, p.name, p.created_by, o.expires_at
             FROM overrides o JOIN projects p ON p.id = o.project_id
             JOIN members m ON m.id = o.member_id JOIN users u ON u.id = m.user_id
             WHERE p.workspace_id = $1 AND o.expires_at > $2 AND o.expires_at <= $3
             ORDER BY 7, 2, 4 LIMIT $4"
        )
        .bind(proof.workspace().0)
        .bind(now)
        .bind(until)
        .bind(most)
        .fetch_all(c)
        })
    }

    /// The last `most` rows of the trail of the proven workspace, the newest first.
    pub(crate) async fn recent_changes(
        &mut self,
        proof: &Authorized<AuditView>,
        most: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(concat!(
                "SELECT ",
                audit_columns!(),
                " FROM audit_events WHERE workspace_id = $1 ORDER BY seq DESC LIMIT $2"
            ))
            .bind(proof.workspace().0)
            .bind(most)
            .fetch_all(c)
        })
    }
}
