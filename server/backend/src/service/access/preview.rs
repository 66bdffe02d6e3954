//! What a change would do to everybody, before it is made.

use rolecall_shared::{
    MemberId, ProjectId,
    access::{CellEffect, ChangeRequest, PREVIEW_PEOPLE, PersonEffect, PreviewView},
    catalogue::Catalogue,
    policy::preview::{self, Effect, Person, Preview},
};

use super::ask::{Asked, ask};
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, Standing, TeamManage},
    service::{Failure, guard, members::template},
    store::{Db, PersonRecord},
    templates::Template,
};

/// What a change would do: who gains and who loses what, from one load of everybody with the function
/// that enforces. Needs `team:manage`, and for an override `projects:view` in its project. A change
/// that would be refused is worked out all the same, and `refused` says what the refusal would say.
///
/// # Errors
/// [`Failure::NotFound`] for what is not here or not for the caller; [`Failure::Invalid`] on
/// `permissions`, `expires_at`, `groups`, `members` or `replacement`.
pub async fn preview(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    request: &ChangeRequest,
) -> Result<PreviewView, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<TeamManage>(app, &mut db, caller, slug).await?;
    let template = template(app, &proof)?;
    let asked = ask(app, &mut db, &proof, template, request).await?;
    let maker = maker(&mut db, &proof, request).await?;
    let everybody = guard::everybody(&mut db, proof.workspace(), template).await?;
    let (records, people): (Vec<PersonRecord>, Vec<Person>) = everybody
        .into_iter()
        .map(|(person, holdings)| {
            let active = guard::can_sign_in(&person);
            let owns_project = maker == Some(holdings.member);
            let seen = Person {
                holdings,
                active,
                owns_project,
            };
            (person, seen)
        })
        .unzip();
    let catalogue = &template.catalogue;
    let seen = preview::preview(catalogue, &people, &asked.change, proof.now());
    Ok(PreviewView {
        invitations: invitations(app, &mut db, &proof, template, request).await?,
        refused: refused(&asked, &proof, template, request, &seen),
        ..dressed(catalogue, &records, &seen)
    })
}

/// Who created the project that an override is about.
async fn maker(
    db: &mut Db,
    proof: &Authorized<TeamManage>,
    request: &ChangeRequest,
) -> Result<Option<MemberId>, Failure> {
    let project: ProjectId = match request {
        ChangeRequest::SetOverride { project, .. }
        | ChangeRequest::RemoveOverride { project, .. } => *project,
        _ => return Ok(None),
    };
    let found = db.project(proof.workspace(), project).await?;
    Ok(found.and_then(|project| project.created_by()))
}

/// The sentence that the act itself would be refused with.
fn refused(
    asked: &Asked,
    caller: &Standing,
    template: &Template,
    request: &ChangeRequest,
    seen: &Preview,
) -> Option<String> {
    let said = |failure: Failure| failure.to_api("").message;
    if let Err(failure) = asked.permit(caller, template) {
        return Some(said(failure));
    }
    let guarded = matches!(request, ChangeRequest::EditMember { .. });
    (guarded && seen.managers_after == 0).then(|| guard::NOBODY_LEFT.to_owned())
}

/// How many invitations that wait would give something else.
async fn invitations(
    app: &Rolecall,
    db: &mut Db,
    proof: &Authorized<TeamManage>,
    template: &Template,
    request: &ChangeRequest,
) -> Result<usize, Failure> {
    let (workspace, now) = (proof.workspace(), app.clock().now());
    let catalogue = &template.catalogue;
    let touched = match request {
        ChangeRequest::EditRole { role, permissions } => {
            let found = db.role(workspace, *role).await?;
            let before = found.map(|found| found.permissions(template));
            if before == Some(catalogue.stored(permissions)) {
                None
            } else {
                let invited = db.invitations_by_role(workspace, now).await?;
                invited.get(role).copied()
            }
        }
        ChangeRequest::DeleteRole { role, .. } => {
            let invited = db.invitations_by_role(workspace, now).await?;
            invited.get(role).copied()
        }
        ChangeRequest::EditGroup { group, .. } | ChangeRequest::DeleteGroup { group } => {
            let invited = db.invitations_by_group(workspace, now).await?;
            invited.get(group).copied()
        }
        ChangeRequest::AddToGroup { .. }
        | ChangeRequest::EditMember { .. }
        | ChangeRequest::SetOverride { .. }
        | ChangeRequest::RemoveOverride { .. } => None,
    };
    Ok(touched.map_or(0, |n| usize::try_from(n).unwrap_or(0)))
}

/// A preview as the console shows it. Effects are in the order of the people, by name.
fn dressed(catalogue: &Catalogue, records: &[PersonRecord], seen: &Preview) -> PreviewView {
    let effects = &seen.effects;
    let gaining = |e: &&Effect| !e.gained.is_empty();
    let losing = |e: &&Effect| !e.lost.is_empty();
    let cells = catalogue.cells().map(|(_, _, bit)| CellEffect {
        permission: catalogue.name(bit),
        gained: effects.iter().filter(|e| e.gained.contains(bit)).count(),
        lost: effects.iter().filter(|e| e.lost.contains(bit)).count(),
    });
    let named = |id: MemberId| records.iter().find(|p| p.holder.member_id == id);
    let people = effects.iter().take(PREVIEW_PEOPLE).filter_map(|effect| {
        let person = named(effect.member)?;
        Some(PersonEffect {
            id: effect.member,
            name: person.name.clone(),
            email: person.email.clone(),
            gained: catalogue.names(effect.gained),
            lost: catalogue.names(effect.lost),
        })
    });
    PreviewView {
        gaining: effects.iter().filter(gaining).count(),
        losing: effects.iter().filter(losing).count(),
        changed: effects.len(),
        cells: cells.filter(|c| c.gained + c.lost > 0).collect(),
        people: people.collect(),
        last_manager: seen
            .last_manager
            .and_then(named)
            .map(|person| person.name.clone()),
        ..PreviewView::default()
    }
}
