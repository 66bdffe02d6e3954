//! `/workspaces`, the template and the settings.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    ACME, Api, With, actions,
    people::{NOTHING, member, names, program},
};
use crate::{program::problem, world::World};

#[tokio::test]
async fn a_program_finds_out_where_it_is_and_what_it_may_do() {
    let (world, ana) = World::with_owner().await;
    world
        .add_workspace("Ola Berg", "ola@example.org", "Harbor")
        .await;
    let api = Api::of(&world, &ana, json!(["team:manage", "instances:view"])).await;
    let all = api
        .send(Method::GET, "/api/v1/workspaces", With::default())
        .await
        .expect(200);
    let list: Value = all.json();
    assert_eq!(names(&list), ["Acme"]);
    let one: Value = api.get("").await.expect(200).json();
    assert_eq!(one, list["items"][0]);
    assert_eq!(
        (&one["slug"], &one["template"]["key"], &one["member"]),
        (
            &json!("acme"),
            &json!("cloud-account"),
            &json!(ana.member().await)
        )
    );
    let may = json!(["instances:view", "team:view", "team:manage"]);
    assert_eq!(one["permissions"], may);
    let strange = api
        .send(Method::GET, "/api/v1/workspaces/harbor", With::default())
        .await;
    problem(&strange, 404);
    let query = api
        .send(Method::POST, "/api/v1/workspaces", With::body(&json!({})))
        .await;
    problem(&query, 405);
}

#[tokio::test]
async fn the_template_names_every_permission_that_can_be_given() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["vpcs:view"])).await;
    let template: Value = api.get("/template").await.expect(200).json();
    assert_eq!(template["title"], "Cloud account");
    let rows = template["rows"].as_array().unwrap();
    let row = |key: &str| rows.iter().find(|row| row["key"] == key).unwrap();
    let named = |key: &str| -> Vec<&str> {
        let all = row(key)["permissions"].as_array().unwrap().iter();
        all.map(|one| one["name"].as_str().unwrap()).collect()
    };
    assert_eq!(named("team"), ["team:view", "team:manage"]);
    assert_eq!(
        named("instances"),
        ["instances:view", "instances:manage", "instances:delete"]
    );
    assert_eq!(
        (&row("team")["scope"], &row("instances")["scope"]),
        (&json!("workspace"), &json!("project"))
    );
    // What it names can be given.
    let whole = program(&world, &ana).await;
    let all: Vec<&Value> = rows
        .iter()
        .flat_map(|row| row["permissions"].as_array().unwrap())
        .map(|one| &one["name"])
        .collect();
    let order = json!({ "name": "All", "permissions": all });
    let place = Api::made(&whole.post("/groups", With::body(&order)).await);
    let group: Value = whole.get(&place).await.json();
    assert_eq!(group["permissions"].as_array().unwrap().len(), all.len());
}

#[tokio::test]
async fn each_part_of_the_settings_is_changed_on_what_it_was() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    let settings: Value = api.get("/settings").await.expect(200).json();
    assert_eq!(
        (&settings["name"], &settings["address"]),
        (&json!("Acme"), &json!("http://127.0.0.1:3000/w/acme"))
    );
    let name = |before: &str, name: &str| With::body(&json!({ "before": before, "name": name }));
    let renamed = api
        .put("/settings/name", name("Acme", " Acme Works "))
        .await;
    assert_eq!(renamed.expect(200).json::<Value>()["name"], "Acme Works");
    let told = problem(&api.put("/settings/name", name("Acme", "Other")).await, 409);
    assert_eq!(told["code"], "conflict");

    let before = settings["default_role"].as_str().unwrap().to_owned();
    let role = ana.role("Operator").await;
    let choose = |before: &str, role: &str| With::body(&json!({ "before": before, "role": role }));
    let place = "/settings/default-role";
    api.put(place, choose(&before, &role)).await.expect(204);
    problem(&api.put(place, choose(&before, &role)).await, 409);
    problem(&api.put(place, choose(&role, NOTHING)).await, 404);

    let policy = &settings["invitations"];
    let after = json!({ "copy_link": false, "hours": 48, "allowed_domains": ["EXAMPLE.org"] });
    let ordered = |after: &Value| With::body(&json!({ "before": policy, "after": after }));
    let kept = api.put("/settings/invitations", ordered(&after)).await;
    let kept: Value = kept.expect(200).json();
    assert_eq!(kept["allowed_domains"], json!(["example.org"]));
    problem(
        &api.put("/settings/invitations", ordered(&after)).await,
        409,
    );
    let settings: Value = api.get("/settings").await.json();
    assert_eq!(
        (&settings["invitations"], &settings["default_role"]),
        (&kept, &json!(role))
    );
    let trail = actions(&ana).await;
    for action in ["workspace.renamed", "workspace.invitation_policy_changed"] {
        assert!(trail.iter().any(|one| one == action), "{action}: {trail:?}");
    }
}

#[tokio::test]
async fn a_token_without_the_permission_is_told_which_is_missing() {
    let (world, ana) = World::with_owner().await;
    let blind = Api::of(&world, &ana, json!(["team:view"])).await;
    let told = problem(&blind.get("/settings").await, 403);
    assert_eq!(told["permission"], "settings:view");
    let reader = Api::of(&world, &ana, json!(["settings:view"])).await;
    let settings: Value = reader.get("/settings").await.expect(200).json();
    assert_eq!(settings["default_role"], Value::Null);
    let policy = &settings["invitations"];
    for (place, order) in [
        ("name", json!({ "before": "Acme", "name": "Other" })),
        (
            "default-role",
            json!({ "before": NOTHING, "role": NOTHING }),
        ),
        ("invitations", json!({ "before": policy, "after": policy })),
    ] {
        let answer = reader
            .put(&format!("/settings/{place}"), With::body(&order))
            .await;
        assert_eq!(problem(&answer, 403)["permission"], "settings:manage");
    }
    // A role is half given by being the one that everybody gives first.
    let powers = json!(["settings:manage", "team:view", "tokens:manage"]);
    let bea = member(&world, &ana, "Bea", powers).await;
    let api = program(&world, &bea).await;
    let order = json!({ "before": ana.default_role().await, "role": ana.role("Admin").await });
    problem(
        &api.put("/settings/default-role", With::body(&order)).await,
        403,
    );
    assert!(actions(&ana).await.iter().any(|one| one == "access.denied"));
}

#[tokio::test]
async fn each_mistake_in_the_settings_names_its_field() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    let good = json!({ "copy_link": true, "hours": 72, "allowed_domains": [] });
    let with = |field: &str, value: Value| {
        let mut after = good.clone();
        after[field] = value;
        json!({ "before": good, "after": after })
    };
    for (place, body, field) in [
        ("name", json!({ "name": "A" }), "before"),
        ("name", json!({ "before": "Acme", "name": "" }), "name"),
        (
            "name",
            json!({ "before": "Acme", "name": "A", "slug": "b" }),
            "slug",
        ),
        (
            "default-role",
            json!({ "before": "x", "role": NOTHING }),
            "before",
        ),
        ("invitations", json!({ "before": good }), "after"),
        ("invitations", with("hours", json!(-1)), "after.hours"),
        ("invitations", with("hours", json!(0)), "hours"),
        ("invitations", with("hours", json!(721)), "hours"),
        (
            "invitations",
            with("allowed_domains", json!(["no domain"])),
            "allowed_domains",
        ),
        ("invitations", with("role", json!("x")), "after.role"),
    ] {
        let answer = api
            .put(&format!("/settings/{place}"), With::body(&body))
            .await;
        let told = problem(&answer, 422);
        assert_eq!(told["fields"][0]["field"], field, "{body}: {told}");
    }
    let elsewhere = format!("{}/settings", ACME.replace("acme", "harbor"));
    problem(
        &api.send(Method::GET, &elsewhere, With::default()).await,
        404,
    );
}
