//! `/projects`, and who reaches how far in them.

use serde_json::{Value, json};

use super::{
    ACME, Api, With, actions,
    people::{NO_IDS, NOTHING, harbor, made, member, names, program},
};
use crate::{
    browser::Member,
    program::problem,
    world::{ORIGIN, World},
};

fn draft(name: &str) -> Value {
    json!({ "name": name, "description": "For tests" })
}

async fn project(ana: &Member, name: &str) -> String {
    let order = json!({ "draft": draft(name) });
    made(ana, "acme", "create_project", order).await
}

#[tokio::test]
async fn a_project_is_made_read_changed_and_deleted() {
    let (world, ana) = World::with_owner().await;
    let permissions = json!(["projects:view", "projects:manage", "projects:delete"]);
    let api = Api::of(&world, &ana, permissions).await;
    let place = Api::made(
        &api.post("/projects", With::body(&draft("Storefront")))
            .await,
    );
    let read = api.get(&place).await.expect(200);
    assert!(read.header("etag").starts_with("\"1."));
    let project: Value = read.json();
    assert_eq!(
        (
            &project["name"],
            &project["created_by"],
            &project["created_at"]
        ),
        (
            &json!("Storefront"),
            &json!("Ana Ruiz"),
            &json!("2026-11-22T20:00:00Z")
        )
    );
    let may = ["projects:view", "projects:manage", "projects:delete"];
    assert_eq!(project["permissions"], json!(may));
    let change = With::body(&json!({ "name": "Shop" })).version("\"1\"");
    let changed = api.put(&place, change).await.expect(200);
    assert!(changed.header("etag").starts_with("\"2."));
    assert_eq!(changed.json::<Value>()["name"], "Shop");
    let list: Value = api.get("/projects").await.expect(200).json();
    assert_eq!(names(&list), ["Shop"]);
    assert_eq!(list["items"][0]["description"], "");
    api.delete(&place, With::default().version("\"2\""))
        .await
        .expect(204);
    problem(&api.get(&place).await, 404);
    let trail = actions(&ana).await;
    for action in ["project.created", "project.updated", "project.deleted"] {
        assert!(trail.iter().any(|one| one == action), "{action}: {trail:?}");
    }
}

#[tokio::test]
async fn many_projects_come_in_pages_that_lead_to_each_other() {
    let (world, ana) = World::with_owner().await;
    for number in 0..51 {
        project(&ana, &format!("Shop {number:02}")).await;
    }
    project(&ana, "Warehouse").await;
    let api = Api::of(&world, &ana, json!(["projects:view"])).await;
    let first = api.get("/projects?search=shop").await.expect(200);
    let list: Value = first.json();
    assert_eq!(names(&list).len(), 50);
    let cursor = list["next"].as_str().unwrap();
    let next = first.header("link").strip_prefix('<').unwrap();
    let next = next.strip_suffix(">; rel=\"next\"").unwrap();
    let next = next.strip_prefix(&format!("{ORIGIN}{ACME}")).unwrap();
    assert!(next.starts_with("/projects?search=shop&cursor="), "{next}");
    assert!(cursor.len() > 4);
    let second = api.get(next).await.expect(200);
    let list: Value = second.json();
    assert_eq!(
        (names(&list), &list["next"]),
        (vec!["Shop 50"], &Value::Null)
    );
    assert_eq!(second.header("link"), "");
    for (query, field) in [
        ("cursor=x", "cursor"),
        ("limit=5", "limit"),
        ("search=a&search=b", "search"),
    ] {
        let told = problem(&api.get(&format!("/projects?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
}

#[tokio::test]
async fn what_a_token_may_not_see_is_not_there_and_what_it_may_not_do_is_named() {
    let (world, ana) = World::with_owner().await;
    let id = project(&ana, "Storefront").await;
    let (place, people) = (format!("/projects/{id}"), format!("/projects/{id}/members"));
    let blind = Api::of(&world, &ana, json!(["team:view"])).await;
    problem(&blind.get(&place).await, 404);
    problem(&blind.get(&people).await, 404);
    assert!(names(&blind.get("/projects").await.expect(200).json()).is_empty());

    let reader = Api::of(&world, &ana, json!(["projects:view"])).await;
    assert_eq!(
        problem(&reader.get(&people).await, 403)["permission"],
        "team:view"
    );
    let order = || With::body(&draft("No")).version("\"1\"");
    for (answer, lacks) in [
        (reader.post("/projects", order()).await, "projects:manage"),
        (reader.put(&place, order()).await, "projects:manage"),
        (reader.delete(&place, order()).await, "projects:delete"),
    ] {
        assert_eq!(problem(&answer, 403)["permission"], lacks);
    }
    assert!(actions(&ana).await.iter().any(|one| one == "access.denied"));
    let token =
        json!({ "name": "One", "days": 30, "permissions": ["projects:view"], "project": id });
    let order = json!({ "slug": "acme", "draft": token });
    let answer: Value = ana.call("create_token", order).await.expect(200).json();
    project(&ana, "Warehouse").await;
    let narrow = crate::program::Program::new(&world, answer["secret"].as_str().unwrap());
    assert_eq!(
        names(&Api(narrow).get("/projects").await.json()),
        ["Storefront"]
    );
}

#[tokio::test]
async fn what_is_not_here_is_a_404_whoever_it_belongs_to() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    let ola = harbor(&world).await;
    let order = json!({ "draft": draft("Quay") });
    let theirs = made(&ola, "harbor", "create_project", order).await;
    for id in [theirs.as_str(), NOTHING].into_iter().chain(NO_IDS) {
        let place = format!("/projects/{id}");
        let order = || With::body(&draft("X")).version("\"1\"");
        for answer in [
            api.get(&place).await,
            api.get(&format!("{place}/members")).await,
            api.put(&place, order()).await,
            api.delete(&place, order()).await,
        ] {
            assert_eq!(problem(&answer, 404)["code"], "not_found", "{place}");
        }
    }
}

#[tokio::test]
async fn the_same_key_makes_one_project() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    let order = || With::body(&draft("Once")).key("order-1");
    let (one, two) = tokio::join!(
        api.post("/projects", order()),
        api.post("/projects", order())
    );
    assert_eq!(Api::made(&one), Api::made(&two));
    let told = problem(
        &api.post("/projects", With::body(&draft("Other")).key("order-1"))
            .await,
        422,
    );
    assert_eq!(told["fields"][0]["field"], "Idempotency-Key");
    // A group is another order, also with the same words.
    let group = json!({ "name": "Once", "permissions": [] });
    problem(
        &api.post("/groups", With::body(&group).key("order-1")).await,
        422,
    );
    assert_eq!(names(&api.get("/projects").await.json()), ["Once"]);
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    let place = format!("/projects/{}", project(&ana, "Storefront").await);
    problem(&api.put(&place, With::body(&draft("A"))).await, 428);
    problem(&api.delete(&place, With::default()).await, 428);
    let change = |name: &str| With::body(&draft(name)).version("\"1\"");
    api.put(&place, change("First")).await.expect(200);
    problem(&api.put(&place, change("Second")).await, 412);
    problem(
        &api.delete(&place, With::default().version("\"1\"")).await,
        412,
    );
    assert_eq!(api.get(&place).await.json::<Value>()["name"], "First");
}

#[tokio::test]
async fn a_project_with_resources_stays() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    let place = format!("/projects/{}", project(&ana, "Storefront").await);
    let thing = json!({ "service": "instances", "name": "web-1" });
    let made = Api::made(
        &api.post(&format!("{place}/resources"), With::body(&thing))
            .await,
    );
    let told = problem(
        &api.delete(&place, With::default().version("\"1\"")).await,
        409,
    );
    assert!(
        told["detail"].as_str().unwrap().contains("1 resource"),
        "{told}"
    );
    api.delete(&made, With::default().version("\"1\""))
        .await
        .expect(204);
    api.delete(&place, With::default().version("\"1\""))
        .await
        .expect(204);
}

#[tokio::test]
async fn members_are_listed_with_how_far_they_reach() {
    let (world, ana) = World::with_owner().await;
    let id = project(&ana, "Storefront").await;
    let ben = member(
        &world,
        &ana,
        "Ben",
        json!(["projects:view", "instances:view"]),
    )
    .await;
    let api = program(&world, &ana).await;
    let over = format!("/projects/{id}/overrides/{}", ben.member().await);
    let lowered = With::body(&json!({ "permissions": [] })).header("if-none-match", "*");
    api.put(&over, lowered).await.expect(201);
    let people = format!("/projects/{id}/members");
    let list: Value = api.get(&people).await.expect(200).json();
    assert_eq!(names(&list), ["Ana Ruiz", "Ben"]);
    let (owner, ben) = (&list["items"][0], &list["items"][1]);
    assert_eq!(
        (&owner["is_owner"], &owner["override"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(
        owner["effective"]["view"]["held"],
        owner["effective"]["view"]["of"]
    );
    assert_eq!(
        (
            &ben["base"]["view"]["held"],
            &ben["effective"]["view"]["held"]
        ),
        (&json!(2), &json!(0))
    );
    assert_eq!(
        (&ben["effect"], &ben["override"]["permissions"]),
        (&json!("narrower"), &json!([]))
    );
    assert_eq!(
        (&ben["status"], &ben["role"]),
        (&json!("active"), &json!("Role of Ben"))
    );
    let list: Value = api.get(&format!("{people}?overridden=true")).await.json();
    assert_eq!(names(&list), ["Ben"]);
    assert!(names(&api.get(&format!("{people}?search=zoe")).await.json()).is_empty());
    for (query, field) in [
        ("overridden=maybe", "overridden"),
        ("cursor=x", "cursor"),
        ("role=x", "role"),
    ] {
        let told = problem(&api.get(&format!("{people}?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
}

#[tokio::test]
async fn each_mistake_in_a_body_names_its_field() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    project(&ana, "Taken").await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({ "name": null }), "name"),
        (json!({ "name": " " }), "name"),
        (json!({ "name": "A".repeat(500) }), "name"),
        (json!({ "name": "taken" }), "name"),
        (json!({ "name": "A", "description": 7 }), "description"),
        (
            json!({ "name": "A", "description": "x".repeat(5_000) }),
            "description",
        ),
        (json!({ "name": "A", "created_by": "Ben" }), "created_by"),
    ] {
        let told = problem(&api.post("/projects", With::body(&body)).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{body}: {told}");
    }
}
