//! The audit trail: rows are added in the transaction of the change, chained by hashes, and never
//! touched again.

mod canonical;
mod checkpoint;
mod page;
mod row;

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, SessionId, ViewId, WorkspaceId};
use serde_json::Value;
use sqlx::QueryBuilder;
use uuid::Uuid;

pub(crate) use self::page::{AuditEdge, AuditFilter};
pub(super) use self::row::audit_columns;
pub use self::{checkpoint::CheckpointRecord, row::AuditRow};
use super::{
    Db, StoreError,
    tx::{exec, sql},
};
use crate::{
    keys::ChainKey,
    request::{Caller, RequestMeta, Session},
};

/// Rows and terms that are written with one statement; the databases limit how many values it may have.
const ROWS_AT_ONCE: usize = 200;
const TERMS_AT_ONCE: usize = 1_000;

/// Who did it, with the circumstances of the request.
#[derive(Clone, Debug)]
pub struct Actor {
    kind: &'static str,
    id: Option<Uuid>,
    label: String,
    session: Option<SessionId>,
    /// Of somebody who views as a member: in which view, as whom.
    viewing: Option<(ViewId, MemberId)>,
    meta: RequestMeta,
}

impl Actor {
    /// A signed-in person, or a program with a token of theirs, which stands beside them.
    pub fn user(session: &Session, meta: &RequestMeta) -> Self {
        let person = format!("{} <{}>", session.name, session.email);
        let (kind, label) = match &session.token {
            Some(token) => ("token", format!("{person} by the token “{}”", token.name)),
            None => ("user", person),
        };
        Self {
            kind,
            id: Some(session.user.0),
            label,
            session: Some(session.id),
            viewing: session.viewing.as_ref().map(|v| (v.id, v.member)),
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
            viewing: None,
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
            viewing: None,
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
            viewing: None,
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
    about: Vec<Uuid>,
    while_viewing: bool,
}

impl Entry {
    /// A row of the trail.
    pub fn new(action: &'static str, target: Target, detail: Value) -> Self {
        Self {
            action,
            target,
            detail,
            about: Vec::new(),
            while_viewing: false,
        }
    }

    /// Says that the row tells of looking or of ending it, and of no change: only such rows can be
    /// committed in the name of somebody who views as a member.
    #[must_use]
    pub fn while_viewing(mut self) -> Self {
        self.while_viewing = true;
        self
    }

    /// Names people whom it concerns beside the target, so that it stands in their history too.
    #[must_use]
    pub fn about(mut self, members: impl IntoIterator<Item = MemberId>) -> Self {
        self.about.extend(members.into_iter().map(|id| id.0));
        self
    }

    /// The project that it happened in: the target, or the one that the detail names.
    fn project(&self) -> Option<Uuid> {
        if self.target.kind == "project" {
            return self.target.id;
        }
        self.detail.get("project_id")?.as_str()?.parse().ok()
    }

    /// What the row can be found by.
    fn terms(&self, actor: &Actor) -> Vec<String> {
        let mut terms = vec![family_term(family(self.action))];
        terms.extend(actor.id.map(actor_term));
        terms.extend(self.target.id.map(target_term));
        terms.extend(self.about.iter().copied().map(target_term));
        // What was done in their name stands in their history.
        terms.extend(actor.viewing.map(|(_, member)| target_term(member.0)));
        terms.extend(self.project().map(project_term));
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

fn row(seq: i64, now: DateTime<Utc>, actor: &Actor, entry: Entry) -> AuditRow {
    AuditRow {
        seq,
        at: now,
        actor_kind: actor.kind.to_owned(),
        actor_id: actor.id,
        actor_label: actor.label.clone(),
        action: entry.action.to_owned(),
        target_kind: entry.target.kind.to_owned(),
        target_id: entry.target.id,
        target_label: entry.target.label,
        detail: entry.detail.to_string(),
        session_id: actor.session.map(|id| id.0),
        address: actor.meta.address.to_string(),
        user_agent: actor.meta.user_agent.clone(),
        request_id: actor.meta.request_id.clone(),
        hash: None,
        on_behalf_of: actor.viewing.map(|(_, member)| member.0),
        view_id: actor.viewing.map(|(view, _)| view.0),
    }
}

/// What kind of action it is: `member` of `member.joined`.
pub(crate) fn family(action: &str) -> &str {
    action.split_once('.').map_or(action, |(family, _)| family)
}

/// Found by who did it.
pub(super) fn actor_term(user: Uuid) -> String {
    format!("a{}", user.simple())
}

/// Found by what it was done to, or whom it concerns.
pub(super) fn target_term(id: Uuid) -> String {
    format!("t{}", id.simple())
}

/// Found by the project.
pub(super) fn project_term(id: Uuid) -> String {
    format!("p{}", id.simple())
}

/// Found by the family of the action.
pub(super) fn family_term(family: &str) -> String {
    format!("f{family}")
}

/// Where a trail ends: the number and the link of its last row.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TrailEnd {
    /// The number of the last row; 0 before the first.
    pub seq: i64,
    /// Its link; `None` when no row has one yet.
    pub head: Option<Vec<u8>>,
    /// The number of the first row that has a link.
    pub chained_from: Option<i64>,
}

/// A trail: of a workspace, or the installation's own.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Trail {
    /// The workspace; the nil id stands for the installation.
    pub id: Uuid,
    /// Its part of the address; empty for the installation.
    pub slug: String,
}

impl Db {
    pub(super) async fn append_audit(
        &mut self,
        chain: &ChainKey,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
        actor: &Actor,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError> {
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        let end: TrailEnd = sql!(self, |c| sqlx::query_as(
            "UPDATE workspaces SET audit_seq = audit_seq + $2 WHERE id = $1
             RETURNING audit_seq AS seq, audit_head AS head, audit_from AS chained_from"
        )
        .bind(workspace.0)
        .bind(count)
        .fetch_one(c))?;
        let first = end.seq - count + 1;
        let link = end.head.unwrap_or_default();
        let link = self
            .write_rows(chain, workspace.0, (first, link), now, actor, entries)
            .await?;
        exec!(
            self,
            sqlx::query("UPDATE workspaces SET audit_head = $2, audit_from = $3 WHERE id = $1")
                .bind(workspace.0)
                .bind(link)
                .bind(end.chained_from.unwrap_or(first))
        )
        .map(drop)
    }

    pub(super) async fn append_installation(
        &mut self,
        chain: &ChainKey,
        now: DateTime<Utc>,
        actor: &Actor,
        entry: Entry,
    ) -> Result<(), StoreError> {
        let end: TrailEnd = sql!(self, |c| {
            sqlx::query_as(
            "UPDATE installation_audit SET seq = seq + 1 WHERE id = 1 RETURNING seq, head, chained_from"
        )
        .fetch_one(c)
        })?;
        let at = (end.seq, end.head.unwrap_or_default());
        let link = self
            .write_rows(chain, Uuid::nil(), at, now, actor, vec![entry])
            .await?;
        exec!(
            self,
            sqlx::query("UPDATE installation_audit SET head = $1, chained_from = $2 WHERE id = 1")
                .bind(link)
                .bind(end.chained_from.unwrap_or(end.seq))
        )
        .map(drop)
    }

    /// Writes rows from a number on, the first after the link beside it; gives the last link.
    async fn write_rows(
        &mut self,
        chain: &ChainKey,
        trail: Uuid,
        (first, mut link): (i64, Vec<u8>),
        now: DateTime<Utc>,
        actor: &Actor,
        entries: Vec<Entry>,
    ) -> Result<Vec<u8>, StoreError> {
        // The second line of R-70, behind the entry of each server function and form.
        if actor.viewing.is_some() && !entries.iter().all(|entry| entry.while_viewing) {
            return Err(StoreError::ReadOnly);
        }
        let mut rows = Vec::with_capacity(entries.len());
        let mut terms = Vec::new();
        for (seq, entry) in (first..).zip(entries) {
            terms.extend(entry.terms(actor).into_iter().map(|term| (seq, term)));
            let mut row = row(seq, now, actor, entry);
            link = chain.link(&link, &row.canonical(trail));
            row.hash = Some(link.clone());
            rows.push(row);
        }
        for rows in rows.chunks(ROWS_AT_ONCE) {
            self.insert_rows(trail, rows).await?;
        }
        for terms in terms.chunks(TERMS_AT_ONCE) {
            self.insert_terms(trail, terms).await?;
        }
        Ok(link)
    }

    async fn insert_rows(&mut self, trail: Uuid, rows: &[AuditRow]) -> Result<(), StoreError> {
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(concat!(
                "INSERT INTO audit_events (workspace_id, ",
                audit_columns!(),
                ") "
            ));
            q.push_values(rows, |mut values, row| {
                values
                    .push_bind(trail)
                    .push_bind(row.seq)
                    .push_bind(row.at)
                    .push_bind(&row.actor_kind)
                    .push_bind(row.actor_id)
                    .push_bind(&row.actor_label)
                    .push_bind(&row.action)
                    .push_bind(&row.target_kind)
                    .push_bind(row.target_id)
                    .push_bind(&row.target_label)
                    .push_bind(&row.detail)
                    .push_bind(row.session_id)
                    .push_bind(&row.address)
                    .push_bind(&row.user_agent)
                    .push_bind(&row.request_id)
                    .push_bind(&row.hash)
                    .push_bind(row.on_behalf_of)
                    .push_bind(row.view_id);
            });
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })
    }

    async fn insert_terms(
        &mut self,
        trail: Uuid,
        terms: &[(i64, String)],
    ) -> Result<(), StoreError> {
        sql!(self, |c, Kind| {
            let mut q =
                QueryBuilder::<Kind>::new("INSERT INTO audit_terms (workspace_id, term, seq) ");
            q.push_values(terms, |mut row, (seq, term)| {
                row.push_bind(trail).push_bind(term).push_bind(*seq);
            });
            q.build()
                .execute(c)
                .await
                .map(drop)
                .map_err(StoreError::from)
        })
    }

    /// Rows of a workspace in order, for tests; `None`: the installation's own.
    pub async fn audit_rows(
        &mut self,
        workspace: Option<WorkspaceId>,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let trail = workspace.map_or(Uuid::nil(), |id| id.0);
        self.audit_stretch(trail, 0, i64::MAX).await
    }

    /// Up to `limit` rows of a trail after a number, in order, for the operator who verifies it.
    pub(crate) async fn audit_stretch(
        &mut self,
        trail: Uuid,
        after: i64,
        limit: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            "SELECT ",
            audit_columns!(),
            " FROM audit_events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
        ))
        .bind(trail)
        .bind(after)
        .bind(limit)
        .fetch_all(c))
    }

    /// All trails, the installation's first, then by address.
    pub(crate) async fn trails(&mut self) -> Result<Vec<Trail>, StoreError> {
        let workspaces: Vec<Trail> = sql!(self, |c| sqlx::query_as(
            "SELECT id, slug FROM workspaces ORDER BY slug"
        )
        .fetch_all(c))?;
        let own = Trail {
            id: Uuid::nil(),
            slug: String::new(),
        };
        Ok([vec![own], workspaces].concat())
    }

    /// Where a trail ends by what its counter says; `None`: there is no such trail.
    pub(crate) async fn trail_end(&mut self, trail: Uuid) -> Result<Option<TrailEnd>, StoreError> {
        if trail.is_nil() {
            return sql!(self, |c| sqlx::query_as(
                "SELECT seq, head, chained_from FROM installation_audit WHERE id = 1"
            )
            .fetch_optional(c));
        }
        sql!(self, |c| sqlx::query_as(
            "SELECT audit_seq AS seq, audit_head AS head, audit_from AS chained_from
             FROM workspaces WHERE id = $1"
        )
        .bind(trail)
        .fetch_optional(c))
    }
}
