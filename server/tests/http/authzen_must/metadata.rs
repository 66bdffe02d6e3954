//! What the decision point says of itself (AuthZEN §9).

use serde_json::{Value, json};

use super::{RESOURCES, Scene, metadata, with};
use crate::world::{Wishes, World};

// §9.1.1, §9.2, §9.2.3
#[tokio::test]
async fn the_metadata_has_what_is_required() {
    let world = World::with(Wishes {
        public_url: Some("https://access.example.org"),
        ..Wishes::default()
    })
    .await;
    let answer = metadata(&world, "access.example.org", "GET").await;
    let told: Value = answer.expect(200).json();
    // The identifier is what the well-known address was made of.
    assert_eq!(told["policy_decision_point"], "https://access.example.org");
    let evaluation = told["access_evaluation_endpoint"].as_str().unwrap();
    assert_eq!(
        evaluation,
        "https://access.example.org/access/v1/evaluation"
    );
}

// §9.2.1, §9.2.2
#[tokio::test]
async fn the_metadata_is_a_json_object_for_get() {
    let world = World::empty().await;
    let answer = metadata(&world, "127.0.0.1:3000", "GET").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let told: Value = answer.json();
    let registered = [
        "access_evaluation_endpoint",
        "access_evaluations_endpoint",
        "policy_decision_point",
        "search_action_endpoint",
        "search_resource_endpoint",
        "search_subject_endpoint",
    ];
    let told = told.as_object().unwrap();
    assert_eq!(told.keys().collect::<Vec<_>>(), registered);
    assert!(
        told.values()
            .all(|value| value.as_str().is_some_and(|text| !text.is_empty()))
    );
    for method in ["POST", "PUT", "DELETE"] {
        let answer = metadata(&world, "127.0.0.1:3000", method).await;
        assert!(
            answer.status.is_client_error(),
            "{method}: {}",
            answer.status
        );
    }
}

// §8.2.1, §9.1.3
#[tokio::test]
async fn no_capability_is_declared_that_is_not_there() {
    let scene = Scene::set().await;
    let answer = metadata(&scene.world, "127.0.0.1:3000", "GET").await;
    let told: Value = answer.expect(200).json();
    for name in ["capabilities", "supported_capabilities", "signed_metadata"] {
        assert!(told.get(name).is_none(), "{name}");
    }
    // What others specify for pages is unknown here, and so without effect.
    let good = scene.question();
    let page = json!({ "sort": "name", "properties": { "filter": "x" } });
    let asked = with(&good, "/page", page);
    let plain = scene.found(RESOURCES, good).await;
    assert_eq!(scene.found(RESOURCES, asked).await, plain);
}
