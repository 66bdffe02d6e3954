//! Every server function: allowed, denied, hidden, twice, stale, and nonsense.

use axum::body::Body;
use chrono::TimeDelta;
use leptos::server_fn::axum::server_fn_paths;
use rolecall_app::api::READING;
use rolecall_shared::{
    error::ErrorCode,
    invitation::{AddressVerdict, Delivery, DeliveryRow, InvitationPolicy, Verdict},
    shell::Shell,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Member},
    functions::{Function, Ids, NOTHING, everything, functions, personal_reading, reading},
    world::{Wishes, World},
};

async fn viewer(world: &World, ana: &Member) -> Member {
    let sent = ana.invite("vera@example.org", "Viewer").await;
    world.stranger().join(&sent, "Vera Viewer").await
}

#[test]
fn every_function_has_arguments_here() {
    let mut registered: Vec<String> = server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/api/").to_owned())
        .collect();
    let mut covered: Vec<String> = everything(&Ids::nothing(""))
        .into_iter()
        .map(|function| function.name.to_owned())
        .collect();
    registered.sort();
    covered.sort();
    assert_eq!(
        registered, covered,
        "a new server function needs its line in tests/http/functions.rs"
    );
}

#[test]
fn what_only_reads_is_known_to_the_router() {
    let mut reading: Vec<&str> = reading(&Ids::nothing(""))
        .into_iter()
        .chain(personal_reading())
        .map(|function| function.name)
        .collect();
    reading.sort_unstable();
    assert_eq!(
        reading, READING,
        "a function that only reads stands in READING of app/src/api, in order"
    );
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_so_by_every_function() {
    let (world, _) = World::with_owner().await;
    let stranger = world.stranger();
    for Function {
        name, arguments, ..
    } in everything(&Ids::nothing("acme"))
    {
        stranger
            .call(name, arguments)
            .await
            .error(ErrorCode::NotSignedIn);
    }
}

#[tokio::test]
async fn a_foreign_workspace_is_like_one_that_does_not_exist() {
    let (world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    let foreign = functions(&ids);
    let absent = functions(&ids.in_workspace("nowhere"));
    for (foreign, absent) in foreign.into_iter().zip(absent) {
        let name = foreign.name;
        let foreign = kim.call(name, foreign.arguments).await;
        let absent = kim.call(name, absent.arguments).await;
        assert_eq!(foreign.status, absent.status, "{name}");
        if name == "load_shell" {
            let shell: Shell = foreign.expect(200).json();
            assert!(shell.workspace.is_none());
        } else {
            let error = foreign.error(ErrorCode::NotFound);
            assert_eq!(
                error.message,
                absent.error(ErrorCode::NotFound).message,
                "{name}"
            );
        }
    }
    assert_eq!(ana.version(&ids.invitation).await, 1, "nothing was changed");
}

#[tokio::test]
async fn an_id_of_another_workspace_is_unknown_here() {
    let (world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    let slug = world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    for Function {
        name, arguments, ..
    } in functions(&ids.in_workspace(&slug))
    {
        let names_something = [
            "id", "role", "left", "group", "member", "project", "resource", "change", "request",
            "former", "token",
        ]
        .iter()
        .any(|field| arguments.get(field).is_some());
        if names_something {
            kim.call(name, arguments).await.error(ErrorCode::NotFound);
        }
    }
}

#[tokio::test]
async fn who_may_only_look_is_told_the_missing_permission() {
    let (world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    let vera = viewer(&world, &ana).await;
    for Function {
        name,
        arguments,
        lacks,
        ..
    } in functions(&ids)
    {
        let answer = vera.call(name, arguments).await;
        let Some(lacks) = lacks else {
            if name.ends_with("_ownership") {
                // Nothing is proposed to them.
                answer.error(ErrorCode::Conflict);
            } else {
                answer.expect(200);
            }
            continue;
        };
        let error = answer.error(ErrorCode::NotAllowed);
        assert_eq!(error.permission.as_deref(), Some(lacks), "{name}");
    }
    assert_eq!(ana.version(&ids.invitation).await, 1, "nothing was changed");
}

#[tokio::test]
async fn the_owner_may_do_all_of_it() {
    let (_world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    let shell: Shell = ana
        .call("load_shell", json!({ "slug": "acme" }))
        .await
        .expect(200)
        .json();
    assert!(shell.workspace.unwrap().is_owner && !shell.mail);
    for Function {
        name,
        mut arguments,
        ..
    } in functions(&ids)
    {
        if arguments.get("id").is_some() && arguments.get("version").is_some() {
            arguments["version"] = ana.version(&ids.invitation).await.into();
        }
        let answer = ana.call(name, arguments).await;
        match name {
            // Owners have everything: there is nothing of theirs to change.
            "update_access" | "set_override" | "remove_override" | "load_override"
            // Things that the order of the table makes stale or that are in use; without a mail
            // server nothing can be sent again.
            // She is the last owner, and does not act on herself.
            | "start_view_as" | "suspend_member" | "reactivate_member" | "set_membership_end" | "remove_member"
            | "reinstate_member" | "propose_ownership" | "cancel_ownership" | "step_down"
            | "take_ownership" | "accept_ownership" | "decline_ownership" | "leave_workspace"
            | "resend_invitation" | "delete_role" | "delete_group" | "update_group" | "delete_project" => {
                assert!(!answer.status.is_server_error(), "{name}: {}", answer.body);
            }
            _ => assert_eq!(answer.status, 200, "{name}: {}", answer.body),
        }
    }
}

#[tokio::test]
async fn a_stale_page_changes_nothing() {
    let (_world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let role = ana.role("Operator").await;
    let version = ana.version(&sent.id).await;
    let order =
        json!({ "slug": "acme", "id": sent.id, "version": version, "change": { "role": role } });
    ana.call("change_invitation", order.clone())
        .await
        .expect(200);
    ana.call("change_invitation", order)
        .await
        .error(ErrorCode::Conflict);
    let stale = json!({ "slug": "acme", "id": sent.id, "version": version });
    ana.call("revoke_invitation", stale.clone())
        .await
        .error(ErrorCode::Conflict);
    let fresh = json!({ "slug": "acme", "id": sent.id, "version": ana.version(&sent.id).await });
    ana.call("revoke_invitation", fresh.clone())
        .await
        .expect(200);
    ana.call("revoke_invitation", fresh)
        .await
        .error(ErrorCode::Conflict);
    ana.call(
        "copy_invitation_link",
        json!({ "slug": "acme", "id": sent.id }),
    )
    .await
    .error(ErrorCode::Conflict);
}

#[tokio::test]
async fn an_order_sent_twice_has_one_effect() {
    let (_world, ana) = World::owned(Wishes {
        mail: true,
        ..Wishes::default()
    })
    .await;
    let order = ana.order("ben@example.org", "Viewer").await;
    let first: Vec<AddressVerdict> = ana
        .call("send_invitations", order.clone())
        .await
        .expect(200)
        .json();
    let again: Vec<AddressVerdict> = ana
        .call("send_invitations", order.clone())
        .await
        .expect(200)
        .json();
    assert_eq!(first, again);
    assert!(matches!(
        first[0].verdict,
        Verdict::Invited { link: None, .. }
    ));
    let id = ana.invitations().await[0].id.to_string();
    let mails: Vec<DeliveryRow> = ana
        .call("invitation_deliveries", json!({ "slug": "acme", "id": id }))
        .await
        .expect(200)
        .json();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].delivery, Delivery::Queued);
    let mut other = order;
    other["request"]["idempotency_key"] = "another".into();
    let verdicts: Vec<AddressVerdict> =
        ana.call("send_invitations", other).await.expect(200).json();
    assert!(matches!(verdicts[0].verdict, Verdict::Pending { .. }));
}

#[tokio::test]
async fn each_address_gets_its_verdict() {
    let (_world, ana) = World::with_owner().await;
    ana.invite("ben@example.org", "Viewer").await;
    let before = InvitationPolicy {
        copy_link: true,
        hours: 72,
        allowed_domains: Vec::new(),
    };
    let policy = InvitationPolicy {
        allowed_domains: vec!["example.org".into()],
        ..before.clone()
    };
    ana.call(
        "set_invitation_policy",
        json!({ "slug": "acme", "before": before, "policy": policy }),
    )
    .await
    .expect(200);
    let mut order = ana.order("x", "Operator").await;
    order["request"]["addresses"] = json!([
        "new@example.org",
        "ANA@example.org",
        "ben@example.org",
        "not an address",
        "kim@elsewhere.example"
    ]);
    let verdicts: Vec<AddressVerdict> =
        ana.call("send_invitations", order).await.expect(200).json();
    let kinds: Vec<Value> = verdicts
        .iter()
        .map(|v| serde_json::to_value(&v.verdict).unwrap()["kind"].clone())
        .collect();
    assert_eq!(
        kinds,
        [
            "invited",
            "member",
            "other_role",
            "invalid",
            "domain_not_allowed"
        ]
    );
}

#[tokio::test]
async fn nonsense_is_refused_and_never_our_fault() {
    let (_world, ana) = World::with_owner().await;
    for Function {
        name, arguments, ..
    } in everything(&Ids::nothing("acme"))
    {
        for body in nonsense(&arguments) {
            let answer = post_json(&ana, name, body.clone()).await;
            assert!(
                answer.status.is_client_error(),
                "{name} {body}: {} {}",
                answer.status,
                answer.body
            );
            assert_eq!(
                answer.header("content-type"),
                "application/json",
                "{name} {body}"
            );
            answer.error(ErrorCode::Invalid);
        }
    }
}

/// Bodies that fit no function: broken, empty, of the wrong types, with an overlong slug.
fn nonsense(arguments: &Value) -> Vec<String> {
    let mut bodies = vec![String::new(), "{".to_owned(), "null".to_owned()];
    // An empty list is as good as no arguments.
    if arguments.as_object().is_some_and(|all| !all.is_empty()) {
        bodies.push("[]".to_owned());
    }
    for (field, value) in arguments.as_object().unwrap() {
        let mut wrong = arguments.clone();
        wrong[field] = if value.is_number() {
            json!("x")
        } else {
            json!(7)
        };
        bodies.push(wrong.to_string());
    }
    bodies
}

async fn post_json(browser: &Browser, name: &str, body: String) -> crate::browser::Answer {
    let request = browser
        .request("POST", &format!("/api/{name}"))
        .header("content-type", "application/json");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn fields_with_senseless_values_are_named() {
    let (_world, ana) = World::with_owner().await;
    let good = ana.order("ben@example.org", "Viewer").await;
    for (field, value) in [
        ("hours", json!(0)),
        ("hours", json!(100_000)),
        ("note", json!("x".repeat(501))),
        ("addresses", json!([])),
        ("idempotency_key", json!("")),
        ("role", json!(NOTHING)),
    ] {
        let mut wrong = good.clone();
        wrong["request"][field] = value;
        let answer = ana.call("send_invitations", wrong).await;
        assert!(
            matches!(answer.status.as_u16(), 404 | 422),
            "{field}: {} {}",
            answer.status,
            answer.body
        );
    }
    let mut extra = good;
    extra["request"]["is_owner"] = true.into();
    ana.call("send_invitations", extra)
        .await
        .error(ErrorCode::Invalid);
    let cursor = json!({ "slug": "acme", "query": { "cursor": "rubbish" } });
    ana.call("list_invitations", cursor)
        .await
        .error(ErrorCode::Invalid);
}

#[tokio::test]
async fn only_json_by_post_is_taken() {
    let (_world, ana) = World::with_owner().await;
    for Function {
        name, arguments, ..
    } in everything(&Ids::nothing("acme"))
    {
        let path = format!("/api/{name}");
        let get = ana.get(&path).await;
        assert_eq!(
            (get.status.as_u16(), get.header("allow")),
            (405, "POST"),
            "{name}"
        );
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "",
        ] {
            let request = ana.request("POST", &path).header("content-type", kind);
            ana.send(request.body(Body::from(arguments.to_string())).unwrap())
                .await
                .expect(415);
        }
    }
    ana.call("no_such_function", json!({}))
        .await
        .error(ErrorCode::NotFound);
}

#[tokio::test]
async fn an_answer_is_never_a_redirect_to_the_page_before() {
    let (_world, ana) = World::with_owner().await;
    let request = ana
        .request("POST", "/api/load_shell")
        .header("content-type", "application/json; charset=utf-8")
        .header("accept", "text/html")
        .header("referer", "http://127.0.0.1:3000/w/acme/members");
    let answer = ana
        .send(request.body(Body::from(r#"{"slug":"acme"}"#)).unwrap())
        .await
        .expect(200);
    assert_eq!(answer.location(), "");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_session_that_was_idle_for_a_month_is_over() {
    let (world, ana) = World::with_owner().await;
    let vera = viewer(&world, &ana).await;
    vera.call("load_shell", json!({ "slug": "acme" }))
        .await
        .expect(200);
    world.wait(TimeDelta::days(31));
    vera.call("load_shell", json!({ "slug": "acme" }))
        .await
        .error(ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn who_is_demoted_is_refused_at_the_very_next_call() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("dora@example.org", "Admin").await;
    let dora = world.stranger().join(&sent, "Dora Admin").await;
    let draft = |name: &str| json!({ "slug": "acme", "draft": { "name": name, "description": "", "permissions": [] } });
    dora.call("create_group", draft("Before")).await.expect(200);
    let viewer = ana.role("Viewer").await;
    let access = json!({ "role": viewer, "groups": [], "direct": { "permissions": [], "expires_at": null } });
    let order =
        json!({ "slug": "acme", "member": dora.member().await, "version": 1, "access": access });
    ana.call("update_access", order).await.expect(200);
    let answer = dora.call("create_group", draft("After")).await.expect(403);
    let error = answer.error(ErrorCode::NotAllowed);
    assert_eq!(error.permission.as_deref(), Some("team:manage"));
}
