//! Making, renaming and deleting projects.

use chrono::TimeDelta;
use rolecall_shared::{
    FieldError, ProjectId, permission::CorePermission, project::ProjectDraft, text,
};
use serde_json::{Value, json};

use super::{MAX_PROJECTS, target};
use crate::{
    Caller, Rolecall,
    authz::{self, ProjectsDelete, ProjectsManage, Standing},
    events::Topic,
    names,
    service::{Failure, limits::Budget, once},
    store::{
        Actor, Entry, NewProject, OverriddenRecord, ProjectRecord, Target, TokenEnd, WorkspaceTx,
    },
};

/// The weakest role may be one that makes projects, and every name is compared under the lock that
/// all writers wait for (rule 58).
const NAMINGS: Budget = Budget {
    name: "new and changed projects an hour for one person",
    most: 120,
    window: TimeDelta::hours(1),
};

/// Said when the row a person acts on is not the row that is there now.
fn stale() -> Failure {
    Failure::Stale(
        "This project changed a moment ago. Look at it again and repeat if you still want to."
            .into(),
    )
}

/// The draft as it is kept.
fn check(draft: &ProjectDraft) -> Result<ProjectDraft, Failure> {
    let mut wrong = Vec::new();
    let mut checked = |field: &str, result: Result<String, String>| {
        result.unwrap_or_else(|message| {
            wrong.push(FieldError {
                field: field.into(),
                message,
            });
            String::new()
        })
    };
    let description = text::note(&draft.description).map(Option::unwrap_or_default);
    let checked = ProjectDraft {
        name: checked("name", text::name(&draft.name, "a name for the project")),
        description: checked("description", description),
    };
    Failure::check(wrong)?;
    Ok(checked)
}

/// Refuses a name that could be taken for that of another project, also one in capital or look-alike
/// letters. A project that the caller may not see is not named. Gives how many others there are.
async fn keep_apart(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    standing: &Standing,
    name: &str,
    itself: Option<ProjectId>,
) -> Result<usize, Failure> {
    let mut others = tx.projects(standing.workspace()).await?;
    others.retain(|project| Some(project.id) != itself);
    let alike = names::first_alike(name, others.iter().map(|project| project.name.as_str()));
    let Some(alike) = alike else {
        return Ok(others.len());
    };
    let template = standing.template(app)?;
    let sees =
        |other: &ProjectRecord| standing.may(template, other.place(), CorePermission::ProjectsView);
    let message = match others.iter().find(|p| p.name == alike) {
        Some(other) if sees(other) => {
            format!("There is a project “{alike}”. Choose a name that nobody takes for it.")
        }
        _ => "This name is taken in this workspace. Choose another.".to_owned(),
    };
    Err(Failure::field("name", message))
}

/// Makes a project, which is the caller's own. Needs `projects:manage`, for which a role for own
/// projects only is enough.
///
/// # Errors
/// [`Failure::Invalid`] on `name` or `description`, [`Failure::Conflict`] when there are
/// [`MAX_PROJECTS`], [`Failure::TooMany`] past 120 new and changed projects an hour.
pub async fn create(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    draft: &ProjectDraft,
) -> Result<ProjectId, Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize_new_project(app, &mut tx, caller, slug).await?;
    if let Some(id) = once::made(&mut tx, caller, proof.member()).await? {
        return Ok(ProjectId(id));
    }
    let draft = check(draft)?;
    NAMINGS.take_by(app, &mut tx, &proof, now).await?;
    if keep_apart(app, &mut tx, &proof, &draft.name, None).await? >= MAX_PROJECTS {
        return Err(Failure::Conflict(format!(
            "A workspace has at most {MAX_PROJECTS} projects. Delete one that nobody needs first."
        )));
    }
    let new = NewProject {
        id: app.random().id(now),
        name: &draft.name,
        description: &draft.description,
        created_by: Some((proof.member(), &caller.session.name)),
    };
    tx.insert_project(now, &new).await?;
    let entry = Entry::new(
        "project.created",
        Target::new("project", new.id.0, &*draft.name),
        json!({ "name": draft.name, "description": draft.description }),
    );
    let id = new.id;
    once::keep(&mut tx, now, caller, proof.member(), id.0).await?;
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Projects],
    )
    .await?;
    Ok(id)
}

/// Changes a project; gives its new version. Needs `projects:manage` in it. Without a change nothing
/// is written and the version stays.
///
/// # Errors
/// [`Failure::Invalid`] on `name` or `description`, [`Failure::Conflict`] when it changed since
/// `version`, [`Failure::TooMany`] past 120 new and changed projects an hour.
pub async fn update(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    version: i64,
    draft: &ProjectDraft,
) -> Result<i64, Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize_in::<ProjectsManage>(app, &mut tx, caller, slug, project).await?;
    let draft = check(draft)?;
    let before = proof.project();
    if before.version != version {
        return Err(stale());
    }
    if before.name == draft.name && before.description == draft.description {
        return Ok(version);
    }
    NAMINGS.take_by(app, &mut tx, &proof, now).await?;
    keep_apart(app, &mut tx, &proof, &draft.name, Some(project)).await?;
    if !tx
        .update_project(&proof, version, &draft.name, &draft.description)
        .await?
    {
        return Err(stale());
    }
    let entry = Entry::new(
        "project.updated",
        target(before),
        json!({
            "before": { "name": before.name, "description": before.description },
            "after": { "name": draft.name, "description": draft.description },
        }),
    );
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Projects],
    )
    .await?;
    Ok(version + 1)
}

/// Deletes a project that has no resources, with its overrides and the tokens that work only in it, and
/// drops it from invitations that
/// wait. Needs `projects:delete` in it. It gives nobody anything: an override that
/// lowered somebody goes together with all that it kept from them.
///
/// # Errors
/// [`Failure::Conflict`] while it has resources, or when it changed since `version`.
pub async fn delete(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    version: i64,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize_in::<ProjectsDelete>(app, &mut tx, caller, slug, project).await?;
    if proof.project().version != version {
        return Err(stale());
    }
    let counts = tx.project_counts(&[project]).await?;
    let resources = counts.get(&project).map_or(0, |counted| counted.resources);
    if resources > 0 {
        let number = usize::try_from(resources).unwrap_or(usize::MAX);
        let its = text::count(number, "resource", "resources");
        return Err(Failure::Conflict(format!("Delete its {its} first.")));
    }
    let overridden = tx.overridden_in(&proof).await?;
    let invited = tx.invited_into_project(project, now).await?;
    let end = TokenEnd {
        at: now,
        by: &caller.session.name,
        because: "project_deleted",
    };
    let tokens = tx.revoke_tokens_in(project, &end).await?;
    if !tx.delete_project(&proof, version).await? {
        return Err(stale());
    }
    let mut topics = vec![Topic::Projects];
    let held = !overridden.is_empty() || !tokens.is_empty();
    topics.extend(held.then_some(Topic::Access));
    topics.extend((!invited.is_empty()).then_some(Topic::Invitations));
    let entry = deleted(proof.project(), &overridden, &invited, &tokens);
    tx.commit(now, &Actor::caller(caller), entry.into(), &topics)
        .await?;
    Ok(())
}

fn deleted(
    project: &ProjectRecord,
    overridden: &[OverriddenRecord],
    invited: &[String],
    tokens: &[String],
) -> Entry {
    let overrides: Vec<Value> = overridden
        .iter()
        .map(|gone| {
            json!({
                "member": format!("{} <{}>", gone.name, gone.email),
                "permissions": gone.permissions.split_whitespace().collect::<Vec<_>>(),
                "expires_at": gone.expires_at,
            })
        })
        .collect();
    Entry::new(
        "project.deleted",
        target(project),
        json!({
            "before": { "name": project.name, "description": project.description },
            "overrides": overrides,
            "invitations": invited,
            "tokens": tokens,
        }),
    )
}
