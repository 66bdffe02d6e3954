//! Reading groups.

use rolecall_shared::{
    GroupId, Timestamp,
    group::{GroupCard, GroupDraft, GroupEditor, GroupMember, GroupsPage, Starter},
    page::Page,
    policy,
};

use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, TeamView, group_permissions},
    clock::timestamp,
    names,
    service::{Failure, members::template, roles::may_only_look},
    store::{GroupMemberRecord, GroupRecord},
    templates::{GroupStarter, Template},
};

fn card(template: &Template, group: &GroupRecord, members: i64, invitations: i64) -> GroupCard {
    let catalogue = &template.catalogue;
    GroupCard {
        id: group.id,
        name: group.name.clone(),
        description: group.description.clone(),
        level: catalogue.level(group_permissions(catalogue, &group.permissions)),
        members,
        invitations,
        version: group.version,
    }
}

fn starter(proof: &Authorized<TeamView>, template: &Template, starter: &GroupStarter) -> Starter {
    let catalogue = &template.catalogue;
    Starter {
        draft: GroupDraft {
            name: starter.name.clone(),
            description: starter.description.clone(),
            permissions: catalogue.names(starter.permissions),
        },
        level: catalogue.level(starter.permissions),
        lacking: authz::lacking(proof, catalogue, starter.permissions),
    }
}

/// All groups as cards, and those that the template offers and that are not there yet. Needs
/// `team:view`.
pub async fn list(app: &Rolecall, caller: &Caller, slug: &str) -> Result<GroupsPage, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let workspace = proof.workspace();
    let groups = db.groups(workspace).await?;
    let members = db.members_by_group(workspace, now).await?;
    let invitations = db.invitations_by_group(workspace, now).await?;
    let count = |of: &std::collections::HashMap<GroupId, i64>, id| of.get(&id).copied();
    let there = |name: &str| names::first_alike(name, groups.iter().map(|g| g.name.as_str()));
    let starters = template.group_starters.iter();
    Ok(GroupsPage {
        starters: starters
            .filter(|s| there(&s.name).is_none())
            .map(|s| starter(&proof, template, s))
            .collect(),
        groups: groups
            .iter()
            .map(|group| {
                let members = count(&members, group.id).unwrap_or_default();
                let invitations = count(&invitations, group.id).unwrap_or_default();
                card(template, group, members, invitations)
            })
            .collect(),
        group_required: template.group_required,
    })
}

/// One group for its page, or a new one. Needs `team:view`; who may not change it is told why.
///
/// # Errors
/// [`Failure::NotFound`] for a group that is not there, or of another workspace.
pub async fn editor(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    group: Option<GroupId>,
) -> Result<GroupEditor, Failure> {
    let now = app.clock().now();
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let catalogue = &template.catalogue;
    let grantable = policy::everywhere(catalogue, proof.holdings(), proof.now());
    let mut editor = GroupEditor {
        group: None,
        draft: GroupDraft::default(),
        catalogue: catalogue.clone(),
        grantable: catalogue.names(grantable),
        blocked: may_only_look(&proof, template, "groups"),
    };
    let Some(id) = group else {
        return Ok(editor);
    };
    let workspace = proof.workspace();
    let found = db.group(workspace, id).await?;
    let found = found.ok_or(Failure::NotFound("group"))?;
    let members = db.members_by_group(workspace, now).await?;
    let invitations = db.invitations_by_group(workspace, now).await?;
    editor.group = Some(card(
        template,
        &found,
        members.get(&id).copied().unwrap_or_default(),
        invitations.get(&id).copied().unwrap_or_default(),
    ));
    editor.draft = GroupDraft {
        permissions: catalogue.names(group_permissions(catalogue, &found.permissions)),
        name: found.name,
        description: found.description,
    };
    Ok(editor)
}

/// One page of the people in a group, by name, also those whose time in it is over. Needs
/// `team:view`.
///
/// # Errors
/// [`Failure::NotFound`] for a group that is not there, [`Failure::Invalid`] on a bad `cursor`.
pub async fn members(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    group: GroupId,
    cursor: Option<String>,
) -> Result<Page<GroupMember>, Failure> {
    let now = timestamp(app.clock().now());
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamView>(app, &mut db, caller, slug).await?;
    db.group(proof.workspace(), group)
        .await?
        .ok_or(Failure::NotFound("group"))?;
    let page = db.group_page(&proof, group, cursor.as_deref()).await??;
    Ok(Page {
        rows: page.rows.into_iter().map(|row| member(row, now)).collect(),
        next: page.next,
        previous: page.previous,
    })
}

fn member(row: GroupMemberRecord, now: Timestamp) -> GroupMember {
    let expires_at = row.expires_at.map(timestamp);
    GroupMember {
        id: row.id,
        name: row.name,
        email: row.email,
        expires_at,
        expired: expires_at.is_some_and(|end| end <= now),
    }
}
