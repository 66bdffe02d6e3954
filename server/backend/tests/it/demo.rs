//! The demo: believable, complete, and only for an empty installation.

use rolecall_backend::service::demo;
use rolecall_shared::{
    invitation::InvitationStatus,
    member::{MemberQuery, MemberStatus},
    project::{OverrideEffect, ProjectMember, ProjectMemberQuery, ProjectQuery},
};

use crate::support::{World, actors::Person, answers::Refusal as _, both, world::PASSPHRASE};

/// Projects with makers and resources, overrides of every kind, a role of their own, direct permissions.
async fn shows_work(world: &World, owner: &Person) {
    let projects = owner
        .project_rows(&ProjectQuery::default())
        .await
        .unwrap()
        .rows;
    assert_eq!(projects.len(), 5);
    assert!(projects.iter().all(|p| !p.created_by.is_empty()));
    assert!(projects.iter().any(|p| p.yours) && projects.iter().any(|p| !p.yours));
    let production = projects.iter().find(|p| p.name == "Production").unwrap();
    assert!(production.resources > 5 && production.overrides == 2);
    assert_eq!(
        owner.resource_names(production.id).await.len(),
        usize::try_from(production.resources).unwrap()
    );
    let all = ProjectMemberQuery {
        overridden: true,
        ..ProjectMemberQuery::default()
    };
    let mut overridden = Vec::new();
    for project in &projects {
        overridden.extend(owner.people_in(project.id, &all).await.unwrap().rows);
    }
    assert_eq!(overridden.len(), 4);
    let lowered = |row: &ProjectMember| row.effect == Some(OverrideEffect::Narrower);
    assert!(overridden.iter().any(lowered), "one lowers");
    assert!(
        overridden
            .iter()
            .any(|row| row.effect == Some(OverrideEffect::Wider)),
        "one raises"
    );
    assert!(
        overridden
            .iter()
            .any(|row| row.effect == Some(OverrideEffect::Ended)),
        "one is over"
    );
    let week = world.now().0 + 7 * 86_400_000_000;
    let ends = overridden
        .iter()
        .filter_map(|row| row.over.as_ref()?.grant.expires_at);
    assert!(
        ends.map(|end| end.0).any(|end| end == week),
        "one ends in a week"
    );
    let on_call = MemberQuery {
        role: Some(owner.role("On-call engineer").await),
        ..MemberQuery::default()
    };
    assert!(owner.members(&on_call).await.unwrap().rows.len() > 1);
    let number = async |sql| world.database.number(sql, &[]).await;
    assert_eq!(
        number("SELECT count(*) FROM members WHERE direct_permissions <> ''").await,
        1
    );
    assert_eq!(
        number("SELECT count(*) FROM member_groups WHERE expires_at IS NOT NULL").await,
        2
    );
}

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

        shows_work(&world, &owner).await;
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
