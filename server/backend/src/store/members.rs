//! Members of a workspace: the list, and joining.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    GroupId, MemberId, RoleId, UserId, WorkspaceId,
    member::{Activity, MemberQuery, MemberSort, MemberStatus},
    page::Page,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, StoreError, WorkspaceTx,
    keyset::{Cursor, Cut, Key, contains_pattern, push_cut},
    tx::{exec, sql},
};
use crate::authz::{Authorized, TeamView};

/// A row of the members list, before it is dressed for the console.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MemberListRow {
    /// The member.
    #[sqlx(try_from = "Uuid")]
    pub id: MemberId,
    /// The person.
    #[sqlx(try_from = "Uuid")]
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    #[sqlx(try_from = "Uuid")]
    pub role_id: RoleId,
    /// Whether they own the workspace.
    pub is_owner: bool,
    /// `active` or `suspended`.
    pub status: String,
    /// Who invited them, as called then.
    pub invited_by: Option<String>,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// When they last did something.
    pub last_active_at: Option<DateTime<Utc>>,
    /// Names of permissions given directly, separated by blanks.
    pub direct_permissions: String,
    /// When those end.
    pub direct_expires_at: Option<DateTime<Utc>>,
    name_key: String,
}

/// Who somebody is to a workspace.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MemberIdentity {
    /// The member.
    #[sqlx(try_from = "Uuid")]
    pub id: MemberId,
    /// The normalised address.
    pub email_norm: String,
    /// `active` or `suspended`.
    pub status: String,
}

/// A membership to be created.
pub struct NewMember<'a> {
    /// Its id.
    pub id: MemberId,
    /// The person.
    pub user: UserId,
    /// Their name, for sorting and searching.
    pub name: &'a str,
    /// Their normalised address, for searching.
    pub email_norm: &'a str,
    /// Their role.
    pub role: RoleId,
    /// Whether they own the workspace.
    pub is_owner: bool,
    /// Who invited them.
    pub invited_by: Option<&'a str>,
}

fn sort_column(sort: MemberSort) -> &'static str {
    match sort {
        MemberSort::Name => "m.name_key",
        MemberSort::Joined => "m.joined_at",
        MemberSort::LastActive => "COALESCE(m.last_active_at, m.joined_at)",
    }
}

impl Db {
    /// One page of the members of the proven workspace.
    pub(crate) async fn member_page(
        &mut self,
        proof: &Authorized<TeamView>,
        query: &MemberQuery,
        now: DateTime<Utc>,
    ) -> Result<Result<Page<MemberListRow>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(query.cursor.as_deref(), query.sort != MemberSort::Name) {
            Ok(cursor) => Cut {
                cursor,
                direction: query.direction,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        let rows: Vec<MemberListRow> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT m.id, m.user_id, u.name, u.email, m.role_id, m.is_owner, m.status, m.invited_by,
                        m.joined_at, m.last_active_at, m.direct_permissions, m.direct_expires_at, m.name_key
                 FROM members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = ",
            );
            q.push_bind(proof.workspace().0);
            if !query.search.trim().is_empty() {
                let pattern = contains_pattern(&query.search);
                q.push(" AND (m.name_key LIKE ").push_bind(pattern.clone());
                q.push(" ESCAPE '\\' OR m.email_key LIKE ")
                    .push_bind(pattern)
                    .push(" ESCAPE '\\')");
            }
            if let Some(role) = query.role {
                q.push(" AND m.role_id = ").push_bind(role.0);
            }
            if let Some(status) = query.status {
                q.push(" AND m.status = ").push_bind(status.name());
            }
            if let Some(group) = query.group {
                q.push(" AND EXISTS (SELECT 1 FROM member_groups g WHERE g.member_id = m.id AND g.group_id = ");
                q.push_bind(group.0).push(")");
            }
            if let Some(activity) = query.activity {
                let (comparison, days) = match activity {
                    Activity::Week => (">", 7),
                    Activity::Month => (">", 30),
                    Activity::Dormant => ("<=", 90),
                };
                q.push(format_args!(
                    " AND COALESCE(m.last_active_at, m.joined_at) {comparison} "
                ));
                q.push_bind(now - TimeDelta::days(days));
            }
            push_cut!(q, &cut, sort_column(query.sort), "m.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        let page = cut.page(rows, |row| {
            let key = match query.sort {
                MemberSort::Name => Key::Text(row.name_key.clone()),
                MemberSort::Joined => row.joined_at.into(),
                MemberSort::LastActive => row.last_active_at.unwrap_or(row.joined_at).into(),
            };
            (key, row.id.0)
        });
        Ok(Ok(page))
    }

    /// The unexpired groups of some members, in no order.
    pub(crate) async fn groups_of(
        &mut self,
        members: &[MemberId],
        now: DateTime<Utc>,
    ) -> Result<Vec<(MemberId, GroupId)>, StoreError> {
        if members.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<(Uuid, Uuid)> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT member_id, group_id FROM member_groups WHERE (expires_at IS NULL OR expires_at > ",
            );
            q.push_bind(now).push(") AND member_id IN (");
            let mut ids = q.separated(", ");
            for member in members {
                ids.push_bind(member.0);
            }
            q.push(")");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(rows
            .into_iter()
            .map(|(member, group)| (MemberId(member), GroupId(group)))
            .collect())
    }

    /// Which of these normalised addresses belong to members of a workspace.
    pub(crate) async fn members_by_email(
        &mut self,
        workspace: WorkspaceId,
        emails: &[&str],
    ) -> Result<Vec<MemberIdentity>, StoreError> {
        if emails.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT m.id, u.email_norm, m.status FROM members m JOIN users u ON u.id = m.user_id
                 WHERE m.workspace_id = ",
            );
            q.push_bind(workspace.0).push(" AND u.email_norm IN (");
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
}

impl WorkspaceTx {
    /// Makes a person a member of the locked workspace.
    pub(crate) async fn insert_member(
        &mut self,
        now: DateTime<Utc>,
        new: &NewMember<'_>,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO members (id, workspace_id, user_id, role_id, is_owner, status, name_key, email_key,
                   invited_by, joined_at, version)
                 VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9, 1)"
            )
            .bind(new.id.0)
            .bind(workspace.0)
            .bind(new.user.0)
            .bind(new.role.0)
            .bind(new.is_owner)
            .bind(new.name.to_lowercase())
            .bind(new.email_norm)
            .bind(new.invited_by)
            .bind(now)
        )?;
        self.bump_epoch().await
    }

    /// Sets the status and activity of a member: the demo needs people of every kind.
    pub(crate) async fn set_member_history(
        &mut self,
        member: MemberId,
        status: MemberStatus,
        joined_at: DateTime<Utc>,
        last_active_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET status = $2, joined_at = $3, last_active_at = $4 WHERE id = $1"
            )
            .bind(member.0)
            .bind(status.name())
            .bind(joined_at)
            .bind(last_active_at)
        )
        .map(drop)
    }
}

impl WorkspaceTx {
    /// Gives a member direct permissions: the demo shows every kind of grant.
    pub(crate) async fn set_direct(
        &mut self,
        member: MemberId,
        permissions: &str,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET direct_permissions = $2, direct_expires_at = $3 WHERE id = $1"
            )
            .bind(member.0)
            .bind(permissions)
            .bind(expires_at)
        )
        .map(drop)
    }

    /// Sets until when a member is in a group, which they are in: as above.
    pub(crate) async fn set_membership_end(
        &mut self,
        member: MemberId,
        group: GroupId,
        end: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE member_groups SET expires_at = $3 WHERE member_id = $1 AND group_id = $2"
            )
            .bind(member.0)
            .bind(group.0)
            .bind(end)
        )
        .map(drop)
    }
}

impl super::Tx {
    /// Notes that a member did something now.
    pub(crate) async fn see_member(
        &mut self,
        member: MemberId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE members SET last_active_at = $2 WHERE id = $1")
                .bind(member.0)
                .bind(now)
        )
        .map(drop)
    }
}
