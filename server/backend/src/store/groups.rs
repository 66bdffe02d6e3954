//! Groups: named permission sets for many members.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, MemberId, WorkspaceId,
    page::{Direction, Page},
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, PersonRecord, StoreError, WorkspaceTx,
    holders::holder_columns,
    keyset::{Cursor, Cut, Key, push_cut},
    tx::{exec, sql},
};
use crate::authz::{Authorized, Permission, TeamManage};

/// A stored group.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GroupRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Permission names, separated by blanks.
    pub permissions: String,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
}

/// Somebody in a group.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct GroupMemberRecord {
    /// The member.
    #[sqlx(try_from = "Uuid")]
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Until when they are in it.
    pub expires_at: Option<DateTime<Utc>>,
    name_key: String,
}

/// The end of a statement that puts people into groups: who is in one already gets the new end, and
/// only another end is given anew.
pub(super) const GIVE_AGAIN: &str =
    " ON CONFLICT (member_id, group_id) DO UPDATE SET expires_at = excluded.expires_at,
       given_by = excluded.given_by, given_at = excluded.given_at
     WHERE member_groups.expires_at IS DISTINCT FROM excluded.expires_at";

impl Db {
    /// All groups of a workspace, by name.
    pub(crate) async fn groups(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<GroupRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, name, description, permissions, version FROM acl_groups WHERE workspace_id = $1 ORDER BY name_norm"
        )
        .bind(workspace.0)
        .fetch_all(c)
        })
    }

    /// One group of a workspace; a foreign id is as unknown as a made-up one.
    pub(crate) async fn group(
        &mut self,
        workspace: WorkspaceId,
        id: GroupId,
    ) -> Result<Option<GroupRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT id, name, description, permissions, version FROM acl_groups
             WHERE workspace_id = $1 AND id = $2"
        )
        .bind(workspace.0)
        .bind(id.0)
        .fetch_optional(c))
    }

    /// How many members are in each group of a workspace at `now`; empty groups are left out.
    pub(crate) async fn members_by_group(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<HashMap<GroupId, i64>, StoreError> {
        let rows: Vec<(Uuid, i64)> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT g.id, count(*) FROM acl_groups g JOIN member_groups mg ON mg.group_id = g.id
             WHERE g.workspace_id = $1 AND (mg.expires_at IS NULL OR mg.expires_at > $2) GROUP BY g.id"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c)
        })?;
        Ok(rows.into_iter().map(|(id, n)| (GroupId(id), n)).collect())
    }

    /// How many invitations that wait would give each group; groups without any are left out.
    pub(crate) async fn invitations_by_group(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<HashMap<GroupId, i64>, StoreError> {
        let rows: Vec<(Uuid, i64)> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT g.id, count(*) FROM acl_groups g JOIN invitation_groups ig ON ig.group_id = g.id
             JOIN invitations i ON i.id = ig.invitation_id
             WHERE g.workspace_id = $1 AND i.status = 'pending' AND i.expires_at > $2 GROUP BY g.id"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c)
        })?;
        Ok(rows.into_iter().map(|(id, n)| (GroupId(id), n)).collect())
    }

    /// Names and addresses of the first `most` people in a group at `now`, by name: for the trail.
    pub(crate) async fn names_in_group(
        &mut self,
        group: GroupId,
        now: DateTime<Utc>,
        most: i64,
    ) -> Result<Vec<(String, String)>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT u.name, u.email FROM member_groups mg JOIN members m ON m.id = mg.member_id
             JOIN users u ON u.id = m.user_id
             WHERE mg.group_id = $1 AND (mg.expires_at IS NULL OR mg.expires_at > $2)
             ORDER BY m.name_key, m.id LIMIT $3"
        )
        .bind(group.0)
        .bind(now)
        .bind(most)
        .fetch_all(c))
    }

    /// The first `most` addresses whose waiting invitation would give a group: for the trail.
    pub(crate) async fn invited_into_group(
        &mut self,
        group: GroupId,
        now: DateTime<Utc>,
        most: i64,
    ) -> Result<Vec<String>, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT i.email FROM invitation_groups ig JOIN invitations i ON i.id = ig.invitation_id
             WHERE ig.group_id = $1 AND i.status = 'pending' AND i.expires_at > $2
             ORDER BY i.email_norm, i.id LIMIT $3"
        )
        .bind(group.0)
        .bind(now)
        .bind(most)
        .fetch_all(c))
    }

    /// One page of the people in a group of the proven workspace, by name, also those whose time in
    /// it is over.
    pub(crate) async fn group_page<P: Permission>(
        &mut self,
        proof: &Authorized<P>,
        group: GroupId,
        cursor: Option<&str>,
    ) -> Result<Result<Page<GroupMemberRecord>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(cursor, false) {
            Ok(cursor) => Cut {
                cursor,
                direction: Direction::Up,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        let rows: Vec<GroupMemberRecord> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT m.id, u.name, u.email, mg.expires_at, m.name_key FROM member_groups mg
                 JOIN members m ON m.id = mg.member_id JOIN users u ON u.id = m.user_id
                 WHERE m.workspace_id = ",
            );
            q.push_bind(proof.workspace().0)
                .push(" AND mg.group_id = ")
                .push_bind(group.0);
            push_cut!(q, &cut, "m.name_key", "m.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        Ok(Ok(cut.page(rows, |row| {
            (Key::Text(row.name_key.clone()), row.id.0)
        })))
    }

    /// Those of some members who are in this workspace, in no order.
    pub(crate) async fn people_among(
        &mut self,
        workspace: WorkspaceId,
        members: &[MemberId],
    ) -> Result<Vec<PersonRecord>, StoreError> {
        if members.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(concat!(
                "SELECT ",
                holder_columns!(),
                ", u.name, u.email, u.email_verified_at
                 FROM members m JOIN roles r ON r.id = m.role_id JOIN users u ON u.id = m.user_id
                 WHERE m.workspace_id = "
            ));
            q.push_bind(workspace.0).push(" AND m.id IN (");
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
}

impl WorkspaceTx {
    /// Adds a group to the locked workspace.
    pub(crate) async fn insert_group(&mut self, group: &GroupRecord) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO acl_groups (id, workspace_id, name, name_norm, description, permissions, version)
                 VALUES ($1, $2, $3, $4, $5, $6, 1)"
            )
            .bind(group.id.0)
            .bind(workspace.0)
            .bind(&group.name)
            .bind(group.name.to_lowercase())
            .bind(&group.description)
            .bind(&group.permissions)
        )
        .map(drop)
    }

    /// Puts a member into a group; twice is once.
    pub(crate) async fn join_group(
        &mut self,
        member: MemberId,
        group: GroupId,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("INSERT INTO member_groups (member_id, group_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(member.0)
                .bind(group.0)
        )
        .map(drop)
    }

    /// Makes a group what `after` says; false when it changed since `after.version`. The new
    /// version is one more.
    pub(crate) async fn update_group(
        &mut self,
        proof: &Authorized<TeamManage>,
        after: &GroupRecord,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE acl_groups SET name = $4, name_norm = $5, description = $6, permissions = $7,
                   version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND version = $3"
            )
            .bind(proof.workspace().0)
            .bind(after.id.0)
            .bind(after.version)
            .bind(&after.name)
            .bind(after.name.to_lowercase())
            .bind(&after.description)
            .bind(&after.permissions)
        )?;
        Ok(done == 1)
    }

    /// Deletes a group: its members and all invitations lose it. False when it changed since
    /// `version`.
    pub(crate) async fn delete_group(
        &mut self,
        proof: &Authorized<TeamManage>,
        group: GroupId,
        version: i64,
    ) -> Result<bool, StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET version = version + 1
                 WHERE workspace_id = $1 AND id IN (SELECT member_id FROM member_groups WHERE group_id = $2)"
            )
            .bind(proof.workspace().0)
            .bind(group.0)
        )?;
        exec!(
            self,
            sqlx::query(
                "UPDATE invitations SET version = version + 1 WHERE workspace_id = $1 AND status = 'pending'
                   AND id IN (SELECT invitation_id FROM invitation_groups WHERE group_id = $2)"
            )
            .bind(proof.workspace().0)
            .bind(group.0)
        )?;
        let done = exec!(
            self,
            sqlx::query(
                "DELETE FROM acl_groups WHERE workspace_id = $1 AND id = $2 AND version = $3"
            )
            .bind(proof.workspace().0)
            .bind(group.0)
            .bind(version)
        )?;
        Ok(done == 1)
    }

    /// Puts members of the proven workspace into one of its groups, or changes until when they are
    /// in it. At most [`rolecall_shared::group::MAX_JOINING`] at a time.
    pub(crate) async fn set_memberships(
        &mut self,
        proof: &Authorized<TeamManage>,
        group: GroupId,
        members: &[MemberId],
        expires_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if members.is_empty() {
            return Ok(());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "INSERT INTO member_groups (member_id, group_id, expires_at, given_by, given_at) ",
            );
            q.push_values(members, |mut row, member| {
                row.push_bind(member.0)
                    .push_bind(group.0)
                    .push_bind(expires_at)
                    .push_bind(proof.member().0)
                    .push_bind(now);
            });
            q.push(GIVE_AGAIN);
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })?;
        self.members_changed(proof, members).await
    }

    /// Takes a member out of a group; false when they were not in it.
    pub(crate) async fn leave_group(
        &mut self,
        proof: &Authorized<TeamManage>,
        group: GroupId,
        member: MemberId,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query("DELETE FROM member_groups WHERE group_id = $1 AND member_id = $2")
                .bind(group.0)
                .bind(member.0)
        )?;
        self.members_changed(proof, &[member]).await?;
        Ok(done == 1)
    }

    /// Notes that what some members hold has changed.
    async fn members_changed(
        &mut self,
        proof: &Authorized<TeamManage>,
        members: &[MemberId],
    ) -> Result<(), StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "UPDATE members SET version = version + 1 WHERE workspace_id = ",
            );
            q.push_bind(proof.workspace().0).push(" AND id IN (");
            let mut ids = q.separated(", ");
            for member in members {
                ids.push_bind(member.0);
            }
            q.push(")");
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })?;
        Ok(())
    }
}
