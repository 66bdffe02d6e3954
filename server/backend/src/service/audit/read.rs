//! Reading the trail: pages, what came since, and what the filters offer. That somebody reads it is
//! an entry too, once per session and hour.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    SessionId, UserId,
    audit::{
        AuditEntry, AuditFamily, AuditFilters, AuditPage, AuditQuery, AuditSubject, AuditTarget,
        TargetPage,
    },
    page::{PAGE_SIZE, Page},
    permission::CorePermission,
    policy::Place,
    text::visible,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    question::{cursor, edge, filter},
    words,
};
use crate::{
    Caller, Rolecall,
    authz::{self, AuditView, Authorized},
    clock::timestamp,
    hex,
    service::{Failure, limits},
    store::{Actor, AuditEdge, AuditFilter, AuditRow, Db, Entry, StoreError, Target},
};

/// One entry per session tells of all that is read in this time.
const READ_EVERY: TimeDelta = TimeDelta::hours(1);
/// Newer entries are counted up to this number.
const NEWER_MAX: usize = 100;

/// One page of the trail, newest first. Needs `audit:view`.
///
/// # Errors
/// [`Failure::Invalid`] on `from`, `to`, `family` or `cursor`.
pub async fn page(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &AuditQuery,
) -> Result<AuditPage, Failure> {
    let mut db = app.store().read().await?;
    authz::authorize::<AuditView>(app, &mut db, caller, slug).await?;
    let filter = filter(query)?;
    let edge = edge(query.cursor.as_deref())?;
    let told = is_told(app, &mut db, caller, slug).await?;
    if !told {
        // The one connection of this request is given back before the trail is written to.
        drop(db);
        tell(app, caller, slug).await?;
        db = app.store().read().await?;
    }
    let proof = authz::authorize::<AuditView>(app, &mut db, caller, slug).await?;
    // Before the rows: an entry that comes in between is told as new, and not lost.
    let newest = db.audit_newest(&proof).await?;
    let looked = db.audit_look(&proof, &filter, edge, PAGE_SIZE).await?;
    let mut rows = looked.rows;
    if matches!(edge, AuditEdge::After(_)) {
        rows.reverse();
    }
    let looked_to = match looked.beyond.filter(|_| looked.cut_short) {
        Some(seq) => time_of(&mut db, &proof, seq).await?,
        None => None,
    };
    let first = rows.first().map(|row| row.seq);
    let last = rows.last().map(|row| row.seq);
    // Having come from a side, there is a page on that side.
    let (older, newer) = match edge {
        AuditEdge::Newest => (looked.beyond, None),
        AuditEdge::Before(seq) => (looked.beyond, Some(first.unwrap_or(seq - 1))),
        AuditEdge::After(seq) => (Some(last.unwrap_or(seq + 1)), looked.beyond),
    };
    let (subject, target) = subject(&mut db, &proof, &filter).await?;
    let entries = dress(app, &mut db, &proof, rows).await?;
    Ok(AuditPage {
        page: Page {
            rows: entries,
            next: older.map(|seq| cursor(AuditEdge::Before(seq))),
            previous: newer.map(|seq| cursor(AuditEdge::After(seq))),
        },
        newest,
        subject,
        target,
        looked_to: looked_to.map(timestamp),
    })
}

async fn time_of(
    db: &mut Db,
    proof: &Authorized<AuditView>,
    seq: i64,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let all = AuditFilter::default();
    let edge = AuditEdge::After(seq - 1);
    let found = db.audit_look(proof, &all, edge, 1).await?;
    Ok(found.rows.first().map(|row| row.at))
}

/// How many entries that a question asks for came after a number, up to a hundred. Needs `audit:view`.
///
/// # Errors
/// [`Failure::Invalid`] on `from`, `to` or `family`.
pub async fn newer(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    query: &AuditQuery,
    seq: i64,
) -> Result<usize, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<AuditView>(app, &mut db, caller, slug).await?;
    let filter = filter(query)?;
    Ok(db.audit_newer(&proof, &filter, seq, NEWER_MAX).await?)
}

/// What the filters offer. Needs `audit:view`.
pub async fn filters(app: &Rolecall, caller: &Caller, slug: &str) -> Result<AuditFilters, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<AuditView>(app, &mut db, caller, slug).await?;
    let families = words::FAMILIES.iter();
    // Signing in belongs to no workspace.
    let families = families.filter(|(name, _)| *name != "session");
    let mut actors = db.audit_actors(&proof).await?;
    for actor in &mut actors {
        actor.name = visible(&actor.name);
    }
    let mut projects = db.audit_projects(&proof).await?;
    for project in &mut projects {
        project.name = visible(&project.name);
    }
    Ok(AuditFilters {
        actors,
        projects,
        families: families
            .map(|(name, title)| AuditFamily {
                name: (*name).to_owned(),
                title: (*title).to_owned(),
            })
            .collect(),
    })
}

fn read_key(app: &Rolecall, caller: &Caller, slug: &str) -> String {
    limits::key(app, "audit-read", &format!("{slug}\0{}", caller.session.id))
}

async fn is_told(
    app: &Rolecall,
    db: &mut Db,
    caller: &Caller,
    slug: &str,
) -> Result<bool, StoreError> {
    let now = app.clock().now();
    let counted = db.throttle(&read_key(app, caller, slug)).await?;
    Ok(counted.is_some_and(|counted| now < counted.window_start + READ_EVERY))
}

/// Writes down that this session reads the trail.
async fn tell(app: &Rolecall, caller: &Caller, slug: &str) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    authz::authorize::<AuditView>(app, &mut tx, caller, slug).await?;
    let key = read_key(app, caller, slug);
    if tx.count(&key, 1, now, READ_EVERY).await?.count > 1 {
        // Another page of the same session was quicker.
        return Ok(());
    }
    let workspace = tx.workspace();
    let target = Target::new("workspace", workspace.id.0, workspace.name.clone());
    let entry = Entry::new("audit.read", target, json!({})).while_viewing();
    tx.commit(now, &Actor::caller(caller), entry.into(), &[])
        .await?;
    Ok(())
}

/// Whom or what a question is about: a person by name, or another target as it is called in its
/// newest entry.
async fn subject(
    db: &mut Db,
    proof: &Authorized<AuditView>,
    filter: &AuditFilter,
) -> Result<(Option<AuditSubject>, Option<String>), StoreError> {
    if filter.target.is_none() && filter.actor.is_none() {
        return Ok((None, None));
    }
    let actor = filter.actor.filter(|_| filter.target.is_none());
    let subject = db.audit_subject(proof, filter.target, actor).await?;
    if subject.is_some() || filter.target.is_none() {
        return Ok((subject, None));
    }
    let only = AuditFilter {
        target: filter.target,
        ..AuditFilter::default()
    };
    let newest = db.audit_look(proof, &only, AuditEdge::Newest, 1).await?;
    let row = newest.rows.into_iter().next();
    let name = row.filter(|row| row.target_id == filter.target);
    Ok((None, name.map(|row| visible(&row.target_label))))
}

/// Rows in words, with links to what is still there and may be seen.
async fn dress(
    app: &Rolecall,
    db: &mut Db,
    proof: &Authorized<AuditView>,
    rows: Vec<AuditRow>,
) -> Result<Vec<AuditEntry>, Failure> {
    let template = proof.template(app)?;
    let may = |permission| proof.may(template, Place::Workspace, permission);
    let (team, projects) = (
        may(CorePermission::TeamView),
        may(CorePermission::ProjectsView),
    );
    let page_of = |kind: &str| match kind {
        "member" if team => Some(TargetPage::Member),
        "role" if team => Some(TargetPage::Role),
        "group" if team => Some(TargetPage::Group),
        "project" if projects => Some(TargetPage::Project),
        _ => None,
    };
    let linked = rows
        .iter()
        .filter(|row| page_of(&row.target_kind).is_some());
    let mut ids: Vec<Uuid> = linked.filter_map(|row| row.target_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let there: HashSet<Uuid> = db
        .audit_targets_there(proof, &ids)
        .await?
        .into_iter()
        .collect();
    let views: Vec<Uuid> = rows.iter().filter_map(|row| row.view_id).collect();
    let viewed: HashMap<Uuid, String> = db.viewed_as(proof, &views).await?.into_iter().collect();
    let entries = rows.into_iter().map(|row| {
        let page = page_of(&row.target_kind)
            .filter(|_| row.target_id.is_some_and(|id| there.contains(&id)));
        let viewing_as = row.view_id.and_then(|id| viewed.get(&id));
        AuditEntry {
            viewing_as: viewing_as.map(|name| visible(name)),
            ..entry(row, page)
        }
    });
    Ok(entries.collect())
}

/// A row in words.
pub(super) fn entry(row: AuditRow, page: Option<TargetPage>) -> AuditEntry {
    let what = words::action(&row.action).map_or_else(|| visible(&row.action), str::to_owned);
    AuditEntry {
        seq: row.seq,
        at: timestamp(row.at),
        actor: actor(&row),
        viewing_as: None,
        actor_id: row.actor_id.map(UserId),
        what,
        changes: words::changes(&row.detail),
        action: row.action,
        target: AuditTarget {
            id: row.target_id,
            kind: words::kind(&row.target_kind),
            name: visible(&row.target_label),
            page,
        },
        address: visible(&row.address),
        user_agent: visible(&row.user_agent),
        session: row.session_id.map(SessionId),
        request_id: visible(&row.request_id),
        hash: row.hash.as_deref().map(hex::encode),
    }
}

/// Who did it, so that nobody takes a label for a person.
fn actor(row: &AuditRow) -> String {
    let label = visible(&row.actor_label);
    match row.actor_kind.as_str() {
        "system" => format!("Rolecall ({label})"),
        "cli" => format!("Operator ({label})"),
        "visitor" => format!("Not signed in: {label}"),
        _ => label,
    }
}
