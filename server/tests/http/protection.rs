//! What keeps other sites, other hosts and oversized requests out.

use axum::{
    body::Body,
    http::{Request, header},
};
use rolecall_shared::error::ErrorCode;

use crate::world::{ORIGIN, World};

/// Where a request says it comes from.
type Headers = &'static [(&'static str, &'static str)];

const ELSEWHERE: [Headers; 7] = [
    &[],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
    &[("origin", "http://localhost:3000")],
    &[("origin", "null")],
    &[
        ("origin", "https://evil.example"),
        ("referer", "http://127.0.0.1:3000/"),
    ],
];

fn post(path: &str, headers: Headers, cookie: Option<&str>) -> Request<Body> {
    let mut request = Request::post(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, format!("__Host-rolecall={cookie}"));
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn no_change_is_taken_from_elsewhere_with_or_without_a_cookie() {
    let (world, ana) = World::with_owner().await;
    let session = ana.cookie("__Host-rolecall").unwrap();
    let stranger = world.stranger();
    for route in world
        .routes()
        .iter()
        .filter_map(|route| route.strip_prefix("POST "))
        // For programs: no cookie counts there (`authzen.rs`, `rest/foundation.rs`).
        .filter(|route| !route.starts_with("/access/v1/") && !route.starts_with("/api/v1/"))
    {
        for headers in ELSEWHERE {
            for cookie in [None, Some(session.as_str())] {
                let answer = stranger
                    .send(post(route, headers, cookie))
                    .await
                    .expect(403);
                if route.starts_with("/api/") {
                    answer.error(ErrorCode::CrossSite);
                } else {
                    answer.says("did not come from a page");
                }
            }
        }
    }
    ana.get("/w/acme/members").await.expect(200);
}

#[tokio::test]
async fn our_own_pages_are_believed() {
    let (world, _) = World::with_owner().await;
    let stranger = world.stranger();
    let own: [Headers; 4] = [
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin"), ("origin", ORIGIN)],
        &[("origin", ORIGIN)],
    ];
    for headers in own {
        stranger
            .send(post("/sign-out", headers, None))
            .await
            .expect(303);
    }
}

#[tokio::test]
async fn only_known_hosts_are_answered() {
    let (world, _) = World::with_owner().await;
    let stranger = world.stranger();
    let ask = |path: &str, hosts: &[&str]| {
        let mut request = Request::get(path);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        request.body(Body::empty()).unwrap()
    };
    for hosts in [
        &["evil.example"][..],
        &[],
        &["127.0.0.1:4000"],
        &["127.0.0.1"],
        &["a b"],
        &["127.0.0.1:3000", "evil.example"],
    ] {
        for path in ["/sign-in", "/", "/icons.svg", "/nothing"] {
            stranger
                .send(ask(path, hosts))
                .await
                .expect(421)
                .says(ORIGIN);
        }
        stranger.send(ask("/livez", hosts)).await.expect(200);
        stranger.send(ask("/readyz", hosts)).await.expect(200);
    }
    for host in [
        "127.0.0.1:3000",
        "internal.example",
        "INTERNAL.example:8080",
    ] {
        stranger.send(ask("/sign-in", &[host])).await.expect(200);
    }
    stranger
        .send(ask("http://evil.example/sign-in", &["127.0.0.1:3000"]))
        .await
        .expect(421);
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let (_world, ana) = World::with_owner().await;
    for path in [
        "/",
        "/w/acme/members",
        "/sign-in",
        "/setup",
        "/invite/x",
        "/forgot",
        "/reset/x",
        "/confirm-email/x",
        "/account",
        "/nothing",
        "/api/x",
        "/livez",
        "/w/x/events",
    ] {
        let answer = ana.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"),
            "{path}"
        );
        let secret = ["/setup", "/invite", "/forgot", "/reset", "/confirm-email"]
            .iter()
            .any(|family| path.starts_with(family));
        let referrer = if secret { "no-referrer" } else { "same-origin" };
        assert_eq!(answer.header("referrer-policy"), referrer, "{path}");
        assert!(
            answer
                .headers
                .get_all("content-security-policy")
                .iter()
                .count()
                == 1,
            "{path}"
        );
        assert!(
            answer.header("access-control-allow-origin").is_empty(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn methods_that_a_route_does_not_take_are_named() {
    let (world, ana) = World::with_owner().await;
    for route in world.routes() {
        let (method, path) = route.split_once(' ').unwrap();
        let taken = |one: &str| world.routes().contains(&format!("{one} {path}"));
        let wrong = ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"];
        let wrong: Vec<&str> = wrong.into_iter().filter(|one| !taken(one)).collect();
        let path = path.replace("{slug}", "acme").replace("{token}", "x");
        for wrong in wrong {
            let answer = ana
                .send(ana.request(wrong, &path).body(Body::empty()).unwrap())
                .await;
            assert_eq!(answer.status.as_u16(), 405, "{wrong} {path}");
            assert!(
                answer.header("allow").contains(method),
                "{wrong} {path}: {}",
                answer.header("allow")
            );
        }
    }
    for method in ["TRACE", "POST", "PUT", "BREW"] {
        let answer = ana
            .send(ana.request(method, "/nothing").body(Body::empty()).unwrap())
            .await
            .expect(405);
        assert_eq!(answer.header("allow"), "GET, HEAD", "{method}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let (_world, ana) = World::with_owner().await;
    let huge = "x".repeat(256 * 1024 + 1);
    let request = ana
        .request("POST", "/api/load_shell")
        .header("content-type", "application/json");
    ana.send(request.body(Body::from(huge.clone())).unwrap())
        .await
        .error(ErrorCode::TooLarge);
    let lying = ana
        .request("POST", "/api/load_shell")
        .header("content-type", "application/json");
    let chunks = tokio_stream::iter((0..40).map(|_| Ok::<_, std::io::Error>("x".repeat(8_192))));
    ana.send(lying.body(Body::from_stream(chunks)).unwrap())
        .await
        .error(ErrorCode::TooLarge);
    let long = format!("/w/acme/members?search={}", "x".repeat(9_000));
    ana.get(&long).await.expect(414);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let (_world, ana) = World::with_owner().await;
    for path in [
        "/livez",
        "/readyz",
        "/sign-in",
        "/setup",
        "/w/acme/members",
        "/nothing",
    ] {
        let get = ana.get(path).await;
        let head = ana
            .send(ana.request("HEAD", path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(
            (head.status, head.body.as_str()),
            (get.status, ""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_id_of_the_asker_is_not_taken() {
    let (_world, ana) = World::with_owner().await;
    let request = ana.request("GET", "/livez").header("x-request-id", "mine");
    let answer = ana
        .send(request.body(Body::empty()).unwrap())
        .await
        .expect(200);
    assert_ne!(answer.header("x-request-id"), "mine");
}

#[tokio::test]
async fn a_server_that_stops_says_so_first() {
    let (world, ana) = World::with_owner().await;
    ana.get("/readyz").await.expect(200);
    world.stop();
    ana.get("/readyz").await.expect(503);
    ana.get("/livez").await.expect(200);
    ana.get("/w/acme/members").await.expect(200);
}

#[tokio::test]
async fn without_its_database_the_server_lives_but_is_not_ready() {
    let (world, ana) = World::with_owner().await;
    world.rolecall().store().close().await;
    ana.get("/livez").await.expect(200);
    ana.get("/readyz").await.expect(503);
    let page = ana.get("/w/acme/members").await.expect(503);
    assert!(page.header("retry-after").parse::<u32>().is_ok());
    ana.get("/invite/x").await;
    ana.call("load_shell", serde_json::json!({ "slug": "acme" }))
        .await
        .error(ErrorCode::Unavailable);
}
