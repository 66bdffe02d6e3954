//! `/invitations`: sent, changed, sent again, revoked, and never accepted nor shown with a link.

use serde_json::{Value, json};

use super::{Api, With, actions};
use crate::{
    browser::Member,
    program::problem,
    world::{Wishes, World},
};

const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

/// Acme with a mail server, its owner, and a program of hers.
async fn scene() -> (World, Member, Api) {
    let (world, ana) = World::owned(Wishes {
        mail: true,
        ..Wishes::default()
    })
    .await;
    let api = Api::of(&world, &ana, json!(null)).await;
    (world, ana, api)
}

async fn order(ana: &Member, addresses: &[&str], role: &str) -> Value {
    json!({ "addresses": addresses, "role": ana.role(role).await })
}

/// Invites one address; gives the path of the invitation.
async fn invited(api: &Api, ana: &Member, email: &str) -> String {
    let order = order(ana, &[email], "Viewer").await;
    let told: Value = api
        .post("/invitations", With::body(&order))
        .await
        .expect(200)
        .json();
    let verdict = &told["items"][0];
    assert_eq!(verdict["outcome"], "invited", "{told}");
    format!("/invitations/{}", verdict["invitation"].as_str().unwrap())
}

#[tokio::test]
async fn each_address_gets_its_verdict_and_no_link() {
    let (_world, ana, api) = scene().await;
    let waiting = invited(&api, &ana, "ben@example.org").await;
    let addresses = [
        "dana@example.org",
        "ANA@example.org",
        "ben@example.org",
        "nonsense",
    ];
    let order = order(&ana, &addresses, "Operator").await;
    let answer = api
        .post("/invitations", With::body(&order))
        .await
        .expect(200);
    assert!(
        !answer.body.contains("/invite/") && !answer.body.contains("link"),
        "{}",
        answer.body
    );
    let told: Value = answer.json();
    let of = |name: &str| -> Vec<Value> {
        let items = told["items"].as_array().unwrap().iter();
        items.map(|item| item[name].clone()).collect()
    };
    assert_eq!(
        of("outcome"),
        ["invited", "member", "other_role", "invalid"]
    );
    assert_eq!(of("address"), addresses);
    assert_eq!(
        format!("/invitations/{}", of("invitation")[2].as_str().unwrap()),
        waiting
    );
    assert_eq!(of("member")[1], json!(ana.member().await));
    assert!(of("reason")[3].as_str().unwrap().len() > 10);
    let list: Value = api
        .get("/invitations?sort=email&direction=up")
        .await
        .expect(200)
        .json();
    let items = list["items"].as_array().unwrap().iter();
    let emails: Vec<&str> = items.map(|item| item["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["ben@example.org", "dana@example.org"]);
    let found: Value = api
        .get("/invitations?search=dana&status=pending")
        .await
        .expect(200)
        .json();
    assert_eq!(found["items"][0]["mail"]["state"], "queued");
    for (query, field) in [
        ("status=gone", "status"),
        ("sort=role", "sort"),
        ("cursor=x", "cursor"),
    ] {
        let told = problem(&api.get(&format!("/invitations?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field);
    }
}

#[tokio::test]
async fn without_a_mail_server_the_link_stays_in_the_console() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(null)).await;
    let place = invited(&api, &ana, "dana@example.org").await;
    for below in [
        place.clone(),
        "/invitations".into(),
        format!("{place}/mails"),
    ] {
        let answer = api.get(&below).await.expect(200);
        assert!(!answer.body.contains("/invite/"), "{}", answer.body);
    }
    let resend = format!("{place}/resend");
    problem(
        &api.post(&resend, With::default().version("\"1\"")).await,
        409,
    );
}

#[tokio::test]
async fn an_order_with_a_key_has_one_effect() {
    let (world, ana, api) = scene().await;
    let one = order(&ana, &["dana@example.org"], "Viewer").await;
    let other = order(&ana, &["eve@example.org"], "Viewer").await;
    let first = api
        .post("/invitations", With::body(&one).key("k"))
        .await
        .expect(200);
    let again = api
        .post("/invitations", With::body(&one).key("k"))
        .await
        .expect(200);
    assert_eq!(first.body, again.body);
    let told = problem(
        &api.post("/invitations", With::body(&other).key("k")).await,
        422,
    );
    assert_eq!(told["fields"][0]["field"], "Idempotency-Key");
    // A key belongs to its token, and without one each order is its own.
    let second = Api::of(&world, &ana, json!(null)).await;
    second
        .post("/invitations", With::body(&other).key("k"))
        .await
        .expect(200);
    let told: Value = api
        .post("/invitations", With::body(&one))
        .await
        .expect(200)
        .json();
    assert_eq!(told["items"][0]["outcome"], "pending");
    let sent = actions(&ana).await;
    assert_eq!(
        sent.iter()
            .filter(|one| *one == "invitation.created")
            .count(),
        2
    );
    for wrong in ["", "é", &"x".repeat(256)] {
        let with = With::body(&one).header("idempotency-key", wrong);
        problem(&api.post("/invitations", with).await, 422);
    }
}

#[tokio::test]
async fn an_invitation_is_changed_sent_again_and_revoked_by_its_version() {
    let (_world, ana, api) = scene().await;
    let place = invited(&api, &ana, "dana@example.org").await;
    let read = api.get(&place).await.expect(200);
    assert!(read.header("etag").starts_with("\"1."));
    let change = json!({ "role": ana.role("Operator").await });
    problem(&api.put(&place, With::body(&change)).await, 428);
    let changed = api
        .put(&place, With::body(&change).version("\"1\""))
        .await
        .expect(200);
    let tag = changed.header("etag").to_owned();
    assert_eq!(changed.json::<Value>()["role"]["name"], "Operator");
    problem(
        &api.put(&place, With::body(&change).version("\"1\"")).await,
        412,
    );

    let (resend, revoke) = (format!("{place}/resend"), format!("{place}/revoke"));
    problem(
        &api.post(&resend, With::default().version("\"1\"")).await,
        412,
    );
    api.post(&resend, With::default().version(&tag))
        .await
        .expect(204);
    problem(&api.post(&revoke, With::default().version(&tag)).await, 412);
    let tag = api.get(&place).await.header("etag").to_owned();
    let mails: Value = api.get(&format!("{place}/mails")).await.expect(200).json();
    assert_eq!(mails["items"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&mails["items"][2]["what"], &mails["items"][2]["to"]),
        (&json!("invitation"), &json!("dana@example.org"))
    );
    api.post(&revoke, With::default().version(&tag))
        .await
        .expect(204);
    let told: Value = api.get(&place).await.expect(200).json();
    assert_eq!(told["status"], "revoked");
    let tag = format!("\"{}\"", told["version"]);
    for deed in [&resend, &revoke] {
        problem(&api.post(deed, With::default().version(&tag)).await, 409);
    }
    problem(
        &api.put(&place, With::body(&change).version(&tag)).await,
        409,
    );
}

#[tokio::test]
async fn groups_and_overrides_come_with_an_invitation() {
    let (_world, ana, api) = scene().await;
    let draft =
        json!({ "name": "Night shift", "description": "", "permissions": ["instances:view"] });
    let order = json!({ "slug": "acme", "draft": draft });
    let group: String = ana.call("create_group", order).await.expect(200).json();
    let draft = json!({ "name": "Storefront", "description": "" });
    let order = json!({ "slug": "acme", "draft": draft });
    let project: String = ana.call("create_project", order).await.expect(200).json();
    let whole = json!({
        "addresses": ["dana@example.org"], "role": ana.role("Viewer").await, "groups": [group],
        "note": "Welcome", "hours": 24, "start_fresh": false,
        "overrides": [{ "project": project, "permissions": ["projects:view", "instances:manage"] }],
    });
    let told: Value = api
        .post("/invitations", With::body(&whole))
        .await
        .expect(200)
        .json();
    let place = format!(
        "/invitations/{}",
        told["items"][0]["invitation"].as_str().unwrap()
    );
    let read: Value = api.get(&place).await.expect(200).json();
    assert_eq!(
        read["groups"],
        json!([{ "id": group, "name": "Night shift" }])
    );
    assert_eq!(read["expires_at"], "2026-11-23T20:00:00Z");
    let less = json!({ "role": ana.role("Viewer").await, "groups": [], "overrides": [] });
    let told: Value = api
        .put(&place, With::body(&less).version("\"1\""))
        .await
        .expect(200)
        .json();
    assert_eq!(told["groups"], json!([]));
    for (at, value, status) in [
        ("hours", json!(0), 422),
        ("hours", json!(721), 422),
        ("addresses", json!([]), 422),
        ("addresses", json!("dana@example.org"), 422),
        ("role", json!("x"), 422),
        ("role", json!(NOBODY), 404),
        ("groups", json!([NOBODY]), 404),
        (
            "overrides",
            json!([{ "project": NOBODY, "permissions": [] }]),
            404,
        ),
        (
            "overrides",
            json!([{ "project": project, "permissions": ["team:view"] }]),
            422,
        ),
        (
            "overrides",
            json!([{ "project": project, "permissions": [], "more": 1 }]),
            422,
        ),
        ("idempotency_key", json!("k"), 422),
        ("is_owner", json!(true), 422),
        ("note", json!("x".repeat(5_000)), 422),
    ] {
        let mut wrong = whole.clone();
        wrong["addresses"] = json!(["eve@example.org"]);
        wrong[at] = value.clone();
        let answer = api.post("/invitations", With::body(&wrong)).await;
        assert_eq!(answer.status, status, "{at} {value}: {}", answer.body);
        problem(&answer, status);
    }
}

#[tokio::test]
async fn who_may_only_look_sends_nothing_and_nobody_accepts_with_a_token() {
    let (world, ana, api) = scene().await;
    let place = invited(&api, &ana, "dana@example.org").await;
    let reader = Api::of(&world, &ana, json!(["team:view"])).await;
    reader.get(&place).await.expect(200);
    let order = order(&ana, &["eve@example.org"], "Viewer").await;
    let told = problem(&reader.post("/invitations", With::body(&order)).await, 403);
    assert_eq!(told["permission"], "team:manage");
    for deed in ["resend", "revoke"] {
        let with = With::default().version("\"1\"");
        problem(&reader.post(&format!("{place}/{deed}"), with).await, 403);
    }
    let blind = Api::of(&world, &ana, json!(["audit:view"])).await;
    for below in ["/invitations", &place, &format!("{place}/mails")] {
        assert_eq!(
            problem(&blind.get(below).await, 403)["permission"],
            "team:view"
        );
    }
    // A token that lacks what a role gives, gives it to nobody.
    let manager = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    problem(&manager.post("/invitations", With::body(&order)).await, 403);
    for deed in ["accept", "decline", "link", "copy"] {
        problem(
            &api.post(&format!("{place}/{deed}"), With::body(&json!({})))
                .await,
            404,
        );
    }
}

#[tokio::test]
async fn invitations_of_another_workspace_are_not_there() {
    let (world, ana, api) = scene().await;
    let place = invited(&api, &ana, "dana@example.org").await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    let draft = json!({ "name": "Own", "days": 3, "permissions": null, "project": null });
    let made: Value = kim
        .call("create_token", json!({ "slug": "kiosk", "draft": draft }))
        .await
        .expect(200)
        .json();
    let secret = made["secret"].as_str().unwrap();
    let theirs = Api(crate::program::Program::new(&world, secret));
    let change = json!({ "role": ana.role("Viewer").await });
    for workspace in ["acme", "kiosk"] {
        let at = |below: &str| format!("/api/v1/workspaces/{workspace}{below}");
        let get = axum::http::Method::GET;
        problem(&theirs.send(get, &at(&place), With::default()).await, 404);
        let put = axum::http::Method::PUT;
        let with = With::body(&change).version("\"1\"");
        problem(&theirs.send(put, &at(&place), with).await, 404);
        for deed in ["resend", "revoke"] {
            let post = axum::http::Method::POST;
            let with = With::default().version("\"1\"");
            problem(
                &theirs
                    .send(post, &at(&format!("{place}/{deed}")), with)
                    .await,
                404,
            );
        }
    }
    let told: Value = api.get(&place).await.expect(200).json();
    assert_eq!(
        (&told["version"], &told["status"]),
        (&json!(1), &json!("pending"))
    );
}
