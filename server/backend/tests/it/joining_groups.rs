//! Who is in a group: joining, until when, and leaving.

use chrono::TimeDelta;
use rolecall_backend::authz::Refusal;
use rolecall_shared::{Timestamp, group::MAX_JOINING, page::PAGE_SIZE};
use serde_json::json;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    grants::{MANAGER, group_draft, platform, role_draft},
};

both! {
    async fn nobody_puts_somebody_stronger_into_a_group_or_takes_them_out(world: World) {
        let owner = platform(&world).await;
        let mira = owner
            .enrol_with("Mira Holm", "mira@example.org", &MANAGER)
            .await;
        let strong = owner
            .enrol_with("Sven Dahl", "sven@example.org", &["domains:view"])
            .await;
        let weak = owner.enrol_with("Gus Ek", "gus@example.org", &[]).await;
        let group = owner
            .create_group(&group_draft("Empty", &[]))
            .await
            .unwrap();
        let (sven, gus, boss) = (strong.me().await, weak.me().await, owner.me().await);
        let before = world.database.dump().await;
        let lacking = Refusal::TouchesStronger(vec!["domains:view".into()]);
        assert_eq!(
            mira.add_to_group(group, &[gus, sven], None).await.refused(),
            lacking
        );
        assert_eq!(
            mira.add_to_group(group, &[boss], None).await.refused(),
            Refusal::TouchesOwner
        );
        assert_eq!(
            world.database.dump().await,
            before,
            "nobody joins when one may not"
        );
        owner
            .add_to_group(group, &[gus, sven, boss], None)
            .await
            .unwrap();
        assert_eq!(mira.remove_from_group(group, sven).await.refused(), lacking);
        assert_eq!(
            mira.remove_from_group(group, boss).await.refused(),
            Refusal::TouchesOwner
        );
        mira.remove_from_group(group, gus).await.unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "group.member_removed");
        assert_eq!(
            detail["left"],
            json!({ "count": 1, "named": ["Gus Ek <gus@example.org>"] })
        );
        assert_eq!(
            mira.remove_from_group(group, gus).await.not_found(),
            "member"
        );
    }

    async fn whoever_manages_the_team_may_leave_a_group_themselves(world: World) {
        let owner = platform(&world).await;
        let mira = owner
            .enrol_with("Mira Holm", "mira@example.org", &MANAGER)
            .await;
        let group = owner
            .create_group(&group_draft("Domains", &["domains:manage"]))
            .await
            .unwrap();
        owner
            .add_to_group(group, &[mira.me().await], None)
            .await
            .unwrap();
        mira.remove_from_group(group, mira.me().await)
            .await
            .unwrap();
        assert_eq!(owner.group_card("Domains").await.members, 0);
    }

    async fn a_membership_ends_by_itself_and_its_end_can_be_moved(world: World) {
        let owner = platform(&world).await;
        let group = owner
            .create_group(&group_draft("Team", &["team:view"]))
            .await
            .unwrap();
        let gus = owner.enrol_with("Gus Ek", "gus@example.org", &[]).await;
        let vera = owner.enrol_with("Vera Lund", "vera@example.org", &[]).await;
        let (him, her) = (gus.me().await, vera.me().await);
        for until in [
            Some(world.now()),
            Some(Timestamp(i64::MIN)),
            Some(Timestamp(i64::MAX)),
            Some(Timestamp(0)),
        ] {
            let wrong = owner
                .add_to_group(group, &[him], until)
                .await
                .wrong_fields();
            assert_eq!(wrong, ["expires_at"]);
        }
        let hour = Some(world.in_hours(1));
        assert_eq!(
            owner.add_to_group(group, &[him, him], hour).await.unwrap(),
            1
        );
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "group.members_added");
        assert_eq!(
            detail["joined"],
            json!({ "count": 1, "named": ["Gus Ek <gus@example.org>"] })
        );
        assert!(
            detail["expires_at"]
                .as_str()
                .unwrap()
                .starts_with("2026-11-22T21:28:15")
        );
        let rows = world.trail(Some(owner.workspace().await)).await.len();
        assert_eq!(
            owner.add_to_group(group, &[him], hour).await.unwrap(),
            0,
            "nothing new"
        );
        assert_eq!(world.trail(Some(owner.workspace().await)).await.len(), rows);

        // One is in it already: their end moves, the other one joins.
        let day = Some(world.in_hours(24));
        assert_eq!(
            owner.add_to_group(group, &[him, her], day).await.unwrap(),
            1
        );
        let (_, detail) = owner.newest_entry().await;
        assert_eq!(
            detail["joined"]["named"],
            json!(["Vera Lund <vera@example.org>"])
        );
        assert_eq!(
            detail["end_changed"]["named"],
            json!(["Gus Ek <gus@example.org>"])
        );
        owner.add_to_group(group, &[her], None).await.unwrap();
        gus.all_members().await.unwrap();
        world.advance(TimeDelta::hours(24));
        assert_eq!(gus.all_members().await.denied(), "team:view");
        let page = owner.group_members(group, None).await.unwrap();
        let seen: Vec<_> = page
            .rows
            .iter()
            .map(|m| (m.name.as_str(), m.expires_at, m.expired))
            .collect();
        assert_eq!(seen, [("Gus Ek", day, true), ("Vera Lund", None, false)]);
        assert_eq!(owner.group_card("Team").await.members, 1);
        assert_eq!(
            owner.add_to_group(group, &[him], None).await.unwrap(),
            1,
            "they had left"
        );
        gus.all_members().await.unwrap();
    }

    async fn the_people_of_a_group_come_in_pages_by_name(world: World) {
        let owner = platform(&world).await;
        let group = owner.create_group(&group_draft("Many", &[])).await.unwrap();
        owner.create_role(&role_draft("Nobody", &[])).await.unwrap();
        let mut members = Vec::new();
        for n in 0..PAGE_SIZE + 3 {
            let (name, email) = (format!("P {n:03}"), format!("p{n:03}@example.org"));
            members.push(owner.enrol(&name, &email, "Nobody").await.me().await);
        }
        members.reverse();
        assert_eq!(
            owner.add_to_group(group, &members, None).await.unwrap(),
            PAGE_SIZE + 3
        );
        let (_, detail) = owner.newest_entry().await;
        assert_eq!(detail["joined"]["count"], PAGE_SIZE + 3);
        let first = owner.group_members(group, None).await.unwrap();
        assert_eq!(
            (first.rows.len(), first.rows[0].name.as_str()),
            (PAGE_SIZE, "P 000")
        );
        let second = owner.group_members(group, first.next).await.unwrap();
        let names: Vec<_> = second.rows.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(
            (names, second.next),
            (vec!["P 050", "P 051", "P 052"], None)
        );
        let back = owner.group_members(group, second.previous).await.unwrap();
        assert_eq!(back.rows, first.rows);
        assert_eq!(
            owner
                .group_members(group, Some("?".into()))
                .await
                .wrong_fields(),
            ["cursor"]
        );

        let too_many = vec![members[0]; MAX_JOINING + 1];
        for wrong in [&too_many[..], &[]] {
            assert_eq!(
                owner.add_to_group(group, wrong, None).await.wrong_fields(),
                ["members"]
            );
        }
    }
}
