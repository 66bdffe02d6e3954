//! From stored roles, groups and overrides to what decides.

use rolecall_shared::{
    ProjectId,
    catalogue::{Catalogue, PermissionSet},
    policy::{Grant, GroupGrant, Holdings, Override, RoleGrant, TokenScope},
};

use crate::{
    clock::timestamp,
    store::{GrantKind, GrantRecord, HolderRecord, RoleRecord},
    templates::Template,
};

/// What a role gives: a built-in one what the template says now, a custom one what was stored.
/// A built-in role that the template no longer has gives nothing.
fn role_permissions(template: &Template, builtin_key: Option<&str>, stored: &str) -> PermissionSet {
    match builtin_key {
        Some(key) => template
            .role(key)
            .map_or(PermissionSet::EMPTY, |role| role.set(&template.catalogue)),
        None => template.catalogue.stored(stored.split_whitespace()),
    }
}

fn own_projects_only(template: &Template, builtin_key: Option<&str>, stored: bool) -> bool {
    match builtin_key {
        Some(key) => template.role(key).is_some_and(|r| r.own_projects_only),
        None => stored,
    }
}

/// What a group gives.
pub fn group_permissions(catalogue: &Catalogue, stored: &str) -> PermissionSet {
    catalogue.stored(stored.split_whitespace())
}

impl RoleRecord {
    /// What this role gives.
    pub fn permissions(&self, template: &Template) -> PermissionSet {
        role_permissions(template, self.builtin_key.as_deref(), &self.permissions)
    }

    /// What somebody with this role holds by it.
    pub fn grant(&self, template: &Template) -> RoleGrant {
        RoleGrant {
            id: self.id,
            permissions: self.permissions(template),
            own_projects_only: own_projects_only(
                template,
                self.builtin_key.as_deref(),
                self.own_projects_only,
            ),
        }
    }
}

/// All that decides for one member. Of the grants only theirs are taken.
pub fn holdings(template: &Template, member: &HolderRecord, grants: &[GrantRecord]) -> Holdings {
    let key = member.builtin_key.as_deref();
    let role = RoleGrant {
        id: member.role_id,
        permissions: role_permissions(template, key, &member.role_permissions),
        own_projects_only: own_projects_only(template, key, member.own_projects_only),
    };
    let mut made = Holdings::new(member.member_id, role);
    made.is_owner = member.is_owner;
    made.direct = grant(
        template,
        &member.direct_permissions,
        member.direct_expires_at,
    );
    for row in grants.iter().filter(|g| g.member_id == member.member_id) {
        let grant = grant(template, &row.permissions, row.expires_at);
        match row.kind() {
            GrantKind::Group(id) => made.groups.push(GroupGrant { id, grant }),
            GrantKind::Override(project) => made.overrides.push(Override { project, grant }),
        }
    }
    made
}

/// What a stored token is limited to.
pub fn token_scope(
    template: &Template,
    permissions: Option<&str>,
    project: Option<ProjectId>,
) -> TokenScope {
    let catalogue = &template.catalogue;
    TokenScope {
        permissions: permissions.map_or(catalogue.all(), |names| {
            catalogue.stored(names.split_whitespace())
        }),
        project,
    }
}

fn grant(
    template: &Template,
    stored: &str,
    expires_at: Option<chrono::DateTime<chrono::Utc>>,
) -> Grant {
    Grant {
        permissions: template.catalogue.stored(stored.split_whitespace()),
        expires_at: expires_at.map(timestamp),
    }
}
