//! The schema: alike on both databases, and with guards that hold whatever the code does.

use std::{collections::BTreeMap, path::Path};

use rolecall_backend::{
    authz::{self, Permission},
    service::audit,
    store::{Store, StoreError},
};
use rolecall_shared::{core_permissions, permission::CorePermission};

use crate::support::{
    World, both,
    database::{Database, Kind},
};

/// Search is the one thing that each database does its own way: `members_search`, which is tables in
/// SQLite and an index in PostgreSQL.
const COLUMNS_SQLITE: &str = "SELECT m.name || '.' || c.name || ' ' || lower(c.type)
     || CASE WHEN c.\"notnull\" = 1 THEN ' not null' ELSE '' END
     FROM sqlite_master m, pragma_table_info(m.name) c
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> '_sqlx_migrations'
       AND m.name NOT LIKE 'members_search%'";
const COLUMNS_POSTGRES: &str = "SELECT table_name || '.' || column_name || ' ' || data_type
     || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
/// Indexes that the migrations name themselves.
const INDEXES_SQLITE: &str =
    "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
const INDEXES_POSTGRES: &str = "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relname <> 'members_search' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)";

/// What PostgreSQL calls a type, as SQLite's migrations write it.
fn as_sqlite(line: &str) -> String {
    [
        ("timestamp with time zone", "text"),
        ("uuid", "blob"),
        ("bytea", "blob"),
    ]
    .into_iter()
    .fold(line.to_owned(), |line, (from, to)| {
        line.replace(&format!(" {from}"), &format!(" {to}"))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn both_migration_folders_make_the_same_tables_columns_and_indexes() {
    let mut found = BTreeMap::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, leftovers) = Database::create(kind).await;
        let store = Store::connect(&database.url).await.unwrap();
        store.migrate().await.unwrap();
        let (columns, indexes) = match kind {
            Kind::Sqlite => (COLUMNS_SQLITE, INDEXES_SQLITE),
            Kind::Postgres => (COLUMNS_POSTGRES, INDEXES_POSTGRES),
        };
        let mut columns = database.texts(columns, &[]).await;
        for line in &mut columns {
            *line = as_sqlite(line);
        }
        columns.sort();
        let mut indexes = database.texts(indexes, &[]).await;
        indexes.sort();
        assert!(
            columns.len() > 80 && indexes.len() > 10,
            "{columns:?} {indexes:?}"
        );
        found.insert(format!("{kind:?}"), (columns, indexes));
        store.close().await;
        database.close().await;
        leftovers.remove().await;
    }
    assert_eq!(found["Sqlite"], found["Postgres"]);
}

#[test]
fn both_migration_folders_have_the_same_files() {
    let files = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../migrations")
            .join(folder);
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(files("sqlite"), files("postgres"));
    assert!(files("sqlite").len() >= 4);
}

#[test]
fn every_core_permission_has_its_marker() {
    macro_rules! pairs {
        ($($name:ident: $group:literal, $action:ident, $deed:literal;)+) => {
            vec![$((<authz::$name as Permission>::PERMISSION, CorePermission::$name)),+]
        };
    }
    let pairs = core_permissions!(pairs);
    assert_eq!(pairs.len(), CorePermission::ALL.len());
    assert!(
        pairs
            .iter()
            .all(|(marker, permission)| marker == permission)
    );
}

both! {
    async fn migrating_again_changes_nothing(world: World) {
        world.owner().await;
        let before = world.database.dump().await;
        world.app.store().migrate().await.unwrap();
        let second = world.another_instance().await;
        let (one, two) = tokio::join!(world.app.store().migrate(), second.app.store().migrate());
        one.unwrap();
        two.unwrap();
        assert_eq!(world.database.dump().await, before);
        second.app.store().close().await;
    }

    async fn a_database_of_a_newer_version_is_refused(world: World) {
        let sql =
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'from the future', TRUE, $1, 0)";
        world.database.change(sql, &[vec![0u8; 48].into()]).await;
        let refused = world.app.store().migrate().await.unwrap_err();
        assert!(matches!(refused, StoreError::TooNew), "{refused:?}");
        assert!(refused.to_string().contains("newer version"));
    }

    async fn the_trail_can_not_be_changed_or_shortened(world: World) {
        let owner = world.owner().await;
        owner.invite("amara@example.org", "Viewer").await;
        let before = world.trail(Some(owner.workspace().await)).await.len();
        let mut statements = vec![
            "UPDATE audit_events SET actor_label = 'nobody'",
            "UPDATE audit_events SET seq = seq + 10 WHERE seq = 1",
            "DELETE FROM audit_events",
            "DELETE FROM audit_events WHERE seq = 2",
            "UPDATE audit_events SET hash = NULL",
            "UPDATE audit_terms SET term = 'fnothing'",
            "DELETE FROM audit_terms",
            "UPDATE audit_checkpoints SET seq = 1",
            "DELETE FROM audit_checkpoints",
        ];
        audit::write_all(&world.app, None).await.unwrap();
        match world.database.kind {
            Kind::Postgres => statements.extend([
                "TRUNCATE audit_events",
                "TRUNCATE audit_terms",
                "TRUNCATE audit_checkpoints",
                "TRUNCATE workspaces, audit_events CASCADE",
            ]),
            // A row that takes the place of another is deleted without a trigger of its own.
            Kind::Sqlite => statements.extend([
                "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events",
                "REPLACE INTO audit_checkpoints SELECT * FROM audit_checkpoints",
            ]),
        }
        for sql in statements {
            let refused = world.database.try_change(sql, &[]).await.unwrap_err();
            assert!(
                refused.to_string().contains("append-only"),
                "{sql}: {refused}"
            );
        }
        assert_eq!(
            world.trail(Some(owner.workspace().await)).await.len(),
            before
        );
    }

    async fn an_ended_invitation_stays_as_it_ended(world: World) {
        let owner = world.owner().await;
        let id = owner.invite("amara@example.org", "Viewer").await;
        let states = ["pending", "accepted", "declined", "revoked", "expired"];
        for from in states {
            for to in states {
                // Put there with the guard out of the way, as it may be after a restore.
                let insert = "INSERT INTO invitations (id, workspace_id, email, email_norm, role_id, role_name,
                       status, duration_seconds, sent_at, expires_at, inviter_name, inviter_email, version)
                     SELECT $1, workspace_id, $2, $2, role_id, role_name, $3, duration_seconds, sent_at, expires_at,
                       inviter_name, inviter_email, version FROM invitations WHERE id = $4";
                let copy = uuid::Uuid::from_bytes(rand::random());
                let email = format!("{from}-{to}@example.org");
                world
                    .database
                    .change(insert, &[copy.into(), email.into(), from.into(), id.into()])
                    .await;
                let change = "UPDATE invitations SET status = $1 WHERE id = $2";
                let changed = world
                    .database
                    .try_change(change, &[to.into(), copy.into()])
                    .await;
                let allowed =
                    from == "pending" || from == to || (from, to) == ("expired", "pending");
                assert_eq!(changed.is_ok(), allowed, "{from} to {to}: {changed:?}");
            }
        }
        let change = "UPDATE invitations SET status = 'lost' WHERE id = $1";
        world
            .database
            .try_change(change, &[id.into()])
            .await
            .unwrap_err();
    }

    async fn the_database_itself_keeps_one_pending_invitation_and_one_membership(world: World) {
        let owner = world.owner().await;
        owner.invite("amara@example.org", "Viewer").await;
        let again = "INSERT INTO invitations (id, workspace_id, email, email_norm, role_id, role_name, status,
               duration_seconds, sent_at, expires_at, inviter_name, inviter_email, version)
             SELECT $1, workspace_id, email, email_norm, role_id, role_name, status, duration_seconds, sent_at,
               expires_at, inviter_name, inviter_email, version FROM invitations";
        let id = uuid::Uuid::from_bytes(rand::random());
        world
            .database
            .try_change(again, &[id.into()])
            .await
            .unwrap_err();
        let again = "INSERT INTO members (id, workspace_id, user_id, role_id, is_owner, status, name_key, email_key,
               joined_at, version)
             SELECT $1, workspace_id, user_id, role_id, is_owner, status, name_key, email_key, joined_at, version
             FROM members";
        world
            .database
            .try_change(again, &[id.into()])
            .await
            .unwrap_err();
        let again = "INSERT INTO users (id, email, email_norm, name, created_at)
             SELECT $1, email, email_norm, name, created_at FROM users";
        world
            .database
            .try_change(again, &[id.into()])
            .await
            .unwrap_err();
        // A role that somebody has or was offered stays.
        world
            .database
            .try_change("DELETE FROM roles", &[])
            .await
            .unwrap_err();
    }
}
