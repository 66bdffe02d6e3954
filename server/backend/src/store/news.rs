//! Telling of changes: to open pages, to what this instance remembers, and to other instances.
//!
//! A change of rights is told by its topics, in the transaction that makes it. That raises the epochs of the
//! workspace, so that whoever remembers something from before can see that it is old.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use rolecall_shared::{UserId, WorkspaceId};
use tokio::sync::broadcast;

use super::{
    Db, StoreError,
    tx::{Connection, exec, sql},
};
use crate::events::{Event, Topic};

/// The channel on PostgreSQL by which instances hear each other's news.
pub(super) const CHANNEL: &str = "rolecall_news";
/// News a slow page may lag behind before it is told to look at everything again.
const BACKLOG: usize = 256;

/// How often something changed in a workspace: what people hold, and where things are. The same numbers
/// mean that nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Epochs {
    /// What people hold.
    #[sqlx(rename = "authz_epoch")]
    pub rights: i64,
    /// Where things are.
    #[sqlx(rename = "things_epoch")]
    pub things: i64,
}

impl Topic {
    /// Whether what people hold may be other than before.
    const fn is_of_rights(self) -> bool {
        matches!(self, Self::Members | Self::Access)
    }

    /// Whether projects and resources may be elsewhere, or those who made them gone.
    const fn is_of_things(self) -> bool {
        matches!(self, Self::Members | Self::Projects)
    }
}

/// Counts what this instance heard of changes in one workspace, at once and without the database.
#[derive(Debug, Default)]
pub struct Marks {
    rights: AtomicU64,
    things: AtomicU64,
}

impl Marks {
    /// How often rights changed.
    pub fn rights(&self) -> u64 {
        self.rights.load(Ordering::SeqCst)
    }

    /// How often things changed.
    pub fn things(&self) -> u64 {
        self.things.load(Ordering::SeqCst)
    }

    fn raise(&self, topic: Topic) {
        if topic.is_of_rights() {
            self.rights.fetch_add(1, Ordering::SeqCst);
        }
        if topic.is_of_things() {
            self.things.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Where changes are told.
#[derive(Clone, Debug)]
pub struct News {
    pages: broadcast::Sender<Event>,
    watched: Arc<Mutex<HashMap<WorkspaceId, Weak<Marks>>>>,
}

impl Default for News {
    fn default() -> Self {
        Self {
            pages: broadcast::channel(BACKLOG).0,
            watched: Arc::default(),
        }
    }
}

impl News {
    /// All news from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.pages.subscribe()
    }

    /// The marks of a workspace, which go up as long as somebody holds them.
    pub(crate) fn watch(&self, workspace: WorkspaceId) -> Arc<Marks> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(marks) = watched.get(&workspace).and_then(Weak::upgrade) {
            return marks;
        }
        watched.retain(|_, marks| marks.strong_count() > 0);
        let marks = Arc::new(Marks::default());
        watched.insert(workspace, Arc::downgrade(&marks));
        marks
    }

    /// Tells of a change that was committed, or may have been.
    pub(super) fn tell(&self, event: Event) {
        if let Some(marks) = self.marks(event.workspace) {
            marks.raise(event.topic);
        }
        // Nobody listening is fine.
        let _ = self.pages.send(event);
    }

    /// Says that news may have been missed: nothing that is remembered counts any more.
    pub(super) fn missed_some(&self) {
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        for marks in watched.values().filter_map(Weak::upgrade) {
            marks.raise(Topic::Members);
        }
    }

    fn marks(&self, workspace: WorkspaceId) -> Option<Arc<Marks>> {
        let watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.get(&workspace).and_then(Weak::upgrade)
    }
}

impl Db {
    /// How often something changed in a workspace; `None`: it is not there.
    pub(crate) async fn epochs(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Option<Epochs>, StoreError> {
        sql!(self, |c| sqlx::query_as(
            "SELECT authz_epoch, things_epoch FROM workspaces WHERE id = $1 AND deleted_at IS NULL"
        )
        .bind(workspace.0)
        .fetch_optional(c))
    }

    /// Tells the other instances with the commit of this transaction, where there can be others. This
    /// instance tells itself afterwards, since its listener may be reconnecting; hearing the same news twice
    /// does no harm.
    pub(super) async fn notify(&mut self, event: Event) -> Result<(), StoreError> {
        if let Connection::Postgres(c) = self.connection() {
            sqlx::query("SELECT pg_notify($1, $2)")
                .bind(CHANNEL)
                .bind(event.encode())
                .execute(c)
                .await?;
        }
        Ok(())
    }

    /// Writes down that rights change wherever somebody is a member, such as by another address. Takes the
    /// locks of those workspaces, in the order of their ids.
    pub(crate) async fn say_that_rights_change(&mut self, user: UserId) -> Result<(), StoreError> {
        for workspace in self.workspace_ids_of(user).await? {
            let topic = Topic::Access;
            self.raise_epochs(Event { workspace, topic }).await?;
        }
        Ok(())
    }

    /// Writes down, in the transaction of the change, that something changed. The transaction has to hold the
    /// lock of the workspace from its beginning: taken here, it could be waited for in a circle.
    pub(super) async fn raise_epochs(&mut self, event: Event) -> Result<(), StoreError> {
        let (rights, things) = (event.topic.is_of_rights(), event.topic.is_of_things());
        if !rights && !things {
            return Ok(());
        }
        exec!(
            self,
            sqlx::query(
                "UPDATE workspaces SET authz_epoch = authz_epoch + $2, things_epoch = things_epoch + $3
                 WHERE id = $1"
            )
            .bind(event.workspace.0)
            .bind(i64::from(rights))
            .bind(i64::from(things))
        )
        .map(drop)
    }
}
