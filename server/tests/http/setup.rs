//! The first run.

use rolecall_backend::service::setup;

use crate::world::{CODE, PASSWORD, World};

async fn fresh() -> World {
    let world = World::empty().await;
    assert_eq!(
        setup::issue_code(world.rolecall(), Some(CODE))
            .await
            .unwrap()
            .as_deref(),
        Some(CODE)
    );
    world
}

fn fields(code: &str) -> [(&str, &str); 6] {
    [
        ("code", code),
        ("name", "Ana Ruiz"),
        ("email", "ana@example.org"),
        ("password", PASSWORD),
        ("workspace", "Acme"),
        ("template", "cloud-account"),
    ]
}

#[tokio::test]
async fn every_page_of_an_empty_installation_leads_to_the_set_up() {
    let visitor = fresh().await.stranger();
    for path in ["/", "/w/acme/members", "/sign-in"] {
        assert_eq!(
            visitor.get(path).await.expect(303).location(),
            "/setup",
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_code_makes_an_owner_who_is_signed_in_and_only_once() {
    let world = fresh().await;
    let visitor = world.stranger();
    let page = visitor
        .get(&format!("/setup?code={CODE}"))
        .await
        .expect(200);
    assert_eq!(page.field("code"), CODE);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let template = page.field("template");
    let mut fields = fields(CODE);
    fields[5].1 = &template;
    let done = visitor
        .submit("/setup", "/setup", &fields)
        .await
        .expect(303);
    assert_eq!(done.location(), "/w/acme");
    visitor.get("/w/acme/members").await.expect(200);

    let late = world.stranger();
    late.get("/setup").await.expect(410);
    let csrf = late.get("/sign-in").await.field("csrf");
    let mut again = vec![("csrf", csrf.as_str())];
    again.extend(fields);
    late.post("/setup", &again).await.expect(409);
}

#[tokio::test]
async fn every_wrong_field_is_told_and_what_was_typed_stays_but_the_password() {
    let visitor = fresh().await.stranger();
    let answer = visitor
        .submit(
            "/setup",
            "/setup",
            &[
                ("code", CODE),
                ("name", "Ana"),
                ("email", "ana"),
                ("password", "too short"),
            ],
        )
        .await
        .expect(422)
        .says("has one @")
        .hides("too short");
    assert_eq!(answer.field("name"), "Ana");
    assert_eq!(answer.field("email"), "ana");
    assert_eq!(answer.field("password"), "");
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_guessing_is_slowed_down() {
    let visitor = fresh().await.stranger();
    visitor
        .submit("/setup", "/setup", &fields("guess-guess"))
        .await
        .expect(422);
    let mut last = visitor
        .submit("/setup", "/setup", &fields("guess-guess"))
        .await;
    for _ in 0..12 {
        last = visitor
            .submit("/setup", "/setup", &fields("guess-guess"))
            .await;
    }
    let last = last.expect(429);
    assert!(last.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn a_form_without_its_token_makes_nobody() {
    let world = fresh().await;
    let visitor = world.stranger();
    visitor.get("/setup").await;
    visitor
        .post("/setup", &fields(CODE))
        .await
        .expect(403)
        .says("once more");
    assert!(setup::needed(world.rolecall()).await.unwrap());
}
