//! Resources: what permissions protect. They belong to the workspace, whoever made them (`product.md`
//! §4.9); what may be done with one is decided by the row of its service, in its project.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rolecall_shared::{
    FieldError, ProjectId, ResourceId,
    catalogue::{Bit, Catalogue, PermissionSet, Row},
    page::Page,
    permission::{Action, CorePermission},
    project::{ATTRIBUTES_MAX, EXTERNAL_ID_MAX, ResourceDraft, ResourceQuery, ResourceRow},
    text,
};
use serde_json::{Value, json};

use super::{Failure, limits::Budget, once};
use crate::{
    Caller, Rolecall,
    authz::{self, Denied, OnService, ProjectsView, Standing, keeps_resources},
    clock::timestamp,
    events::Topic,
    store::{Actor, Entry, NewResource, ResourceRecord, ResourceText, Target, WorkspaceTx},
};

/// Resources in one project.
pub const MAX_RESOURCES: i64 = 10_000;
/// Every change is a row of the trail for ever, and a lock that all writers wait for (rule 58).
const CHANGES: Budget = Budget {
    name: "new and changed resources an hour for one person",
    most: 1_000,
    window: TimeDelta::hours(1),
};

/// Said when the row a person acts on is not the row that is there now.
fn stale() -> Failure {
    Failure::Stale(
        "This resource changed a moment ago. Look at it again and repeat if you still want to."
            .into(),
    )
}

/// The action that looking at resources of a row needs: View, or the first that the row has.
fn looking(row: &Row) -> Action {
    first_cell(row, Action::ALL)
}

/// The action that deleting resources of a row needs: Delete, or Manage where the row has no Delete,
/// as for the people of the row `team`. Otherwise nobody could ever remove what was made.
fn deleting(row: &Row) -> Action {
    first_cell(row, [Action::Delete, Action::Manage, Action::View])
}

fn first_cell(row: &Row, wanted: [Action; 3]) -> Action {
    let there = |action: &Action| row.cells[*action as usize].is_some();
    wanted.into_iter().find(there).unwrap_or(Action::Delete)
}

/// Whether resources of a service exist for somebody who holds this.
fn sees(catalogue: &Catalogue, held: PermissionSet, service: &str) -> bool {
    let row = catalogue
        .row(service)
        .map(|(_, row)| row)
        .filter(|row| keeps_resources(row));
    row.is_some_and(|row| {
        let bit = catalogue.bit(service, looking(row));
        held.contains(bit.unwrap_or(Bit::NEVER))
    })
}

/// One page of the resources of a project, by name: those of services that the caller may look at
/// there. Needs `projects:view` in the project; asked for one service, View of that row.
///
/// # Errors
/// [`Failure::DeniedOn`] or [`Failure::NotFound`] for the service that is asked for, and
/// [`Failure::Invalid`] on `cursor`.
pub async fn list(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    query: &ResourceQuery,
) -> Result<Page<ResourceRow>, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize_in::<ProjectsView>(app, &mut db, caller, slug, project).await?;
    let catalogue = &proof.template(app)?.catalogue;
    let held = proof.effective(proof.template(app)?, proof.place());
    let services: Vec<&str> = if let Some(service) = &query.service {
        let action = catalogue.row(service).map(|(_, row)| looking(row));
        let action = action.unwrap_or(Action::View);
        authz::authorize_on(app, &mut db, caller, slug, project, service, action).await?;
        vec![service]
    } else {
        let keys = catalogue.rows().iter().map(|row| row.key.as_str());
        keys.filter(|key| sees(catalogue, held, key)).collect()
    };
    let page = db.resource_page(&proof, &services, query).await??;
    Ok(Page {
        rows: page.rows.into_iter().map(dress).collect(),
        next: page.next,
        previous: page.previous,
    })
}

/// One resource. Needs `projects:view` in the project and View of the row of its service there; without
/// them it is as unknown as one that is not there.
///
/// # Errors
/// [`Failure::NotFound`] for a project or a resource that is not there for the caller.
pub async fn one(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    resource: ResourceId,
) -> Result<ResourceRow, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize_in::<ProjectsView>(app, &mut db, caller, slug, project).await?;
    let template = proof.template(app)?;
    let held = proof.effective(template, proof.place());
    let found = db.resource(&proof, resource).await?;
    found
        .filter(|record| sees(&template.catalogue, held, &record.service))
        .map(dress)
        .ok_or(Failure::NotFound("resource"))
}

fn dress(record: ResourceRecord) -> ResourceRow {
    ResourceRow {
        attributes: record.attributes().into_iter().collect(),
        id: record.id,
        service: record.service,
        name: record.name,
        external_id: record.external_id.unwrap_or_default(),
        created_by: record.created_by_name,
        created_at: timestamp(record.created_at),
        updated_at: timestamp(record.updated_at),
        version: record.version,
    }
}

/// The draft as it is kept.
fn check(draft: &ResourceDraft) -> Result<ResourceText, Failure> {
    let mut wrong = Vec::new();
    let mut complain = |field: &str, message: String| {
        wrong.push(FieldError {
            field: field.into(),
            message,
        });
    };
    let name = text::name(&draft.name, "a name for the resource").unwrap_or_else(|message| {
        complain("name", message);
        String::new()
    });
    let external_id = text::tidy(&draft.external_id);
    let length = external_id.chars().count();
    if length > EXTERNAL_ID_MAX {
        complain(
            "external_id",
            format!("Use at most {EXTERNAL_ID_MAX} characters; this has {length}."),
        );
    }
    let attributes = attributes(&draft.attributes).unwrap_or_else(|message| {
        complain("attributes", message);
        BTreeMap::new()
    });
    Failure::check(wrong)?;
    Ok(ResourceText {
        name,
        external_id: (!external_id.is_empty()).then_some(external_id),
        attributes,
    })
}

/// Attributes by name, or the sentence that names the wrong one.
fn attributes(typed: &[(String, String)]) -> Result<BTreeMap<String, String>, String> {
    if typed.len() > ATTRIBUTES_MAX {
        let number = typed.len();
        return Err(format!(
            "Use at most {ATTRIBUTES_MAX} attributes; these are {number}."
        ));
    }
    let mut kept = BTreeMap::new();
    for (name, value) in typed {
        let shown: String = text::tidy(name).chars().take(text::NAME_MAX).collect();
        let about = |message: String| match shown.as_str() {
            "" => message,
            shown => format!("{shown}: {message}"),
        };
        let name = text::name(name, "a name for each attribute").map_err(about)?;
        let value = text::note(value).map_err(about)?.unwrap_or_default();
        if kept.insert(name, value).is_some() {
            return Err(format!(
                "{shown}: This name stands here twice. Use each name once."
            ));
        }
    }
    Ok(kept)
}

/// Refuses an external id that another resource of the service has, wherever in the workspace. Only
/// one that the caller may see is named.
async fn keep_apart(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    proof: &OnService,
    text: &ResourceText,
    itself: Option<ResourceId>,
) -> Result<(), Failure> {
    let Some(external_id) = &text.external_id else {
        return Ok(());
    };
    let other = tx
        .resource_by_external_id(proof.workspace(), proof.service(), external_id)
        .await?
        .filter(|other| Some(other.id) != itself);
    let Some(other) = other else { return Ok(()) };
    let message = match visible_place(app, tx, proof, &other).await? {
        Some(project) => format!(
            "“{}” in the project “{project}” has this external id. Each stands for one resource of a service.",
            other.name
        ),
        None => "Another resource of this workspace has this external id. Each stands for one resource of a service.".to_owned(),
    };
    Err(Failure::field("external_id", message))
}

/// The name of the project of a resource, if the caller may see both.
async fn visible_place(
    app: &Rolecall,
    tx: &mut WorkspaceTx,
    standing: &Standing,
    resource: &ResourceRecord,
) -> Result<Option<String>, Failure> {
    let template = standing.template(app)?;
    let project = tx
        .project(standing.workspace(), resource.project_id)
        .await?;
    Ok(project
        .filter(|project| {
            let held = standing.effective(template, project.place());
            standing.may(template, project.place(), CorePermission::ProjectsView)
                && sees(&template.catalogue, held, &resource.service)
        })
        .map(|project| project.name))
}

/// What the trail keeps of a resource.
fn said(name: &str, external_id: Option<&str>, attributes: &BTreeMap<String, String>) -> Value {
    json!({ "name": name, "external_id": external_id, "attributes": attributes })
}

fn entry(
    action: &'static str,
    proof: &OnService,
    id: ResourceId,
    before: Option<&ResourceRecord>,
    after: Option<&ResourceText>,
) -> Entry {
    let project = proof.project();
    let called = before.map(|r| &r.name).or(after.map(|text| &text.name));
    let target = Target::new("resource", id.0, called.cloned().unwrap_or_default());
    let before = before.map(|r| said(&r.name, r.external_id.as_deref(), &r.attributes()));
    let after = after.map(|t| said(&t.name, t.external_id.as_deref(), &t.attributes));
    Entry::new(
        action,
        target,
        json!({
            "project": project.name,
            "project_id": project.id,
            "service": proof.service(),
            "before": before,
            "after": after,
        }),
    )
}

/// Makes a resource. Needs Manage of its row in the project.
///
/// # Errors
/// [`Failure::Invalid`] on `service` (unknown, or a row that has no resources), `name`,
/// `external_id` (also when it is taken) or `attributes`; [`Failure::DeniedOn`] without the
/// permission; [`Failure::Conflict`] when there are [`MAX_RESOURCES`]; [`Failure::TooMany`] past 1,000
/// new and changed resources an hour.
pub async fn create(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    draft: &ResourceDraft,
) -> Result<ResourceId, Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let service = draft.service.as_str();
    let proof = authz::authorize_on(app, &mut tx, caller, slug, project, service, Action::Manage)
        .await
        .map_err(|denied| match denied {
            Denied::Hidden("service") => no_such_service(service),
            other => other.into(),
        })?;
    if let Some(id) = once::made(&mut tx, caller, proof.member()).await? {
        return Ok(ResourceId(id));
    }
    let text = check(draft)?;
    CHANGES.take_by(app, &mut tx, &proof, now).await?;
    let counts = tx.project_counts(&[project]).await?;
    if counts.get(&project).map_or(0, |counted| counted.resources) >= MAX_RESOURCES {
        return Err(Failure::Conflict(format!(
            "A project has at most {MAX_RESOURCES} resources. Delete one that nobody needs first."
        )));
    }
    keep_apart(app, &mut tx, &proof, &text, None).await?;
    let new = NewResource {
        id: app.random().id(now),
        project,
        service,
        text: &text,
        created_by: (proof.member(), &caller.session.name),
    };
    tx.insert_resource(now, &new).await?;
    let id = new.id;
    let entry = entry("resource.created", &proof, id, None, Some(&text));
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

fn no_such_service(typed: &str) -> Failure {
    let shown: String = text::tidy(typed).chars().take(text::NAME_MAX).collect();
    let message = format!("“{shown}” is no service that has resources. Choose one from the list.");
    Failure::field("service", message)
}

/// A locked workspace, a proof, and the resource to be changed.
struct Opened {
    tx: WorkspaceTx,
    proof: OnService,
    record: ResourceRecord,
}

impl Opened {
    /// A resource of a service that the caller may not look at is as unknown as a made-up one.
    async fn new(
        app: &Rolecall,
        caller: &Caller,
        slug: &str,
        project: ProjectId,
        resource: ResourceId,
        action: impl Fn(&Row) -> Action,
    ) -> Result<Self, Failure> {
        let mut tx = app
            .store()
            .lock_slug(slug)
            .await?
            .ok_or(Failure::NotFound("workspace"))?;
        let view = authz::authorize_in::<ProjectsView>(app, &mut tx, caller, slug, project).await?;
        let template = view.template(app)?;
        let held = view.effective(template, view.place());
        let record = tx
            .resource(&view, resource)
            .await?
            .filter(|record| sees(&template.catalogue, held, &record.service))
            .ok_or(Failure::NotFound("resource"))?;
        let (_, row) = template
            .catalogue
            .row(&record.service)
            .ok_or(Failure::NotFound("resource"))?;
        let service = record.service.as_str();
        let action = action(row);
        let proof =
            authz::authorize_on(app, &mut tx, caller, slug, project, service, action).await?;
        Ok(Self { tx, proof, record })
    }
}

/// Changes a resource; gives its new version. Needs Manage of its row in the project. Without a change
/// nothing is written and the version stays.
///
/// # Errors
/// [`Failure::Invalid`] as for [`create`], and on `service` when it is another one;
/// [`Failure::Conflict`] when it changed since `version`; [`Failure::DeniedOn`] without the permission.
pub async fn update(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    resource: ResourceId,
    version: i64,
    draft: &ResourceDraft,
) -> Result<i64, Failure> {
    let now = app.clock().now();
    let manage = |_: &Row| Action::Manage;
    let Opened {
        mut tx,
        proof,
        record,
    } = Opened::new(app, caller, slug, project, resource, manage).await?;
    if draft.service != record.service {
        return Err(Failure::field(
            "service",
            "A resource stays with its service. Make a new one there, and delete this one.",
        ));
    }
    let text = check(draft)?;
    if record.version != version {
        return Err(stale());
    }
    let (id, attributes) = (record.external_id.as_ref(), record.attributes());
    if (&record.name, id, &attributes) == (&text.name, text.external_id.as_ref(), &text.attributes)
    {
        return Ok(version);
    }
    CHANGES.take_by(app, &mut tx, &proof, now).await?;
    keep_apart(app, &mut tx, &proof, &text, Some(resource)).await?;
    if !tx
        .update_resource(now, &proof, resource, version, &text)
        .await?
    {
        return Err(stale());
    }
    let entry = entry(
        "resource.updated",
        &proof,
        resource,
        Some(&record),
        Some(&text),
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

/// Deletes a resource. Needs Delete of its row in the project, or Manage where the row has no Delete.
///
/// # Errors
/// [`Failure::Conflict`] when it changed since `version`; [`Failure::DeniedOn`] without the permission.
pub async fn delete(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    project: ProjectId,
    resource: ResourceId,
    version: i64,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let Opened {
        mut tx,
        proof,
        record,
    } = Opened::new(app, caller, slug, project, resource, deleting).await?;
    if !tx.delete_resource(&proof, resource, version).await? {
        return Err(stale());
    }
    let entry = entry("resource.deleted", &proof, resource, Some(&record), None);
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Projects],
    )
    .await?;
    Ok(())
}
