//! The numbers that Prometheus reads: whole, true, and about nobody.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::to_bytes;
use chrono::TimeDelta;
use serde_json::json;

use crate::{
    program::{ONE, Program, SEVERAL, problem, question},
    world::{Wishes, World},
};

/// All series with their values, once the text was found to be in the format of Prometheus 0.0.4.
struct Numbers(BTreeMap<String, f64>);

impl Numbers {
    async fn of(world: &World) -> Self {
        Self::parse(&text(world).await)
    }

    #[track_caller]
    fn parse(text: &str) -> Self {
        let (mut kinds, mut series) = (BTreeMap::new(), BTreeMap::new());
        let mut helped = BTreeSet::new();
        assert!(text.ends_with('\n'));
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                assert!(help.len() > 10, "{line}");
                assert!(helped.insert(name.to_owned()), "told twice: {line}");
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                kinds.insert(name.to_owned(), kind.to_owned());
            } else {
                let (name, value) = line.rsplit_once(' ').unwrap();
                let family = name.split('{').next().unwrap();
                assert!(family.starts_with("rolecall_"), "{line}");
                assert!(belongs(family, &kinds), "no type: {line}");
                let value: f64 = value.parse().unwrap();
                assert!(value >= 0.0, "{line}");
                let before = series.insert(name.to_owned(), value);
                assert_eq!(before, None, "twice: {line}");
            }
        }
        assert_eq!(helped, kinds.keys().cloned().collect());
        Self(series)
    }

    #[track_caller]
    fn get(&self, name: &str) -> f64 {
        let found = self.0.get(&format!("rolecall_{name}"));
        *found.unwrap_or_else(|| panic!("no {name} in {:#?}", self.0))
    }

    #[track_caller]
    fn is(&self, name: &str, value: u32) {
        let found = self.get(name);
        assert!((found - f64::from(value)).abs() < 1e-6, "{name}: {found}");
    }
}

/// Whether a sample is of a family that was announced with its type.
fn belongs(name: &str, kinds: &BTreeMap<String, String>) -> bool {
    let part = |end| name.strip_suffix(end).and_then(|name| kinds.get(name));
    let histogram = ["_bucket", "_sum", "_count"].into_iter().find_map(part);
    match kinds.get(name) {
        Some(kind) => kind != "histogram",
        None => histogram.is_some_and(|kind| kind == "histogram"),
    }
}

async fn text(world: &World) -> String {
    let answer = world.numbers("/metrics").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let body = to_bytes(answer.into_body(), 10_000_000).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn decisions_and_refusals_are_counted() {
    let (world, ana) = World::with_owner().await;
    let numbers = Numbers::of(&world).await;
    numbers.is("decisions_total{decision=\"permit\"}", 0);
    numbers.is("refusals_total", 0);
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    let ask = |who: &'static str| question(who, "manage", "team", "acme");
    program.ask(ONE, ask("ana@example.org")).await.expect(200);
    let three = ["ana@example.org", "eve@example.org", "eve@example.org"].map(ask);
    let several = json!({ "evaluations": three });
    program.ask(SEVERAL, several).await.expect(200);
    let blind = Program::of(&world, &ana, json!(["billing:view"])).await;
    problem(&blind.ask(ONE, ask("ana@example.org")).await, 403);

    let numbers = Numbers::of(&world).await;
    numbers.is("decisions_total{decision=\"permit\"}", 2);
    numbers.is("decisions_total{decision=\"deny\"}", 2);
    numbers.is("refusals_total", 1);
    let route = format!("route=\"{ONE}\",method=\"POST\"");
    let counted = |status| format!("http_requests_total{{{route},status=\"{status}\"}}");
    numbers.is(&counted("2xx"), 1);
    numbers.is(&counted("4xx"), 1);
    numbers.is(
        &format!("http_request_duration_seconds_count{{{route}}}"),
        2,
    );
    let all = format!("http_request_duration_seconds_bucket{{{route},le=\"+Inf\"}}");
    numbers.is(&all, 2);
}

#[tokio::test]
async fn what_memory_answers_is_told_apart_from_what_is_read() {
    let (world, ana) = World::with_owner().await;
    let program = Program::of(&world, &ana, json!(["team:view"])).await;
    let ask = || program.may("ana@example.org", "manage", "team", "acme");
    ask().await;
    let first = Numbers::of(&world).await;
    first.is("memory_members_read_total", 1);
    first.is("memory_lookups_total{result=\"read\"}", 1);
    for _ in 0..5 {
        ask().await;
    }
    let then = Numbers::of(&world).await;
    then.is("memory_lookups_total{result=\"read\"}", 1);
    let remembered = "memory_lookups_total{result=\"remembered\"}";
    assert!(then.get(remembered) - first.get(remembered) >= 5.0);
    world.wait(TimeDelta::seconds(2));
    ask().await;
    let later = Numbers::of(&world).await;
    later.is("memory_lookups_total{result=\"confirmed\"}", 1);
    later.is("memory_lookups_total{result=\"read\"}", 1);
}

#[tokio::test]
async fn mail_that_waits_and_the_database_are_numbers() {
    let (world, ana) = World::owned(Wishes {
        mail: true,
        ..Wishes::default()
    })
    .await;
    let numbers = Numbers::of(&world).await;
    numbers.is("outbox_mails", 0);
    numbers.is("outbox_oldest_age_seconds", 0);
    let invite = async |email| {
        let order = ana.order(email, "Viewer").await;
        ana.call("send_invitations", order).await.expect(200);
    };
    invite("ben@example.org").await;
    world.wait(TimeDelta::seconds(90));
    invite("eva@example.org").await;
    let numbers = Numbers::of(&world).await;
    numbers.is("outbox_mails", 2);
    numbers.is("outbox_oldest_age_seconds", 90);
    numbers.is("database_up", 1);
    numbers.is("live_streams", 0);
    numbers.is("database_connections_limit{pool=\"write\"}", 1);
    let open = |state| {
        numbers.get(&format!(
            "database_connections{{pool=\"read\",state=\"{state}\"}}"
        ))
    };
    assert!(open("idle") + open("used") >= 1.0);
}

#[tokio::test]
async fn without_the_database_there_are_numbers_but_no_old_ones() {
    let (world, ana) = World::with_owner().await;
    ana.get("/w/acme/members").await;
    world.rolecall().store().close().await;
    let numbers = Numbers::of(&world).await;
    numbers.is("database_up", 0);
    assert!(!numbers.0.keys().any(|name| name.contains("outbox")));
    let counted = numbers.0.keys().filter(|n| n.contains("http_requests"));
    assert!(counted.count() >= 1);
}

#[tokio::test]
async fn pages_that_listen_are_counted() {
    let (world, ana) = World::with_owner().await;
    let request = ana.request("GET", "/w/acme/events");
    let request = request.body(axum::body::Body::empty()).unwrap();
    let stream = world.answer(request).await;
    assert_eq!(stream.status(), 200);
    Numbers::of(&world).await.is("live_streams", 1);
    drop(stream);
}

#[tokio::test]
async fn numbers_name_nobody_and_grow_with_routes_only() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let stranger = world.stranger();
    stranger.get(&sent.path()).await;
    ana.get("/w/acme/members?search=topsecret").await;
    stranger.get("/nowhere/topsecret").await;
    stranger.get("/invite/topsecret").await;
    let before = Numbers::of(&world).await.0.len();
    for n in 0..20 {
        stranger.get(&format!("/topsecret/{n}")).await;
        stranger.get(&format!("/invite/topsecret{n}")).await;
    }
    let text = text(&world).await;
    assert_eq!(Numbers::parse(&text).0.len(), before);
    assert!(text.contains("/invite/{token}"), "{text}");
    for secret in ["topsecret", &sent.token, "acme", "example.org", "Ana"] {
        assert!(!text.contains(secret), "{secret} is told");
    }
}

#[tokio::test]
async fn the_main_address_tells_no_numbers() {
    let (world, ana) = World::with_owner().await;
    for path in ["/metrics", "/api/v1/metrics", "/access/v1/metrics"] {
        let answer = ana.get(path).await;
        assert_ne!(answer.status, 200, "{path}");
        answer.hides("rolecall_http_requests");
    }
    assert!(!world.routes().iter().any(|route| route.contains("metrics")));
    for path in ["/", "/livez", "/sign-in"] {
        assert_eq!(world.numbers(path).await.status(), 404, "{path}");
    }
}
