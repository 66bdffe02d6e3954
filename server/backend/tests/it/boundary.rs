//! The grant boundary: nobody gives what they do not hold (R-34), and refusals are recorded (rule 63).

use rolecall_backend::service::{Failure, denial};

use crate::support::{World, answers::Refusal as _, both};

/// What a boss holds and a helper lacks, in the order of the matrix.
const LACKING: [&str; 12] = [
    "machines:view",
    "machines:manage",
    "machines:delete",
    "projects:view",
    "projects:manage",
    "projects:delete",
    "tokens:manage",
    "billing:view",
    "billing:manage",
    "audit:view",
    "settings:view",
    "settings:manage",
];

both! {
    async fn a_helper_gives_no_power_that_they_lack(world: World) {
        let owner = world.owner_of("workshop").await;
        let helper = owner.enrol("Mira Holm", "mira@example.org", "Helper").await;
        let crane = owner.add_group("Crane", "machines:delete").await;
        let boss = owner.invite("boss@example.org", "Boss").await;
        let peer = helper.invite("peer@example.org", "Helper").await;

        let options = helper.options().await.unwrap();
        let lacking = |name: &str| {
            &options
                .roles
                .iter()
                .find(|r| r.name == name)
                .unwrap()
                .lacking
        };
        assert_eq!(*lacking("Boss"), LACKING);
        assert_eq!(*lacking("Guest"), ["machines:view"]);
        assert!(lacking("Helper").is_empty());
        assert_eq!(
            options.groups[0].lacking,
            ["machines:view", "machines:delete"]
        );

        let before = world.database.dump().await;
        let order = helper.order(&["x@example.org"], "Boss").await;
        assert_eq!(helper.send(order).await.beyond_own(), LACKING);
        let mut order = helper.order(&["x@example.org"], "Helper").await;
        order.groups = vec![crane];
        assert_eq!(
            helper.send(order).await.beyond_own(),
            ["machines:view", "machines:delete"]
        );
        let role = helper.role("Boss").await;
        assert_eq!(
            helper.change_role(peer, 1, role).await.beyond_own(),
            LACKING
        );
        assert_eq!(helper.resend(boss, 1).await.beyond_own(), LACKING);
        assert_eq!(helper.copy_link(boss).await.beyond_own(), LACKING);
        assert_eq!(
            world.database.dump().await,
            before,
            "a refusal leaves no trace by itself"
        );

        // Taking power away is not giving it.
        helper
            .change_role(boss, 1, helper.role("Helper").await)
            .await
            .unwrap();
        helper.revoke(boss, 2).await.unwrap();
    }

    async fn a_guest_sees_nothing_of_the_team_and_changes_nothing(world: World) {
        let owner = world.owner_of("workshop").await;
        let guest = owner.enrol("Gus Ek", "gus@example.org", "Guest").await;
        let id = owner.invite("amara@example.org", "Guest").await;
        let order = owner.order(&["x@example.org"], "Guest").await;
        let before = world.database.dump().await;
        let role = owner.role("Helper").await;
        for missing in [
            guest.all_members().await.denied(),
            guest.all_invitations().await.denied(),
            guest.deliveries(id).await.denied(),
        ] {
            assert_eq!(missing, "team:view");
        }
        for missing in [
            guest.options().await.denied(),
            guest.send(order).await.denied(),
            guest.resend(id, 1).await.denied(),
            guest.revoke(id, 1).await.denied(),
            guest.change_role(id, 1, role).await.denied(),
            guest.copy_link(id).await.denied(),
        ] {
            assert_eq!(missing, "team:manage");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_refusal_is_recorded_with_the_attempt_and_what_was_missing(world: World) {
        let owner = world.owner_of("workshop").await;
        let guest = owner.enrol("Gus Ek", "gus@example.org", "Guest").await;
        let helper = owner.enrol("Mira Holm", "mira@example.org", "Helper").await;
        let refused = guest.options().await.failure();
        denial::record(
            &world.app,
            &guest.caller,
            &guest.slug,
            "invite_options",
            &refused,
        )
        .await;
        let order = helper.order(&["x@example.org"], "Boss").await;
        let refused = helper.send(order).await.failure();
        let said = refused.to_api("request-9");
        assert_eq!(
            (said.code.status(), said.permission.as_deref()),
            (403, Some("machines:view"))
        );
        assert!(
            LACKING.iter().all(|name| said.message.contains(name)),
            "{}",
            said.message
        );
        denial::record(
            &world.app,
            &helper.caller,
            &helper.slug,
            "send_invitations",
            &refused,
        )
        .await;
        // Only refusals of members are recorded.
        let hidden = Failure::NotFound("workspace");
        denial::record(
            &world.app,
            &guest.caller,
            &guest.slug,
            "invite_options",
            &hidden,
        )
        .await;
        denial::record(
            &world.app,
            &guest.caller,
            "nowhere",
            "invite_options",
            &refused,
        )
        .await;

        let trail = world.trail(Some(owner.workspace().await)).await;
        let rows: Vec<_> = trail
            .iter()
            .filter(|row| row.action == "access.denied")
            .collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].actor_label, "Gus Ek <gus@example.org>");
        assert_eq!(
            rows[0].detail,
            r#"{"attempt":"invite_options","missing":["team:manage"]}"#
        );
        assert_eq!(rows[1].actor_label, "Mira Holm <mira@example.org>");
        assert!(
            rows[1].detail.contains("send_invitations")
                && rows[1].detail.contains("settings:manage")
        );
    }

    async fn a_flood_of_refusals_is_one_row_that_says_so(world: World) {
        let owner = world.owner_of("workshop").await;
        let guest = owner.enrol("Gus Ek", "gus@example.org", "Guest").await;
        let refused = guest.options().await.failure();
        let record = async |times: usize| {
            for _ in 0..times {
                denial::record(
                    &world.app,
                    &guest.caller,
                    &guest.slug,
                    "invite_options",
                    &refused,
                )
                .await;
            }
        };
        record(45).await;
        let count = async |action: &str| {
            owner
                .actions()
                .await
                .iter()
                .filter(|a| *a == action)
                .count()
        };
        assert_eq!(
            (
                count("access.denied").await,
                count("access.denied_often").await
            ),
            (30, 1)
        );
        world.advance(chrono::TimeDelta::minutes(1));
        record(1).await;
        assert_eq!(
            (
                count("access.denied").await,
                count("access.denied_often").await
            ),
            (31, 1)
        );
    }
}
