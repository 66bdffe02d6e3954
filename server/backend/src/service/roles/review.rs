//! Services that a template gained: custom roles and groups give nothing in them until somebody looked,
//! and the roles page says so.

use rolecall_shared::{
    member::Named,
    role::{Review, ServiceToReview},
};
use serde_json::json;

use super::{editing::Opened, may_only_look};
use crate::{
    Caller, Rolecall,
    authz::{Authorized, TeamView},
    events::Topic,
    service::Failure,
    store::{Actor, Db, Entry, RoleRecord, StoreError, Target, WorkspaceTx},
    templates::Template,
};

fn keys(template: &Template) -> Vec<&str> {
    let rows = template.catalogue.rows().iter();
    rows.map(|row| row.key.as_str()).collect()
}

/// What there is to look at: nothing when no row is new, or nothing here could give it.
pub(super) async fn review(
    db: &mut Db,
    proof: &Authorized<TeamView>,
    template: &Template,
    roles: &[RoleRecord],
) -> Result<Option<Review>, StoreError> {
    let Some(reviewed) = db.reviewed_rows(proof.workspace()).await? else {
        return Ok(None);
    };
    let rows = template.catalogue.rows().iter();
    let services: Vec<ServiceToReview> = rows
        .filter(|row| !reviewed.contains(&row.key))
        .map(|row| ServiceToReview {
            key: row.key.clone(),
            title: row.title.clone(),
        })
        .collect();
    if services.is_empty() {
        return Ok(None);
    }
    let custom = roles.iter().filter(|role| role.builtin_key.is_none());
    let roles: Vec<_> = custom
        .map(|role| Named {
            id: role.id,
            name: role.name.clone(),
        })
        .collect();
    let groups = db.groups(proof.workspace()).await?.into_iter();
    let groups: Vec<_> = groups
        .map(|group| Named {
            id: group.id,
            name: group.name,
        })
        .collect();
    let blocked = may_only_look(proof, template, "this");
    let concerned = !roles.is_empty() || !groups.is_empty();
    Ok(concerned.then_some(Review {
        services,
        roles,
        groups,
        blocked,
    }))
}

/// Before the first custom role or group of a workspace: whoever makes it has all rows of the template
/// in front of them, so there is nothing to look at later.
pub(in crate::service) async fn begin_anew(
    tx: &mut WorkspaceTx,
    template: &Template,
) -> Result<(), StoreError> {
    let workspace = tx.workspace().id;
    let roles = tx.roles(workspace).await?;
    let no_roles = roles.iter().all(|role| role.builtin_key.is_some());
    if no_roles && tx.groups(workspace).await?.is_empty() {
        tx.set_reviewed_rows(&keys(template)).await?;
    }
    Ok(())
}

/// Says that these new services were looked at: the roles page asks for them no more. Needs
/// `team:manage`; changes nothing of what anybody may do. What was looked at before is looked at still,
/// and without a new one nothing is written.
///
/// # Errors
/// [`Failure::NotFound`] for a service that the template does not have.
pub async fn mark_reviewed(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    services: &[String],
) -> Result<(), Failure> {
    let Opened {
        mut tx,
        template,
        now,
        ..
    } = Opened::new(app, caller, slug).await?;
    let all = keys(template);
    if services.iter().any(|key| !all.contains(&key.as_str())) {
        return Err(Failure::NotFound("service"));
    }
    let workspace = tx.workspace().id;
    let Some(before) = tx.reviewed_rows(workspace).await? else {
        return Ok(());
    };
    let looked_at = |key: &str| before.iter().any(|other| other == key);
    let new: Vec<&str> = all
        .into_iter()
        .filter(|key| !looked_at(key) && services.iter().any(|service| service == key))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    // Keys that the template does not have at the moment stay: it may have them again.
    let kept = before.iter().map(String::as_str);
    let rows: Vec<&str> = kept.chain(new.iter().copied()).collect();
    tx.set_reviewed_rows(&rows).await?;
    let workspace = tx.workspace();
    let target = Target::new("workspace", workspace.id.0, workspace.name.clone());
    let entry = Entry::new("services.reviewed", target, json!({ "services": new }));
    tx.commit(now, &Actor::caller(caller), entry.into(), &[Topic::Access])
        .await?;
    Ok(())
}

/// At start: takes the rows of now as looked at in workspaces that were made before this was kept.
/// What their roles and groups were saved under was shown then.
///
/// # Errors
/// [`Failure::Store`] when the database does not answer.
pub async fn begin_reviews(app: &Rolecall) -> Result<(), Failure> {
    let mut tx = app.store().write().await?;
    for template in app.templates().iter() {
        tx.begin_review(&template.key, &keys(template)).await?;
    }
    tx.commit_housekeeping().await?;
    Ok(())
}
