//! An installation without a mail server: links are handed over by people.

use chrono::TimeDelta;
use rolecall_backend::{
    service::acceptance::{CodeStep, Ended, Newer, Who},
    sweeper,
};
use rolecall_shared::invitation::{Delivery, InvitationPolicy, InvitationStatus, Verdict};

use crate::support::{
    World,
    answers::{Over as _, Refusal as _, open},
    both,
    mail::LINK,
    world::PASSPHRASE,
};

const AMARA: &str = "amara@example.org";

fn link(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Invited {
            link: Some(link), ..
        } => link,
        other => panic!("no link: {other:?}"),
    }
}

both! {
    async fn inviting_gives_links_that_need_no_code_and_prove_no_mailbox(world: World) {
        let world = world.without_mail();
        let owner = world.owner().await;
        assert!(!owner.options().await.unwrap().mail);
        let verdicts = owner.verdicts(&[AMARA, "ben@example.org"], "Viewer").await;
        let token = link(&verdicts[0]).strip_prefix(LINK).unwrap();
        assert_ne!(link(&verdicts[0]), link(&verdicts[1]));
        assert_eq!(world.count("outbox").await, 0);
        let rows = owner.rows().await;
        assert!(rows.iter().all(|row| row.delivery == Delivery::None));

        let holder = world.holder(token);
        assert_eq!(
            open(holder.opens().await).1,
            Who::Either {
                code: CodeStep::NotNeeded
            }
        );
        assert!(
            holder
                .asks_for_a_code()
                .await
                .conflict()
                .contains("needs no code")
        );
        let session = holder
            .joins("Amara")
            .await
            .unwrap()
            .signed_in
            .unwrap()
            .session;
        assert!(!session.email_verified);
        assert!(owner.member(AMARA).await.is_some());
        assert_eq!(world.count("outbox").await, 0, "nobody can be told by mail");

        // Once there is a mail server, the unproven account needs a mailed link elsewhere.
        let world = world.another_instance().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let id = other.invite(AMARA, "Portal User").await;
        let copied = other.hands_over(id).await;
        let (field, told) = copied.joins_with_password(PASSPHRASE).await.wrong_field();
        assert!(
            field == "password" && told.contains("invitation mail"),
            "{told}"
        );
        let joined = world
            .invited(AMARA)
            .await
            .joins_with_password(PASSPHRASE)
            .await
            .unwrap();
        assert!(!joined.already_member);
        assert!(
            joined.signed_in.unwrap().session.email_verified,
            "the session that opens knows the proof"
        );
        assert!(
            world.session_of(AMARA).await.email_verified,
            "the mailed link was the proof"
        );
        world.app.store().close().await;
    }

    async fn with_copying_switched_off_nobody_can_be_invited(world: World) {
        let world = world.without_mail();
        let owner = world.owner().await;
        let policy = InvitationPolicy {
            copy_link: false,
            hours: 72,
            allowed_domains: Vec::new(),
        };
        owner.set_policy(policy).await.unwrap();
        let order = owner.order(&[AMARA], "Viewer").await;
        let told = owner.send(order).await.conflict();
        assert!(
            told.contains("No mail server") && told.contains("switched off"),
            "{told}"
        );
        assert_eq!(world.count("invitations").await, 0);
    }

    async fn links_can_be_copied_again_roles_changed_and_mail_not_sent(world: World) {
        let world = world.without_mail();
        let owner = world.owner().await;
        let verdicts = owner.verdicts(&[AMARA], "Viewer").await;
        let first = world.holder(link(&verdicts[0]).strip_prefix(LINK).unwrap());
        let id = owner.newest_row().await.id;
        assert!(
            owner
                .resend(id, 1)
                .await
                .conflict()
                .contains("No mail server")
        );
        owner
            .change_role(id, 1, owner.role("Operator").await)
            .await
            .unwrap();
        let newer = async || match first.opens().await.ended() {
            Ended::Replaced { newer, .. } => newer,
            other => panic!("{other:?}"),
        };
        first.joins("Amara").await.ended();
        assert_eq!(newer().await, Newer::Unsent, "nobody has a link");
        world.advance(chrono::TimeDelta::seconds(1));
        let handed = owner.hands_over(id).await;
        assert_eq!(newer().await, Newer::Copied);
        handed.joins("Amara").await.unwrap();
        assert_eq!(owner.member(AMARA).await.unwrap().role.name, "Operator");
        assert_eq!(owner.row(id).await.status, InvitationStatus::Accepted);
    }

    async fn copying_a_new_link_makes_an_expired_invitation_wait_again(world: World) {
        let world = world.without_mail();
        let owner = world.owner().await;
        let mut order = owner.order(&[AMARA], "Viewer").await;
        order.hours = 5;
        let verdict = owner.send(order).await.unwrap().remove(0).verdict;
        let first = world.holder(link(&verdict).strip_prefix(LINK).unwrap());
        let id = owner.newest_row().await.id;
        // Just over, and over for so long that it is written down.
        for swept in [false, true] {
            world.advance(TimeDelta::hours(5));
            if swept {
                sweeper::sweep(&world.app).await.unwrap();
            }
            assert_eq!(owner.row(id).await.status, InvitationStatus::Expired);
            open(owner.hands_over(id).await.opens().await);
            let row = owner.row(id).await;
            assert_eq!(row.status, InvitationStatus::Pending);
            let validity = row.expires_at.0 - world.now().0;
            assert_eq!(validity, 5 * 3_600_000_000, "the original validity");
        }
        assert!(matches!(first.opens().await.ended(), Ended::Replaced { .. }));
        let row = world.trail(Some(owner.workspace().await)).await.pop().unwrap();
        assert_eq!(row.action, "invitation.link_copied");
        assert!(row.detail.contains("\"renewed\":true"), "{}", row.detail);
        // Copying again renews nothing: it waits already.
        world.advance(TimeDelta::hours(1));
        let expires_at = owner.row(id).await.expires_at;
        let newest = owner.hands_over(id).await;
        assert_eq!(owner.row(id).await.expires_at, expires_at);
        newest.joins("Amara").await.unwrap();
        let told = owner.copy_link(id).await.conflict();
        assert!(told.contains("was accepted"), "{told}");
    }

    async fn an_expired_invitation_stays_so_while_a_newer_one_waits(world: World) {
        let world = world.without_mail();
        let owner = world.owner().await;
        let old = owner.invite(AMARA, "Viewer").await;
        world.advance(TimeDelta::hours(72));
        owner.invite(AMARA, "Viewer").await;
        let told = owner.copy_link(old).await.conflict();
        assert!(told.contains("newer invitation"), "{told}");
    }

    async fn copying_a_new_link_approves_what_its_inviter_can_not_give_any_more(world: World) {
        let world = world.without_mail();
        let owner = world.owner_of("workshop").await;
        let mira = owner.enrol("Mira Holm", "mira@example.org", "Boss").await;
        let id = mira.invite(AMARA, "Boss").await;
        owner.give_role("mira@example.org", "Helper").await;
        assert!(owner.row(id).await.needs_approval);
        mira.copy_link(id).await.beyond_own();
        let holder = owner.hands_over(id).await;
        let row = owner.row(id).await;
        assert_eq!(
            (row.needs_approval, row.inviter.as_str()),
            (false, "Ana Ruiz")
        );
        holder.joins("Amara").await.unwrap();
        let amara = owner.member(AMARA).await.unwrap();
        assert_eq!(amara.invited_by.as_deref(), Some("Ana Ruiz"));
    }

    async fn declining_works_with_the_handed_over_link(world: World) {
        let world = world.without_mail();
        let owner = world.owner().await;
        let verdicts = owner.verdicts(&[AMARA], "Viewer").await;
        world
            .holder(link(&verdicts[0]).strip_prefix(LINK).unwrap())
            .declines()
            .await
            .unwrap();
        assert_eq!(owner.with_status(InvitationStatus::Declined).await, [AMARA]);
    }
}
