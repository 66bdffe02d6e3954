//! What the parts of one page share: what the first of them found out about the caller.

use rolecall_backend::{
    authz::Glance,
    service::{members, shell},
};
use rolecall_shared::member::MemberQuery;

use crate::support::{World, answers::Refusal as _, both};

both! {
    async fn the_parts_of_a_page_are_judged_as_of_one_moment_and_the_next_page_anew(world: World) {
        let owner = world.owner().await;
        let ben = owner.enrol("Ben Okafor", "ben@example.org", "Admin").await;
        let list = async |glance: &Glance| {
            let query = MemberQuery::default();
            members::list(&world.app, &ben.caller, glance, &ben.slug, &query).await
        };
        let (page, other) = (Glance::default(), Glance::default());
        list(&page).await.unwrap();
        owner.give_role("ben@example.org", "Viewer").await;
        assert_eq!(list(&page).await.unwrap().rows.len(), 2, "the same page");
        assert_eq!(list(&other).await.denied(), "team:view", "another page");
        assert_eq!(list(&other).await.denied(), "team:view");
        // A refusal gives nothing away to the parts that come later either.
        members::filters(&world.app, &ben.caller, &other, &ben.slug)
            .await
            .denied();
    }

    async fn what_was_found_out_serves_no_other_session_and_no_other_workspace(world: World) {
        let owner = world.owner().await;
        let ben = owner.enrol("Ben Okafor", "ben@example.org", "Viewer").await;
        let other = world.another_owner("ola@example.org", "Elsewhere", "cloud-account").await;
        let page = Glance::default();
        let shell = async |caller, slug| {
            shell::load(&world.app, caller, &page, Some(slug)).await.unwrap().workspace
        };
        assert!(shell(&owner.caller, &owner.slug).await.unwrap().is_owner);
        assert!(!shell(&ben.caller, &ben.slug).await.unwrap().is_owner);
        assert!(shell(&ben.caller, &other.slug).await.is_none());
        let filters = async |who: &crate::support::actors::Person| {
            let found = members::filters(&world.app, &who.caller, &page, &who.slug).await;
            found.unwrap().roles.into_iter().map(|role| role.id).collect::<Vec<_>>()
        };
        assert_ne!(filters(&owner).await, filters(&other).await);
    }
}
