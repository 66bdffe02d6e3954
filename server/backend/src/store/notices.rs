//! What ends soon, and which notices of it went out.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{MemberId, WorkspaceId};
use uuid::Uuid;

use super::{
    Db, StoreError, WorkspaceTx,
    tx::{exec, sql},
};

/// Ends that one workspace is told of in one go; the next sweep takes the rest.
const AT_ONCE: i64 = 200;

/// The moments between which ends are told of: the notices of one sweep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead {
    now: DateTime<Utc>,
    day: DateTime<Utc>,
    week: DateTime<Utc>,
    month: DateTime<Utc>,
}

impl Ahead {
    /// Seen from a moment: 1 and 7 days ahead, and 30 for tokens, since whoever runs a program needs the
    /// time to give it another.
    pub(crate) fn of(now: DateTime<Utc>) -> Self {
        Self {
            now,
            day: now + TimeDelta::days(1),
            week: now + TimeDelta::days(7),
            month: now + TimeDelta::days(30),
        }
    }
}

/// What kind of thing ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndingKind {
    /// The whole membership.
    Membership,
    /// Permissions given directly.
    Direct,
    /// Being in a group.
    Group,
    /// An override in a project.
    Override,
    /// An API token.
    Token,
}

/// Something that ends soon and of which no notice went out for this many days.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EndingRecord {
    /// Whose.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    kind: String,
    subject: Uuid,
    /// The name of the group, of the project or of the token; empty otherwise.
    pub thing: String,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    given_by: Option<Uuid>,
    /// When that end was given, if it is known.
    pub given_at: Option<DateTime<Utc>>,
    /// How many days before the end the notice is for: 1, 7, or 30 for a token.
    pub days: i64,
}

impl EndingRecord {
    /// What kind of thing ends.
    pub fn kind(&self) -> EndingKind {
        match self.kind.as_str() {
            "membership" => EndingKind::Membership,
            "direct" => EndingKind::Direct,
            "group" => EndingKind::Group,
            "token" => EndingKind::Token,
            _ => EndingKind::Override,
        }
    }

    /// The member who gave the end.
    pub fn given_by(&self) -> Option<MemberId> {
        self.given_by.map(MemberId)
    }
}

/// For which notice it is time: `$2` is a day ahead and `$3` a week.
macro_rules! days {
    () => {
        "CASE WHEN e.ends_at <= $2 THEN 1 WHEN e.ends_at <= $3 THEN 7 ELSE 30 END"
    };
}

/// All that ends between `$1` and `$3`, or `$4` for tokens, and was not told of.
macro_rules! endings {
    ($columns:expr, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM (
               SELECT id AS member_id, 'membership' AS kind, id AS subject, '' AS thing, expires_at AS ends_at,
                      expires_by AS given_by, expires_set_at AS given_at
               FROM members WHERE expires_at > $1 AND expires_at <= $3 AND status = 'active' AND NOT is_owner
               UNION ALL
               SELECT id, 'direct', id, '', direct_expires_at, direct_by, direct_set_at
               FROM members WHERE direct_expires_at > $1 AND direct_expires_at <= $3 AND direct_permissions <> ''
               UNION ALL
               SELECT mg.member_id, 'group', g.id, g.name, mg.expires_at, mg.given_by, mg.given_at
               FROM member_groups mg JOIN acl_groups g ON g.id = mg.group_id
               WHERE mg.expires_at > $1 AND mg.expires_at <= $3
               UNION ALL
               SELECT o.member_id, 'override', p.id, p.name, o.expires_at, o.given_by, o.set_at
               FROM overrides o JOIN projects p ON p.id = o.project_id
               WHERE o.expires_at > $1 AND o.expires_at <= $3
               UNION ALL
               SELECT t.member_id, 'token', t.id, t.name, t.expires_at, NULL, t.created_at
               FROM tokens t WHERE t.revoked_at IS NULL AND t.expires_at > $1 AND t.expires_at <= $4
             ) e JOIN members m ON m.id = e.member_id JOIN users u ON u.id = m.user_id
             WHERE m.status = 'active' AND NOT EXISTS (
               SELECT 1 FROM expiry_notices n WHERE n.member_id = e.member_id AND n.kind = e.kind
                 AND n.subject = e.subject AND n.ends_at = e.ends_at
                 AND n.days = ",
            days!(),
            ")",
            $rest
        )
    };
}

impl Db {
    /// Workspaces in which something ends soon, of which nobody was told.
    pub(crate) async fn workspaces_with_endings(
        &mut self,
        ahead: Ahead,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let rows: Vec<Uuid> = sql!(self, |c| sqlx::query_scalar(endings!(
            "DISTINCT m.workspace_id",
            ""
        ))
        .bind(ahead.now)
        .bind(ahead.day)
        .bind(ahead.week)
        .bind(ahead.month)
        .fetch_all(c))?;
        Ok(rows.into_iter().map(WorkspaceId).collect())
    }
}

impl WorkspaceTx {
    /// The same in the locked workspace, in the order in which it ends.
    pub(crate) async fn endings(&mut self, ahead: Ahead) -> Result<Vec<EndingRecord>, StoreError> {
        let workspace = self.workspace().id;
        sql!(self, |c| {
            sqlx::query_as(endings!(
            concat!("e.member_id, u.name, u.email, e.kind, e.subject, e.thing, e.ends_at, e.given_by, e.given_at,
             CAST(", days!(), " AS BIGINT) AS days"),
            " AND m.workspace_id = $5 ORDER BY e.ends_at, e.member_id, e.kind LIMIT $6"
        ))
        .bind(ahead.now)
        .bind(ahead.day)
        .bind(ahead.week)
        .bind(ahead.month)
        .bind(workspace.0)
        .bind(AT_ONCE)
        .fetch_all(c)
        })
    }

    /// Notes that people were told of an end.
    pub(crate) async fn note_notice(&mut self, ending: &EndingRecord) -> Result<(), StoreError> {
        exec!(
            self,
            sqlx::query(
                "INSERT INTO expiry_notices (member_id, kind, subject, ends_at, days)
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
            )
            .bind(ending.member_id.0)
            .bind(&ending.kind)
            .bind(ending.subject)
            .bind(ending.ends_at)
            .bind(ending.days)
        )
        .map(drop)
    }
}
