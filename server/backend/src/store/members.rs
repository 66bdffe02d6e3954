//! Members of a workspace: who they are, and joining. Their list is in `member_list`.

use chrono::{DateTime, Utc};
use rolecall_shared::{GroupId, MemberId, RoleId, UserId, WorkspaceId};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    Db, StoreError, WorkspaceTx,
    tx::{exec, sql},
};

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
    /// `active` or `suspended`, as it counts at the moment of the question.
    pub status: String,
    /// When the membership ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
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
    pub(super) name_key: String,
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

/// Pushes the status of `members m` as it counts at `now`: what [`super::HolderRecord::is_active`] says.
fn push_status<Kind>(q: &mut QueryBuilder<Kind>, now: DateTime<Utc>)
where
    Kind: sqlx::Database,
    DateTime<Utc>: for<'q> sqlx::Encode<'q, Kind> + sqlx::Type<Kind>,
{
    q.push("CASE WHEN m.is_owner OR m.expires_at IS NULL OR m.expires_at > ")
        .push_bind(now)
        .push(" THEN m.status ELSE 'suspended' END");
}

impl Db {
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
        now: DateTime<Utc>,
    ) -> Result<Vec<MemberIdentity>, StoreError> {
        if emails.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new("SELECT m.id, u.email_norm, ");
            push_status(&mut q, now);
            q.push(" AS status FROM members m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = ");
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
    /// Makes a person a member of the locked workspace. An earlier membership of theirs can not be
    /// brought back any more: this one begins anew.
    pub(crate) async fn insert_member(
        &mut self,
        now: DateTime<Utc>,
        new: &NewMember<'_>,
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        self.forget_former_of(new.user).await?;
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
        Ok(())
    }
}

impl WorkspaceTx {
    /// Gives a member direct permissions: the demo shows every kind of grant.
    pub(crate) async fn set_direct(
        &mut self,
        member: MemberId,
        permissions: &str,
        expires_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE members SET direct_permissions = $2, direct_expires_at = $3, direct_set_at = $4
                 WHERE id = $1"
            )
            .bind(member.0)
            .bind(permissions)
            .bind(expires_at)
            .bind(now)
        )
        .map(drop)
    }

    /// Sets when a member's time ends: as above.
    pub(crate) async fn set_demo_end(
        &mut self,
        member: MemberId,
        end: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE members SET expires_at = $2, expires_set_at = $3 WHERE id = $1")
                .bind(member.0)
                .bind(end)
                .bind(now)
        )
        .map(drop)
    }

    /// Sets until when a member is in a group, which they are in: as above.
    pub(crate) async fn set_membership_end(
        &mut self,
        member: MemberId,
        group: GroupId,
        end: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE member_groups SET expires_at = $3, given_at = $4
                 WHERE member_id = $1 AND group_id = $2"
            )
            .bind(member.0)
            .bind(group.0)
            .bind(end)
            .bind(now)
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
