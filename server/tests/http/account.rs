//! The own account, as a browser meets it: cookies, headers, forms.

use chrono::TimeDelta;
use rolecall_shared::{access::MemberPage, error::ErrorCode};
use serde_json::{Value, json};

use crate::{
    browser::Member,
    world::{PASSWORD, World},
};

const SESSION: &str = "__Host-rolecall";

/// Whether a copy of somebody's cookie opens the console.
async fn opens(world: &World, cookie: &str) -> bool {
    let copy = world.stranger();
    copy.set_cookie(SESSION, cookie);
    copy.call("load_shell", json!({ "slug": "acme" }))
        .await
        .status
        .is_success()
}

/// An order that gives Vera another role.
async fn promotion(world: &World, ana: &Member) -> Value {
    let sent = ana.invite("vera@example.org", "Viewer").await;
    let vera = world
        .stranger()
        .join(&sent, "Vera Viewer")
        .await
        .member()
        .await;
    let page: MemberPage = ana
        .call("load_member", json!({ "slug": "acme", "member": vera }))
        .await
        .expect(200)
        .json();
    json!({ "slug": "acme", "member": vera, "version": page.version, "access": {
        "role": ana.role("Operator").await, "groups": [],
        "direct": { "permissions": [], "expires_at": null },
    } })
}

#[tokio::test]
async fn another_role_asks_for_a_fresh_proof_and_goes_through_after_it() {
    let (world, ana) = World::with_owner().await;
    let order = promotion(&world, &ana).await;
    world.wait(TimeDelta::minutes(16));
    ana.call("update_access", order.clone())
        .await
        .error(ErrorCode::ConfirmFirst);
    let wrong = ana
        .call(
            "confirm_identity",
            json!({ "password": "not the passphrase" }),
        )
        .await;
    assert!(wrong.headers.get("set-cookie").is_none());
    assert!(
        wrong
            .error(ErrorCode::Invalid)
            .for_field("password")
            .is_some()
    );

    let before = ana.cookie(SESSION).unwrap();
    let confirmed = ana
        .call("confirm_identity", json!({ "password": PASSWORD }))
        .await
        .expect(200);
    let cookie = confirmed.header("set-cookie");
    for part in [
        "__Host-rolecall=",
        "; Path=/",
        "; Secure",
        "; HttpOnly",
        "; SameSite=Lax",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_ne!(ana.cookie(SESSION).unwrap(), before);
    assert!(
        !opens(&world, &before).await,
        "the old cookie is worth nothing"
    );
    ana.call("update_access", order).await.expect(200);
}

const NEW: &str = "thimble velvet orbit lantern";

#[tokio::test]
async fn another_password_gives_this_browser_a_new_cookie_and_signs_the_others_out() {
    let (world, ana) = World::with_owner().await;
    let other = world.stranger().sign_in("ana@example.org").await;
    let before = ana.cookie(SESSION).unwrap();
    ana.call(
        "change_password",
        json!({ "current": PASSWORD, "password": NEW }),
    )
    .await
    .expect(200);
    assert_ne!(ana.cookie(SESSION).unwrap(), before);
    assert!(!opens(&world, &before).await);
    ana.get("/account").await.expect(200);
    other
        .call("load_account", json!({}))
        .await
        .error(ErrorCode::NotSignedIn);
    assert!(
        other
            .get("/w/acme/members")
            .await
            .expect(303)
            .location()
            .contains("session-ended")
    );
}

#[tokio::test]
async fn the_account_page_is_there_for_somebody_without_a_workspace() {
    let (world, ana) = World::with_owner().await;
    let page = ana.get("/account").await.expect(200);
    page.says("Your account")
        .says("ana@example.org")
        .says("This browser");
    let stranger = world.stranger();
    let sent_away = stranger.get("/account").await.expect(303);
    assert_eq!(sent_away.location(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn asking_for_a_new_password_looks_the_same_for_every_address() {
    let (world, _) = World::owned(crate::world::Wishes {
        mail: true,
        ..crate::world::Wishes::default()
    })
    .await;
    let mut answers = Vec::new();
    for email in ["ana@example.org", "nob@example.org"] {
        let visitor = world.stranger();
        let page = visitor.get("/forgot").await.expect(200);
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let answer = visitor
            .submit("/forgot", "/forgot", &[("email", email)])
            .await
            .expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        answers.push((names, answer.body.replace(email, "EMAIL")));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn exactly_one_address_is_taken_and_only_from_our_own_form() {
    let (world, _) = World::with_owner().await;
    let visitor = world.stranger();
    let csrf = visitor.get("/forgot").await.field("csrf");
    visitor
        .post(
            "/forgot",
            &[
                ("csrf", &csrf),
                ("email", "ana@example.org"),
                ("email", "eve@example.org"),
            ],
        )
        .await
        .expect(400);
    visitor
        .post(
            "/forgot",
            &[("csrf", &csrf), ("email[]", "ana@example.org")],
        )
        .await
        .expect(422);
    for (path, fields) in [
        ("/forgot", [("email", "ana@example.org"), ("x", "")]),
        ("/reset", [("token", "x"), ("password", NEW)]),
        ("/confirm-email", [("token", "x"), ("x", "")]),
    ] {
        let answer = visitor.post(path, &fields).await;
        assert!(
            matches!(answer.status.as_u16(), 403 | 404),
            "{path}: {}",
            answer.status
        );
    }
    let mut db = world.rolecall().store().read().await.unwrap();
    let rows = db.audit_rows(None).await.unwrap();
    assert!(rows.iter().all(|row| row.action != "password.forgotten"));
}

#[tokio::test]
async fn links_that_do_not_work_have_a_page_with_the_next_step() {
    let (world, _) = World::with_owner().await;
    let visitor = world.stranger();
    for (path, next) in [
        ("/reset/x", "/forgot"),
        ("/reset/%00", "/forgot"),
        ("/confirm-email/x", "/account"),
    ] {
        let page = visitor
            .get(path)
            .await
            .expect(404)
            .says("This link does not work");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        page.says(next);
    }
    for (page, action, fields) in [
        (
            "/sign-in",
            "/reset",
            vec![("token", "x"), ("password", NEW)],
        ),
        ("/sign-in", "/confirm-email", vec![("token", "x")]),
    ] {
        visitor.submit(page, action, &fields).await.expect(404);
    }
}

#[tokio::test]
async fn a_new_address_can_not_be_asked_for_without_a_mail_server() {
    let (_world, ana) = World::with_owner().await;
    ana.get("/account")
        .await
        .expect(200)
        .says("can not send mail");
    ana.call("change_email", json!({ "email": "new@example.org" }))
        .await
        .error(ErrorCode::Conflict);
}

#[tokio::test]
async fn somebody_can_not_end_a_session_that_is_not_theirs() {
    let (world, ana) = World::with_owner().await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    let account: rolecall_shared::account::AccountPage =
        kim.call("load_account", json!({})).await.expect(200).json();
    ana.call("end_session", json!({ "session": account.sessions[0].id }))
        .await
        .error(ErrorCode::NotFound);
    kim.call("load_account", json!({})).await.expect(200);
}
