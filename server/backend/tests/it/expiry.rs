//! Expiry: judged by the clock when it is read, written down later, the same answer in between.

use chrono::TimeDelta;
use rolecall_backend::{service::acceptance::Ended, sweeper};
use rolecall_shared::invitation::InvitationStatus::{self, Expired, Pending, Revoked};

use crate::support::{
    World,
    actors::Owner,
    answers::{Over as _, Refusal as _, open},
    both,
    holder::Holder,
};

const SHORT: &str = "short@example.org";
const LONG: &str = "long@example.org";

/// One invitation for an hour and one for 72.
async fn two(world: &World, owner: &Owner) -> (Holder, Holder) {
    let mut order = owner.order(&[SHORT], "Viewer").await;
    order.hours = 1;
    owner.send(order).await.unwrap();
    owner.invite(LONG, "Viewer").await;
    (world.invited(SHORT).await, world.invited(LONG).await)
}

/// What every place says while the short one is over and the long one waits.
async fn agree(world: &World, owner: &Owner, short: &Holder) {
    assert_eq!(owner.with_status(Expired).await, [SHORT]);
    assert_eq!(owner.with_status(Pending).await, [LONG]);
    assert_eq!(owner.counts().await.pending, 1);
    let rows = owner.rows().await;
    let status = |email: &str| rows.iter().find(|row| row.email == email).unwrap().status;
    assert_eq!((status(SHORT), status(LONG)), (Expired, Pending));
    let expired = Ended::Expired {
        workspace: "Northwind".into(),
        inviter_name: "Ana Ruiz".into(),
    };
    assert_eq!(short.opens().await.ended(), expired);
    assert_eq!(short.joins("Somebody").await.ended(), expired);
    assert_eq!(short.declines().await.ended(), expired);
    assert_eq!(world.count("users").await, 1);
    let id = rows.iter().find(|row| row.email == SHORT).unwrap();
    let told = owner.revoke(id.id, id.version).await.conflict();
    assert!(told.contains("has expired"), "{told}");
}

both! {
    async fn an_invitation_is_over_at_the_exact_moment(world: World) {
        let owner = world.owner().await;
        let (short, _) = two(&world, &owner).await;
        world.advance(TimeDelta::hours(1) - TimeDelta::microseconds(1));
        open(short.opens().await);
        assert_eq!(owner.with_status(Pending).await, [LONG, SHORT]);
        sweeper::sweep(&world.app).await.unwrap();
        assert!(owner.with_status(Expired).await.is_empty());
        world.advance(TimeDelta::microseconds(1));
        agree(&world, &owner, &short).await;
    }

    async fn list_filter_counts_and_link_agree_before_and_after_the_sweeper(world: World) {
        let owner = world.owner().await;
        let (short, long) = two(&world, &owner).await;
        let due = world.clock.now() + TimeDelta::hours(1);
        world.advance(TimeDelta::hours(5));
        agree(&world, &owner, &short).await;
        let stored = "SELECT status FROM invitations ORDER BY email";
        assert_eq!(
            world.database.texts(stored, &[]).await,
            ["pending", "pending"]
        );

        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(
            world.database.texts(stored, &[]).await,
            ["pending", "expired"]
        );
        agree(&world, &owner, &short).await;
        // It ended when its time was over, not when that was written down.
        let row = owner.rows().await;
        let ended_at = row.iter().find(|row| row.email == SHORT).unwrap().ended_at;
        assert_eq!(ended_at, Some(rolecall_backend::clock::timestamp(due)));
        long.joins("Somebody").await.unwrap();
    }

    async fn the_sweeper_writes_one_row_of_the_trail_for_each(world: World) {
        let owner = world.owner().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        owner
            .verdicts(
                &["a@example.org", "b@example.org", "c@example.org"],
                "Viewer",
            )
            .await;
        other.invite("a@example.org", "Portal User").await;
        let revoked = owner.invite("d@example.org", "Viewer").await;
        owner.revoke(revoked, 1).await.unwrap();
        world.advance(TimeDelta::hours(72));
        for _ in 0..2 {
            sweeper::sweep(&world.app).await.unwrap();
        }
        for (owner, expected) in [
            (
                &owner,
                vec!["a@example.org", "b@example.org", "c@example.org"],
            ),
            (&other, vec!["a@example.org"]),
        ] {
            let trail = world.trail(Some(owner.workspace().await)).await;
            let rows = trail
                .iter()
                .filter(|row| row.action == "invitation.expired");
            let mut targets: Vec<_> = rows
                .inspect(|row| assert_eq!(row.actor_kind, "system"))
                .map(|row| row.target_label.as_str())
                .collect();
            targets.sort_unstable();
            assert_eq!(targets, expected);
        }
        assert_eq!(owner.with_status(Revoked).await, ["d@example.org"]);
    }

    async fn inviting_again_writes_the_expired_one_down_first(world: World) {
        let owner = world.owner().await;
        let first = owner.invite(LONG, "Viewer").await;
        world.advance(TimeDelta::hours(72));
        let second = owner.invite(LONG, "Viewer").await;
        assert_ne!(first, second);
        assert_eq!(owner.row(first).await.status, InvitationStatus::Expired);
        let actions = owner.actions().await;
        assert_eq!(
            actions[2..],
            [
                "invitation.expired".to_owned(),
                "invitation.created".to_owned()
            ]
        );
        // Time ended it, not the person who invited again.
        let trail = world.trail(Some(owner.workspace().await)).await;
        let kinds: Vec<_> = trail[2..].iter().map(|row| row.actor_kind.as_str()).collect();
        assert_eq!(kinds, ["system", "user"]);
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(owner.actions().await, actions);
    }
}
