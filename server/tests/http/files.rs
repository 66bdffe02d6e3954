//! Stylesheets, scripts and icons.

use std::fs;

use axum::body::Body;

use crate::world::World;

async fn world() -> World {
    let world = World::empty().await;
    let site = world.site();
    fs::write(site.join("pkg/rolecall.cccc.css"), "body{}").unwrap();
    fs::write(site.join("pkg/rolecall.cccc.css.br"), "brotli").unwrap();
    fs::write(site.join("pkg/rolecall.cccc.css.gz"), "gzip").unwrap();
    fs::write(site.join("pkg/rolecall.bbbb.wasm"), "wasm").unwrap();
    fs::write(site.join("icons.svg"), "<svg/>").unwrap();
    fs::write(site.join(".env"), "secret").unwrap();
    fs::create_dir(site.join("fonts")).unwrap();
    world
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_come_compressed() {
    let world = world().await;
    let visitor = world.stranger();
    let plain = visitor.get("/pkg/rolecall.cccc.css").await.expect(200);
    assert_eq!(plain.body, "body{}");
    assert_eq!(
        plain.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(plain.header("content-type"), "text/css");
    for (accept, body, encoding) in [("gzip, br", "brotli", "br"), ("gzip", "gzip", "gzip")] {
        let request = visitor
            .request("GET", "/pkg/rolecall.cccc.css")
            .header("accept-encoding", accept);
        let answer = visitor
            .send(request.body(Body::empty()).unwrap())
            .await
            .expect(200);
        assert_eq!(
            (answer.body.as_str(), answer.header("content-encoding")),
            (body, encoding)
        );
        assert_eq!(answer.header("content-type"), "text/css");
    }
    assert_eq!(
        visitor
            .get("/pkg/rolecall.bbbb.wasm")
            .await
            .expect(200)
            .header("content-type"),
        "application/wasm"
    );
}

#[tokio::test]
async fn other_files_are_kept_for_a_day_and_asked_about_afterwards() {
    let world = world().await;
    let visitor = world.stranger();
    let icon = visitor.get("/icons.svg").await.expect(200);
    assert_eq!(icon.header("cache-control"), "public, max-age=86400");
    let request = visitor
        .request("GET", "/icons.svg")
        .header("if-modified-since", icon.header("last-modified"));
    visitor
        .send(request.body(Body::empty()).unwrap())
        .await
        .expect(304);
}

#[tokio::test]
async fn nothing_but_the_site_is_served() {
    let world = world().await;
    let visitor = world.stranger();
    for path in [
        "/.env",
        "/%2eenv",
        "/pkg",
        "/pkg/",
        "/fonts",
        "/fonts/",
        "/../hash.txt",
        "/pkg/../../hash.txt",
        "/%2e%2e/hash.txt",
        "/pkg/%2e%2e%2f%2e%2e%2fhash.txt",
        "/pkg/none.css",
        "/%00",
        "/%FF",
    ] {
        let answer = visitor.get(path).await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 404),
            "{path}: {}",
            answer.status
        );
        answer.hides("secret").hides("cccc: ");
    }
}

#[tokio::test]
async fn documents_name_the_stylesheet_with_its_hash() {
    let world = world().await;
    world
        .stranger()
        .get("/nothing")
        .await
        .expect(404)
        .says("/pkg/rolecall.cccc.css");
}
