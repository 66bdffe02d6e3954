//! Workspaces and who is in them. Here a slug or an id becomes a workspace, for every path: each of
//! these statements passes over the ones that were deleted (`deletions.rs`).

use chrono::{DateTime, Utc};
use rolecall_shared::{
    RoleId, UserId, WorkspaceId,
    invitation::{DEFAULT_HOURS, InvitationPolicy},
    member::TeamCounts,
    settings::Deletion,
    shell::WorkspaceLink,
};
use uuid::Uuid;

use super::{
    Db, StoreError, Tx, WorkspaceTx,
    dialect::storable,
    holders::{HolderRecord, holder_columns},
    tx::{exec, sql},
};
use crate::authz::{Authorized, SettingsManage, SettingsView, Standing, TeamView};

/// A stored workspace.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WorkspaceRecord {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: WorkspaceId,
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The key of its template.
    pub template: String,
    /// Whether invitation links may be copied.
    pub copy_link: bool,
    /// Validity of a new invitation, in hours.
    pub invitation_hours: i64,
    /// Domains that may be invited, separated by blanks; empty: all.
    pub allowed_domains: String,
    default_role_id: Option<Uuid>,
}

impl WorkspaceRecord {
    /// Domains that may be invited; empty: all.
    pub fn allowed_domains(&self) -> Vec<String> {
        self.allowed_domains
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    }

    /// Whether addresses at a domain may be invited.
    pub fn allows_domain(&self, domain: &str) -> bool {
        let mut allowed = self.allowed_domains.split_whitespace().peekable();
        allowed.peek().is_none() || allowed.any(|one| one == domain)
    }

    /// The role that invitations choose first; `None`: the template's.
    pub fn default_role(&self) -> Option<RoleId> {
        self.default_role_id.map(RoleId)
    }

    /// What the workspace lets its people do with invitations.
    pub fn invitation_policy(&self) -> InvitationPolicy {
        InvitationPolicy {
            copy_link: self.copy_link,
            hours: u32::try_from(self.invitation_hours).unwrap_or(DEFAULT_HOURS),
            allowed_domains: self.allowed_domains(),
        }
    }
}

/// A workspace to be created.
pub struct NewWorkspace<'a> {
    /// Its id.
    pub id: WorkspaceId,
    /// Its part of the address.
    pub slug: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The key of its template.
    pub template: &'a str,
    /// Validity of a new invitation, in hours.
    pub invitation_hours: u32,
}

/// A membership with all that the gate needs beside its grants, in one row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MembershipRecord {
    /// The member and their role.
    #[sqlx(flatten)]
    pub holder: HolderRecord,
    /// When they last did something.
    pub last_active_at: Option<DateTime<Utc>>,
    /// Their workspace.
    #[sqlx(flatten)]
    pub workspace: WorkspaceRecord,
}

impl Db {
    /// The membership of a person in the workspace with this slug, whatever its status.
    pub(crate) async fn membership(
        &mut self,
        slug: &str,
        user: UserId,
    ) -> Result<Option<MembershipRecord>, StoreError> {
        if !storable(slug) {
            return Ok(None);
        }
        sql!(self, |c| {
            sqlx::query_as(concat!(
                "SELECT ", holder_columns!(), ", m.last_active_at,
                    w.id, w.slug, w.name, w.template, w.copy_link, w.invitation_hours, w.allowed_domains,
                    w.default_role_id
             FROM workspaces w
             JOIN members m ON m.workspace_id = w.id
             JOIN roles r ON r.id = m.role_id
             WHERE w.slug = $1 AND w.deleted_at IS NULL AND m.user_id = $2"
            ))
        .bind(slug)
        .bind(user.0)
        .fetch_optional(c)
        })
    }

    /// All workspaces in which a person is active at `now`, by name.
    pub(crate) async fn workspaces_of(
        &mut self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<WorkspaceLink>, StoreError> {
        let rows: Vec<(String, String)> = sql!(self, |c| {
            sqlx::query_as(
            "SELECT w.slug, w.name FROM members m JOIN workspaces w ON w.id = m.workspace_id
             WHERE m.user_id = $1 AND m.status = 'active' AND w.deleted_at IS NULL
               AND (m.is_owner OR m.expires_at IS NULL OR m.expires_at > $2) ORDER BY w.name, w.slug"
        )
        .bind(user.0)
        .bind(now)
        .fetch_all(c)
        })?;
        Ok(rows
            .into_iter()
            .map(|(slug, name)| WorkspaceLink { slug, name })
            .collect())
    }

    /// A workspace by id: for links, whose holder is not a member yet.
    pub(crate) async fn workspace(
        &mut self,
        id: WorkspaceId,
    ) -> Result<Option<WorkspaceRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT id, slug, name, template, copy_link, invitation_hours, allowed_domains, default_role_id
             FROM workspaces WHERE id = $1 AND deleted_at IS NULL"
        )
        .bind(id.0)
        .fetch_optional(c)
        })
    }

    /// Whether a slug is taken.
    pub(crate) async fn slug_is_taken(&mut self, slug: &str) -> Result<bool, StoreError> {
        let found: Option<i64> = sql!(self, |c| sqlx::query_scalar(
            "SELECT CAST(1 AS BIGINT) FROM workspaces WHERE slug = $1"
        )
        .bind(slug)
        .fetch_optional(c))?;
        Ok(found.is_some())
    }

    /// Keys of all templates in use, for the check at start-up. A deleted workspace stops no server.
    pub async fn templates_in_use(&mut self) -> Result<Vec<String>, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT DISTINCT template FROM workspaces WHERE deleted_at IS NULL ORDER BY template"
        )
        .fetch_all(c))
    }

    /// The slugs of the first workspaces that are made from a template.
    pub(crate) async fn slugs_with_template(
        &mut self,
        template: &str,
        most: i64,
    ) -> Result<Vec<String>, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT slug FROM workspaces WHERE template = $1 ORDER BY slug LIMIT $2"
        )
        .bind(template)
        .bind(most)
        .fetch_all(c))
    }

    /// The numbers above the members table.
    pub(crate) async fn team_counts(
        &mut self,
        proof: &Authorized<TeamView>,
        now: DateTime<Utc>,
    ) -> Result<TeamCounts, StoreError> {
        let (members, pending, groups): (i64, i64, i64) = sql!(self, |c| sqlx::query_as(
            "SELECT (SELECT member_count FROM workspaces WHERE id = $1),
                    (SELECT count(*) FROM invitations
                      WHERE workspace_id = $1 AND status = 'pending' AND expires_at > $2),
                    (SELECT count(*) FROM acl_groups WHERE workspace_id = $1)"
        )
        .bind(proof.workspace().0)
        .bind(now)
        .fetch_one(c))?;
        Ok(TeamCounts {
            members,
            pending,
            groups,
        })
    }

    /// How much a deletion of the proven workspace would end.
    pub(crate) async fn workspace_size(
        &mut self,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<Deletion, StoreError> {
        let (members, pending, projects): (i64, i64, i64) = sql!(self, |c| sqlx::query_as(
            "SELECT (SELECT member_count FROM workspaces WHERE id = $1),
                    (SELECT count(*) FROM invitations
                      WHERE workspace_id = $1 AND status = 'pending' AND expires_at > $2),
                    (SELECT count(*) FROM projects WHERE workspace_id = $1)"
        )
        .bind(standing.workspace().0)
        .bind(now)
        .fetch_one(c))?;
        Ok(Deletion {
            members,
            pending,
            projects,
        })
    }

    /// When the proven workspace was made.
    pub(crate) async fn workspace_created_at(
        &mut self,
        proof: &Authorized<SettingsView>,
    ) -> Result<DateTime<Utc>, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT created_at FROM workspaces WHERE id = $1"
        )
        .bind(proof.workspace().0)
        .fetch_one(c))
    }

    /// Locks a workspace by writing its row: the same statement is a row lock on PostgreSQL and
    /// inside SQLite's one writer a look-up.
    pub(super) async fn lock_workspace(
        &mut self,
        id: WorkspaceId,
    ) -> Result<Option<WorkspaceRecord>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "UPDATE workspaces SET authz_epoch = authz_epoch WHERE id = $1 AND deleted_at IS NULL
             RETURNING id, slug, name, template, copy_link, invitation_hours, allowed_domains, default_role_id"
        )
        .bind(id.0)
        .fetch_optional(c)
        })
    }

    pub(super) async fn lock_workspace_slug(
        &mut self,
        slug: &str,
    ) -> Result<Option<WorkspaceRecord>, StoreError> {
        if !storable(slug) {
            return Ok(None);
        }
        sql!(self, |c| {
            sqlx::query_as(
            "UPDATE workspaces SET authz_epoch = authz_epoch WHERE slug = $1 AND deleted_at IS NULL
             RETURNING id, slug, name, template, copy_link, invitation_hours, allowed_domains, default_role_id"
        )
        .bind(slug)
        .fetch_optional(c)
        })
    }
}

impl Tx {
    /// Creates a workspace and takes its lock: everything else about it is written through that.
    pub(crate) async fn insert_workspace(
        mut self,
        now: DateTime<Utc>,
        new: &NewWorkspace<'_>,
        news: &crate::store::Store,
    ) -> Result<WorkspaceTx, StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO workspaces (id, slug, name, template, copy_link, invitation_hours, allowed_domains,
                   authz_epoch, audit_seq, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8)"
            )
            .bind(new.id.0)
            .bind(new.slug)
            .bind(new.name)
            .bind(new.template)
            .bind(true)
            .bind(i64::from(new.invitation_hours))
            .bind("")
            .bind(now)
        )?;
        self.lock(new.id, news.news().clone())
            .await?
            .ok_or(StoreError::Corrupt(
                "a workspace vanished while it was created",
            ))
    }
}

impl WorkspaceTx {
    /// Changes what people may do with invitations.
    pub(crate) async fn set_invitation_policy(
        &mut self,
        proof: &Authorized<SettingsManage>,
        policy: &InvitationPolicy,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "UPDATE workspaces SET copy_link = $2, invitation_hours = $3, allowed_domains = $4 WHERE id = $1"
            )
            .bind(proof.workspace().0)
            .bind(policy.copy_link)
            .bind(i64::from(policy.hours))
            .bind(policy.allowed_domains.join(" "))
        )
        .map(drop)
    }
}

impl WorkspaceTx {
    /// Gives the workspace another name. Its slug stays, and so do all addresses.
    pub(crate) async fn rename_workspace(
        &mut self,
        proof: &Authorized<SettingsManage>,
        name: &str,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query("UPDATE workspaces SET name = $2 WHERE id = $1")
                .bind(proof.workspace().0)
                .bind(name)
        )
        .map(drop)
    }

    /// Sets the role that invitations choose first. The caller may change settings, or deletes the
    /// role that it was.
    pub(crate) async fn set_default_role(&mut self, role: RoleId) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query("UPDATE workspaces SET default_role_id = $2 WHERE id = $1")
                .bind(workspace.0)
                .bind(role.0)
        )
        .map(drop)
    }
}
