//! The life of a membership: suspended, ended, removed, brought back.

use serde_json::{Value, json};

use super::{Api, With, actions};
use crate::{
    browser::Member,
    program::{Program, problem},
    world::World,
};

/// Acme with its owner, a program of hers, and Ben, an Admin with a program of his own.
async fn scene() -> (World, Member, Api, Api, String) {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Admin").await;
    let ben = world.stranger().join(&sent, "Ben Okafor").await;
    let id = ben.member().await;
    let (_, secret) = ben.token("Own", json!(null)).await;
    let theirs = Api(Program::new(&world, &secret));
    let api = Api::of(&world, &ana, json!(null)).await;
    (world, ana, api, theirs, id)
}

fn empty() -> With {
    With::body(&json!({}))
}

#[tokio::test]
async fn a_member_is_suspended_and_comes_back() {
    let (_world, ana, api, theirs, id) = scene().await;
    theirs.get("/members").await.expect(200);
    let suspend = format!("/members/{id}/suspend");
    let with = With::body(&json!({ "reason": "On leave" }));
    api.post(&suspend, with).await.expect(204);
    problem(&theirs.get("/members").await, 403);
    let told: Value = api.get(&format!("/members/{id}")).await.expect(200).json();
    assert_eq!(
        (&told["status"], &told["suspended"]["reason"]),
        (&json!("suspended"), &json!("On leave"))
    );
    // Twice is a conflict that changes nothing.
    problem(&api.post(&suspend, empty()).await, 409);
    let back = format!("/members/{id}/reactivate");
    api.post(&back, With::default()).await.expect(204);
    problem(&api.post(&back, With::default()).await, 409);
    theirs.get("/members").await.expect(200);
    let trail = actions(&ana).await;
    for action in ["member.suspended", "member.reactivated"] {
        assert_eq!(
            trail.iter().filter(|one| *one == action).count(),
            1,
            "{action}"
        );
    }
}

#[tokio::test]
async fn a_membership_gets_an_end_and_loses_it() {
    let (world, _ana, api, theirs, id) = scene().await;
    let read = api.get(&format!("/members/{id}/access")).await.expect(200);
    let tag = read.header("etag").to_owned();
    let place = format!("/members/{id}/end");
    let soon = With::body(&json!({ "ends_at": "2026-11-22T21:00:00Z" })).version(&tag);
    let told: Value = api.put(&place, soon).await.expect(200).json();
    assert_eq!(told["ends_at"], "2026-11-22T21:00:00Z");
    let again = With::body(&json!({ "ends_at": null })).version(&tag);
    problem(&api.put(&place, again).await, 412);
    // Leaving it out must not take an end away.
    let version = format!("\"{}\"", told["version"]);
    let told = problem(&api.put(&place, empty().version(&version)).await, 422);
    assert_eq!(told["fields"][0]["field"], "ends_at");
    for wrong in ["2020-01-01T00:00:00Z", "soon", "2026-11-22"] {
        let with = With::body(&json!({ "ends_at": wrong })).version(&version);
        problem(&api.put(&place, with).await, 422);
    }
    let none = || With::body(&json!({ "ends_at": null }));
    let told: Value = api
        .put(&place, none().version(&version))
        .await
        .expect(200)
        .json();
    let version = format!("\"{}\"", told["version"]);
    let soon = With::body(&json!({ "ends_at": "2026-11-22T21:00:00Z" }));
    let told: Value = api
        .put(&place, soon.version(&version))
        .await
        .expect(200)
        .json();
    world.wait(chrono::TimeDelta::hours(1));
    problem(&theirs.get("/members").await, 403);
    let version = format!("\"{}\"", told["version"]);
    problem(&api.put(&place, none().version(&version)).await, 409);
    let back = format!("/members/{id}/reactivate");
    api.post(&back, With::default()).await.expect(204);
    theirs.get("/members").await.expect(200);
}

#[tokio::test]
async fn a_member_is_removed_and_brought_back_without_their_tokens() {
    let (_world, ana, api, theirs, id) = scene().await;
    let remove = format!("/members/{id}/remove");
    let with = With::body(&json!({ "reason": "Left", "invitations": "keep" }));
    let told: Value = api.post(&remove, with).await.expect(200).json();
    assert_eq!(
        told,
        json!({ "revoked": 0, "kept": 0, "undo_until": "2027-02-20T20:00:00Z" })
    );
    problem(&theirs.get("/members").await, 401);
    problem(&api.post(&remove, empty()).await, 404);
    let former: Value = api
        .get("/former-members?search=ben")
        .await
        .expect(200)
        .json();
    let row = &former["items"][0];
    assert_eq!(
        (&row["id"], &row["ended"], &row["reason"]),
        (&json!(id), &json!("removed"), &json!("Left"))
    );

    let back = format!("/former-members/{id}/reinstate");
    let with = With::body(&json!({ "role": ana.role("Viewer").await }));
    let told: Value = api.post(&back, with).await.expect(200).json();
    assert_eq!(told, json!({ "member": id, "missing": [] }));
    problem(&api.post(&back, empty()).await, 404);
    problem(&theirs.get("/members").await, 401);
    let told: Value = api.get(&format!("/members/{id}")).await.expect(200).json();
    assert_eq!(told["role"]["name"], "Viewer");
}

#[tokio::test]
async fn owners_and_oneself_are_out_of_reach_of_a_token() {
    let (_world, ana, api, theirs, id) = scene().await;
    let owner = ana.member().await;
    for deed in ["suspend", "remove"] {
        // A token is no owner, whoever made it, and does nothing to its own member.
        let refused = api.post(&format!("/members/{owner}/{deed}"), empty()).await;
        assert!(
            [403, 409].contains(&refused.status.as_u16()),
            "{deed}: {}",
            refused.body
        );
        problem(
            &theirs
                .post(&format!("/members/{owner}/{deed}"), empty())
                .await,
            403,
        );
        let refused = theirs.post(&format!("/members/{id}/{deed}"), empty()).await;
        assert!(
            [403, 409].contains(&refused.status.as_u16()),
            "{deed}: {}",
            refused.body
        );
    }
    theirs.get("/members").await.expect(200);
}

#[tokio::test]
async fn who_may_not_manage_the_team_changes_no_membership() {
    let (world, ana, api, _, id) = scene().await;
    let reader = Api::of(&world, &ana, json!(["team:view"])).await;
    for (deed, with) in [
        ("suspend", empty()),
        ("reactivate", With::default()),
        ("remove", empty()),
    ] {
        let told = problem(
            &reader.post(&format!("/members/{id}/{deed}"), with).await,
            403,
        );
        assert_eq!(told["permission"], "team:manage", "{deed}");
    }
    let end = With::body(&json!({ "ends_at": null })).version("\"1\"");
    problem(&reader.put(&format!("/members/{id}/end"), end).await, 403);
    problem(
        &reader
            .post(&format!("/former-members/{id}/reinstate"), empty())
            .await,
        403,
    );
    reader.get("/former-members").await.expect(200);
    for (deed, body, field) in [
        ("suspend", json!({ "reason": 7 }), "reason"),
        ("suspend", json!({ "reason": "x".repeat(3_000) }), "reason"),
        ("remove", json!({ "invitations": "burn" }), "invitations"),
        ("remove", json!({ "status": "gone" }), "status"),
    ] {
        let answer = api
            .post(&format!("/members/{id}/{deed}"), With::body(&body))
            .await;
        assert_eq!(problem(&answer, 422)["fields"][0]["field"], field, "{body}");
    }
}
