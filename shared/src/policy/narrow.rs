//! What is left of somebody's holdings when a token acts for them.

use super::{Grant, GroupGrant, Holdings, Override, Place, RoleGrant, TokenScope, effective};
use crate::{
    MemberId, Timestamp,
    catalogue::{Catalogue, PermissionSet},
    permission::Scope,
};

/// What a token has of what its member holds at `now`: holdings that say for every permission
/// and every place what [`super::allowed`] says of the member with that token. So whatever asks about
/// holdings (the boundary of giving, the touch rule, lists) is narrowed with it.
///
/// A token is no owner, whoever made it: what only owners do is not done by programs. `created_by` is
/// who created the project of a token for one project.
pub fn narrowed(
    catalogue: &Catalogue,
    member: &Holdings,
    scope: TokenScope,
    created_by: Option<MemberId>,
    now: Timestamp,
) -> Holdings {
    let most = scope.permissions;
    let role = RoleGrant {
        permissions: PermissionSet::EMPTY,
        own_projects_only: false,
        ..member.role
    };
    if let Some(id) = scope.project {
        let here = effective(catalogue, member, Place::Project { id, created_by }, now);
        let here = here
            .intersection(most)
            .intersection(catalogue.scoped(Scope::Project));
        let mut only = Holdings::new(member.member, role);
        only.overrides.push(Override {
            project: id,
            grant: Grant::lasting(here),
        });
        return only;
    }
    if member.is_owner {
        let permissions = catalogue.all().intersection(most);
        return Holdings::new(
            member.member,
            RoleGrant {
                permissions,
                ..role
            },
        );
    }
    let cut = |grant: Grant| Grant {
        permissions: grant.permissions.intersection(most),
        ..grant
    };
    Holdings {
        member: member.member,
        is_owner: false,
        role: RoleGrant {
            permissions: member.role.permissions.intersection(most),
            ..member.role
        },
        groups: member
            .groups
            .iter()
            .map(|group| GroupGrant {
                grant: cut(group.grant),
                ..*group
            })
            .collect(),
        direct: cut(member.direct),
        overrides: member
            .overrides
            .iter()
            .map(|o| Override {
                grant: cut(o.grant),
                ..*o
            })
            .collect(),
    }
}
