//! Changing the settings. Each part is changed by itself and names what it was made on, so that two
//! people never overwrite each other without seeing it.

use rolecall_shared::{RoleId, permission::CorePermission, policy::Place, text};
use serde_json::json;

use super::{default_role_changed, stale, target};
use crate::{
    Caller, Rolecall,
    authz::{self, Act, SettingsManage},
    events::Topic,
    service::{Failure, members::template, roles::default_role},
    store::{Actor, Entry},
};

/// Gives the workspace another name; gives it as it is kept. Its slug stays. Needs `settings:manage`.
///
/// # Errors
/// [`Failure::Invalid`] on `name`; [`Failure::Conflict`] when it is not called `before` any more.
pub async fn rename(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    before: &str,
    name: &str,
) -> Result<String, Failure> {
    let name = text::name(name, "a name for the workspace")
        .map_err(|message| Failure::field("name", message))?;
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<SettingsManage>(app, &mut tx, caller, slug).await?;
    let found = tx.workspace().clone();
    if found.name != before {
        return Err(stale("name"));
    }
    if found.name == name {
        return Ok(name);
    }
    tx.rename_workspace(&proof, &name).await?;
    let entry = Entry::new(
        "workspace.renamed",
        target(&found),
        json!({ "before": found.name, "after": name }),
    );
    let actor = Actor::caller(caller);
    tx.commit(now, &actor, entry.into(), &[Topic::Settings])
        .await?;
    Ok(name)
}

/// Sets the role that invitations choose first. Needs `settings:manage`, `team:view`, and all that the
/// role gives: what is offered to everybody who invites is half given.
///
/// # Errors
/// [`Failure::NotFound`] for a role that is not here, [`Failure::Refused`] past the grant boundary,
/// [`Failure::Conflict`] when it is not `before` any more.
pub async fn set_default_role(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    before: RoleId,
    role: RoleId,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<SettingsManage>(app, &mut tx, caller, slug).await?;
    let template = template(app, &proof)?;
    if !proof.may(template, Place::Workspace, CorePermission::TeamView) {
        return Err(Failure::Denied(CorePermission::TeamView));
    }
    let roles = tx.roles(proof.workspace()).await?;
    let chosen = roles
        .iter()
        .find(|r| r.id == role)
        .ok_or(Failure::NotFound("role"))?;
    let act = Act::giving(chosen.permissions(template));
    authz::permit(&proof, &template.catalogue, &act)?;
    let found = default_role(tx.workspace(), template, &roles);
    if found != Some(before) {
        return Err(stale("role for new invitations"));
    }
    if before == role {
        return Ok(());
    }
    tx.set_default_role(role).await?;
    let name = |id| roles.iter().find(|r| r.id == id).map(|r| r.name.as_str());
    let (old, new) = (name(before).unwrap_or_default(), chosen.name.as_str());
    let entry = default_role_changed(tx.workspace(), old, new);
    let topics = [Topic::Settings, Topic::Access];
    tx.commit(now, &Actor::caller(caller), entry.into(), &topics)
        .await?;
    Ok(())
}
