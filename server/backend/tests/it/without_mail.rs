//! An installation without a mail server: links are handed over by people.

use rolecall_backend::service::acceptance::{CodeStep, Ended, Who};
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
        assert!(matches!(
            first.joins("Amara").await.ended(),
            Ended::Replaced { .. }
        ));
        owner.hands_over(id).await.joins("Amara").await.unwrap();
        assert_eq!(owner.member(AMARA).await.unwrap().role.name, "Operator");
        assert_eq!(owner.row(id).await.status, InvitationStatus::Accepted);
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
