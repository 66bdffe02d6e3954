//! `/members`: lists, what somebody holds, and what they may do with it.

use serde_json::{Value, json};

use super::{Api, With, actions};
use crate::{
    browser::Member,
    program::{ONE, problem, question},
    world::World,
};

const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

/// Acme with its owner and Ben, a Viewer; gives Ben's id.
async fn scene() -> (World, Member, Api, Member, String) {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger().join(&sent, "Ben Okafor").await;
    let id = ben.member().await;
    let api = Api::of(&world, &ana, json!(null)).await;
    (world, ana, api, ben, id)
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn members_are_listed_filtered_and_sorted() {
    let (_world, ana, api, _, id) = scene().await;
    let all: Value = api.get("/members").await.expect(200).json();
    assert_eq!(names(&all), ["Ana Ruiz", "Ben Okafor"]);
    assert_eq!(all["next"], Value::Null);
    let ben = &all["items"][1];
    assert_eq!(
        (
            &ben["id"],
            &ben["email"],
            &ben["role"]["name"],
            &ben["status"],
            &ben["is_owner"]
        ),
        (
            &json!(id),
            &json!("ben@example.org"),
            &json!("Viewer"),
            &json!("active"),
            &json!(false)
        )
    );
    assert_eq!(ben["joined_at"], "2026-11-22T20:00:00Z");
    let viewer = ana.role("Viewer").await;
    for (query, found) in [
        ("search=okaf", vec!["Ben Okafor"]),
        ("search=ANA%40", vec!["Ana Ruiz"]),
        (&format!("role={viewer}"), vec!["Ben Okafor"]),
        ("status=suspended", vec![]),
        ("activity=week", vec!["Ana Ruiz", "Ben Okafor"]),
        ("sort=name&direction=down", vec!["Ben Okafor", "Ana Ruiz"]),
        (&format!("group={NOBODY}"), vec![]),
    ] {
        let list: Value = api
            .get(&format!("/members?{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(names(&list), found, "{query}");
    }
    for (query, field) in [
        ("status=gone", "status"),
        ("sort=email", "sort"),
        ("role=x", "role"),
        ("cursor=rubbish", "cursor"),
        ("offset=1", "offset"),
        ("search=a&search=b", "search"),
    ] {
        let told = problem(&api.get(&format!("/members?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
}

#[tokio::test]
async fn a_long_list_comes_in_pages_that_name_the_next() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view"])).await;
    for n in 0..60 {
        let sent = ana.invite(&format!("p{n}@example.org"), "Viewer").await;
        if n < 51 {
            world
                .stranger()
                .join(&sent, &format!("Person {n:02}"))
                .await;
        }
        world.wait(chrono::TimeDelta::minutes(20));
    }
    let first = api
        .get("/members?sort=joined&search=person")
        .await
        .expect(200);
    let link = first.header("link").to_owned();
    let told: Value = first.json();
    assert_eq!(told["items"].as_array().unwrap().len(), 50);
    let next = link
        .strip_prefix('<')
        .unwrap()
        .strip_suffix(">; rel=\"next\"")
        .unwrap();
    assert!(
        next.contains("sort=joined") && next.contains("search=person"),
        "{next}"
    );
    let below = next.split_once("/workspaces/acme").unwrap().1;
    let last = api.get(below).await.expect(200);
    assert_eq!(last.header("link"), "");
    assert_eq!(names(&last.json()), ["Person 50"]);
    let invited: Value = api
        .get("/invitations?status=pending")
        .await
        .expect(200)
        .json();
    assert!(invited["items"].as_array().unwrap().len() <= 9);
}

#[tokio::test]
async fn what_a_member_holds_is_read_and_changed_by_its_version() {
    let (_world, ana, api, _, id) = scene().await;
    let draft =
        json!({ "name": "Night shift", "description": "", "permissions": ["instances:manage"] });
    let order = json!({ "slug": "acme", "draft": draft });
    let group: String = ana.call("create_group", order).await.expect(200).json();
    let read = api.get(&format!("/members/{id}/access")).await.expect(200);
    let tag = read.header("etag").to_owned();
    let mut access: Value = read.json();
    access["groups"] = json!([{ "group": group, "expires_at": "2026-12-24T18:00:00.5+01:00" }]);
    access["direct"] = json!({ "permissions": ["images:view"] });
    let place = format!("/members/{id}/access");
    let changed = api
        .put(&place, With::body(&access).version(&tag))
        .await
        .expect(200);
    let told: Value = changed.json();
    assert_eq!(told["groups"][0]["expires_at"], "2026-12-24T17:00:00.500Z");
    assert_eq!(
        told["direct"],
        json!({ "permissions": ["images:view"], "expires_at": null })
    );
    // What was read is what is sent again: nothing changes, and the version stays.
    let now = changed.header("etag").to_owned();
    assert_ne!(now, tag);
    let again = api
        .put(&place, With::body(&told).version(&now))
        .await
        .expect(200);
    assert_eq!(again.header("etag"), now);

    problem(&api.put(&place, With::body(&told).version(&tag)).await, 412);
    problem(&api.put(&place, With::body(&told)).await, 428);
    let detail: Value = api.get(&format!("/members/{id}")).await.expect(200).json();
    assert_eq!(
        (&detail["access"], &detail["groups"][0]["name"]),
        (&told, &json!("Night shift"))
    );
    assert!(
        now.starts_with(&format!("\"{}.", detail["version"])),
        "{now}"
    );

    for (at, value, field) in [
        (
            "/groups/0/expires_at",
            json!("tomorrow"),
            "groups[0].expires_at",
        ),
        (
            "/groups/0/expires_at",
            json!("2020-01-01T00:00:00Z"),
            "groups",
        ),
        (
            "/direct/permissions",
            json!(["instances:fly"]),
            "permissions",
        ),
        ("/role", json!(7), "role"),
        ("/is_owner", json!(true), "is_owner"),
    ] {
        let mut wrong = told.clone();
        match wrong.pointer_mut(at) {
            Some(place) => *place = value,
            None => wrong[&at[1..]] = value,
        }
        let answer = api.put(&place, With::body(&wrong).version(&now)).await;
        let told = problem(&answer, 422);
        let named = told["fields"][0]["field"].as_str().unwrap();
        assert!(named.ends_with(field), "{at}: {told}");
    }
}

#[tokio::test]
async fn a_token_gives_no_other_role_and_changes_nothing_of_its_own_member() {
    let (world, ana, api, ben, id) = scene().await;
    let place = format!("/members/{id}/access");
    let read = api.get(&place).await.expect(200);
    let tag = read.header("etag").to_owned();
    let mut access: Value = read.json();
    access["role"] = ana.role("Admin").await.into();
    let told = problem(
        &api.put(&place, With::body(&access).version(&tag)).await,
        403,
    );
    assert!(
        told["detail"].as_str().unwrap().contains("API token"),
        "{told}"
    );
    assert_eq!(
        api.get(&place).await.header("etag"),
        tag,
        "nothing was changed"
    );

    // Somebody who manages the team changes nobody who has more, nor themselves.
    let demote = json!({ "slug": "acme", "members": [id], "role": ana.role("Admin").await });
    ana.call("change_roles", demote).await.expect(200);
    let theirs = Api::of(&world, &ben, json!(null)).await;
    for who in [ana.member().await, id] {
        let place = format!("/members/{who}/access");
        let read = theirs.get(&place).await.expect(200);
        let tag = read.header("etag").to_owned();
        let mut access: Value = read.json();
        access["direct"]["permissions"] = json!(["images:view"]);
        problem(
            &theirs.put(&place, With::body(&access).version(&tag)).await,
            403,
        );
    }
}

#[tokio::test]
async fn what_a_member_may_do_is_told_with_reasons_as_authzen_answers() {
    let (_world, ana, api, _, id) = scene().await;
    let draft = json!({ "name": "Storefront", "description": "" });
    let order = json!({ "slug": "acme", "draft": draft });
    let project: String = ana.call("create_project", order).await.expect(200).json();
    let over = json!({ "grant": { "permissions": ["projects:view", "instances:manage"], "expires_at": null }, "version": null });
    let order = json!({ "slug": "acme", "project": project, "member": id, "draft": over });
    ana.call("set_override", order).await.expect(200);
    for (query, place) in [
        (String::new(), None),
        (format!("?project={project}"), Some(&project)),
    ] {
        let told: Value = api
            .get(&format!("/members/{id}/effective{query}"))
            .await
            .expect(200)
            .json();
        assert_eq!(
            (&told["member"], &told["project"]),
            (&json!(id), &json!(place))
        );
        let cells = told["permissions"].as_array().unwrap();
        assert!(cells.len() > 30);
        let one = |name: &str| {
            cells
                .iter()
                .find(|cell| cell["permission"] == name)
                .unwrap()
        };
        let manage = one("instances:manage");
        let reason = &manage["reasons"][0];
        match place {
            None => {
                assert_eq!(
                    (&manage["granted"], &reason["code"]),
                    (&json!(false), &json!("not_granted"))
                );
                assert_eq!(one("instances:view")["reasons"][0]["code"], "role");
            }
            Some(project) => {
                assert_eq!(
                    (&manage["granted"], &reason["code"], &reason["id"]),
                    (&json!(true), &json!("override"), &json!(project))
                );
                assert_eq!(one("databases:view")["reasons"][0]["code"], "withheld");
                let mut asked = question(&id, "manage", "instances", "x");
                asked["resource"]["properties"] = json!({ "project": project });
                let answer: Value = api.0.ask(ONE, asked).await.expect(200).json();
                assert_eq!(
                    answer["context"]["reasons"][0]["message"],
                    reason["message"]
                );
            }
        }
    }
    problem(
        &api.get(&format!("/members/{id}/effective?project={NOBODY}"))
            .await,
        404,
    );
    problem(
        &api.get(&format!("/members/{id}/effective?project=x")).await,
        422,
    );
    let suspend = json!({ "slug": "acme", "member": id, "reason": "" });
    ana.call("suspend_member", suspend).await.expect(200);
    let told: Value = api
        .get(&format!("/members/{id}/effective"))
        .await
        .expect(200)
        .json();
    let cells = told["permissions"].as_array().unwrap();
    assert!(
        cells
            .iter()
            .all(|cell| cell["reasons"][0]["code"] == "suspended")
    );
}

#[tokio::test]
async fn the_history_of_a_member_outlives_the_membership() {
    let (_world, ana, api, _, id) = scene().await;
    let suspend = json!({ "slug": "acme", "member": id, "reason": "On leave" });
    ana.call("suspend_member", suspend).await.expect(200);
    let history = format!("/members/{id}/history");
    let told: Value = api.get(&history).await.expect(200).json();
    let actions = |told: &Value| -> Vec<String> {
        let items = told["items"].as_array().unwrap().iter();
        items
            .map(|item| item["action"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(actions(&told)[0], "member.suspended");
    assert_eq!(told["items"][0]["target"]["id"], json!(id));
    let remove = json!({ "slug": "acme", "member": id, "order": {} });
    ana.call("remove_member", remove).await.expect(200);
    let told: Value = api.get(&history).await.expect(200).json();
    assert_eq!(actions(&told)[0], "member.removed");
    problem(&api.get(&format!("/members/{NOBODY}/history")).await, 404);
}

#[tokio::test]
async fn whoever_may_not_see_the_team_sees_themselves_alone() {
    let (world, ana, api, ben, id) = scene().await;
    let owner = ana.member().await;
    let (_, secret) = ana.token("Narrow", json!(["instances:view"])).await;
    let narrow = Api(crate::program::Program::new(&world, &secret));
    for below in [
        "/members".to_owned(),
        format!("/members/{id}"),
        format!("/members/{id}/access"),
        format!("/members/{id}/effective"),
    ] {
        let told = problem(&narrow.get(&below).await, 403);
        assert_eq!(told["permission"], "team:view", "{below}");
    }
    narrow.get(&format!("/members/{owner}")).await.expect(200);
    assert_eq!(
        problem(&api.get("/members/x").await, 404)["code"],
        "not_found"
    );
    for below in ["", "/access", "/effective"] {
        problem(&api.get(&format!("/members/{NOBODY}{below}")).await, 404);
    }
    // Ben has no token: his role gives none.
    ben.call("create_token", json!({ "slug": "acme", "draft": { "name": "x", "days": 1, "permissions": null, "project": null } })).await.expect(403);
    assert!(
        actions(&ana)
            .await
            .iter()
            .any(|action| action == "access.denied")
    );
}

#[tokio::test]
async fn members_of_another_workspace_are_not_there() {
    let (world, ana, api, ..) = scene().await;
    world
        .add_workspace("Kim Lee", "kim@example.org", "Kiosk")
        .await;
    let kim = world.stranger().sign_in("kim@example.org").await;
    let shell: Value = kim
        .call("load_shell", json!({ "slug": "kiosk" }))
        .await
        .expect(200)
        .json();
    let them = shell["workspace"]["member"].as_str().unwrap();
    for below in ["", "/access", "/effective", "/history"] {
        let foreign = problem(&api.get(&format!("/members/{them}{below}")).await, 404);
        let unknown = problem(&api.get(&format!("/members/{NOBODY}{below}")).await, 404);
        assert_eq!(foreign["detail"], unknown["detail"]);
    }
    let access =
        json!({ "role": ana.role("Viewer").await, "groups": [], "direct": { "permissions": [] } });
    let place = format!("/members/{them}/access");
    problem(
        &api.put(&place, With::body(&access).version("\"1\"")).await,
        404,
    );
    for deed in ["suspend", "remove"] {
        problem(
            &api.post(&format!("/members/{them}/{deed}"), With::body(&json!({})))
                .await,
            404,
        );
    }
}
