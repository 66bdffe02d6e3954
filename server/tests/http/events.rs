//! The live stream of a workspace.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use chrono::TimeDelta;
use rolecall_shared::{Timestamp, member::MemberRow, page::Page, shell::Shell};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_stream::StreamExt as _;

use crate::{
    browser::{Browser, Member},
    functions::{Function, Ids, reading},
    world::World,
};

/// An open stream.
struct Stream(BodyDataStream);

impl Stream {
    async fn open(member: &Member) -> Self {
        let request = member
            .request("GET", "/w/acme/events")
            .body(Body::empty())
            .unwrap();
        let response = member.world.answer(request).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(!response.headers().contains_key("content-encoding"));
        Self(response.into_body().into_data_stream())
    }

    /// The next message; `None` when the stream has ended.
    async fn next(&mut self) -> Option<String> {
        let chunk = timeout(Duration::from_secs(5), self.0.next())
            .await
            .expect("news in time")?;
        Some(String::from_utf8(chunk.unwrap().to_vec()).unwrap())
    }
}

/// When the only member of Acme was last active.
async fn last_active(ana: &Member) -> Option<Timestamp> {
    let query =
        json!({ "role": null, "group": null, "status": null, "activity": null, "cursor": null });
    let page: Page<MemberRow> = ana
        .call("list_members", json!({ "slug": "acme", "query": query }))
        .await
        .expect(200)
        .json();
    page.rows[0].last_active_at
}

async fn status(browser: &Browser, path: &str) -> u16 {
    let request = browser.request("GET", path).body(Body::empty()).unwrap();
    browser.world.answer(request).await.status().as_u16()
}

#[tokio::test]
async fn a_member_hears_of_a_change_at_once() {
    let (_world, ana) = World::with_owner().await;
    let mut stream = Stream::open(&ana).await;
    ana.invite("ben@example.org", "Viewer").await;
    let message = stream.next().await.unwrap();
    assert!(
        message.contains("event: change") && message.contains("data: invitations"),
        "{message}"
    );
}

#[tokio::test]
async fn news_of_other_workspaces_are_not_heard() {
    let (world, ana) = World::with_owner().await;
    let slug = world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    let mut stream = Stream::open(&ana).await;
    let before = json!({ "copy_link": true, "hours": 72, "allowed_domains": [] });
    let policy = json!({ "copy_link": false, "hours": 24, "allowed_domains": [] });
    kim.call(
        "set_invitation_policy",
        json!({ "slug": slug, "before": before, "policy": policy }),
    )
    .await
    .expect(200);
    ana.invite("ben@example.org", "Viewer").await;
    let message = stream.next().await.unwrap();
    assert!(
        message.contains("data: invitations") && !message.contains("settings"),
        "{message}"
    );
}

#[tokio::test]
async fn strangers_and_members_of_other_workspaces_hear_nothing() {
    let (world, _) = World::with_owner().await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    assert_eq!(status(&kim, "/w/acme/events").await, 404);
    assert_eq!(status(&kim, "/w/nowhere/events").await, 404);
    assert_eq!(status(&kim, "/w/%FF/events").await, 404);
    assert_eq!(status(&world.stranger(), "/w/acme/events").await, 401);
}

#[tokio::test]
async fn who_is_suspended_or_removed_hears_one_last_message_and_sees_no_workspace() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("vera@example.org", "Viewer").await;
    let vera = world.stranger().join(&sent, "Vera Viewer").await;
    let member = vera.member().await;
    let shell = async || -> Shell {
        vera.call("load_shell", json!({ "slug": "acme" }))
            .await
            .expect(200)
            .json()
    };
    for (act, arguments) in [
        (
            "suspend_member",
            json!({ "slug": "acme", "member": member, "reason": "" }),
        ),
        (
            "remove_member",
            json!({ "slug": "acme", "member": member, "order": {} }),
        ),
    ] {
        let mut stream = Stream::open(&vera).await;
        ana.call(act, arguments).await.expect(200);
        assert!(
            stream.next().await.unwrap().contains("data: members"),
            "{act}"
        );
        assert_eq!(stream.next().await, None, "{act}");
        // The page that looks again learns that there is nothing for them any more.
        let seen = shell().await;
        assert!(
            seen.workspace.is_none() && seen.workspaces.is_empty(),
            "{act}"
        );
        assert_eq!(status(&vera, "/w/acme/events").await, 404);
        assert_eq!(status(&vera, "/w/acme/members").await, 404);
        if act == "suspend_member" {
            let again = json!({ "slug": "acme", "member": member });
            ana.call("reactivate_member", again).await.expect(200);
            assert!(shell().await.workspace.is_some());
        }
    }
    ana.call(
        "reinstate_member",
        json!({ "slug": "acme", "former": member, "role": null }),
    )
    .await
    .expect(200);
    assert_eq!(shell().await.workspace.unwrap().member.to_string(), member);
}

#[tokio::test]
async fn who_signs_out_hears_one_last_message() {
    let (world, ana) = World::with_owner().await;
    let mut stream = Stream::open(&ana).await;
    ana.submit("/w/acme/members", "/sign-out", &[])
        .await
        .expect(303);
    let ana_again = world.stranger().sign_in("ana@example.org").await;
    ana_again.invite("ben@example.org", "Viewer").await;
    assert!(stream.next().await.unwrap().contains("data: members"));
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn streams_end_with_their_workspace() {
    let (_world, ana) = World::with_owner().await;
    let mut stream = Stream::open(&ana).await;
    ana.call(
        "delete_workspace",
        json!({ "slug": "acme", "name": "Acme" }),
    )
    .await
    .expect(200);
    assert!(stream.next().await.unwrap().contains("data: members"));
    assert_eq!(stream.next().await, None);
    assert_eq!(status(&ana, "/w/acme/events").await, 404);
}

#[tokio::test]
async fn an_open_stream_keeps_no_session_from_timing_out() {
    let (world, ana) = World::with_owner().await;
    let mut stream = Stream::open(&ana).await;
    world.wait(TimeDelta::days(6));
    let ana_again = world.stranger().sign_in("ana@example.org").await;
    ana_again.invite("ben@example.org", "Viewer").await;
    assert!(stream.next().await.unwrap().contains("data: invitations"));
    // Neither what was heard nor opening the stream again was a use of the older session.
    let mut second = Stream::open(&ana).await;
    world.wait(TimeDelta::days(1));
    ana_again.invite("cai@example.org", "Viewer").await;
    for stream in [&mut stream, &mut second] {
        assert!(stream.next().await.unwrap().contains("data: members"));
        assert_eq!(stream.next().await, None);
    }
    assert_eq!(status(&ana, "/w/acme/events").await, 401);
}

#[tokio::test]
async fn what_a_page_asks_after_news_keeps_no_session_from_timing_out() {
    let (world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    let mut stream = Stream::open(&ana).await;
    world.wait(TimeDelta::days(6));
    let ana_again = world.stranger().sign_in("ana@example.org").await;
    ana_again.invite("cai@example.org", "Viewer").await;
    assert!(stream.next().await.unwrap().contains("data: invitations"));
    let seen = last_active(&ana_again).await;
    for Function {
        name, arguments, ..
    } in reading(&ids)
    {
        ana.call_unattended(name, arguments).await.expect(200);
    }
    assert_eq!(
        last_active(&ana_again).await,
        seen,
        "nobody was active meanwhile"
    );
    world.wait(TimeDelta::days(1));
    let policy = json!({ "slug": "acme" });
    ana.call("invitation_policy", policy).await.expect(401);
}

#[tokio::test]
async fn a_change_is_a_use_whatever_it_says_of_itself() {
    let (world, ana) = World::with_owner().await;
    let asked = json!({ "slug": "acme" });
    let before: Value = ana
        .call("invitation_policy", asked)
        .await
        .expect(200)
        .json();
    world.wait(TimeDelta::days(6));
    let policy = json!({ "copy_link": false, "hours": 24, "allowed_domains": [] });
    let change = json!({ "slug": "acme", "before": before, "policy": policy });
    ana.call_unattended("set_invitation_policy", change)
        .await
        .expect(200);
    world.wait(TimeDelta::days(6));
    let policy = json!({ "slug": "acme" });
    ana.call("invitation_policy", policy).await.expect(200);
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let (world, ana) = World::with_owner().await;
    let mut stream = Stream::open(&ana).await;
    world.stop();
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn one_session_opens_only_so_many_streams() {
    let (_world, ana) = World::with_owner().await;
    let mut open = Vec::new();
    for _ in 0..12 {
        open.push(Stream::open(&ana).await);
    }
    let refused = ana.get("/w/acme/events").await.expect(429);
    assert_eq!(refused.header("retry-after"), "30");
    open.clear();
    // The listeners notice at their own pace.
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if status(&ana, "/w/acme/events").await == 200 {
            return;
        }
    }
    panic!("closed streams are still counted");
}
