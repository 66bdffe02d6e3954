//! A row as it is stored.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The columns of [`AuditRow`].
macro_rules! audit_columns {
    () => {
        "seq, at, actor_kind, actor_id, actor_label, action, target_kind, target_id, target_label, detail,
         session_id, address, user_agent, request_id, hash, on_behalf_of, view_id"
    };
}
pub(in crate::store) use audit_columns;

/// A stored row, for reading.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditRow {
    /// Its number in the workspace, without gaps, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// `user`, `visitor`, `system` or `cli`.
    pub actor_kind: String,
    /// The person, when it is one who was signed in.
    pub actor_id: Option<Uuid>,
    /// The actor's name and address of then.
    pub actor_label: String,
    /// What was done.
    pub action: String,
    /// What kind of thing it was done to.
    pub target_kind: String,
    /// Its id.
    pub target_id: Option<Uuid>,
    /// Its name of then.
    pub target_label: String,
    /// Before and after, JSON.
    pub detail: String,
    /// The session of the actor.
    pub session_id: Option<Uuid>,
    /// Where the request came from.
    pub address: String,
    /// What the client called itself.
    pub user_agent: String,
    /// The request.
    pub request_id: String,
    /// Its link in the chain; `None` for rows from before there was a chain.
    pub hash: Option<Vec<u8>>,
    /// The member as whom the actor looked at the workspace.
    pub on_behalf_of: Option<Uuid>,
    /// In which view.
    pub view_id: Option<Uuid>,
}
