//! The link in the mail: looking, joining, declining, and every way it can end.

use chrono::TimeDelta;
use rolecall_shared::invitation::InvitationStatus;
use serde_json::json;

use crate::{
    browser::{Anonymous, Answer, Sent},
    world::{PASSWORD, Wishes, World},
};

const SESSION: &str = "__Host-rolecall";

async fn join(visitor: &Anonymous, invitation: &Sent, name: &str, password: &str) -> Answer {
    let fields = [
        ("token", invitation.token.as_str()),
        ("name", name),
        ("password", password),
        ("code", ""),
    ];
    visitor
        .submit(&invitation.path(), "/invitation/join", &fields)
        .await
}

#[tokio::test]
async fn looking_at_a_link_changes_nothing_however_often() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let before = ana.invitations().await;
    for _ in 0..5 {
        let scanner = world.stranger();
        let page = scanner
            .get(&sent.path())
            .await
            .expect(200)
            .says("Acme")
            .says("Ana Ruiz")
            .says("Viewer");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(
            page.header("content-security-policy")
                .contains("script-src 'none'")
        );
        let head = scanner
            .send(
                scanner
                    .request("HEAD", &sent.path())
                    .body("".into())
                    .unwrap(),
            )
            .await;
        assert_eq!(head.expect(200).body, "");
    }
    assert_eq!(ana.invitations().await, before);
}

#[tokio::test]
async fn a_new_person_joins_and_is_signed_in() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger();
    let answer = join(&ben, &sent, "Ben Okafor", PASSWORD).await.expect(303);
    assert_eq!(answer.location(), "/w/acme");
    assert!(ben.cookie(SESSION).is_some());
    ben.call("load_shell", json!({ "slug": "acme" }))
        .await
        .expect(200)
        .says("Ben Okafor")
        .says("Viewer");
    assert_eq!(
        ana.invitations().await[0].status,
        InvitationStatus::Accepted
    );
}

#[tokio::test]
async fn a_link_works_once() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger();
    let csrf = ben.get(&sent.path()).await.field("csrf");
    join(&ben, &sent, "Ben", PASSWORD).await.expect(303);
    let second = world.stranger();
    second.get(&sent.path()).await.expect(410).says("Acme");
    let fields = [
        ("csrf", csrf.as_str()),
        ("token", &sent.token),
        ("name", "Ben"),
        ("password", PASSWORD),
    ];
    let again = ben.post("/invitation/join", &fields).await;
    assert!(again.status == 303 || again.status == 410, "{}", again.body);
}

#[tokio::test]
async fn what_is_wrong_is_told_and_the_name_stays() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger();
    let answer = join(&ben, &sent, "Ben Okafor", "too short")
        .await
        .expect(422)
        .hides("too short");
    assert_eq!(answer.field("name"), "Ben Okafor");
    join(&ben, &sent, "", PASSWORD).await.expect(422);
    assert_eq!(ana.invitations().await[0].status, InvitationStatus::Pending);
}

#[tokio::test]
async fn no_form_works_without_its_token() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let visitor = world.stranger();
    visitor.get(&sent.path()).await;
    for action in ["join", "sign-in", "confirm", "decline", "code", "switch"] {
        let fields = [
            ("token", sent.token.as_str()),
            ("name", "Ben"),
            ("password", PASSWORD),
        ];
        visitor
            .post(&format!("/invitation/{action}"), &fields)
            .await
            .expect(403)
            .says("Acme")
            .says("once more");
    }
    assert_eq!(ana.invitations().await[0].status, InvitationStatus::Pending);
}

#[tokio::test]
async fn an_unknown_or_changed_link_is_one_page() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let visitor = world.stranger();
    let changed = format!("{}x", sent.token);
    let first = visitor.get("/invite/nothing").await.expect(404).body;
    let second = visitor
        .get(&format!("/invite/{changed}"))
        .await
        .expect(404)
        .body;
    assert_eq!(first, second);
    visitor.get("/invite/%FF").await.expect(404);
    visitor.get("/invite/a/b").await.expect(404);
    let csrf = visitor.get("/sign-in").await.field("csrf");
    for action in ["join", "sign-in", "decline", "code"] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("token", "nothing"),
            ("name", "Ben"),
            ("password", PASSWORD),
        ];
        visitor
            .post(&format!("/invitation/{action}"), &fields)
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn each_way_an_invitation_ends_has_its_page() {
    let (world, ana) = World::with_owner().await;
    let visitor = world.stranger();

    let revoked = ana.invite("revoked@example.org", "Viewer").await;
    let version = ana.version(&revoked.id).await;
    ana.call(
        "revoke_invitation",
        json!({ "slug": "acme", "id": revoked.id, "version": version }),
    )
    .await
    .expect(200);
    visitor
        .get(&revoked.path())
        .await
        .expect(410)
        .says("Ana Ruiz");

    let declined = ana.invite("declined@example.org", "Viewer").await;
    let fields = [("token", declined.token.as_str())];
    visitor
        .submit(&declined.path(), "/invitation/decline", &fields)
        .await
        .expect(200)
        .says("Acme");
    visitor.get(&declined.path()).await.expect(410);

    let replaced = ana.invite("replaced@example.org", "Viewer").await;
    let (role, version) = (ana.role("Operator").await, ana.version(&replaced.id).await);
    let order = json!({ "slug": "acme", "id": replaced.id, "version": version, "change": { "role": role } });
    ana.call("change_invitation", order).await.expect(200);
    visitor
        .get(&replaced.path())
        .await
        .expect(410)
        .says("This link was replaced");

    let expired = ana.invite("expired@example.org", "Viewer").await;
    world.wait(TimeDelta::hours(73));
    visitor
        .get(&expired.path())
        .await
        .expect(410)
        .says("Ana Ruiz");
}

#[tokio::test]
async fn somebody_with_an_account_signs_in_on_the_page_and_joins() {
    let (world, ana) = World::with_owner().await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let sent = ana.invite("kim@example.org", "Operator").await;
    let kim = world.stranger();
    let wrong = [
        ("token", sent.token.as_str()),
        ("password", "not the right passphrase"),
    ];
    kim.submit(&sent.path(), "/invitation/sign-in", &wrong)
        .await
        .expect(422);
    let right = [("token", sent.token.as_str()), ("password", PASSWORD)];
    let answer = kim
        .submit(&sent.path(), "/invitation/sign-in", &right)
        .await
        .expect(303);
    assert_eq!(answer.location(), "/w/acme");
    kim.get("/w/acme/members").await.expect(200);
}

#[tokio::test]
async fn somebody_signed_in_with_the_invited_address_confirms() {
    let (world, ana) = World::with_owner().await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let sent = ana.invite("kim@example.org", "Operator").await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    kim.get(&sent.path())
        .await
        .expect(200)
        .says("/invitation/confirm");
    let fields = [("token", sent.token.as_str())];
    kim.submit(&sent.path(), "/invitation/confirm", &fields)
        .await
        .expect(303);
    kim.get("/w/acme/members").await.expect(200);

    let signed_out = world.stranger();
    let other = ana.invite("ben@example.org", "Viewer").await;
    let fields = [("token", other.token.as_str())];
    signed_out
        .submit(&other.path(), "/invitation/confirm", &fields)
        .await
        .expect(401)
        .says("Sign in here");
}

#[tokio::test]
async fn somebody_signed_in_as_another_sees_both_addresses_and_can_switch() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let session = ana.cookie(SESSION).unwrap();
    ana.get(&sent.path())
        .await
        .expect(200)
        .says("ana@example.org")
        .says("ben@example.org");
    let fields = [("token", sent.token.as_str())];
    let refused = ana
        .submit(&sent.path(), "/invitation/confirm", &fields)
        .await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    assert_eq!(ana.invitations().await[0].status, InvitationStatus::Pending);

    ana.submit(&sent.path(), "/invitation/switch", &fields)
        .await
        .expect(200)
        .says("signed out");
    assert!(ana.cookie(SESSION).is_none());
    let thief = world.stranger();
    thief.set_cookie(SESSION, &session);
    thief.get("/w/acme/members").await.expect(303);
}

#[tokio::test]
async fn a_copied_link_asks_for_a_code_that_only_the_mailbox_gets() {
    let (world, ana) = World::owned(Wishes {
        mail: true,
        ..Wishes::default()
    })
    .await;
    let order = ana.order("ben@example.org", "Viewer").await;
    ana.call("send_invitations", order)
        .await
        .expect(200)
        .hides("/invite/");
    let id = ana.invitations().await[0].id.to_string();
    let link: String = ana
        .call("copy_invitation_link", json!({ "slug": "acme", "id": id }))
        .await
        .expect(200)
        .json();
    let token = link.rsplit('/').next().unwrap().to_owned();
    let sent = Sent { id, token };
    let ben = world.stranger();
    let fields = [("token", sent.token.as_str()), ("name", "Ben")];
    ben.submit(&sent.path(), "/invitation/code", &fields)
        .await
        .expect(200)
        .says("on its way");
    join(&ben, &sent, "Ben", PASSWORD).await.expect(422);
    assert_eq!(ana.invitations().await[0].status, InvitationStatus::Pending);
}

#[tokio::test]
async fn the_token_is_in_no_location_and_no_cookie() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger();
    let mut answers = vec![ben.get(&sent.path()).await];
    answers.push(join(&ben, &sent, "Ben", PASSWORD).await);
    answers.push(world.stranger().get(&format!("{}/", sent.path())).await);
    for answer in answers {
        for (name, value) in &answer.headers {
            assert!(!value.to_str().unwrap().contains(&sent.token), "{name}");
        }
    }
}
