//! `/groups`, and who is in them.

use serde_json::{Value, json};

use super::{
    Api, With, actions,
    people::{NO_IDS, NOTHING, berth, harbor, made, member, names, program},
};
use crate::{
    browser::{Answer, Member},
    program::problem,
    world::World,
};

fn draft(name: &str, permissions: &[&str]) -> Value {
    json!({ "name": name, "description": "For tests", "permissions": permissions })
}

async fn group(ana: &Member, name: &str, permissions: &[&str]) -> String {
    let order = json!({ "draft": draft(name, permissions) });
    format!("/groups/{}", made(ana, "acme", "create_group", order).await)
}

#[tokio::test]
async fn a_group_is_made_read_changed_and_deleted() {
    let (world, ana) = World::with_owner().await;
    let permissions = json!(["team:view", "team:manage", "instances:view"]);
    let api = Api::of(&world, &ana, permissions).await;
    let order = With::body(&draft("Night shift", &["instances:view"]));
    let place = Api::made(&api.post("/groups", order).await);

    let read = api.get(&place).await.expect(200);
    let group: Value = read.json();
    assert_eq!(
        (&group["name"], &group["version"], &group["members"]),
        (&json!("Night shift"), &json!(1), &json!(0))
    );
    assert_eq!(group["permissions"], json!(["instances:view"]));
    assert!(read.header("etag").starts_with("\"1."));
    let list: Value = api.get("/groups").await.expect(200).json();
    assert_eq!(
        (names(&list), &list["next"]),
        (vec!["Night shift"], &Value::Null)
    );

    // Manage brings view with it.
    let change = With::body(&draft("Leads", &["team:manage"])).version("\"1\"");
    let changed = api.put(&place, change).await.expect(200);
    assert!(changed.header("etag").starts_with("\"2."));
    let group: Value = changed.json();
    assert_eq!(group["permissions"], json!(["team:view", "team:manage"]));

    let gone = With::default().version("\"2\"");
    api.delete(&place, gone).await.expect(204);
    problem(&api.get(&place).await, 404);
    let trail = actions(&ana).await;
    for action in ["group.created", "group.updated", "group.deleted"] {
        assert!(trail.iter().any(|one| one == action), "{action}: {trail:?}");
    }
}

#[tokio::test]
async fn people_are_put_into_a_group_for_a_time_and_taken_out() {
    let (world, ana) = World::with_owner().await;
    let place = group(&ana, "Night shift", &["instances:manage"]).await;
    let people = format!("{place}/members");
    let ben = member(&world, &ana, "Ben", json!([])).await.member().await;
    let cem = member(&world, &ana, "Cem", json!([])).await.member().await;
    let api = program(&world, &ana).await;

    let both = json!({ "members": [ben, cem], "expires_at": "2027-03-31T20:00:00+02:00" });
    let answer = api.post(&people, With::body(&both)).await.expect(200);
    assert_eq!(answer.json::<Value>(), json!({ "joined": 2 }));
    let again = api.post(&people, With::body(&both)).await.expect(200);
    assert_eq!(again.json::<Value>(), json!({ "joined": 0 }));
    let list: Value = api.get(&people).await.expect(200).json();
    assert_eq!(names(&list), ["Ben", "Cem"]);
    assert_eq!(
        (
            &list["items"][0]["expires_at"],
            &list["items"][0]["expired"]
        ),
        (&json!("2027-03-31T18:00:00Z"), &json!(false))
    );

    let one = format!("{people}/{ben}");
    api.put(&one, With::body(&json!({}))).await.expect(204);
    let list: Value = api.get(&people).await.json();
    assert_eq!(list["items"][0]["expires_at"], Value::Null);
    assert_eq!(api.get(&place).await.json::<Value>()["members"], 2);
    api.delete(&one, With::default()).await.expect(204);
    problem(&api.delete(&one, With::default()).await, 404);
    assert_eq!(names(&api.get(&people).await.json()), ["Cem"]);
}

#[tokio::test]
async fn a_token_without_the_permission_is_told_which_is_missing() {
    let (world, ana) = World::with_owner().await;
    let place = group(&ana, "Night shift", &[]).await;
    let (people, one) = (
        format!("{place}/members"),
        format!("{place}/members/{NOTHING}"),
    );
    let blind = Api::of(&world, &ana, json!(["audit:view"])).await;
    for path in ["/groups", &place, &people] {
        assert_eq!(
            problem(&blind.get(path).await, 403)["permission"],
            "team:view",
            "{path}"
        );
    }
    let reader = Api::of(&world, &ana, json!(["team:view"])).await;
    let order = || With::body(&draft("No", &[])).version("\"1\"");
    for answer in [
        reader.post("/groups", order()).await,
        reader.put(&place, order()).await,
        reader.delete(&place, order()).await,
        reader
            .post(&people, With::body(&json!({ "members": [NOTHING] })))
            .await,
        reader.put(&one, With::body(&json!({}))).await,
        reader.delete(&one, With::default()).await,
    ] {
        assert_eq!(problem(&answer, 403)["permission"], "team:manage");
    }
    assert!(actions(&ana).await.iter().any(|one| one == "access.denied"));
}

#[tokio::test]
async fn a_token_gives_no_group_more_than_it_has() {
    let (world, ana) = World::with_owner().await;
    let strong = group(&ana, "Wreckers", &["instances:delete"]).await;
    let weak = group(&ana, "Readers", &["team:view"]).await;
    let ben = member(&world, &ana, "Ben", json!([])).await.member().await;
    let dora = member(&world, &ana, "Dora", json!(["databases:view"]))
        .await
        .member()
        .await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let more = draft("More", &["instances:delete"]);
    let into = |members: &[&str]| With::body(&json!({ "members": members }));
    let empty = || With::body(&json!({}));
    let (strong, weak) = (format!("{strong}/members"), format!("{weak}/members"));
    for (answer, lacks) in [
        (
            api.post("/groups", With::body(&more)).await,
            "instances:delete",
        ),
        (api.post(&strong, into(&[&ben])).await, "instances:delete"),
        (
            api.put(&format!("{strong}/{ben}"), empty()).await,
            "instances:delete",
        ),
        // Dora holds what the token does not.
        (
            api.post(&weak, into(&[&ben, &dora])).await,
            "databases:view",
        ),
        (
            api.put(&format!("{weak}/{dora}"), empty()).await,
            "databases:view",
        ),
    ] {
        let told = problem(&answer, 403);
        assert!(told["detail"].as_str().unwrap().contains(lacks), "{told}");
    }
    // Then nobody is in it, and who may be put in, is.
    assert!(names(&api.get(&weak).await.json()).is_empty());
    api.put(&format!("{weak}/{ben}"), empty()).await.expect(204);
    let whole = program(&world, &ana).await;
    whole
        .put(&format!("{weak}/{dora}"), empty())
        .await
        .expect(204);
    problem(
        &api.delete(&format!("{weak}/{dora}"), With::default()).await,
        403,
    );
}

#[tokio::test]
async fn a_token_changes_nothing_that_its_own_member_holds() {
    let (world, ana) = World::with_owner().await;
    let powers = json!(["team:manage", "tokens:manage", "vpcs:view"]);
    let bea = member(&world, &ana, "Bea", powers).await;
    let id = bea.member().await;
    let api = program(&world, &bea).await;
    let place = group(&ana, "Guests", &["vpcs:view"]).await;
    let own = format!("{place}/members/{id}");
    let until = json!({ "expires_at": "2026-12-01T00:00:00Z" });
    let refused = async |answer: Answer| {
        let told = problem(&answer, 403);
        assert!(
            told["detail"].as_str().unwrap().contains("API token"),
            "{told}"
        );
    };
    refused(api.put(&own, With::body(&json!({}))).await).await;
    let whole = program(&world, &ana).await;
    whole.put(&own, With::body(&json!({}))).await.expect(204);
    // Neither more nor less, and not out of it.
    refused(api.put(&own, With::body(&until)).await).await;
    for permissions in [&["vpcs:view", "instances:view"][..], &[]] {
        let order = With::body(&draft("Guests", permissions)).version("\"1\"");
        refused(api.put(&place, order).await).await;
    }
    refused(api.delete(&own, With::default()).await).await;
    let order = json!({ "members": [id] });
    let strong = group(&ana, "Admins", &["settings:manage"]).await;
    refused(
        api.post(&format!("{strong}/members"), With::body(&order))
            .await,
    )
    .await;
}

#[tokio::test]
async fn what_is_not_here_is_a_404_whoever_it_belongs_to() {
    let (world, ana) = World::with_owner().await;
    let api = program(&world, &ana).await;
    let ola = harbor(&world).await;
    let order = json!({ "draft": draft("Quay", &[]) });
    let theirs = made(&ola, "harbor", "create_group", order).await;
    let stranger = berth(&ola).await;
    for id in [theirs.as_str(), NOTHING].into_iter().chain(NO_IDS) {
        let place = format!("/groups/{id}");
        let (people, one) = (
            format!("{place}/members"),
            format!("{place}/members/{NOTHING}"),
        );
        let order = || With::body(&draft("X", &[])).version("\"1\"");
        for answer in [
            api.get(&place).await,
            api.get(&people).await,
            api.put(&place, order()).await,
            api.delete(&place, order()).await,
            api.post(&people, With::body(&json!({ "members": [NOTHING] })))
                .await,
            api.put(&one, With::body(&json!({}))).await,
            api.delete(&one, With::default()).await,
        ] {
            assert_eq!(problem(&answer, 404)["code"], "not_found", "{place}");
        }
    }
    let ours = group(&ana, "Ours", &[]).await;
    for id in [stranger.as_str(), NOTHING].into_iter().chain(NO_IDS) {
        let one = format!("{ours}/members/{id}");
        problem(&api.put(&one, With::body(&json!({}))).await, 404);
        problem(&api.delete(&one, With::default()).await, 404);
    }
}

#[tokio::test]
async fn the_same_key_makes_one_group() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let order = || With::body(&draft("Once", &["team:view"])).key("order-1");
    let (one, two) = tokio::join!(api.post("/groups", order()), api.post("/groups", order()));
    assert_eq!(Api::made(&one), Api::made(&two));
    let other = With::body(&draft("Other", &["team:view"])).key("order-1");
    let told = problem(&api.post("/groups", other).await, 422);
    assert_eq!(told["fields"][0]["field"], "Idempotency-Key");
    assert_eq!(names(&api.get("/groups").await.json()), ["Once"]);
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let place = group(&ana, "Readers", &[]).await;
    problem(&api.put(&place, With::body(&draft("A", &[]))).await, 428);
    problem(&api.delete(&place, With::default()).await, 428);
    let change = |name: &str| With::body(&draft(name, &[])).version("\"1\"");
    api.put(&place, change("First")).await.expect(200);
    let told = problem(&api.put(&place, change("Second")).await, 412);
    assert_eq!(told["code"], "precondition_failed");
    problem(
        &api.delete(&place, With::default().version("\"1\"")).await,
        412,
    );
    assert_eq!(api.get(&place).await.json::<Value>()["name"], "First");
}

#[tokio::test]
async fn each_mistake_in_a_body_names_its_field() {
    let (world, ana) = World::with_owner().await;
    let api = Api::of(&world, &ana, json!(["team:view", "team:manage"])).await;
    let place = group(&ana, "Taken", &[]).await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({ "name": "A" }), "permissions"),
        (json!({ "name": null, "permissions": [] }), "name"),
        (json!({ "name": "", "permissions": [] }), "name"),
        (
            json!({ "name": "A".repeat(500), "permissions": [] }),
            "name",
        ),
        (json!({ "name": "TAKEN", "permissions": [] }), "name"),
        (json!({ "name": "A", "permissions": {} }), "permissions"),
        (
            json!({ "name": "A", "permissions": [null] }),
            "permissions[0]",
        ),
        (
            json!({ "name": "A", "permissions": ["team:fly"] }),
            "permissions",
        ),
        (
            json!({ "name": "A", "permissions": ["billing:delete"] }),
            "permissions",
        ),
        (
            json!({ "name": "A", "permissions": [], "members": [] }),
            "members",
        ),
    ] {
        let told = problem(&api.post("/groups", With::body(&body)).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{body}: {told}");
    }
    let people = format!("{place}/members");
    for (body, field) in [
        (json!({}), "members"),
        (json!({ "members": [] }), "members"),
        (json!({ "members": ["x"] }), "members[0]"),
        (json!({ "members": vec![NOTHING; 201] }), "members"),
        (
            json!({ "members": [NOTHING], "expires_at": "soon" }),
            "expires_at",
        ),
        (
            json!({ "members": [NOTHING], "expires_at": 7 }),
            "expires_at",
        ),
        (
            json!({ "members": [NOTHING], "expires_at": "2020-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (json!({ "members": [NOTHING], "until": null }), "until"),
    ] {
        let told = problem(&api.post(&people, With::body(&body)).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{body}: {told}");
    }
    for (query, field) in [("cursor=x", "cursor"), ("page=2", "page")] {
        let told = problem(&api.get(&format!("{people}?{query}")).await, 422);
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
}
