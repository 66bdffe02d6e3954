//! Roles and groups: drafts, and the verbs of whoever works on them.

use rolecall_backend::service::{Failure, groups, roles};
use rolecall_shared::{
    GroupId, MemberId, RoleId, Timestamp,
    group::{GroupCard, GroupDraft, GroupEditor, GroupMember, GroupsPage},
    page::Page,
    role::{RoleCard, RoleComparison, RoleDraft, RoleEditor, RolesPage},
};

use super::{
    World,
    actors::{Colleague, Owner, Person},
};

/// Permissions of somebody who manages the team and sees deployments, on a [`platform`].
pub const MANAGER: [&str; 3] = ["team:view", "team:manage", "deployments:view"];

/// The first run with a template that has custom roles.
pub async fn platform(world: &World) -> Owner {
    world.owner_of("delivery-platform").await
}

impl World {
    /// A moment so many hours from now.
    pub fn in_hours(&self, hours: i64) -> Timestamp {
        Timestamp(self.now().0 + hours * 3_600_000_000)
    }
}

/// A role with these permissions.
pub fn role_draft(name: &str, permissions: &[&str]) -> RoleDraft {
    RoleDraft {
        name: name.into(),
        permissions: permissions.iter().map(|&p| p.to_owned()).collect(),
        ..RoleDraft::default()
    }
}

/// A group with these permissions.
pub fn group_draft(name: &str, permissions: &[&str]) -> GroupDraft {
    GroupDraft {
        name: name.into(),
        permissions: permissions.iter().map(|&p| p.to_owned()).collect(),
        ..GroupDraft::default()
    }
}

impl Person {
    pub async fn roles(&self) -> Result<RolesPage, Failure> {
        roles::list(&self.world.app, &self.caller, &self.slug).await
    }

    /// The card of the role of this name.
    pub async fn role_card(&self, name: &str) -> RoleCard {
        let page = self.roles().await.unwrap();
        let card = page.roles.into_iter().find(|r| r.name == name);
        card.unwrap_or_else(|| panic!("no role {name}"))
    }

    pub async fn role_editor(
        &self,
        role: Option<RoleId>,
        clone_of: Option<RoleId>,
    ) -> Result<RoleEditor, Failure> {
        roles::editor(&self.world.app, &self.caller, &self.slug, role, clone_of).await
    }

    pub async fn compare(&self, left: RoleId, right: RoleId) -> Result<RoleComparison, Failure> {
        roles::compare(&self.world.app, &self.caller, &self.slug, left, right).await
    }

    pub async fn create_role(&self, draft: &RoleDraft) -> Result<RoleId, Failure> {
        roles::create(&self.world.app, &self.caller, &self.slug, draft, None).await
    }

    pub async fn update_role(
        &self,
        role: RoleId,
        version: i64,
        draft: &RoleDraft,
    ) -> Result<i64, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        roles::update(app, caller, &self.slug, role, version, draft).await
    }

    pub async fn delete_role(
        &self,
        role: RoleId,
        version: i64,
        replacement: Option<RoleId>,
    ) -> Result<(), Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        roles::delete(app, caller, &self.slug, role, version, replacement).await
    }

    pub async fn groups(&self) -> Result<GroupsPage, Failure> {
        groups::list(&self.world.app, &self.caller, &self.slug).await
    }

    /// The card of the group of this name.
    pub async fn group_card(&self, name: &str) -> GroupCard {
        let page = self.groups().await.unwrap();
        let card = page.groups.into_iter().find(|g| g.name == name);
        card.unwrap_or_else(|| panic!("no group {name}"))
    }

    pub async fn group_editor(&self, group: Option<GroupId>) -> Result<GroupEditor, Failure> {
        groups::editor(&self.world.app, &self.caller, &self.slug, group).await
    }

    pub async fn group_members(
        &self,
        group: GroupId,
        cursor: Option<String>,
    ) -> Result<Page<GroupMember>, Failure> {
        groups::members(&self.world.app, &self.caller, &self.slug, group, cursor).await
    }

    pub async fn create_group(&self, draft: &GroupDraft) -> Result<GroupId, Failure> {
        groups::create(&self.world.app, &self.caller, &self.slug, draft).await
    }

    pub async fn update_group(
        &self,
        group: GroupId,
        version: i64,
        draft: &GroupDraft,
    ) -> Result<i64, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        groups::update(app, caller, &self.slug, group, version, draft).await
    }

    pub async fn delete_group(&self, group: GroupId, version: i64) -> Result<(), Failure> {
        groups::delete(&self.world.app, &self.caller, &self.slug, group, version).await
    }

    pub async fn add_to_group(
        &self,
        group: GroupId,
        members: &[MemberId],
        until: Option<Timestamp>,
    ) -> Result<usize, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        groups::add_members(app, caller, &self.slug, group, members, until).await
    }

    pub async fn remove_from_group(&self, group: GroupId, member: MemberId) -> Result<(), Failure> {
        groups::remove_member(&self.world.app, &self.caller, &self.slug, group, member).await
    }

    /// Their own membership.
    pub async fn me(&self) -> MemberId {
        self.member_id(&self.caller.session.email).await
    }

    /// Makes somebody a member with a role of their own, made by this person.
    pub async fn enrol_with(&self, name: &str, email: &str, permissions: &[&str]) -> Colleague {
        let role = format!("Role of {name}");
        self.create_role(&role_draft(&role, permissions))
            .await
            .unwrap();
        self.enrol(name, email, &role).await
    }

    /// The newest row of the trail: action and detail.
    pub async fn newest_entry(&self) -> (String, serde_json::Value) {
        let mut rows = self.world.trail(Some(self.workspace().await)).await;
        let row = rows.pop().unwrap();
        (row.action, serde_json::from_str(&row.detail).unwrap())
    }
}
