//! All invitations of a workspace that wait, with what they give: for previews, which look at all at once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, InvitationId, MemberId, ProjectId, RoleId, WorkspaceId, policy::Place,
};
use uuid::Uuid;

use super::{Db, StoreError, tx::sql};

/// An invitation that waits.
#[derive(Clone, Debug)]
pub struct WaitingRecord {
    /// Which.
    pub id: InvitationId,
    /// Who sent it, while they are a member.
    pub inviter: Option<MemberId>,
    /// The role it gives.
    pub role: RoleId,
    /// The groups it gives.
    pub groups: Vec<GroupId>,
    /// What it gives instead in projects: permission names, separated by blanks.
    pub overrides: Vec<(Place, String)>,
}

impl Db {
    /// All invitations of a workspace that wait at `now`: three statements, whatever their number.
    pub(crate) async fn waiting_invitations(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<Vec<WaitingRecord>, StoreError> {
        let rows: Vec<(Uuid, Option<Uuid>, Uuid)> = sql!(self, |c| sqlx::query_as(
            "SELECT id, inviter_id, role_id FROM invitations
             WHERE workspace_id = $1 AND status = 'pending' AND expires_at > $2 ORDER BY id"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c))?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut groups = self.groups_that_wait(workspace, now).await?;
        let mut overrides = self.overrides_that_wait(workspace, now).await?;
        Ok(rows
            .into_iter()
            .map(|(id, inviter, role)| WaitingRecord {
                id: InvitationId(id),
                inviter: inviter.map(MemberId),
                role: RoleId(role),
                groups: groups.remove(&id).unwrap_or_default(),
                overrides: overrides.remove(&id).unwrap_or_default(),
            })
            .collect())
    }

    async fn groups_that_wait(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<HashMap<Uuid, Vec<GroupId>>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = sql!(self, |c| sqlx::query_as(
            "SELECT i.id, ig.group_id FROM invitations i
             JOIN invitation_groups ig ON ig.invitation_id = i.id
             WHERE i.workspace_id = $1 AND i.status = 'pending' AND i.expires_at > $2"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c))?;
        let mut groups: HashMap<Uuid, Vec<GroupId>> = HashMap::new();
        for (invitation, group) in rows {
            groups.entry(invitation).or_default().push(GroupId(group));
        }
        Ok(groups)
    }

    async fn overrides_that_wait(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<HashMap<Uuid, Vec<(Place, String)>>, StoreError> {
        let rows: Vec<(Uuid, Uuid, Option<Uuid>, String)> = sql!(self, |c| sqlx::query_as(
            "SELECT i.id, p.id, p.created_by, io.permissions FROM invitations i
             JOIN invitation_overrides io ON io.invitation_id = i.id
             JOIN projects p ON p.id = io.project_id
             WHERE i.workspace_id = $1 AND i.status = 'pending' AND i.expires_at > $2"
        )
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c))?;
        let mut overrides: HashMap<Uuid, Vec<(Place, String)>> = HashMap::new();
        for (invitation, project, created_by, permissions) in rows {
            let place = Place::Project {
                id: ProjectId(project),
                created_by: created_by.map(MemberId),
            };
            let given = overrides.entry(invitation).or_default();
            given.push((place, permissions));
        }
        Ok(overrides)
    }
}
