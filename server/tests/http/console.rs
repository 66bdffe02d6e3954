//! Pages of the console, as the server renders them.

use axum::body::Body;

use crate::world::{Wishes, World};

#[tokio::test]
async fn a_page_is_whole_without_scripts_and_carries_its_own_nonce() {
    let (_world, ana) = World::with_owner().await;
    let mut nonces = Vec::new();
    for path in [
        "/w/acme/members",
        "/w/acme/members/invitations",
        "/w/acme/overview",
        "/w/acme/settings",
    ] {
        let page = ana
            .get(path)
            .await
            .expect(200)
            .says("Ana Ruiz")
            .says("Acme");
        assert!(page.header("content-type").starts_with("text/html"));
        assert_eq!(page.header("cache-control"), "no-store");
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy
            .split_once("'nonce-")
            .unwrap()
            .1
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        assert!(nonce.len() >= 22, "{nonce}");
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
        for script in page.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
        }
        assert!(
            !page.body.contains(" style="),
            "an inline style is against the policy"
        );
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn the_first_page_leads_to_the_workspace() {
    let (_world, ana) = World::with_owner().await;
    for path in ["/", "/w/acme"] {
        let answer = ana.get(path).await;
        assert!(answer.status.is_redirection(), "{path}: {}", answer.status);
        assert!(
            answer.location().starts_with("/w/acme"),
            "{path}: {}",
            answer.location()
        );
    }
}

#[tokio::test]
async fn a_workspace_begins_with_its_overview_or_with_the_own_access() {
    let (world, ana) = World::with_owner().await;
    assert_eq!(ana.get("/w/acme").await.location(), "/w/acme/overview");
    ana.get("/w/acme/overview")
        .await
        .expect(200)
        .says("Members by role")
        .says("Only Ana Ruiz can manage the team")
        .says("Recent changes");
    let sent = ana.invite("vera@example.org", "Viewer").await;
    let vera = world.stranger().join(&sent, "Vera Viewer").await;
    vera.get("/w/acme").await.expect(200).says("You are in");
    vera.get("/w/acme/overview")
        .await
        .expect(403)
        .says("team:view")
        .hides("Ana Ruiz");
    vera.get("/w/acme/settings")
        .await
        .expect(200)
        .says("settings:manage")
        .says("Only an owner can delete the workspace");
}

#[tokio::test]
async fn a_foreign_workspace_and_an_unknown_page_are_not_found() {
    let (world, ana) = World::with_owner().await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    ana.get("/w/kiosk/members").await.expect(404).hides("Kim");
    ana.get("/w/nowhere/members").await.expect(404);
    ana.get("/w/acme/nothing")
        .await
        .expect(404)
        .says("nothing here");
    ana.get("/nothing").await.expect(404);
}

#[tokio::test]
async fn who_is_not_signed_in_sees_no_page() {
    let (world, _) = World::with_owner().await;
    let stranger = world.stranger();
    for route in world
        .routes()
        .iter()
        .filter(|route| route.starts_with("GET /w/") || *route == "GET /")
    {
        let path = route.trim_start_matches("GET ").replace("{slug}", "acme");
        if path.ends_with("/events") {
            stranger.get(&path).await.expect(401);
        } else {
            assert!(
                stranger
                    .get(&path)
                    .await
                    .expect(303)
                    .location()
                    .starts_with("/sign-in"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn odd_questions_in_the_address_do_no_harm() {
    let (_world, ana) = World::with_owner().await;
    for query in [
        "cursor=rubbish",
        "role=x",
        "status=%00",
        "sort=x&direction=y",
        "search=%FF",
        "search=%3Cscript%3E",
    ] {
        for path in ["/w/acme/members", "/w/acme/members/invitations"] {
            let answer = ana.get(&format!("{path}?{query}")).await;
            assert!(
                !answer.status.is_server_error(),
                "{path}?{query}: {}",
                answer.body
            );
            answer.hides("<script>\"");
        }
    }
}

#[tokio::test]
async fn pages_are_compressed_and_forms_with_secrets_are_not() {
    let (_world, ana) = World::with_owner().await;
    let ask = |path: &str| {
        ana.request("GET", path)
            .header("accept-encoding", "br, gzip")
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(
        ana.send(ask("/w/acme/members"))
            .await
            .expect(200)
            .header("content-encoding"),
        "br"
    );
    assert_eq!(
        ana.send(ask("/invite/x"))
            .await
            .expect(404)
            .header("content-encoding"),
        ""
    );
}

#[tokio::test]
async fn behind_https_browsers_are_told_to_stay_there() {
    let world = World::with(Wishes {
        public_url: Some("https://access.example.org"),
        ..Wishes::default()
    })
    .await;
    let visitor = world.stranger();
    let request = axum::http::Request::get("/sign-in")
        .header("host", "access.example.org")
        .body(Body::empty());
    let answer = visitor.send(request.unwrap()).await.expect(303);
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=63072000")
    );
    let other = world
        .stranger()
        .get("/sign-in")
        .await
        .expect(421)
        .says("https://access.example.org");
    assert_eq!(other.location(), "");
}
