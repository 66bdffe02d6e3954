//! Workspaces of every template, the operator's own included.

use rolecall_backend::{
    authz::Glance,
    service::{setup, shell},
};
use rolecall_shared::{invitation::InvitationPolicy, permission::CorePermission};

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    world::{OWNER, PASSPHRASE, meta},
};

both! {
    async fn every_template_makes_a_workspace_with_exactly_its_roles(world: World) {
        let owner = world.owner().await;
        let mut made = Vec::new();
        for template in world.app.templates().iter() {
            let order = setup::CreateOwner {
                name: "Ana Ruiz".into(),
                email: OWNER.into(),
                password: PASSPHRASE.into(),
                workspace: template.title.clone(),
                template: Some(template.key.clone()),
            };
            let slug = setup::create_owner(&world.app, &meta("cli"), order)
                .await
                .unwrap();
            let options = owner.at(&slug).options().await.unwrap();

            let offered: Vec<_> = options
                .roles
                .iter()
                .map(|r| (&r.name, &r.description))
                .collect();
            let expected: Vec<_> = template
                .roles
                .iter()
                .map(|r| (&r.name, &r.description))
                .collect();
            assert_eq!(offered, expected, "{}", template.key);
            let default = options
                .roles
                .iter()
                .find(|r| r.id == options.default_role)
                .unwrap();
            assert_eq!(
                default.name,
                template.role(&template.default_role).unwrap().name
            );
            assert_eq!(options.group_required, template.group_required);
            for (role, built_in) in options.roles.iter().zip(&template.roles) {
                let set = built_in.set(&template.catalogue);
                assert_eq!(role.level, template.catalogue.level(set));
                assert!(role.lacking.is_empty(), "an owner may give {}", role.name);
            }

            let view = shell::load(&world.app, &owner.caller, &Glance::default(), Some(&slug))
                .await
                .unwrap();
            let view = view.workspace.unwrap();
            assert_eq!(
                view.permissions,
                template.catalogue.names(template.catalogue.all())
            );
            assert!(
                CorePermission::ALL
                    .iter()
                    .all(|permission| view.may(*permission))
            );
            made.push(template.key.clone());
        }
        assert_eq!(made.len(), 6, "five of ours and the operator's: {made:?}");
        assert_eq!(made.last().unwrap(), "workshop");
    }

    async fn an_operators_own_workspace_works_like_any_other(world: World) {
        let owner = world.owner_of("workshop").await;
        owner.invite("mira@example.org", "Helper").await;
        let joined = world
            .invited("mira@example.org")
            .await
            .joins("Mira Holm")
            .await
            .unwrap();
        let session = joined.signed_in.unwrap().session;
        let caller = rolecall_backend::Caller {
            session,
            meta: meta("look"),
        };
        let view = shell::load(&world.app, &caller, &Glance::default(), Some(&owner.slug))
            .await
            .unwrap();
        let view = view.workspace.unwrap();
        assert_eq!((view.role.as_str(), view.is_owner), ("Helper", false));
        assert_eq!(view.permissions, ["team:view", "team:manage"]);
        assert_eq!(view.template, "Workshop");
    }

    async fn where_groups_give_all_access_an_invitation_needs_one(world: World) {
        let owner = world.owner_of("acl-groups").await;
        let group = owner.add_group("Readers", "reports:view data:view").await;
        let mut order = owner.order(&["mira@example.org"], "Member").await;
        assert_eq!(owner.send(order.clone()).await.wrong_field().0, "groups");
        order.groups = vec![group];
        owner.send(order).await.unwrap();
        world
            .invited("mira@example.org")
            .await
            .joins("Mira Holm")
            .await
            .unwrap();
        let mira = owner.member("mira@example.org").await.unwrap();
        assert_eq!(
            mira.groups
                .iter()
                .map(|g| g.name.as_str())
                .collect::<Vec<_>>(),
            ["Readers"]
        );
        assert_eq!(mira.level.held, [2, 0, 0]);
    }

    async fn a_group_that_has_ended_gives_nothing(world: World) {
        let owner = world.owner_of("workshop").await;
        let guest = owner.enrol("Gus Ek", "gus@example.org", "Guest").await;
        let group = owner.add_group("Night shift", "team:view").await;
        let until = world.clock.now() + chrono::TimeDelta::hours(1);
        let sql = "INSERT INTO member_groups (member_id, group_id, expires_at) VALUES ($1, $2, $3)";
        let args = [
            owner.member_id("gus@example.org").await.into(),
            group.into(),
            until.into(),
        ];
        world.database.change(sql, &args).await;

        assert_eq!(guest.counts().await.members, 2);
        world.advance(chrono::TimeDelta::minutes(59));
        assert_eq!(
            guest.member("gus@example.org").await.unwrap().groups.len(),
            1
        );
        world.advance(chrono::TimeDelta::minutes(1));
        assert_eq!(guest.options().await.denied(), "team:manage");
        assert_eq!(guest.all_members().await.denied(), "team:view");
        assert!(
            owner
                .member("gus@example.org")
                .await
                .unwrap()
                .groups
                .is_empty()
        );
    }

    async fn who_may_change_the_settings_and_nothing_else_can_see_what_they_change(world: World) {
        let owner = world.owner_of("workshop").await;
        let guest = owner.enrol("Gus Ek", "gus@example.org", "Guest").await;
        assert_eq!(guest.policy().await.denied(), "settings:view");
        let group = owner.add_group("Settings", "settings:view settings:manage").await;
        let sql = "INSERT INTO member_groups (member_id, group_id) VALUES ($1, $2)";
        let member = owner.member_id("gus@example.org").await;
        world
            .database
            .change(sql, &[member.into(), group.into()])
            .await;
        assert_eq!(guest.options().await.denied(), "team:manage");
        let mut policy = guest.policy().await.unwrap();
        assert_eq!((policy.copy_link, policy.hours), (true, 72));
        policy.hours = 24;
        guest.set_policy(policy.clone()).await.unwrap();
        assert_eq!(guest.policy().await.unwrap(), policy);
    }

    async fn an_expired_invitation_does_not_come_back_past_the_domains_that_are_allowed_now(world: World) {
        let owner = world.owner().await;
        let expired = owner.invite("amara@mail.example", "Viewer").await;
        world.advance(chrono::TimeDelta::hours(73));
        let waiting = owner.invite("ben@mail.example", "Viewer").await;
        let mut policy = owner.policy().await.unwrap();
        policy.allowed_domains = vec!["example.org".into()];
        owner.set_policy(policy.clone()).await.unwrap();
        let version = owner.row(expired).await.version;
        for told in [
            owner.resend(expired, version).await.conflict(),
            owner.copy_link(expired).await.conflict(),
        ] {
            assert!(told.contains("mail.example"), "{told}");
        }
        let version = owner.row(waiting).await.version;
        owner.resend(waiting, version).await.unwrap();
        policy.allowed_domains.push("mail.example".into());
        owner.set_policy(policy).await.unwrap();
        let version = owner.row(expired).await.version;
        owner.resend(expired, version).await.unwrap();
    }

    async fn the_invitation_policy_is_checked_kept_and_audited(world: World) {
        let owner = world.owner_of("workshop").await;
        let helper = owner.enrol("Mira Holm", "mira@example.org", "Helper").await;
        let policy = InvitationPolicy {
            copy_link: false,
            hours: 24,
            allowed_domains: vec![
                " @Example.ORG".into(),
                "bücher.example".into(),
                "example.org".into(),
            ],
        };
        assert_eq!(
            helper.set_policy(policy.clone()).await.denied(),
            "settings:manage"
        );
        owner.set_policy(policy).await.unwrap();
        let options = helper.options().await.unwrap();
        assert_eq!((options.copy_link, options.hours), (false, 24));
        assert_eq!(
            options.allowed_domains,
            ["example.org", "xn--bcher-kva.example"]
        );

        let wrong = InvitationPolicy {
            copy_link: true,
            hours: 0,
            allowed_domains: vec!["nope".into()],
        };
        assert_eq!(
            owner.set_policy(wrong).await.wrong_fields(),
            ["allowed_domains", "hours"]
        );
        let row = world
            .trail(Some(owner.workspace().await))
            .await
            .pop()
            .unwrap();
        assert_eq!(row.action, "workspace.invitation_policy_changed");
        assert!(
            row.detail.contains("\"before\"") && row.detail.contains("xn--bcher-kva"),
            "{}",
            row.detail
        );
    }
}
