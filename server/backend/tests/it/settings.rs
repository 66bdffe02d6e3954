//! The settings of a workspace: who sees and changes them, and that nobody overwrites unseen changes.

use rolecall_backend::service::Failure;
use rolecall_shared::{RoleId, invitation::InvitationPolicy};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    grants::{platform, role_draft},
};

/// Somebody who may change settings, see the team, and nothing else.
const CLERK: [&str; 3] = ["settings:view", "settings:manage", "team:view"];

both! {
    async fn who_may_look_sees_the_settings_and_why_they_may_not_change_them(world: World) {
        let owner = world.owner().await;
        let page = owner.settings().await.unwrap();
        assert_eq!((page.name.as_str(), page.slug.as_str()), ("Northwind", "northwind"));
        assert_eq!(page.address, "https://access.example.org/w/northwind");
        assert_eq!(page.created_at, world.now());
        assert_eq!(page.blocked, None);
        assert_eq!(page.deletion.unwrap().members, 1);
        let default = page.default_role.unwrap();
        assert_eq!(default.role, owner.options().await.unwrap().default_role);

        let viewer = owner.enrol("Vera Viewer", "vera@example.org", "Viewer").await;
        let page = viewer.settings().await.unwrap();
        assert!(page.blocked.unwrap().contains("settings:manage"));
        assert!(page.deletion.unwrap_err().contains("Only an owner"));
        assert_eq!(page.default_role, None, "roles are for those who may see them");
        let refused = viewer.rename_workspace("Northwind", "Mine").await;
        assert_eq!(refused.denied(), "settings:manage");

        let nobody = world.another_owner("ola@example.org", "Harbor", "portal").await;
        assert_eq!(nobody.at("northwind").settings().await.not_found(), "workspace");
    }

    async fn a_new_name_is_checked_kept_and_audited_and_the_address_stays(world: World) {
        let owner = world.owner().await;
        let kept = owner.rename_workspace("Northwind", "  Northwind   Works ").await;
        assert_eq!(kept.unwrap(), "Northwind Works");
        let page = owner.settings().await.unwrap();
        assert_eq!((page.name.as_str(), page.slug.as_str()), ("Northwind Works", "northwind"));
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "workspace.renamed");
        assert_eq!(detail, json!({ "before": "Northwind", "after": "Northwind Works" }));

        for wrong in ["", " \u{200b} ", &"x".repeat(81)] {
            let refused = owner.rename_workspace("Northwind Works", wrong).await;
            assert_eq!(refused.wrong_fields(), ["name"]);
        }
        // The same name again is no change.
        let rows = owner.actions().await.len();
        owner.rename_workspace("Northwind Works", "Northwind Works").await.unwrap();
        assert_eq!(owner.actions().await.len(), rows);
    }

    async fn nobody_overwrites_what_they_have_not_seen(world: World) {
        let owner = world.owner().await;
        owner.rename_workspace("Northwind", "North").await.unwrap();
        let said = owner.rename_workspace("Northwind", "South").await.conflict();
        assert!(said.contains("Somebody else changed the name"), "{said}");

        let seen = owner.policy().await.unwrap();
        let mine = InvitationPolicy { hours: 24, ..seen.clone() };
        let theirs = InvitationPolicy { hours: 48, ..seen.clone() };
        let kept = owner.set_policy_from(&seen, theirs.clone()).await.unwrap();
        assert_eq!(kept, theirs);
        let before = world.database.dump().await;
        owner.set_policy_from(&seen, mine.clone()).await.conflict();
        assert_eq!(world.database.dump().await, before);
        owner.set_policy_from(&theirs, mine).await.unwrap();

        let default = owner.options().await.unwrap().default_role;
        let (operator, admin) = (owner.role("Operator").await, owner.role("Admin").await);
        owner.set_default_role(default, operator).await.unwrap();
        owner.set_default_role(default, admin).await.conflict();
        assert_eq!(owner.options().await.unwrap().default_role, operator);
    }

    async fn two_people_who_save_at_once_do_not_both_win(world: World) {
        let owner = world.owner().await;
        for round in 0..6 {
            let before = owner.settings().await.unwrap().name;
            let (one, other) = (format!("One {round}"), format!("Other {round}"));
            let (left, right) = tokio::join!(
                owner.rename_workspace(&before, &one),
                owner.rename_workspace(&before, &other),
            );
            let kept = match (left, right) {
                (Ok(kept), Err(Failure::Stale(_))) | (Err(Failure::Stale(_)), Ok(kept)) => kept,
                other => panic!("not one winner: {other:?}"),
            };
            assert_eq!(owner.settings().await.unwrap().name, kept);
        }
    }

    async fn the_default_role_is_offered_first_and_given_within_the_boundary(world: World) {
        let owner = platform(&world).await;
        owner.create_role(&role_draft("Clerk", &CLERK)).await.unwrap();
        let watcher = owner.create_role(&role_draft("Watcher", &["settings:view"])).await.unwrap();
        let clerk = owner.enrol("Cleo Ek", "cleo@example.org", "Clerk").await;
        let first = owner.options().await.unwrap().default_role;
        let admin = owner.role("Account Admin").await;

        assert!(!clerk.set_default_role(first, admin).await.beyond_own().is_empty());
        let nowhere = RoleId(Uuid::from_bytes([9; 16]));
        assert_eq!(clerk.set_default_role(first, nowhere).await.not_found(), "role");
        clerk.set_default_role(first, watcher).await.unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "workspace.default_role_changed");
        assert_eq!(detail["after"], "Watcher");
        assert_eq!(owner.options().await.unwrap().default_role, watcher);
        assert!(owner.role_card("Watcher").await.is_default);
        assert_eq!(clerk.settings().await.unwrap().default_role.unwrap().role, watcher);

        owner.create_role(&role_draft("Blind", &CLERK[..2])).await.unwrap();
        let blind = owner.enrol("Bo Li", "bo@example.org", "Blind").await;
        assert_eq!(blind.settings().await.unwrap().default_role, None);
        assert_eq!(blind.set_default_role(watcher, first).await.denied(), "team:view");
    }

    async fn the_default_role_is_not_deleted_without_another(world: World) {
        let owner = platform(&world).await;
        let watcher = owner.create_role(&role_draft("Watcher", &["logs:view"])).await.unwrap();
        let first = owner.options().await.unwrap().default_role;
        owner.set_default_role(first, watcher).await.unwrap();
        let (field, message) = owner.delete_role(watcher, 1, None).await.wrong_field();
        assert_eq!(field, "replacement");
        assert!(message.contains("invitations offer first"), "{message}");
        assert_eq!(owner.delete_role(watcher, 1, Some(watcher)).await.wrong_fields(), ["replacement"]);

        let developer = owner.role("Developer").await;
        owner.delete_role(watcher, 1, Some(developer)).await.unwrap();
        assert_eq!(owner.options().await.unwrap().default_role, developer);
        assert!(owner.role_card("Developer").await.is_default);
        let actions = owner.actions().await;
        assert_eq!(actions[actions.len() - 2..], ["workspace.default_role_changed", "role.deleted"]);
        let (_, detail) = owner.newest_entry().await;
        assert_eq!(detail["default"], true);
        assert_eq!(detail["replacement"], "Developer");
    }
}
