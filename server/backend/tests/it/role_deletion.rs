//! What becomes of people and invitations when their role is renamed or deleted.

use chrono::TimeDelta;
use rolecall_shared::{RoleId, invitation::InvitationStatus};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    answers::{Refusal as _, open},
    both,
    grants::{platform, role_draft},
};

both! {
    async fn invitations_that_wait_show_the_new_name_and_history_the_old(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let gone = owner.invite("gone@example.org", "Watcher").await;
        owner.revoke(gone, 1).await.unwrap();
        let waits = owner.invite("amara@example.org", "Watcher").await;
        owner
            .update_role(id, 1, &role_draft("Observer", &["logs:view"]))
            .await
            .unwrap();
        assert_eq!(owner.row(waits).await.role.name, "Observer");
        assert_eq!(owner.row(gone).await.role.name, "Watcher");
        let (card, _) = open(world.invited("amara@example.org").await.opens().await);
        assert_eq!(card.role, "Observer");
    }

    async fn a_role_in_use_goes_only_with_a_replacement(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let gus = owner.enrol("Gus Ek", "gus@example.org", "Watcher").await;
        let late = owner.invite("late@example.org", "Watcher").await;
        world.advance(TimeDelta::hours(73));
        let waits = owner.invite("amara@example.org", "Watcher").await;
        let holder = world.invited("amara@example.org").await;
        let developer = owner.role("Developer").await;

        let before = world.database.dump().await;
        let (field, message) = owner.delete_role(id, 1, None).await.wrong_field();
        assert_eq!(field, "replacement");
        assert!(
            message.contains("1 member and 1 waiting invitation"),
            "{message}"
        );
        assert_eq!(
            owner.delete_role(id, 1, Some(id)).await.wrong_fields(),
            ["replacement"]
        );
        let nowhere = RoleId(Uuid::from_bytes([9; 16]));
        assert_eq!(
            owner.delete_role(id, 1, Some(nowhere)).await.not_found(),
            "role"
        );
        assert_eq!(world.database.dump().await, before);

        owner.delete_role(id, 1, Some(developer)).await.unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "role.deleted");
        assert_eq!(detail["before"]["permissions"], json!(["logs:view"]));
        assert_eq!(detail["replacement"], "Developer");
        assert_eq!(
            detail["members"],
            json!({ "count": 1, "named": ["Gus Ek <gus@example.org>"] })
        );
        assert_eq!(detail["invitations"], 1);
        assert_eq!(
            owner.member("gus@example.org").await.unwrap().role.id,
            developer
        );
        assert_eq!(owner.role_card("Developer").await.members, 1);
        assert!(
            owner
                .roles()
                .await
                .unwrap()
                .roles
                .iter()
                .all(|r| r.id != id)
        );
        assert_eq!(owner.role_editor(Some(id), None).await.not_found(), "role");
        let mut order = owner.order(&["x@example.org"], "Developer").await;
        order.role = id;
        assert_eq!(owner.send(order).await.not_found(), "role");
        assert_eq!(gus.all_members().await.denied(), "team:view");

        // The link that was mailed before gives the replacement.
        let row = owner.row(waits).await;
        assert_eq!((row.role.name.as_str(), row.version), ("Developer", 2));
        let (card, _) = open(holder.opens().await);
        assert_eq!(card.role, "Developer");
        holder.joins("Amara Diallo").await.unwrap();
        assert_eq!(
            owner.member("amara@example.org").await.unwrap().role.id,
            developer
        );

        // History keeps the name, and what ended is not revived by it.
        let row = owner.row(late).await;
        assert_eq!(
            (row.role.name.as_str(), row.status),
            ("Watcher", InvitationStatus::Expired)
        );
        let said = owner.resend(late, row.version).await.conflict();
        assert!(said.contains("was deleted"), "{said}");
    }

    async fn the_name_of_a_deleted_role_is_free_and_brings_nothing_back(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let late = owner.invite("late@example.org", "Watcher").await;
        world.advance(TimeDelta::hours(73));
        owner.delete_role(id, 1, None).await.unwrap();
        let again = owner
            .create_role(&role_draft("Watcher", &["domains:view"]))
            .await
            .unwrap();
        assert_ne!(id, again);
        assert_eq!(owner.role_editor(Some(id), None).await.not_found(), "role");
        let row = owner.row(late).await;
        assert_eq!(row.role.id, id);
        owner.resend(late, row.version).await.conflict();
        owner.delete_role(again, 1, None).await.unwrap();
        owner
            .create_role(&role_draft("Watcher", &[]))
            .await
            .unwrap();
    }

    async fn a_role_is_not_deleted_from_under_somebody_who_gets_it(world: World) {
        let owner = platform(&world).await;
        for round in 0..6 {
            let id = owner
                .create_role(&role_draft("Watcher", &["logs:view"]))
                .await
                .unwrap();
            let order = owner
                .order(&[&format!("p{round}@example.org")], "Watcher")
                .await;
            let (deleted, sent) = tokio::join!(owner.delete_role(id, 1, None), owner.send(order));
            if deleted.is_ok() {
                assert_eq!(sent.not_found(), "role");
            } else {
                assert_eq!(deleted.wrong_fields(), ["replacement"]);
                sent.unwrap();
                let developer = owner.role("Developer").await;
                owner.delete_role(id, 1, Some(developer)).await.unwrap();
            }
        }
        assert!(
            owner
                .rows()
                .await
                .iter()
                .all(|row| row.role.name == "Developer")
        );
    }
}
