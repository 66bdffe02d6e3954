//! Programs are let in with a token that works, and with nothing else.

use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::TimeDelta;
use serde_json::json;

use crate::{
    program::{ONE, Program, problem, question},
    world::World,
};

#[tokio::test]
async fn only_a_token_that_works_is_let_in() {
    let (world, ana) = World::with_owner().await;
    let good = question("ana@example.org", "view", "team", "x");
    let (id, secret) = ana.token("Gateway", json!(["team:view"])).await;
    let program = Program::new(&world, &secret);
    program.ask(ONE, good.clone()).await.expect(200);

    let none = Request::post(ONE)
        .header(header::HOST, "127.0.0.1:3000")
        .body(Body::empty());
    let answer = world.stranger().send(none.unwrap()).await;
    problem(&answer, 401);
    assert_eq!(
        answer.header("www-authenticate"),
        "Bearer realm=\"rolecall\""
    );
    for made_up in [
        "",
        "x",
        "rcl_",
        &secret[..41],
        &format!("rcl_{}", "A".repeat(38)),
    ] {
        let answer = Program::new(&world, made_up).ask(ONE, good.clone()).await;
        problem(&answer, 401);
        assert!(
            answer.header("www-authenticate").contains("invalid_token"),
            "{made_up}"
        );
    }
    // Not in the address, nor in the body, nor twice.
    let answer = Program::new(&world, "x")
        .ask(&format!("{ONE}?access_token={secret}"), good.clone())
        .await;
    problem(&answer, 401);
    let mut twice = program
        .request(ONE)
        .body(Body::from(good.to_string()))
        .unwrap();
    let again = format!("Bearer {secret}").parse().unwrap();
    twice.headers_mut().append(header::AUTHORIZATION, again);
    problem(&program.wire.send(twice).await, 400);

    // A token without team:view is told what it lacks, and the trail knows.
    let narrow = Program::of(&world, &ana, json!(["instances:view"])).await;
    let told = problem(&narrow.ask(ONE, good.clone()).await, 403);
    assert_eq!(
        (told["permission"].as_str(), told["code"].as_str()),
        (Some("team:view"), Some("not_allowed"))
    );

    let order = json!({ "slug": "acme", "token": id });
    ana.call("revoke_token", order).await.expect(200);
    problem(&program.ask(ONE, good.clone()).await, 401);
    let late = Program::of(&world, &ana, json!(["team:view"])).await;
    late.ask(ONE, good.clone()).await.expect(200);
    world.wait(TimeDelta::days(30));
    problem(&late.ask(ONE, good).await, 401);
}

#[tokio::test]
async fn the_token_of_a_member_follows_the_member() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Admin").await;
    let ben = world.stranger().join(&sent, "Ben Okafor").await;
    let program = Program::of(&world, &ben, json!(null)).await;
    let good = question("ana@example.org", "view", "team", "x");
    program.ask(ONE, good.clone()).await.expect(200);
    let id = ben.member().await;
    let suspend = json!({ "slug": "acme", "member": id, "reason": "" });
    ana.call("suspend_member", suspend).await.expect(200);
    problem(&program.ask(ONE, good.clone()).await, 403);
    let back = json!({ "slug": "acme", "member": id });
    ana.call("reactivate_member", back).await.expect(200);
    program.ask(ONE, good.clone()).await.expect(200);
    let demote = json!({ "slug": "acme", "members": [id], "role": ana.role("Viewer").await });
    ana.call("change_roles", demote).await.expect(200);
    problem(&program.ask(ONE, good.clone()).await, 403);
    let remove = json!({ "slug": "acme", "member": id, "order": {} });
    ana.call("remove_member", remove).await.expect(200);
    problem(&program.ask(ONE, good.clone()).await, 401);
    let back = json!({ "slug": "acme", "former": id, "role": null });
    ana.call("reinstate_member", back).await.expect(200);
    problem(&program.ask(ONE, good).await, 401);
}

#[tokio::test]
async fn a_cookie_and_a_token_are_never_mixed() {
    let (world, ana) = World::with_owner().await;
    let (_, secret) = ana.token("Gateway", json!(["team:view"])).await;
    let good = question("ana@example.org", "view", "team", "x").to_string();
    // A cookie is no token, also from a page of ours.
    let request = ana
        .request("POST", ONE)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(good.clone()))
        .unwrap();
    problem(&ana.send(request).await, 401);
    let both = |path: &str, method: &str| {
        ana.request(method, path)
            .header(header::AUTHORIZATION, format!("bearer {secret}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(good.clone()))
            .unwrap()
    };
    problem(&ana.send(both(ONE, "POST")).await, 400);
    ana.send(both("/w/acme/members", "GET")).await.expect(400);
    ana.send(both("/api/list_members", "POST"))
        .await
        .expect(400);
    // A token is no session.
    let lone = Request::get("/w/acme/members")
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .body(Body::empty())
        .unwrap();
    let answer = world.stranger().send(lone).await.expect(303);
    assert!(answer.location().starts_with("/sign-in"));
    // Other sites may send what they like: no cookie counts, and nothing tells a browser to let them read.
    let program = Program::new(&world, &secret);
    let mut elsewhere = program.request(ONE).body(Body::from(good)).unwrap();
    elsewhere
        .headers_mut()
        .insert(header::ORIGIN, "https://evil.example".parse().unwrap());
    let answer = program.wire.send(elsewhere).await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let (world, ana) = World::with_owner().await;
    let (_, secret) = ana.token("Gateway", json!(["team:view"])).await;
    let good = question("ana@example.org", "view", "team", "x");
    let program = Program::new(&world, &secret);
    let answer = program.ask(ONE, good.clone()).await.expect(200);
    assert_eq!(
        answer.header("ratelimit-policy"),
        "\"default\";q=60000;w=60"
    );
    assert_eq!(answer.header("ratelimit"), "\"default\";r=59999;t=60");
    // Guessing is slowed down long before.
    let guess = Program::new(&world, "rcl_guess");
    for _ in 0..60 {
        problem(&guess.ask(ONE, good.clone()).await, 401);
    }
    let answer = guess.ask(ONE, good.clone()).await;
    problem(&answer, 429);
    assert_eq!(answer.header("retry-after"), "60");
    let far = Program {
        wire: world.stranger().at([198, 51, 100, 9]),
        token: secret.clone(),
    };
    far.ask(ONE, good.clone()).await.expect(200);
    world.wait(TimeDelta::seconds(60));
    program.ask(ONE, good).await.expect(200);
}
