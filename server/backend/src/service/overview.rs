//! What an admin looks at first.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    GroupId, RoleId,
    member::Named,
    overview::{
        ENDING_DAYS, EndingGrant, EndingKind, Manager, Managers, Overview, RecentChange, RoleShare,
    },
    permission::CorePermission,
    policy::Place,
    text::visible,
};

use super::{Failure, audit::words, members::template};
use crate::{
    Caller, Rolecall,
    authz::{self, AuditView, Authorized, Denied, TeamView, group_permissions},
    clock::timestamp,
    store::{Db, Ending, EndsSoonRecord, Manages, RoleRecord, StoreError},
    templates::Template,
};

/// People who are named as managers.
const MANAGERS: i64 = 5;
/// Grants and changes that are listed.
const LISTED: usize = 10;
/// Grants that are looked at, since some may be in projects that the asker does not see.
const LOOKED_AT: i64 = 50;

/// The overview. Needs `team:view`; the last changes are for those who hold `audit:view`, and grants in
/// projects for those who see the project.
pub async fn load(app: &Rolecall, caller: &Caller, slug: &str) -> Result<Overview, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let roles = db.roles(proof.workspace()).await?;
    let numbers = db.overview_numbers(&proof, now).await?;
    let managers = managers(&mut db, &proof, template, &roles, now).await?;
    let (ending, more_ending) = ending(&mut db, &proof, template, now).await?;
    let roles = shares(&mut db, &proof, roles).await?;
    let changes = changes(app, &mut db, caller, slug).await?;
    Ok(Overview {
        members: numbers.members,
        roles,
        pending: numbers.pending,
        expired: numbers.expired,
        managers,
        dormant: numbers.dormant,
        ending,
        more_ending,
        changes,
    })
}

/// How many have each role, the most common first.
async fn shares(
    db: &mut Db,
    proof: &Authorized<TeamView>,
    roles: Vec<RoleRecord>,
) -> Result<Vec<RoleShare>, StoreError> {
    let counts = db.members_by_role(proof.workspace()).await?;
    let mut shares: Vec<RoleShare> = roles
        .into_iter()
        .map(|role| RoleShare {
            members: counts.get(&role.id).copied().unwrap_or_default(),
            role: Named {
                id: role.id,
                name: role.name,
            },
        })
        .collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.members));
    Ok(shares)
}

async fn managers(
    db: &mut Db,
    proof: &Authorized<TeamView>,
    template: &Template,
    roles: &[RoleRecord],
    now: DateTime<Utc>,
) -> Result<Managers, StoreError> {
    let catalogue = &template.catalogue;
    let manage = CorePermission::TeamManage;
    let bit = catalogue.core(manage);
    let by_role: Vec<RoleId> = roles
        .iter()
        .filter(|role| role.permissions(template).contains(bit))
        .map(|role| role.id)
        .collect();
    let groups = db.groups(proof.workspace()).await?;
    let by_group: Vec<GroupId> = groups
        .iter()
        .filter(|group| group_permissions(catalogue, &group.permissions).contains(bit))
        .map(|group| group.id)
        .collect();
    let manages = Manages {
        roles: &by_role,
        groups: &by_group,
        permission: &manage.to_string(),
    };
    let found = db.managers(proof, &manages, now, MANAGERS).await?;
    Ok(Managers {
        count: found.first().map_or(0, |row| row.total),
        owners: found.first().map_or(0, |row| row.owners),
        first: found
            .into_iter()
            .map(|row| Manager {
                member: Named {
                    id: row.id,
                    name: row.name,
                },
                is_owner: row.is_owner,
            })
            .collect(),
    })
}

/// What ends soon, and whether there is more than is listed.
async fn ending(
    db: &mut Db,
    proof: &Authorized<TeamView>,
    template: &Template,
    now: DateTime<Utc>,
) -> Result<(Vec<EndingGrant>, bool), StoreError> {
    let until = now + TimeDelta::days(ENDING_DAYS);
    let mut found = db.ending_grants(proof, now, until, LOOKED_AT).await?;
    let view = CorePermission::ProjectsView;
    found.retain(|row| match row.place() {
        Place::Workspace => true,
        place => proof.may(template, place, view),
    });
    let more = found.len() > LISTED;
    let listed = found.into_iter().take(LISTED).map(grant).collect();
    Ok((listed, more))
}

fn grant(row: EndsSoonRecord) -> EndingGrant {
    let what = match row.ending() {
        Ending::Group(id) => EndingKind::Group(Named {
            id,
            name: row.source_name,
        }),
        Ending::Override(id) => EndingKind::Override(Named {
            id,
            name: row.source_name,
        }),
        Ending::Membership => EndingKind::Membership,
        Ending::Direct => EndingKind::Direct,
    };
    EndingGrant {
        member: Named {
            id: row.member_id,
            name: row.member,
        },
        what,
        at: timestamp(row.expires_at),
    }
}

/// The last changes in words, for who may see the trail.
async fn changes(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
) -> Result<Option<Vec<RecentChange>>, Failure> {
    let proof = match authz::authorize::<AuditView>(app, db, caller, slug).await {
        Ok(proof) => proof,
        Err(Denied::Missing(_)) => return Ok(None),
        Err(other) => return Err(other.into()),
    };
    let most = i64::try_from(LISTED).unwrap_or(i64::MAX);
    let rows = db.recent_changes(&proof, most).await?;
    Ok(Some(
        rows.into_iter()
            .map(|row| RecentChange {
                seq: row.seq,
                at: timestamp(row.at),
                actor: visible(&row.actor_label),
                what: words::action(&row.action)
                    .map_or_else(|| visible(&row.action), str::to_owned),
                target: visible(&row.target_label),
            })
            .collect(),
    ))
}
