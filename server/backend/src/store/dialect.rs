//! The one place that knows how the two databases differ.

use std::collections::BTreeSet;

use rolecall_shared::WorkspaceId;

use super::{StoreError, keyset::contains_pattern, statement::Statement};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// The index of a search is asked for at most so many trigrams: with these few are left to test.
const TRIGRAMS: usize = 12;

impl Dialect {
    /// Whether the index of members can find a text: it knows runs of three characters. That of
    /// PostgreSQL has only letters and digits, and which others are letters is the server's affair.
    pub(super) fn finds(self, searched: &str) -> bool {
        match self {
            Self::Sqlite => searched.chars().count() >= 3,
            Self::Postgres => searched
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|run| run.len() >= 3),
        }
    }

    /// Selects `id` and `name_key` of the members of a workspace whose name or address holds a text
    /// that [`Dialect::finds`].
    pub(super) fn found(self, statement: &mut Statement, workspace: WorkspaceId, searched: &str) {
        match self {
            Self::Sqlite => {
                // The index tells candidates: it does not know where in a text a trigram stands.
                let pattern = contains_pattern(searched);
                statement
                    .push("SELECT r.member_id AS id, r.name_key FROM members_search f ")
                    .push("CROSS JOIN members_search_rows r WHERE r.number = f.rowid ")
                    .push("AND (r.name_key LIKE ")
                    .bind(pattern.as_str());
                statement
                    .push(" ESCAPE '\\' OR r.email_key LIKE ")
                    .bind(pattern.as_str())
                    .push(" ESCAPE '\\') AND ");
                candidates(statement, workspace, searched);
            }
            Self::Postgres => {
                statement.push("SELECT id, name_key FROM members WHERE ");
                in_index(statement, workspace, searched);
            }
        }
    }

    /// As [`Dialect::found`], one row for each who might hold the text, to be counted: as little
    /// work as can tell whether they are few.
    pub(super) fn candidates(
        self,
        statement: &mut Statement,
        workspace: WorkspaceId,
        searched: &str,
    ) {
        match self {
            Self::Sqlite => {
                statement.push("SELECT 1 FROM members_search f WHERE ");
                candidates(statement, workspace, searched);
            }
            Self::Postgres => {
                statement.push("SELECT 1 FROM members WHERE ");
                in_index(statement, workspace, searched);
            }
        }
    }
}

/// FTS5: the rows with all trigrams, among the numbers that belong to the workspace.
fn candidates(statement: &mut Statement, workspace: WorkspaceId, searched: &str) {
    let space = |statement: &mut Statement, number: &str| {
        statement.push(&format!(
            "(SELECT {number} << 32 FROM members_search_spaces WHERE workspace_id = "
        ));
        statement.bind(workspace.0).push(")");
    };
    statement
        .push("members_search MATCH ")
        .bind(trigrams(searched).as_str())
        .push(" AND f.rowid >= ");
    space(statement, "number");
    statement.push(" AND f.rowid < ");
    space(statement, "(number + 1)");
}

/// The pattern against the very expression that is indexed.
fn in_index(statement: &mut Statement, workspace: WorkspaceId, searched: &str) {
    statement
        .push("workspace_id = ")
        .bind(workspace.0)
        .push(" AND name_key || chr(10) || email_key LIKE ")
        .bind(contains_pattern(searched).as_str());
}

/// The runs of three characters in a text, as a question for FTS5.
fn trigrams(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let all: BTreeSet<String> = chars.windows(3).map(|run| run.iter().collect()).collect();
    all.into_iter()
        .take(TRIGRAMS)
        .map(|run| format!("\"{}\"", run.replace('"', "\"\"")))
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// What an error of either database means.
pub(super) fn classify(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(db) if db.is_unique_violation() => {
            // SQLite names no constraint, but its message names the columns.
            StoreError::Duplicate(db.constraint().unwrap_or_else(|| db.message()).to_owned())
        }
        sqlx::Error::Database(db) if is_busy(db.code().as_deref()) => {
            StoreError::Unavailable(error)
        }
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::WorkerCrashed => StoreError::Unavailable(error),
        _ => StoreError::Query(error),
    }
}

/// Whether a text can stand in the database at all: PostgreSQL keeps no NUL. What can not be stored
/// is not found either, on both.
pub(super) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

/// SQLite: busy (5), locked (6), disk full (13), I/O (10 and its kinds), read-only (8).
/// PostgreSQL: serialisation, deadlock, resources, shutdown.
fn is_busy(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    match code.parse::<u32>() {
        Ok(number) if code.len() != 5 => matches!(number & 0xff, 5 | 6 | 8 | 10 | 13),
        _ => ["40001", "40P01", "57P", "53", "08", "58"]
            .iter()
            .any(|class| code.starts_with(class)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_for_fts5_quotes_what_it_is_given() {
        assert_eq!(trigrams("anna"), r#""ann" AND "nna""#);
        assert_eq!(trigrams(r#"a"b*"#), r#""""b*" AND "a""b""#);
        assert_eq!(trigrams(&"abcdefgh".repeat(30)).matches("AND").count(), 7);
    }

    #[test]
    fn the_index_is_asked_only_for_what_it_knows() {
        for (text, sqlite, postgres) in [
            ("ab", false, false),
            ("abc", true, true),
            ("a.c", true, false),
            ("zoë", true, false),
            ("@example", true, true),
        ] {
            assert_eq!(Dialect::Sqlite.finds(text), sqlite, "{text}");
            assert_eq!(Dialect::Postgres.finds(text), postgres, "{text}");
        }
    }
}
