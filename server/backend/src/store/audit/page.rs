//! Pages of a trail, by number. Every filter reads one stretch of the index of terms, so that a page
//! of a long trail costs what one of a short trail does.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{MemberId, ProjectId, UserId, audit::AuditSubject, member::Named};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{AuditRow, actor_term, audit_columns, family_term, project_term, target_term};
use crate::{
    authz::{AuditView, Authorized},
    store::{Db, StoreError, tx::sql},
};

/// Entries of the rarest filter that are looked through when there are several filters: a few first,
/// where a page is found as a rule, then many.
const LOOKED_THROUGH: [i64; 2] = [250, 2_000];
/// Clocks of instances may differ by two minutes each way: rows near the edge of a span of days may
/// stand a little out of order.
const SLACK: TimeDelta = TimeDelta::minutes(5);
/// Most people and projects that the filters offer.
const OFFERED: i64 = 200;

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuditFilter {
    pub(crate) actor: Option<UserId>,
    pub(crate) target: Option<Uuid>,
    pub(crate) project: Option<ProjectId>,
    pub(crate) family: Option<String>,
    /// From this moment on.
    pub(crate) from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub(crate) until: Option<DateTime<Utc>>,
}

impl AuditFilter {
    /// The terms, the one that most likely finds the fewest first.
    fn terms(&self) -> Vec<String> {
        let target = self.target.map(target_term);
        let project = self.project.map(|id| project_term(id.0));
        let actor = self.actor.map(|id| actor_term(id.0));
        let family = self.family.as_deref().map(family_term);
        [target, project, actor, family]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuditEdge {
    /// With the newest entry.
    Newest,
    /// Before this number.
    Before(i64),
    /// After this number.
    After(i64),
}

/// What a look at the trail found.
#[derive(Debug)]
pub(crate) struct Looked {
    /// The rows, nearest to the edge first.
    pub(crate) rows: Vec<AuditRow>,
    /// The number up to which there was a look, when there may be more beyond it.
    pub(crate) beyond: Option<i64>,
    /// Whether the look ended there before it had found as many as it was asked for.
    pub(crate) cut_short: bool,
}

impl Looked {
    fn nothing() -> Self {
        Self {
            rows: Vec::new(),
            beyond: None,
            cut_short: false,
        }
    }
}

#[derive(Clone, Copy)]
struct Stretch {
    low: i64,
    high: i64,
    upwards: bool,
}

impl Stretch {
    /// The part of it that ends at a number, as far as there is one.
    fn up_to(mut self, end: Option<i64>) -> Self {
        match end {
            Some(end) if self.upwards => self.high = end,
            Some(end) => self.low = end,
            None => {}
        }
        self
    }

    fn order(&self) -> &'static str {
        if self.upwards { "ASC" } else { "DESC" }
    }
}

impl Db {
    /// Up to `limit` entries beyond an edge, nearest first.
    pub(crate) async fn audit_look(
        &mut self,
        proof: &Authorized<AuditView>,
        filter: &AuditFilter,
        edge: AuditEdge,
        limit: usize,
    ) -> Result<Looked, StoreError> {
        let workspace = proof.workspace().0;
        let Some(stretch) = self.stretch(workspace, filter, edge).await? else {
            return Ok(Looked::nothing());
        };
        let terms = filter.terms();
        let (mut end, mut seqs) = (None, Vec::new());
        for most in LOOKED_THROUGH {
            end = match terms.as_slice() {
                [rarest, _, ..] => self.far_enough(workspace, rarest, &stretch, most).await?,
                _ => None,
            };
            let near = stretch.up_to(end);
            seqs = self
                .audit_numbers(workspace, filter, &terms, &near, limit + 1)
                .await?;
            if seqs.len() > limit || end.is_none() {
                break;
            }
        }
        let is_full = seqs.len() > limit;
        seqs.truncate(limit);
        let beyond = if is_full { seqs.last().copied() } else { end };
        Ok(Looked {
            rows: self.audit_at(workspace, &seqs, stretch.order()).await?,
            beyond,
            cut_short: !is_full && end.is_some(),
        })
    }

    /// The numbers between which entries can be; `None`: there can be none.
    async fn stretch(
        &mut self,
        workspace: Uuid,
        filter: &AuditFilter,
        edge: AuditEdge,
    ) -> Result<Option<Stretch>, StoreError> {
        let mut stretch = Stretch {
            low: 1,
            high: i64::MAX,
            upwards: matches!(edge, AuditEdge::After(_)),
        };
        match edge {
            AuditEdge::Newest => {}
            AuditEdge::Before(seq) => stretch.high = seq.saturating_sub(1),
            AuditEdge::After(seq) => stretch.low = seq.saturating_add(1),
        }
        if let Some(from) = filter.from {
            let first: Option<i64> = sql!(self, |c| {
                sqlx::query_scalar(
                "SELECT seq FROM audit_events WHERE workspace_id = $1 AND at >= $2 ORDER BY at, seq LIMIT 1"
            )
            .bind(workspace)
            .bind(from - SLACK)
            .fetch_optional(c)
            })?;
            let Some(first) = first else { return Ok(None) };
            stretch.low = stretch.low.max(first);
        }
        if let Some(until) = filter.until {
            let last: Option<i64> = sql!(self, |c| sqlx::query_scalar(
                "SELECT seq FROM audit_events WHERE workspace_id = $1 AND at < $2
                 ORDER BY at DESC, seq DESC LIMIT 1"
            )
            .bind(workspace)
            .bind(until + SLACK)
            .fetch_optional(c))?;
            let Some(last) = last else { return Ok(None) };
            stretch.high = stretch.high.min(last);
        }
        Ok((stretch.low <= stretch.high).then_some(stretch))
    }

    /// The number at which a look through one term ends; `None`: it reaches the end of the stretch.
    async fn far_enough(
        &mut self,
        workspace: Uuid,
        term: &str,
        stretch: &Stretch,
        most: i64,
    ) -> Result<Option<i64>, StoreError> {
        sql!(self, |c, Kind| {
            let mut q =
                QueryBuilder::<Kind>::new("SELECT seq FROM audit_terms WHERE workspace_id = ");
            q.push_bind(workspace).push(" AND term = ").push_bind(term);
            q.push(" AND seq >= ").push_bind(stretch.low);
            q.push(" AND seq <= ").push_bind(stretch.high);
            q.push(" ORDER BY seq ").push(stretch.order());
            q.push(" LIMIT 1 OFFSET ").push_bind(most);
            q.build_query_scalar()
                .fetch_optional(c)
                .await
                .map_err(StoreError::from)
        })
    }

    async fn audit_numbers(
        &mut self,
        workspace: Uuid,
        filter: &AuditFilter,
        terms: &[String],
        stretch: &Stretch,
        limit: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new("SELECT t.seq FROM ");
            q.push(if terms.is_empty() {
                "audit_events t"
            } else {
                "audit_terms t"
            });
            q.push(" WHERE t.workspace_id = ").push_bind(workspace);
            q.push(" AND t.seq >= ").push_bind(stretch.low);
            q.push(" AND t.seq <= ").push_bind(stretch.high);
            if let Some((rarest, others)) = terms.split_first() {
                q.push(" AND t.term = ").push_bind(rarest);
                for other in others {
                    // The bounds are repeated: without them all of the other term could be read.
                    q.push(" AND EXISTS (SELECT 1 FROM audit_terms o WHERE o.workspace_id = ");
                    q.push_bind(workspace)
                        .push(" AND o.term = ")
                        .push_bind(other);
                    q.push(" AND o.seq = t.seq AND o.seq >= ")
                        .push_bind(stretch.low);
                    q.push(" AND o.seq <= ").push_bind(stretch.high).push(")");
                }
            }
            if filter.from.is_some() || filter.until.is_some() {
                q.push(" AND EXISTS (SELECT 1 FROM audit_events e WHERE e.workspace_id = ");
                q.push_bind(workspace).push(" AND e.seq = t.seq");
                if let Some(from) = filter.from {
                    q.push(" AND e.at >= ").push_bind(from);
                }
                if let Some(until) = filter.until {
                    q.push(" AND e.at < ").push_bind(until);
                }
                q.push(")");
            }
            q.push(" ORDER BY t.seq ").push(stretch.order());
            q.push(" LIMIT ").push_bind(limit);
            q.build_query_scalar()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    async fn audit_at(
        &mut self,
        workspace: Uuid,
        seqs: &[i64],
        order: &'static str,
    ) -> Result<Vec<AuditRow>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(concat!(
                "SELECT ",
                audit_columns!(),
                " FROM audit_events WHERE workspace_id = "
            ));
            q.push_bind(workspace).push(" AND seq IN (");
            let mut list = q.separated(", ");
            for seq in seqs {
                list.push_bind(*seq);
            }
            q.push(") ORDER BY seq ").push(order);
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// How many entries there are after a number, counted up to `most`.
    pub(crate) async fn audit_newer(
        &mut self,
        proof: &Authorized<AuditView>,
        filter: &AuditFilter,
        seq: i64,
        most: usize,
    ) -> Result<usize, StoreError> {
        let workspace = proof.workspace().0;
        let edge = AuditEdge::After(seq);
        let Some(stretch) = self.stretch(workspace, filter, edge).await? else {
            return Ok(0);
        };
        let terms = filter.terms();
        let found = self.audit_numbers(workspace, filter, &terms, &stretch, most);
        found.await.map(|found| found.len())
    }

    /// The links of the entries before these, by the number of the later one, for an export.
    pub(crate) async fn links_before(
        &mut self,
        proof: &Authorized<AuditView>,
        seqs: &[i64],
    ) -> Result<Vec<(i64, Option<Vec<u8>>)>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        sql!(self, |c, Kind| {
            let mut q = QueryBuilder::<Kind>::new(
                "SELECT seq + 1, hash FROM audit_events WHERE workspace_id = ",
            );
            q.push_bind(proof.workspace().0).push(" AND seq IN (");
            let mut list = q.separated(", ");
            for seq in seqs {
                list.push_bind(*seq - 1);
            }
            q.push(")");
            q.build_query_as()
                .fetch_all(c)
                .await
                .map_err(StoreError::from)
        })
    }

    /// The number of the newest entry.
    pub(crate) async fn audit_newest(
        &mut self,
        proof: &Authorized<AuditView>,
    ) -> Result<i64, StoreError> {
        sql!(self, |c| sqlx::query_scalar(
            "SELECT audit_seq FROM workspaces WHERE id = $1"
        )
        .bind(proof.workspace().0)
        .fetch_one(c))
    }

    /// The member with this id, or the membership of this person.
    pub(crate) async fn audit_subject(
        &mut self,
        proof: &Authorized<AuditView>,
        member: Option<Uuid>,
        user: Option<UserId>,
    ) -> Result<Option<AuditSubject>, StoreError> {
        let row: Option<(Uuid, Uuid, String)> = sql!(self, |c| sqlx::query_as(
            "SELECT m.id, m.user_id, u.name FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.workspace_id = $1 AND (m.id = $2 OR m.user_id = $3) LIMIT 1"
        )
        .bind(proof.workspace().0)
        .bind(member)
        .bind(user.map(|id| id.0))
        .fetch_optional(c))?;
        Ok(row.map(|(member, user, name)| AuditSubject {
            member: MemberId(member),
            user: UserId(user),
            name,
        }))
    }

    /// People who did something, as they were called last, by name.
    pub(crate) async fn audit_actors(
        &mut self,
        proof: &Authorized<AuditView>,
    ) -> Result<Vec<Named<UserId>>, StoreError> {
        let found = self.newest_by_term(proof, "a", "b").await?;
        let named = found.into_iter().filter_map(|row| {
            let id = row.actor_id?;
            let name = row.actor_label;
            Some(Named {
                id: UserId(id),
                name,
            })
        });
        Ok(by_name(named.collect()))
    }

    /// Projects in which something happened, as they were called last, by name.
    pub(crate) async fn audit_projects(
        &mut self,
        proof: &Authorized<AuditView>,
    ) -> Result<Vec<Named<ProjectId>>, StoreError> {
        let found = self.newest_by_term(proof, "p", "q").await?;
        let named = found.into_iter().filter_map(|row| {
            if row.target_kind == "project" {
                let id = ProjectId(row.target_id?);
                return Some(Named {
                    id,
                    name: row.target_label,
                });
            }
            let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
            let text = |key: &str| detail.get(key)?.as_str().map(str::to_owned);
            let id = text("project_id")?.parse().ok()?;
            Some(Named {
                id,
                name: text("project")?,
            })
        });
        Ok(by_name(named.collect()))
    }

    /// The newest row of each of the terms in a range: jumps from one to the next, so that it costs
    /// what their number does and not what the trail does.
    async fn newest_by_term(
        &mut self,
        proof: &Authorized<AuditView>,
        from: &str,
        to: &str,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let workspace = proof.workspace().0;
        let mut seqs: Vec<i64> = sql!(self, |c| {
            sqlx::query_scalar(
            "WITH RECURSIVE found (term) AS (
                 SELECT min(term) FROM audit_terms WHERE workspace_id = $1 AND term > $2 AND term < $3
                 UNION ALL
                 SELECT (SELECT min(t.term) FROM audit_terms t
                         WHERE t.workspace_id = $1 AND t.term > found.term AND t.term < $3)
                 FROM found WHERE found.term IS NOT NULL
             )
             SELECT (SELECT max(t.seq) FROM audit_terms t WHERE t.workspace_id = $1 AND t.term = found.term)
             FROM found WHERE found.term IS NOT NULL LIMIT $4"
        )
        .bind(workspace)
        .bind(from)
        .bind(to)
        .bind(OFFERED)
        .fetch_all(c)
        })?;
        seqs.sort_unstable();
        seqs.dedup();
        self.audit_at(workspace, &seqs, "ASC").await
    }

    /// Which of some things of a table are still there.
    pub(crate) async fn audit_targets_there(
        &mut self,
        proof: &Authorized<AuditView>,
        ids: &[Uuid],
    ) -> Result<Vec<Uuid>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut there = Vec::new();
        for table in [
            "members WHERE workspace_id = ",
            "acl_groups WHERE workspace_id = ",
            "projects WHERE workspace_id = ",
            "roles WHERE deleted_at IS NULL AND workspace_id = ",
        ] {
            let found: Vec<Uuid> = sql!(self, |c, Kind| {
                let mut q = QueryBuilder::<Kind>::new("SELECT id FROM ");
                q.push(table)
                    .push_bind(proof.workspace().0)
                    .push(" AND id IN (");
                let mut list = q.separated(", ");
                for id in ids {
                    list.push_bind(*id);
                }
                q.push(")");
                q.build_query_scalar()
                    .fetch_all(c)
                    .await
                    .map_err(StoreError::from)
            })?;
            there.extend(found);
        }
        Ok(there)
    }
}

fn by_name<Id: PartialEq>(mut named: Vec<Named<Id>>) -> Vec<Named<Id>> {
    named.sort_by_key(|one| one.name.to_lowercase());
    named.dedup_by(|one, other| one.id == other.id);
    named
}
