//! `/audit`: the trail, read by programs.

use serde_json::{Value, json};

use super::{Api, actions};
use crate::{program::problem, world::World};

fn of<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item[name].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_trail_is_listed_and_filtered_the_newest_first() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let api = Api::of(&world, &ana, json!(["audit:view"])).await;
    let all: Value = api.get("/audit").await.expect(200).json();
    let first = &all["items"][0];
    assert_eq!(
        first["action"], "audit.read",
        "that it is read is told, too"
    );
    assert!(first["seq"].is_i64() && first["hash"].is_string());
    assert_eq!(first["at"], "2026-11-22T20:00:00Z");
    let found: Value = api.get("/audit?family=invitation").await.expect(200).json();
    assert_eq!(of(&found, "action"), ["invitation.created"]);
    assert_eq!(found["items"][0]["target"]["id"], json!(sent.id));
    let actor = found["items"][0]["actor_id"].as_str().unwrap();
    for (query, count) in [
        (format!("target={}", sent.id), 1),
        (format!("family=invitation&actor={actor}"), 1),
        (format!("family=invitation&actor={}", sent.id), 0),
        ("family=invitation&from=2026-11-22&to=2026-11-22".into(), 1),
        ("family=invitation&to=2026-11-21".into(), 0),
    ] {
        let found: Value = api.get(&format!("/audit?{query}")).await.expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().len(), count, "{query}");
    }
    for (query, field) in [
        ("from=yesterday", "from"),
        ("from=2026-11-22&to=2026-11-21", "to"),
        ("family=%00", "family"),
        ("actor=ana", "actor"),
        ("cursor=x", "cursor"),
        ("limit=5", "limit"),
    ] {
        let told = problem(&api.get(&format!("/audit?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
}

#[tokio::test]
async fn the_trail_is_for_who_may_read_it() {
    let (world, ana) = World::with_owner().await;
    let narrow = Api::of(&world, &ana, json!(["team:view"])).await;
    for below in [
        "/audit".to_owned(),
        format!("/members/{}/history", ana.member().await),
    ] {
        assert_eq!(
            problem(&narrow.get(&below).await, 403)["permission"],
            "audit:view"
        );
    }
    assert!(actions(&ana).await.contains(&"access.denied".to_owned()));
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let api = Api::of(&world, &ana, json!(null)).await;
    let get = axum::http::Method::GET;
    let path = "/api/v1/workspaces/kiosk/audit";
    problem(&api.send(get, path, super::With::default()).await, 404);
}
