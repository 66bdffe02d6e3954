//! A database of its own for each test, and the door for raw SQL.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rolecall_shared::{GroupId, InvitationId, MemberId, RoleId, UserId, WorkspaceId};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool, Row as _, SqlitePool,
    postgres::PgPoolOptions, sqlite::SqlitePoolOptions,
};
use tempfile::TempDir;
use uuid::Uuid;

/// Where the superuser's address of the test server is found.
const POSTGRES: &str = "ROLECALL_TEST_POSTGRES_URL";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A value for a raw statement.
#[derive(Clone, Debug)]
pub enum Arg {
    Id(Uuid),
    Text(String),
    Number(i64),
    Time(DateTime<Utc>),
    Bytes(Vec<u8>),
}

macro_rules! args {
    ($($from:ty => |$value:ident| $arg:expr;)+) => {$(
        impl From<$from> for Arg {
            fn from($value: $from) -> Self {
                $arg
            }
        }
    )+};
}
args! {
    Uuid => |id| Self::Id(id);
    WorkspaceId => |id| Self::Id(id.0);
    MemberId => |id| Self::Id(id.0);
    UserId => |id| Self::Id(id.0);
    RoleId => |id| Self::Id(id.0);
    GroupId => |id| Self::Id(id.0);
    InvitationId => |id| Self::Id(id.0);
    &str => |text| Self::Text(text.to_owned());
    String => |text| Self::Text(text);
    i64 => |number| Self::Number(number);
    DateTime<Utc> => |at| Self::Time(at);
    Vec<u8> => |bytes| Self::Bytes(bytes);
}

#[derive(Clone)]
enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs the same statement with its arguments on either database.
macro_rules! run {
    ($raw:expr, $sql:expr, $args:expr, |$query:ident, $pool:ident| $body:expr) => {
        match $raw {
            Raw::Sqlite($pool) => {
                let $query = bound!(sqlx::query(AssertSqlSafe($sql.to_owned())), $args);
                $body
            }
            Raw::Postgres($pool) => {
                let $query = bound!(sqlx::query(AssertSqlSafe($sql.to_owned())), $args);
                $body
            }
        }
    };
}
macro_rules! bound {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg.clone() {
                Arg::Id(id) => query.bind(id),
                Arg::Text(text) => query.bind(text),
                Arg::Number(number) => query.bind(number),
                Arg::Time(at) => query.bind(at),
                Arg::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

/// The whole content, a list of rows for each table.
pub type Dump = BTreeMap<String, Vec<String>>;

/// One database: made for a test, removed after it.
#[derive(Clone)]
pub struct Database {
    pub kind: Kind,
    pub url: String,
    raw: Raw,
}

/// What has to be removed at the end.
pub struct Leftovers {
    /// Removes itself when dropped.
    _folder: TempDir,
    postgres: Option<(String, String)>,
}

impl Database {
    pub async fn create(kind: Kind) -> (Self, Leftovers) {
        let folder = tempfile::tempdir().unwrap();
        let (url, raw, postgres) = match kind {
            Kind::Sqlite => {
                let url = format!("sqlite://{}", folder.path().join("test.db").display());
                let pool = SqlitePoolOptions::new()
                    .max_connections(1)
                    .connect_lazy(&url)
                    .unwrap();
                (url, Raw::Sqlite(pool), None)
            }
            Kind::Postgres => {
                let admin = std::env::var(POSTGRES).unwrap_or_else(|_| {
                    panic!(
                        "{POSTGRES} is not set: `make test` starts a PostgreSQL and sets it to its superuser's address."
                    )
                });
                let name = format!("rolecall_{}", Uuid::from_bytes(rand::random()).simple());
                tell_server(&admin, &format!("CREATE DATABASE {name}")).await;
                let (server, _) = admin.rsplit_once('/').unwrap();
                let url = format!("{server}/{name}");
                let pool = PgPoolOptions::new()
                    .max_connections(2)
                    .connect_lazy(&url)
                    .unwrap();
                (url, Raw::Postgres(pool), Some((admin, name)))
            }
        };
        (
            Self { kind, url, raw },
            Leftovers {
                _folder: folder,
                postgres,
            },
        )
    }

    /// Runs a statement that may be refused; gives how many rows it touched.
    pub async fn try_change(&self, sql: &str, args: &[Arg]) -> Result<u64, sqlx::Error> {
        run!(&self.raw, sql, args, |query, pool| query
            .execute(pool)
            .await
            .map(|done| done.rows_affected()))
    }

    /// Runs a statement; gives how many rows it touched.
    pub async fn change(&self, sql: &str, args: &[Arg]) -> u64 {
        self.try_change(sql, args)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The first column of the one row, a number.
    pub async fn number(&self, sql: &str, args: &[Arg]) -> i64 {
        run!(&self.raw, sql, args, |query, pool| query
            .fetch_one(pool)
            .await
            .unwrap()
            .get(0))
    }

    /// The first column of all rows, a text; nothing in place of NULL.
    pub async fn texts(&self, sql: &str, args: &[Arg]) -> Vec<String> {
        run!(&self.raw, sql, args, |query, pool| query
            .fetch_all(pool)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
            .iter()
            .map(|row| row.get::<Option<String>, _>(0).unwrap_or_default())
            .collect())
    }

    /// The first column of all rows, bytes.
    pub async fn bytes(&self, sql: &str, args: &[Arg]) -> Vec<Option<Vec<u8>>> {
        run!(&self.raw, sql, args, |query, pool| query
            .fetch_all(pool)
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .collect())
    }

    /// The first column of the one row, an id.
    pub async fn id(&self, sql: &str, args: &[Arg]) -> Uuid {
        run!(&self.raw, sql, args, |query, pool| query
            .fetch_one(pool)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
            .get(0))
    }

    /// Names of all tables but the migrations' own.
    pub async fn tables(&self) -> Vec<String> {
        let sql = match self.kind {
            Kind::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                 AND name <> '_sqlx_migrations' ORDER BY name"
            }
            Kind::Postgres => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' \
                 AND table_name <> '_sqlx_migrations' ORDER BY table_name"
            }
        };
        let mut tables = self.texts(sql, &[]).await;
        tables.sort();
        tables
    }

    /// Every row of every table as text.
    pub async fn dump(&self) -> Dump {
        let mut dump = Dump::new();
        for table in self.tables().await {
            let row = match self.kind {
                Kind::Postgres => format!("SELECT t::text FROM {table} t ORDER BY 1"),
                Kind::Sqlite => {
                    let columns = "SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') \
                                   FROM pragma_table_info($1)";
                    let columns = self.texts(columns, &[table.as_str().into()]).await.concat();
                    format!("SELECT {columns} FROM {table} ORDER BY 1")
                }
            };
            let rows = self.texts(&row, &[]).await;
            dump.insert(table, rows);
        }
        dump
    }

    pub async fn close(&self) {
        match &self.raw {
            Raw::Sqlite(pool) => pool.close().await,
            Raw::Postgres(pool) => pool.close().await,
        }
    }
}

impl Leftovers {
    pub async fn remove(self) {
        if let Some((admin, name)) = &self.postgres {
            tell_server(admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn tell_server(admin: &str, sql: &str) {
    let mut connection = PgConnection::connect(admin)
        .await
        .unwrap_or_else(|error| panic!("the PostgreSQL of {POSTGRES} does not answer: {error}"));
    connection
        .execute(AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap();
    connection.close().await.unwrap();
}
