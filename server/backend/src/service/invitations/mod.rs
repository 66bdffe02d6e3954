//! Invitations as the console handles them: asking, sending, and every change while they wait.

mod answer;
mod change;
mod link;
mod policy;
mod read;
mod send;

pub use change::{change, resend, revoke};
pub use link::copy_link;
pub use policy::{policy, set_policy};
pub use read::{deliveries, list, one, options};
pub use send::send;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, InvitationId, MemberId, ProjectId, RoleId, Timestamp,
    catalogue::PermissionSet,
    policy::{Holdings, boundary::may_invite},
};
use serde_json::json;

use super::{Failure, post};
use crate::{
    Rolecall,
    authz::{self, Act, Standing, group_permissions, holdings},
    clock::timestamp,
    store::{
        Actor, Db, Entries, Entry, GroupRecord, InvitationRecord, InvitedOverrideRecord,
        ProjectRecord, RoleRecord, StoreError, Target, WorkspaceRecord, WorkspaceTx,
    },
    templates::Template,
};

/// Groups that one invitation gives: each is a row per address, and there can be hundreds of those.
const MAX_GROUPS: usize = 20;

/// What an invitation would give in one project instead.
#[derive(Clone)]
pub(crate) struct InvitedOverride {
    pub(crate) project: ProjectRecord,
    pub(crate) permissions: PermissionSet,
}

impl InvitedOverride {
    /// For the trail: names, never ids only.
    pub(crate) fn said(&self, template: &Template) -> serde_json::Value {
        json!({
            "project": self.project.name,
            "project_id": self.project.id,
            "permissions": template.catalogue.names(self.permissions),
        })
    }
}

/// What an invitation would give: the role and the groups together, and what replaces it in single
/// projects, for the grant boundary.
pub(crate) struct Grant {
    pub(crate) role: RoleRecord,
    pub(crate) groups: Vec<GroupRecord>,
    pub(crate) permissions: PermissionSet,
    pub(crate) overrides: Vec<InvitedOverride>,
}

impl Grant {
    /// Finds role and groups in the workspace; foreign and unknown ids are the same.
    ///
    /// # Errors
    /// [`Failure::Invalid`] on `groups` past [`MAX_GROUPS`].
    pub(crate) async fn find(
        db: &mut Db,
        workspace: &WorkspaceRecord,
        template: &Template,
        role: RoleId,
        groups: &[GroupId],
    ) -> Result<Self, Failure> {
        if groups.len() > MAX_GROUPS {
            let message = format!("Choose at most {MAX_GROUPS} groups.");
            return Err(Failure::field("groups", message));
        }
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
            overrides: Vec::new(),
        })
    }

    /// What a stored invitation gives now. Groups and projects that were deleted meanwhile are not in
    /// it.
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
        let role = invitation.role_id;
        let mut grant = Self::find(db, workspace, template, role, &groups).await?;
        for stored in db.overrides_of_invitations(&[invitation.id]).await? {
            let names = stored.permissions.split_whitespace();
            if let Some(project) = db.project(workspace.id, stored.project_id).await? {
                grant.overrides.push(InvitedOverride {
                    permissions: template.catalogue.stored(names),
                    project,
                });
            }
        }
        Ok(grant)
    }

    /// Whether it is made of just these groups and overrides, whatever the role.
    fn is_made_of(
        &self,
        groups: &HashSet<GroupId>,
        overrides: &HashMap<ProjectId, PermissionSet>,
    ) -> bool {
        self.groups.len() == groups.len()
            && self.groups.iter().all(|group| groups.contains(&group.id))
            && self.overrides.len() == overrides.len()
            && self
                .overrides
                .iter()
                .all(|over| overrides.get(&over.project.id) == Some(&over.permissions))
    }

    /// Whether another one gives the same.
    fn is_like(&self, other: &Self) -> bool {
        let groups = other.groups.iter().map(|group| group.id).collect();
        let overrides = other.overrides.iter();
        let overrides = overrides.map(|o| (o.project.id, o.permissions)).collect();
        self.role.id == other.role.id && self.is_made_of(&groups, &overrides)
    }

    fn group_ids(&self) -> Vec<GroupId> {
        self.groups.iter().map(|group| group.id).collect()
    }

    fn group_names(&self) -> Vec<&str> {
        self.groups
            .iter()
            .map(|group| group.name.as_str())
            .collect()
    }

    fn said_overrides(&self, template: &Template) -> Vec<serde_json::Value> {
        let overrides = self.overrides.iter();
        overrides.map(|over| over.said(template)).collect()
    }

    /// For the trail.
    fn said(&self, template: &Template) -> serde_json::Value {
        json!({
            "role": self.role.name,
            "groups": self.group_names(),
            "overrides": self.said_overrides(template),
        })
    }

    /// Its overrides as an invitation keeps them.
    fn stored_overrides(
        &self,
        invitation: InvitationId,
        template: &Template,
    ) -> Vec<InvitedOverrideRecord> {
        let stored = |over: &InvitedOverride| InvitedOverrideRecord {
            invitation_id: invitation,
            project_id: over.project.id,
            permissions: template.catalogue.names(over.permissions).join(" "),
        };
        self.overrides.iter().map(stored).collect()
    }

    /// Refuses what the caller may not give, in the workspace or in one of the projects.
    pub(crate) fn permit(&self, actor: &Standing, template: &Template) -> Result<(), Failure> {
        let catalogue = &template.catalogue;
        authz::permit(actor, catalogue, &Act::giving(self.permissions))?;
        for over in &self.overrides {
            let act = Act {
                place: over.project.place(),
                ..Act::giving(over.permissions)
            };
            authz::permit(actor, catalogue, &act)?;
        }
        Ok(())
    }

    /// Whether a member who holds this may give it.
    fn may_be_given_by(&self, template: &Template, giver: &Holdings, now: Timestamp) -> bool {
        let overrides = self.overrides.iter();
        let places: Vec<_> = overrides
            .map(|over| (over.project.place(), over.permissions))
            .collect();
        may_invite(&template.catalogue, giver, self.permissions, &places, now)
    }
}

/// Whether the inviter could still make this very grant: active, may manage the team, and
/// holds all of it. Checked where it is shown and, under the lock, where it is accepted.
pub(crate) async fn inviter_may_give(
    app: &Rolecall,
    db: &mut Db,
    template: &Template,
    invitation: &InvitationRecord,
    grant: &Grant,
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
    grant: &Grant,
) -> Result<bool, StoreError> {
    let Some(person) = db.person(workspace, member).await? else {
        return Ok(false);
    };
    let now = timestamp(app.clock().now());
    if !person.holder.is_active(now) {
        return Ok(false);
    }
    let grants = db.grants_of(&[member]).await?;
    let holdings = holdings(template, &person.holder, &grants);
    Ok(grant.may_be_given_by(template, &holdings, now))
}

/// Writes down which invitations of the workspace are over, and in the trail that time ended them
/// and nobody else, whoever's transaction this is; tells who sent them. True when there was any.
pub(crate) async fn write_down_expired(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    now: DateTime<Utc>,
    noticed_by: &'static str,
) -> Result<bool, Failure> {
    let expired = tx.expire_invitations(now).await?;
    post::expired(app, tx, now, &expired).await?;
    let entries = expired
        .into_iter()
        .map(|record| {
            Entry::new(
                "invitation.expired",
                target(record.id, &record.email),
                json!({}),
            )
        })
        .collect();
    let Some(entries) = Entries::many(entries) else {
        return Ok(false);
    };
    tx.record(now, &Actor::system(noticed_by), entries).await?;
    Ok(true)
}

pub(crate) fn target(id: InvitationId, email: &str) -> Target {
    Target::new("invitation", id.0, email)
}

/// Said when the row a person acts on is not the row that is there now.
pub(crate) fn stale() -> Failure {
    Failure::Stale(
        "This invitation changed a moment ago. Look at it again and repeat if you still want to."
            .into(),
    )
}
