//! Invitations as the console handles them: asking, sending, and every change while they wait.

mod answer;
mod change;
mod link;
mod policy;
mod read;
mod send;

pub use change::{change_role, resend, revoke};
pub use link::copy_link;
pub use policy::set_policy;
pub use read::{deliveries, list, options};
pub use send::send;

use chrono::{DateTime, Utc};
use rolecall_shared::{GroupId, InvitationId, MemberId, RoleId, catalogue::PermissionSet};
use serde_json::json;

use super::Failure;
use crate::{
    Rolecall,
    authz::{group_permissions, holdings_of},
    clock::timestamp,
    store::{
        Db, Entry, GroupRecord, InvitationRecord, RoleRecord, StoreError, Target, WorkspaceRecord,
        WorkspaceTx,
    },
    templates::Template,
};

/// What an invitation would give: the role and the groups together, for the grant boundary.
pub(crate) struct Grant {
    pub(crate) role: RoleRecord,
    pub(crate) groups: Vec<GroupRecord>,
    pub(crate) permissions: PermissionSet,
}

impl Grant {
    /// Finds role and groups in the workspace; foreign and unknown ids are the same.
    pub(crate) async fn find(
        db: &mut Db,
        workspace: &WorkspaceRecord,
        template: &Template,
        role: RoleId,
        groups: &[GroupId],
    ) -> Result<Self, Failure> {
        let role = db
            .role(workspace.id, role)
            .await?
            .ok_or(Failure::NotFound("role"))?;
        let all = db.groups(workspace.id).await?;
        let mut found: Vec<GroupRecord> = Vec::with_capacity(groups.len());
        for id in groups {
            let group = all.iter().find(|g| g.id == *id);
            let group = group.ok_or(Failure::NotFound("group"))?;
            // Named twice is given once.
            if !found.iter().any(|g| g.id == group.id) {
                found.push(group.clone());
            }
        }
        let groups = found;
        let permissions = groups
            .iter()
            .fold(role.permissions(template), |set, group| {
                set.union(group_permissions(&template.catalogue, &group.permissions))
            });
        Ok(Self {
            role,
            groups,
            permissions,
        })
    }

    /// What a stored invitation gives now. Groups that were deleted meanwhile are not in it.
    pub(crate) async fn of(
        db: &mut Db,
        workspace: &WorkspaceRecord,
        template: &Template,
        invitation: &InvitationRecord,
    ) -> Result<Self, Failure> {
        let groups: Vec<GroupId> = db
            .groups_of_invitations(&[invitation.id])
            .await?
            .into_iter()
            .map(|(_, g)| g.id)
            .collect();
        Self::find(db, workspace, template, invitation.role_id, &groups).await
    }
}

/// Whether the inviter could still make this very grant: active, may manage the team, and
/// holds all of it. Checked where it is shown and, under the lock, where it is accepted.
pub(crate) async fn inviter_may_give(
    app: &Rolecall,
    db: &mut Db,
    template: &Template,
    invitation: &InvitationRecord,
    grant: PermissionSet,
) -> Result<bool, StoreError> {
    let Some(inviter) = invitation.inviter() else {
        return Ok(false);
    };
    member_may_give(app, db, template, invitation.workspace_id, inviter, grant).await
}

async fn member_may_give(
    app: &Rolecall,
    db: &mut Db,
    template: &Template,
    workspace: rolecall_shared::WorkspaceId,
    member: MemberId,
    grant: PermissionSet,
) -> Result<bool, StoreError> {
    let Some(holder) = db.holders(workspace, &[member]).await?.into_iter().next() else {
        return Ok(false);
    };
    if holder.status != "active" {
        return Ok(false);
    }
    let role = db.role(workspace, holder.role_id).await?;
    let role = role.map_or(PermissionSet::EMPTY, |r| r.permissions(template));
    let groups = db.group_grants(member).await?;
    let holdings = holdings_of(template, holder.is_owner, role, &groups);
    let held = rolecall_shared::policy::effective(
        &template.catalogue,
        &holdings,
        timestamp(app.clock().now()),
    );
    let manage = template
        .catalogue
        .core(rolecall_shared::permission::CorePermission::TeamManage);
    Ok(held.contains(manage)
        && rolecall_shared::policy::may_grant(holder.is_owner, held, grant).is_ok())
}

/// Writes down which invitations of the workspace are over; the rows of the trail for it.
pub(crate) async fn write_down_expired(
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
) -> Result<Vec<Entry>, StoreError> {
    let expired = tx.expire_invitations(now).await?;
    Ok(expired
        .into_iter()
        .map(|(id, email)| {
            Entry::new(
                "invitation.expired",
                Target::new("invitation", id, email),
                json!({}),
            )
        })
        .collect())
}

pub(crate) fn target(id: InvitationId, email: &str) -> Target {
    Target::new("invitation", id.0, email)
}

/// Said when the row a person acts on is not the row that is there now.
pub(crate) fn stale() -> Failure {
    Failure::Conflict(
        "This invitation changed a moment ago. Look at it again and repeat if you still want to."
            .into(),
    )
}
