//! `/audit`: who did what, and when.

use rolecall_backend::service::audit;
use rolecall_shared::{
    ProjectId, Timestamp, UserId,
    audit::{AuditChange, AuditEntry, AuditQuery, AuditTarget},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};
use uuid::Uuid;

use super::{
    answer::{List, Paged},
    body::Asked,
    call::Call,
    moment::Moment,
    words::{paged, pairs},
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list)]
}

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TrailAsked {
    /// The id of a person: only what they did.
    #[param(value_type = Option<String>, format = Uuid)]
    actor: Option<UserId>,
    /// The id of a thing or a member: only what was done to it, or concerned them.
    #[param(value_type = Option<String>, format = Uuid)]
    target: Option<Uuid>,
    /// Only actions of this family, such as `invitation`.
    #[param(value_type = Option<String>, pattern = "^[a-z_]{1,40}$")]
    family: Option<Family>,
    /// The id of a project: only what happened in it.
    #[param(value_type = Option<String>, format = Uuid)]
    project: Option<ProjectId>,
    /// Only from this day on, in UTC.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Day>,
    /// Only up to and with this day, in UTC.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Day>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// A day: `2026-11-22`.
#[derive(Deserialize, Serialize)]
#[serde(try_from = "String")]
struct Day(String);

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match Timestamp::start_of_day(&text) {
            Some(_) => Ok(Self(text)),
            None => Err("write a day as in 2026-11-22"),
        }
    }
}

/// The first part of the names of actions, such as `invitation`.
#[derive(Deserialize, Serialize)]
#[serde(try_from = "String")]
struct Family(String);

impl TryFrom<String> for Family {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let sound = text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if sound && (1..=40).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err("write the first part of the name of an action, such as invitation")
        }
    }
}

/// What something was done to.
#[derive(Serialize, ToSchema)]
struct Target {
    id: Option<Uuid>,
    /// What kind of thing it is, in words.
    kind: String,
    /// Its name of then.
    name: String,
}

impl From<AuditTarget> for Target {
    fn from(target: AuditTarget) -> Self {
        Self {
            id: target.id,
            kind: target.kind,
            name: target.name,
        }
    }
}

/// Something that an entry tells, in words.
#[derive(Serialize, ToSchema)]
struct Change {
    /// What it is about.
    what: String,
    /// How it was.
    before: Option<String>,
    /// How it is since.
    after: Option<String>,
}

impl From<AuditChange> for Change {
    fn from(change: AuditChange) -> Self {
        Self {
            what: change.what,
            before: change.before,
            after: change.after,
        }
    }
}

/// An entry of the trail.
#[derive(Serialize, ToSchema)]
pub(super) struct Entry {
    /// Its number, without gaps, from 1.
    seq: i64,
    at: Moment,
    /// Who, as they were called then.
    actor: String,
    /// The id of the person, where it was one.
    actor_id: Option<Uuid>,
    /// As whom they looked at the workspace, when they did.
    viewing_as: Option<String>,
    /// What was done, such as `invitation.created`.
    action: String,
    /// The same in words.
    what: String,
    target: Target,
    /// Before and after.
    changes: Vec<Change>,
    /// Where the request came from.
    address: String,
    /// What the client called itself.
    user_agent: String,
    request_id: String,
    /// Its link in the chain, in hexadecimal.
    hash: Option<String>,
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at.into(),
            actor: entry.actor,
            actor_id: entry.actor_id.map(|id| id.0),
            viewing_as: entry.viewing_as,
            action: entry.action,
            what: entry.what,
            target: entry.target.into(),
            changes: entry.changes.into_iter().map(Into::into).collect(),
            address: entry.address,
            user_agent: entry.user_agent,
            request_id: entry.request_id,
            hash: entry.hash,
        }
    }
}

/// List the entries of the audit trail
///
/// The newest first. That it is read is itself written down, once for each token and hour. Several filters
/// together look through a part of the trail at a time: a page can be short, and `next` goes on.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/audit", operation_id = "list_audit", tag = "Audit trail",
    params(TrailAsked),
    responses((status = 200, description = "One page of the entries.", body = List<Entry>)),
    extensions(("x-permission" = json!("audit:view"))),
)]
async fn list(call: Call, Asked(asked): Asked<TrailAsked>) -> Result<Paged<Entry>, Problem> {
    let pairs = pairs(&asked);
    let query = AuditQuery {
        actor: asked.actor,
        target: asked.target,
        family: asked.family.map(|family| family.0),
        project: asked.project,
        from: asked.from.map(|day| day.0),
        to: asked.to.map(|day| day.0),
        cursor: asked.cursor,
    };
    let told = call
        .ask("list_audit", async |app, caller, slug| {
            audit::page(app, caller, slug, &query).await
        })
        .await?;
    Ok(paged(
        &call,
        "/audit",
        &pairs,
        told.page.rows,
        told.page.next,
    ))
}
