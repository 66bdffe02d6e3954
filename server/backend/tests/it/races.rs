//! Two people at the same moment: one wins, the other is told (F9, rule 24).

use std::{sync::Arc, time::Duration};

use rolecall_backend::service::acceptance::Ended;
use rolecall_shared::invitation::{InvitationStatus, Verdict};
use tokio::{sync::Barrier, task::JoinSet};

use crate::support::{
    World,
    actors::Person,
    answers::{Over as _, Refusal as _},
    both,
};

const AMARA: &str = "amara@example.org";

/// Starts both at the same moment.
pub async fn race<A: Send + 'static, B: Send + 'static>(
    first: impl Future<Output = A> + Send + 'static,
    second: impl Future<Output = B> + Send + 'static,
) -> (A, B) {
    let barrier = Arc::new(Barrier::new(2));
    let other = Arc::clone(&barrier);
    let first = tokio::spawn(async move {
        barrier.wait().await;
        first.await
    });
    let second = tokio::spawn(async move {
        other.wait().await;
        second.await
    });
    (first.await.unwrap(), second.await.unwrap())
}

/// Forgets who was a member and how often they were invited, for the next round.
async fn again(owner: &Person) {
    let database = &owner.world.database;
    database
        .change("DELETE FROM members WHERE email_key = $1", &[AMARA.into()])
        .await;
    database.change("DELETE FROM throttles", &[]).await;
}

/// A person with an account, who is a member of nothing yet.
async fn amara(owner: &Person) -> Person {
    let person = owner.enrol("Amara", AMARA, "Viewer").await;
    again(owner).await;
    person.0
}

both! {
    async fn accept_against_revoke_has_one_winner_in_a_hundred_races(world: World) {
        let owner = world.owner().await.0;
        let amara = amara(&owner).await;
        let mut accepted = 0;
        for round in 0..100 {
            let id = owner.invite(AMARA, "Viewer").await;
            let holder = owner.hands_over(id).await;
            let (accepting, revoking) = {
                let (amara, owner) = (amara.clone(), owner.clone());
                let accept = async move { holder.joins_as(&amara).await };
                let revoke = async move { owner.revoke(id, 1).await };
                // Who is started first differs from round to round.
                if round % 2 == 0 {
                    race(accept, revoke).await
                } else {
                    let (revoked, accepted) = race(revoke, accept).await;
                    (accepted, revoked)
                }
            };
            let joined = owner.member(AMARA).await.is_some();
            let status = owner.row(id).await.status;
            match (accepting, revoking) {
                (Ok(_), Err(told)) => {
                    assert!(joined && status == InvitationStatus::Accepted, "{status:?}");
                    Err::<(), _>(told).conflict();
                    accepted += 1;
                }
                (Err(told), Ok(())) => {
                    assert!(!joined && status == InvitationStatus::Revoked, "{status:?}");
                    let told = Err::<(), _>(told).ended();
                    assert!(matches!(told, Ended::Revoked { .. }), "{told:?}");
                }
                (accepting, revoking) => panic!("{accepting:?} and {revoking:?}"),
            }
            again(&owner).await;
        }
        // Copied 100 times, created 100 times, and one end for each.
        let actions = owner.actions().await;
        let count = |name: &str| actions.iter().filter(|action| *action == name).count();
        assert_eq!(
            count("invitation.accepted") + count("invitation.revoked"),
            100
        );
        assert_eq!(
            (count("invitation.accepted"), count("member.joined")),
            (accepted, accepted)
        );
    }

    async fn accept_against_decline_has_one_winner(world: World) {
        let owner = world.owner().await.0;
        let amara = amara(&owner).await;
        for _ in 0..10 {
            let id = owner.invite(AMARA, "Viewer").await;
            let holder = world.invited(AMARA).await;
            let (accepting, declining) = {
                let (amara, other) = (amara.clone(), holder.clone());
                race(async move { holder.joins_as(&amara).await }, async move {
                    other.declines().await
                })
                .await
            };
            let joined = owner.member(AMARA).await.is_some();
            match (accepting, declining) {
                (Ok(_), Err(told)) => {
                    assert!(joined);
                    assert!(matches!(Err::<(), _>(told).ended(), Ended::Accepted { .. }));
                    assert_eq!(owner.row(id).await.status, InvitationStatus::Accepted);
                }
                (Err(told), Ok(_)) => {
                    assert!(!joined);
                    assert!(matches!(Err::<(), _>(told).ended(), Ended::Declined { .. }));
                    assert_eq!(owner.row(id).await.status, InvitationStatus::Declined);
                }
                (accepting, declining) => panic!("{accepting:?} and {declining:?}"),
            }
            again(&owner).await;
        }
    }

    async fn two_accepts_of_one_link_make_one_account_and_one_member(world: World) {
        let owner = world.owner().await;
        owner.invite(AMARA, "Viewer").await;
        let holder = world.invited(AMARA).await;
        let mut tries = JoinSet::new();
        for n in 0..3 {
            let holder = holder.clone();
            tries.spawn(async move { holder.joins(&format!("Amara {n}")).await });
        }
        let (joined, told): (Vec<_>, Vec<_>) =
            tries.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!(joined.len(), 1);
        for told in told {
            assert!(matches!(told.ended(), Ended::Accepted { .. }));
        }
        assert_eq!(
            (world.count("users").await, world.count("members").await),
            (2, 2)
        );
        let actions = owner.actions().await;
        assert_eq!(actions.iter().filter(|a| *a == "member.joined").count(), 1);
        assert_eq!(
            actions
                .iter()
                .filter(|a| *a == "invitation.accepted")
                .count(),
            1
        );
    }

    async fn resend_against_accept_has_one_winner(world: World) {
        let owner = world.owner().await.0;
        let amara = amara(&owner).await;
        for _ in 0..20 {
            let id = owner.invite(AMARA, "Viewer").await;
            let holder = world.invited(AMARA).await;
            let (accepting, resending) = {
                let (amara, owner) = (amara.clone(), owner.clone());
                race(async move { holder.joins_as(&amara).await }, async move {
                    owner.resend(id, 1).await
                })
                .await
            };
            match (accepting, resending) {
                (Ok(_), Err(told)) => {
                    Err::<(), _>(told).conflict();
                }
                (Err(told), Ok(())) => {
                    let told = Err::<(), _>(told).ended();
                    assert!(matches!(told, Ended::Replaced { .. }), "{told:?}");
                    world.invited(AMARA).await.joins_as(&amara).await.unwrap();
                }
                (accepting, resending) => panic!("{accepting:?} and {resending:?}"),
            }
            again(&owner).await;
        }
    }

    async fn orders_for_one_address_at_the_same_time_leave_one_pending_invitation(world: World) {
        let owner = world.owner().await.0;
        let admin = owner
            .enrol("Mira Holm", "mira@example.org", "Admin")
            .await
            .0;
        let mut orders = JoinSet::new();
        for n in 0..8 {
            let person = if n % 2 == 0 {
                owner.clone()
            } else {
                admin.clone()
            };
            orders.spawn(async move {
                person
                    .verdicts(&["Amara@Example.org"], "Viewer")
                    .await
                    .remove(0)
            });
        }
        let verdicts = orders.join_all().await;
        let invited: Vec<_> = verdicts
            .iter()
            .filter_map(|v| {
                if let Verdict::Invited { id, .. } = v {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(invited.len(), 1, "{verdicts:?}");
        let waiting = Verdict::Pending {
            id: invited[0],
            version: 1,
        };
        assert_eq!(
            verdicts.iter().filter(|v| **v == waiting).count(),
            7,
            "{verdicts:?}"
        );
        assert_eq!(world.count("outbox").await, 1);
        assert_eq!(owner.counts().await.pending, 1);
    }

    async fn one_new_address_joining_two_workspaces_at_once_is_one_account(world: World) {
        let owner = world.owner().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        for n in 0..2 {
            let email = format!("amara{n}@example.org");
            owner.invite(&email, "Viewer").await;
            let first = world.invited(&email).await;
            other.invite(&email, "Portal User").await;
            let second = world.invited(&email).await;
            // Where two workspaces can be locked at once, both wait at the last moment before the
            // account is made; SQLite has one writer.
            let locks = if world.app.store().is_shared() {
                let store = world.app.store();
                let first = store.lock(owner.workspace().await).await.unwrap();
                Some((first, store.lock(other.workspace().await).await.unwrap()))
            } else {
                None
            };
            let open_soon = tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(400)).await;
                drop(locks);
            });
            let (one, two) = {
                let (first, second) = (first.clone(), second.clone());
                race(
                    Box::pin(async move { first.joins("Amara").await }),
                    Box::pin(async move { second.joins("Amara").await }),
                )
                .await
            };
            open_soon.await.unwrap();
            // Whoever comes second is asked to sign in, beside the field, and then does.
            let (loser, holder) = match (one, two) {
                (Ok(_), Err(told)) => (told, second),
                (Err(told), Ok(_)) => (told, first),
                (one, two) => panic!("{one:?} and {two:?}"),
            };
            let (field, message) = Err::<(), _>(loser).wrong_field();
            assert!(
                field == "password" && message.contains("has an account already"),
                "{message}"
            );
            let joined = holder
                .joins_with_password(crate::support::world::PASSPHRASE)
                .await;
            assert!(!joined.unwrap().already_member);
        }
        assert_eq!(
            (world.count("users").await, world.count("members").await),
            (4, 6)
        );
    }
}
