//! From stored roles and groups to permission sets.

use chrono::{DateTime, Utc};
use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    policy::{Grant, Holdings},
};

use crate::{clock::timestamp, store::RoleRecord, templates::Template};

/// What a role gives: a built-in one what the template says now, a custom one what was stored.
/// A built-in role that the template no longer has gives nothing.
pub fn role_permissions(
    template: &Template,
    builtin_key: Option<&str>,
    stored: &str,
) -> PermissionSet {
    match builtin_key {
        Some(key) => template
            .roles
            .iter()
            .find(|role| role.key == key)
            .map_or(PermissionSet::EMPTY, |role| role.set(&template.catalogue)),
        None => template.catalogue.stored(stored.split_whitespace()),
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
}

/// All that decides for one member, from their role and their groups with the groups' ends.
pub fn holdings_of(
    template: &Template,
    is_owner: bool,
    role: PermissionSet,
    groups: &[(String, Option<DateTime<Utc>>)],
) -> Holdings {
    let grants = groups
        .iter()
        .map(|(stored, end)| Grant {
            permissions: group_permissions(&template.catalogue, stored),
            expires_at: end.map(timestamp),
        })
        .collect();
    Holdings {
        is_owner,
        role,
        grants,
    }
}
