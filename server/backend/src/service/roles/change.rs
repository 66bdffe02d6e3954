//! Making, changing and deleting custom roles.

use chrono::{DateTime, Utc};
use rolecall_shared::{RoleId, policy::preview::Change, role::RoleDraft, text};
use serde_json::{Value, json};

use super::{
    MAX_ROLES, added,
    editing::{Checked, NAMED, Opened, name_is_free, people, stale},
    immutable,
    review::begin_anew,
};
use crate::{
    Caller, Rolecall,
    authz::{self, Act, Authorized, TeamManage},
    events::Topic,
    service::{Failure, guard, invitations::write_down_expired, once, settings},
    store::{Actor, Entries, Entry, RoleRecord, Target, WorkspaceTx},
    templates::Template,
};

/// Roles show in the list of members as well.
const TOPICS: [Topic; 2] = [Topic::Access, Topic::Members];
/// As [`TOPICS`], where invitations that wait would give the role.
const TOPICS_AND_INVITATIONS: [Topic; 3] = [Topic::Access, Topic::Members, Topic::Invitations];
/// As [`TOPICS_AND_INVITATIONS`], where the settings may name the role.
const TOPICS_OF_DELETION: [Topic; 4] = [
    Topic::Access,
    Topic::Members,
    Topic::Invitations,
    Topic::Settings,
];

impl Opened<'_> {
    /// A role that can be changed, as it was when the caller looked at it.
    async fn custom(&mut self, role: RoleId, version: i64) -> Result<RoleRecord, Failure> {
        let found = self.tx.role(self.proof.workspace(), role).await?;
        let found = found.ok_or(Failure::NotFound("role"))?;
        if found.builtin_key.is_some() {
            let why = immutable(self.template, Some(&found)).unwrap_or_default();
            return Err(Failure::BuiltIn(why));
        }
        if found.version != version {
            return Err(stale("role"));
        }
        Ok(found)
    }

    /// The draft, if it is right and its name is free among all roles but one; and how many there are.
    async fn check_role(
        &mut self,
        draft: &RoleDraft,
        but: Option<RoleId>,
    ) -> Result<(Checked, usize), Failure> {
        let checked = Checked::new(
            &self.template.catalogue,
            "the role",
            &draft.name,
            &draft.description,
            &draft.permissions,
        )?;
        let roles = self.tx.roles(self.proof.workspace()).await?;
        let others = roles.iter().filter(|r| Some(r.id) != but);
        let built_in = self.template.roles.iter().map(|r| r.name.as_str());
        let taken = others.map(|r| r.name.as_str()).chain(built_in);
        name_is_free("a role", &checked.name, taken)?;
        Ok((checked, roles.len()))
    }
}

fn target(role: &RoleRecord) -> Target {
    Target::new("role", role.id.0, role.name.clone())
}

/// A role as the trail keeps it.
fn snapshot(template: &Template, role: &RoleRecord) -> Value {
    json!({
        "name": role.name,
        "description": role.description,
        "permissions": template.catalogue.names(role.permissions(template)),
        "own_projects_only": role.own_projects_only,
    })
}

/// Makes a custom role, which remembers the one it was cloned from. Needs `team:manage` and all
/// that the role gives.
///
/// # Errors
/// [`Failure::Invalid`] on a field of the draft, [`Failure::NotFound`] for a role to be cloned that is
/// not here, [`Failure::Conflict`] where the template has no
/// custom roles or there are [`MAX_ROLES`], [`Failure::Refused`] past the grant boundary.
pub async fn create(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    draft: &RoleDraft,
    clone_of: Option<RoleId>,
) -> Result<RoleId, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    if let Some(id) = opened.made(caller).await? {
        return Ok(RoleId(id));
    }
    if let Some(why) = immutable(opened.template, None) {
        return Err(Failure::Conflict(why));
    }
    let (checked, count) = opened.check_role(draft, None).await?;
    if count >= MAX_ROLES {
        return Err(Failure::Conflict(format!(
            "A workspace has at most {MAX_ROLES} roles. Delete one that nobody needs first."
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
    if let Some(origin) = clone_of {
        let found = tx.role(proof.workspace(), origin).await?;
        found.ok_or(Failure::NotFound("role"))?;
    }
    begin_anew(&mut tx, template).await?;
    let role = RoleRecord {
        id: app.random().id(now),
        builtin_key: None,
        cloned_from: clone_of.map(|origin| origin.0),
        permissions: checked.stored(catalogue, ""),
        name: checked.name,
        description: checked.description,
        own_projects_only: draft.own_projects_only,
        version: 1,
    };
    tx.insert_role(&role).await?;
    let entry = Entry::new(
        "role.created",
        target(&role),
        json!({ "after": snapshot(template, &role) }),
    );
    once::keep(&mut tx, now, caller, proof.member(), role.id.0).await?;
    tx.commit(now, &Actor::caller(caller), entry.into(), &TOPICS)
        .await?;
    Ok(role.id)
}

/// Changes a custom role, and so what everybody who has it may do; gives its new version. Needs
/// `team:manage` and all that is added; taking away needs no more (rule 36). Nobody adds to
/// their own role.
///
/// # Errors
/// [`Failure::BuiltIn`] and [`Failure::Conflict`] when it changed since `version` or nobody
/// could manage the team any more; [`Failure::Invalid`] and [`Failure::Refused`] as for [`create`].
pub async fn update(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    role: RoleId,
    version: i64,
    draft: &RoleDraft,
) -> Result<i64, Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let before = opened.custom(role, version).await?;
    if let Some(why) = immutable(opened.template, Some(&before)) {
        return Err(Failure::Conflict(why));
    }
    let (checked, _) = opened.check_role(draft, Some(role)).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    let after = RoleRecord {
        permissions: checked.stored(&template.catalogue, &before.permissions),
        name: checked.name,
        description: checked.description,
        own_projects_only: draft.own_projects_only,
        ..before.clone()
    };
    let (old, new) = (snapshot(template, &before), snapshot(template, &after));
    if old == new {
        return Ok(version);
    }
    let grant = after.grant(template);
    // As a replacement by itself, which tells of wider reach too, not only of other permissions.
    let change = Change::ReplaceRole { role, with: grant };
    let act = Act {
        change: Some(&change),
        ..Act::giving(added(&template.catalogue, before.grant(template), grant))
    };
    authz::permit(&proof, &template.catalogue, &act)?;
    if !tx.update_role(&proof, now, &after).await? {
        return Err(stale("role"));
    }
    guard::somebody_manages(&mut tx, template).await?;
    let (members, invitations) = concerned(&mut tx, &proof, role, now).await?;
    let named = tx.names_with_role(role, NAMED).await?;
    let entry = Entry::new(
        "role.updated",
        target(&before),
        json!({ "before": old, "after": new, "members": people(members, named), "invitations": invitations }),
    );
    let actor = Actor::caller(caller);
    tx.commit(now, &actor, entry.into(), &TOPICS_AND_INVITATIONS)
        .await?;
    Ok(version + 1)
}

/// How many members have a role, and how many invitations that wait would give it.
async fn concerned(
    tx: &mut WorkspaceTx,
    proof: &Authorized<TeamManage>,
    role: RoleId,
    now: DateTime<Utc>,
) -> Result<(i64, i64), Failure> {
    let members = tx.members_by_role(proof.workspace()).await?;
    let invitations = tx.invitations_by_role(proof.workspace(), now).await?;
    let count = |of: &std::collections::HashMap<RoleId, i64>| of.get(&role).copied();
    Ok((
        count(&members).unwrap_or_default(),
        count(&invitations).unwrap_or_default(),
    ))
}

/// Deletes a custom role; everybody who has it, and every invitation that waits, gets the
/// replacement, which is also what invitations choose first if the role was that. Needs `team:manage`, and all that the replacement gives (rule 42). Links of
/// those invitations keep working: the page behind them shows the role they give now.
///
/// # Errors
/// [`Failure::Invalid`] on `replacement` when somebody has the role, or invitations choose it first,
/// and none is named,
/// [`Failure::NotFound`] for roles that are not here, [`Failure::BuiltIn`],
/// [`Failure::Conflict`] when it changed since `version` or nobody could manage the team any more
/// [`Failure::Refused`] past the grant boundary.
pub async fn delete(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    role: RoleId,
    version: i64,
    replacement: Option<RoleId>,
) -> Result<(), Failure> {
    let mut opened = Opened::new(app, caller, slug).await?;
    let before = opened.custom(role, version).await?;
    let Opened {
        mut tx,
        proof,
        template,
        now,
    } = opened;
    let chosen = chosen(&mut tx, &proof, role, replacement).await?;
    // What ended keeps the role it had; whatever waits after this is given the replacement.
    write_down_expired(app, &mut tx, now, "roles").await?;
    let (members, invitations) = concerned(&mut tx, &proof, role, now).await?;
    let named = tx.names_with_role(role, NAMED).await?;
    let is_default = tx.workspace().default_role() == Some(role);
    let with = match chosen {
        _ if members + invitations == 0 && !is_default => None,
        Some(with) => Some(with),
        None => return Err(needs_replacement(members, invitations, is_default)),
    };
    if let Some(with) = &with {
        let grant = with.grant(template);
        let change = Change::ReplaceRole { role, with: grant };
        let act = Act {
            change: Some(&change),
            ..Act::giving(grant.permissions)
        };
        authz::permit(&proof, &template.catalogue, &act)?;
        tx.replace_role(&proof, role, with).await?;
        if is_default {
            tx.set_default_role(with.id).await?;
        }
    }
    if !tx.delete_role(&proof, now, role, version).await? {
        return Err(stale("role"));
    }
    guard::somebody_manages(&mut tx, template).await?;
    let entry = Entry::new(
        "role.deleted",
        target(&before),
        json!({
            "before": snapshot(template, &before),
            "replacement": with.as_ref().map(|role| &role.name),
            "default": is_default,
            "members": people(members, named),
            "invitations": invitations,
        }),
    );
    let entries = match with.filter(|_| is_default) {
        Some(with) => {
            let workspace = tx.workspace();
            Entries::pair(
                settings::default_role_changed(workspace, &before.name, &with.name),
                entry,
            )
        }
        None => entry.into(),
    };
    tx.commit(now, &Actor::caller(caller), entries, &TOPICS_OF_DELETION)
        .await?;
    Ok(())
}

/// The replacement that was asked for: another role of the workspace.
async fn chosen(
    tx: &mut WorkspaceTx,
    proof: &Authorized<TeamManage>,
    role: RoleId,
    replacement: Option<RoleId>,
) -> Result<Option<RoleRecord>, Failure> {
    match replacement {
        None => Ok(None),
        Some(id) if id == role => Err(Failure::field("replacement", "Choose a role that stays.")),
        Some(id) => {
            let found = tx.role(proof.workspace(), id).await?;
            found.ok_or(Failure::NotFound("role")).map(Some)
        }
    }
}

fn needs_replacement(members: i64, invitations: i64, is_default: bool) -> Failure {
    if members + invitations == 0 && is_default {
        let message = "Choose the role that invitations offer first instead.";
        return Failure::field("replacement", message);
    }
    let count = |n: i64, one, many| text::count(usize::try_from(n).unwrap_or(0), one, many);
    Failure::field(
        "replacement",
        format!(
            "Choose the role that {} and {} get instead.",
            count(members, "member", "members"),
            count(invitations, "waiting invitation", "waiting invitations"),
        ),
    )
}
