//! The demo: believable, complete, and only for an empty installation.

use rolecall_backend::service::demo;
use rolecall_shared::{
    invitation::InvitationStatus,
    member::{MemberQuery, MemberStatus},
};

use crate::support::{World, actors::Person, answers::Refusal as _, both, world::PASSPHRASE};

both! {
    async fn the_demo_shows_every_status_and_can_be_signed_in_to(world: World) {
        let made = demo::seed(&world.app, 60).await.unwrap();
        assert_eq!(made.password, PASSPHRASE);
        let sign_in = async |email: &str| {
            Person::new(
                &world,
                made.workspaces[0].clone(),
                world.session_of(email).await,
            )
        };
        let owner = sign_in(&made.email).await;
        let counts = owner.counts().await;
        assert_eq!((counts.members, made.members, counts.groups), (60, 60, 3));
        for status in InvitationStatus::ALL {
            assert!(!owner.with_status(status).await.is_empty(), "{status:?}");
        }
        let suspended = MemberQuery {
            status: Some(MemberStatus::Suspended),
            ..MemberQuery::default()
        };
        assert!(!owner.members(&suspended).await.unwrap().rows.is_empty());
        assert!(owner.at(&made.workspaces[1]).all_members().await.is_ok());
        assert_eq!(
            world.count("outbox").await,
            0,
            "no mail to people who do not exist"
        );
        world.trail(Some(owner.workspace().await)).await;

        let viewer = sign_in(&made.viewer).await;
        assert_eq!(viewer.all_members().await.denied(), "team:view");

        let before = world.database.dump().await;
        let told = demo::seed(&world.app, 3).await.failure();
        assert!(
            matches!(&told, rolecall_backend::service::Failure::Conflict(m) if m.contains("empty installation"))
        );
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_used_installation_is_left_alone(world: World) {
        world.owner().await;
        demo::seed(&world.app, 5).await.conflict();
        assert_eq!(world.count("users").await, 1);
    }
}
