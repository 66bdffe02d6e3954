//! Many people at once, as the demo makes them: rows of many go into one statement.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, MemberId, RoleId, UserId, email::EmailAddress, member::MemberStatus,
};
use sqlx::QueryBuilder;

use super::{StoreError, WorkspaceTx, tx::sql};

/// Somebody new with a history.
pub struct NewPerson {
    /// The person.
    pub user: UserId,
    /// Their address, which counts as proven.
    pub email: EmailAddress,
    /// Their name.
    pub name: String,
    /// Their membership.
    pub member: MemberId,
    /// Their role.
    pub role: RoleId,
    /// Whether they can act.
    pub status: MemberStatus,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// When they last did something.
    pub last_active_at: Option<DateTime<Utc>>,
    /// The groups they are in.
    pub groups: Vec<GroupId>,
}

impl WorkspaceTx {
    /// Creates people and makes them members, with one password for all. At most a thousand at a
    /// time: databases limit how many values one can bind.
    pub(crate) async fn insert_people(
        &mut self,
        now: DateTime<Utc>,
        password_hash: &str,
        invited_by: &str,
        people: &[NewPerson],
    ) -> Result<(), StoreError> {
        if people.is_empty() {
            return Ok(());
        }
        self.insert_users(now, password_hash, people).await?;
        self.insert_memberships(invited_by, people).await?;
        self.insert_groupings(people).await?;
        Ok(())
    }

    async fn insert_users(
        &mut self,
        now: DateTime<Utc>,
        password_hash: &str,
        people: &[NewPerson],
    ) -> Result<(), StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "INSERT INTO users (id, email, email_norm, email_verified_at, name, password_hash, created_at) ",
            );
            q.push_values(people, |mut row, person| {
                row.push_bind(person.user.0)
                    .push_bind(person.email.raw().to_owned())
                    .push_bind(person.email.normal().to_owned())
                    .push_bind(now)
                    .push_bind(person.name.clone())
                    .push_bind(password_hash.to_owned())
                    .push_bind(now);
            });
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })
    }

    async fn insert_memberships(
        &mut self,
        invited_by: &str,
        people: &[NewPerson],
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "INSERT INTO members (id, workspace_id, user_id, role_id, is_owner, status, name_key, email_key,
                   invited_by, joined_at, last_active_at, version) ",
            );
            q.push_values(people, |mut row, person| {
                row.push_bind(person.member.0)
                    .push_bind(workspace.0)
                    .push_bind(person.user.0)
                    .push_bind(person.role.0)
                    .push_bind(false)
                    .push_bind(person.status.name())
                    .push_bind(person.name.to_lowercase())
                    .push_bind(person.email.normal().to_owned())
                    .push_bind(invited_by.to_owned())
                    .push_bind(person.joined_at)
                    .push_bind(person.last_active_at)
                    .push("1");
            });
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })
    }

    async fn insert_groupings(&mut self, people: &[NewPerson]) -> Result<(), StoreError> {
        let groupings: Vec<(MemberId, GroupId)> = people
            .iter()
            .flat_map(|person| person.groups.iter().map(|group| (person.member, *group)))
            .collect();
        if groupings.is_empty() {
            return Ok(());
        }
        sql!(self, |c, Kind| {
            let mut q =
                QueryBuilder::<Kind>::new("INSERT INTO member_groups (member_id, group_id) ");
            q.push_values(groupings, |mut row, (member, group)| {
                row.push_bind(member.0).push_bind(group.0);
            });
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })
    }
}
