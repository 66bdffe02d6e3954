//! The members list.

use std::collections::HashMap;

use rolecall_shared::{
    MemberId,
    catalogue::PermissionSet,
    member::{MemberQuery, MemberRow, MemberStatus, Named, TeamCounts, TeamFilters},
    page::Page,
    policy,
};

use super::Failure;
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamView, group_permissions},
    clock::timestamp,
    store::{Db, MemberListRow, StoreError},
    templates::Template,
};

/// One page of the members. Needs `team:view`.
pub async fn list(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &MemberQuery,
) -> Result<Page<MemberRow>, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let page = db.member_page(&proof, query, now).await??;
    let ids: Vec<MemberId> = page.rows.iter().map(|row| row.id).collect();
    let mut groups: HashMap<MemberId, Vec<Named<rolecall_shared::GroupId>>> = HashMap::new();
    for (member, group) in db.groups_of(&ids, now).await? {
        groups.entry(member).or_default().push(group);
    }
    let grants = Grants::load(&mut db, &proof, template).await?;
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let theirs = groups.remove(&row.id).unwrap_or_default();
            grants.dress(template, caller, row, theirs)
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Page {
        rows,
        next: page.next,
        previous: page.previous,
    })
}

/// The numbers above the table. Needs `team:view`.
pub async fn counts(app: &Rolecall, caller: &Caller, slug: &str) -> Result<TeamCounts, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    Ok(db.team_counts(&proof, app.clock().now()).await?)
}

/// What the filters offer. Needs `team:view`.
pub async fn filters(app: &Rolecall, caller: &Caller, slug: &str) -> Result<TeamFilters, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let roles = db.roles(proof.workspace()).await?;
    let groups = db.groups(proof.workspace()).await?;
    Ok(TeamFilters {
        roles: roles
            .into_iter()
            .map(|r| Named {
                id: r.id,
                name: r.name,
            })
            .collect(),
        groups: groups
            .into_iter()
            .map(|g| Named {
                id: g.id,
                name: g.name,
            })
            .collect(),
    })
}

/// The template of a proven workspace.
pub(crate) fn template<'a, P: authz::Permission>(
    app: &'a Rolecall,
    proof: &Authorized<P>,
) -> Result<&'a Template, StoreError> {
    app.templates()
        .get(&proof.workspace_record().template)
        .ok_or(StoreError::Corrupt(
            "the workspace's template is not installed",
        ))
}

/// All roles and groups of a workspace as permission sets: a few rows that dress every page.
struct Grants {
    roles: HashMap<rolecall_shared::RoleId, (String, PermissionSet)>,
    groups: HashMap<rolecall_shared::GroupId, PermissionSet>,
}

impl Grants {
    async fn load(
        db: &mut Db,
        proof: &Authorized<TeamView>,
        template: &Template,
    ) -> Result<Self, StoreError> {
        let roles = db.roles(proof.workspace()).await?;
        let groups = db.groups(proof.workspace()).await?;
        Ok(Self {
            roles: roles
                .into_iter()
                .map(|role| {
                    let set = role.permissions(template);
                    (role.id, (role.name, set))
                })
                .collect(),
            groups: groups
                .into_iter()
                .map(|group| {
                    (
                        group.id,
                        group_permissions(&template.catalogue, &group.permissions),
                    )
                })
                .collect(),
        })
    }

    fn dress(
        &self,
        template: &Template,
        caller: &Caller,
        row: MemberListRow,
        groups: Vec<Named<rolecall_shared::GroupId>>,
    ) -> Result<MemberRow, StoreError> {
        let (role, permissions) = self.roles.get(&row.role_id).cloned().unwrap_or_default();
        let sets = groups
            .iter()
            .filter_map(|g| self.groups.get(&g.id))
            .copied();
        let holdings = policy::Holdings {
            is_owner: row.is_owner,
            role: permissions,
            grants: sets.map(policy::Grant::lasting).collect(),
        };
        let held = policy::effective(&template.catalogue, &holdings, timestamp(row.joined_at));
        Ok(MemberRow {
            id: row.id,
            is_you: row.user_id == caller.session.user,
            name: row.name,
            email: row.email,
            role: Named {
                id: row.role_id,
                name: role,
            },
            is_owner: row.is_owner,
            groups,
            level: template.catalogue.level(held),
            status: MemberStatus::parse(&row.status)
                .ok_or(StoreError::Corrupt("a member's status"))?,
            invited_by: row.invited_by,
            joined_at: timestamp(row.joined_at),
            last_active_at: row.last_active_at.map(timestamp),
        })
    }
}
