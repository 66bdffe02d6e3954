//! The checked-in list of routes: a new one has to be added here by hand, and thought about.

use crate::world::World;

#[tokio::test]
async fn every_route_is_in_the_list() {
    let world = World::empty().await;
    let found = world.routes().join("\n");
    let listed = include_str!("routes.txt").trim();
    assert_eq!(
        found, listed,
        "tests/http/routes.txt differs; add tests for what is new, then:\n\n{found}\n"
    );
}
