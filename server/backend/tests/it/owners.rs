//! Owners: several of them, proposal and acceptance, stepping down, taking ownership.

use chrono::TimeDelta;
use rolecall_backend::{authz::Refusal, sweeper};
use rolecall_shared::{MemberId, RoleId};
use serde_json::json;
use uuid::Uuid;

use crate::support::{World, answers::Refusal as _, both, grants::MANAGER};

const MIRA: &str = "mira@example.org";
const ANA: &str = "Ana.Ruiz@example.org";

both! {
    async fn a_second_owner_is_proposed_accepts_and_both_are_told(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        let id = mira.me().await;
        owner.proposes(id, false).await.unwrap();
        let offer = mira.shell().await.workspace.unwrap().offer.unwrap();
        assert_eq!((offer.by.as_str(), offer.hand_over, offer.expires_at), ("Ana Ruiz", false, world.in_hours(72)));
        assert!(owner.shell().await.workspace.unwrap().offer.is_none());
        let told = world.mail_for(MIRA, "You are asked to own Northwind").await.text();
        assert!(told.contains("beside the present owners"), "{told}");
        let ownership = owner.ownership().await;
        assert_eq!((ownership.owners.len(), ownership.proposals.len()), (1, 1));
        assert_eq!(ownership.only_manager.as_deref(), Some("Ana Ruiz"));
        assert!(ownership.step_down.unwrap().contains("only owner"));
        assert!(owner.proposes(id, true).await.conflict().contains("proposed to Mira Holm already"));

        mira.accepts().await.unwrap();
        let shell = mira.shell().await.workspace.unwrap();
        assert!(shell.is_owner && shell.offer.is_none() && shell.role == "Viewer");
        world.mail_for(ANA, "Mira Holm accepted to own Northwind").await;
        assert_eq!(mira.accepts().await.conflict(), mira.declines_ownership().await.conflict());
        let ownership = mira.ownership().await;
        assert_eq!((ownership.owners.len(), ownership.only_manager, ownership.step_down), (2, None, None));
        let actions = owner.actions().await;
        assert!(actions.ends_with(&["ownership.proposed".into(), "ownership.accepted".into()]), "{actions:?}");
    }

    async fn a_transfer_makes_one_an_owner_and_the_other_an_admin_at_once(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        owner.proposes(mira.me().await, true).await.unwrap();
        assert!(owner.shell().await.workspace.unwrap().is_owner, "nothing changes before");
        mira.accepts().await.unwrap();
        let (before, after) = (owner.shell().await.workspace.unwrap(), mira.shell().await.workspace.unwrap());
        assert_eq!((before.is_owner, before.role.as_str(), after.is_owner), (false, "Admin", true));
        let (action, detail) = mira.newest_entry().await;
        assert_eq!(action, "owner.handed_over");
        assert_eq!(detail, json!({ "role": "Admin", "to": MIRA }));
        assert_eq!(owner.proposes(mira.me().await, false).await.refused(), Refusal::NeedsOwner);
    }

    async fn a_proposal_ends_by_refusal_by_being_taken_back_and_by_time(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        let id = mira.me().await;
        owner.proposes(id, false).await.unwrap();
        mira.declines_ownership().await.unwrap();
        world.mail_for(ANA, "Mira Holm declined to own Northwind").await;
        owner.proposes(id, false).await.unwrap();
        owner.cancels(id).await.unwrap();
        world.mail_for(MIRA, "You are no longer asked to own Northwind").await;
        assert!(owner.cancels(id).await.conflict().contains("No ownership is proposed"));
        assert!(mira.accepts().await.conflict().contains("taken back"));
        owner.proposes(id, false).await.unwrap();
        world.advance(TimeDelta::hours(72));
        assert!(mira.shell().await.workspace.unwrap().offer.is_none());
        assert!(owner.ownership().await.proposals.is_empty());
        assert!(mira.accepts().await.conflict().contains("its time is over"));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.count("ownership_proposals").await, 0);
        assert_eq!(owner.newest_entry().await.0, "ownership.expired");
        owner.confirmed().proposes(id, false).await.unwrap();
        mira.confirmed().accepts().await.unwrap();
    }

    async fn a_proposal_is_void_when_either_of_the_two_goes_is_suspended_or_owns_no_more(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Viewer").await;
        let nora = owner.enrol("Nora", "nora@example.org", "Viewer").await;
        let (id, other) = (mira.me().await, nora.me().await);
        let viewer = owner.role("Viewer").await;
        owner.proposes(id, false).await.unwrap();
        owner.suspends(id).await.unwrap();
        owner.reactivates(id).await.unwrap();
        mira.accepts().await.conflict();
        owner.proposes(id, false).await.unwrap();
        owner.removes(id).await.unwrap();
        owner.reinstates(id, None).await.unwrap();
        mira.accepts().await.conflict();
        owner.makes_owner(&nora).await;
        nora.proposes(id, true).await.unwrap();
        owner.takes_ownership(other, viewer).await.unwrap();
        mira.accepts().await.conflict();
        assert_eq!(owner.ownership().await.owners.len(), 1);
        owner.makes_owner(&nora).await;
        nora.proposes(id, false).await.unwrap();
        nora.steps_down(viewer).await.unwrap();
        assert!(owner.ownership().await.proposals.is_empty());
        mira.accepts().await.conflict();
        owner.makes_owner(&nora).await;
        nora.proposes(id, false).await.unwrap();
        owner.removes(other).await.unwrap();
        mira.accepts().await.conflict();
        let actions = owner.actions().await;
        assert_eq!(actions.iter().filter(|a| *a == "ownership.voided").count(), 5);
    }

    async fn only_active_people_with_a_proven_address_are_proposed_ownership_and_only_by_owners(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let id = mira.me().await;
        assert_eq!(mira.proposes(id, false).await.refused(), Refusal::NeedsOwner);
        assert_eq!(mira.cancels(id).await.refused(), Refusal::NeedsOwner);
        assert!(owner.proposes(owner.me().await, false).await.conflict().contains("is an owner already"));
        assert_eq!(owner.proposes(MemberId(Uuid::nil()), false).await.not_found(), "member");
        owner.suspends(id).await.unwrap();
        assert!(owner.proposes(id, false).await.conflict().contains("is suspended"));
        owner.reactivates(id).await.unwrap();
        let unproven = "UPDATE users SET email_verified_at = NULL WHERE email_norm = $1";
        world.database.change(unproven, &[MIRA.into()]).await;
        assert!(owner.proposes(id, false).await.conflict().contains("not proven"));
        let page = owner.page_of(id).await.unwrap();
        assert!(page.acts.propose_ownership.unwrap().contains("not proven"));
    }

    async fn the_last_owner_who_can_sign_in_stays_one_on_every_path(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let (ana, id) = (owner.me().await, mira.me().await);
        let admin = owner.role("Admin").await;
        assert!(owner.steps_down(admin).await.conflict().contains("only owner"));
        owner.leaves().await.conflict();
        owner.makes_owner(&mira).await;
        // A suspended owner does not count, nor one who can not sign in.
        owner.suspends(id).await.unwrap();
        owner.steps_down(admin).await.conflict();
        owner.leaves().await.conflict();
        owner.reactivates(id).await.unwrap();
        let unproven = "UPDATE users SET email_verified_at = NULL WHERE email_norm = $1";
        world.database.change(unproven, &[MIRA.into()]).await;
        owner.steps_down(admin).await.conflict();
        for told in [mira.suspends(ana).await.conflict(), mira.removes(ana).await.conflict()] {
            assert!(told.contains("no owner who can sign in"), "{told}");
        }
        assert!(mira.takes_ownership(ana, admin).await.conflict().contains("no owner"));
        let proven = "UPDATE users SET email_verified_at = created_at WHERE email_norm = $1";
        world.database.change(proven, &[MIRA.into()]).await;
        owner.steps_down(admin).await.unwrap();
        assert_eq!(owner.newest_entry().await.0, "owner.stepped_down");
        world.mail_for(MIRA, "The owners of Northwind changed").await;
        assert_eq!(owner.steps_down(admin).await.refused(), Refusal::NeedsOwner);
        assert_eq!(owner.removes(id).await.refused(), Refusal::TouchesOwner);
    }

    async fn an_owner_may_take_the_ownership_of_another_and_of_nobody_else(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let (ana, id) = (owner.me().await, mira.me().await);
        let viewer = owner.role("Viewer").await;
        assert_eq!(mira.takes_ownership(ana, viewer).await.refused(), Refusal::NeedsOwner);
        assert!(owner.takes_ownership(id, viewer).await.conflict().contains("is not an owner"));
        assert!(owner.takes_ownership(ana, viewer).await.conflict().contains("Step down"));
        owner.makes_owner(&mira).await;
        assert_eq!(owner.takes_ownership(id, RoleId(Uuid::nil())).await.not_found(), "role");
        owner.takes_ownership(id, viewer).await.unwrap();
        let shell = mira.shell().await.workspace.unwrap();
        assert_eq!((shell.is_owner, shell.role.as_str()), (false, "Viewer"));
        world.mail_for(MIRA, "You are not an owner of Northwind any more").await;
        let (action, detail) = owner.newest_entry().await;
        assert_eq!((action.as_str(), detail), ("owner.demoted", json!({ "role": "Viewer" })));
    }

    async fn one_person_who_can_manage_the_team_is_a_reason_to_warn(world: World) {
        let owner = world.owner_of("delivery-platform").await;
        assert_eq!(owner.ownership().await.only_manager.as_deref(), Some("Ana Ruiz"));
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        assert_eq!(owner.ownership().await.only_manager, None);
        // Whoever manages it for some time only does not count.
        let version = owner.ends(mira.me().await, 1, Some(world.in_hours(48))).await.unwrap();
        assert!(owner.ownership().await.only_manager.is_some());
        owner.ends(mira.me().await, version, None).await.unwrap();
        owner.suspends(mira.me().await).await.unwrap();
        assert!(owner.ownership().await.only_manager.is_some());
        owner.enrol_with("Gus Ek", "gus@example.org", &[]).await;
        owner.gives_directly("gus@example.org", "team:view team:manage").await;
        assert_eq!(owner.ownership().await.only_manager, None);
    }

    async fn a_removed_owner_comes_back_without_the_ownership(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", MIRA, "Admin").await;
        owner.makes_owner(&mira).await;
        let ana = owner.me().await;
        mira.removes(ana).await.unwrap();
        let back = mira.reinstates(ana, None).await.unwrap();
        assert_eq!(back.missing[0].what, "ownership");
        let shell = owner.shell().await.workspace.unwrap();
        assert_eq!((shell.is_owner, shell.role.as_str()), (false, "Admin"));
    }
}
