//! One member with all that they hold.

use std::collections::HashSet;

use rolecall_shared::{
    GroupId, MemberId, ProjectId,
    access::{
        GrantView, GroupMembership, GroupView, MemberAccess, MemberPage, OverrideView,
        ProjectPlace, RoleView,
    },
    catalogue::{Catalogue, PermissionSet},
    member::Named,
    membership::Suspension,
    permission::CorePermission,
    policy::{self, Grant, Holdings, Place},
};

use crate::{
    Caller, Rolecall,
    authz::{self, Act, Sources, Standing, group_permissions, holdings},
    clock::timestamp,
    service::{Failure, members::Grants, membership, projects, tokens},
    store::{Db, GroupRecord, PersonRecord, PlacedOverride, RoleRecord},
    templates::Template,
};

/// Most projects on the page.
const MOST_PROJECTS: usize = 100;

/// One member with all that they hold. Needs `team:view`, except for one's own page, which every
/// active member may load: without `team:view` its roles and groups are only those they have.
/// Overrides and projects are those in which the asker holds `projects:view`, and on one's own page
/// also one's own. `project` is the one to look at: it is among the projects however many there are.
///
/// # Errors
/// [`Failure::NotFound`] for a member who is not here.
pub async fn member(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    member: MemberId,
    project: Option<ProjectId>,
) -> Result<MemberPage, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let asker = authz::standing(app, &mut db, caller, slug).await?;
    let template = asker.template(app)?;
    let sees_team = asker.may(template, Place::Workspace, CorePermission::TeamView);
    if !sees_team && member != asker.member() {
        return Err(Failure::Denied(CorePermission::TeamView));
    }
    let person = db.person(asker.workspace(), member).await?;
    let person = person.ok_or(Failure::NotFound("member"))?;
    let row = db.member_row(&asker, member, now).await?;
    let row = row.ok_or(Failure::NotFound("member"))?;
    let grants = db.grants_of(&[member]).await?;
    let held = holdings(template, &person.holder, &grants);
    let groups = db.groups_of(&[member], now).await?;
    let groups: Vec<_> = groups.into_iter().map(|(_, group)| group).collect();
    let sources = Sources::load(&mut db, asker.workspace()).await?;
    let dressing = Grants::of(&sources, template);
    let catalogue = &template.catalogue;
    let (overrides, projects) = places(&mut db, &asker, template, member, project).await?;
    let (roles, all_groups) = (sources.roles.into_iter(), sources.groups.into_iter());
    let in_group = |id: GroupId| held.groups.iter().any(|g| g.id == id);
    let suspension = suspension(&mut db, &asker, &person).await?;
    let acts = membership::acts(&mut db, &asker, template, &person, &held).await?;
    let grantable = policy::everywhere(catalogue, asker.holdings(), asker.now());
    let sees_tokens = member == asker.member()
        || asker.may(template, Place::Workspace, CorePermission::TokensManage);
    let tokens = if sees_tokens && caller.session.viewing.is_none() {
        Some(tokens::held(&mut db, asker.workspace(), member, now).await?)
    } else {
        None
    };
    Ok(MemberPage {
        member: dressing.dress(template, asker.member(), now, row, &groups)?,
        version: person.holder.member_version,
        at: asker.now(),
        catalogue: catalogue.clone(),
        access: access(catalogue, &held),
        overrides,
        projects,
        roles: roles
            .filter(|role| sees_team || role.id == held.role.id)
            .map(|role| role_view(&asker, template, role))
            .collect(),
        groups: all_groups
            .filter(|group| sees_team || in_group(group.id))
            .map(|group| group_view(&asker, template, group))
            .collect(),
        grantable: catalogue.names(grantable),
        blocked: blocked(&asker, template, &held),
        suspension,
        tokens,
        acts,
    })
}

/// Since when and why they are suspended; time has no name and gives no reason.
async fn suspension(
    db: &mut Db,
    asker: &Standing,
    person: &PersonRecord,
) -> Result<Option<Suspension>, Failure> {
    if person.holder.is_active(asker.now()) {
        return Ok(None);
    }
    let life = db.life_of(asker, person.holder.member_id).await?;
    let life = life.ok_or(Failure::NotFound("member"))?;
    let ended = person.holder.ends_at();
    Ok(Some(Suspension {
        at: life.suspended_at.or(ended).map(timestamp),
        by: life.suspended_by,
        reason: life.suspended_reason,
    }))
}

fn grant_view(catalogue: &Catalogue, grant: Grant) -> GrantView {
    GrantView {
        permissions: catalogue.names(grant.permissions),
        expires_at: grant.expires_at,
    }
}

pub(super) fn access(catalogue: &Catalogue, held: &Holdings) -> MemberAccess {
    let groups = held.groups.iter();
    MemberAccess {
        role: held.role.id,
        groups: groups
            .map(|g| GroupMembership {
                group: g.id,
                expires_at: g.grant.expires_at,
            })
            .collect(),
        direct: grant_view(catalogue, held.direct),
    }
}

fn role_view(asker: &Standing, template: &Template, role: RoleRecord) -> RoleView {
    let catalogue = &template.catalogue;
    let grant = role.grant(template);
    RoleView {
        id: role.id,
        name: role.name,
        description: role.description,
        permissions: catalogue.names(grant.permissions),
        own_projects_only: grant.own_projects_only,
        lacking: authz::lacking(asker, catalogue, grant.permissions),
    }
}

fn group_view(asker: &Standing, template: &Template, group: GroupRecord) -> GroupView {
    let catalogue = &template.catalogue;
    let set = group_permissions(catalogue, &group.permissions);
    GroupView {
        id: group.id,
        name: group.name,
        description: group.description,
        permissions: catalogue.names(set),
        lacking: authz::lacking(asker, catalogue, set),
    }
}

fn override_view(catalogue: &Catalogue, over: &PlacedOverride) -> OverrideView {
    OverrideView {
        project: Named {
            id: over.project(),
            name: over.project_name.clone(),
        },
        grant: grant_view(catalogue, over.record.grant(catalogue)),
        set_by: over.record.set_by.clone(),
        set_at: timestamp(over.record.set_at),
        version: over.record.version,
    }
}

/// The overrides of a member and the projects to look at them in, as far as they exist for the asker:
/// those with an override and those they created first, then by name, and last the one that is asked for
/// when it is not among the first [`MOST_PROJECTS`].
async fn places(
    db: &mut Db,
    asker: &Standing,
    template: &Template,
    member: MemberId,
    wanted: Option<ProjectId>,
) -> Result<(Vec<OverrideView>, Vec<ProjectPlace>), Failure> {
    let catalogue = &template.catalogue;
    let most = i64::try_from(MOST_PROJECTS).unwrap_or(i64::MAX);
    // One's own are no secret, even where an override takes the view of the project.
    let own = member == asker.member();
    let asker_sees = |place| asker.may(template, place, CorePermission::ProjectsView);
    let seen = |place| own || asker_sees(place);
    let mut overrides = db.placed_overrides(asker, member).await?;
    overrides.retain(|over| {
        seen(Place::Project {
            id: over.project(),
            created_by: over.project_created_by(),
        })
    });
    let mut made = db.projects_made_by(asker, member, most).await?;
    made.retain(|project| seen(project.place()));
    let visible = projects::visible(asker, template);
    let others = db.first_projects(asker, &visible, most).await?;

    let place = |id, name: &str, created_by| ProjectPlace {
        project: Named {
            id,
            name: name.to_owned(),
        },
        theirs: created_by == Some(member),
    };
    let mut first: Vec<ProjectPlace> = overrides
        .iter()
        .map(|o| place(o.project(), &o.project_name, o.project_created_by()))
        .chain(made.iter().map(|p| place(p.id, &p.name, p.created_by())))
        .collect();
    first.sort_by_cached_key(|place| place.project.name.to_lowercase());
    let then = others.iter().map(|p| place(p.id, &p.name, p.created_by()));
    let mut taken = HashSet::new();
    let listed = first.into_iter().chain(then);
    let listed = listed.filter(|place| taken.insert(place.project.id));
    let mut projects: Vec<ProjectPlace> = listed.take(MOST_PROJECTS).collect();
    if let Some(id) = wanted.filter(|id| projects.iter().all(|p| p.project.id != *id)) {
        let found = db.project(asker.workspace(), id).await?;
        let found = found.filter(|project| asker_sees(project.place()));
        projects.extend(found.map(|p| place(p.id, &p.name, p.created_by())));
    }
    let overrides = overrides.iter().map(|o| override_view(catalogue, o));
    Ok((overrides.collect(), projects))
}

/// Why the asker can only look: what a change of this member is refused with, whatever it is.
fn blocked(asker: &Standing, template: &Template, held: &Holdings) -> Option<String> {
    let refused = if asker.may(template, Place::Workspace, CorePermission::TeamManage) {
        let act = Act {
            touches: std::slice::from_ref(held),
            ..Act::giving(PermissionSet::EMPTY)
        };
        let touched = authz::permit(asker, &template.catalogue, &act);
        touched.err().map(Failure::from)
    } else {
        Some(asker.lacks(CorePermission::TeamManage).into())
    };
    refused.map(|failure| failure.to_api("").message)
}
