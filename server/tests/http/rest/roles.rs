//! `/roles`.

use serde_json::{Value, json};

use super::{Api, With, actions};
use crate::{program::problem, world::World};

fn draft(name: &str, permissions: &[&str]) -> Value {
    json!({ "name": name, "description": "For tests", "permissions": permissions })
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_role_is_made_read_changed_and_deleted() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(
        &world,
        &ana,
        json!(["team:view", "team:manage", "instances:view"]),
    )
    .await;
    let made = api
        .post("/roles", With::body(&draft("Reader", &["instances:view"])))
        .await;
    let place = Api::made(&made);

    let read = api.get(&place).await.expect(200);
    let role: Value = read.json();
    assert_eq!(
        (&role["name"], &role["version"], &role["built_in"]),
        (&json!("Reader"), &json!(1), &json!(false))
    );
    assert_eq!(role["permissions"], json!(["instances:view"]));
    assert!(read.header("etag").starts_with("\"1."));
    let list: Value = api.get("/roles").await.expect(200).json();
    assert_eq!(names(&list), ["Admin", "Operator", "Viewer", "Reader"]);
    assert_eq!(list["next"], Value::Null);

    let changed = With::body(&draft("Watcher", &["team:view"])).version("\"1\"");
    let changed = api.put(&place, changed).await.expect(200);
    assert!(changed.header("etag").starts_with("\"2."));
    assert_eq!(changed.json::<Value>()["permissions"], json!(["team:view"]));

    api.delete(&place, With::default().version("\"2\""))
        .await
        .expect(204);
    problem(&api.get(&place).await, 404);
    let trail = actions(&ana).await;
    for action in ["role.created", "role.updated", "role.deleted"] {
        assert!(
            trail.iter().any(|one| one == action),
            "{action} is not in {trail:?}"
        );
    }
}

#[tokio::test]
async fn a_token_without_the_permission_is_told_which_is_missing() {
    let (world, ana) = World::with_owner().await;
    let reader = Api::of(&world, &ana, json!(["team:view"])).await;
    let told = problem(
        &reader.post("/roles", With::body(&draft("No", &[]))).await,
        403,
    );
    assert_eq!(told["permission"], "team:manage");
    let blind = Api::of(&world, &ana, json!(["audit:view"])).await;
    let told = problem(&blind.get("/roles").await, 403);
    assert_eq!(
        (&told["permission"], &told["code"]),
        (&json!("team:view"), &json!("not_allowed"))
    );
    assert!(actions(&ana).await.iter().any(|one| one == "access.denied"));
}

#[tokio::test]
async fn a_token_gives_nothing_that_it_does_not_have() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let told = problem(
        &api.post("/roles", With::body(&draft("More", &["instances:view"])))
            .await,
        403,
    );
    assert_eq!(told["permission"], "instances:view");
    let place = Api::made(
        &api.post("/roles", With::body(&draft("Less", &["team:view"])))
            .await,
    );
    let more = With::body(&draft("Less", &["team:view", "instances:view"])).version("\"1\"");
    problem(&api.put(&place, more).await, 403);
    let copy = json!({ "name": "Copy", "permissions": ["billing:view"], "clone_of": null });
    problem(&api.post("/roles", With::body(&copy)).await, 403);
}

#[tokio::test]
async fn what_is_not_here_is_a_404_whoever_it_belongs_to() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let strange = "/roles/0196f0a0-0000-7000-8000-000000000000";
    let unknown = problem(&api.get(strange).await, 404);
    for place in ["/roles/none", "/roles/%00", "/roles/7"] {
        assert_eq!(
            problem(&api.get(place).await, 404)["code"],
            unknown["code"],
            "{place}"
        );
    }
    let version = || With::body(&draft("X", &[])).version("\"1\"");
    problem(&api.put(strange, version()).await, 404);
    problem(
        &api.delete(strange, With::default().version("\"1\"")).await,
        404,
    );
}

#[tokio::test]
async fn the_same_key_makes_one_role_and_another_request_with_it_none() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let order = || With::body(&draft("Once", &["team:view"])).key("order-1");
    let (one, two) = tokio::join!(api.post("/roles", order()), api.post("/roles", order()));
    assert_eq!(Api::made(&one), Api::made(&two));
    assert_eq!(
        Api::made(&api.post("/roles", order()).await),
        Api::made(&one)
    );
    let other = With::body(&draft("Other", &["team:view"])).key("order-1");
    let told = problem(&api.post("/roles", other).await, 422);
    assert_eq!(told["fields"][0]["field"], "Idempotency-Key");
    // The key of another program is another key.
    let second = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let told = problem(&second.post("/roles", order()).await, 422);
    assert_eq!(told["fields"][0]["field"], "name");
    let list: Value = api.get("/roles").await.json();
    assert_eq!(names(&list).len(), 4);
    for bad in ["", "ä", &"k".repeat(256)] {
        problem(
            &api.post("/roles", With::body(&draft("Bad", &[])).key(bad))
                .await,
            422,
        );
    }
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let place = Api::made(
        &api.post("/roles", With::body(&draft("Reader", &["team:view"])))
            .await,
    );
    let told = problem(&api.put(&place, With::body(&draft("A", &[]))).await, 428);
    assert_eq!(told["code"], "precondition_required");
    problem(&api.delete(&place, With::default()).await, 428);
    let change = |name: &str| With::body(&draft(name, &["team:view"])).version("\"1\"");
    api.put(&place, change("First")).await.expect(200);
    let told = problem(&api.put(&place, change("Second")).await, 412);
    assert_eq!(told["code"], "precondition_failed");
    problem(
        &api.delete(&place, With::default().version("\"1\"")).await,
        412,
    );
    assert_eq!(api.get(&place).await.json::<Value>()["name"], "First");
}

#[tokio::test]
async fn a_role_of_the_template_stays_as_it_is() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let list: Value = api.get("/roles").await.json();
    let admin = format!("/roles/{}", list["items"][0]["id"].as_str().unwrap());
    let tag = api.get(&admin).await.header("etag").to_owned();
    let told = problem(
        &api.put(&admin, With::body(&draft("A", &[])).version(&tag))
            .await,
        409,
    );
    assert!(
        told["detail"].as_str().unwrap().contains("Built-in"),
        "{told}"
    );
    problem(
        &api.delete(&admin, With::default().version(&tag)).await,
        409,
    );
}

#[tokio::test]
async fn a_role_that_somebody_has_needs_another_one_for_them() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let place = Api::made(
        &api.post("/roles", With::body(&draft("Reader", &["team:view"])))
            .await,
    );
    let sent = ana.invite("ben@example.org", "Reader").await;
    world.stranger().join(&sent, "Ben Okafor").await;
    let told = problem(
        &api.delete(&place, With::default().version("\"1\"")).await,
        422,
    );
    assert_eq!(told["fields"][0]["field"], "replacement");
    let other = Api::made(
        &api.post("/roles", With::body(&draft("Other", &["team:view"])))
            .await,
    );
    let id = other.strip_prefix("/roles/").unwrap();
    let with = format!("{place}?replacement={id}");
    api.delete(&with, With::default().version("\"1\""))
        .await
        .expect(204);
    assert_eq!(api.get(&other).await.json::<Value>()["members"], 1);
}

#[tokio::test]
async fn each_mistake_in_a_body_names_its_field() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({ "name": "A" }), "permissions"),
        (json!({ "name": null, "permissions": [] }), "name"),
        (json!({ "name": "", "permissions": [] }), "name"),
        (
            json!({ "name": "A".repeat(500), "permissions": [] }),
            "name",
        ),
        (json!({ "name": "Admin", "permissions": [] }), "name"),
        (
            json!({ "name": "A", "permissions": "team:view" }),
            "permissions",
        ),
        (json!({ "name": "A", "permissions": [7] }), "permissions[0]"),
        (
            json!({ "name": "A", "permissions": ["team:fly"] }),
            "permissions",
        ),
        (
            json!({ "name": "A", "permissions": ["billing:delete"] }),
            "permissions",
        ),
        (
            json!({ "name": "A", "permissions": [], "version": 9 }),
            "version",
        ),
        (
            json!({ "name": "A", "permissions": [], "workspace_id": "x" }),
            "workspace_id",
        ),
        (
            json!({ "name": "A", "permissions": [], "clone_of": "x" }),
            "clone_of",
        ),
    ] {
        let told = problem(&api.post("/roles", With::body(&body)).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{body}: {told}");
    }
    assert_eq!(names(&api.get("/roles").await.json()).len(), 3);
}
