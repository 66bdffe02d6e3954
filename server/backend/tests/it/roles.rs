//! Roles: what they are called, and who makes and changes them.

use chrono::TimeDelta;
use rolecall_backend::authz::Refusal;
use rolecall_shared::{RoleId, role::RoleDraft};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    grants::{MANAGER, group_draft, platform, role_draft},
};

both! {
    async fn a_custom_role_is_made_listed_and_written_down(world: World) {
        let owner = platform(&world).await;
        let draft = RoleDraft {
            description: "  Sees what runs. ".into(),
            ..role_draft(" Release   watcher ", &["deployments:manage", "logs:view"])
        };
        let id = owner.create_role(&draft).await.unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "role.created");
        assert_eq!(
            detail["after"],
            json!({
                "name": "Release watcher",
                "description": "Sees what runs.",
                "permissions": ["deployments:view", "deployments:manage", "logs:view"],
                "own_projects_only": false,
            })
        );

        owner
            .create_role(&role_draft("Auditor", &["audit:view"]))
            .await
            .unwrap();
        let page = owner.roles().await.unwrap();
        let names: Vec<_> = page.roles.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(
            names,
            ["Account Admin", "Developer", "Auditor", "Release watcher"],
            "built-in ones as the template has them, then by name"
        );
        assert!(page.custom_roles);
        let (admin, watcher) = (&page.roles[0], &page.roles[3]);
        assert!(admin.built_in && !admin.best_for.is_empty());
        assert_eq!(admin.restrictions, ["Manage billing"]);
        assert!(!watcher.built_in && watcher.best_for.is_empty());
        assert_eq!((watcher.id, watcher.version, watcher.members), (id, 1, 0));
        assert!(watcher.level.words().starts_with("View 2 of"));

        let editor = owner.role_editor(Some(id), None).await.unwrap();
        assert_eq!(
            editor.draft.permissions,
            ["deployments:view", "deployments:manage", "logs:view"]
        );
        assert_eq!(editor.blocked, None);
        assert_eq!(editor.grantable.len(), editor.catalogue.all().len());
        let others: Vec<_> = editor.others.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(others, ["Account Admin", "Developer", "Auditor"]);
    }

    async fn a_role_is_counted_with_its_members_and_the_invitations_that_wait(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        owner
            .enrol("Mira Holm", "mira@example.org", "Watcher")
            .await;
        owner.enrol("Gus Ek", "gus@example.org", "Watcher").await;
        owner.suspend("gus@example.org").await;
        owner.invite("late@example.org", "Watcher").await;
        world.advance(TimeDelta::hours(73));
        let revoked = owner.invite("no@example.org", "Watcher").await;
        owner.revoke(revoked, 1).await.unwrap();
        owner.invite("amara@example.org", "Watcher").await;
        let card = owner.role_card("Watcher").await;
        assert_eq!((card.id, card.members, card.invitations), (id, 2, 1));
        let admin = owner.role_card("Account Admin").await;
        assert_eq!((admin.members, admin.invitations), (1, 0));
    }

    async fn a_role_without_any_permission_is_legal_and_says_no_access(world: World) {
        let owner = platform(&world).await;
        owner.create_role(&role_draft("Nobody", &[])).await.unwrap();
        assert_eq!(owner.role_card("Nobody").await.level.words(), "No access");
    }

    async fn built_in_roles_are_cloned_and_never_changed(world: World) {
        let owner = platform(&world).await;
        let developer = owner.role("Developer").await;
        let editor = owner.role_editor(Some(developer), None).await.unwrap();
        assert!(editor.blocked.unwrap().contains("Clone it"));
        let before = world.database.dump().await;
        let draft = role_draft("Developer", &[]);
        let said = owner.update_role(developer, 1, &draft).await.conflict();
        assert!(said.contains("Built-in roles stay"), "{said}");
        let said = owner.delete_role(developer, 1, None).await.conflict();
        assert!(
            said.contains("Built-in roles stay"),
            "the default role too (R-42): {said}"
        );
        assert_eq!(world.database.dump().await, before);

        let clone = owner.role_editor(None, Some(developer)).await.unwrap();
        assert_eq!(clone.draft.name, "Copy of Developer");
        assert_eq!((clone.role, clone.blocked), (None, None));
        let copy = owner.create_role(&clone.draft).await.unwrap();
        let compared = owner.compare(developer, copy).await.unwrap();
        let [(left, theirs), (right, ours)] = compared.sides;
        assert_eq!(theirs, ours);
        assert_eq!((left.id, right.id), (developer, copy));
        assert_eq!(compared.roles.len(), 3);
    }

    async fn a_template_without_custom_roles_says_so(world: World) {
        let owner = world.owner_of("workshop").await;
        let said = owner.create_role(&role_draft("Mine", &[])).await.conflict();
        assert!(
            said.contains("Workshop") && said.contains("built-in roles only"),
            "{said}"
        );
        assert!(!owner.roles().await.unwrap().custom_roles);
        assert_eq!(
            owner.role_editor(None, None).await.unwrap().blocked,
            Some(said)
        );
        let guest = owner.role("Guest").await;
        let blocked = owner.role_editor(Some(guest), None).await.unwrap().blocked;
        assert_eq!(blocked.as_deref(), Some("Built-in roles stay as they are."));
    }

    async fn wrong_drafts_are_refused_with_the_name_of_what_is_wrong(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let before = world.database.dump().await;
        for name in [
            "unicorns:view",
            "logs:delete",
            "tokens:view",
            "logs",
            "logs:fly",
            "",
        ] {
            let draft = role_draft("Other", &["logs:view", name]);
            for answer in [
                owner.create_role(&draft).await.map(drop),
                owner.update_role(id, 1, &draft).await.map(drop),
            ] {
                let (field, message) = answer.wrong_field();
                assert_eq!(field, "permissions");
                assert!(message.contains(&format!("“{name}”")), "{message}");
            }
        }
        let draft = RoleDraft {
            description: "x".repeat(501),
            ..role_draft(&"n".repeat(81), &["unicorns:view"])
        };
        let wrong = owner.create_role(&draft).await.wrong_fields();
        assert_eq!(wrong, ["description", "name", "permissions"]);
        assert_eq!(
            owner
                .create_role(&role_draft(" \u{202e} ", &[]))
                .await
                .wrong_fields(),
            ["name"]
        );
        assert_eq!(world.database.dump().await, before);
    }

    async fn names_that_could_be_taken_for_another_are_refused(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Billing team", &[]))
            .await
            .unwrap();
        let other = owner.create_role(&role_draft("Other", &[])).await.unwrap();
        let before = world.database.dump().await;
        for name in [
            "Billing team",
            "BILLING  TEAM",
            "\u{412}illing team",
            "Bi1ling tearn",
            "developer",
            "\u{410}ccount Admin",
            "Acc\u{3bf}unt \u{410}dmin",
        ] {
            let draft = role_draft(name, &[]);
            assert_eq!(
                owner.create_role(&draft).await.wrong_field().0,
                "name",
                "{name}"
            );
            let (field, message) = owner.update_role(other, 1, &draft).await.wrong_field();
            assert_eq!(field, "name", "{name}");
            assert!(message.contains("Choose another name"), "{message}");
        }
        assert_eq!(world.database.dump().await, before);
        // Its own name is free for itself.
        let version = owner
            .update_role(id, 1, &role_draft("BILLING Team", &[]))
            .await
            .unwrap();
        assert_eq!(version, 2);
    }

    async fn nobody_makes_or_widens_a_role_beyond_their_own_rights(world: World) {
        let owner = platform(&world).await;
        let mira = owner
            .enrol_with("Mira Holm", "mira@example.org", &MANAGER)
            .await;
        let strong = owner
            .create_role(&role_draft("Strong", &["logs:view", "domains:delete"]))
            .await
            .unwrap();
        let weak = owner
            .create_role(&role_draft("Weak", &["deployments:view"]))
            .await
            .unwrap();
        owner.enrol("Gus Ek", "gus@example.org", "Weak").await;

        let editor = mira.role_editor(None, None).await.unwrap();
        assert_eq!(editor.blocked, None);
        let mut grantable = editor.grantable;
        grantable.sort();
        assert_eq!(grantable, ["deployments:view", "team:manage", "team:view"]);

        let before = world.database.dump().await;
        let domains = ["domains:view", "domains:delete"];
        let draft = role_draft("More", &["deployments:view", "domains:delete"]);
        assert_eq!(mira.create_role(&draft).await.beyond_own(), domains);
        let clone = mira.role_editor(None, Some(strong)).await.unwrap().draft;
        assert_eq!(
            mira.create_role(&clone).await.beyond_own(),
            ["domains:view", "domains:delete", "logs:view"],
            "a clone is a new grant of the whole"
        );
        assert_eq!(
            mira.update_role(weak, 1, &draft).await.beyond_own(),
            domains
        );
        assert_eq!(
            mira.delete_role(weak, 1, Some(strong)).await.beyond_own(),
            ["domains:view", "domains:delete", "logs:view"]
        );
        assert_eq!(world.database.dump().await, before);

        // What was there before is not given by whoever leaves it there or takes it away.
        mira.update_role(
            strong,
            1,
            &role_draft("Strong", &["logs:view", "deployments:view"]),
        )
        .await
        .unwrap();
        mira.update_role(strong, 2, &role_draft("Stronger", &["logs:view"]))
            .await
            .unwrap();
        mira.update_role(strong, 3, &role_draft("Stronger", &[]))
            .await
            .unwrap();
    }

    async fn a_role_that_reaches_all_projects_is_more_than_one_for_own_projects(world: World) {
        let owner = platform(&world).await;
        let draft = RoleDraft {
            own_projects_only: true,
            ..role_draft("Maker", &["projects:manage", "team:view"])
        };
        let id = owner.create_role(&draft).await.unwrap();
        assert!(owner.role_card("Maker").await.own_projects_only);
        assert!(
            owner
                .role_editor(None, Some(id))
                .await
                .unwrap()
                .draft
                .own_projects_only
        );
        let mira = owner
            .enrol_with("Mira Holm", "mira@example.org", &MANAGER)
            .await;
        let wider = RoleDraft {
            own_projects_only: false,
            ..draft
        };
        assert_eq!(
            mira.update_role(id, 1, &wider).await.beyond_own(),
            ["projects:view", "projects:manage"]
        );
        owner.update_role(id, 1, &wider).await.unwrap();
        assert!(!owner.role_card("Maker").await.own_projects_only);
        let (_, detail) = owner.newest_entry().await;
        assert_eq!(
            (
                &detail["before"]["own_projects_only"],
                &detail["after"]["own_projects_only"]
            ),
            (&json!(true), &json!(false))
        );
    }

    async fn nobody_adds_to_the_role_they_have(world: World) {
        let owner = platform(&world).await;
        let mira = owner
            .enrol_with("Mira Holm", "mira@example.org", &MANAGER)
            .await;
        let own = mira.role("Role of Mira Holm").await;
        // For an hour Mira holds logs:view by a group, so she could give it to somebody else.
        let group = owner
            .create_group(&group_draft("Log readers", &["logs:view"]))
            .await
            .unwrap();
        let hour = world.in_hours(1);
        owner
            .add_to_group(group, &[mira.me().await], Some(hour))
            .await
            .unwrap();
        mira.create_role(&role_draft("Readers", &["logs:view"]))
            .await
            .unwrap();

        let before = world.database.dump().await;
        let with_logs = role_draft(
            "Role of Mira Holm",
            &["team:manage", "deployments:view", "logs:view"],
        );
        let refusal = mira.update_role(own, 1, &with_logs).await.refused();
        assert_eq!(refusal, Refusal::HelpsOneself(vec!["logs:view".into()]));
        // Nor by deleting their role for a better one.
        let better = owner
            .create_role(&role_draft(
                "Better",
                &["team:manage", "deployments:view", "logs:view"],
            ))
            .await
            .unwrap();
        let refusal = mira.delete_role(own, 1, Some(better)).await.refused();
        assert_eq!(refusal, Refusal::HelpsOneself(vec!["logs:view".into()]));
        owner.delete_role(better, 1, None).await.unwrap();
        assert_eq!(world.database.dump().await["members"], before["members"]);
        // An owner may, and everybody may take from themselves.
        owner.update_role(own, 1, &with_logs).await.unwrap();
        mira.update_role(own, 2, &role_draft("Role of Mira Holm", &["team:manage"]))
            .await
            .unwrap();
        assert_eq!(mira.role_card("Role of Mira Holm").await.version, 3);
        mira.update_role(own, 3, &role_draft("Role of Mira Holm", &["team:view"]))
            .await
            .unwrap();
        assert_eq!(
            mira.update_role(own, 4, &with_logs).await.denied(),
            "team:manage"
        );
    }

    async fn nobody_widens_their_own_role_to_all_projects(world: World) {
        let owner = platform(&world).await;
        let draft = RoleDraft {
            own_projects_only: true,
            ..role_draft("Maker", &["projects:manage", "team:manage"])
        };
        let role = owner.create_role(&draft).await.unwrap();
        let mira = owner.enrol("Mira Holm", "mira@example.org", "Maker").await;
        let group = owner
            .create_group(&group_draft("For now", &["projects:manage"]))
            .await
            .unwrap();
        let hour = world.in_hours(1);
        owner
            .add_to_group(group, &[mira.me().await], Some(hour))
            .await
            .unwrap();
        let wider = RoleDraft {
            own_projects_only: false,
            ..draft
        };
        let refusal = mira.update_role(role, 1, &wider).await.refused();
        assert_eq!(
            refusal,
            Refusal::HelpsOneself(vec!["projects:view".into(), "projects:manage".into()])
        );
    }

    async fn two_editors_never_overwrite_each_other(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let first = role_draft("Watcher", &["logs:view", "audit:view"]);
        assert_eq!(owner.update_role(id, 1, &first).await.unwrap(), 2);
        let before = world.database.dump().await;
        let second = role_draft("Watcher", &["domains:view"]);
        let said = owner.update_role(id, 1, &second).await.conflict();
        assert!(said.contains("changed a moment ago"), "{said}");
        let said = owner.delete_role(id, 1, None).await.conflict();
        assert!(said.contains("changed a moment ago"), "{said}");
        // The same again is no change and no row.
        assert_eq!(owner.update_role(id, 2, &first).await.unwrap(), 2);
        assert_eq!(world.database.dump().await, before);
        owner.delete_role(id, 2, None).await.unwrap();
        assert_eq!(owner.update_role(id, 2, &second).await.not_found(), "role");
        assert_eq!(owner.delete_role(id, 3, None).await.not_found(), "role");
    }

    async fn a_change_of_a_role_holds_at_the_next_request_and_is_written_down(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let gus = owner.enrol("Gus Ek", "gus@example.org", "Watcher").await;
        assert_eq!(gus.all_members().await.denied(), "team:view");
        owner
            .update_role(id, 1, &role_draft("Team watcher", &["team:view"]))
            .await
            .unwrap();
        gus.all_members().await.unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "role.updated");
        assert_eq!(detail["before"]["permissions"], json!(["logs:view"]));
        assert_eq!(detail["after"]["permissions"], json!(["team:view"]));
        assert_eq!(detail["after"]["name"], "Team watcher");
        assert_eq!(
            detail["members"],
            json!({ "count": 1, "named": ["Gus Ek <gus@example.org>"] })
        );
        let editor = gus.role_editor(Some(id), None).await.unwrap();
        assert_eq!(
            editor.blocked.as_deref(),
            Some("You need the permission team:manage to change roles.")
        );
        assert_eq!(editor.grantable, ["team:view"]);
    }

    async fn whoever_may_not_manage_the_team_changes_no_role(world: World) {
        let owner = platform(&world).await;
        let id = owner
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let ola = owner
            .enrol("Ola Berg", "ola@example.org", "Developer")
            .await;
        let before = world.database.dump().await;
        let draft = role_draft("Other", &[]);
        for missing in [
            ola.create_role(&draft).await.denied(),
            ola.update_role(id, 1, &draft).await.denied(),
            ola.delete_role(id, 1, None).await.denied(),
        ] {
            assert_eq!(missing, "team:manage");
        }
        for missing in [
            ola.roles().await.denied(),
            ola.role_editor(None, None).await.denied(),
            ola.compare(id, id).await.denied(),
        ] {
            assert_eq!(missing, "team:view");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn roles_of_another_workspace_are_unknown(world: World) {
        let owner = platform(&world).await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "delivery-platform")
            .await;
        let theirs = other
            .create_role(&role_draft("Watcher", &["logs:view"]))
            .await
            .unwrap();
        let own = owner.create_role(&role_draft("Own", &[])).await.unwrap();
        owner.enrol("Gus Ek", "gus@example.org", "Own").await;
        let before = world.database.dump().await;
        for id in [theirs, RoleId(Uuid::from_bytes([9; 16]))] {
            for what in [
                owner.role_editor(Some(id), None).await.not_found(),
                owner.role_editor(None, Some(id)).await.not_found(),
                owner.compare(own, id).await.not_found(),
                owner.compare(id, own).await.not_found(),
                owner
                    .update_role(id, 1, &role_draft("X", &[]))
                    .await
                    .not_found(),
                owner.delete_role(id, 1, None).await.not_found(),
                owner.delete_role(own, 1, Some(id)).await.not_found(),
            ] {
                assert_eq!(what, "role");
            }
        }
        assert_eq!(owner.at(&other.slug).roles().await.not_found(), "workspace");
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_workspace_has_at_most_two_hundred_roles(world: World) {
        let owner = platform(&world).await;
        owner.fill(197, 0).await;
        let last = owner.create_role(&role_draft("Last", &[])).await.unwrap();
        let said = owner
            .create_role(&role_draft("One more", &[]))
            .await
            .conflict();
        assert!(said.contains("at most 200 roles"), "{said}");
        owner.delete_role(last, 1, None).await.unwrap();
        owner
            .create_role(&role_draft("One more", &[]))
            .await
            .unwrap();
    }
}
