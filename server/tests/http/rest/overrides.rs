//! `/projects/{project}/overrides`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    Api, With, actions,
    people::{NO_IDS, NOTHING, berth, harbor, made, member, names, program},
};
use crate::{browser::Member, program::problem, world::World};

/// A project, and a member in it who may look at instances.
struct Scene {
    world: World,
    ana: Member,
    /// The overrides of the project.
    overrides: String,
    /// That of Ben.
    of_ben: String,
}

impl Scene {
    async fn new() -> Self {
        let (world, ana) = World::with_owner().await;
        let draft = json!({ "draft": { "name": "Storefront", "description": "" } });
        let project = made(&ana, "acme", "create_project", draft).await;
        let ben = member(
            &world,
            &ana,
            "Ben",
            json!(["projects:view", "instances:view"]),
        )
        .await;
        let overrides = format!("/projects/{project}/overrides");
        Self {
            of_ben: format!("{overrides}/{}", ben.member().await),
            overrides,
            world,
            ana,
        }
    }
}

fn grant(permissions: &[&str]) -> With {
    With::body(&json!({ "permissions": permissions }))
}

fn new(permissions: &[&str]) -> With {
    grant(permissions).header("if-none-match", "*")
}

#[tokio::test]
async fn an_override_is_set_read_changed_and_removed() {
    let scene = Scene::new().await;
    let api = program(&scene.world, &scene.ana).await;
    let place = &scene.of_ben;
    problem(&api.get(place).await, 404);
    let made = api
        .put(place, new(&["projects:view", "instances:manage"]))
        .await
        .expect(201);
    let first = made.header("etag").to_owned();
    let read = api.get(place).await.expect(200);
    assert_eq!(read.header("etag"), first);
    let over: Value = read.json();
    let given = ["instances:view", "instances:manage", "projects:view"];
    assert_eq!(over["permissions"], json!(given));
    assert_eq!(
        (&over["set_by"], &over["expires_at"], &over["set_at"]),
        (
            &json!("Ana Ruiz"),
            &Value::Null,
            &json!("2026-11-22T20:00:00Z")
        )
    );
    assert!(place.ends_with(over["member"].as_str().unwrap()));

    let until = json!({ "permissions": [], "expires_at": "2026-11-23T20:00:00Z" });
    let changed = api
        .put(place, With::body(&until).version(&first))
        .await
        .expect(200);
    let second = changed.header("etag").to_owned();
    assert_ne!(first, second);
    let list: Value = api.get(&scene.overrides).await.expect(200).json();
    assert_eq!(names(&list), ["Ben"]);
    assert_eq!(
        (&list["items"][0]["effect"], &list["items"][0]["expires_at"]),
        (&json!("narrower"), &json!("2026-11-23T20:00:00Z"))
    );
    scene.world.wait(TimeDelta::days(2));
    let list: Value = api.get(&scene.overrides).await.json();
    assert_eq!(list["items"][0]["effect"], "ended");

    api.delete(place, With::default().version(&second))
        .await
        .expect(204);
    problem(&api.get(place).await, 404);
    assert!(names(&api.get(&scene.overrides).await.json()).is_empty());
    let trail = actions(&scene.ana).await;
    for action in ["override.set", "override.removed"] {
        assert!(trail.iter().any(|one| one == action), "{action}: {trail:?}");
    }
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let scene = Scene::new().await;
    let api = program(&scene.world, &scene.ana).await;
    let place = &scene.of_ben;
    problem(&api.put(place, grant(&[])).await, 428);
    problem(&api.put(place, grant(&[]).version("*")).await, 428);
    problem(&api.put(place, grant(&[]).version("\"1\"")).await, 412);
    let (one, two) = tokio::join!(api.put(place, new(&[])), api.put(place, new(&[])));
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 412]);
    problem(&api.delete(place, With::default()).await, 428);
    problem(
        &api.delete(place, With::default().version("\"1\"")).await,
        412,
    );
    let tag = api.get(place).await.header("etag").to_owned();
    api.put(place, grant(&["projects:view"]).version(&tag))
        .await
        .expect(200);
    let told = problem(&api.put(place, grant(&[]).version(&tag)).await, 412);
    assert_eq!(told["code"], "precondition_failed");
    let over: Value = api.get(place).await.json();
    assert_eq!(over["permissions"], json!(["projects:view"]));
}

#[tokio::test]
async fn a_token_without_the_permission_is_told_which_is_missing() {
    let scene = Scene::new().await;
    let (world, ana, place) = (&scene.world, &scene.ana, &scene.of_ben);
    let blind = Api::of(world, ana, json!(["projects:view"])).await;
    for path in [place, &scene.overrides] {
        assert_eq!(
            problem(&blind.get(path).await, 403)["permission"],
            "team:view"
        );
    }
    let reader = Api::of(world, ana, json!(["projects:view", "team:view"])).await;
    let answers = [
        reader.put(place, new(&[])).await,
        reader.delete(place, With::default().version("\"1\"")).await,
    ];
    for answer in answers {
        assert_eq!(problem(&answer, 403)["permission"], "team:manage");
    }
    // Without the view of the project it is not there, whoever manages the team.
    let outside = Api::of(world, ana, json!(["team:view", "team:manage"])).await;
    problem(&outside.get(place).await, 404);
    problem(&outside.put(place, new(&[])).await, 404);
    assert!(actions(ana).await.iter().any(|one| one == "access.denied"));
}

#[tokio::test]
async fn a_token_gives_nothing_in_a_project_that_it_does_not_have_there() {
    let scene = Scene::new().await;
    let (world, ana, place) = (&scene.world, &scene.ana, &scene.of_ben);
    let held = json!([
        "projects:view",
        "team:view",
        "team:manage",
        "instances:view"
    ]);
    let api = Api::of(world, ana, held).await;
    let told = problem(&api.put(place, new(&["instances:delete"])).await, 403);
    assert!(
        told["detail"]
            .as_str()
            .unwrap()
            .contains("instances:delete"),
        "{told}"
    );
    let tag = api
        .put(place, new(&[]))
        .await
        .expect(201)
        .header("etag")
        .to_owned();
    // Who holds less than the member does not touch them, neither to lower nor to give back.
    let less = Api::of(
        world,
        ana,
        json!(["projects:view", "team:view", "team:manage"]),
    )
    .await;
    problem(
        &less
            .put(place, grant(&["projects:view"]).version(&tag))
            .await,
        403,
    );
    problem(
        &less.delete(place, With::default().version(&tag)).await,
        403,
    );
    let of_owner = format!("{}/{}", scene.overrides, ana.member().await);
    problem(&api.put(&of_owner, new(&[])).await, 403);
    let whole = program(world, ana).await;
    problem(&whole.put(&of_owner, new(&[])).await, 403);
}

#[tokio::test]
async fn a_token_changes_nothing_that_its_own_member_holds() {
    let scene = Scene::new().await;
    let powers = json!(["team:manage", "tokens:manage", "projects:view", "vpcs:view"]);
    let bea = member(&scene.world, &scene.ana, "Bea", powers).await;
    let own = format!("{}/{}", scene.overrides, bea.member().await);
    let api = program(&scene.world, &bea).await;
    problem(&api.put(&own, new(&[])).await, 403);
    let whole = program(&scene.world, &scene.ana).await;
    let made = whole.put(&own, new(&["projects:view"])).await.expect(201);
    let tag = made.header("etag");
    // Neither more nor less, not for a time, and not away.
    let more: &[&str] = &["projects:view", "vpcs:view"];
    for permissions in [more, &["projects:view"], &[]] {
        problem(&api.put(&own, grant(permissions).version(tag)).await, 403);
    }
    let ending = json!({ "permissions": [], "expires_at": "2026-11-23T20:00:00Z" });
    problem(&api.put(&own, With::body(&ending).version(tag)).await, 403);
    let told = problem(&api.delete(&own, With::default().version(tag)).await, 403);
    assert!(
        told["detail"].as_str().unwrap().contains("API token"),
        "{told}"
    );
}

#[tokio::test]
async fn what_is_not_here_is_a_404_whoever_it_belongs_to() {
    let scene = Scene::new().await;
    let api = program(&scene.world, &scene.ana).await;
    let ola = harbor(&scene.world).await;
    let draft = json!({ "draft": { "name": "Quay", "description": "" } });
    let theirs = made(&ola, "harbor", "create_project", draft).await;
    let stranger = berth(&ola).await;
    let mut places: Vec<String> = [theirs.as_str(), NOTHING]
        .into_iter()
        .chain(NO_IDS)
        .map(|id| format!("/projects/{id}/overrides/{stranger}"))
        .collect();
    let members = [stranger.as_str(), NOTHING].into_iter().chain(NO_IDS);
    places.extend(members.map(|id| format!("{}/{id}", scene.overrides)));
    for place in places {
        for answer in [
            api.get(&place).await,
            api.put(&place, new(&[])).await,
            api.delete(&place, With::default().version("\"1\"")).await,
        ] {
            assert_eq!(problem(&answer, 404)["code"], "not_found", "{place}");
        }
    }
    problem(
        &api.get(&format!("/projects/{theirs}/overrides")).await,
        404,
    );
}

#[tokio::test]
async fn each_mistake_in_a_body_names_its_field() {
    let scene = Scene::new().await;
    let api = program(&scene.world, &scene.ana).await;
    for (body, field) in [
        (json!({}), "permissions"),
        (json!({ "permissions": null }), "permissions"),
        (json!({ "permissions": [7] }), "permissions[0]"),
        (json!({ "permissions": ["instances:fly"] }), "permissions"),
        (json!({ "permissions": ["team:manage"] }), "permissions"),
        (
            json!({ "permissions": [], "expires_at": "2026-11-22T19:59:59Z" }),
            "expires_at",
        ),
        (
            json!({ "permissions": [], "expires_at": "+10000-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (json!({ "permissions": [], "version": 1 }), "version"),
    ] {
        let order = With::body(&body).header("if-none-match", "*");
        let told = problem(&api.put(&scene.of_ben, order).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{body}: {told}");
    }
    let told = problem(
        &api.get(&format!("{}?overridden=true", scene.overrides))
            .await,
        422,
    );
    assert_eq!(told["fields"][0]["field"], "overridden");
}
