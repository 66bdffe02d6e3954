//! `/tokens`: listed and revoked, never made.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Api, With, actions};
use crate::{
    program::{Program, problem},
    world::World,
};

const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn tokens_are_listed_without_their_text() {
    let (world, ana) = World::with_owner().await;
    let (id, secret) = ana.token("Nightly", json!(["instances:view"])).await;
    world.wait(TimeDelta::seconds(1));
    let api = Api::of(&world, &ana, json!(null)).await;
    let answer = api.get("/tokens").await.expect(200);
    assert!(!answer.body.contains(&secret) && !answer.body.contains(&secret[9..]));
    let told: Value = answer.json();
    assert_eq!(names(&told), ["Gateway", "Nightly"]);
    let one: Value = api.get(&format!("/tokens/{id}")).await.expect(200).json();
    assert_eq!(one, told["items"][1]);
    assert_eq!(
        (
            &one["status"],
            &one["permissions"],
            &one["hint"],
            &one["member"]["name"]
        ),
        (
            &json!("active"),
            &json!(["instances:view"]),
            &json!(&secret[..8]),
            &json!("Ana Ruiz")
        )
    );
    assert_eq!(
        names(&api.get("/tokens?status=revoked").await.expect(200).json()),
        Vec::<&str>::new()
    );
    for (query, field) in [
        ("status=gone", "status"),
        ("everybody=2", "everybody"),
        ("cursor=x", "cursor"),
    ] {
        let told = problem(&api.get(&format!("/tokens?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field);
    }
    problem(&api.get(&format!("/tokens/{NOBODY}")).await, 404);
    problem(&api.get(&format!("/tokens/{secret}")).await, 404);
}

#[tokio::test]
async fn a_token_is_revoked_once_and_no_more_works() {
    let (world, ana) = World::with_owner().await;
    let (id, secret) = ana.token("Nightly", json!(null)).await;
    let nightly = Api(Program::new(&world, &secret));
    let api = Api::of(&world, &ana, json!(null)).await;
    nightly.get("/tokens").await.expect(200);
    let revoke = format!("/tokens/{id}/revoke");
    api.post(&revoke, With::default()).await.expect(204);
    problem(&nightly.get("/tokens").await, 401);
    problem(&api.post(&revoke, With::default()).await, 409);
    let told: Value = api.get(&format!("/tokens/{id}")).await.expect(200).json();
    assert_eq!(
        (&told["status"], &told["revoked"]["by"]),
        (&json!("revoked"), &json!("Ana Ruiz"))
    );
    let trail = actions(&ana).await;
    assert_eq!(
        trail.iter().filter(|one| *one == "token.revoked").count(),
        1
    );
    problem(&api.post("/tokens", With::body(&json!({}))).await, 405);
}

#[tokio::test]
async fn tokens_of_others_are_for_who_manages_tokens_and_may_touch_them() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Admin").await;
    let ben = world.stranger().join(&sent, "Ben Okafor").await;
    let (theirs, secret) = ben.token("Theirs", json!(null)).await;
    world.wait(TimeDelta::seconds(1));
    let (hers, _) = ana.token("Hers", json!(null)).await;
    let admin = Api(Program::new(&world, &secret));
    let all: Value = admin.get("/tokens?everybody=true").await.expect(200).json();
    assert_eq!(names(&all), ["Hers", "Theirs"]);
    // That of an owner is an owner's matter.
    problem(
        &admin
            .post(&format!("/tokens/{hers}/revoke"), With::default())
            .await,
        403,
    );
    let reader = Api::of(&world, &ana, json!(["team:view"])).await;
    let told = problem(&reader.get("/tokens?everybody=true").await, 403);
    assert_eq!(told["permission"], "tokens:manage");
    for id in [theirs.as_str(), NOBODY] {
        let told = problem(&reader.get(&format!("/tokens/{id}")).await, 403);
        assert_eq!(told["permission"], "tokens:manage");
        problem(
            &reader
                .post(&format!("/tokens/{id}/revoke"), With::default())
                .await,
            403,
        );
    }
    reader.get(&format!("/tokens/{hers}")).await.expect(200);
    let owner = Api::of(&world, &ana, json!(null)).await;
    owner
        .post(&format!("/tokens/{theirs}/revoke"), With::default())
        .await
        .expect(204);
    problem(&admin.get("/tokens").await, 401);
}
