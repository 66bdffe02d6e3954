//! Tampering with the trail, past its triggers: `verify` names the place and the kind (rule 65).

use rolecall_backend::service::audit::{self, Damage, Finding};
use tokio::task::JoinSet;

use crate::support::{
    World,
    actors::Owner,
    both,
    database::{Arg, Kind},
};

impl World {
    /// Takes the guards of the trail away, as somebody with all rights on the database can.
    pub async fn without_guards(&self) {
        let statements: &[&str] = match self.database.kind {
            Kind::Sqlite => &[
                "DROP TRIGGER audit_events_no_update",
                "DROP TRIGGER audit_events_no_delete",
                "DROP TRIGGER audit_events_no_replace",
                "DROP TRIGGER audit_checkpoints_no_delete",
            ],
            Kind::Postgres => &[
                "DROP TRIGGER audit_events_append_only ON audit_events",
                "DROP TRIGGER audit_checkpoints_append_only ON audit_checkpoints",
            ],
        };
        for sql in statements {
            self.database.change(sql, &[]).await;
        }
    }

    /// What is wrong with the trail of the one workspace.
    async fn damage(&self) -> Vec<Finding> {
        let report = audit::verify(&self.app, &[]).await.unwrap();
        assert!(
            report.trails[0].findings.is_empty(),
            "nobody touched the installation's own"
        );
        let findings = report.trails[1].findings.clone();
        assert_eq!(report.is_whole(), findings.is_empty());
        findings
    }

    /// The places and kinds of damage.
    async fn places(&self) -> Vec<(i64, i64, Damage)> {
        let findings = self.damage().await;
        findings.iter().map(|f| (f.from, f.to, f.damage)).collect()
    }
}

/// A workspace with at least twelve rows in its trail, and no guards.
async fn trail(world: &World) -> (Owner, Arg) {
    let owner = world.owner().await;
    for n in 0..12 {
        owner
            .invite(&format!("person{n}@example.org"), "Viewer")
            .await;
    }
    assert_eq!(world.damage().await, []);
    world.without_guards().await;
    let workspace = owner.workspace().await;
    (owner, workspace.into())
}

/// Every column that a link attests, with another value for it.
const EDITS: [&str; 15] = [
    "actor_kind = 'system'",
    "actor_id = NULL",
    "actor_label = actor_label || ' '",
    "action = 'invitation.revoked'",
    "target_kind = 'member'",
    "target_id = NULL",
    "target_label = 'somebody@example.org'",
    "detail = '{}'",
    "session_id = NULL",
    "address = '192.0.2.1'",
    "user_agent = ''",
    "request_id = 'another'",
    "hash = NULL",
    "on_behalf_of = actor_id",
    "view_id = actor_id",
];

both! {
    async fn an_edit_of_any_field_is_found_at_its_row(world: World) {
        let (_owner, workspace) = trail(&world).await;
        world.database.change("CREATE TABLE kept AS SELECT * FROM audit_events", &[]).await;
        let mut edits: Vec<String> = EDITS.iter().map(|edit| (*edit).to_owned()).collect();
        edits.push(match world.database.kind {
            Kind::Sqlite => "at = '2026-11-22T20:28:15.000124+00:00'".into(),
            Kind::Postgres => "at = at + interval '1 microsecond'".into(),
        });
        edits.push(match world.database.kind {
            Kind::Sqlite => "hash = zeroblob(33)".into(),
            Kind::Postgres => "hash = decode(repeat('00', 33), 'hex')".into(),
        });
        for edit in edits {
            let sql = format!("UPDATE audit_events SET {edit} WHERE workspace_id = $1 AND seq = 6");
            assert_eq!(world.database.change(&sql, std::slice::from_ref(&workspace)).await, 1);
            let places = world.places().await;
            assert_eq!(places, [(6, 6, Damage::Edited)], "{edit}");
            for sql in ["DELETE FROM audit_events", "INSERT INTO audit_events SELECT * FROM kept"] {
                world.database.change(sql, &[]).await;
            }
            assert_eq!(world.damage().await, [], "{edit} was undone");
        }
    }

    async fn a_row_that_was_deleted_is_missed(world: World) {
        let (_owner, workspace) = trail(&world).await;
        let sql = "DELETE FROM audit_events WHERE workspace_id = $1 AND seq IN (4, 5)";
        world.database.change(sql, &[workspace]).await;
        assert_eq!(world.places().await, [(4, 5, Damage::Missing)]);
    }

    async fn a_row_that_was_deleted_is_missed_though_the_others_were_renumbered(world: World) {
        let (_owner, workspace) = trail(&world).await;
        let args = [workspace];
        for sql in [
            "DELETE FROM audit_events WHERE workspace_id = $1 AND seq = 5",
            "UPDATE audit_events SET seq = seq + 1000 WHERE workspace_id = $1 AND seq > 5",
            "UPDATE audit_events SET seq = seq - 1001 WHERE workspace_id = $1 AND seq > 1000",
            "UPDATE workspaces SET audit_seq = audit_seq - 1 WHERE id = $1",
        ] {
            world.database.change(sql, &args).await;
        }
        assert_eq!(world.places().await, [(5, 5, Damage::Missing)]);
    }

    async fn several_kinds_of_damage_are_all_named(world: World) {
        let (_owner, workspace) = trail(&world).await;
        let args = [workspace];
        for sql in [
            "UPDATE audit_events SET address = '192.0.2.1' WHERE workspace_id = $1 AND seq = 2",
            "DELETE FROM audit_events WHERE workspace_id = $1 AND seq = 9",
            "UPDATE audit_events SET seq = seq + 1000 WHERE workspace_id = $1 AND seq > 9",
            "UPDATE audit_events SET seq = seq - 1001 WHERE workspace_id = $1 AND seq > 1000",
            "UPDATE workspaces SET audit_seq = audit_seq - 1 WHERE id = $1",
        ] {
            world.database.change(sql, &args).await;
        }
        assert_eq!(world.places().await, [(2, 2, Damage::Edited), (9, 9, Damage::Missing)]);
    }

    async fn two_rows_that_were_swapped_are_named(world: World) {
        for (one, other) in [(4, 9), (6, 7)] {
            let (_owner, workspace) = if world.count("workspaces").await == 0 {
                trail(&world).await
            } else {
                let id = world.database.id("SELECT id FROM workspaces", &[]).await;
                (world_owner(&world).await, id.into())
            };
            let swap = async || {
                for (from, to) in [(one, 1000), (other, one), (1000, other)] {
                    let sql = "UPDATE audit_events SET seq = $3 WHERE workspace_id = $1 AND seq = $2";
                    let args = [workspace.clone(), from.into(), to.into()];
                    world.database.change(sql, &args).await;
                }
            };
            swap().await;
            assert_eq!(
                world.places().await,
                [(one, one, Damage::Reordered), (other, other, Damage::Reordered)]
            );
            swap().await;
            assert_eq!(world.damage().await, []);
        }
    }

    async fn a_row_that_was_put_in_is_named(world: World) {
        let (_owner, workspace) = trail(&world).await;
        let args = [workspace];
        for sql in [
            "UPDATE audit_events SET seq = seq + 1000 WHERE workspace_id = $1 AND seq > 5",
            "UPDATE audit_events SET seq = seq - 999 WHERE workspace_id = $1 AND seq > 1000",
            "INSERT INTO audit_events SELECT workspace_id, 6, at, actor_kind, actor_id, actor_label, action,
               target_kind, target_id, 'eve@example.org', detail, session_id, address, user_agent, request_id, hash,
               on_behalf_of, view_id
             FROM audit_events WHERE workspace_id = $1 AND seq = 3",
            "UPDATE workspaces SET audit_seq = audit_seq + 1 WHERE id = $1",
        ] {
            world.database.change(sql, &args).await;
        }
        assert_eq!(world.places().await, [(6, 6, Damage::Inserted)]);
        let bare = "UPDATE audit_events SET hash = NULL WHERE workspace_id = $1 AND seq = 6";
        world.database.change(bare, &args).await;
        assert_eq!(world.places().await, [(6, 6, Damage::Inserted)], "without a link too");
    }

    async fn a_row_that_was_added_at_the_end_is_named(world: World) {
        let (owner, workspace) = trail(&world).await;
        let last = i64::try_from(owner.actions().await.len()).unwrap();
        let sql = "INSERT INTO audit_events SELECT workspace_id, seq + 1, at, actor_kind, actor_id, actor_label,
               action, target_kind, target_id, target_label, detail, session_id, address, user_agent, request_id, hash,
               on_behalf_of, view_id
             FROM audit_events WHERE workspace_id = $1 AND seq = $2";
        world.database.change(sql, &[workspace, last.into()]).await;
        let places = world.places().await;
        assert!(places.contains(&(last + 1, last + 1, Damage::Inserted)), "{places:?}");
    }

    async fn an_end_that_was_cut_off_is_missed(world: World) {
        let (owner, workspace) = trail(&world).await;
        let last = i64::try_from(owner.actions().await.len()).unwrap();
        let sql = "DELETE FROM audit_events WHERE workspace_id = $1 AND seq > $2";
        world.database.change(sql, &[workspace, (last - 3).into()]).await;
        assert_eq!(world.places().await, [(last - 2, last, Damage::Truncated)]);
    }

    async fn another_secret_makes_no_row_that_fits(world: World) {
        let (_owner, workspace) = trail(&world).await;
        // A link that was made with another key, over the very same row.
        let rows = world.trail(Some(world_owner(&world).await.workspace().await)).await;
        let forged = rolecall_backend::keys::Keys::new(&[8; 32]).chain().link(&[], b"row");
        assert_eq!(rows[5].seq, 6);
        let sql = "UPDATE audit_events SET hash = $2 WHERE workspace_id = $1 AND seq = 6";
        world.database.change(sql, &[workspace, forged.into()]).await;
        assert_eq!(world.places().await, [(6, 6, Damage::Edited)]);
    }

    async fn rows_from_before_the_chain_are_told_and_not_blamed(world: World) {
        let (owner, workspace) = trail(&world).await;
        // As after the migration of a database that was in use.
        let args = [workspace];
        for sql in [
            "UPDATE audit_events SET hash = NULL WHERE workspace_id = $1",
            "UPDATE workspaces SET audit_head = NULL, audit_from = NULL WHERE id = $1",
        ] {
            world.database.change(sql, &args).await;
        }
        let before = i64::try_from(owner.actions().await.len()).unwrap();
        let report = audit::verify(&world.app, &[]).await.unwrap();
        assert!(report.is_whole());
        assert_eq!(report.trails[1].chained_from, None);
        owner.invite("amara@example.org", "Viewer").await;
        owner.invite("ben@example.org", "Viewer").await;
        let report = audit::verify(&world.app, &[]).await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        assert_eq!(report.trails[1].chained_from, Some(before + 1));
    }

    async fn the_chain_holds_under_a_hundred_changes_at_once(world: World) {
        let owner = world.owner().await;
        let second = owner.on(&world.another_instance().await);
        let role = owner.role("Viewer").await;
        let mut tasks = JoinSet::new();
        for n in 0..100 {
            let person = if n % 2 == 0 { owner.0.clone() } else { second.clone() };
            tasks.spawn(async move {
                let address = format!("person{n}@example.org");
                let mut order = person.order(&[&address], "Viewer").await;
                order.role = role;
                // The limit on invitations may refuse some; a refusal leaves no row.
                person.send(order).await.is_ok()
            });
        }
        let done = tasks.join_all().await.into_iter().filter(|ok| *ok).count();
        assert!(done > 50, "{done}");
        assert_eq!(world.damage().await, []);
        let sent = owner.actions().await.into_iter().filter(|a| a == "invitation.created").count();
        assert_eq!(sent, done);
        second.world.app.store().close().await;
    }
}

/// The owner of the one workspace, signed in again.
async fn world_owner(world: &World) -> Owner {
    let session = world.session_of(crate::support::world::OWNER).await;
    let slug = world
        .database
        .texts("SELECT slug FROM workspaces", &[])
        .await
        .remove(0);
    Owner(crate::support::actors::Person::new(world, slug, session))
}
