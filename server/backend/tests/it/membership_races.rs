//! Two changes of memberships at the same moment, two hundred times each: the workspace always has an
//! owner who can sign in, nobody has a role that is gone, and the loser is told (F8, F11, R-44, R-52).

use rolecall_backend::{authz::Refusal, service::Failure};
use rolecall_shared::{MemberId, RoleId, access::MemberAccess, invitation::InvitationStatus};

use crate::{
    races::race,
    support::{
        World,
        actors::Person,
        answers::Refusal as _,
        both,
        grants::{platform, role_draft},
    },
};

const ROUNDS: usize = 200;
const MIRA: &str = "mira@example.org";
const GUS: &str = "gus@example.org";

/// Where the other of the two asks: another process, where the database can be shared.
async fn elsewhere(world: &World) -> World {
    if world.app.store().is_shared() {
        world.another_instance().await
    } else {
        world.clone()
    }
}

/// Starts both; who is started first differs from round to round.
async fn meet<A: Send + 'static, B: Send + 'static>(
    round: usize,
    first: impl Future<Output = A> + Send + 'static,
    second: impl Future<Output = B> + Send + 'static,
) -> (A, B) {
    if round.is_multiple_of(2) {
        race(first, second).await
    } else {
        let (second, first) = race(second, first).await;
        (first, second)
    }
}

/// What holds after every round.
async fn holds(world: &World, round: usize) {
    let number = async |sql| world.database.number(sql, &[]).await;
    let owners = "SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.is_owner AND m.status = 'active' AND u.email_verified_at IS NOT NULL";
    assert!(
        number(owners).await >= 1,
        "round {round}: no owner who can sign in"
    );
    let dangling = "SELECT count(*) FROM members m JOIN roles r ON r.id = m.role_id WHERE r.deleted_at IS NOT NULL";
    assert_eq!(
        number(dangling).await,
        0,
        "round {round}: a role that is gone"
    );
    let twice = "SELECT count(*) FROM members m JOIN former_members f ON f.user_id = m.user_id";
    assert_eq!(
        number(twice).await,
        0,
        "round {round}: a member who is a former one as well"
    );
}

/// One owner acts against another.
async fn turns_on(
    who: &Person,
    whom: MemberId,
    removes: bool,
    role: RoleId,
) -> Result<(), Failure> {
    if removes {
        who.removes(whom).await.map(drop)
    } else {
        who.takes_ownership(whom, role).await
    }
}

/// Everybody in the world is an owner again.
async fn all_own(world: &World) {
    let all = "UPDATE members SET is_owner = TRUE";
    world.database.change(all, &[]).await;
}

/// The owner Ana, and Mira as another one in another process.
async fn two_owners(world: &World) -> (Person, Person) {
    let owner = world.owner().await.0;
    let mira = owner.enrol("Mira Holm", MIRA, "Admin").await.0;
    let elsewhere = elsewhere(world).await;
    all_own(world).await;
    (owner, mira.on(&elsewhere))
}

both! {
    async fn two_owners_who_remove_or_demote_each_other(world: World) {
        let (ana, mira) = two_owners(&world).await;
        let (a, m) = (ana.me().await, mira.me().await);
        let admin = ana.role("Admin").await;
        for round in 0..ROUNDS {
            let removes = round % 4 < 2;
            let (first, second) = (ana.clone(), mira.clone());
            let one = async move { turns_on(&first, m, removes, admin).await };
            let other = async move { turns_on(&second, a, removes, admin).await };
            let (one, other) = Box::pin(meet(round, one, other)).await;
            holds(&world, round).await;
            let (winner, loser, told) = match (one, other) {
                (Ok(()), Err(told)) => (&ana, m, told),
                (Err(told), Ok(())) => (&mira, a, told),
                (one, other) => panic!("round {round}: {one:?} and {other:?}"),
            };
            if removes {
                assert_eq!(Err::<(), _>(told).not_found(), "workspace");
                winner.reinstates(loser, None).await.unwrap();
            } else {
                assert_eq!(Err::<(), _>(told).refused(), Refusal::NeedsOwner);
            }
            all_own(&world).await;
        }
        mira.world.app.store().close().await;
    }

    async fn an_owner_who_leaves_while_the_other_is_suspended(world: World) {
        let (ana, mira) = two_owners(&world).await;
        let (a, m) = (ana.me().await, mira.me().await);
        for round in 0..ROUNDS {
            // Ana has two tabs open: one to suspend Mira, one to leave. Or it is Mira who leaves.
            let leaver = if round % 4 < 2 { ana.on(&mira.world) } else { mira.clone() };
            let is_ana = round % 4 < 2;
            let (leaving, suspending) = {
                let ana = ana.clone();
                Box::pin(meet(round, async move { leaver.leaves().await }, async move { ana.suspends(m).await })).await
            };
            holds(&world, round).await;
            match (leaving, suspending) {
                (Ok(()), Err(told)) => {
                    let gone = if is_ana { "workspace" } else { "member" };
                    assert_eq!(Err::<(), _>(told).not_found(), gone, "round {round}");
                    let (stays, gone) = if is_ana { (&mira, a) } else { (&ana, m) };
                    stays.reinstates(gone, None).await.unwrap();
                }
                (Err(told), Ok(())) => {
                    match (is_ana, told) {
                        (true, Failure::Conflict(told)) => assert!(told.contains("only owner"), "{told}"),
                        (false, Failure::NotFound(what)) => assert_eq!(what, "workspace"),
                        (_, told) => panic!("round {round}: {told:?}"),
                    }
                    ana.reactivates(m).await.unwrap();
                }
                (leaving, suspending) => panic!("round {round}: {leaving:?} and {suspending:?}"),
            }
            all_own(&world).await;
        }
        mira.world.app.store().close().await;
    }

    async fn a_removal_against_an_invitation_by_the_removed(world: World) {
        let owner = world.owner().await.0;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await.0;
        let mira = mira.on(&elsewhere(&world).await);
        let m = mira.me().await;
        let order = mira.order(&["amara@example.org"], "Viewer").await;
        for round in 0..ROUNDS {
            let mut order = order.clone();
            order.idempotency_key = format!("round-{round}");
            let (removing, inviting) = {
                let (owner, mira) = (owner.clone(), mira.clone());
                Box::pin(meet(round, async move { owner.removes(m).await }, async move { mira.send(order).await })).await
            };
            holds(&world, round).await;
            let removed = removing.unwrap();
            assert!(owner.with_status(InvitationStatus::Pending).await.is_empty(), "round {round}");
            match inviting {
                Ok(_) => assert_eq!(removed.revoked, 1, "round {round}"),
                Err(told) => {
                    assert_eq!(Err::<(), _>(told).not_found(), "workspace");
                    assert_eq!(removed.revoked, 0, "round {round}");
                }
            }
            owner.reinstates(m, None).await.unwrap();
            world.database.change("DELETE FROM throttles", &[]).await;
            world.database.change("DELETE FROM invitations", &[]).await;
        }
        mira.world.app.store().close().await;
    }

    async fn a_role_that_loses_the_team_or_is_deleted_against_its_assignment(world: World) {
        let owner = platform(&world).await.0;
        let lead = ["team:view", "team:manage", "logs:view"];
        let mira = owner.enrol_with("Mira Holm", MIRA, &lead).await.0;
        let mira = mira.on(&elsewhere(&world).await);
        let role = owner.role("Role of Mira Holm").await;
        let plain = owner.create_role(&role_draft("Plain", &["logs:view"])).await.unwrap();
        owner.enrol("Gus Ek", GUS, "Plain").await;
        let gus = owner.member_id(GUS).await;
        let mut version = 1;
        for round in 0..ROUNDS {
            let page = owner.page_of(gus).await.unwrap();
            let mut access: MemberAccess = page.access.clone();
            if round % 4 < 2 {
                access.role = role;
                let narrow = role_draft("Role of Mira Holm", &["team:view", "logs:view"]);
                let (editing, giving) = {
                    let (owner, mira) = (owner.clone(), mira.clone());
                    let edit = async move { owner.update_role(role, version, &narrow).await };
                    Box::pin(meet(round, edit, async move { mira.gives(gus, page.version, &access).await })).await
                };
                holds(&world, round).await;
                version = editing.unwrap();
                if let Err(told) = giving {
                    assert_eq!(Err::<(), _>(told).denied(), "team:manage", "round {round}");
                }
                // Whoever was first, nobody but the owner manages the team now.
                assert_eq!(owner.ownership().await.only_manager.as_deref(), Some("Ana Ruiz"));
                let wide = role_draft("Role of Mira Holm", &lead);
                version = owner.update_role(role, version, &wide).await.unwrap();
            } else {
                let short = owner.create_role(&role_draft(&format!("Round number {round}"), &["logs:view"])).await.unwrap();
                access.role = short;
                let (deleting, giving) = {
                    let (owner, mira) = (owner.clone(), mira.clone());
                    let delete = async move { owner.delete_role(short, 1, None).await };
                    Box::pin(meet(round, delete, async move { mira.gives(gus, page.version, &access).await })).await
                };
                holds(&world, round).await;
                match (deleting, giving) {
                    (Ok(()), Err(told)) => assert_eq!(Err::<(), _>(told).not_found(), "role"),
                    (Err(Failure::Conflict(_) | Failure::Invalid(_)), Ok(_)) => {}
                    (deleting, giving) => panic!("round {round}: {deleting:?} and {giving:?}"),
                }
            }
            let all = owner.gives_role(&[gus], plain).await.unwrap();
            assert!(all[0].problem.is_none(), "{all:?}");
        }
        mira.world.app.store().close().await;
    }

    async fn accepting_a_transfer_against_being_removed(world: World) {
        let owner = world.owner().await.0;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await.0;
        let mira = mira.on(&elsewhere(&world).await);
        let (a, m) = (owner.me().await, mira.me().await);
        for round in 0..ROUNDS {
            owner.proposes(m, true).await.unwrap();
            let (accepting, removing) = {
                let (owner, mira) = (owner.clone(), mira.clone());
                Box::pin(meet(round, async move { mira.accepts().await }, async move { owner.removes(m).await })).await
            };
            holds(&world, round).await;
            match (accepting, removing) {
                (Ok(()), Err(told)) => {
                    assert_eq!(Err::<(), _>(told).refused(), Refusal::TouchesOwner);
                    let back = "UPDATE members SET is_owner = (id = $1)";
                    world.database.change(back, &[a.into()]).await;
                }
                (Err(told), Ok(_)) => {
                    assert_eq!(Err::<(), _>(told).not_found(), "workspace");
                    owner.reinstates(m, None).await.unwrap();
                }
                (accepting, removing) => panic!("round {round}: {accepting:?} and {removing:?}"),
            }
            assert_eq!(world.count("ownership_proposals").await, 0, "round {round}");
        }
        mira.world.app.store().close().await;
    }
}
