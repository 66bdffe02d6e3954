//! The audit trail: rows are added in the transaction of the change, and never touched again.

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, SessionId, WorkspaceId};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Db, StoreError,
    tx::{exec, sql},
};
use crate::request::{Caller, RequestMeta, Session};

/// Who did it, with the circumstances of the request.
#[derive(Clone, Debug)]
pub struct Actor {
    kind: &'static str,
    id: Option<Uuid>,
    label: String,
    session: Option<SessionId>,
    meta: RequestMeta,
}

impl Actor {
    /// A signed-in person.
    pub fn user(session: &Session, meta: &RequestMeta) -> Self {
        Self {
            kind: "user",
            id: Some(session.user.0),
            label: format!("{} <{}>", session.name, session.email),
            session: Some(session.id),
            meta: meta.clone(),
        }
    }

    /// The person behind a request.
    pub fn caller(caller: &Caller) -> Self {
        Self::user(&caller.session, &caller.meta)
    }

    /// A person who is not signed in, named by what they claim or hold: a link, an address.
    pub fn visitor(label: impl Into<String>, meta: &RequestMeta) -> Self {
        Self {
            kind: "visitor",
            id: None,
            label: label.into(),
            session: None,
            meta: meta.clone(),
        }
    }

    /// Rolecall itself: the sweeper, the outbox.
    pub fn system(part: &'static str) -> Self {
        Self {
            kind: "system",
            id: None,
            label: part.to_owned(),
            session: None,
            meta: RequestMeta::local(part),
        }
    }

    /// The operator at the command line.
    pub fn operator(command: &'static str) -> Self {
        Self {
            kind: "cli",
            id: None,
            label: command.to_owned(),
            session: None,
            meta: RequestMeta::local(command),
        }
    }
}

/// What it was done to, with its name of then.
#[derive(Clone, Debug)]
pub struct Target {
    kind: &'static str,
    id: Option<Uuid>,
    label: String,
}

impl Target {
    /// Any kind of thing with an id.
    pub fn new(kind: &'static str, id: impl Into<Option<Uuid>>, label: impl Into<String>) -> Self {
        Self {
            kind,
            id: id.into(),
            label: label.into(),
        }
    }

    /// A member.
    pub fn member(id: MemberId, label: impl Into<String>) -> Self {
        Self::new("member", id.0, label)
    }
}

/// What was done: an action such as `invitation.created`, its target, and before/after in JSON.
/// Never a secret, a token or a link (rule 64).
#[derive(Clone, Debug)]
pub struct Entry {
    action: &'static str,
    target: Target,
    detail: Value,
}

impl Entry {
    /// A row of the trail.
    pub fn new(action: &'static str, target: Target, detail: Value) -> Self {
        Self {
            action,
            target,
            detail,
        }
    }
}

/// A stored row, for reading.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AuditRow {
    /// Its number in the workspace, without gaps, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `user`, `visitor`, `system` or `cli`.
    pub actor_kind: String,
    /// The actor's name and address of then.
    pub actor_label: String,
    /// What was done.
    pub action: String,
    /// What kind of thing it was done to.
    pub target_kind: String,
    /// Its name of then.
    pub target_label: String,
    /// Before and after, JSON.
    pub detail: String,
    /// The request.
    pub request_id: String,
}

impl Db {
    pub(super) async fn append_audit(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
        actor: &Actor,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError> {
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        let last: i64 = sql!(self, |c| sqlx::query_scalar(
            "UPDATE workspaces SET audit_seq = audit_seq + $2 WHERE id = $1 RETURNING audit_seq"
        )
        .bind(workspace.0)
        .bind(count)
        .fetch_one(c))?;
        for (seq, entry) in (last - count + 1..).zip(entries) {
            self.insert_audit(workspace.0, seq, now, actor, entry)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn append_installation(
        &mut self,
        now: DateTime<Utc>,
        actor: &Actor,
        entry: Entry,
    ) -> Result<(), StoreError> {
        let seq: i64 = sql!(self, |c| sqlx::query_scalar(
            "UPDATE installation_audit SET seq = seq + 1 WHERE id = 1 RETURNING seq"
        )
        .fetch_one(c))?;
        self.insert_audit(Uuid::nil(), seq, now, actor, entry).await
    }

    async fn insert_audit(
        &mut self,
        workspace: Uuid,
        seq: i64,
        now: DateTime<Utc>,
        actor: &Actor,
        entry: Entry,
    ) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO audit_events (workspace_id, seq, at, actor_kind, actor_id, actor_label, action,
                   target_kind, target_id, target_label, detail, session_id, address, user_agent, request_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
            )
            .bind(workspace)
            .bind(seq)
            .bind(now)
            .bind(actor.kind)
            .bind(actor.id)
            .bind(&actor.label)
            .bind(entry.action)
            .bind(entry.target.kind)
            .bind(entry.target.id)
            .bind(&entry.target.label)
            .bind(entry.detail.to_string())
            .bind(actor.session.map(|id| id.0))
            .bind(actor.meta.address.to_string())
            .bind(&actor.meta.user_agent)
            .bind(&actor.meta.request_id)
        )
        .map(drop)
    }

    /// Rows of a workspace in order, for tests and for `audit verify`; `None`: the installation's own.
    pub async fn audit_rows(
        &mut self,
        workspace: Option<WorkspaceId>,
    ) -> Result<Vec<AuditRow>, StoreError> {
        sql!(self, |c| {
            sqlx::query_as(
            "SELECT seq, at, actor_kind, actor_label, action, target_kind, target_label, detail, request_id
             FROM audit_events WHERE workspace_id = $1 ORDER BY seq"
        )
        .bind(workspace.map_or(Uuid::nil(), |id| id.0))
        .fetch_all(c)
        })
    }
}
