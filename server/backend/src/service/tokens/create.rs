//! Making tokens.

use chrono::TimeDelta;
use rolecall_shared::{
    FieldError, ProjectId,
    catalogue::{Catalogue, NotForOverride, PermissionSet},
    member::Named,
    permission::{CorePermission, Scope},
    policy::Place,
    text,
    token::{CreatedToken, MAX_DAYS, MAX_TOKENS, TokenChoices, TokenDraft, TokenProject},
};
use serde_json::json;

use super::target;
use crate::{
    Caller, Rolecall,
    authz::{self, Act, Standing, TokensManage},
    clock::timestamp,
    events::Topic,
    keys::ApiToken,
    service::{Failure, limits::Budget, members::template, projects, sudo},
    store::{Actor, Db, Entry, NewToken, ProjectRecord},
    templates::Template,
};

/// Projects that the form offers.
const OFFERED: i64 = 100;

/// A program that was let loose on the page does not fill the table.
const MADE: Budget = Budget {
    name: "new API tokens an hour for one person",
    most: 30,
    window: TimeDelta::hours(1),
};

/// What is wrong with a draft whoever sends it, beside its permissions and its project.
fn check(draft: &TokenDraft) -> Result<String, Failure> {
    let mut wrong = Vec::new();
    let mut note = |field: &str, message: String| {
        wrong.push(FieldError {
            field: field.to_owned(),
            message,
        });
    };
    let name = text::name(&draft.name, "a name for the token").unwrap_or_else(|message| {
        note("name", message);
        String::new()
    });
    if !(1..=MAX_DAYS).contains(&draft.days) {
        note(
            "days",
            format!("Choose an end between 1 and {MAX_DAYS} days from now."),
        );
    }
    Failure::check(wrong)?;
    Ok(name)
}

/// The set that a draft names; `None`: all that its member may do.
fn scope(catalogue: &Catalogue, draft: &TokenDraft) -> Result<Option<PermissionSet>, Failure> {
    let Some(names) = &draft.permissions else {
        return Ok(None);
    };
    let wrong = |message: String| Failure::field("permissions", message);
    let set = if draft.project.is_some() {
        let foreign = |error: NotForOverride| match error {
            NotForOverride::Unknown(unknown) => unknown.to_string(),
            NotForOverride::WorkspaceScoped(name) => format!(
                "The permission “{name}” is for the workspace as a whole. Leave it out, or make a token for the whole workspace."
            ),
        };
        catalogue
            .override_set(names)
            .map_err(|e| wrong(foreign(e)))?
    } else {
        catalogue.set(names).map_err(|e| wrong(e.to_string()))?
    };
    if set.is_empty() {
        return Err(wrong(
            "Choose at least one permission, or all that you may do.".to_owned(),
        ));
    }
    Ok(Some(set))
}

/// The project of a draft, if it is there for the caller.
async fn project(
    db: &mut Db,
    standing: &Standing,
    template: &Template,
    id: Option<ProjectId>,
) -> Result<Option<ProjectRecord>, Failure> {
    let Some(id) = id else {
        return Ok(None);
    };
    let found = db.project(standing.workspace(), id).await?;
    let sees = |p: &ProjectRecord| standing.may(template, p.place(), CorePermission::ProjectsView);
    match found.filter(sees) {
        Some(project) => Ok(Some(project)),
        None => Err(Failure::field(
            "project",
            "There is no such project here. It may have been deleted; choose another.",
        )),
    }
}

/// Makes a token that acts for the caller. Its text is in the answer and nowhere else. Needs
/// `tokens:manage`, all that the scope names, and a fresh proof.
///
/// A scope without a project is compared with what the caller has in a project of their own: where an
/// override lowers them, it lowers the token with them.
///
/// # Errors
/// [`Failure::Invalid`] on `name`, `days`, `permissions` and `project`; [`Failure::Refused`] for a scope
/// beyond what the caller has, and for a token; [`Failure::Conflict`] when they have [`MAX_TOKENS`] that
/// work; [`Failure::TooMany`] past 30 an hour; [`Failure::ConfirmFirst`] without a fresh proof.
pub async fn create(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    draft: &TokenDraft,
) -> Result<CreatedToken, Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<TokensManage>(app, &mut tx, caller, slug).await?;
    authz::in_person(caller)?;
    let template = template(app, &proof)?;
    let catalogue = &template.catalogue;
    let name = check(draft)?;
    let project = project(&mut tx, &proof, template, draft.project).await?;
    let scope = scope(catalogue, draft)?;
    let act = Act {
        place: project
            .as_ref()
            .map_or(Place::NewProject, ProjectRecord::place),
        ..Act::giving(scope.unwrap_or(PermissionSet::EMPTY))
    };
    authz::permit(&proof, catalogue, &act)?;
    let working = tx
        .working_tokens(proof.workspace(), proof.member(), now)
        .await?;
    if working.len() >= MAX_TOKENS {
        return Err(Failure::Conflict(format!(
            "You have {MAX_TOKENS} tokens that work, which is the most. Revoke one that nothing uses any more first."
        )));
    }
    MADE.take_by(app, &mut tx, &proof, now).await?;
    sudo::need(app, caller)?;
    let secret = ApiToken::new(app.random());
    let new = NewToken {
        id: app.random().id(now),
        name: &name,
        secret_hash: secret.hash(),
        hint: secret.hint(),
        permissions: scope.map(|set| catalogue.names(set).join(" ")),
        project: project.as_ref().map(|p| (p.id, p.name.as_str())),
        expires_at: now + TimeDelta::days(i64::from(draft.days)),
    };
    tx.insert_token(&proof, now, &new).await?;
    let entry = Entry::new(
        "token.created",
        target(new.id, &name),
        json!({
            "name": name,
            "permissions": scope.map_or_else(|| vec!["all that its member may do".to_owned()], |set| catalogue.names(set)),
            "project": project.as_ref().map(|p| &p.name),
            "project_id": project.as_ref().map(|p| p.id),
            "expires_at": new.expires_at,
        }),
    )
    .about([proof.member()]);
    let created = CreatedToken {
        id: new.id,
        secret: secret.expose().to_owned(),
        expires_at: timestamp(new.expires_at),
    };
    tx.commit(now, &Actor::caller(caller), entry.into(), &[Topic::Access])
        .await?;
    Ok(created)
}

/// What there is to choose for a token. Needs `tokens:manage`.
///
/// # Errors
/// [`Failure::Denied`] without that permission.
pub async fn options(app: &Rolecall, caller: &Caller, slug: &str) -> Result<TokenChoices, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TokensManage>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let catalogue = &template.catalogue;
    let visible = projects::visible(&proof, template);
    let found = db.first_projects(&proof, &visible, OFFERED).await?;
    let in_projects = catalogue.scoped(Scope::Project);
    let offered = found.into_iter().map(|project| TokenProject {
        grantable: catalogue.names(
            proof
                .effective(template, project.place())
                .intersection(in_projects),
        ),
        project: Named {
            id: project.id,
            name: project.name,
        },
    });
    let held = proof.effective(template, Place::NewProject);
    Ok(TokenChoices {
        projects: offered.collect(),
        grantable: catalogue.names(held),
        catalogue: catalogue.clone(),
    })
}
