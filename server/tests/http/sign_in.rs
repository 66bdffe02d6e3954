//! Signing in and out.

use chrono::TimeDelta;

use crate::{
    browser::Anonymous,
    world::{PASSWORD, World},
};

const SESSION: &str = "__Host-rolecall";

async fn attempt(
    visitor: &Anonymous,
    email: &str,
    password: &str,
    next: &str,
) -> crate::browser::Answer {
    visitor
        .submit(
            "/sign-in",
            "/sign-in",
            &[("email", email), ("password", password), ("next", next)],
        )
        .await
}

#[tokio::test]
async fn the_right_password_leads_to_where_the_person_wanted() {
    let (world, _) = World::with_owner().await;
    let visitor = world.stranger();
    let sent_away = visitor
        .get("/w/acme/members?search=x%20y")
        .await
        .expect(303);
    assert_eq!(
        sent_away.location(),
        "/sign-in?next=%2Fw%2Facme%2Fmembers%3Fsearch%3Dx%2520y"
    );
    let page = visitor.get(sent_away.location()).await.expect(200);
    let answer = attempt(&visitor, "Ana@Example.org", PASSWORD, &page.field("next"))
        .await
        .expect(303);
    assert_eq!(answer.location(), "/w/acme/members?search=x%20y");
    let cookie = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .next()
        .unwrap()
        .to_str()
        .unwrap();
    for part in [
        "__Host-rolecall=",
        "; Path=/",
        "; Secure",
        "; HttpOnly",
        "; SameSite=Lax",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    visitor.get("/w/acme/members").await.expect(200);
    assert_eq!(
        visitor
            .get("/sign-in?next=/w/acme")
            .await
            .expect(303)
            .location(),
        "/w/acme"
    );
}

#[tokio::test]
async fn nobody_is_led_elsewhere() {
    let (world, _) = World::with_owner().await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/.//evil.example",
        "javascript:x",
    ] {
        let visitor = world.stranger();
        let page = visitor
            .get(&format!(
                "/sign-in?{}",
                crate::browser::form(&[("next", next)])
            ))
            .await;
        page.expect(200).hides("evil.example");
        let answer = attempt(&visitor, "ana@example.org", PASSWORD, next)
            .await
            .expect(303);
        assert_eq!(answer.location(), "/w/acme", "{next}");
    }
}

#[tokio::test]
async fn every_kind_of_no_looks_the_same() {
    let (world, _) = World::with_owner().await;
    let mut bodies = Vec::new();
    for (email, password) in [
        ("ana@example.org", "not the right passphrase"),
        ("nob@example.org", PASSWORD),
        ("ana@example.org", ""),
    ] {
        let visitor = world.stranger();
        let answer = attempt(&visitor, email, password, "").await.expect(422);
        assert!(visitor.cookie(SESSION).is_none());
        let csrf = answer.field("csrf");
        bodies.push(answer.body.replace(email, "EMAIL").replace(&csrf, "TOKEN"));
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[0], bodies[2]);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_waiting_helps() {
    let (world, _) = World::with_owner().await;
    let mut statuses = Vec::new();
    for last in 1..=8 {
        let visitor = world.stranger().at([198, 51, 100, last]);
        let answer = attempt(&visitor, "ana@example.org", "not the right passphrase", "").await;
        if answer.status == 429 {
            assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
        }
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses[..5], [422; 5]);
    assert!(statuses.contains(&429), "{statuses:?}");
    world.wait(TimeDelta::minutes(16));
    attempt(&world.stranger(), "ana@example.org", PASSWORD, "")
        .await
        .expect(303);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let (world, ana) = World::with_owner().await;
    let before = ana.cookie(SESSION).unwrap();
    let csrf_page = world.stranger();
    let token = csrf_page.get("/sign-in").await.field("csrf");
    ana.set_cookie(
        "__Host-rolecall-form",
        &csrf_page.cookie("__Host-rolecall-form").unwrap(),
    );
    let fields = [
        ("csrf", token.as_str()),
        ("email", "ana@example.org"),
        ("password", PASSWORD),
    ];
    ana.post("/sign-in", &fields).await.expect(303);
    assert_ne!(ana.cookie(SESSION).unwrap(), before);
    let thief = world.stranger();
    thief.set_cookie(SESSION, &before);
    thief.get("/w/acme/members").await.expect(303);
}

#[tokio::test]
async fn a_session_that_somebody_else_chose_is_not_adopted() {
    let (world, _) = World::with_owner().await;
    let victim = world.stranger();
    let chosen = "A".repeat(43);
    victim.set_cookie(SESSION, &chosen);
    assert!(
        victim
            .get("/w/acme")
            .await
            .expect(303)
            .location()
            .contains("notice=session-ended")
    );
    attempt(&victim, "ana@example.org", PASSWORD, "")
        .await
        .expect(303);
    assert_ne!(victim.cookie(SESSION).unwrap(), chosen);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server_and_twice_is_fine() {
    let (world, ana) = World::with_owner().await;
    let before = ana.cookie(SESSION).unwrap();
    // Not without the token of a page of this browser (rule 53).
    ana.post("/sign-out", &[]).await.expect(403);
    let other = world.stranger().sign_in("ana@example.org").await;
    let foreign = other.get("/w/acme/members").await.field("csrf");
    ana.post("/sign-out", &[("csrf", &foreign)])
        .await
        .expect(403);
    ana.get("/w/acme/members").await.expect(200);
    let answer = ana
        .submit("/w/acme/members", "/sign-out", &[])
        .await
        .expect(303);
    assert_eq!(answer.location(), "/sign-in?notice=signed-out");
    assert_eq!(
        answer.header("clear-site-data"),
        "\"cache\", \"cookies\", \"storage\""
    );
    assert!(ana.cookie(SESSION).is_none());
    ana.get(answer.location())
        .await
        .expect(200)
        .says("signed out");

    let replay = world.stranger();
    replay.set_cookie(SESSION, &before);
    replay.get("/").await.expect(303);
    replay
        .call("load_shell", serde_json::json!({ "slug": "acme" }))
        .await
        .expect(401);
    replay.post("/sign-out", &[]).await.expect(303);
}

#[tokio::test]
async fn a_session_ends_after_a_week_without_use() {
    let (world, ana) = World::with_owner().await;
    world.wait(TimeDelta::days(6));
    ana.get("/w/acme/members").await.expect(200);
    world.wait(TimeDelta::days(6));
    ana.get("/w/acme/members").await.expect(200);
    world.wait(TimeDelta::days(8));
    ana.get("/w/acme/members").await.expect(303);
}

#[tokio::test]
async fn a_form_without_its_token_or_of_another_browser_signs_nobody_in() {
    let (world, _) = World::with_owner().await;
    let (visitor, other) = (world.stranger(), world.stranger());
    visitor.get("/sign-in").await;
    let foreign = other.get("/sign-in").await.field("csrf");
    for csrf in ["", "x", foreign.as_str()] {
        let fields = [
            ("csrf", csrf),
            ("email", "ana@example.org"),
            ("password", PASSWORD),
        ];
        let answer = visitor
            .post("/sign-in", &fields)
            .await
            .expect(403)
            .hides(PASSWORD);
        assert_eq!(answer.field("email"), "ana@example.org");
        assert!(visitor.cookie(SESSION).is_none());
    }
}

#[tokio::test]
async fn a_form_in_the_wrong_shape_is_refused_with_a_page() {
    let (world, _) = World::with_owner().await;
    let visitor = world.stranger();
    visitor
        .post("/sign-in", &[("email", "a@x.org"), ("email", "b@x.org")])
        .await
        .expect(400)
        .says("Request");
    let json = visitor
        .request("POST", "/sign-in")
        .header("content-type", "application/json");
    visitor
        .send(json.body(axum::body::Body::from("{}")).unwrap())
        .await
        .expect(415);
    let huge = "x".repeat(300_000);
    visitor
        .post("/sign-in", &[("email", huge.as_str())])
        .await
        .expect(413)
        .says("256 kB");
    let long = "x".repeat(2_000);
    attempt(&visitor, "ana@example.org", &long, "")
        .await
        .expect(422);
}

#[tokio::test]
async fn documents_follow_the_theme_that_was_chosen_in_the_console() {
    let (world, _) = World::with_owner().await;
    let visitor = world.stranger();
    for (cookie, start) in [
        ("theme=dark", r#"<html lang="en" class="dark">"#),
        ("a=b; theme=light", r#"<html lang="en" class="light">"#),
        ("theme=\"><script>", r#"<html lang="en" class="">"#),
        ("a=b", r#"<html lang="en" class="">"#),
    ] {
        for (path, status) in [("/sign-in", 200), ("/invite/x", 404), ("/nowhere", 404)] {
            let request = visitor.request("GET", path).header("cookie", cookie);
            let answer = visitor
                .send(request.body(axum::body::Body::empty()).unwrap())
                .await
                .expect(status);
            assert!(answer.body.contains(start), "{path} {cookie}");
        }
    }
}
