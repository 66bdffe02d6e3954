//! The members list.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{
    GroupId, MemberId, RoleId,
    catalogue::PermissionSet,
    member::{MemberQuery, MemberRow, MemberStatus, Named, TeamCounts, TeamFilters},
    page::Page,
};

use super::Failure;
use crate::{
    Caller, Rolecall,
    authz::{Glance, Sources, Standing, TeamView, group_permissions},
    clock::timestamp,
    store::{MemberListRow, StoreError},
    templates::Template,
};

/// One page of the members. Needs `team:view`.
pub async fn list(
    app: &Rolecall,
    caller: &Caller,
    glance: &Glance,
    slug: &str,
    query: &MemberQuery,
) -> Result<Page<MemberRow>, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = glance
        .authorize::<TeamView>(app, &mut db, caller, slug)
        .await?;
    let template = template(app, &proof)?;
    let page = db.member_page(&proof, query, now).await??;
    let ids: Vec<MemberId> = page.rows.iter().map(|row| row.id).collect();
    let mut groups: HashMap<MemberId, Vec<GroupId>> = HashMap::new();
    for (member, group) in db.groups_of(&ids, now).await? {
        groups.entry(member).or_default().push(group);
    }
    let sources = glance.sources(&mut db, &proof).await?;
    let grants = Grants::of(&sources, template);
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let theirs = groups.remove(&row.id).unwrap_or_default();
            grants.dress(template, proof.member(), now, row, &theirs)
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Page {
        rows,
        next: page.next,
        previous: page.previous,
    })
}

/// The numbers above the table. Needs `team:view`.
pub async fn counts(
    app: &Rolecall,
    caller: &Caller,
    glance: &Glance,
    slug: &str,
) -> Result<TeamCounts, Failure> {
    let mut db = app.store().read().await?;
    let proof = glance
        .authorize::<TeamView>(app, &mut db, caller, slug)
        .await?;
    Ok(db.team_counts(&proof, app.clock().now()).await?)
}

/// What the filters offer. Needs `team:view`.
pub async fn filters(
    app: &Rolecall,
    caller: &Caller,
    glance: &Glance,
    slug: &str,
) -> Result<TeamFilters, Failure> {
    let mut db = app.store().read().await?;
    let proof = glance
        .authorize::<TeamView>(app, &mut db, caller, slug)
        .await?;
    let sources = glance.sources(&mut db, &proof).await?;
    let roles = sources.roles.iter().map(|role| Named {
        id: role.id,
        name: role.name.clone(),
    });
    let groups = sources.groups.iter().map(|group| Named {
        id: group.id,
        name: group.name.clone(),
    });
    Ok(TeamFilters {
        roles: roles.collect(),
        groups: groups.collect(),
    })
}

/// The template of a proven workspace.
pub(crate) fn template<'a>(
    app: &'a Rolecall,
    standing: &Standing,
) -> Result<&'a Template, StoreError> {
    standing.template(app)
}

/// All roles and groups of a workspace as permission sets: a few rows that dress every page.
pub(super) struct Grants {
    roles: HashMap<RoleId, (String, PermissionSet)>,
    /// By name, as they are shown.
    groups: Vec<(Named<GroupId>, PermissionSet)>,
}

impl Grants {
    pub(super) fn of(sources: &Sources, template: &Template) -> Self {
        Self {
            roles: sources
                .roles
                .iter()
                .map(|role| {
                    let set = role.permissions(template);
                    (role.id, (role.name.clone(), set))
                })
                .collect(),
            groups: sources
                .groups
                .iter()
                .map(|group| {
                    let set = group_permissions(&template.catalogue, &group.permissions);
                    let (id, name) = (group.id, group.name.clone());
                    (Named { id, name }, set)
                })
                .collect(),
        }
    }

    /// A row as the console shows it; `groups` are those that count at `now`.
    pub(super) fn dress(
        &self,
        template: &Template,
        you: MemberId,
        now: DateTime<Utc>,
        row: MemberListRow,
        theirs: &[GroupId],
    ) -> Result<MemberRow, StoreError> {
        let (role, permissions) = self.roles.get(&row.role_id).cloned().unwrap_or_default();
        let catalogue = &template.catalogue;
        let direct = if row.direct_expires_at.is_none_or(|end| now < end) {
            catalogue.stored(row.direct_permissions.split_whitespace())
        } else {
            PermissionSet::EMPTY
        };
        let (groups, sets): (Vec<_>, Vec<_>) = self
            .groups
            .iter()
            .filter(|(group, _)| theirs.contains(&group.id))
            .cloned()
            .unzip();
        let held = if row.is_owner {
            catalogue.all()
        } else {
            sets.into_iter()
                .fold(permissions.union(direct), PermissionSet::union)
        };
        Ok(MemberRow {
            id: row.id,
            is_you: row.id == you,
            name: row.name,
            email: row.email,
            role: Named {
                id: row.role_id,
                name: role,
            },
            is_owner: row.is_owner,
            groups,
            level: catalogue.level(held),
            status: MemberStatus::parse(&row.status)
                .ok_or(StoreError::Corrupt("a member's status"))?,
            invited_by: row.invited_by,
            joined_at: timestamp(row.joined_at),
            ends_at: row.expires_at.filter(|_| !row.is_owner).map(timestamp),
            last_active_at: row.last_active_at.map(timestamp),
        })
    }
}
