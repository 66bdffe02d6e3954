//! Groups: made, changed for all their members at once, and deleted.

use chrono::TimeDelta;
use rolecall_backend::authz::Refusal;
use rolecall_shared::{GroupId, MemberId, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    grants::{MANAGER, group_draft, platform},
};

both! {
    async fn a_workspace_that_needs_groups_begins_with_none_and_offers_two(world: World) {
        let owner = world.owner_of("acl-groups").await;
        let page = owner.groups().await.unwrap();
        assert!(page.groups.is_empty() && page.group_required);
        let offered: Vec<_> = page
            .starters
            .iter()
            .map(|s| s.draft.name.as_str())
            .collect();
        assert_eq!(offered, ["Operator", "View-Only"]);
        assert!(page.starters.iter().all(|s| s.lacking.is_empty()));
        assert!(page.starters[1].level.words().starts_with("View 3 of"));
        let options = owner.options().await.unwrap();
        assert!(options.group_required && options.groups.is_empty());
        let order = owner.order(&["amara@example.org"], "Member").await;
        let (field, message) = owner.send(order.clone()).await.wrong_field();
        assert_eq!(field, "groups");
        assert!(message.contains("at least one group"), "{message}");

        // One click, and inviting works.
        let id = owner.create_group(&page.starters[1].draft).await.unwrap();
        let page = owner.groups().await.unwrap();
        let offered: Vec<_> = page
            .starters
            .iter()
            .map(|s| s.draft.name.as_str())
            .collect();
        assert_eq!(offered, ["Operator"]);
        let mut order = owner.order(&["amara@example.org"], "Member").await;
        order.groups = vec![id];
        owner.send(order).await.unwrap();
        assert_eq!(owner.group_card("View-Only").await.invitations, 1);
        world
            .invited("amara@example.org")
            .await
            .joins("Amara Diallo")
            .await
            .unwrap();
        let card = owner.group_card("View-Only").await;
        assert_eq!((card.members, card.invitations), (1, 0));
        assert_eq!(
            owner.member("amara@example.org").await.unwrap().level,
            card.level
        );
    }

    async fn a_group_is_made_shown_and_written_down(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_group(&group_draft("Releasers", &["deployments:manage"]))
            .await
            .unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "group.created");
        assert_eq!(
            detail["after"]["permissions"],
            json!(["deployments:view", "deployments:manage"])
        );
        owner
            .create_group(&group_draft("Auditors", &[]))
            .await
            .unwrap();
        let page = owner.groups().await.unwrap();
        let names: Vec<_> = page.groups.iter().map(|g| g.name.as_str()).collect();
        assert_eq!(names, ["Auditors", "Releasers"]);
        assert!(!page.group_required && page.starters.is_empty());
        let editor = owner.group_editor(Some(id)).await.unwrap();
        assert_eq!(
            editor.draft.permissions,
            ["deployments:view", "deployments:manage"]
        );
        assert_eq!((editor.group.unwrap().version, editor.blocked), (1, None));
        let empty = owner.group_editor(None).await.unwrap();
        assert_eq!((empty.group, empty.draft), (None, group_draft("", &[])));
    }

    async fn wrong_drafts_and_taken_names_are_refused(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_group(&group_draft("Releasers", &["logs:view"]))
            .await
            .unwrap();
        let other = owner
            .create_group(&group_draft("Other", &[]))
            .await
            .unwrap();
        let before = world.database.dump().await;
        for name in ["unicorns:view", "logs:delete", "tokens:view"] {
            for answer in [
                owner
                    .create_group(&group_draft("New", &[name]))
                    .await
                    .map(drop),
                owner
                    .update_group(id, 1, &group_draft("New", &[name]))
                    .await
                    .map(drop),
            ] {
                let (field, message) = answer.wrong_field();
                assert_eq!(field, "permissions");
                assert!(message.contains(name), "{message}");
            }
        }
        for name in [
            "",
            "releasers",
            "Re1easers",
            "Rele\u{430}sers",
            &"n".repeat(81),
        ] {
            let draft = group_draft(name, &[]);
            assert_eq!(
                owner.create_group(&draft).await.wrong_fields(),
                ["name"],
                "{name}"
            );
            assert_eq!(
                owner.update_group(other, 1, &draft).await.wrong_fields(),
                ["name"]
            );
        }
        assert_eq!(world.database.dump().await, before);
        owner
            .update_group(id, 1, &group_draft("RELEASERS", &["logs:view"]))
            .await
            .unwrap();
    }

    async fn nobody_makes_widens_or_hands_out_a_group_beyond_their_own_rights(world: World) {
        let owner = platform(&world).await;
        let mira = owner
            .enrol_with("Mira Holm", "mira@example.org", &MANAGER)
            .await;
        let gus = owner.enrol_with("Gus Ek", "gus@example.org", &[]).await;
        let strong = owner
            .create_group(&group_draft("Strong", &["logs:view"]))
            .await
            .unwrap();
        let weak = owner
            .create_group(&group_draft("Weak", &["deployments:view"]))
            .await
            .unwrap();
        let before = world.database.dump().await;
        let draft = group_draft("More", &["deployments:view", "domains:delete"]);
        let domains = ["domains:view", "domains:delete"];
        assert_eq!(mira.create_group(&draft).await.beyond_own(), domains);
        assert_eq!(
            mira.update_group(weak, 1, &draft).await.beyond_own(),
            domains
        );
        let someone = [gus.me().await];
        assert_eq!(
            mira.add_to_group(strong, &someone, None).await.beyond_own(),
            ["logs:view"]
        );
        assert_eq!(world.database.dump().await, before);

        assert_eq!(mira.add_to_group(weak, &someone, None).await.unwrap(), 1);
        mira.update_group(
            strong,
            1,
            &group_draft("Strong", &["logs:view", "deployments:view"]),
        )
        .await
        .unwrap();
        mira.update_group(strong, 2, &group_draft("Strong", &[]))
            .await
            .unwrap();
    }

    async fn a_change_of_a_group_reaches_all_its_members_and_names_them(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_group(&group_draft("Readers", &["logs:view"]))
            .await
            .unwrap();
        let gus = owner.enrol_with("Gus Ek", "gus@example.org", &[]).await;
        let late = owner
            .enrol_with("Late Comer", "late@example.org", &[])
            .await;
        owner
            .add_to_group(id, &[gus.me().await], None)
            .await
            .unwrap();
        owner
            .add_to_group(id, &[late.me().await], Some(world.in_hours(1)))
            .await
            .unwrap();
        world.advance(TimeDelta::hours(1));
        let mut order = owner.order(&["amara@example.org"], "Developer").await;
        order.groups = vec![id];
        owner.send(order).await.unwrap();
        assert_eq!(gus.all_members().await.denied(), "team:view");
        assert_eq!(
            owner
                .update_group(id, 1, &group_draft("Team", &["team:view"]))
                .await
                .unwrap(),
            2
        );
        gus.all_members().await.unwrap();
        assert_eq!(
            late.all_members().await.denied(),
            "team:view",
            "their time is over"
        );
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "group.updated");
        assert_eq!(detail["before"]["permissions"], json!(["logs:view"]));
        assert_eq!(detail["after"]["permissions"], json!(["team:view"]));
        assert_eq!(
            detail["members"],
            json!({ "count": 1, "named": ["Gus Ek <gus@example.org>"] })
        );
        assert_eq!(
            detail["invitations"],
            json!({ "count": 1, "named": ["amara@example.org"] })
        );
        let blocked = gus.group_editor(Some(id)).await.unwrap().blocked;
        assert_eq!(
            blocked.as_deref(),
            Some("You need the permission team:manage to change groups.")
        );
    }

    async fn nobody_adds_to_a_group_they_are_in_or_puts_themselves_into_more(world: World) {
        let owner = platform(&world).await;
        let mira = owner
            .enrol_with("Mira Holm", "mira@example.org", &MANAGER)
            .await;
        let me = mira.me().await;
        // For an hour Mira holds logs:view, so she could give it to somebody else.
        let short = owner
            .create_group(&group_draft("For now", &["logs:view"]))
            .await
            .unwrap();
        owner
            .add_to_group(short, &[me], Some(world.in_hours(1)))
            .await
            .unwrap();
        let own = owner
            .create_group(&group_draft("Own", &["deployments:view"]))
            .await
            .unwrap();
        owner.add_to_group(own, &[me], None).await.unwrap();
        let other = owner
            .create_group(&group_draft("Other", &["logs:view"]))
            .await
            .unwrap();
        let before = world.database.dump().await;
        let helps = Refusal::HelpsOneself(vec!["logs:view".into()]);
        let draft = group_draft("Own", &["deployments:view", "logs:view"]);
        assert_eq!(mira.update_group(own, 1, &draft).await.refused(), helps);
        assert_eq!(mira.add_to_group(other, &[me], None).await.refused(), helps);
        // Not even their own time is made longer.
        for until in [None, Some(world.in_hours(2))] {
            assert_eq!(
                mira.add_to_group(short, &[me], until).await.refused(),
                helps
            );
        }
        assert_eq!(world.database.dump().await, before);
        // Shorter is fine, nothing new too, and so is an owner's own hand.
        let half = Some(Timestamp(world.now().0 + 1_800_000_000));
        assert_eq!(mira.add_to_group(short, &[me], half).await.unwrap(), 0);
        assert_eq!(mira.add_to_group(other, &[me], half).await.unwrap(), 1);
        assert_eq!(
            owner
                .add_to_group(own, &[owner.me().await], None)
                .await
                .unwrap(),
            1
        );
        owner.update_group(own, 1, &draft).await.unwrap();
    }

    async fn a_deleted_group_is_lost_to_its_members_and_to_invitations_that_wait(world: World) {
        let owner = platform(&world).await;
        let group = owner
            .create_group(&group_draft("Team", &["team:view"]))
            .await
            .unwrap();
        let gus = owner.enrol_with("Gus Ek", "gus@example.org", &[]).await;
        owner
            .add_to_group(group, &[gus.me().await], None)
            .await
            .unwrap();
        let mut order = owner.order(&["amara@example.org"], "Developer").await;
        order.groups = vec![group];
        owner.send(order).await.unwrap();
        let said = owner.delete_group(group, 7).await.conflict();
        assert!(said.contains("changed a moment ago"), "{said}");
        owner.delete_group(group, 1).await.unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "group.deleted");
        assert_eq!(detail["before"]["permissions"], json!(["team:view"]));
        assert_eq!(
            detail["members"],
            json!({ "count": 1, "named": ["Gus Ek <gus@example.org>"] })
        );
        assert_eq!(
            detail["invitations"],
            json!({ "count": 1, "named": ["amara@example.org"] })
        );
        assert_eq!(gus.all_members().await.denied(), "team:view");
        let row = owner.newest_row().await;
        assert!(row.groups.is_empty());
        assert_eq!(row.version, 2);
        world
            .invited("amara@example.org")
            .await
            .joins("Amara Diallo")
            .await
            .unwrap();
        assert_eq!(owner.delete_group(group, 1).await.not_found(), "group");
        // The name is free, and brings nobody back.
        owner
            .create_group(&group_draft("Team", &["team:view"]))
            .await
            .unwrap();
        assert_eq!(owner.group_card("Team").await.members, 0);
    }

    async fn two_editors_of_a_group_never_overwrite_each_other(world: World) {
        let owner = platform(&world).await;
        let group = owner
            .create_group(&group_draft("Team", &["team:view"]))
            .await
            .unwrap();
        let first = group_draft("Team", &["team:view", "logs:view"]);
        assert_eq!(owner.update_group(group, 1, &first).await.unwrap(), 2);
        let before = world.database.dump().await;
        let second = group_draft("Team", &["domains:view"]);
        let said = owner.update_group(group, 1, &second).await.conflict();
        assert!(said.contains("changed a moment ago"), "{said}");
        assert_eq!(
            owner.update_group(group, 2, &first).await.unwrap(),
            2,
            "no change"
        );
        assert_eq!(world.database.dump().await, before);
        owner.delete_group(group, 2).await.unwrap();
        assert_eq!(
            owner.update_group(group, 2, &second).await.not_found(),
            "group"
        );
    }

    async fn whoever_may_not_manage_the_team_changes_no_group(world: World) {
        let owner = platform(&world).await;
        let group = owner
            .create_group(&group_draft("Team", &["team:view"]))
            .await
            .unwrap();
        let ola = owner
            .enrol("Ola Berg", "ola@example.org", "Developer")
            .await;
        let me = ola.me().await;
        let before = world.database.dump().await;
        let draft = group_draft("Other", &[]);
        for missing in [
            ola.create_group(&draft).await.denied(),
            ola.update_group(group, 1, &draft).await.denied(),
            ola.delete_group(group, 1).await.denied(),
            ola.add_to_group(group, &[me], None).await.denied(),
            ola.remove_from_group(group, me).await.denied(),
        ] {
            assert_eq!(missing, "team:manage");
        }
        for missing in [
            ola.groups().await.denied(),
            ola.group_editor(None).await.denied(),
            ola.group_members(group, None).await.denied(),
        ] {
            assert_eq!(missing, "team:view");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn groups_and_people_of_another_workspace_are_unknown(world: World) {
        let owner = platform(&world).await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let theirs = other
            .create_group(&group_draft("Readers", &["projects:view"]))
            .await
            .unwrap();
        let group = owner
            .create_group(&group_draft("Team", &["team:view"]))
            .await
            .unwrap();
        let (me, they) = (owner.me().await, other.me().await);
        let before = world.database.dump().await;
        for id in [theirs, GroupId(Uuid::from_bytes([9; 16]))] {
            for what in [
                owner.group_editor(Some(id)).await.not_found(),
                owner.group_members(id, None).await.not_found(),
                owner
                    .update_group(id, 1, &group_draft("X", &[]))
                    .await
                    .not_found(),
                owner.delete_group(id, 1).await.not_found(),
                owner.add_to_group(id, &[me], None).await.not_found(),
                owner.remove_from_group(id, me).await.not_found(),
            ] {
                assert_eq!(what, "group");
            }
        }
        for id in [they, MemberId(Uuid::from_bytes([9; 16]))] {
            assert_eq!(
                owner.add_to_group(group, &[me, id], None).await.not_found(),
                "member"
            );
            assert_eq!(
                owner.remove_from_group(group, id).await.not_found(),
                "member"
            );
        }
        assert_eq!(
            owner.at(&other.slug).groups().await.not_found(),
            "workspace"
        );
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_workspace_has_at_most_five_hundred_groups(world: World) {
        let owner = platform(&world).await;
        owner.fill(0, 499).await;
        let last = owner.create_group(&group_draft("Last", &[])).await.unwrap();
        let said = owner
            .create_group(&group_draft("One more", &[]))
            .await
            .conflict();
        assert!(said.contains("at most 500 groups"), "{said}");
        owner.delete_group(last, 1).await.unwrap();
        owner
            .create_group(&group_draft("One more", &[]))
            .await
            .unwrap();
    }
}
