//! Viewing as a member, through the router: every path that changes something is refused and written
//! down, what is read is what the member reads, and the way out works without script.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use rolecall_app::{api::READING, paths};
use rolecall_shared::{error::ErrorCode, shell::Shell, view_as::LASTS_MINUTES};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Member},
    functions::{Function, Ids, everything, personal_reading, reading},
    world::World,
};

/// What is read and belongs to the member alone.
const PERSONAL: [&str; 2] = ["list_tokens", "token_options"];

/// Everything that only looks, of what the template has.
const LOOKS: [&str; 6] = [
    "team:view",
    "audit:view",
    "settings:view",
    "projects:view",
    "instances:view",
    "billing:view",
];
/// What differs for good reason: who the session is, and what the trail tells of the view itself.
const APART: [&str; 3] = ["load_shell", "list_audit", "audit_newer"];
/// What says why something can not be done, and when: words, which name the view.
const WORDS: [&str; 8] = [
    "viewing_as",
    "acts",
    "blocked",
    "deletion",
    "step_down",
    "last_active_at",
    "at",
    "changes",
];
const COOKIE: &str = "__Host-rolecall";

struct Scene {
    world: World,
    ana: Member,
    vera: Member,
    ids: Ids,
}

impl Scene {
    /// Acme with one of each, and Vera, who may look at everything.
    async fn new() -> Self {
        let (world, ana) = World::with_owner().await;
        let ids = Ids::made_by(&ana).await;
        let draft = json!({ "name": "Looker", "description": "", "permissions": LOOKS });
        ana.call("create_role", json!({ "slug": "acme", "draft": draft }))
            .await
            .expect(200);
        let sent = ana.invite("vera@example.org", "Looker").await;
        let vera = world.stranger().join(&sent, "Vera Looker").await;
        Self {
            world,
            ana,
            vera,
            ids,
        }
    }

    async fn start(&self) -> Answer {
        let order =
            json!({ "slug": "acme", "member": self.vera.member().await, "reason": "Ticket 4711" });
        self.ana.call("start_view_as", order).await
    }

    /// Actions of a family and what was tried, in order.
    async fn told(&self, action: &str) -> Vec<String> {
        let shell: Shell = self
            .vera
            .call("load_shell", json!({ "slug": "acme" }))
            .await
            .json();
        let workspace = shell.workspace.unwrap().id;
        let mut db = self.world.rolecall().store().read().await.unwrap();
        let rows = db.audit_rows(Some(workspace)).await.unwrap();
        let rows = rows.into_iter().filter(|row| row.action == action);
        rows.map(|row| {
            assert!(row.view_id.is_some() && row.on_behalf_of.is_some());
            assert!(
                row.actor_label.contains("ana@example.org"),
                "{}",
                row.actor_label
            );
            let detail: Value = serde_json::from_str(&row.detail).unwrap();
            detail["attempt"].as_str().unwrap_or_default().to_owned()
        })
        .collect()
    }
}

/// Without what is only words.
fn bare(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| !WORDS.contains(&name.as_str()))
            .map(|(name, value)| (name, bare(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(bare).collect(),
        other => other,
    }
}

#[tokio::test]
async fn every_function_that_changes_something_is_refused_and_written_down() {
    let scene = Scene::new().await;
    scene.start().await.expect(200);
    let mut expected = Vec::new();
    let personal: Vec<&str> = personal_reading().iter().map(|f| f.name).collect();
    for Function {
        name, arguments, ..
    } in everything(&scene.ids)
    {
        if READING.contains(&name) && !personal.contains(&name) {
            continue;
        }
        let error = scene
            .ana
            .call(name, arguments)
            .await
            .error(ErrorCode::ViewAsReadOnly);
        assert!(
            error.message.contains("viewing as Vera Looker, read-only"),
            "{name}"
        );
        expected.push(name.to_owned());
    }
    assert!(expected.len() > 40, "{expected:?}");
    assert_eq!(scene.told("view_as.refused").await, expected);
}

#[tokio::test]
async fn every_form_but_the_ways_out_is_refused_and_written_down() {
    let scene = Scene::new().await;
    let csrf = scene.ana.get("/w/acme/members").await.field("csrf");
    scene.start().await.expect(200);
    let routes = scene.world.routes().to_vec();
    let forms = routes
        .iter()
        .filter_map(|route| route.strip_prefix("POST "));
    let forms: Vec<String> = forms
        // No cookie counts where programs ask, so nobody views there.
        .filter(|path| !path.starts_with("/api/") && !path.starts_with("/access/"))
        .map(|path| path.replace("{slug}", "acme"))
        .filter(|path| ![paths::SIGN_OUT, paths::END_VIEW].contains(&path.as_str()))
        .collect();
    assert!(forms.len() > 8, "{forms:?}");
    for path in &forms {
        scene
            .ana
            .post(path, &[("csrf", &csrf), ("token", "x"), ("format", "csv")])
            .await
            .expect(403)
            .says("read-only");
    }
    assert_eq!(scene.told("view_as.refused").await, forms);
    // The ways out are open.
    scene
        .ana
        .post(paths::SIGN_OUT, &[("csrf", &csrf)])
        .await
        .expect(303);
    assert!(scene.ana.cookie(COOKIE).is_none());
}

#[tokio::test]
async fn what_is_read_is_what_the_member_reads_and_stands_in_the_trail_once() {
    let scene = Scene::new().await;
    scene.start().await.expect(200);
    let mut seen = BTreeSet::new();
    for Function {
        name, arguments, ..
    } in reading(&scene.ids)
    {
        if PERSONAL.contains(&name) {
            let refused = scene.ana.call(name, arguments).await.expect(403);
            assert_eq!(
                refused.json::<Value>()["code"],
                "view_as_read_only",
                "{name}"
            );
            continue;
        }
        let theirs = scene.vera.call(name, arguments.clone()).await;
        for _ in 0..2 {
            let viewed = scene.ana.call(name, arguments.clone()).await;
            if theirs.status == 403 {
                let code = viewed.json::<Value>()["code"].clone();
                assert!(
                    code == "view_as_read_only" || code == "not_allowed",
                    "{name}: {code}"
                );
                continue;
            }
            assert_eq!(viewed.status, theirs.status, "{name}: {}", viewed.body);
            if theirs.status != 200 {
                continue;
            }
            if name != "load_shell" {
                seen.insert(name.to_owned());
            }
            if !APART.contains(&name) {
                assert_eq!(bare(viewed.json()), bare(theirs.json()), "{name}");
            }
        }
    }
    let told = scene.told("view_as.seen").await;
    assert_eq!(told.len(), seen.len(), "each once: {told:?}");
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), seen);
    assert!(seen.len() > 20, "{seen:?}");
}

#[tokio::test]
async fn the_cookie_of_before_is_dead_after_the_start_and_after_the_exit() {
    let scene = Scene::new().await;
    let before = scene.ana.cookie(COOKIE).unwrap();
    scene.start().await.expect(200);
    let during = scene.ana.cookie(COOKIE).unwrap();
    let replayed = async |cookie: &str| {
        let browser = scene.world.stranger();
        browser.set_cookie(COOKIE, cookie);
        let answer = browser.call("load_shell", json!({ "slug": "acme" })).await;
        answer.error(ErrorCode::NotSignedIn);
    };
    replayed(&before).await;
    let member = scene.vera.member().await;
    let out = scene
        .ana
        .submit("/w/acme/members", paths::END_VIEW, &[])
        .await
        .expect(303);
    assert_eq!(out.location(), format!("/w/acme/people/{member}"));
    replayed(&before).await;
    replayed(&during).await;
    let shell: Shell = scene
        .ana
        .call("load_shell", json!({ "slug": "acme" }))
        .await
        .json();
    assert!(shell.viewing.is_none() && shell.workspace.unwrap().is_owner);
    // Twice is fine, without a token it is not, and a stranger has nothing to leave.
    scene
        .ana
        .submit("/w/acme/members", paths::END_VIEW, &[])
        .await
        .expect(303);
    scene.start().await.expect(200);
    scene.ana.post(paths::END_VIEW, &[]).await.expect(403);
    scene
        .world
        .stranger()
        .post(paths::END_VIEW, &[])
        .await
        .expect(401);
}

#[tokio::test]
async fn pages_show_the_banner_and_what_is_personal_is_hidden() {
    let scene = Scene::new().await;
    scene.start().await.expect(200);
    scene
        .ana
        .get("/w/acme/members")
        .await
        .expect(200)
        .says("Viewing as Vera Looker, read-only.")
        .says("action=\"/view-as/end\"");
    scene
        .ana
        .get("/account")
        .await
        .expect(403)
        .says("Viewing as Vera Looker, read-only.")
        .hides("Sessions");
    let home = scene.ana.get("/w/elsewhere/members").await;
    assert_eq!(home.status, 404);
}

#[tokio::test]
async fn a_view_that_is_over_shows_nothing_until_a_page_gives_the_session_back() {
    let scene = Scene::new().await;
    scene.start().await.expect(200);
    let during = scene.ana.cookie(COOKIE).unwrap();
    scene.world.wait(TimeDelta::minutes(LASTS_MINUTES));
    let ask = json!({ "slug": "acme", "query": { "cursor": null } });
    let error = scene.ana.call("list_members", ask.clone()).await;
    error.error(ErrorCode::ViewAsEnded);
    let rename = json!({ "slug": "acme", "before": "Acme", "name": "Mine" });
    let error = scene.ana.call("rename_workspace", rename).await;
    error.error(ErrorCode::ViewAsReadOnly);
    assert_eq!(scene.ana.cookie(COOKIE).unwrap(), during);
    let member = scene.vera.member().await;
    let led = scene.ana.get("/w/acme/roles").await.expect(303);
    assert_eq!(led.location(), format!("/w/acme/people/{member}"));
    assert_ne!(scene.ana.cookie(COOKIE).unwrap(), during);
    scene.ana.call("list_members", ask).await.expect(200);
    assert_eq!(scene.told("view_as.ended").await, [""]);
}

#[tokio::test]
async fn a_removed_member_is_led_away_from_and_a_stream_of_the_view_ends() {
    let scene = Scene::new().await;
    let member = scene.vera.member().await;
    scene.start().await.expect(200);
    let other = scene.world.stranger().sign_in("ana@example.org").await;
    let order = json!({ "slug": "acme", "member": member, "order": {} });
    other.call("remove_member", order).await.expect(200);
    scene.ana.get("/w/acme/events").await.expect(404);
    let led = scene.ana.get("/w/acme/members").await.expect(303);
    assert_eq!(led.location(), "/w/acme/members");
    scene
        .ana
        .get("/w/acme/members")
        .await
        .expect(200)
        .hides("Viewing as");
}
