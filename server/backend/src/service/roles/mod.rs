//! Roles: named permission sets of which every member has exactly one.

mod change;
pub(super) mod editing;
mod read;
mod review;

pub use change::{create, delete, update};
pub use read::{compare, editor, list};
pub use review::{begin_reviews, mark_reviewed};

pub(in crate::service) use review::begin_anew;

use rolecall_shared::{
    RoleId,
    catalogue::{Catalogue, PermissionSet},
    permission::{CorePermission, Scope},
    policy::RoleGrant,
};

use crate::{
    authz::Standing,
    store::{RoleRecord, WorkspaceRecord},
    templates::Template,
};

/// Most roles of a workspace, built-in ones included.
pub const MAX_ROLES: usize = 200;

/// What the new form of a role gives that the old one did not: more permissions, and those for
/// projects in all projects instead of own ones. The same for a preview and for the act.
pub(super) fn added(catalogue: &Catalogue, before: RoleGrant, after: RoleGrant) -> PermissionSet {
    let more = after.permissions.minus(before.permissions);
    if before.own_projects_only && !after.own_projects_only {
        let projects = catalogue.scoped(Scope::Project);
        return more.union(after.permissions.intersection(projects));
    }
    more
}

/// Why nobody changes a role of this workspace, or this role.
fn immutable(template: &Template, role: Option<&RoleRecord>) -> Option<String> {
    let built_in = role.is_some_and(|r| r.builtin_key.is_some());
    match (built_in, template.custom_roles) {
        (true, true) => {
            Some("Built-in roles stay as they are. Clone it and change the copy.".to_owned())
        }
        (true, false) => Some("Built-in roles stay as they are.".to_owned()),
        (false, false) => Some(format!(
            "A workspace of the kind “{}” has its built-in roles only.",
            template.title
        )),
        (false, true) => None,
    }
}

/// Why somebody only looks at roles or groups: the permission that they lack.
pub(super) fn may_only_look(
    standing: &Standing,
    template: &Template,
    what: &str,
) -> Option<String> {
    let manage = CorePermission::TeamManage;
    let may = standing.may(template, rolecall_shared::policy::Place::Workspace, manage);
    (!may).then(|| match standing.read_only() {
        Some(name) => rolecall_shared::view_as::read_only(&name),
        None => format!("You need the permission {manage} to change {what}."),
    })
}

/// The role that invitations choose first: the workspace's own choice, else the template's.
pub(super) fn default_role(
    workspace: &WorkspaceRecord,
    template: &Template,
    roles: &[RoleRecord],
) -> Option<RoleId> {
    let chosen = workspace.default_role();
    let of_template = || {
        let key = Some(template.default_role.as_str());
        roles.iter().find(|r| r.builtin_key.as_deref() == key)
    };
    let found = roles.iter().find(|r| Some(r.id) == chosen);
    found
        .or_else(of_template)
        .or(roles.last())
        .map(|role| role.id)
}
