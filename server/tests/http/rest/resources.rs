//! `/projects/{project}/resources`.

use serde_json::{Value, json};

use super::{
    Api, With, actions,
    people::{NO_IDS, NOTHING, harbor, made, names, program},
};
use crate::{browser::Member, program::problem, world::World};

fn thing(service: &str, name: &str) -> Value {
    json!({ "service": service, "name": name })
}

/// The resources of a new project.
async fn resources(of: &Member, slug: &str, name: &str) -> String {
    let draft = json!({ "draft": { "name": name, "description": "" } });
    let id = made(of, slug, "create_project", draft).await;
    format!("/projects/{id}/resources")
}

#[tokio::test]
async fn a_resource_is_made_read_changed_and_deleted() {
    let (world, ana) = World::with_owner().await;
    let all = resources(&ana, "acme", "Storefront").await;
    let permissions = json!(["projects:view", "instances:manage", "instances:delete"]);
    let api = Api::of(&world, &ana, permissions).await;
    let order = json!({
        "service": "instances", "name": "web-1", "external_id": "i-1", "attributes": { "region": "eu" },
    });
    let place = Api::made(&api.post(&all, With::body(&order)).await);
    let read = api.get(&place).await.expect(200);
    assert!(read.header("etag").starts_with("\"1."));
    let resource: Value = read.json();
    for (field, is) in [
        ("service", json!("instances")),
        ("name", json!("web-1")),
        ("external_id", json!("i-1")),
        ("attributes", json!({ "region": "eu" })),
        ("created_by", json!("Ana Ruiz")),
        ("created_at", json!("2026-11-22T20:00:00Z")),
        ("version", json!(1)),
    ] {
        assert_eq!(resource[field], is, "{field}");
    }
    let change = With::body(&thing("instances", "web-2")).version("\"1\"");
    let changed = api.put(&place, change).await.expect(200);
    assert!(changed.header("etag").starts_with("\"2."));
    let resource: Value = changed.json();
    assert_eq!(
        (&resource["external_id"], &resource["attributes"]),
        (&Value::Null, &json!({}))
    );
    assert_eq!(names(&api.get(&all).await.expect(200).json()), ["web-2"]);
    api.delete(&place, With::default().version("\"2\""))
        .await
        .expect(204);
    problem(&api.get(&place).await, 404);
    let trail = actions(&ana).await;
    for action in ["resource.created", "resource.updated", "resource.deleted"] {
        assert!(trail.iter().any(|one| one == action), "{action}: {trail:?}");
    }
}

#[tokio::test]
async fn resources_are_found_by_name_and_by_service() {
    let (world, ana) = World::with_owner().await;
    let all = resources(&ana, "acme", "Storefront").await;
    let api = program(&world, &ana).await;
    for (service, name) in [
        ("instances", "web-1"),
        ("instances", "web-2"),
        ("databases", "web-db"),
    ] {
        Api::made(&api.post(&all, With::body(&thing(service, name))).await);
    }
    let list =
        async |query: &str| -> Value { api.get(&format!("{all}{query}")).await.expect(200).json() };
    assert_eq!(names(&list("").await), ["web-1", "web-2", "web-db"]);
    assert_eq!(names(&list("?service=databases").await), ["web-db"]);
    assert_eq!(
        names(&list("?search=web-2&service=instances").await),
        ["web-2"]
    );
    problem(&api.get(&format!("{all}?service=none")).await, 404);
    for (query, field) in [("cursor=x", "cursor"), ("sort=name", "sort")] {
        let told = problem(&api.get(&format!("{all}?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
}

#[tokio::test]
async fn each_service_has_its_own_permissions() {
    let (world, ana) = World::with_owner().await;
    let all = resources(&ana, "acme", "Storefront").await;
    let whole = program(&world, &ana).await;
    let place = Api::made(
        &whole
            .post(&all, With::body(&thing("instances", "web-1")))
            .await,
    );
    let order = || With::body(&thing("instances", "web-2")).version("\"1\"");

    let reader = Api::of(&world, &ana, json!(["projects:view", "instances:view"])).await;
    assert_eq!(names(&reader.get(&all).await.json()), ["web-1"]);
    for (answer, lacks) in [
        (reader.post(&all, order()).await, "instances:manage"),
        (reader.put(&place, order()).await, "instances:manage"),
        (reader.delete(&place, order()).await, "instances:delete"),
        (
            reader.get(&format!("{all}?service=databases")).await,
            "databases:view",
        ),
    ] {
        assert_eq!(problem(&answer, 403)["permission"], lacks);
    }
    assert!(actions(&ana).await.iter().any(|one| one == "access.denied"));
    // Of a row that a token may not look at nothing is there.
    let other = Api::of(&world, &ana, json!(["projects:view", "databases:delete"])).await;
    assert!(names(&other.get(&all).await.json()).is_empty());
    let hidden = [
        other.get(&place).await,
        other.put(&place, order()).await,
        other.delete(&place, order()).await,
    ];
    for answer in hidden {
        problem(&answer, 404);
    }
    let outside = Api::of(&world, &ana, json!(["instances:delete"])).await;
    problem(&outside.get(&all).await, 404);
    problem(&outside.get(&place).await, 404);
    problem(&outside.post(&all, order()).await, 404);
}

#[tokio::test]
async fn what_is_not_here_is_a_404_whoever_it_belongs_to() {
    let (world, ana) = World::with_owner().await;
    let ours = resources(&ana, "acme", "Storefront").await;
    let beside = resources(&ana, "acme", "Warehouse").await;
    let api = program(&world, &ana).await;
    let own = Api::made(
        &api.post(&beside, With::body(&thing("instances", "web-1")))
            .await,
    );
    let own = own.rsplit('/').next().unwrap().to_owned();
    let ola = harbor(&world).await;
    let theirs = resources(&ola, "harbor", "Quay").await;
    let project = theirs.split('/').nth(2).unwrap().to_owned();
    let draft =
        json!({ "service": "instances", "name": "ship", "external_id": "", "attributes": [] });
    let order = json!({ "project": project, "draft": draft });
    let ship = made(&ola, "harbor", "create_resource", order).await;
    let mut places = vec![
        format!("{theirs}/{ship}"),
        format!("/projects/{NOTHING}/resources/{ship}"),
    ];
    // One of another project of ours is not in this one.
    let ids = [ship.as_str(), own.as_str(), NOTHING]
        .into_iter()
        .chain(NO_IDS);
    places.extend(ids.map(|id| format!("{ours}/{id}")));
    let order = || With::body(&thing("instances", "X")).version("\"1\"");
    for place in places {
        for answer in [
            api.get(&place).await,
            api.put(&place, order()).await,
            api.delete(&place, order()).await,
        ] {
            assert_eq!(problem(&answer, 404)["code"], "not_found", "{place}");
        }
    }
    for all in [theirs.as_str(), "/projects/none/resources"] {
        problem(&api.get(all).await, 404);
        problem(&api.post(all, order()).await, 404);
    }
}

#[tokio::test]
async fn the_same_key_makes_one_resource() {
    let (world, ana) = World::with_owner().await;
    let all = resources(&ana, "acme", "Storefront").await;
    let beside = resources(&ana, "acme", "Warehouse").await;
    let api = program(&world, &ana).await;
    let order = || With::body(&thing("instances", "web-1")).key("order-1");
    let (one, two) = tokio::join!(api.post(&all, order()), api.post(&all, order()));
    assert_eq!(Api::made(&one), Api::made(&two));
    // The same words for another project are another order.
    problem(&api.post(&beside, order()).await, 422);
    let other = With::body(&thing("instances", "web-2")).key("order-1");
    problem(&api.post(&all, other).await, 422);
    assert_eq!(names(&api.get(&all).await.json()), ["web-1"]);
    assert!(names(&api.get(&beside).await.json()).is_empty());
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let (world, ana) = World::with_owner().await;
    let all = resources(&ana, "acme", "Storefront").await;
    let api = program(&world, &ana).await;
    let place = Api::made(
        &api.post(&all, With::body(&thing("instances", "web-1")))
            .await,
    );
    let change = |name: &str| With::body(&thing("instances", name));
    problem(&api.put(&place, change("A")).await, 428);
    problem(&api.delete(&place, With::default()).await, 428);
    api.put(&place, change("first").version("\"1\""))
        .await
        .expect(200);
    problem(
        &api.put(&place, change("second").version("\"1\"")).await,
        412,
    );
    problem(
        &api.delete(&place, With::default().version("\"1\"")).await,
        412,
    );
    assert_eq!(api.get(&place).await.json::<Value>()["name"], "first");
}

#[tokio::test]
async fn each_mistake_in_a_body_names_its_field() {
    let (world, ana) = World::with_owner().await;
    let all = resources(&ana, "acme", "Storefront").await;
    let api = program(&world, &ana).await;
    let taken = json!({ "service": "instances", "name": "web-1", "external_id": "i-1" });
    let place = Api::made(&api.post(&all, With::body(&taken)).await);
    let with = |field: &str, value: Value| {
        let mut body = thing("instances", "web-2");
        body[field] = value;
        body
    };
    let many: Value = (0..33)
        .map(|n| (format!("k{n}"), json!("v")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    for (body, field) in [
        (json!({ "name": "web-2" }), "service"),
        (json!({ "service": "instances" }), "name"),
        (with("service", json!("none")), "service"),
        (with("service", json!("team")), "service"),
        (with("service", Value::Null), "service"),
        (with("name", json!("")), "name"),
        (with("name", json!(["x"])), "name"),
        (with("external_id", json!("i-1")), "external_id"),
        (with("external_id", json!("x".repeat(201))), "external_id"),
        (with("external_id", json!(1)), "external_id"),
        (with("attributes", json!([])), "attributes"),
        (
            with("attributes", json!({ "region": 1 })),
            "attributes.region",
        ),
        (with("attributes", json!({ "": "x" })), "attributes"),
        (with("attributes", many), "attributes"),
        (with("project", json!(NOTHING)), "project"),
    ] {
        let told = problem(&api.post(&all, With::body(&body)).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{body}: {told}");
    }
    let moved = With::body(&thing("databases", "web-1")).version("\"1\"");
    let told = problem(&api.put(&place, moved).await, 422);
    assert_eq!(told["fields"][0]["field"], "service");
}
