//! Opening the database, migrating it, and its errors.

use std::{path::Path, str::FromStr as _, sync::Arc, time::Duration};

use super::{Actor, Db, Entry, Marks, News, Tx, WorkspaceTx, dialect, news};
use crate::{events::Event, keys::ChainKey};
use chrono::{DateTime, Utc};
use rolecall_shared::WorkspaceId;
use sqlx::{
    PgPool, SqlitePool,
    postgres::{PgListener, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// How long a request waits for a connection before it is told to try again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique index refused the row: somebody else was first.
    #[error("the row exists already ({0})")]
    Duplicate(String),
    /// The database is away or too busy; trying again later helps.
    #[error("the database can not be reached: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The database was migrated by a newer Rolecall.
    #[error(
        "the database was made by a newer version of Rolecall; install that version or restore a backup"
    )]
    TooNew,
    /// The address of the database can not be read.
    #[error("DATABASE_URL must begin with sqlite:// or postgres://")]
    Address,
    /// A migration failed.
    #[error("the database could not be migrated: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A row of the audit trail was to be written without the key that chains it: a mistake of ours.
    #[error("the audit trail has no key")]
    Unchained,
    /// Somebody who views as a member was about to change something: a mistake of ours, since it is
    /// refused before.
    #[error("a session that views as a member changes nothing")]
    ReadOnly,
    /// A stored value has a form that this version does not know.
    #[error("a stored value is not valid: {0}")]
    Corrupt(&'static str),
    /// Anything else: a mistake of ours.
    #[error("the database refused a statement: {0}")]
    Query(#[source] sqlx::Error),
}

#[derive(Clone, Debug)]
pub(super) enum Pools {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// How busy the connections to the database are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// `read` and `write` on SQLite, `all` on PostgreSQL.
    pub pool: &'static str,
    /// Connections that somebody uses at this moment.
    pub used: u32,
    /// Open connections that wait for somebody.
    pub idle: u32,
    /// Most connections.
    pub most: u32,
}

impl PoolUse {
    fn of<DB: sqlx::Database>(name: &'static str, pool: &sqlx::Pool<DB>) -> Self {
        // Both numbers are read one after the other, so that the second can be larger.
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        Self {
            pool: name,
            used: pool.size().saturating_sub(idle),
            idle,
            most: pool.options().get_max_connections(),
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
    news: News,
    chain: Option<ChainKey>,
}

impl Store {
    /// Opens `sqlite://path` or `postgres://…`. The SQLite file is created when it is missing.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let pools = if url.starts_with("sqlite:") {
            open_sqlite(url).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect(url)
                .await?;
            Pools::Postgres(pool)
        } else {
            return Err(StoreError::Address);
        };
        Ok(Self {
            pools,
            news: News::default(),
            chain: None,
        })
    }

    /// The same database with the key of the audit trail: without it nothing that the trail has to
    /// tell of can be committed.
    #[must_use]
    pub fn chained(self, chain: ChainKey) -> Self {
        Self {
            chain: Some(chain),
            ..self
        }
    }

    /// Brings the schema up to this version; each migration in a transaction, instances that start
    /// together wait for each other. A newer schema than this program's is refused (F18).
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let done = match &self.pools {
            Pools::Sqlite { write, .. } => {
                sqlx::migrate!("../../migrations/sqlite").run(write).await
            }
            Pools::Postgres(pool) => sqlx::migrate!("../../migrations/postgres").run(pool).await,
        };
        done.map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(_) => StoreError::TooNew,
            other => StoreError::Migrate(other),
        })
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Db, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Db::sqlite(read.acquire().await?),
            Pools::Postgres(pool) => Db::postgres(pool.acquire().await?),
        })
    }

    /// A writing transaction for rows outside any workspace: accounts, sessions, limits, mail.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        let db = match &self.pools {
            // IMMEDIATE: a transaction that reads first and writes later would fail instead of waiting (F1).
            Pools::Sqlite { write, .. } => {
                Db::sqlite_tx(write.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Postgres(pool) => Db::postgres_tx(pool.begin().await?),
        };
        Ok(Tx::new(db, self.chain.clone()))
    }

    /// A writing transaction that holds the lock of the workspace with this slug; `None`: no such workspace.
    pub async fn lock_slug(&self, slug: &str) -> Result<Option<WorkspaceTx>, StoreError> {
        let tx = self.write().await?;
        tx.lock_slug(slug, self.news.clone()).await
    }

    /// As [`Store::lock_slug`], by id.
    pub async fn lock(&self, id: WorkspaceId) -> Result<Option<WorkspaceTx>, StoreError> {
        let tx = self.write().await?;
        tx.lock(id, self.news.clone()).await
    }

    /// Whether the database answers, for `/readyz`.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read().await?.ping().await
    }

    /// How busy the connections are.
    pub fn pools(&self) -> Vec<PoolUse> {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                vec![PoolUse::of("read", read), PoolUse::of("write", write)]
            }
            Pools::Postgres(pool) => vec![PoolUse::of("all", pool)],
        }
    }

    /// Whether several instances can share this database.
    pub fn is_shared(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    pub(crate) fn news(&self) -> &News {
        &self.news
    }

    /// The marks of a workspace: see [`Marks`].
    pub(crate) fn watch(&self, workspace: WorkspaceId) -> Arc<Marks> {
        self.news.watch(workspace)
    }

    /// A connection for reading that shows one moment, however many statements read it.
    pub(crate) async fn one_moment(&self) -> Result<Db, StoreError> {
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Db::sqlite_tx(read.begin().await?),
            Pools::Postgres(pool) => Db::postgres_tx(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// Commits housekeeping that open pages should see, such as how far a mail got.
    pub(crate) async fn commit_and_tell(&self, mut tx: Tx, event: Event) -> Result<(), StoreError> {
        tx.notify(event).await?;
        let done = tx.commit_housekeeping().await;
        self.news.tell(event);
        done
    }

    /// Commits with a row in the installation's trail what open pages of some workspaces should see,
    /// such as another name of somebody.
    pub(crate) async fn commit_act_and_tell(
        &self,
        mut tx: Tx,
        now: DateTime<Utc>,
        (actor, entry): (&Actor, Entry),
        events: &[Event],
    ) -> Result<(), StoreError> {
        for event in events {
            tx.notify(*event).await?;
        }
        let done = tx.commit(now, actor, entry).await;
        for event in events {
            self.news.tell(*event);
        }
        done
    }

    /// Passes on the news of other instances until the connection pool closes. Returns at once on
    /// SQLite, where there are none. After a lost connection it listens again.
    pub async fn relay_news(&self) -> Result<(), StoreError> {
        let Pools::Postgres(pool) = &self.pools else {
            return Ok(());
        };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(news::CHANNEL).await?;
        self.news.missed_some();
        loop {
            // `None`: the connection was lost and made again.
            match listener.try_recv().await? {
                None => self.news.missed_some(),
                Some(note) => {
                    if let Some(event) = Event::decode(note.payload()) {
                        self.news.tell(event);
                    }
                }
            }
        }
    }

    /// Closes all connections, letting running statements end.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(url: &str) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| StoreError::Address)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: an acknowledged commit survives loss of power, not only of the process (F1).
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // More than a page of a list has rows: its connection's thread need not wait half-way.
        .row_buffer_size(256)
        .busy_timeout(Duration::from_secs(5));
    let file = options.get_filename().to_path_buf();
    let pool = |max: u32| {
        SqlitePoolOptions::new()
            .max_connections(max)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A file does not hang up; asking each time wakes the connection's thread for nothing.
            .test_before_acquire(false)
    };
    let write = pool(1).connect_with(options.clone()).await?;
    restrict_to_owner(&file);
    let read = pool(4).connect_with(options.read_only(true)).await?;
    Ok(Pools::Sqlite { read, write })
}

/// The database holds addresses and hashes: nobody but its owner needs to read it.
fn restrict_to_owner(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if let Err(error) = std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)) {
        tracing::warn!(%error, "the database file could not be made private");
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        dialect::classify(error)
    }
}
