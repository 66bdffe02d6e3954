//! After a workspace was deleted, no path finds it, and its links say that it is gone.

use rolecall_shared::{error::ErrorCode, shell::Shell};
use serde_json::json;

use crate::{
    browser::Member,
    functions::{Function, Ids, NOTHING, functions},
    world::World,
};

async fn delete(ana: &Member) {
    ana.call(
        "delete_workspace",
        json!({ "slug": "acme", "name": "Acme" }),
    )
    .await
    .expect(200);
}

#[tokio::test]
async fn no_function_finds_a_deleted_workspace() {
    let (world, ana) = World::with_owner().await;
    let ids = Ids::made_by(&ana).await;
    let sent = ana.invite("vera@example.org", "Viewer").await;
    let vera = world.stranger().join(&sent, "Vera Viewer").await;
    delete(&ana).await;
    for who in [&ana, &vera] {
        for Function {
            name, arguments, ..
        } in functions(&ids)
        {
            let answer = who.call(name, arguments).await;
            if name == "load_shell" {
                let shell: Shell = answer.expect(200).json();
                assert!(shell.workspace.is_none() && shell.workspaces.is_empty());
            } else {
                answer.error(ErrorCode::NotFound);
            }
        }
    }
}

#[tokio::test]
async fn no_page_finds_a_deleted_workspace() {
    let (world, ana) = World::with_owner().await;
    delete(&ana).await;
    let routes = world.routes().iter();
    let pages = routes.filter_map(|route| route.strip_prefix("GET /w/{slug}"));
    for rest in pages {
        let parts = rest
            .split('/')
            .map(|part| if part.starts_with('{') { NOTHING } else { part });
        let path = format!("/w/acme{}", parts.collect::<Vec<_>>().join("/"));
        ana.get(&path).await.expect(404).hides("Acme");
    }
    ana.get("/").await.expect(200).says("not in any workspace");
}

#[tokio::test]
async fn a_link_of_a_deleted_workspace_says_so_and_joins_nobody() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("ben@example.org", "Viewer").await;
    let ben = world.stranger();
    let csrf = ben.get(&sent.path()).await.expect(200).field("csrf");
    delete(&ana).await;
    let said = "This workspace is gone";
    ben.get(&sent.path()).await.expect(410).says(said);
    let fields = [
        ("csrf", csrf.as_str()),
        ("token", sent.token.as_str()),
        ("name", "Ben Okafor"),
        ("password", crate::world::PASSWORD),
        ("code", ""),
    ];
    ben.post("/invitation/join", &fields)
        .await
        .expect(410)
        .says(said);
    ben.post("/invitation/decline", &fields[..2])
        .await
        .expect(410)
        .says(said);
}

#[tokio::test]
async fn only_an_owner_is_believed_and_the_refusal_is_written_down() {
    let (world, ana) = World::with_owner().await;
    let sent = ana.invite("dora@example.org", "Admin").await;
    let dora = world.stranger().join(&sent, "Dora Admin").await;
    let order = json!({ "slug": "acme", "name": "Acme" });
    let error = dora
        .call("delete_workspace", order)
        .await
        .error(ErrorCode::NotAllowed);
    assert!(error.message.contains("Only an owner"), "{}", error.message);
    let shell: Shell = ana
        .call("load_shell", json!({ "slug": "acme" }))
        .await
        .expect(200)
        .json();
    let mut db = world.rolecall().store().read().await.unwrap();
    let rows = db
        .audit_rows(Some(shell.workspace.unwrap().id))
        .await
        .unwrap();
    let last = rows.last().unwrap();
    assert_eq!(last.action, "access.denied");
    assert!(last.detail.contains("ownership"), "{}", last.detail);
}
