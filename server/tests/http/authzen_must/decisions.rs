//! One question and several (AuthZEN §5 to §7).

use serde_json::json;

use super::{Scene, names, with, without};
use crate::program::{ONE, SEVERAL};

// §5.1, §5.2, §5.3, §10.1.1
#[tokio::test]
async fn what_a_subject_a_resource_or_an_action_needs_is_required() {
    let scene = Scene::set().await;
    let good = scene.question();
    for at in [
        "/subject/type",
        "/subject/id",
        "/resource/type",
        "/resource/id",
        "/action/name",
    ] {
        let name = at[1..].replace('/', ".");
        for path in [ONE, SEVERAL] {
            names(&scene.gateway.ask(path, without(&good, at)).await, &name);
            for wrong in [json!(1), json!(null), json!(true), json!(["x"]), json!({})] {
                let body = with(&good, at, wrong);
                names(&scene.gateway.ask(path, body).await, &name);
            }
        }
        let several = json!({ "evaluations": [good, without(&good, at)] });
        let answer = scene.gateway.ask(SEVERAL, several).await;
        names(&answer, &format!("evaluations[1].{name}"));
    }
}

// §5.5
#[tokio::test]
async fn every_decision_is_a_boolean() {
    let scene = Scene::set().await;
    let good = scene.question();
    let no = with(&good, "/action/name", json!("fly"));
    for (asked, decision) in [(&good, true), (&no, false)] {
        for path in [ONE, SEVERAL] {
            let told = scene.told(path, asked.clone()).await;
            assert_eq!(told["decision"], json!(decision), "{told}");
            assert!(told["context"].is_object(), "{told}");
        }
    }
    let told = scene
        .told(SEVERAL, json!({ "evaluations": [good, no] }))
        .await;
    assert_eq!(told["evaluations"][0]["decision"], json!(true));
    assert_eq!(told["evaluations"][1]["decision"], json!(false));
    // Recommended: with several, none for all.
    assert!(told.get("decision").is_none());
}

// §6.1, §10.1.1
#[tokio::test]
async fn an_evaluation_needs_its_three_entities() {
    let scene = Scene::set().await;
    let good = scene.question();
    for name in ["subject", "action", "resource"] {
        let at = format!("/{name}");
        for path in [ONE, SEVERAL] {
            names(&scene.gateway.ask(path, without(&good, &at)).await, name);
            for wrong in [json!("x"), json!(null), json!([])] {
                names(
                    &scene.gateway.ask(path, with(&good, &at, wrong)).await,
                    name,
                );
            }
        }
    }
    // `context` is optional, and an object where it is there.
    let context = with(
        &good,
        "/context",
        json!({ "time": "1985-10-26T01:22-07:00" }),
    );
    scene.gateway.ask(ONE, context).await.expect(200);
}

// §7.1.1
#[tokio::test]
async fn what_an_evaluation_leaves_out_has_to_be_given_at_the_top() {
    let scene = Scene::set().await;
    let good = scene.question();
    for name in ["subject", "action", "resource"] {
        let at = format!("/{name}");
        let partial = without(&good, &at);
        let alone = json!({ "evaluations": [good, partial] });
        let answer = scene.gateway.ask(SEVERAL, alone.clone()).await;
        names(&answer, &format!("evaluations[1].{name}"));
        let given = with(&alone, &at, good[name].clone());
        let told = scene.told(SEVERAL, given).await;
        assert_eq!(told["evaluations"][1]["decision"], json!(true), "{name}");
    }
    // What an evaluation says itself counts, whole: nothing is mixed into it.
    let top = with(&good, "/action", json!({ "name": "fly" }));
    let own = json!({ "action": { "name": "view" } });
    let told = scene
        .told(SEVERAL, with(&top, "/evaluations", json!([own, {}])))
        .await;
    assert_eq!(told["evaluations"][0]["decision"], json!(true));
    assert_eq!(told["evaluations"][1]["decision"], json!(false));
    let half = json!([{ "resource": { "type": "instances" } }]);
    let answer = scene
        .gateway
        .ask(SEVERAL, with(&good, "/evaluations", half))
        .await;
    names(&answer, "evaluations[0].resource.id");
}
