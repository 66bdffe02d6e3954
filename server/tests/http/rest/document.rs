//! The document of the interface, and the page that is made from it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::World;

/// Each operation: method, path and what the document says of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let items = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap().iter();
        item.map(|(method, one)| (method.to_uppercase(), path.clone(), one.clone()))
    });
    items.collect()
}

async fn document(world: &World) -> Value {
    world
        .stranger()
        .get("/api/v1/openapi.json")
        .await
        .expect(200)
        .json()
}

#[tokio::test]
async fn the_document_has_every_route_and_no_other() {
    let world = World::empty().await;
    let document = document(&world).await;
    let told: BTreeSet<String> = operations(&document)
        .iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let routes = world
        .routes()
        .iter()
        .filter(|route| route.contains(" /api/v1/workspaces"));
    let there: BTreeSet<String> = routes.cloned().collect();
    assert_eq!(told, there);
    assert!(!told.is_empty());
}

#[tokio::test]
async fn every_operation_says_what_it_is_needs_and_refuses() {
    let world = World::empty().await;
    let document = document(&world).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = BTreeSet::new();
    let tags: BTreeSet<&str> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    for (method, path, one) in operations(&document) {
        let what = format!("{method} {path}");
        assert!(
            ids.insert(one["operationId"].as_str().unwrap().to_owned()),
            "{what} has the id of another"
        );
        assert!(!one["summary"].as_str().unwrap().is_empty(), "{what}");
        assert!(
            tags.contains(one["tags"][0].as_str().unwrap()),
            "{what} stands in no section"
        );
        // None: whoever has a token.
        assert!(
            one.get("x-permission")
                .is_some_and(|one| one.is_string() || one.is_null()),
            "{what} does not say whether it needs a permission"
        );
        let told: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let parameters = one["parameters"].as_array().unwrap().iter();
        let described: BTreeSet<&str> = parameters
            .clone()
            .filter(|p| p["in"] == "path")
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        assert_eq!(told, described, "{what}");
        for parameter in parameters {
            assert!(parameter["description"].is_string(), "{what}: {parameter}");
        }
        for status in ["401", "403", "404", "429"] {
            let pointer = one["responses"][status]["$ref"].as_str().unwrap();
            assert!(
                document.pointer(&pointer[1..]).is_some(),
                "{what}: {pointer}"
            );
        }
        if let Some(body) = one.get("requestBody") {
            let schema = body["content"]["application/json"]["schema"]["$ref"]
                .as_str()
                .unwrap();
            let schema = document.pointer(&schema[1..]).unwrap();
            assert_eq!(
                schema["additionalProperties"], false,
                "{what}: unknown fields are refused"
            );
            assert!(schema.get("example").is_some(), "{what} has no example");
        }
    }
}

#[tokio::test]
async fn the_page_tells_of_every_operation_without_any_script() {
    let world = World::empty().await;
    let document = document(&world).await;
    let page = world.stranger().get("/docs/api").await.expect(200);
    for (_, _, one) in operations(&document) {
        let id = one["operationId"].as_str().unwrap();
        assert!(
            page.body.contains(&format!("id=\"{id}\"")),
            "{id} is not on the page"
        );
    }
    let page = page.hides("<script").hides("style=");
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'none'")
    );
}
