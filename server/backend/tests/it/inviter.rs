//! Inviters who lose their rights: what they sent waits for somebody who still has them (R-18).

use std::time::Duration;

use rolecall_backend::service::acceptance::Ended;
use rolecall_shared::invitation::InvitationStatus;

use crate::support::{
    World,
    actors::{Colleague, Owner},
    answers::{Over as _, Refusal as _, open},
    both,
    holder::Holder,
};

const MIRA: &str = "mira@example.org";
const AMARA: &str = "amara@example.org";

/// A workshop in which Mira, a boss, has invited Amara as a boss.
async fn mira_invites_a_boss(world: &World) -> (Owner, Colleague, Holder) {
    let owner = world.owner_of("workshop").await;
    let mira = owner.enrol("Mira Holm", MIRA, "Boss").await;
    mira.invite(AMARA, "Boss").await;
    let holder = world.invited(AMARA).await;
    open(holder.opens().await);
    (owner, mira, holder)
}

/// Everything says that the invitation needs approval, nobody gets in, and the owner's resend
/// makes it work again.
async fn waits_until_an_owner_sends_it_again(world: &World, owner: &Owner, holder: &Holder) {
    let waits = Ended::NeedsApproval {
        workspace: "Northwind".into(),
        inviter_name: "Mira Holm".into(),
        may_decline: true,
    };
    assert_eq!(holder.opens().await.ended(), waits);
    assert_eq!(holder.joins("Amara").await.ended(), waits);
    assert_eq!(world.count("users").await, 2);
    let row = owner.newest_row().await;
    assert!(row.needs_approval && row.status == InvitationStatus::Pending);

    owner.resend(row.id, row.version).await.unwrap();
    let row = owner.row(row.id).await;
    assert_eq!(
        (row.needs_approval, row.inviter.as_str()),
        (false, "Ana Ruiz")
    );
    let newer = world.invited(AMARA).await;
    assert_eq!(open(newer.opens().await).0.inviter_name, "Ana Ruiz");
    assert!(matches!(
        holder.opens().await.ended(),
        Ended::Replaced { .. }
    ));
    newer.joins("Amara").await.unwrap();
    let amara = owner.member(AMARA).await.unwrap();
    assert_eq!(
        (amara.role.name.as_str(), amara.invited_by.as_deref()),
        ("Boss", Some("Ana Ruiz"))
    );
}

both! {
    async fn the_invitation_of_a_demoted_inviter_needs_approval(world: World) {
        let (owner, mira, holder) = mira_invites_a_boss(&world).await;
        owner.give_role(MIRA, "Helper").await;
        // Still in the team's management, but not above what was given.
        let row = owner.newest_row().await;
        mira.resend(row.id, row.version).await.beyond_own();
        waits_until_an_owner_sends_it_again(&world, &owner, &holder).await;
    }

    async fn the_invitation_of_a_suspended_inviter_needs_approval(world: World) {
        let (owner, _, holder) = mira_invites_a_boss(&world).await;
        owner.suspend(MIRA).await;
        waits_until_an_owner_sends_it_again(&world, &owner, &holder).await;
    }

    async fn the_invitation_of_a_removed_inviter_needs_approval(world: World) {
        let (owner, _, holder) = mira_invites_a_boss(&world).await;
        owner.remove(MIRA).await;
        // The name of then stays in the list.
        let row = owner.newest_row().await;
        assert_eq!(row.inviter, "Mira Holm");
        waits_until_an_owner_sends_it_again(&world, &owner, &holder).await;
    }

    async fn the_trail_says_who_answers_for_an_invitation_from_now_on(world: World) {
        let (owner, ..) = mira_invites_a_boss(&world).await;
        owner.suspend(MIRA).await;
        let row = owner.newest_row().await;
        owner.resend(row.id, row.version).await.unwrap();
        let told = world.trail(Some(owner.workspace().await)).await.pop().unwrap();
        assert_eq!(told.action, "invitation.resent");
        assert!(told.detail.contains(r#""answers_for_it":"Ana Ruiz <"#), "{}", told.detail);
    }

    async fn without_the_right_to_manage_the_team_even_a_small_grant_needs_approval(world: World) {
        let owner = world.owner_of("workshop").await;
        let mira = owner.enrol("Mira Holm", MIRA, "Boss").await;
        let id = mira.invite(AMARA, "Guest").await;
        let holder = world.invited(AMARA).await;
        owner.give_role(MIRA, "Guest").await;
        assert!(matches!(
            holder.opens().await.ended(),
            Ended::NeedsApproval { .. }
        ));
        assert!(owner.row(id).await.needs_approval);
        // Given the right back, nothing was lost.
        owner.give_role(MIRA, "Helper").await;
        assert!(
            matches!(holder.opens().await.ended(), Ended::NeedsApproval { .. }),
            "a helper sees no machines"
        );
        owner.give_role(MIRA, "Boss").await;
        assert!(!owner.row(id).await.needs_approval);
        holder.joins("Amara").await.unwrap();
    }

    async fn losing_a_group_is_losing_what_it_gave(world: World) {
        let owner = world.owner_of("workshop").await;
        let mira = owner.enrol("Mira Holm", MIRA, "Helper").await;
        let group = owner.add_group("Machinists", "machines:view").await;
        let sql = "INSERT INTO member_groups (member_id, group_id) VALUES ($1, $2)";
        let member = owner.member_id(MIRA).await;
        world
            .database
            .change(sql, &[member.into(), group.into()])
            .await;
        mira.invite(AMARA, "Guest").await;
        let holder = world.invited(AMARA).await;
        open(holder.opens().await);
        let until = world.clock.now() + chrono::TimeDelta::hours(1);
        let sql = "UPDATE member_groups SET expires_at = $2 WHERE member_id = $1";
        world
            .database
            .change(sql, &[member.into(), until.into()])
            .await;
        open(holder.opens().await);
        world.advance(chrono::TimeDelta::hours(1));
        assert!(matches!(
            holder.opens().await.ended(),
            Ended::NeedsApproval { .. }
        ));
        assert!(matches!(
            holder.joins("Amara").await.ended(),
            Ended::NeedsApproval { .. }
        ));
    }

    async fn an_invitation_that_needs_approval_can_be_declined(world: World) {
        let (owner, _, holder) = mira_invites_a_boss(&world).await;
        owner.give_role(MIRA, "Guest").await;
        assert_eq!(holder.declines().await.unwrap(), "Northwind");
        assert_eq!(owner.newest_row().await.status, InvitationStatus::Declined);
        assert!(matches!(
            holder.opens().await.ended(),
            Ended::Declined { .. }
        ));
    }

    async fn a_copied_link_alone_can_not_decline_what_needs_approval(world: World) {
        let (owner, _, _) = mira_invites_a_boss(&world).await;
        let amara = world.another_owner(AMARA, "Harbor", "portal").await;
        let copied = owner.hands_over(owner.newest_row().await.id).await;
        owner.give_role(MIRA, "Guest").await;
        let may_decline = |ended| match ended {
            Ended::NeedsApproval { may_decline, .. } => may_decline,
            other => panic!("{other:?}"),
        };
        assert!(!may_decline(copied.opens().await.ended()));
        copied.declines().await.conflict();
        let mut unproven = amara.0.clone();
        unproven.caller.session.email_verified = false;
        assert!(!may_decline(copied.opens_as(&unproven).await.ended()));
        copied.declines_as(&unproven).await.conflict();
        assert!(may_decline(copied.opens_as(&amara).await.ended()));
        copied.declines_as(&amara).await.unwrap();
    }

    async fn changing_the_role_answers_for_the_invitation_too(world: World) {
        let (owner, _, _) = mira_invites_a_boss(&world).await;
        owner.remove(MIRA).await;
        let row = owner.newest_row().await;
        owner
            .change_role(row.id, row.version, owner.role("Helper").await)
            .await
            .unwrap();
        world.invited(AMARA).await.joins("Amara").await.unwrap();
        assert_eq!(owner.member(AMARA).await.unwrap().role.name, "Helper");
    }

    async fn an_inviter_who_lost_the_rights_between_opening_and_joining_is_noticed(world: World) {
        let (owner, _, holder) = mira_invites_a_boss(&world).await;
        let lock = world
            .app
            .store()
            .lock(owner.workspace().await)
            .await
            .unwrap();
        let joining = tokio::spawn(async move { holder.joins("Amara").await });
        // The person waits for the lock with everything checked but what is checked under it.
        tokio::time::sleep(Duration::from_millis(400)).await;
        if world.app.store().is_shared() {
            owner.give_role(MIRA, "Guest").await;
            drop(lock);
        } else {
            // SQLite's one writer lets nobody in between; whoever is first decides.
            drop(lock);
            owner.give_role(MIRA, "Guest").await;
        }
        match joining.await.unwrap() {
            Ok(_) => {
                assert!(!world.app.store().is_shared());
                assert!(owner.member(AMARA).await.is_some());
            }
            Err(refused) => {
                let ended = Err::<(), _>(refused).ended();
                assert!(matches!(ended, Ended::NeedsApproval { .. }), "{ended:?}");
                assert!(owner.member(AMARA).await.is_none());
            }
        }
    }
}
