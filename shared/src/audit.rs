//! The audit trail as the console shows it, and the questions that can be asked of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{MemberId, ProjectId, SessionId, Timestamp, UserId, member::Named, page::Page};

/// What the trail page shows; the address of the page holds all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Only what this person did.
    pub actor: Option<UserId>,
    /// Only what was done to this thing or person, or concerned them.
    pub target: Option<Uuid>,
    /// Only actions of this family, such as `invitation`.
    pub family: Option<String>,
    /// Only in this project.
    pub project: Option<ProjectId>,
    /// Only from this day on, in UTC: `2026-11-22`.
    pub from: Option<String>,
    /// Only up to and with this day, in UTC.
    pub to: Option<String>,
    /// The cursor of a page, from [`Page`].
    pub cursor: Option<String>,
}

impl AuditQuery {
    /// Whether the question leaves entries out.
    pub fn is_filtered(&self) -> bool {
        let Self {
            actor,
            target,
            family,
            project,
            from,
            to,
            cursor: _,
        } = self;
        actor.is_some()
            || target.is_some()
            || family.is_some()
            || project.is_some()
            || from.is_some()
            || to.is_some()
    }

    /// The same question from its start.
    #[must_use]
    pub fn from_start(&self) -> Self {
        Self {
            cursor: None,
            ..self.clone()
        }
    }
}

/// Where the name of a target leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetPage {
    /// To a member.
    Member,
    /// To a role.
    Role,
    /// To a group.
    Group,
    /// To a project.
    Project,
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditTarget {
    /// Its id, for a filter.
    pub id: Option<Uuid>,
    /// What kind of thing it is, in words.
    pub kind: String,
    /// Its name of then.
    pub name: String,
    /// Its page, when it is still there and the asker may see it.
    pub page: Option<TargetPage>,
}

/// One thing that an entry tells: how it was before, how it is after, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// What it is about, in words.
    pub what: String,
    /// How it was.
    pub before: Option<String>,
    /// How it is since.
    pub after: Option<String>,
}

/// One entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, without gaps, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who, as they were called then.
    pub actor: String,
    /// As whom they looked at the workspace, when they did.
    pub viewing_as: Option<String>,
    /// The person, for a filter.
    pub actor_id: Option<UserId>,
    /// What was done, in words.
    pub what: String,
    /// The same for programs, such as `invitation.created`.
    pub action: String,
    /// What it was done to.
    pub target: AuditTarget,
    /// Before and after.
    pub changes: Vec<AuditChange>,
    /// Where the request came from.
    pub address: String,
    /// What the client called itself.
    pub user_agent: String,
    /// The session.
    pub session: Option<SessionId>,
    /// The request.
    pub request_id: String,
    /// Its link in the chain, in hexadecimal; `None` for entries from before there was one.
    pub hash: Option<String>,
}

/// The person whom a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSubject {
    /// Their membership.
    pub member: MemberId,
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
}

/// One page of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The entries, newest first.
    pub page: Page<AuditEntry>,
    /// The number of the newest entry of the trail when it was asked.
    pub newest: i64,
    /// The person whom the question is about, by what they did or by what was done to them.
    pub subject: Option<AuditSubject>,
    /// A target that is no member, as it is called in the trail.
    pub target: Option<String>,
    /// Set when the search stopped before the page was full: several filters together look through a
    /// limited number of entries at once. The next page goes on there.
    pub looked_to: Option<Timestamp>,
}

/// A family of actions, for the filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFamily {
    /// Its name in an address.
    pub name: String,
    /// What people read.
    pub title: String,
}

/// What the filters of the trail offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilters {
    /// People who did something, by name.
    pub actors: Vec<Named<UserId>>,
    /// Projects in which something happened, by name.
    pub projects: Vec<Named<ProjectId>>,
    /// Families of actions.
    pub families: Vec<AuditFamily>,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// An array of objects.
    Json,
}

impl ExportFormat {
    /// The form in an address, and the ending of the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}
