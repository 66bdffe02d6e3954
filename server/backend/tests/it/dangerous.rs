//! What is dangerous asks for a fresh proof, after everything else is allowed and before anything is
//! written (rule 8).

use chrono::TimeDelta;
use rolecall_backend::service::{Failure, audit, membership};
use rolecall_shared::{
    audit::{AuditQuery, ExportFormat},
    membership::RemovalOrder,
};

use crate::support::{World, actors::Person, answers::Refusal as _, both, world::WORKSPACE};

const MIRA: &str = "mira@example.org";
const HOUR: TimeDelta = TimeDelta::hours(1);

/// An order that came back because of the proof, and left everything as it was.
async fn asks<T: std::fmt::Debug>(world: &World, order: impl Future<Output = Result<T, Failure>>) {
    let before = world.database.dump().await;
    let refused = order.await.failure();
    assert!(matches!(refused, Failure::ConfirmFirst), "{refused:?}");
    assert_eq!(world.database.dump().await, before);
}

async fn export(person: &Person) -> Result<(), Failure> {
    let (app, query) = (&person.world.app, AuditQuery::default());
    audit::export(app, &person.caller, &person.slug, &query, ExportFormat::Csv)
        .await
        .map(drop)
}

both! {
    async fn ownership_is_proposed_and_accepted_with_a_fresh_proof_and_declined_without(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        let id = mira.me().await;
        world.advance(HOUR);
        for hand_over in [false, true] {
            asks(&world, owner.proposes(id, hand_over)).await;
        }
        // What is not possible anyway says so at once.
        assert!(owner.proposes(owner.me().await, false).await.conflict().contains("is an owner already"));
        assert_eq!(mira.proposes(id, false).await.denied(), "team:manage");
        owner.confirmed().proposes(id, false).await.unwrap();
        asks(&world, mira.accepts()).await;
        // Nothing is given by these.
        mira.declines_ownership().await.unwrap();
        owner.confirmed().proposes(id, false).await.unwrap();
        owner.cancels(id).await.unwrap();
        assert!(mira.accepts().await.conflict().contains("taken back"));
        owner.confirmed().proposes(id, false).await.unwrap();
        mira.confirmed().accepts().await.unwrap();
        assert!(mira.shell().await.workspace.unwrap().is_owner);
    }

    async fn ownership_is_put_down_and_taken_with_a_fresh_proof(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        let id = mira.me().await;
        let viewer = owner.role("Viewer").await;
        owner.makes_owner(&mira).await;
        world.advance(HOUR);
        asks(&world, owner.takes_ownership(id, viewer)).await;
        asks(&world, mira.steps_down(viewer)).await;
        assert!(owner.takes_ownership(owner.me().await, viewer).await.conflict().contains("your own"));
        owner.confirmed().takes_ownership(id, viewer).await.unwrap();
        assert_eq!(mira.steps_down(viewer).await.denied(), "team:manage");
        owner.confirmed().makes_owner(&mira.confirmed()).await;
        mira.confirmed().steps_down(viewer).await.unwrap();
        assert_eq!(owner.ownership().await.owners.len(), 1);
    }

    async fn an_owner_is_removed_and_suspended_with_a_fresh_proof_others_without(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let nora = owner.enrol("Nora Lind", "nora@example.org", "Admin").await;
        let vic = owner.enrol("Vic Ewer", "vic@example.org", "Viewer").await;
        let (id, other) = (mira.me().await, vic.me().await);
        owner.makes_owner(&mira).await;
        world.advance(HOUR);
        asks(&world, owner.suspends(id)).await;
        asks(&world, owner.removes(id)).await;
        // Who may not touch an owner is not asked for a password.
        nora.suspends(id).await.refused();
        nora.removes(id).await.refused();
        owner.suspends(other).await.unwrap();
        owner.removes(other).await.unwrap();
        let sure = owner.confirmed();
        sure.suspends(id).await.unwrap();
        // Giving back is not dangerous.
        owner.reactivates(id).await.unwrap();
        sure.removes(id).await.unwrap();
    }

    async fn several_people_are_asked_for_once_and_none_of_them_has_it_for_a_verdict(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let nora = owner.enrol("Nora Lind", "nora@example.org", "Admin").await;
        let vic = owner.enrol("Vic Ewer", "vic@example.org", "Viewer").await;
        let (id, other, admin) = (mira.me().await, vic.me().await, nora.me().await);
        let (operator, missing) = (owner.role("Operator").await, rolecall_shared::RoleId(uuid::Uuid::nil()));
        owner.makes_owner(&mira).await;
        world.advance(HOUR);
        asks(&world, Box::pin(owner.gives_role(&[other, admin], operator))).await;
        assert_eq!(owner.gives_role(&[other], missing).await.not_found(), "role");
        assert_eq!(owner.gives_role(&[], operator).await.wrong_fields(), ["members"]);
        vic.gives_role(&[other], operator).await.denied();
        // With an owner among them, the whole order waits.
        asks(&world, Box::pin(owner.suspends_all(&[other, id]))).await;
        asks(&world, Box::pin(owner.removes_all(&[other, id]))).await;
        // Who can not touch the owner has a no for one of them, and no question.
        let verdicts = nora.suspends_all(&[other, id]).await.unwrap();
        let refused: Vec<bool> = verdicts.iter().map(|one| one.problem.is_some()).collect();
        assert_eq!(refused, [false, true]);
        owner.reactivates_all(&[other]).await.unwrap();
        owner.suspends_all(&[other]).await.unwrap();
        owner.removes_all(&[other]).await.unwrap();
        let sure = owner.confirmed();
        for verdicts in [
            sure.gives_role(&[admin], operator).await.unwrap(),
            sure.suspends_all(&[id]).await.unwrap(),
            sure.removes_all(&[id]).await.unwrap(),
        ] {
            assert!(verdicts.iter().all(|one| one.problem.is_none()), "{verdicts:?}");
        }
        let order = RemovalOrder::default();
        let own = [owner.me().await];
        let verdicts = membership::remove_several(&world.app, &owner.caller, &owner.slug, &own, &order).await.unwrap();
        assert!(verdicts[0].problem.is_some(), "oneself is no owner to be asked about");
    }

    async fn a_workspace_is_deleted_with_a_fresh_proof_and_only_by_its_name(world: World) {
        let owner = world.owner().await;
        world.advance(HOUR);
        assert_eq!(owner.delete_workspace("Southwind").await.wrong_fields(), ["name"]);
        asks(&world, owner.delete_workspace(WORKSPACE)).await;
        owner.confirmed().delete_workspace(WORKSPACE).await.unwrap();
        assert!(!owner.is_in().await);
    }

    async fn the_trail_is_taken_out_with_a_fresh_proof(world: World) {
        let owner = world.owner().await;
        let vic = owner.enrol("Vic Ewer", "vic@example.org", "Viewer").await;
        world.advance(HOUR);
        assert_eq!(export(&vic).await.denied(), "audit:view");
        asks(&world, export(&owner)).await;
        export(&owner.confirmed()).await.unwrap();
        assert_eq!(owner.newest_entry().await.0, "audit.exported");
    }
}
