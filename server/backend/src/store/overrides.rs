//! Overrides: what holds for a member in a project instead of role, groups and direct permissions.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, InvitationId, MemberId, ProjectId,
    catalogue::Catalogue,
    page::{Direction, Page},
    policy::Grant,
    project::ProjectMemberQuery,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{
    BadCursor, Db, PersonRecord, StoreError, WorkspaceTx,
    holders::holder_columns,
    keyset::{Cursor, Cut, Key, contains_pattern, push_cut},
    tx::{exec, sql},
};
use crate::{
    authz::{InProject, Permission, TeamManage, TeamView},
    clock::timestamp,
};

/// A stored override.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OverrideRecord {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// Where.
    #[sqlx(try_from = "Uuid")]
    pub project_id: ProjectId,
    /// Permission names, separated by blanks; none is a real value.
    pub permissions: String,
    /// From then on the base holds again.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who set it, as they were called then.
    pub set_by: String,
    /// When.
    pub set_at: DateTime<Utc>,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
    /// The member who set it, while that is known: told before it ends.
    pub given_by: Option<Uuid>,
}

impl OverrideRecord {
    /// What holds in the project instead, and until when.
    pub fn grant(&self, catalogue: &Catalogue) -> Grant {
        Grant {
            permissions: catalogue.stored(self.permissions.split_whitespace()),
            expires_at: self.expires_at.map(timestamp),
        }
    }
}

/// An override that goes with its project, with the person it was for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OverriddenRecord {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Permission names, separated by blanks.
    pub permissions: String,
    /// When it would have ended.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A member on a page of the members of a project.
#[derive(Clone, Debug, sqlx::FromRow)]
struct PersonRow {
    #[sqlx(flatten)]
    person: PersonRecord,
    name_key: String,
}

impl Db {
    /// The override of a member in the proven project.
    pub(crate) async fn override_of<P: Permission>(
        &mut self,
        proof: &InProject<P>,
        member: MemberId,
    ) -> Result<Option<OverrideRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT member_id, project_id, permissions, expires_at, set_by, set_at, version, given_by
             FROM overrides WHERE project_id = $1 AND member_id = $2"
        )
        .bind(proof.project().id.0)
        .bind(member.0)
        .fetch_optional(c)
        })
    }

    /// The overrides of some members in the proven project, in no order.
    pub(crate) async fn overrides_of(
        &mut self,
        proof: &InProject<TeamView>,
        members: &[MemberId],
    ) -> Result<Vec<OverrideRecord>, StoreError> {
        if members.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT member_id, project_id, permissions, expires_at, set_by, set_at, version, given_by
                 FROM overrides WHERE project_id = ",
            );
            q.push_bind(proof.project().id.0)
                .push(" AND member_id IN (");
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

    /// Everybody with an override in the proven project, by name: for the trail.
    pub(crate) async fn overridden_in<P: Permission>(
        &mut self,
        proof: &InProject<P>,
    ) -> Result<Vec<OverriddenRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT u.name, u.email, o.permissions, o.expires_at FROM overrides o
             JOIN members m ON m.id = o.member_id JOIN users u ON u.id = m.user_id
             WHERE o.project_id = $1 ORDER BY m.name_key, m.id"
        )
        .bind(proof.project().id.0)
        .fetch_all(c))
    }

    /// One page of the members of the workspace, by name, for the members tab of the proven project.
    pub(crate) async fn project_member_page(
        &mut self,
        proof: &InProject<TeamView>,
        query: &ProjectMemberQuery,
    ) -> Result<Result<Page<PersonRecord>, BadCursor>, StoreError> {
        let cut = match Cursor::decode(query.cursor.as_deref(), false) {
            Ok(cursor) => Cut {
                cursor,
                direction: Direction::Up,
            },
            Err(bad) => return Ok(Err(bad)),
        };
        let rows: Vec<PersonRow> = sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(concat!(
                "SELECT ",
                holder_columns!(),
                ", u.name, u.email, u.email_verified_at, m.name_key
                 FROM members m JOIN roles r ON r.id = m.role_id JOIN users u ON u.id = m.user_id
                 WHERE m.workspace_id = "
            ));
            q.push_bind(proof.workspace().0);
            if !query.search.trim().is_empty() {
                let pattern = contains_pattern(&query.search);
                q.push(" AND (m.name_key LIKE ").push_bind(pattern.clone());
                q.push(" ESCAPE '\\' OR m.email_key LIKE ")
                    .push_bind(pattern)
                    .push(" ESCAPE '\\')");
            }
            if query.overridden {
                q.push(" AND EXISTS (SELECT 1 FROM overrides o WHERE o.member_id = m.id AND o.project_id = ");
                q.push_bind(proof.project().id.0).push(")");
            }
            push_cut!(q, &cut, "m.name_key", "m.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })?;
        let page = cut.page(rows, |row| {
            let id = row.person.holder.member_id;
            (Key::Text(row.name_key.clone()), id.0)
        });
        Ok(Ok(Page {
            rows: page.rows.into_iter().map(|row| row.person).collect(),
            next: page.next,
            previous: page.previous,
        }))
    }

    /// What some invitations give in projects: invitation, project, its name, permission names
    /// separated by blanks. By the project's name.
    pub(crate) async fn overrides_of_invitations(
        &mut self,
        invitations: &[InvitationId],
    ) -> Result<Vec<InvitedOverrideRecord>, StoreError> {
        if invitations.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT io.invitation_id, io.project_id, io.permissions
                 FROM invitation_overrides io JOIN projects p ON p.id = io.project_id
                 WHERE io.invitation_id IN (",
            );
            let mut ids = q.separated(", ");
            for invitation in invitations {
                ids.push_bind(invitation.0);
            }
            q.push(") ORDER BY p.name_norm, p.id");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }
}

/// What an invitation gives in one project.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InvitedOverrideRecord {
    /// Which invitation.
    #[sqlx(try_from = "Uuid")]
    pub invitation_id: InvitationId,
    /// Where.
    #[sqlx(try_from = "Uuid")]
    pub project_id: ProjectId,
    /// Permission names, separated by blanks.
    pub permissions: String,
}

impl WorkspaceTx {
    /// Adds an override, whose member and project are of the locked workspace and which does not
    /// exist yet.
    pub(crate) async fn insert_override(&mut self, new: &OverrideRecord) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO overrides (member_id, project_id, permissions, expires_at, set_by, set_at, version,
                   given_by)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            )
            .bind(new.member_id.0)
            .bind(new.project_id.0)
            .bind(&new.permissions)
            .bind(new.expires_at)
            .bind(&new.set_by)
            .bind(new.set_at)
            .bind(new.version)
            .bind(new.given_by)
        )?;
        Ok(())
    }

    /// Makes the override of a member in the proven project what `after` says; false when it changed
    /// since `after.version`. The new version is one more.
    pub(crate) async fn update_override(
        &mut self,
        proof: &InProject<TeamManage>,
        after: &OverrideRecord,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "UPDATE overrides SET permissions = $4, expires_at = $5, set_by = $6, set_at = $7,
                   given_by = $8, version = version + 1
                 WHERE project_id = $1 AND member_id = $2 AND version = $3"
            )
            .bind(proof.project().id.0)
            .bind(after.member_id.0)
            .bind(after.version)
            .bind(&after.permissions)
            .bind(after.expires_at)
            .bind(&after.set_by)
            .bind(after.set_at)
            .bind(after.given_by)
        )?;
        Ok(done == 1)
    }

    /// Removes the override of a member in the proven project; false when it changed since `version`.
    pub(crate) async fn delete_override(
        &mut self,
        proof: &InProject<TeamManage>,
        member: MemberId,
        version: i64,
    ) -> Result<bool, StoreError> {
        let done = exec!(
            self,
            sqlx::query(
                "DELETE FROM overrides WHERE project_id = $1 AND member_id = $2 AND version = $3"
            )
            .bind(proof.project().id.0)
            .bind(member.0)
            .bind(version)
        )?;
        Ok(done == 1)
    }

    /// Replaces the groups and overrides that an invitation of the locked workspace gives.
    pub(crate) async fn set_invited_grants(
        &mut self,
        invitation: InvitationId,
        groups: &[GroupId],
        overrides: &[InvitedOverrideRecord],
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("DELETE FROM invitation_groups WHERE invitation_id = $1")
                .bind(invitation.0)
        )?;
        exec!(
            self,
            sqlx::query("DELETE FROM invitation_overrides WHERE invitation_id = $1")
                .bind(invitation.0)
        )?;
        for group in groups {
            self.insert_invited_group(invitation, *group).await?;
        }
        for over in overrides {
            self.insert_invited_override(over).await?;
        }
        Ok(())
    }

    /// Notes what an invitation of the locked workspace gives in one of its projects.
    pub(crate) async fn insert_invited_override(
        &mut self,
        new: &InvitedOverrideRecord,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO invitation_overrides (invitation_id, project_id, permissions) VALUES ($1, $2, $3)"
            )
            .bind(new.invitation_id.0)
            .bind(new.project_id.0)
            .bind(&new.permissions)
        )
        .map(drop)
    }
}
