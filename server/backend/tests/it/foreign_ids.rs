//! Ids of another workspace are as unknown as made-up ones (R-57, rule 29).

use rolecall_backend::{
    authz::Glance,
    service::{Failure, shell},
};
use rolecall_shared::{
    GroupId, InvitationId, RoleId,
    invitation::{InvitationPolicy, InvitationQuery},
    member::MemberQuery,
};
use uuid::Uuid;

use crate::support::{World, actors::Person, answers::Refusal as _, both};

fn nowhere<Id: From<Uuid>>() -> Id {
    Uuid::from_bytes([9; 16]).into()
}

/// Everything that can be asked about a workspace.
async fn every_answer(person: &Person, id: InvitationId, role: RoleId) -> Vec<Failure> {
    let mut order = person.order(&["x@example.org"], "Viewer").await;
    order.role = role;
    let policy = InvitationPolicy {
        copy_link: true,
        hours: 1,
        allowed_domains: Vec::new(),
    };
    vec![
        person.all_members().await.failure(),
        person.all_invitations().await.failure(),
        person.options().await.failure(),
        person.send(order).await.failure(),
        person.resend(id, 1).await.failure(),
        person.revoke(id, 1).await.failure(),
        person.change_role(id, 1, role).await.failure(),
        person.copy_link(id).await.failure(),
        person.deliveries(id).await.failure(),
        person.invitation(id).await.failure(),
        person.policy().await.failure(),
        person.set_policy(policy).await.failure(),
    ]
}

both! {
    async fn foreign_and_unknown_ids_get_the_same_answer(world: World) {
        let owner = world.owner().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let theirs = other.invite("amara@example.org", "Portal User").await;
        let their_role = other.role("Portal User").await;
        let their_group = other.add_group("Readers", "projects:view").await;
        let own = owner.invite("ben@example.org", "Viewer").await;
        assert_eq!(owner.invitation(own).await.unwrap(), owner.row(own).await);
        let before = world.database.dump().await;

        for id in [theirs, nowhere()] {
            let role = owner.role("Admin").await;
            for told in [
                owner.invitation(id).await.not_found(),
                owner.resend(id, 1).await.not_found(),
                owner.revoke(id, 1).await.not_found(),
                owner.change_role(id, 1, role).await.not_found(),
                owner.copy_link(id).await.not_found(),
                owner.deliveries(id).await.not_found(),
            ] {
                assert_eq!(told, "invitation");
            }
        }
        for role in [their_role, nowhere()] {
            assert_eq!(owner.change_role(own, 1, role).await.not_found(), "role");
            let mut order = owner.order(&["x@example.org"], "Viewer").await;
            order.role = role;
            assert_eq!(owner.send(order).await.not_found(), "role");
        }
        for group in [their_group, nowhere::<GroupId>()] {
            let mut order = owner.order(&["x@example.org"], "Viewer").await;
            order.groups = vec![group];
            assert_eq!(owner.send(order).await.not_found(), "group");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn lists_filtered_by_foreign_ids_are_empty(world: World) {
        let owner = world.owner().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        other.invite("amara@example.org", "Portal User").await;
        let (role, group) = (
            other.role("Portal User").await,
            other.add_group("Readers", "").await,
        );
        let invitations = InvitationQuery {
            role: Some(role),
            ..InvitationQuery::default()
        };
        assert!(
            owner
                .invitations(&invitations)
                .await
                .unwrap()
                .rows
                .is_empty()
        );
        for query in [
            MemberQuery {
                role: Some(other.role("Portal Admin").await),
                ..MemberQuery::default()
            },
            MemberQuery {
                group: Some(group),
                ..MemberQuery::default()
            },
        ] {
            assert!(owner.members(&query).await.unwrap().rows.is_empty());
        }
        assert_eq!(owner.counts().await.pending, 0);
    }

    async fn to_strangers_and_suspended_members_the_workspace_does_not_exist(world: World) {
        let owner = world.owner().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let mira = owner.enrol("Mira Holm", "mira@example.org", "Admin").await;
        owner.suspend("mira@example.org").await;
        let id = owner.invite("amara@example.org", "Viewer").await;
        let role = owner.role("Viewer").await;
        let before = world.database.dump().await;

        let stranger = other.at(&owner.slug);
        for person in [&stranger, &mira] {
            for failure in every_answer(person, id, role).await {
                assert!(
                    matches!(failure, Failure::NotFound("workspace")),
                    "{failure:?}"
                );
            }
            let seen = shell::load(&world.app, &person.caller, &Glance::default(), Some(&owner.slug))
                .await
                .unwrap();
            assert!(seen.workspace.is_none());
            assert!(!seen.workspaces.iter().any(|w| w.slug == owner.slug));
        }
        let unknown = owner.at("no-such-workspace");
        for failure in [
            unknown.all_members().await.failure(),
            unknown.resend(id, 1).await.failure(),
            unknown.copy_link(id).await.failure(),
        ] {
            assert!(
                matches!(failure, Failure::NotFound("workspace")),
                "{failure:?}"
            );
        }
        assert_eq!(world.database.dump().await, before);
    }
}
