//! `…/preview`.

use serde_json::{Value, json};

use super::{
    Api, With, actions,
    people::{NOTHING, made, member, program},
};
use crate::{browser::Member, program::problem, world::World};

/// Things whose change can be asked about, and Ben whom it concerns.
struct Scene {
    world: World,
    ana: Member,
    ben: String,
    role: String,
    group: String,
    over: String,
}

impl Scene {
    async fn new() -> Self {
        let (world, ana) = World::with_owner().await;
        let ben = member(
            &world,
            &ana,
            "Ben",
            json!(["projects:view", "instances:view"]),
        )
        .await;
        let ben = ben.member().await;
        let draft =
            json!({ "name": "Night shift", "description": "", "permissions": ["vpcs:view"] });
        let group = made(&ana, "acme", "create_group", json!({ "draft": draft })).await;
        let draft = json!({ "name": "Storefront", "description": "" });
        let project = made(&ana, "acme", "create_project", json!({ "draft": draft })).await;
        Self {
            role: format!("/roles/{}", ana.role("Role of Ben").await),
            group: format!("/groups/{group}"),
            over: format!("/projects/{project}/overrides/{ben}"),
            ben,
            world,
            ana,
        }
    }

    /// Every preview, and what it is asked with.
    async fn all(&self) -> Vec<(String, Value)> {
        let viewer = self.ana.role("Viewer").await;
        let (role, group, over) = (&self.role, &self.group, &self.over);
        vec![
            (format!("{role}/preview"), json!({ "permissions": [] })),
            (
                format!("{role}/preview/deletion"),
                json!({ "replacement": viewer }),
            ),
            (
                format!("{group}/preview"),
                json!({ "permissions": ["vpcs:delete"] }),
            ),
            (format!("{group}/preview/deletion"), Value::Null),
            (
                format!("{group}/preview/joining"),
                json!({ "members": [self.ben] }),
            ),
            (format!("{over}/preview"), json!({ "permissions": [] })),
            (format!("{over}/preview/removal"), Value::Null),
        ]
    }
}

fn with(body: &Value) -> With {
    if body.is_null() {
        With::default()
    } else {
        With::body(body)
    }
}

#[tokio::test]
async fn a_preview_tells_who_gains_and_who_loses_and_changes_nothing() {
    let scene = Scene::new().await;
    let api = program(&scene.world, &scene.ana).await;
    let lowered = json!({ "permissions": ["projects:view"] });
    let lowered = With::body(&lowered).header("if-none-match", "*");
    api.put(&scene.over, lowered).await.expect(201);
    let before = actions(&scene.ana).await;
    for (path, body) in scene.all().await {
        let told: Value = api.post(&path, with(&body)).await.expect(200).json();
        assert_eq!(told["refused"], Value::Null, "{path}: {told}");
    }
    let order = json!({ "permissions": ["instances:view", "vpcs:view"] });
    let path = format!("{}/preview", scene.role);
    let told: Value = api.post(&path, With::body(&order)).await.json();
    assert_eq!(
        (&told["gaining"], &told["losing"], &told["changed"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let ben = &told["people"][0];
    assert_eq!(
        (&ben["id"], &ben["gained"], &ben["lost"]),
        (
            &json!(scene.ben),
            &json!(["vpcs:view"]),
            &json!(["projects:view"])
        )
    );
    assert_eq!(told["permissions"].as_array().unwrap().len(), 2, "{told}");
    let role: Value = api.get(&scene.role).await.json();
    assert_eq!(role["version"], 1);
    assert_eq!(actions(&scene.ana).await, before);
}

#[tokio::test]
async fn a_preview_says_what_the_change_would_be_refused_with() {
    let scene = Scene::new().await;
    let held = json!(["team:view", "team:manage", "projects:view"]);
    let api = Api::of(&scene.world, &scene.ana, held).await;
    let order = With::body(&json!({ "permissions": ["vpcs:view", "instances:delete"] }));
    let path = format!("{}/preview", scene.group);
    let told: Value = api.post(&path, order).await.expect(200).json();
    let why = told["refused"].as_str().unwrap();
    assert!(why.contains("instances:delete"), "{told}");
}

#[tokio::test]
async fn who_does_not_manage_the_team_foresees_nothing() {
    let scene = Scene::new().await;
    let all = json!(["team:view", "projects:view"]);
    let reader = Api::of(&scene.world, &scene.ana, all).await;
    let outside = Api::of(&scene.world, &scene.ana, json!(["team:manage"])).await;
    for (path, body) in scene.all().await {
        let told = problem(&reader.post(&path, with(&body)).await, 403);
        assert_eq!(told["permission"], "team:manage", "{path}");
        if path.starts_with("/projects/") {
            problem(&outside.post(&path, with(&body)).await, 404);
        }
    }
    let api = program(&scene.world, &scene.ana).await;
    for place in ["/roles", "/groups"] {
        for id in [NOTHING, "none"] {
            let order = With::body(&json!({ "permissions": [] }));
            problem(
                &api.post(&format!("{place}/{id}/preview"), order).await,
                404,
            );
        }
    }
}

#[tokio::test]
async fn each_mistake_in_what_is_foreseen_names_its_field() {
    let scene = Scene::new().await;
    let api = program(&scene.world, &scene.ana).await;
    let (role, group, over) = (&scene.role, &scene.group, &scene.over);
    for (path, body, field) in [
        (format!("{role}/preview"), json!({}), "permissions"),
        (
            format!("{role}/preview"),
            json!({ "permissions": ["team:fly"] }),
            "permissions",
        ),
        (
            format!("{role}/preview/deletion"),
            json!({ "replacement": 7 }),
            "replacement",
        ),
        (
            format!("{group}/preview"),
            json!({ "permissions": [], "name": "X" }),
            "name",
        ),
        (
            format!("{group}/preview/joining"),
            json!({ "members": [] }),
            "members",
        ),
        (
            format!("{over}/preview"),
            json!({ "permissions": ["team:manage"] }),
            "permissions",
        ),
        (
            format!("{over}/preview"),
            json!({ "permissions": [], "expires_at": "2020-01-01T00:00:00Z" }),
            "expires_at",
        ),
    ] {
        let told = problem(&api.post(&path, With::body(&body)).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{path} {body}: {told}");
    }
}
