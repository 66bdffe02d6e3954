//! What a change would do to everybody, before it is made.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{
    MemberId, ProjectId, WorkspaceId,
    access::{CellEffect, ChangeRequest, PREVIEW_PEOPLE, PersonEffect, PreviewView},
    catalogue::Catalogue,
    policy::{
        Grant, GroupGrant, Holdings,
        preview::{self, Change, Effect, Person, Preview, Touched, Waiting},
    },
};

use super::ask::{Asked, ask};
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, Standing, TeamManage, group_permissions},
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
            let active = guard::can_sign_in(&person, proof.now());
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
    let now = app.clock().now();
    let everybody = (records.as_slice(), people.as_slice());
    let change = (&asked.change, now);
    let touched = invitations(&mut db, &proof, template, everybody, change).await?;
    let (narrowed, widened) = tokens(&mut db, &proof, catalogue, &seen, now).await?;
    Ok(PreviewView {
        narrowed_tokens: narrowed,
        widened_tokens: widened,
        invitations: touched.changed,
        stranded: touched.stranded,
        refused: refused(&asked, &proof, template, &seen),
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
    seen: &Preview,
) -> Option<String> {
    let said = |failure: Failure| failure.to_api("").message;
    if let Err(failure) = asked.permit(caller, template) {
        return Some(said(failure));
    }
    (seen.managers_after == 0).then(|| guard::NOBODY_LEFT.to_owned())
}

/// What it does to invitations that wait: what they give, and whether their inviter still could.
async fn invitations(
    db: &mut Db,
    proof: &Authorized<TeamManage>,
    template: &Template,
    (records, people): (&[PersonRecord], &[Person]),
    (change, now): (&Change, DateTime<Utc>),
) -> Result<Touched, Failure> {
    let waiting = waiting(db, proof.workspace(), template, now).await?;
    let inviters: HashMap<MemberId, &Holdings> = records
        .iter()
        .zip(people)
        .filter(|(record, _)| record.holder.is_active(proof.now()))
        .map(|(_, person)| (person.holdings.member, &person.holdings))
        .collect();
    let inviter = |member| inviters.get(&member).copied();
    let catalogue = &template.catalogue;
    Ok(preview::invitations(
        catalogue,
        &waiting,
        inviter,
        change,
        proof.now(),
    ))
}

/// How many tokens do less and how many do more then. A token for one project counts by what its
/// member loses anywhere.
async fn tokens(
    db: &mut Db,
    proof: &Authorized<TeamManage>,
    catalogue: &Catalogue,
    seen: &Preview,
    now: DateTime<Utc>,
) -> Result<(usize, usize), Failure> {
    if seen.effects.is_empty() {
        return Ok((0, 0));
    }
    let effects: HashMap<MemberId, &Effect> = seen.effects.iter().map(|e| (e.member, e)).collect();
    let (mut narrowed, mut widened) = (0, 0);
    for (member, names) in db.working_scopes(proof, now).await? {
        let Some(effect) = effects.get(&member) else {
            continue;
        };
        let loses = match &names {
            None => effect.lost,
            Some(names) => effect
                .lost
                .intersection(catalogue.stored(names.split_whitespace())),
        };
        narrowed += usize::from(!loses.is_empty());
        widened += usize::from(names.is_none() && !effect.gained.is_empty());
    }
    Ok((narrowed, widened))
}

/// All invitations that wait, as the evaluation needs them.
async fn waiting(
    db: &mut Db,
    workspace: WorkspaceId,
    template: &Template,
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, Failure> {
    let records = db.waiting_invitations(workspace, now).await?;
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let catalogue = &template.catalogue;
    let roles = db.roles(workspace).await?.into_iter();
    let roles: HashMap<_, _> = roles.map(|r| (r.id, r.grant(template))).collect();
    let groups = db.groups(workspace).await?.into_iter();
    let groups: HashMap<_, _> = groups
        .map(|g| (g.id, group_permissions(catalogue, &g.permissions)))
        .collect();
    let waiting = records.into_iter().filter_map(|record| {
        let role = roles.get(&record.role)?;
        let mut gives = Holdings::new(MemberId(record.id.0), *role);
        let joined = record.groups.iter().filter_map(|id| {
            let grant = Grant::lasting(*groups.get(id)?);
            Some(GroupGrant { id: *id, grant })
        });
        gives.groups.extend(joined);
        let overrides = record.overrides.iter().map(|(place, names)| {
            let names = names.split_whitespace();
            (*place, catalogue.stored(names))
        });
        Some(Waiting {
            inviter: record.inviter,
            overrides: overrides.collect(),
            gives,
        })
    });
    Ok(waiting.collect())
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
