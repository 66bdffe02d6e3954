//! The decisions that programs ask for (AuthZEN Authorization API 1.0).

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use crate::{
    program::{ONE, Program, SEVERAL, problem, question},
    world::World,
};

#[tokio::test]
async fn a_yes_and_a_no_are_both_an_answer_with_reasons() {
    let (world, ana) = World::with_owner().await;
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    let yes = program
        .may("ana@example.org", "manage", "team", "acme")
        .await;
    assert_eq!(yes["decision"], true);
    assert_eq!(yes["context"]["reasons"][0]["code"], "owner");
    assert_eq!(yes["context"]["error"], Value::Null);

    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger().join(&sent, "Ben Okafor").await;
    let id = ben.member().await;
    let no = program.may(&id, "manage", "team", "acme").await;
    assert_eq!(no["decision"], false);
    assert_eq!(no["context"]["reasons"][0]["code"], "not_granted");
    let unknown = program
        .may("eve@example.org", "manage", "team", "acme")
        .await;
    assert_eq!(unknown["decision"], false);
    assert_eq!(unknown["context"]["error"]["status"], 404);

    let draft = json!({ "name": "Storefront", "description": "" });
    let project: String = ana
        .call("create_project", json!({ "slug": "acme", "draft": draft }))
        .await
        .expect(200)
        .json();
    let draft =
        json!({ "service": "instances", "name": "web-1", "external_id": "i-1", "attributes": [] });
    let order = json!({ "slug": "acme", "project": project, "draft": draft });
    let resource: String = ana.call("create_resource", order).await.expect(200).json();
    for thing in [resource.as_str(), "i-1"] {
        assert_eq!(
            program.may(&id, "view", "instances", thing).await["decision"],
            true
        );
        assert_eq!(
            program.may(&id, "delete", "instances", thing).await["decision"],
            false
        );
    }
    let mut elsewhere = question(&id, "view", "instances", "not registered");
    elsewhere["resource"]["properties"] = json!({ "project": project });
    let answer: Value = program.ask(ONE, elsewhere).await.expect(200).json();
    assert_eq!(answer["decision"], true);
}

#[tokio::test]
async fn what_can_not_be_read_is_a_400_and_what_is_not_known_is_passed_over() {
    let (world, ana) = World::with_owner().await;
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    let good = question("ana@example.org", "view", "team", "x");
    let with = |at: &[&str], value: Value| {
        let mut changed = good.clone();
        let mut place = &mut changed;
        for name in at {
            place = &mut place[*name];
        }
        *place = value;
        changed
    };
    let mut wrong: Vec<(Value, &str)> = vec![
        (json!({}), "subject"),
        (json!([]), "JSON object"),
        (json!("x"), "JSON object"),
        (Value::Null, "JSON object"),
        (with(&["subject"], json!("ana")), "subject"),
        (with(&["subject"], Value::Null), "subject"),
        (with(&["subject", "id"], json!(7)), "subject.id"),
        (with(&["subject", "type"], Value::Null), "subject.type"),
        (with(&["action"], json!([])), "action"),
        (with(&["action", "name"], json!({})), "action.name"),
        (with(&["resource", "id"], json!(false)), "resource.id"),
        (
            with(&["resource", "properties"], json!("x")),
            "resource.properties",
        ),
        (
            with(&["resource", "properties"], json!({ "project": 1 })),
            "resource.properties.project",
        ),
        (with(&["context"], json!([1])), "context"),
    ];
    for missing in ["subject", "action", "resource"] {
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(missing);
        wrong.push((without, missing));
    }
    for (body, names) in wrong {
        for path in [ONE, SEVERAL] {
            let told = problem(&program.ask(path, body.clone()).await, 400);
            assert!(
                told["detail"].as_str().unwrap().contains(names),
                "{body}: {told}"
            );
        }
    }
    let deep = format!(
        "{{\"context\":{}1{}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let twice = good.to_string().replacen('{', "{\"subject\":{},", 1);
    for text in ["", "{", "nul", "{\"a\":1}x", "\u{feff}{}", &deep, &twice] {
        problem(&program.send(ONE, text.to_owned()).await, 400);
    }
    problem(&program.send(ONE, vec![0xff, 0xfe]).await, 400);
    problem(&program.send(ONE, "x".repeat(300_000)).await, 413);
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let mut request = program
            .request(ONE)
            .body(Body::from(good.to_string()))
            .unwrap();
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, kind.parse().unwrap());
        problem(&program.wire.send(request).await, 400);
    }

    let more = with(&["surprise"], json!({ "a": [1, 2] }));
    program.ask(ONE, more).await.expect(200);
    let mut request = program
        .request(ONE)
        .body(Body::from(good.to_string()))
        .unwrap();
    let kind = "Application/JSON; charset=utf-8".parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    program.wire.send(request).await.expect(200);
}

#[tokio::test]
async fn several_questions_are_answered_in_their_order_as_far_as_was_asked() {
    let (world, ana) = World::with_owner().await;
    let program = Program::of(&world, &ana, json!(null)).await;
    let (yes, no) = (
        json!({ "action": { "name": "view" } }),
        json!({ "action": { "name": "fly" } }),
    );
    let ask = async |options: Value| -> Vec<bool> {
        let mut body = question("ana@example.org", "fly", "team", "x");
        body["evaluations"] = json!([yes, no, yes]);
        body["options"] = options;
        let told: Value = program.ask(SEVERAL, body).await.expect(200).json();
        let told = told["evaluations"].as_array().unwrap();
        told.iter()
            .map(|e| e["decision"].as_bool().unwrap())
            .collect()
    };
    assert_eq!(ask(json!({})).await, [true, false, true]);
    let how = |name: &str| json!({ "evaluations_semantic": name });
    assert_eq!(ask(how("execute_all")).await, [true, false, true]);
    assert_eq!(ask(how("deny_on_first_deny")).await, [true, false]);
    assert_eq!(ask(how("permit_on_first_permit")).await, [true]);

    // Without evaluations it is the single one.
    let mut alone = question("ana@example.org", "view", "team", "x");
    for evaluations in [None, Some(json!([]))] {
        if let Some(evaluations) = evaluations {
            alone["evaluations"] = evaluations;
        }
        let told: Value = program.ask(SEVERAL, alone.clone()).await.expect(200).json();
        assert_eq!(told["decision"], true);
    }
    // Nothing at the top is needed when each says it itself.
    let whole = json!({ "evaluations": [question("ana@example.org", "view", "team", "x")] });
    program.ask(SEVERAL, whole).await.expect(200);
    for (wrong, names) in [
        (json!({ "evaluations": {} }), "evaluations"),
        (json!({ "evaluations": [1] }), "evaluations[0]"),
        (json!({ "evaluations": [{}] }), "evaluations[0].subject"),
        (
            json!({ "evaluations": vec![json!({}); 1_001] }),
            "at most 1000",
        ),
        (json!({ "options": 1 }), "options"),
        (
            json!({ "options": { "evaluations_semantic": 1 } }),
            "evaluations_semantic",
        ),
        (
            json!({ "options": { "evaluations_semantic": "some" } }),
            "evaluations_semantic",
        ),
    ] {
        let told = problem(&program.ask(SEVERAL, wrong).await, 400);
        assert!(told["detail"].as_str().unwrap().contains(names), "{told}");
    }
}

#[tokio::test]
async fn the_three_searches_find_what_a_decision_allows() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world
        .stranger()
        .join(&sent, "Ben Okafor")
        .await
        .member()
        .await;
    let owner = ana.member().await;
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    let draft = json!({ "name": "Storefront", "description": "" });
    let order = json!({ "slug": "acme", "draft": draft });
    let project: String = ana.call("create_project", order).await.expect(200).json();
    let mut things = Vec::new();
    for name in ["web-1", "web-2", "web-3"] {
        let draft =
            json!({ "service": "instances", "name": name, "external_id": "", "attributes": [] });
        let order = json!({ "slug": "acme", "project": project, "draft": draft });
        things.push(
            ana.call("create_resource", order)
                .await
                .expect(200)
                .json::<String>(),
        );
    }
    things.sort();
    let found = async |what: &str, body: Value| -> (Vec<String>, String) {
        let path = format!("/access/v1/search/{what}");
        let told: Value = program.ask(&path, body).await.expect(200).json();
        let name = |r: &Value| r["id"].as_str().or(r["name"].as_str()).unwrap().to_owned();
        let results = told["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(name)
            .collect();
        (
            results,
            told["page"]["next_token"].as_str().unwrap().to_owned(),
        )
    };
    let nobody = question("ignored", "view", "instances", &things[0]);
    let mut both = vec![owner.clone(), ben.clone()];
    both.sort();
    assert_eq!(found("subject", nobody).await, (both, String::new()));
    let mut delete = question("x", "delete", "instances", &things[0]);
    delete["subject"].as_object_mut().unwrap().remove("id");
    assert_eq!(found("subject", delete).await, (vec![owner], String::new()));

    let mut mine = question(&ben, "view", "instances", "ignored");
    assert_eq!(
        found("resource", mine.clone()).await,
        (things.clone(), String::new())
    );
    mine["page"] = json!({ "limit": 2 });
    let (first, next) = found("resource", mine.clone()).await;
    assert_eq!(first, things[..2]);
    assert!(!next.is_empty());
    mine["page"]["token"] = next.into();
    assert_eq!(
        found("resource", mine.clone()).await,
        (vec![things[2].clone()], String::new())
    );
    let none = question(&ben, "delete", "instances", "x");
    assert_eq!(found("resource", none).await.0, Vec::<String>::new());
    let projects = question(&ben, "view", "projects", "x");
    assert_eq!(found("resource", projects).await.0, [project]);

    let mut what = question("ana@example.org", "ignored", "instances", &things[0]);
    what.as_object_mut().unwrap().remove("action");
    assert_eq!(
        found("action", what.clone()).await.0,
        ["view", "manage", "delete"]
    );
    what["subject"]["id"] = ben.into();
    assert_eq!(found("action", what.clone()).await.0, ["view"]);
    what["resource"]["id"] = "unknown".into();
    assert_eq!(found("action", what).await.0, Vec::<String>::new());
}

#[tokio::test]
async fn a_search_that_can_not_be_read_or_may_not_be_asked_is_refused() {
    let (world, ana) = World::with_owner().await;
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    let narrow = Program::of(&world, &ana, json!(["instances:view"])).await;
    let whole = question("ana@example.org", "view", "instances", "x");
    for page in [
        json!(1),
        json!({ "token": "x" }),
        json!({ "token": 1 }),
        json!({ "limit": -1 }),
        json!({ "limit": "2" }),
    ] {
        let mut asked = whole.clone();
        asked["page"] = page;
        problem(&program.ask("/access/v1/search/resource", asked).await, 400);
    }
    for what in ["subject", "resource", "action"] {
        let path = format!("/access/v1/search/{what}");
        problem(&program.ask(&path, json!({})).await, 400);
        program.ask(&path, whole.clone()).await.expect(200);
        problem(&narrow.ask(&path, whole.clone()).await, 403);
    }
}

#[tokio::test]
async fn the_name_of_a_request_comes_back() {
    let (world, ana) = World::with_owner().await;
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    for (body, status) in [
        (question("ana@example.org", "view", "team", "x"), 200),
        (json!({}), 400),
    ] {
        let request = program
            .request(ONE)
            .header("x-request-id", "bfe9eb29-ab87 \"mine\"")
            .body(Body::from(body.to_string()));
        let answer = program.wire.send(request.unwrap()).await.expect(status);
        assert_eq!(answer.header("x-request-id"), "bfe9eb29-ab87 \"mine\"");
    }
    let answer = program.ask(ONE, json!({})).await;
    let told = problem(&answer, 400);
    assert_eq!(
        told["request_id"].as_str(),
        Some(answer.header("x-request-id"))
    );
    // Elsewhere what the asker says is nothing.
    let request = Request::get("/sign-in")
        .header(header::HOST, "127.0.0.1:3000")
        .header("x-request-id", "mine")
        .body(Body::empty());
    let answer = world.stranger().send(request.unwrap()).await;
    assert_ne!(answer.header("x-request-id"), "mine");
}

#[tokio::test]
async fn other_methods_and_addresses_are_refused_as_problems() {
    let (world, ana) = World::with_owner().await;
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    for method in ["GET", "PUT", "DELETE"] {
        let request = Request::builder()
            .method(method)
            .uri(ONE)
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::AUTHORIZATION, format!("Bearer {}", program.token))
            .body(Body::empty());
        let answer = program.wire.send(request.unwrap()).await;
        problem(&answer, 405);
        assert_eq!(answer.header("allow"), "POST");
    }
    problem(&program.ask("/access/v1/nothing", json!({})).await, 404);
}

#[tokio::test]
async fn the_configuration_names_what_there_is() {
    let (world, _) = World::with_owner().await;
    let request = Request::get("/.well-known/authzen-configuration")
        .header(header::HOST, "127.0.0.1:3000")
        .body(Body::empty());
    let answer = world.stranger().send(request.unwrap()).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let told: Value = answer.json();
    let origin = "http://127.0.0.1:3000";
    assert_eq!(told["policy_decision_point"], origin);
    let all = [
        ("access_evaluation_endpoint", ONE),
        ("access_evaluations_endpoint", SEVERAL),
        ("search_subject_endpoint", "/access/v1/search/subject"),
        ("search_resource_endpoint", "/access/v1/search/resource"),
        ("search_action_endpoint", "/access/v1/search/action"),
    ];
    for (name, path) in all {
        assert_eq!(told[name], format!("{origin}{path}"));
        assert!(world.routes().contains(&format!("POST {path}")));
    }
}
