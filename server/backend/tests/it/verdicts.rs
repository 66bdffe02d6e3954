//! One order, a verdict for each address, and orders that are sent twice.

use rolecall_backend::service::{Failure, acceptance::Ended};
use rolecall_shared::{
    GroupId, RoleId,
    invitation::{InvitationChange, InvitationPolicy, InviteOverride, InviteRequest, Verdict},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{
    World,
    answers::{Over as _, Refusal as _},
    both,
};

both! {
    async fn each_address_of_an_order_gets_its_own_verdict(world: World) {
        let owner = world.owner().await;
        owner.enrol("Mira Holm", "mira@example.org", "Admin").await;
        owner.enrol("Sam Ek", "sam@example.org", "Viewer").await;
        owner.suspend("sam@example.org").await;
        let same = owner.invite("same@example.org", "Viewer").await;
        let other = owner.invite("other@example.org", "Operator").await;
        let policy = InvitationPolicy {
            copy_link: true,
            hours: 72,
            allowed_domains: vec!["example.org".into()],
        };
        owner.set_policy(policy).await.unwrap();
        let limited = "limited@example.org";
        for _ in 0..5 {
            let id = owner.invite(limited, "Viewer").await;
            owner.revoke(id, 1).await.unwrap();
        }
        let before = (
            world.count("invitations").await,
            world.count("outbox").await,
        );

        let addresses = [
            "new@example.org",
            "MIRA@example.org",
            "sam@example.org",
            "Same@Example.org",
            "other@example.org",
            "not an address",
            " NEW@example.org ",
            "ana@elsewhere.example",
            limited,
            "",
        ];
        let order = owner.order(&addresses, "Viewer").await;
        let answers = owner.send(order).await.unwrap();
        let echoed: Vec<_> = answers
            .iter()
            .map(|answer| answer.address.as_str())
            .collect();
        assert_eq!(echoed, addresses, "as typed, in order");
        let verdicts: Vec<_> = answers.into_iter().map(|answer| answer.verdict).collect();

        let Verdict::Invited { id, link: None } = verdicts[0] else {
            panic!("{:?}", verdicts[0])
        };
        assert_eq!(
            verdicts[1],
            Verdict::Member {
                id: owner.member_id("mira@example.org").await
            }
        );
        assert_eq!(
            verdicts[2],
            Verdict::Suspended {
                id: owner.member_id("sam@example.org").await
            }
        );
        assert_eq!(
            verdicts[3],
            Verdict::Pending {
                id: same,
                version: 1
            }
        );
        let role = "Operator".to_owned();
        assert_eq!(
            verdicts[4],
            Verdict::OtherRole {
                id: other,
                version: 1,
                role
            }
        );
        assert!(matches!(&verdicts[5], Verdict::Invalid { reason } if reason.contains('@')));
        assert_eq!(
            verdicts[6],
            Verdict::Invited { id, link: None },
            "a duplicate is the first one"
        );
        assert_eq!(verdicts[7], Verdict::DomainNotAllowed);
        assert!(
            matches!(&verdicts[8], Verdict::Limited { reason } if reason.contains("5 invitations a day to one address"))
        );
        assert!(matches!(&verdicts[9], Verdict::Invalid { .. }));
        // One new invitation, one mail, one row of the trail.
        assert_eq!(world.count("invitations").await, before.0 + 1);
        assert_eq!(world.count("outbox").await, before.1 + 1);
        assert_eq!(
            owner.row(other).await.role.name,
            "Operator",
            "never silently changed"
        );
        let created = owner
            .actions()
            .await
            .iter()
            .filter(|a| *a == "invitation.created")
            .count();
        assert_eq!(created, 8);
    }

    async fn the_same_address_typed_in_two_forms_is_one(world: World) {
        let owner = world.owner().await;
        let forms = [
            "andr\u{e9}@B\u{dc}CHER.example",
            "andre\u{301}@xn--bcher-kva.example",
        ];
        let verdicts = owner.verdicts(&forms, "Viewer").await;
        assert_eq!(verdicts[0], verdicts[1]);
        // Dots and plus signs belong to the mailbox.
        let verdicts = owner
            .verdicts(
                &["a.b@example.org", "ab@example.org", "ab+x@example.org"],
                "Viewer",
            )
            .await;
        assert!(
            verdicts
                .iter()
                .all(|v| matches!(v, Verdict::Invited { .. }))
        );
        assert_eq!(owner.counts().await.pending, 4);
    }

    async fn the_same_key_twice_sends_one_mail_and_gives_the_same_answer(world: World) {
        let owner = world.owner().await;
        let order = owner
            .order(&["amara@example.org", "nonsense"], "Viewer")
            .await;
        let first = owner.send(order.clone()).await.unwrap();
        world.deliver().await;
        let before = world.database.dump().await;
        assert_eq!(owner.send(order.clone()).await.unwrap(), first);
        assert_eq!(world.database.dump().await, before);

        let mut other = order.clone();
        other.addresses = vec!["ben@example.org".into()];
        let told = owner.send(other).await;
        assert!(matches!(told, Err(Failure::Reused)), "{told:?}");
        assert_eq!(world.database.dump().await, before);
        assert_eq!(world.smtp.taken().len(), 1);

        // Another person's key is another key.
        let admin = owner.enrol("Mira Holm", "mira@example.org", "Admin").await;
        let answer = admin.send(order).await.unwrap();
        assert!(
            matches!(answer[0].verdict, Verdict::Pending { .. }),
            "{answer:?}"
        );
    }

    async fn a_double_click_has_one_effect(world: World) {
        let owner = world.owner().await.0;
        let order = owner.order(&["amara@example.org"], "Viewer").await;
        let mut clicks = JoinSet::new();
        for _ in 0..6 {
            let (owner, order) = (owner.clone(), order.clone());
            clicks.spawn(async move { owner.send(order).await.unwrap() });
        }
        let answers = clicks.join_all().await;
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(
            (
                world.count("outbox").await,
                world.count("invitations").await
            ),
            (1, 1)
        );
    }

    async fn a_wrong_form_is_told_by_its_field_and_sends_nothing(world: World) {
        let owner = world.owner().await;
        let good = owner.order(&["amara@example.org"], "Viewer").await;
        let before = world.database.dump().await;
        let wrong = |change: &dyn Fn(&mut rolecall_shared::invitation::InviteRequest)| {
            let mut order = good.clone();
            change(&mut order);
            order
        };
        for (order, field) in [
            (wrong(&|o| o.idempotency_key.clear()), "idempotency_key"),
            (
                wrong(&|o| o.idempotency_key = "k".repeat(65)),
                "idempotency_key",
            ),
            (wrong(&|o| o.addresses.clear()), "addresses"),
            (
                wrong(&|o| o.addresses = vec!["a@example.org".into(); 501]),
                "addresses",
            ),
            (wrong(&|o| o.hours = 0), "hours"),
            (wrong(&|o| o.hours = 721), "hours"),
            (wrong(&|o| o.note = "x".repeat(501)), "note"),
        ] {
            assert_eq!(owner.send(order).await.wrong_field().0, field);
        }
        let nowhere = Uuid::from_bytes([9; 16]);
        let order = wrong(&|o| o.role = RoleId(nowhere));
        assert_eq!(owner.send(order).await.not_found(), "role");
        let order = wrong(&|o| o.groups = vec![GroupId(nowhere)]);
        assert_eq!(owner.send(order).await.not_found(), "group");
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_group_named_twice_is_given_once(world: World) {
        let owner = world.owner().await;
        let group = owner.add_group("Finance", "billing:view").await;
        let mut order = owner.order(&["amara@example.org"], "Viewer").await;
        order.groups = vec![group, group];
        owner.send(order).await.unwrap();
        let row = owner.newest_row().await;
        assert_eq!(row.groups.len(), 1);
    }

    async fn a_group_that_is_deleted_meanwhile_drops_out_of_the_invitation(world: World) {
        let owner = world.owner().await;
        let group = owner.add_group("Finance", "billing:view").await;
        let mut order = owner.order(&["amara@example.org"], "Viewer").await;
        order.groups = vec![group];
        owner.send(order).await.unwrap();
        let holder = world.invited("amara@example.org").await;
        world
            .database
            .change("DELETE FROM acl_groups WHERE id = $1", &[group.into()])
            .await;
        holder.joins("Amara").await.unwrap();
        assert!(
            owner
                .member("amara@example.org")
                .await
                .unwrap()
                .groups
                .is_empty()
        );
    }

    async fn inviting_again_with_other_groups_or_overrides_drops_nothing_silently(world: World) {
        let owner = world.owner().await;
        let finance = owner.add_group("Finance", "billing:view").await;
        let shop = owner.project("Storefront").await;
        let amara = "amara@example.org";
        let mut order = owner.order(&[amara], "Viewer").await;
        order.groups = vec![finance];
        let ask = async |change: &dyn Fn(&mut InviteRequest)| {
            let mut order = owner.order(&[amara], "Viewer").await;
            change(&mut order);
            owner.send(order).await.unwrap().remove(0).verdict
        };
        let over = |names: &[&str]| InviteOverride {
            project: shop,
            permissions: names.iter().map(|&name| name.to_owned()).collect(),
        };
        let Verdict::Invited { id, .. } = owner.send(order).await.unwrap().remove(0).verdict else {
            panic!("not invited")
        };
        let (same, other) = (
            Verdict::Pending { id, version: 1 },
            Verdict::OtherGrant { id, version: 1 },
        );
        assert_eq!(ask(&|order| order.groups = vec![finance]).await, same);
        assert_eq!(ask(&|_| ()).await, other, "fewer groups");
        let with_override = |order: &mut InviteRequest| {
            order.groups = vec![finance];
            order.overrides = vec![over(&["instances:view"])];
        };
        assert_eq!(ask(&with_override).await, other, "a project more");
        assert_eq!(owner.row(id).await.version, 1, "nothing was changed");

        // The way out: what was chosen becomes what the waiting invitation gives.
        let earlier = world.invited(amara).await;
        let change = InvitationChange {
            role: owner.role("Viewer").await,
            groups: Some(vec![finance]),
            overrides: Some(vec![over(&["instances:view"])]),
        };
        owner.change(id, 1, change.clone()).await.unwrap();
        assert!(matches!(
            earlier.opens().await.ended(),
            Ended::Replaced { .. }
        ));
        let (action, _, detail) = owner.last_entry().await;
        assert_eq!(action, "invitation.changed");
        assert_eq!(detail["before"]["overrides"], serde_json::json!([]));
        assert_eq!(detail["after"]["groups"], serde_json::json!(["Finance"]));
        assert_eq!(
            detail["after"]["overrides"][0]["permissions"],
            serde_json::json!(["instances:view"])
        );
        let version = owner.row(id).await.version;
        assert_eq!(ask(&with_override).await, Verdict::Pending { id, version });
        let told = owner.change(id, version, change).await.conflict();
        assert!(told.contains("gives this already"), "{told}");

        // From the row menu: the groups go, what holds in projects stays.
        let change = InvitationChange {
            role: owner.role("Viewer").await,
            groups: Some(Vec::new()),
            overrides: None,
        };
        owner.change(id, version, change).await.unwrap();
        assert!(owner.row(id).await.groups.is_empty());
        world.invited(amara).await.joins("Amara").await.unwrap();
        let joined = owner.member(amara).await.unwrap();
        assert!(joined.groups.is_empty());
        assert!(owner.person_in(shop, amara).await.over.is_some());
    }

    async fn changing_what_an_invitation_gives_has_the_same_boundary(world: World) {
        let owner = world.owner_of("workshop").await;
        let strong = owner.add_group("Strong", "billing:view").await;
        let helper = owner.enrol("Mira Holm", "mira@example.org", "Helper").await;
        let id = owner.invite("amara@example.org", "Guest").await;
        let change = InvitationChange {
            role: helper.role("Guest").await,
            groups: Some(vec![strong]),
            overrides: None,
        };
        let lacking = helper.change(id, 1, change).await.beyond_own();
        assert!(lacking.contains(&"billing:view".to_owned()), "{lacking:?}");
        assert!(owner.row(id).await.groups.is_empty());
    }
}
