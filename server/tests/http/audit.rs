//! The audit trail as a file: `POST /w/{slug}/audit/export`.

use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::TimeDelta;
use rolecall_shared::error::{ApiError, ErrorCode};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Browser, form},
    world::{PASSWORD, World},
};

const EXPORT: &str = "/w/acme/audit/export";

/// The order as the form sends it, with the token of the page.
async fn posted(browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    browser.submit("/account", EXPORT, fields).await
}

/// Asks as the page itself does, which reads refusals as JSON.
async fn fetched(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let csrf = browser.get("/account").await.field("csrf");
    let fields = &[&[("csrf", csrf.as_str())][..], fields].concat();
    let request = browser
        .request("POST", path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json");
    browser
        .send(request.body(Body::from(form(fields))).unwrap())
        .await
}

#[tokio::test]
async fn an_export_is_a_file_of_what_was_asked_for_and_is_written_down() {
    let (_world, ana) = World::with_owner().await;
    ana.invite("ben@example.org", "Viewer").await;
    let file = posted(&ana, &[("format", "csv"), ("family", "")])
        .await
        .expect(200);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"audit-acme-2026-11-22.csv\""
    );
    assert!(file.header("content-type").starts_with("text/csv"));
    assert_eq!(file.header("cache-control"), "no-store");
    let lines: Vec<&str> = file.body.trim_end().split("\r\n").collect();
    assert!(lines[0].starts_with("seq,time,"), "{}", lines[0]);
    assert!(lines[2].contains("\"invitation.created\""), "{}", lines[2]);

    let asked = [
        ("format", "json"),
        ("family", "invitation"),
        ("from", "2026-11-22"),
    ];
    let file = posted(&ana, &asked).await.expect(200);
    let entries: Vec<Value> = file.json();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["action"], "invitation.created");

    let query = json!({
        "actor": null, "target": null, "family": "audit", "project": null, "from": null, "to": null, "cursor": null,
    });
    let page: Value = ana
        .call("list_audit", json!({ "slug": "acme", "query": query }))
        .await
        .expect(200)
        .json();
    let actions: Vec<&str> = page["page"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["audit.read", "audit.exported", "audit.exported"]);
}

#[tokio::test]
async fn who_may_not_export_is_told_and_nothing_is_sent() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("vera@example.org", "Viewer").await;
    let vera = world.stranger().join(&sent, "Vera").await;
    let order = [("format", "csv")];
    let refused = fetched(&vera, EXPORT, &order).await.expect(403);
    let error: ApiError = refused.json();
    assert_eq!(error.code, ErrorCode::NotAllowed);
    assert_eq!(error.permission.as_deref(), Some("audit:view"));
    posted(&vera, &order)
        .await
        .expect(403)
        .says("<!DOCTYPE html>");
    world.stranger().post(EXPORT, &order).await.expect(401);
    world
        .add_workspace("Kim", "kim@example.org", "Harbour")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    fetched(&kim, EXPORT, &order).await.expect(404);
    fetched(&ana, "/w/nowhere/audit/export", &order)
        .await
        .expect(404);
}

#[tokio::test]
async fn an_order_that_can_not_be_understood_gives_no_file() {
    let (_world, ana) = World::with_owner().await;
    for wrong in [
        &[][..],
        &[("format", "xml")],
        &[("format", "csv"), ("actor", "somebody")],
    ] {
        fetched(&ana, EXPORT, wrong).await.expect(400);
    }
    for (field, wrong) in [
        (
            "from",
            [("format", "csv"), ("from", "2026-02-30"), ("to", "")],
        ),
        (
            "to",
            [
                ("format", "csv"),
                ("from", "2026-11-22"),
                ("to", "2026-11-21"),
            ],
        ),
    ] {
        let error: ApiError = fetched(&ana, EXPORT, &wrong).await.expect(422).json();
        assert_eq!(error.fields[0].field, field);
    }
}

#[tokio::test]
async fn no_other_site_can_ask_for_an_export() {
    let (_world, ana) = World::with_owner().await;
    let cookie = ana.cookie("__Host-rolecall").unwrap();
    let request = Request::post(EXPORT)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::COOKIE, format!("__Host-rolecall={cookie}"))
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("format=csv"))
        .unwrap();
    ana.send(request).await.expect(403);
}

#[tokio::test]
async fn a_form_of_another_browser_exports_nothing() {
    let (_world, ana) = World::with_owner().await;
    let refused = ana.post(EXPORT, &[("format", "csv")]).await.expect(403);
    assert!(refused.headers.get("content-disposition").is_none());
    posted(&ana, &[("format", "csv")]).await.expect(200);
}

#[tokio::test]
async fn an_export_asks_for_a_fresh_proof_and_says_without_a_script_what_to_do() {
    let (world, ana) = World::with_owner().await;
    world.wait(TimeDelta::minutes(16));
    let order = [("format", "csv")];
    fetched(&ana, EXPORT, &order)
        .await
        .error(ErrorCode::ConfirmFirst);
    posted(&ana, &order)
        .await
        .expect(403)
        .says("<!DOCTYPE html>")
        .says("sign in again, then export within 15 minutes");
    let password = json!({ "password": PASSWORD });
    ana.call("confirm_identity", password).await.expect(200);
    let file = posted(&ana, &[("format", "json"), ("family", "audit")]).await;
    let entries: Vec<Value> = file.expect(200).json();
    assert!(entries.is_empty(), "what was refused is no export");
}
