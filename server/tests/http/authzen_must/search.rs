//! The three searches (AuthZEN §8).

use serde_json::{Value, json};

use super::{ACTIONS, RESOURCES, SUBJECTS, Scene, names, with, without};

// §8.2, §8.2.2
#[tokio::test]
async fn a_page_before_the_last_names_the_next() {
    let scene = Scene::set().await;
    let sent = scene.ana.invite("ben@example.org", "Viewer").await;
    scene.world.stranger().join(&sent, "Ben Okafor").await;
    let good = scene.question();
    for (path, all) in [(SUBJECTS, 2), (RESOURCES, 3), (ACTIONS, 3)] {
        let (whole, _) = scene.found(path, good.clone()).await;
        assert_eq!(whole.len(), all, "{path}");
        let mut gathered = Vec::new();
        let mut asked = with(&good, "/page", json!({ "limit": 1 }));
        for at in 1..=all {
            let told = scene.told(path, asked.clone()).await;
            let (page, results) = (&told["page"], told["results"].as_array().unwrap());
            assert_eq!(results.len(), 1, "{path}");
            assert_eq!(page["count"], 1);
            gathered.push(results[0].clone());
            let next = page["next_token"].as_str().unwrap();
            assert_eq!(next.is_empty(), at == all, "{path} {at}: {told}");
            // The limit may be repeated or left out.
            asked["page"] = if at == 1 {
                json!({ "token": next })
            } else {
                json!({ "token": next, "limit": 1 })
            };
        }
        let name = |r: &Value| r["id"].as_str().or(r["name"].as_str()).unwrap().to_owned();
        assert_eq!(
            gathered.iter().map(name).collect::<Vec<_>>(),
            whole,
            "{path}"
        );
    }
    // None at all is a number, too: it says whether there is anything.
    let none = with(&good, "/page", json!({ "limit": 0 }));
    let (results, next) = scene.found(RESOURCES, none).await;
    assert!(results.is_empty() && !next.is_empty());
}

// §8.2, §8.2.1
#[tokio::test]
async fn a_token_goes_with_its_own_search_only() {
    let scene = Scene::set().await;
    let first = with(&scene.question(), "/page", json!({ "limit": 1 }));
    let (_, next) = scene.found(RESOURCES, first.clone()).await;
    let second = with(&first, "/page/token", json!(next));
    let (again, _) = scene.found(RESOURCES, second.clone()).await;
    assert_eq!(again, scene.things[1..2]);
    for (at, other) in [
        ("/subject/id", json!("eve@example.org")),
        ("/subject/properties", json!({ "department": "Sales" })),
        ("/action/name", json!("manage")),
        ("/resource/type", json!("volumes")),
        ("/context", json!({ "time": "1985-10-26T01:22-07:00" })),
        ("/page/limit", json!(2)),
        ("/page/limit", json!(0)),
    ] {
        let answer = scene.gateway.ask(RESOURCES, with(&second, at, other)).await;
        names(&answer, "page.");
    }
    // Another kind of search is another search, and what no search gave is no token.
    names(
        &scene.gateway.ask(SUBJECTS, second.clone()).await,
        "page.token",
    );
    for made_up in [
        "x",
        "01890000-0000-7000-8000-000000000000",
        &"0".repeat(64),
        &"é".repeat(32),
    ] {
        let body = with(&second, "/page/token", json!(made_up));
        names(&scene.gateway.ask(RESOURCES, body).await, "page.token");
    }
    for wrong in [json!(-1), json!(1.5), json!("1"), json!(null), json!([])] {
        let body = with(&first, "/page/limit", wrong);
        names(&scene.gateway.ask(RESOURCES, body).await, "page.limit");
    }
    for fine in [json!(1_000_000_000_000_u64), json!(2.0), json!(1e300)] {
        let body = with(&first, "/page/limit", fine);
        scene.gateway.ask(RESOURCES, body).await.expect(200);
    }
}

// §8.2.2
#[tokio::test]
async fn the_last_page_ends_with_an_empty_token() {
    let scene = Scene::set().await;
    let good = scene.question();
    let nothing = with(&good, "/action/name", json!("fly"));
    for path in [SUBJECTS, RESOURCES, ACTIONS] {
        for asked in [&good, &nothing] {
            let told = scene.told(path, asked.clone()).await;
            assert_eq!(told["page"]["next_token"], json!(""), "{path}: {told}");
        }
        // An empty token is no token: the first page.
        let asked = with(&good, "/page", json!({ "token": "" }));
        let first = scene.found(path, good.clone()).await;
        assert_eq!(scene.found(path, asked).await, first);
    }
}

// §8.3
#[tokio::test]
async fn results_are_only_of_the_kind_that_is_searched_for() {
    let scene = Scene::set().await;
    let good = scene.question();
    for (path, names) in [
        (SUBJECTS, &["id", "type"][..]),
        (RESOURCES, &["id", "type"]),
        (ACTIONS, &["name"]),
    ] {
        let told = scene.told(path, good.clone()).await;
        let results = told["results"].as_array().unwrap();
        assert!(!results.is_empty(), "{path}");
        for result in results {
            let object = result.as_object().unwrap();
            assert_eq!(object.keys().collect::<Vec<_>>(), names, "{path}");
            assert!(object.values().all(Value::is_string));
            let kind = if path == SUBJECTS {
                "user"
            } else {
                "instances"
            };
            assert!(
                path == ACTIONS || result["type"] == kind,
                "{path}: {result}"
            );
        }
    }
    // Nothing found is an empty list, not a missing one.
    for (at, other) in [
        ("/subject/type", json!("robot")),
        ("/resource/type", json!("unicorns")),
    ] {
        for path in [SUBJECTS, RESOURCES, ACTIONS] {
            let told = scene.told(path, with(&good, at, other.clone())).await;
            assert_eq!(told["results"], json!([]), "{path} {at}");
        }
    }
}

// §8.4.1, §8.5.1, §8.6.1
#[tokio::test]
async fn a_search_needs_all_but_what_it_looks_for() {
    let scene = Scene::set().await;
    let good = scene.question();
    let needed = |path: &str| -> Vec<&str> {
        let all = ["/subject", "/subject/type", "/resource", "/resource/type"];
        let more: &[&str] = match path {
            SUBJECTS => &["/action", "/action/name", "/resource/id"],
            RESOURCES => &["/action", "/action/name", "/subject/id"],
            _ => &["/subject/id", "/resource/id"],
        };
        [&all, more].concat()
    };
    for path in [SUBJECTS, RESOURCES, ACTIONS] {
        for at in needed(path) {
            let name = at[1..].replace('/', ".");
            names(&scene.gateway.ask(path, without(&good, at)).await, &name);
        }
    }
    for (path, at) in [
        (SUBJECTS, "/subject/id"),
        (RESOURCES, "/resource/id"),
        (ACTIONS, "/action"),
    ] {
        assert!(!scene.found(path, without(&good, at)).await.0.is_empty());
    }
}

// §8.4.1, §8.5.1
#[tokio::test]
async fn the_id_of_what_is_searched_for_is_ignored() {
    let scene = Scene::set().await;
    let good = scene.question();
    for (path, at) in [
        (SUBJECTS, "/subject/id"),
        (RESOURCES, "/resource/id"),
        (ACTIONS, "/action"),
    ] {
        let plain = scene.found(path, without(&good, at)).await;
        for anything in [json!("nobody"), json!(7), json!(null), json!({ "a": 1 })] {
            let asked = with(&good, at, anything);
            assert_eq!(scene.found(path, asked).await, plain, "{path}");
        }
    }
    // Also between pages.
    let asked = with(&good, "/page", json!({ "limit": 1 }));
    let (_, next) = scene.found(RESOURCES, asked).await;
    let mut asked = with(&good, "/page", json!({ "token": next }));
    asked["resource"]["id"] = json!("another");
    assert_eq!(scene.found(RESOURCES, asked).await.0, scene.things[1..2]);
}
