//! News of changes: told to open pages of this instance at once, and to other instances through
//! the database where it can carry them (`LISTEN`/`NOTIFY` on PostgreSQL).
//!
//! News only say "look again": a page that misses one shows old rows until the next, never wrong rights.

use rolecall_shared::WorkspaceId;
use tokio::sync::broadcast;

use crate::store::{News, Store};

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Who is in the workspace, or what they may do.
    Members,
    /// Invitations or their mail.
    Invitations,
    /// The workspace's settings.
    Settings,
    /// What people hold: roles, groups, direct permissions, overrides.
    Access,
    /// Projects and their resources.
    Projects,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Members,
        Self::Invitations,
        Self::Settings,
        Self::Access,
        Self::Projects,
    ];

    /// The wire form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Invitations => "invitations",
            Self::Settings => "settings",
            Self::Access => "access",
            Self::Projects => "projects",
        }
    }
}

/// Something changed in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where.
    pub workspace: WorkspaceId,
    /// What.
    pub topic: Topic,
}

impl Event {
    /// The text that travels between instances: `<workspace id> <topic>`.
    pub fn encode(self) -> String {
        format!("{} {}", self.workspace, self.topic.name())
    }

    /// Reads [`Event::encode`]; anything else is `None`.
    pub fn decode(text: &str) -> Option<Self> {
        let (workspace, name) = text.split_once(' ')?;
        let topic = Topic::ALL.into_iter().find(|t| t.name() == name)?;
        Some(Self {
            workspace: workspace.parse().ok()?,
            topic,
        })
    }
}

/// Where news are heard.
#[derive(Clone, Debug)]
pub struct Events(News);

impl Events {
    /// The news of a store: its own commits and those of other instances.
    pub fn new(store: &Store) -> Self {
        Self(store.news().clone())
    }

    /// All news from now on. A receiver that lags is told so and should look at everything again.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_travel_as_text_and_nonsense_is_passed_over() {
        let event = Event {
            workspace: WorkspaceId(uuid::Uuid::nil()),
            topic: Topic::Invitations,
        };
        assert_eq!(Event::decode(&event.encode()), Some(event));
        assert_eq!(Event::decode("x members"), None);
        assert_eq!(Event::decode(""), None);
    }
}
