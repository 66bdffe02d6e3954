//! Sending again and changing the role: the same invitation, a new link (R-06, R-08, R-10).

use chrono::TimeDelta;
use rolecall_backend::service::acceptance::{Ended, Newer};
use rolecall_shared::invitation::{Delivery, InvitationStatus, Verdict};

use crate::support::{
    World,
    answers::{Over as _, Refusal as _, open},
    both,
};

const AMARA: &str = "amara@example.org";

both! {
    async fn an_older_link_says_when_a_newer_one_was_sent(world: World) {
        let owner = world.owner().await;
        let group = owner.add_group("Finance", "billing:view").await;
        let mut order = owner.order(&[AMARA], "Operator").await;
        (order.groups, order.hours, order.note) = (vec![group], 24, "Hello".into());
        owner.send(order).await.unwrap();
        let first = owner.newest_row().await;
        let earlier = world.invited(AMARA).await;

        world.advance(TimeDelta::hours(20));
        owner.resend(first.id, first.version).await.unwrap();
        let newer = world.invited(AMARA).await;
        assert_ne!(earlier.token, newer.token);
        let replaced = Ended::Replaced {
            workspace: "Northwind".into(),
            inviter_name: "Ana Ruiz".into(),
            newer_at: world.now(),
            newer: Newer::Mailed,
        };
        assert_eq!(earlier.opens().await.ended(), replaced);
        assert_eq!(earlier.joins("Amara").await.ended(), replaced);
        assert_eq!(earlier.declines().await.ended(), replaced);

        // The same row with its groups and its note, and the original time again.
        assert_eq!(world.count("invitations").await, 1);
        let row = owner.row(first.id).await;
        assert_eq!((&row.groups, &row.role), (&first.groups, &first.role));
        assert_eq!(
            (row.sent_at, row.expires_at),
            (world.now(), world.now().plus_seconds(24 * 3_600))
        );
        assert!(row.version > first.version);
        let mail = world.mail_for(AMARA, "Ana Ruiz invited you").await.text();
        assert!(
            mail.contains("replaces an earlier one") && mail.contains("Hello"),
            "{mail}"
        );
        let mails = owner.deliveries(first.id).await.unwrap();
        assert_eq!(mails.len(), 2);
        assert!(
            mails
                .iter()
                .all(|m| matches!(m.delivery, Delivery::Sent { .. }) && m.to == AMARA)
        );

        newer.joins("Amara").await.unwrap();
        let amara = owner.member(AMARA).await.unwrap();
        assert_eq!(
            (amara.role.name.as_str(), amara.groups[0].name.as_str()),
            ("Operator", "Finance")
        );
        assert_eq!(
            owner.actions().await[1..3],
            [
                "invitation.created".to_owned(),
                "invitation.resent".to_owned()
            ]
        );
        // Once it is over, the older link says how it ended.
        assert!(matches!(
            earlier.opens().await.ended(),
            Ended::Accepted { .. }
        ));
    }

    async fn an_expired_invitation_can_be_sent_again_and_an_ended_one_can_not(world: World) {
        let owner = world.owner().await;
        for (email, sweep) in [("swept@example.org", true), ("unswept@example.org", false)] {
            let id = owner.invite(email, "Viewer").await;
            let earlier = world.invited(email).await;
            world.advance(TimeDelta::hours(73));
            if sweep {
                rolecall_backend::sweeper::sweep(&world.app).await.unwrap();
            }
            owner.resend(id, owner.row(id).await.version).await.unwrap();
            let row = owner.row(id).await;
            assert_eq!(
                (row.status, row.ended_at),
                (InvitationStatus::Pending, None)
            );
            assert_eq!(row.expires_at, world.now().plus_seconds(72 * 3_600));
            assert!(matches!(
                earlier.opens().await.ended(),
                Ended::Replaced { .. }
            ));
            world.invited(email).await.joins("Somebody").await.unwrap();
            let told = owner
                .resend(id, owner.row(id).await.version)
                .await
                .conflict();
            assert!(told.contains("accepted"), "{told}");
        }
        let revoked = owner.invite("revoked@example.org", "Viewer").await;
        owner.revoke(revoked, 1).await.unwrap();
        let declined = owner.invite("declined@example.org", "Viewer").await;
        world
            .invited("declined@example.org")
            .await
            .declines()
            .await
            .unwrap();
        for (id, word) in [(revoked, "revoked"), (declined, "declined")] {
            let version = owner.row(id).await.version;
            for told in [
                owner.resend(id, version).await.conflict(),
                owner.revoke(id, version).await.conflict(),
                owner
                    .change_role(id, version, owner.role("Admin").await)
                    .await
                    .conflict(),
            ] {
                assert!(told.contains(word), "{told}");
            }
        }
    }

    async fn an_expired_one_can_not_be_sent_again_while_a_newer_one_waits(world: World) {
        let owner = world.owner().await;
        let earlier = owner.invite(AMARA, "Viewer").await;
        world.advance(TimeDelta::hours(72));
        let newer = owner.invite(AMARA, "Operator").await;
        let told = owner
            .resend(earlier, owner.row(earlier).await.version)
            .await
            .conflict();
        assert!(told.contains("newer invitation"), "{told}");
        assert_eq!(owner.row(earlier).await.status, InvitationStatus::Expired);
        world.invited(AMARA).await.joins("Amara").await.unwrap();
        assert_eq!(owner.row(newer).await.status, InvitationStatus::Accepted);
    }

    async fn changing_the_role_replaces_the_link(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let earlier = world.invited(AMARA).await;
        let expires_at = owner.row(id).await.expires_at;
        world.advance(TimeDelta::hours(1));
        owner
            .change_role(id, 1, owner.role("Operator").await)
            .await
            .unwrap();
        assert!(
            matches!(earlier.opens().await.ended(), Ended::Replaced { newer_at, .. } if newer_at == world.now())
        );
        let row = owner.row(id).await;
        assert_eq!(
            (row.role.name.as_str(), row.expires_at),
            ("Operator", expires_at)
        );
        let newer = world.invited(AMARA).await;
        assert_eq!(open(newer.opens().await).0.role, "Operator");
        newer.joins("Amara").await.unwrap();
        assert_eq!(owner.member(AMARA).await.unwrap().role.name, "Operator");
        let trail = world.trail(Some(owner.workspace().await)).await;
        let row = trail
            .iter()
            .find(|r| r.action == "invitation.changed")
            .unwrap();
        let given = |role| format!(r#"{{"groups":[],"overrides":[],"role":"{role}"}}"#);
        assert_eq!(
            row.detail,
            format!(
                r#"{{"after":{},"before":{}}}"#,
                given("Operator"),
                given("Viewer")
            )
        );
    }

    async fn a_stale_version_is_told_and_changes_nothing(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        owner.resend(id, 1).await.unwrap();
        let before = world.database.dump().await;
        let role = owner.role("Operator").await;
        for told in [
            owner.resend(id, 1).await.conflict(),
            owner.revoke(id, 1).await.conflict(),
            owner.change_role(id, 1, role).await.conflict(),
            owner.resend(id, 99).await.conflict(),
        ] {
            assert!(told.contains("changed a moment ago"), "{told}");
        }
        let told = owner
            .change_role(id, 2, owner.role("Viewer").await)
            .await
            .conflict();
        assert!(told.contains("already"), "{told}");
        assert_eq!(world.database.dump().await, before);
    }

    async fn revoking_kills_the_link_at_once_and_once_only(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = world.invited(AMARA).await;
        let copied = owner.hands_over(id).await;
        owner.revoke(id, 1).await.unwrap();
        let revoked = Ended::Revoked {
            workspace: "Northwind".into(),
            inviter_name: "Ana Ruiz".into(),
        };
        for holder in [&holder, &copied] {
            assert_eq!(holder.opens().await.ended(), revoked);
            assert_eq!(holder.joins("Amara").await.ended(), revoked);
            assert_eq!(holder.declines().await.ended(), revoked);
        }
        owner.revoke(id, 1).await.conflict();
        let told = owner
            .revoke(id, owner.row(id).await.version)
            .await
            .conflict();
        assert!(told.contains("was revoked"), "{told}");
        let revocations = owner
            .actions()
            .await
            .iter()
            .filter(|a| *a == "invitation.revoked")
            .count();
        assert_eq!((revocations, owner.counts().await.pending), (1, 0));
        // Inviting again is a new invitation; the dead links stay dead.
        owner.invite(AMARA, "Viewer").await;
        assert_eq!(holder.opens().await.ended(), revoked);
        world.invited(AMARA).await.joins("Amara").await.unwrap();
    }

    async fn changing_what_an_invitation_gives_is_a_mail_like_the_others(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let (viewer, operator) = (owner.role("Viewer").await, owner.role("Operator").await);
        for version in 1..=10 {
            let role = if version % 2 == 1 { operator } else { viewer };
            owner.change_role(id, version, role).await.unwrap();
        }
        let before = world.database.dump().await;
        let (wait, told) = owner.change_role(id, 11, operator).await.too_many();
        assert!(told.contains("10 mails a day"), "{told}");
        owner.resend(id, 11).await.too_many();
        assert_eq!(world.database.dump().await, before);
        world.advance(TimeDelta::seconds(wait.into()));
        owner.change_role(id, 11, operator).await.unwrap();
    }

    async fn one_address_gets_only_so_many_mails_a_day_whoever_has_them_sent(world: World) {
        let owner = world.owner().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let ours = owner.invite(AMARA, "Viewer").await;
        let theirs = other.invite(AMARA, "Portal User").await;
        for version in 1..=10 {
            owner.resend(ours, version).await.unwrap();
            other.resend(theirs, version).await.unwrap();
        }
        // Two invitations and twenty mails so far; a third one starts a budget of its own.
        owner.revoke(ours, 11).await.unwrap();
        let third = owner.invite(AMARA, "Viewer").await;
        for version in 1..=2 {
            owner.resend(third, version).await.unwrap();
        }
        let before = world.database.dump().await;
        let operator = owner.role("Operator").await;
        for refused in [
            owner.resend(third, 3).await,
            owner.change_role(third, 3, operator).await,
        ] {
            let (_, told) = refused.too_many();
            assert!(told.contains("25 mails a day to one address"), "{told}");
        }
        assert_eq!(world.database.dump().await, before);
        // The mail of an order is a verdict of its own; other addresses are not touched.
        owner.revoke(third, 3).await.unwrap();
        let verdicts = owner.verdicts(&[AMARA, "ben@example.org"], "Viewer").await;
        let [Verdict::Limited { reason }, Verdict::Invited { .. }] = &verdicts[..] else {
            panic!("{verdicts:?}")
        };
        assert!(reason.contains("25 mails a day to one address"), "{reason}");
        world.advance(TimeDelta::days(1));
        owner.invite(AMARA, "Viewer").await;
    }

    async fn mails_for_one_invitation_have_a_limit_a_day(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        for version in 1..=10 {
            owner.resend(id, version).await.unwrap();
        }
        let before = world.database.dump().await;
        let (wait, told) = owner.resend(id, 11).await.too_many();
        assert!(told.contains("10 mails a day"), "{told}");
        assert_eq!(world.database.dump().await, before);
        world.advance(TimeDelta::seconds(wait.into()));
        owner.resend(id, 11).await.unwrap();
    }
}
