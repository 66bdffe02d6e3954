//! The outbox against a real mail server that misbehaves (R-23, F5–F7).

use std::time::Duration;

use chrono::TimeDelta;
use rolecall_shared::{
    InvitationId,
    invitation::{Delivery, InvitationStatus},
};

use crate::support::{World, actors::Owner, both, smtp::Manner};

const AMARA: &str = "amara@example.org";

/// Moves the clock to the next try and carries what is due.
async fn next_try(world: &World, owner: &Owner, id: InvitationId) {
    let Delivery::Retrying { next_at, .. } = owner.row(id).await.delivery else {
        panic!("nothing to try again: {:?}", owner.row(id).await.delivery)
    };
    world.advance(TimeDelta::microseconds(next_at.0 - world.now().0));
    world.deliver().await;
}

/// How many queued, sent, failed or dropped mails still have a body.
async fn bodies(world: &World, status: &str) -> i64 {
    let sql = "SELECT count(*) FROM outbox WHERE status = $1 AND sealed IS NOT NULL";
    world.database.number(sql, &[status.into()]).await
}

both! {
    async fn while_the_mail_server_is_down_mail_waits_and_is_then_delivered_once(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        world.smtp.goes_down().await;
        world.deliver().await;
        let row = owner.row(id).await;
        assert_eq!(
            row.status,
            InvitationStatus::Pending,
            "a failed send is no failed invitation"
        );
        let Delivery::Retrying { reason, next_at } = row.delivery else {
            panic!("{:?}", row.delivery)
        };
        assert_eq!(reason, "The mail server could not be reached.");
        let wait = next_at.0 - world.now().0;
        assert!(
            (2_000_000..=2_500_000).contains(&wait),
            "two seconds and a bit: {wait}"
        );
        assert_eq!(bodies(&world, "queued").await, 1);

        // Nothing happens before its time; waits double.
        world.deliver().await;
        assert_eq!(owner.deliveries(id).await.unwrap()[0].attempts, 1);
        next_try(&world, &owner, id).await;
        let Delivery::Retrying { next_at, .. } = owner.row(id).await.delivery else {
            panic!()
        };
        assert!((4_000_000..=5_000_000).contains(&(next_at.0 - world.now().0)));

        world.smtp.comes_up();
        next_try(&world, &owner, id).await;
        world.advance(TimeDelta::hours(1));
        world.deliver().await;
        assert_eq!(world.smtp.taken().len(), 1);
        let mail = owner.deliveries(id).await.unwrap().remove(0);
        assert_eq!((mail.attempts, mail.to.as_str()), (3, AMARA));
        assert!(matches!(mail.delivery, Delivery::Sent { .. }));
        assert_eq!(bodies(&world, "sent").await, 0);
        world.invited(AMARA).await.joins("Amara").await.unwrap();
    }

    async fn a_server_that_asks_to_come_back_is_asked_again(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        world
            .smtp
            .behaves(Manner::Refuses("451 4.7.1 greylisted, come back"));
        world.deliver().await;
        let delivery = owner.row(id).await.delivery;
        assert!(
            matches!(&delivery, Delivery::Retrying { reason, .. } if reason.contains("451 4.7.1 greylisted")),
            "{delivery:?}"
        );
        world.smtp.behaves(Manner::Takes);
        next_try(&world, &owner, id).await;
        assert!(matches!(
            owner.row(id).await.delivery,
            Delivery::Sent { .. }
        ));
        assert_eq!(world.smtp.taken().len(), 1);
    }

    async fn a_refused_recipient_is_given_up_where_everybody_sees_it(world: World) {
        let owner = world.owner().await;
        world
            .smtp
            .behaves_to(AMARA, Manner::Refuses("550 5.1.1 no such user here"));
        let id = owner.invite(AMARA, "Viewer").await;
        let other = owner.invite("ben@example.org", "Viewer").await;
        world.deliver().await;
        let row = owner.row(id).await;
        assert!(
            matches!(&row.delivery, Delivery::Failed { reason } if reason.contains("550 5.1.1 no such user")),
            "{:?}",
            row.delivery
        );
        assert_eq!(row.status, InvitationStatus::Pending);
        assert!(
            matches!(owner.row(other).await.delivery, Delivery::Sent { .. }),
            "others are not held up"
        );
        assert_eq!(bodies(&world, "failed").await, 0);
        // Given up is given up; a resend is a new mail.
        world.advance(TimeDelta::days(1));
        world.deliver().await;
        assert_eq!(owner.deliveries(id).await.unwrap()[0].attempts, 1);
        world.smtp.behaves_to(AMARA, Manner::Takes);
        owner.resend(id, row.version).await.unwrap();
        world.deliver().await;
        assert!(matches!(
            owner.row(id).await.delivery,
            Delivery::Sent { .. }
        ));
    }

    async fn a_connection_lost_before_the_answer_makes_a_second_copy_of_the_mail(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        world.smtp.behaves(Manner::HangsUpAfterTaking);
        world.deliver().await;
        assert!(matches!(
            owner.row(id).await.delivery,
            Delivery::Retrying { .. }
        ));
        world.smtp.behaves(Manner::Takes);
        next_try(&world, &owner, id).await;
        let copies = world.smtp.taken();
        assert_eq!(copies.len(), 2);
        assert_eq!(copies[0], copies[1], "the same bytes");
        assert!(copies[0].header("Message-ID").ends_with("@example.org>"));
        assert_eq!(
            copies[0].header("Message-ID"),
            copies[1].header("Message-ID")
        );
        world
            .holder(copies[0].token())
            .joins("Amara")
            .await
            .unwrap();
    }

    async fn a_worker_that_dies_leaves_its_mail_to_the_next_when_the_lease_ends(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        world.smtp.behaves(Manner::FallsSilentAfterTaking);
        let died = tokio::time::timeout(Duration::from_millis(400), world.worker().round()).await;
        assert!(died.is_err(), "killed between sending and writing down");
        world.smtp.behaves(Manner::Takes);
        world.deliver().await;
        world.advance(TimeDelta::minutes(5) - TimeDelta::microseconds(1));
        world.deliver().await;
        assert_eq!(world.smtp.taken().len(), 1, "the lease still holds");
        world.advance(TimeDelta::microseconds(1));
        world.deliver().await;
        let copies = world.smtp.taken();
        assert_eq!((copies.len(), &copies[0]), (2, &copies[1]));
        assert!(matches!(
            owner.row(id).await.delivery,
            Delivery::Sent { .. }
        ));
        assert_eq!(owner.deliveries(id).await.unwrap()[0].attempts, 2);
    }

    async fn what_ended_or_was_replaced_before_sending_is_dropped(world: World) {
        let owner = world.owner().await;
        let revoked = owner.invite("revoked@example.org", "Viewer").await;
        owner.revoke(revoked, 1).await.unwrap();
        let mut short = owner.order(&["expired@example.org"], "Viewer").await;
        short.hours = 1;
        owner.send(short).await.unwrap();
        world.advance(TimeDelta::hours(1));
        let replaced = owner.invite("replaced@example.org", "Viewer").await;
        owner.resend(replaced, 1).await.unwrap();
        world.deliver().await;

        let mut to: Vec<_> = world.smtp.taken().into_iter().map(|mail| mail.to).collect();
        to.sort();
        assert_eq!(to, ["Ana.Ruiz@example.org", "replaced@example.org"], "one is told what expired");
        assert_eq!(owner.row(revoked).await.delivery, Delivery::Dropped);
        let mails = owner.deliveries(replaced).await.unwrap();
        let states: Vec<_> = mails.into_iter().map(|mail| mail.delivery).collect();
        let sent = Delivery::Sent { at: world.now() };
        assert!(
            states == [Delivery::Dropped, sent.clone()] || states == [sent, Delivery::Dropped],
            "{states:?}"
        );
        assert_eq!(bodies(&world, "dropped").await, 0);
        world
            .invited("replaced@example.org")
            .await
            .joins("Somebody")
            .await
            .unwrap();
    }

    async fn a_mail_that_can_not_be_delivered_for_two_days_is_given_up(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        world.smtp.goes_down().await;
        world.deliver().await;
        let mut tries = 1;
        while matches!(owner.row(id).await.delivery, Delivery::Retrying { .. }) {
            let before = world.now();
            next_try(&world, &owner, id).await;
            let waited = world.now().0 - before.0;
            assert!(
                waited <= 19 * 60 * 1_000_000,
                "at most a quarter of an hour and a bit: {waited}"
            );
            tries += 1;
            assert!(tries < 300, "it never ends");
        }
        assert!(matches!(
            owner.row(id).await.delivery,
            Delivery::Failed { .. }
        ));
        assert_eq!(bodies(&world, "failed").await, 0);
    }
}
