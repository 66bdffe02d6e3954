//! Deleting a workspace: nobody finds it any more by any path, and nothing of it comes back unasked.

use chrono::TimeDelta;
use rolecall_backend::{
    authz::Glance,
    service::{Failure, acceptance::Ended, shell},
    sweeper,
};
use rolecall_shared::{RoleId, WorkspaceId, invitation::InvitationStatus};
use uuid::Uuid;

use crate::support::{
    World,
    actors::Person,
    answers::{Over as _, Refusal as _},
    both,
    world::WORKSPACE,
};

fn gone() -> Ended {
    Ended::WorkspaceGone {
        workspace: WORKSPACE.into(),
    }
}

/// Slugs of the workspaces that the switcher offers somebody.
async fn switcher(person: &Person) -> Vec<String> {
    let shell = shell::load(
        &person.world.app,
        &person.caller,
        &Glance::default(),
        Some(&person.slug),
    )
    .await
    .unwrap();
    assert_eq!(
        shell.workspace.is_some(),
        shell.workspaces.iter().any(|w| w.slug == person.slug)
    );
    shell.workspaces.into_iter().map(|w| w.slug).collect()
}

async fn last_action(world: &World, id: WorkspaceId) -> String {
    world.trail(Some(id)).await.pop().unwrap().action
}

both! {
    async fn only_an_owner_deletes_and_only_by_its_name(world: World) {
        let owner = world.owner().await;
        let admin = owner.enrol("Dora Admin", "dora@example.org", "Admin").await;
        assert!(matches!(
            admin.delete_workspace(WORKSPACE).await.failure(),
            Failure::OwnersOnly(_)
        ));
        let viewer = owner.enrol("Vera Viewer", "vera@example.org", "Viewer").await;
        assert_eq!(viewer.delete_workspace(WORKSPACE).await.denied(), "settings:manage");
        for wrong in ["", "northwind", "North"] {
            let (field, message) = owner.delete_workspace(wrong).await.wrong_field();
            assert_eq!(field, "name");
            assert!(message.contains(WORKSPACE), "{message}");
        }
        // Renamed meanwhile: what was typed is not its name any more.
        owner.rename_workspace(WORKSPACE, "Harbor").await.unwrap();
        assert_eq!(owner.delete_workspace(WORKSPACE).await.wrong_fields(), ["name"]);
        assert_eq!(switcher(&admin).await, ["northwind"]);
    }

    async fn it_is_gone_for_everybody_at_once(world: World) {
        let owner = world.owner().await;
        let id = owner.workspace().await;
        let admin = owner.enrol("Dora Admin", "dora@example.org", "Admin").await;
        let role = owner.role("Viewer").await;
        let waits = owner.invite("amara@example.org", "Viewer").await;
        let holder = world.invited("amara@example.org").await;
        let order = owner.order(&["ben@example.org"], "Viewer").await;
        owner.delete_workspace(WORKSPACE).await.unwrap();

        for person in [&owner.0, &admin.0] {
            assert!(switcher(person).await.is_empty());
            assert_eq!(person.settings().await.not_found(), "workspace");
            assert_eq!(person.all_members().await.not_found(), "workspace");
            assert_eq!(person.all_invitations().await.not_found(), "workspace");
            assert_eq!(person.options().await.not_found(), "workspace");
            assert_eq!(person.policy().await.not_found(), "workspace");
            assert_eq!(person.roles().await.not_found(), "workspace");
            assert_eq!(person.groups().await.not_found(), "workspace");
            assert_eq!(person.resend(waits, 1).await.not_found(), "workspace");
            assert_eq!(person.revoke(waits, 1).await.not_found(), "workspace");
            assert_eq!(person.copy_link(waits).await.not_found(), "workspace");
            assert_eq!(person.change_role(waits, 1, role).await.not_found(), "workspace");
            assert_eq!(person.rename_workspace(WORKSPACE, "X").await.not_found(), "workspace");
            assert_eq!(person.delete_workspace(WORKSPACE).await.not_found(), "workspace");
            assert_eq!(person.send(order.clone()).await.not_found(), "workspace");
            // What took the place of its slug is no way in either.
            let hidden = person.at(&format!("\u{1}{id}"));
            assert_eq!(hidden.all_members().await.not_found(), "workspace");
            assert_eq!(hidden.delete_workspace(WORKSPACE).await.not_found(), "workspace");
        }
        assert!(world.app.store().lock(id).await.unwrap().is_none());
        assert!(world.app.store().lock_slug("northwind").await.unwrap().is_none());

        assert_eq!(holder.opens().await.ended(), gone());
        assert_eq!(holder.joins("Amara Diallo").await.ended(), gone());
        assert_eq!(holder.joins_with_password("x").await.ended(), gone());
        assert_eq!(holder.joins_as(&owner).await.ended(), gone());
        assert_eq!(holder.declines().await.ended(), gone());
        assert_eq!(holder.asks_for_a_code().await.ended(), gone());
    }

    async fn its_invitations_are_revoked_and_their_mail_is_dropped(world: World) {
        let owner = world.owner().await;
        let id = owner.workspace().await;
        let mut order = owner.order(&["late@example.org"], "Viewer").await;
        order.hours = 1;
        owner.send(order).await.unwrap();
        world.deliver().await;
        for email in ["cai@example.org", "ben@example.org"] {
            owner.invite(email, "Viewer").await;
        }
        world.advance(TimeDelta::hours(2));
        owner.confirmed().delete_workspace(WORKSPACE).await.unwrap();
        world.deliver().await;
        assert!(world.smtp.taken_for("ben@example.org").is_empty());
        assert!(world.smtp.taken_for("cai@example.org").is_empty());
        let waiting = "SELECT count(*) FROM outbox WHERE status = 'queued' OR sealed IS NOT NULL";
        assert_eq!(world.database.number(waiting, &[]).await, 0);

        let rows = world.trail(Some(id)).await;
        let tail: Vec<_> = rows[rows.len() - 4..]
            .iter()
            .map(|row| (row.action.as_str(), row.target_label.as_str()))
            .collect();
        assert_eq!(tail, [
            ("invitation.expired", "late@example.org"),
            ("invitation.revoked", "ben@example.org"),
            ("invitation.revoked", "cai@example.org"),
            ("workspace.deleted", WORKSPACE),
        ]);
        let detail = &rows.last().unwrap().detail;
        assert!(detail.contains("\"invitations\":2") && detail.contains("northwind"), "{detail}");
    }

    async fn background_work_leaves_it_alone(world: World) {
        let owner = world.owner().await;
        let id = owner.workspace().await;
        owner.invite("amara@example.org", "Viewer").await;
        // As it may be after a restore of a backup: one that waits in a workspace that is gone.
        owner.delete_workspace(WORKSPACE).await.unwrap();
        let copy = "INSERT INTO invitations (id, workspace_id, email, email_norm, role_id, role_name, status,
               duration_seconds, sent_at, expires_at, inviter_name, inviter_email, version)
             SELECT $1, workspace_id, email, email_norm, role_id, role_name, 'pending', duration_seconds, sent_at,
               expires_at, inviter_name, inviter_email, version FROM invitations";
        world.database.change(copy, &[Uuid::from_bytes([3; 16]).into()]).await;
        world.advance(TimeDelta::hours(80));
        let before = world.trail(Some(id)).await.len();
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.trail(Some(id)).await.len(), before);
        assert_eq!(last_action(&world, id).await, "workspace.deleted");
        assert!(world.app.store().read().await.unwrap().templates_in_use().await.unwrap().is_empty());
    }

    async fn its_name_and_slug_are_free_and_bring_nothing_back(world: World) {
        let owner = world.owner().await;
        let old = owner.workspace().await;
        owner.enrol("Dora Admin", "dora@example.org", "Admin").await;
        owner.delete_workspace(WORKSPACE).await.unwrap();
        let other = world.another_owner("ola@example.org", WORKSPACE, "cloud-account").await;
        assert_eq!(other.slug, "northwind");
        assert_ne!(other.workspace().await, old);
        assert_eq!(other.all_members().await.unwrap().rows.len(), 1);
        assert_eq!(owner.all_members().await.not_found(), "workspace");
        assert!(other.rows().await.is_empty());
        // Deleted twice under one name: both stay apart.
        let newer = other.workspace().await;
        other.delete_workspace(WORKSPACE).await.unwrap();
        assert_eq!(last_action(&world, old).await, "workspace.deleted");
        assert_eq!(last_action(&world, newer).await, "workspace.deleted");
    }

    async fn the_operator_brings_it_back_within_thirty_days(world: World) {
        let owner = world.owner().await;
        let id = owner.workspace().await;
        let admin = owner.enrol("Dora Admin", "dora@example.org", "Admin").await;
        owner.invite("amara@example.org", "Viewer").await;
        let holder = world.invited("amara@example.org").await;
        assert!(world.restore(id).await.conflict().contains("deleted"));
        owner.delete_workspace(WORKSPACE).await.unwrap();
        assert_eq!(world.restorable().await, [WORKSPACE]);
        world.advance(TimeDelta::days(29));
        assert_eq!(world.restore(id).await.unwrap(), "northwind");

        assert_eq!(last_action(&world, id).await, "workspace.restored");
        assert_eq!(admin.all_members().await.unwrap().rows.len(), 2);
        assert_eq!(switcher(&admin).await, ["northwind"]);
        assert_eq!(
            owner.with_status(InvitationStatus::Revoked).await,
            ["amara@example.org"]
        );
        assert!(matches!(holder.opens().await.ended(), Ended::Revoked { .. }));
        assert!(world.restorable().await.is_empty());
        world.restore(id).await.conflict();

        owner.confirmed().delete_workspace(WORKSPACE).await.unwrap();
        world.advance(TimeDelta::days(31));
        assert!(world.restorable().await.is_empty());
        world.restore(id).await.conflict();
    }

    async fn a_slug_that_somebody_took_meanwhile_stays_theirs(world: World) {
        let owner = world.owner().await;
        let id = owner.workspace().await;
        owner.confirmed().delete_workspace(WORKSPACE).await.unwrap();
        let other = world.another_owner("ola@example.org", WORKSPACE, "cloud-account").await;
        let slug = world.restore(id).await.unwrap();
        assert!(slug.starts_with("northwind-"), "{slug}");
        assert_eq!(owner.at(&slug).all_members().await.unwrap().rows.len(), 1);
        assert_eq!(other.all_members().await.unwrap().rows.len(), 1);
        assert_eq!(owner.all_members().await.not_found(), "workspace");
    }

    async fn a_change_that_races_the_deletion_is_either_before_it_or_refused(world: World) {
        for round in 0..6 {
            let name = format!("Round {round}");
            let owner = world.another_owner(&format!("o{round}@example.org"), &name, "cloud-account").await;
            let id = owner.workspace().await;
            let order = owner.order(&["amara@example.org"], "Viewer").await;
            let (deleted, sent) = tokio::join!(owner.delete_workspace(&name), owner.send(order));
            deleted.unwrap();
            if sent.is_err() {
                assert_eq!(sent.not_found(), "workspace");
            }
            let waiting = "SELECT count(*) FROM invitations WHERE workspace_id = $1 AND status = 'pending'";
            assert_eq!(world.database.number(waiting, &[id.into()]).await, 0);
            assert_eq!(last_action(&world, id).await, "workspace.deleted");
        }
    }

    async fn an_order_for_a_role_of_a_deleted_workspace_finds_nothing(world: World) {
        let owner = world.owner().await;
        let role: RoleId = owner.role("Viewer").await;
        owner.delete_workspace(WORKSPACE).await.unwrap();
        let other = world.another_owner("ola@example.org", "Harbor", "cloud-account").await;
        let mut order = other.order(&["amara@example.org"], "Viewer").await;
        order.role = role;
        assert_eq!(other.send(order).await.not_found(), "role");
    }
}
