//! Statements that are put together from parts before it matters for which database.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::keyset::{Cut, Key};

/// A value of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Arg {
    Id(Uuid),
    Text(String),
    Time(DateTime<Utc>),
}

impl From<Uuid> for Arg {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<DateTime<Utc>> for Arg {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Time(at)
    }
}

/// Text of our own with numbered places, and the values for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) args: Vec<Arg>,
}

impl Statement {
    pub(super) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    pub(super) fn bind(&mut self, arg: impl Into<Arg>) -> &mut Self {
        self.args.push(arg.into());
        let place = format!("${}", self.args.len());
        self.push(&place)
    }

    /// Leaves out the rows before the edge of a page.
    pub(super) fn after(&mut self, cut: &Cut, column: &str, id: &str) -> &mut Self {
        let Some(cursor) = &cut.cursor else {
            return self;
        };
        self.push(&format!(" AND ({column}, {id}) {} (", cut.comparison()));
        match &cursor.key {
            Key::Text(text) => self.bind(text.as_str()),
            Key::Time(micros) => self.bind(Key::time(*micros)),
        };
        self.push(", ").bind(cursor.id).push(")")
    }

    /// Sorts as the page is read.
    pub(super) fn ordered(&mut self, cut: &Cut, column: &str, id: &str) -> &mut Self {
        let order = cut.order();
        self.push(&format!(" ORDER BY {column} {order}, {id} {order}"))
    }

    pub(super) fn limit(&mut self, most: usize) -> &mut Self {
        self.push(&format!(" LIMIT {most}"))
    }
}

/// Fetches the rows of a [`Statement`] from either database.
macro_rules! fetch_all {
    ($db:expr, $statement:expr) => {{
        let $crate::store::statement::Statement { sql, args } = $statement;
        $crate::store::tx::sql!($db, |c, Kind| {
            let mut query = sqlx::query_as::<Kind, _>(sqlx::AssertSqlSafe(sql));
            for arg in args {
                query = match arg {
                    $crate::store::statement::Arg::Id(id) => query.bind(id),
                    $crate::store::statement::Arg::Text(text) => query.bind(text),
                    $crate::store::statement::Arg::Time(at) => query.bind(at),
                };
            }
            query
                .fetch_all(c)
                .await
                .map_err($crate::store::StoreError::from)
        })
    }};
}
pub(super) use fetch_all;
