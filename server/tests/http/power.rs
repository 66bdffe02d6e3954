//! Every path that gives power or acts on a person, attacked by somebody who manages the team and
//! holds nothing else worth having (rules 35 to 42). A path that is not attacked here fails the test.

mod attacks;

use std::collections::BTreeSet;

use rolecall_shared::{
    access::MemberPage, error::ErrorCode, member::MemberRow, membership::PersonVerdict, page::Page,
    shell::Shell,
};
use serde_json::{Value, json};

use crate::{
    browser::Member,
    functions::{Ids, functions},
    world::{PASSWORD, World},
};

/// What the attacker wants and does not have.
const WANTED: [&str; 2] = ["instances:view", "instances:delete"];

/// A workspace with an attacker and what they could reach for.
struct Scene {
    world: World,
    ana: Member,
    bea: Member,
    /// Roles by name.
    lead: String,
    empty: String,
    admin: String,
    /// The role that invitations choose first.
    default: String,
    /// A group that gives what is wanted, with the admin in it.
    wreckers: String,
    project: String,
    /// Invitations: one that gives all, one that Bea sent herself.
    strong: String,
    weak: String,
    /// Members.
    bea_id: String,
    carl_id: String,
    dora_id: String,
    ana_id: String,
    /// An admin who was removed.
    faye_id: String,
    /// The versions of those members, in this order, and of Carl's override.
    versions: [i64; 4],
    lowered: i64,
    /// A token of the owner.
    token: String,
    more: More,
}

/// What the attacker could make more of: what they hold themselves, for a time or in some places.
struct More {
    /// A role for own projects that gives what is wanted there.
    maker: String,
    /// A group that the attacker is in until a moment.
    guests: String,
    /// A project in which the attacker is lowered, and the version of that override.
    vault: String,
    own_override: i64,
    /// A member who holds nothing, and so can be touched.
    gil_id: String,
    /// A moment after the attacker's time in the group is over.
    later: i64,
}

impl More {
    async fn new(world: &World, ana: &Member, bea_id: &str) -> Self {
        let draft = json!({ "name": "Maker", "description": "", "permissions": WANTED, "own_projects_only": true });
        let maker = made(ana, "create_role", json!({ "draft": draft })).await;
        let draft =
            json!({ "name": "Guests", "description": "", "permissions": ["databases:view"] });
        let guests = made(ana, "create_group", json!({ "draft": draft })).await;
        let page: MemberPage = call(ana, "load_member", json!({ "member": bea_id }))
            .await
            .expect(200)
            .json();
        let day = 86_400_000_000;
        let (end, later) = (page.at.0 + day, page.at.0 + 2 * day);
        let joined = json!({ "group": guests, "members": [bea_id], "expires_at": end });
        call(ana, "add_to_group", joined).await.expect(200);
        let draft = json!({ "name": "Vault", "description": "" });
        let vault = made(ana, "create_project", json!({ "draft": draft })).await;
        // All that Bea holds elsewhere but for the view of VPCs.
        let lowered = over(&vault, bea_id, &["projects:view", "databases:view"]);
        let own_override = call(ana, "set_override", lowered).await.expect(200).json();
        let gil = join(world, ana, "Gil Newcomer", "Newcomer").await;
        Self {
            maker,
            guests,
            vault,
            own_override,
            gil_id: gil.member().await,
            later,
        }
    }
}

impl Scene {
    async fn new() -> Self {
        let (world, ana) = World::with_owner().await;
        let role = async |name: &str, permissions: Value| -> String {
            let draft = json!({ "name": name, "description": "", "permissions": permissions });
            made(&ana, "create_role", json!({ "draft": draft })).await
        };
        let lead = json!([
            "team:manage",
            "settings:manage",
            "tokens:manage",
            "projects:view",
            "vpcs:view"
        ]);
        let lead = role("Team lead", lead).await;
        let empty = role("Newcomer", json!([])).await;
        let draft = json!({ "name": "Wreckers", "description": "", "permissions": WANTED });
        let wreckers = made(&ana, "create_group", json!({ "draft": draft })).await;
        let draft = json!({ "name": "Storefront", "description": "" });
        let project = made(&ana, "create_project", json!({ "draft": draft })).await;
        let bea = join(&world, &ana, "Bea Lead", "Team lead").await;
        join(&world, &ana, "Carl Viewer", "Viewer").await;
        join(&world, &ana, "Dora Admin", "Admin").await;
        join(&world, &ana, "Faye Admin", "Admin").await;
        let strong = ana.invite("eve@example.org", "Admin").await.id;
        let weak = bea.invite("finn@example.org", "Newcomer").await.id;
        let page: Page<MemberRow> = ana
            .call(
                "list_members",
                json!({ "slug": "acme", "query": { "cursor": null } }),
            )
            .await
            .expect(200)
            .json();
        let id = |name: &str| {
            let row = page.rows.iter().find(|row| row.name.starts_with(name));
            row.unwrap().id.to_string()
        };
        let (bea_id, carl_id) = (id("Bea"), id("Carl"));
        let (dora_id, ana_id) = (id("Dora"), id("Ana"));
        let faye_id = id("Faye");
        let removal = json!({ "member": faye_id, "order": {} });
        call(&ana, "remove_member", removal).await.expect(200);
        let joined = json!({ "group": wreckers, "members": [dora_id], "expires_at": null });
        call(&ana, "add_to_group", joined).await.expect(200);
        let lowered = over(&project, &carl_id, &["projects:view"]);
        let lowered = call(&ana, "set_override", lowered).await.expect(200).json();
        let more = More::new(&world, &ana, &bea_id).await;
        let ana_token = ana.token("Nightly", json!(null)).await.0;
        let mut versions = [0; 4];
        for (at, member) in [&bea_id, &carl_id, &dora_id, &ana_id]
            .into_iter()
            .enumerate()
        {
            let page: MemberPage = call(&ana, "load_member", json!({ "member": member }))
                .await
                .expect(200)
                .json();
            versions[at] = page.version;
        }
        Self {
            admin: ana.role("Admin").await,
            default: ana.default_role().await,
            world,
            lead,
            empty,
            wreckers,
            project,
            strong,
            weak,
            bea,
            ana,
            bea_id,
            carl_id,
            dora_id,
            ana_id,
            faye_id,
            versions,
            lowered,
            token: ana_token,
            more,
        }
    }

    /// Every attack: the function, what it is asked, and what is tried.
    fn attacks(&self) -> Vec<(&'static str, Value, &'static str)> {
        let mut all = self.on_invitations();
        all.extend(self.on_roles_and_groups());
        all.extend(self.on_people());
        all.extend(self.on_what_is_held());
        all.extend(self.on_memberships());
        all.extend(self.on_owners());
        all.extend(self.on_tokens());
        all
    }

    async fn held(&self) -> Vec<String> {
        let shell: Shell = call(&self.bea, "load_shell", json!({}))
            .await
            .expect(200)
            .json();
        shell.workspace.unwrap().permissions
    }

    /// How often each attempt was refused, as the trail has it.
    async fn denials(&self) -> Vec<String> {
        let shell: Shell = call(&self.ana, "load_shell", json!({}))
            .await
            .expect(200)
            .json();
        let workspace = shell.workspace.unwrap().id;
        let mut db = self.world.rolecall().store().read().await.unwrap();
        let rows = db.audit_rows(Some(workspace)).await.unwrap();
        rows.into_iter()
            .filter(|row| row.action.starts_with("access.denied"))
            .map(|row| {
                serde_json::from_str::<Value>(&row.detail).unwrap()["attempt"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }
}

fn over(project: &str, member: &str, permissions: &[&str]) -> Value {
    let grant = json!({ "permissions": permissions, "expires_at": null });
    json!({ "project": project, "member": member, "draft": { "grant": grant, "version": null } })
}

async fn call(who: &Member, name: &str, mut arguments: Value) -> crate::browser::Answer {
    arguments["slug"] = "acme".into();
    who.call(name, arguments).await
}

async fn made(who: &Member, name: &str, arguments: Value) -> String {
    call(who, name, arguments).await.expect(200).json()
}

async fn join(world: &World, ana: &Member, name: &str, role: &str) -> Member {
    let first = name.split(' ').next().unwrap().to_lowercase();
    let sent = ana.invite(&format!("{first}@example.org"), role).await;
    world.stranger().join(&sent, name).await
}

#[tokio::test]
async fn who_manages_the_team_and_holds_no_more_gains_nothing_on_any_path() {
    let scene = Scene::new().await;
    let before = scene.held().await;
    let mut attacked = BTreeSet::new();
    let mut expected = Vec::new();
    for (name, arguments, attempt) in scene.attacks() {
        // Time passes between the attacks, and a fresh proof is not what stops them.
        let password = json!({ "password": PASSWORD });
        scene
            .bea
            .call("confirm_identity", password)
            .await
            .expect(200);
        let answer = call(&scene.bea, name, arguments).await;
        let error = if answer.status == 200 {
            // An order for several: the refusal is the person's verdict.
            let verdicts: Vec<PersonVerdict> = answer.json();
            let refused = verdicts.into_iter().next().unwrap().problem;
            refused.unwrap_or_else(|| panic!("{attempt}: it was done"))
        } else {
            answer.error(ErrorCode::NotAllowed)
        };
        assert_eq!(error.code, ErrorCode::NotAllowed, "{attempt}");
        assert!(
            error.message.contains("do not have yourself")
                || error.message.contains("your own permissions")
                || error.message.contains("Only an owner"),
            "{attempt}: {}",
            error.message
        );
        attacked.insert(name);
        expected.push(name.to_owned());
        // The trail counts a flood in one row; this is not one.
        scene.world.wait(chrono::TimeDelta::seconds(30));
    }
    assert_eq!(
        scene.denials().await,
        expected,
        "each refusal stands in the trail"
    );
    assert_eq!(scene.held().await, before);

    let paths: BTreeSet<&str> = functions(&Ids::nothing("acme"))
        .into_iter()
        .filter(|function| function.gives)
        .map(|function| function.name)
        .collect();
    assert_eq!(
        attacked, paths,
        "a path that gives power and is not attacked here"
    );
}

#[tokio::test]
async fn what_nobody_does_is_refused_and_an_attempt_at_power_stands_in_the_trail() {
    let scene = Scene::new().await;
    let before = scene.held().await;
    let mut expected = Vec::new();
    for (name, arguments, code, attempt) in scene.on_nobody() {
        let answer = call(&scene.bea, name, arguments.clone()).await;
        answer.error(code);
        expected.extend(attempt.then(|| name.to_owned()));
        scene.world.wait(chrono::TimeDelta::seconds(30));
    }
    assert_eq!(scene.denials().await, expected);
    assert_eq!(scene.held().await, before);
    // Somebody who may not even manage the team is recorded whatever they send.
    let finn = join(&scene.world, &scene.ana, "Ida Newcomer", "Newcomer").await;
    for (name, arguments, ..) in scene.on_nobody() {
        let answer = call(&finn, name, arguments).await;
        // Where they do not see the project, it does not exist for them.
        if name != "set_override" {
            answer.error(ErrorCode::NotAllowed);
            expected.push(name.to_owned());
        }
        scene.world.wait(chrono::TimeDelta::seconds(30));
    }
    assert_eq!(scene.denials().await, expected);
}
