//! Connections and transactions, and the macro that runs one SQL text on either database.

use chrono::{DateTime, Utc};
use rolecall_shared::WorkspaceId;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};

use super::{
    News, StoreError,
    audit::{Actor, Entry},
    dialect::Dialect,
    workspaces::WorkspaceRecord,
};
use crate::{
    events::{Event, Topic},
    keys::ChainKey,
};

enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// One connection to either database.
pub struct Db(Inner);

pub(super) enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// Runs the same statement on either database: `sql!(db, |c| sqlx::query(…).execute(c))`.
/// With a second name, that name is the database's type, for `QueryBuilder`.
macro_rules! sql {
    ($db:expr, |$c:ident| $body:expr) => {
        match $db.connection() {
            $crate::store::tx::Connection::Sqlite($c) => {
                $body.await.map_err($crate::store::StoreError::from)
            }
            $crate::store::tx::Connection::Postgres($c) => {
                $body.await.map_err($crate::store::StoreError::from)
            }
        }
    };
    ($db:expr, |$c:ident, $kind:ident| $body:block) => {
        match $db.connection() {
            $crate::store::tx::Connection::Sqlite($c) => {
                type $kind = sqlx::Sqlite;
                $body
            }
            $crate::store::tx::Connection::Postgres($c) => {
                type $kind = sqlx::Postgres;
                $body
            }
        }
    };
}

/// Runs a changing statement on either database and gives the number of rows it touched.
macro_rules! exec {
    ($db:expr, $query:expr) => {
        match $db.connection() {
            $crate::store::tx::Connection::Sqlite(c) => {
                $query.execute(c).await.map(|done| done.rows_affected())
            }
            $crate::store::tx::Connection::Postgres(c) => {
                $query.execute(c).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::store::StoreError::from)
    };
}
pub(super) use {exec, sql};

impl Db {
    pub(super) fn sqlite(c: PoolConnection<Sqlite>) -> Self {
        Self(Inner::SqliteRead(c))
    }
    pub(super) fn postgres(c: PoolConnection<Postgres>) -> Self {
        Self(Inner::PostgresRead(c))
    }
    pub(super) fn sqlite_tx(t: Transaction<'static, Sqlite>) -> Self {
        Self(Inner::SqliteWrite(t))
    }
    pub(super) fn postgres_tx(t: Transaction<'static, Postgres>) -> Self {
        Self(Inner::PostgresWrite(t))
    }

    pub(super) fn connection(&mut self) -> Connection<'_> {
        match &mut self.0 {
            Inner::SqliteRead(c) => Connection::Sqlite(c),
            Inner::SqliteWrite(t) => Connection::Sqlite(t),
            Inner::PostgresRead(c) => Connection::Postgres(c),
            Inner::PostgresWrite(t) => Connection::Postgres(t),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        match &self.0 {
            Inner::SqliteRead(_) | Inner::SqliteWrite(_) => Dialect::Sqlite,
            Inner::PostgresRead(_) | Inner::PostgresWrite(_) => Dialect::Postgres,
        }
    }

    pub(super) async fn ping(&mut self) -> Result<(), StoreError> {
        exec!(self, sqlx::query("SELECT 1")).map(drop)
    }

    async fn commit(self) -> Result<(), StoreError> {
        match self.0 {
            Inner::SqliteWrite(t) => t.commit().await?,
            Inner::PostgresWrite(t) => t.commit().await?,
            Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
        }
        Ok(())
    }
}

/// A writing transaction outside any workspace. Dropped without a commit, it leaves no trace.
pub struct Tx {
    db: Db,
    chain: Option<ChainKey>,
}

impl std::ops::Deref for Tx {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Db {
        &mut self.db
    }
}

impl Tx {
    pub(super) fn new(db: Db, chain: Option<ChainKey>) -> Self {
        Self { db, chain }
    }

    /// Commits with one row in the installation's own trail: sign-in, set-up, sign-out.
    pub async fn commit(
        mut self,
        now: DateTime<Utc>,
        actor: &Actor,
        entry: Entry,
    ) -> Result<(), StoreError> {
        let chain = self.chain.as_ref().ok_or(StoreError::Unchained)?;
        self.db
            .append_installation(chain, now, actor, entry)
            .await?;
        self.db.commit().await
    }

    /// Commits housekeeping that is no act of a person: counters, last-seen times, mail leases.
    pub async fn commit_housekeeping(self) -> Result<(), StoreError> {
        self.db.commit().await
    }

    /// Puts rows into the trail of a workspace whose lock this transaction holds beside others: an act
    /// of a person that reaches into several, such as giving up an address.
    pub(super) async fn record_in(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
        actor: &Actor,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError> {
        let chain = self.chain.as_ref().ok_or(StoreError::Unchained)?;
        self.db
            .append_audit(chain, workspace, now, actor, entries)
            .await
    }

    /// Takes the lock of a workspace that was created in this very transaction, or exists.
    pub(super) async fn lock(
        mut self,
        id: WorkspaceId,
        news: News,
    ) -> Result<Option<WorkspaceTx>, StoreError> {
        let locked = self.db.lock_workspace(id).await?;
        Ok(locked.map(|workspace| self.in_workspace(workspace, news)))
    }

    pub(super) async fn lock_slug(
        mut self,
        slug: &str,
        news: News,
    ) -> Result<Option<WorkspaceTx>, StoreError> {
        let locked = self.db.lock_workspace_slug(slug).await?;
        Ok(locked.map(|workspace| self.in_workspace(workspace, news)))
    }

    fn in_workspace(self, workspace: WorkspaceRecord, news: News) -> WorkspaceTx {
        WorkspaceTx {
            db: self.db,
            chain: self.chain,
            workspace,
            news,
        }
    }
}

/// A writing transaction that holds the lock of one workspace: all its changes happen one after
/// the other, on every instance. Committed only with its audit rows.
pub struct WorkspaceTx {
    db: Db,
    chain: Option<ChainKey>,
    workspace: WorkspaceRecord,
    news: News,
}

impl std::ops::Deref for WorkspaceTx {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl std::ops::DerefMut for WorkspaceTx {
    fn deref_mut(&mut self) -> &mut Db {
        &mut self.db
    }
}

impl WorkspaceTx {
    /// The workspace as it is under the lock.
    pub fn workspace(&self) -> &WorkspaceRecord {
        &self.workspace
    }

    /// Puts rows of another actor into the trail: what this transaction found on its way and wrote
    /// down, such as an expiry. The commit adds the rows of its own actor after them.
    pub(crate) async fn record(
        &mut self,
        now: DateTime<Utc>,
        actor: &Actor,
        entries: Entries,
    ) -> Result<(), StoreError> {
        let chain = self.chain.as_ref().ok_or(StoreError::Unchained)?;
        self.db
            .append_audit(chain, self.workspace.id, now, actor, entries.0)
            .await
    }

    /// Commits with at least one audit row, then tells open pages.
    pub async fn commit(
        mut self,
        now: DateTime<Utc>,
        actor: &Actor,
        entries: Entries,
        topics: &[Topic],
    ) -> Result<(), StoreError> {
        self.record(now, actor, entries).await?;
        self.commit_and_tell(topics).await
    }

    /// Commits a change that is no act of a person and stands in the trail already, such as an
    /// expiry written down later.
    pub(crate) async fn commit_housekeeping(self, topics: &[Topic]) -> Result<(), StoreError> {
        self.commit_and_tell(topics).await
    }

    async fn commit_and_tell(mut self, topics: &[Topic]) -> Result<(), StoreError> {
        let workspace = self.workspace.id;
        let events: Vec<Event> = topics
            .iter()
            .map(|&topic| Event { workspace, topic })
            .collect();
        for event in &events {
            self.db.raise_epochs(*event).await?;
            self.db.notify(*event).await?;
        }
        let done = self.db.commit().await;
        // Also when that failed: whether it came through can be unknown.
        for event in events {
            self.news.tell(event);
        }
        done
    }
}

/// One or more audit rows: a change without any can not be committed.
pub struct Entries(Vec<Entry>);

impl From<Entry> for Entries {
    fn from(entry: Entry) -> Self {
        Self(vec![entry])
    }
}

impl Entries {
    /// Two rows.
    pub fn pair(first: Entry, second: Entry) -> Self {
        Self(vec![first, second])
    }

    /// Several rows; `None` when there are none.
    pub fn many(entries: Vec<Entry>) -> Option<Self> {
        (!entries.is_empty()).then_some(Self(entries))
    }
}
