//! Who acts in the tests of the interface, beside Ana.

use rolecall_shared::shell::Shell;
use serde_json::{Value, json};

use super::Api;
use crate::{browser::Member, program::Program, world::World};

/// An id of the right shape that nothing has.
pub const NOTHING: &str = "0196f0a0-0000-7000-8000-000000000000";
/// Parts of paths that no id has.
pub const NO_IDS: [&str; 3] = ["none", "%00", "7"];

/// Makes something through the console; gives its id.
pub async fn made(of: &Member, slug: &str, function: &str, mut order: Value) -> String {
    order["slug"] = slug.into();
    of.call(function, order).await.expect(200).json()
}

/// A new role with these permissions, and a member who has it.
pub async fn member(world: &World, ana: &Member, name: &str, permissions: Value) -> Member {
    let draft =
        json!({ "name": format!("Role of {name}"), "description": "", "permissions": permissions });
    made(ana, "acme", "create_role", json!({ "draft": draft })).await;
    let email = format!("{}@example.org", name.to_lowercase());
    let sent = ana.invite(&email, &format!("Role of {name}")).await;
    world.stranger().join(&sent, name).await
}

/// A program of a member, as wide as they are.
pub async fn program(world: &World, member: &Member) -> Api {
    Api(Program::of(world, member, json!(null)).await)
}

/// The workspace of somebody else.
pub async fn harbor(world: &World) -> Member {
    let slug = world.add_workspace("Ola Berg", "ola@example.org", "Harbor");
    assert_eq!(slug.await, "harbor");
    world.stranger().sign_in("ola@example.org").await
}

/// The id of its owner there.
pub async fn berth(ola: &Member) -> String {
    let order = json!({ "slug": "harbor" });
    let shell: Shell = ola.call("load_shell", order).await.expect(200).json();
    shell.workspace.unwrap().member.to_string()
}

/// Names of the things of a list.
pub fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}
