//! What holds for every operation.

use axum::http::Method;
use serde_json::{Value, json};

use super::{ACME, Api, With};
use crate::{program::problem, world::World};

#[tokio::test]
async fn another_workspace_is_not_there_for_a_token() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view"])).await;
    for slug in ["other", "ACME", "acme%20", "%2e%2e"] {
        let path = format!("/api/v1/workspaces/{slug}/roles");
        problem(&api.send(Method::GET, &path, With::default()).await, 404);
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view"])).await;
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/none",
        "/api/v1/workspaces/acme/none",
        "/api/v1/workspaces/acme/roles/x/y",
    ] {
        problem(&api.send(Method::GET, path, With::default()).await, 404);
        problem(
            &api.send(Method::POST, path, With::body(&json!({}))).await,
            404,
        );
    }
    let wrong = api
        .send(
            Method::PATCH,
            &format!("{ACME}/roles"),
            With::body(&json!({})),
        )
        .await;
    problem(&wrong, 405);
    assert_eq!(wrong.header("allow"), "GET,HEAD,POST");
    let trace = api
        .send(Method::TRACE, &format!("{ACME}/roles"), With::default())
        .await;
    assert_eq!(trace.status.as_u16(), 405);
}

#[tokio::test]
async fn only_a_token_counts_and_never_beside_a_cookie() {
    let (world, ana) = World::with_owner().await;
    let mut api = Api::of(&world, &ana, json!(["team:view"])).await;
    let cookie = format!("{}=x", rolecall_server::cookies::SESSION);
    let cookie = With::default().header("cookie", &cookie);
    let mixed = api
        .send(Method::GET, &format!("{ACME}/roles"), cookie)
        .await;
    problem(&mixed, 400);
    let by_cookie = ana.get(&format!("{ACME}/roles")).await;
    problem(&by_cookie, 401);
    assert!(by_cookie.header("www-authenticate").starts_with("Bearer"));
    "rcl_wrong".clone_into(&mut api.0.token);
    problem(&api.get("/roles").await, 401);
}

#[tokio::test]
async fn a_body_is_json_of_a_bounded_size() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let good = json!({ "name": "A", "permissions": [] }).to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
    ] {
        let with = With::text(&good).header("content-type", kind);
        problem(&api.post("/roles", with).await, 415);
    }
    problem(&api.post("/roles", With::text(&good)).await, 415);
    let json = |text: &str| With::text(text).header("content-type", "application/json");
    for text in [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\"x\"",
        r#"{"name":"A","name":"B","permissions":[]}"#,
        &format!("{{\"name\":{}", "[".repeat(100_000)),
    ] {
        problem(&api.post("/roles", json(text)).await, 400);
    }
    problem(&api.post("/roles", json(&" ".repeat(300_000))).await, 413);
}

#[tokio::test]
async fn queries_that_are_not_known_are_refused_by_name() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let made = api
        .post(
            "/roles",
            With::body(&json!({ "name": "A", "permissions": [] })),
        )
        .await;
    let place = Api::made(&made);
    for (query, field) in [("force=1", "force"), ("replacement=x", "replacement")] {
        let answer = api
            .delete(
                &format!("{place}?{query}"),
                With::default().version("\"1\""),
            )
            .await;
        assert_eq!(problem(&answer, 422)["fields"][0]["field"], field);
    }
}

#[tokio::test]
async fn whoever_has_the_version_gets_no_body_again() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view"])).await;
    let list: Value = api.get("/roles").await.json();
    let path = format!("{ACME}/roles/{}", list["items"][0]["id"].as_str().unwrap());
    let tag = api
        .send(Method::GET, &path, With::default())
        .await
        .header("etag")
        .to_owned();
    for had in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"0\", {tag}"),
        "*".into(),
    ] {
        let again = api
            .send(
                Method::GET,
                &path,
                With::default().header("if-none-match", &had),
            )
            .await
            .expect(304);
        assert_eq!(
            (again.body.as_str(), again.header("etag")),
            ("", tag.as_str())
        );
    }
    api.send(
        Method::GET,
        &path,
        With::default().header("if-none-match", "\"0\""),
    )
    .await
    .expect(200);
}

#[tokio::test]
async fn who_has_an_old_answer_gets_the_new_one_also_without_a_new_version() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let order = With::body(&json!({ "name": "Reader", "permissions": ["team:view"] }));
    let place = Api::made(&api.post("/roles", order).await);
    let read = api.get(&place).await;
    let tag = read.header("etag").to_owned();
    let sent = ana.invite("ben@example.org", "Reader").await;
    world.stranger().join(&sent, "Ben Okafor").await;
    let with = With::default().header("if-none-match", &tag);
    let again = api
        .send(Method::GET, &format!("{ACME}{place}"), with)
        .await
        .expect(200);
    assert_eq!(again.json::<Value>()["members"], 1);
    assert_ne!(again.header("etag"), tag);
    // A change can still be made on what was seen: the role itself is the same.
    let order = json!({ "name": "Watcher", "permissions": ["team:view"] });
    api.put(&place, With::body(&order).version(&tag))
        .await
        .expect(200);
}

#[tokio::test]
async fn nothing_of_it_is_open_to_other_sites() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view"])).await;
    let origin = With::default().header("origin", "https://evil.example");
    let answer = api
        .send(Method::GET, &format!("{ACME}/roles"), origin)
        .await
        .expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("ratelimit").contains("r="));
    let preflight = With::default()
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "POST");
    let answer = api
        .send(Method::OPTIONS, &format!("{ACME}/roles"), preflight)
        .await;
    assert_eq!(answer.status.as_u16(), 405);
}
