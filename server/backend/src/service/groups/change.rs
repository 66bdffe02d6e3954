//! Making, changing and deleting groups. A change of a group is a change of all its members.

use rolecall_shared::{
    GroupId,
    group::GroupDraft,
    policy::{Place, preview::Change},
};
use serde_json::{Value, json};

use super::{MAX_GROUPS, TOPICS, TOPICS_AND_INVITATIONS, snapshot, target};
use crate::{
    Caller, Rolecall,
    authz::{self, Act, group_permissions},
    service::{
        Failure, guard, once,
        roles::begin_anew,
        roles::editing::{Checked, NAMED, Opened, name_is_free, people, stale},
    },
    store::{Actor, Entry, GroupRecord},
};

impl Opened<'_> {
    /// The draft, if it is right and its name is free among all groups but one; and how many there are.
    async fn check_group(
        &mut self,
        draft: &GroupDraft,
        but: Option<GroupId>,
    ) -> Result<(Checked, usize), Failure> {
        let checked = Checked::new(
            &self.template.catalogue,
            "the group",
            &draft.name,
            &draft.description,
            &draft.permissions,
        )?;
        let groups = self.tx.groups(self.proof.workspace()).await?;
        let others = groups.iter().filter(|g| Some(g.id) != but);
        name_is_free("a group", &checked.name, others.map(|g| g.name.as_str()))?;
        Ok((checked, groups.len()))
    }

    /// Everybody in a group and every invitation that waits with it, for the trail.
    async fn concerned(&mut self, group: GroupId) -> Result<(Value, Value), Failure> {
        let (workspace, now) = (self.proof.workspace(), self.now);
        let members = self.tx.members_by_group(workspace, now).await?;
        let invitations = self.tx.invitations_by_group(workspace, now).await?;
        let named = self.tx.names_in_group(group, now, NAMED).await?;
        let invited = self.tx.invited_into_group(group, now, NAMED).await?;
        let count = |of: &std::collections::HashMap<GroupId, i64>| of.get(&group).copied();
        Ok((
            people(count(&members).unwrap_or_default(), named),
            json!({ "count": count(&invitations).unwrap_or_default(), "named": invited }),
        ))
    }
}

/// Makes a group. Needs `team:manage` and all that the group gives.
///
/// # Errors
/// [`Failure::Invalid`] on a field of the draft, [`Failure::Conflict`] when there are
/// [`MAX_GROUPS`], [`Failure::Refused`] past the grant boundary.
pub async fn create(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    draft: &GroupDraft,
) -> Result<GroupId, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    if let Some(id) = opened.made(caller).await? {
        return Ok(GroupId(id));
    }
    let (checked, count) = opened.check_group(draft, None).await?;
    if count >= MAX_GROUPS {
        return Err(Failure::Conflict(format!(
            "A workspace has at most {MAX_GROUPS} groups. Delete one that nobody needs first."
        )));
    }
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    let catalogue = &template.catalogue;
    authz::permit(&proof, catalogue, &Act::giving(checked.permissions))?;
    begin_anew(&mut tx, template).await?;
    let group = GroupRecord {
        id: app.random().id(now),
        permissions: checked.stored(catalogue, ""),
        name: checked.name,
        description: checked.description,
        version: 1,
    };
    tx.insert_group(&group).await?;
    let entry = Entry::new(
        "group.created",
        target(&group),
        json!({ "after": snapshot(template, &group) }),
    );
    once::keep(&mut tx, now, caller, proof.member(), group.id.0).await?;
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(group.id)
}

/// Changes a group and so all its members at once; gives its new version. Needs `team:manage` and
/// all that is added; taking away needs no more (rule 36). Nobody adds to a group that they
/// are in, if that adds to their own rights.
///
/// # Errors
/// [`Failure::Conflict`] when it changed since `version` or nobody could manage the team any
/// more; [`Failure::Invalid`] and [`Failure::Refused`] as for [`create`].
pub async fn update(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    group: GroupId,
    version: i64,
    draft: &GroupDraft,
) -> Result<i64, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let before = opened.unchanged(group, version).await?;
    let (checked, _) = opened.check_group(draft, Some(group)).await?;
    let catalogue = &opened.template.catalogue;
    let permissions = checked.permissions;
    let after = GroupRecord {
        permissions: checked.stored(catalogue, &before.permissions),
        name: checked.name,
        description: checked.description,
        ..before.clone()
    };
    let (old, new) = (
        snapshot(opened.template, &before),
        snapshot(opened.template, &after),
    );
    if old == new {
        return Ok(version);
    }
    let change = Change::EditGroup { group, permissions };
    let act = Act {
        gives: permissions.minus(group_permissions(catalogue, &before.permissions)),
        place: Place::Workspace,
        touches: &[],
        change: Some(&change),
    };
    authz::permit(&opened.proof, catalogue, &act)?;
    let (members, invitations) = opened.concerned(group).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    if !tx.update_group(&proof, &after).await? {
        return Err(stale("group"));
    }
    guard::somebody_manages(&mut tx, template).await?;
    let entry = Entry::new(
        "group.updated",
        target(&before),
        json!({ "before": old, "after": new, "members": members, "invitations": invitations }),
    );
    let actor = Actor::caller(caller);
    tx.commit(now, &actor, entry.into(), &TOPICS_AND_INVITATIONS)
        .await?;
    Ok(version + 1)
}

/// Deletes a group; its members and waiting invitations lose it. Needs `team:manage`.
///
/// # Errors
/// [`Failure::NotFound`] for a group that is not here, [`Failure::Conflict`] when it changed since
/// `version` or nobody could manage the team any more.
pub async fn delete(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    group: GroupId,
    version: i64,
) -> Result<(), Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let before = opened.unchanged(group, version).await?;
    let (members, invitations) = opened.concerned(group).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    if !tx.delete_group(&proof, group, version).await? {
        return Err(stale("group"));
    }
    guard::somebody_manages(&mut tx, template).await?;
    let entry = Entry::new(
        "group.deleted",
        target(&before),
        json!({
            "before": snapshot(template, &before),
            "members": members,
            "invitations": invitations,
        }),
    );
    let actor = Actor::caller(caller);
    tx.commit(now, &actor, entry.into(), &TOPICS_AND_INVITATIONS)
        .await?;
    Ok(())
}
