//! HTTPS and JSON (AuthZEN §10 and §11).

use axum::body::Body;
use axum::http::header;
use serde_json::{Value, json};

use super::{ACTIONS, ALL, RESOURCES, SUBJECTS, Scene, metadata};
use crate::program::{ONE, Program, SEVERAL, problem};

// §10, §10.1, §10.1.1
#[tokio::test]
async fn every_endpoint_answers_a_post_with_a_json_object() {
    let scene = Scene::set().await;
    let answer = metadata(&scene.world, "127.0.0.1:3000", "GET").await;
    let told: Value = answer.expect(200).json();
    for (name, path) in [
        ("access_evaluation_endpoint", ONE),
        ("access_evaluations_endpoint", SEVERAL),
        ("search_subject_endpoint", SUBJECTS),
        ("search_resource_endpoint", RESOURCES),
        ("search_action_endpoint", ACTIONS),
    ] {
        let url = told[name].as_str().unwrap();
        assert_eq!(url, format!("http://127.0.0.1:3000{path}"));
        let answer = scene.gateway.ask(path, scene.question()).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(answer.json::<Value>().is_object(), "{path}");
        // A failure is one, too.
        let answer = scene.gateway.ask(path, json!({})).await;
        assert!(problem(&answer, 400).is_object());
    }
}

// §10.1, §10.1.1
#[tokio::test]
async fn a_request_that_is_not_json_is_a_bad_request() {
    let scene = Scene::set().await;
    let good = scene.question().to_string();
    for path in ALL {
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
        ] {
            let mut request = scene
                .gateway
                .request(path)
                .body(Body::from(good.clone()))
                .unwrap();
            let kind = kind.parse().unwrap();
            request.headers_mut().insert(header::CONTENT_TYPE, kind);
            problem(&scene.gateway.wire.send(request).await, 400);
        }
        let mut request = scene
            .gateway
            .request(path)
            .body(Body::from(good.clone()))
            .unwrap();
        request.headers_mut().remove(header::CONTENT_TYPE);
        problem(&scene.gateway.wire.send(request).await, 400);
        for body in [
            "",
            "[]",
            "\"x\"",
            "null",
            "1",
            "{",
            "{}{}",
            &format!("[{good}]"),
        ] {
            problem(&scene.gateway.send(path, body.to_owned()).await, 400);
        }
    }
}

// §10.1.1
#[tokio::test]
async fn unknown_fields_are_ignored_wherever_they_are() {
    let scene = Scene::set().await;
    let mut rich = scene.question();
    for at in ["", "/subject", "/action", "/resource"] {
        let place = rich.pointer_mut(at).unwrap();
        place["surprise"] = json!([{ "deep": [1, null, "x"] }]);
    }
    for name in ["subject", "action", "resource"] {
        rich[name]["properties"] = json!({ "anything": [null, 1.5, {}] });
    }
    rich["context"] = json!({ "anything": null });
    rich["page"] = json!({ "surprise": true });
    rich["options"] = json!({ "another_option": "value" });
    for path in ALL {
        let plain = scene.told(path, scene.question()).await;
        assert_eq!(scene.told(path, rich.clone()).await, plain, "{path}");
    }
    let several = json!({ "evaluations": [rich, scene.question()], "surprise": 1 });
    let told = scene.told(SEVERAL, several).await;
    assert_eq!(told["evaluations"][0], told["evaluations"][1]);
}

// §10.1.1
#[tokio::test]
async fn the_order_of_names_does_not_matter() {
    let scene = Scene::set().await;
    let thing = &scene.things[0];
    let subject = r#""subject":{"type":"user","id":"ana@example.org"}"#;
    let turned = r#""subject":{"id":"ana@example.org","type":"user"}"#;
    let action = r#""action":{"name":"view"}"#;
    let resource = format!(r#""resource":{{"type":"instances","id":"{thing}"}}"#);
    let rest = format!(r#""resource":{{"id":"{thing}","type":"instances"}}"#);
    let one = format!("{{{subject},{action},{resource}}}");
    let other = format!("{{{rest},{action},{turned}}}");
    for path in ALL {
        let first = scene.gateway.send(path, one.clone()).await.expect(200);
        let second = scene.gateway.send(path, other.clone()).await.expect(200);
        assert_eq!(first.body, second.body, "{path}");
    }
    // What counts for all may stand after it.
    let late = format!(r#"{{"evaluations":[{{{action}}}],{rest},{turned}}}"#);
    let told: Value = scene.gateway.send(SEVERAL, late).await.expect(200).json();
    assert_eq!(told["evaluations"][0]["decision"], true);
    // A page belongs to its search in whatever order that is told again.
    let first = format!(r#"{{{subject},{action},{resource},"page":{{"limit":1}}}}"#);
    let first: Value = scene
        .gateway
        .send(RESOURCES, first)
        .await
        .expect(200)
        .json();
    let next = &first["page"]["next_token"];
    let second = format!(r#"{{"page":{{"token":{next}}},{rest},{action},{turned}}}"#);
    scene.gateway.send(RESOURCES, second).await.expect(200);
}

// §10.1.3
#[tokio::test]
async fn the_name_of_a_request_comes_back_whatever_the_answer() {
    let scene = Scene::set().await;
    let narrow = Program::of(&scene.world, &scene.ana, json!(["instances:view"])).await;
    let stranger = Program::new(&scene.world, "rcl_made-up");
    let good = scene.question().to_string();
    let long = "x".repeat(2_000);
    for path in ALL {
        for name in [
            "bfe9eb29-ab87-4ca3-be83-a1d5d8305716",
            "a b; c=\"d\"",
            &long,
        ] {
            for (who, body, status) in [
                (&scene.gateway, good.as_str(), 200),
                (&scene.gateway, "{}", 400),
                (&stranger, &good, 401),
                (&narrow, &good, 403),
            ] {
                let request = who.request(path).header("x-request-id", name);
                let request = request.body(Body::from(body.to_owned())).unwrap();
                let answer = who.wire.send(request).await.expect(status);
                assert_eq!(answer.header("x-request-id"), name, "{path} {status}");
            }
        }
    }
}

// §11.3
#[tokio::test]
async fn without_a_token_that_works_the_answer_is_401() {
    let scene = Scene::set().await;
    let made_up = Program::new(&scene.world, "rcl_made-up");
    for path in ALL {
        let answer = made_up.ask(path, scene.question()).await;
        problem(&answer, 401);
        assert!(
            answer
                .header("www-authenticate")
                .starts_with("Bearer realm=")
        );
        let mut request = made_up.request(path).body(Body::from("{}")).unwrap();
        request.headers_mut().remove(header::AUTHORIZATION);
        let answer = made_up.wire.send(request).await;
        problem(&answer, 401);
        assert!(
            answer
                .header("www-authenticate")
                .starts_with("Bearer realm=")
        );
        let mut request = made_up.request(path).body(Body::from("{}")).unwrap();
        let basic = "Basic YWxhZGRpbjpvcGVuc2VzYW1l".parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, basic);
        problem(&made_up.wire.send(request).await, 401);
    }
}
