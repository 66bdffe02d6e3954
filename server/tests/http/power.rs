//! Every path that gives power or acts on a person, attacked by somebody who manages the team and
//! holds nothing else worth having (rules 35 to 42). A path that is not attacked here fails the test.

use std::collections::BTreeSet;

use rolecall_shared::{
    access::MemberPage, error::ErrorCode, member::MemberRow, membership::PersonVerdict, page::Page,
    shell::Shell,
};
use serde_json::{Value, json};

use crate::{
    browser::Member,
    functions::{Ids, functions},
    world::World,
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
        all
    }

    fn on_invitations(&self) -> Vec<(&'static str, Value, &'static str)> {
        let order = |role: &str, groups: Value| {
            json!({ "request": {
                "idempotency_key": format!("groups-{}", groups.as_array().unwrap().len()), "addresses": ["gil@example.org"],
                "role": role, "groups": groups, "note": "", "hours": 72,
            } })
        };
        vec![
            (
                "send_invitations",
                order(&self.admin, json!([])),
                "invite an admin",
            ),
            (
                "send_invitations",
                order(&self.empty, json!([self.wreckers])),
                "invite into a strong group",
            ),
            (
                "send_invitations",
                json!({ "request": {
                    "idempotency_key": "overrides", "addresses": ["gus@example.org"], "role": self.empty, "groups": [],
                    "note": "", "hours": 72, "overrides": [{ "project": self.project, "permissions": WANTED }],
                } }),
                "invite with more in one project",
            ),
            (
                "resend_invitation",
                json!({ "id": self.strong, "version": 1 }),
                "answer for somebody else's strong invitation",
            ),
            (
                "copy_invitation_link",
                json!({ "id": self.strong }),
                "take the link of a strong invitation",
            ),
            (
                "change_invitation",
                json!({ "id": self.weak, "version": 1, "change": { "role": self.admin } }),
                "make a waiting newcomer an admin",
            ),
        ]
    }

    fn on_roles_and_groups(&self) -> Vec<(&'static str, Value, &'static str)> {
        let draft = |name: &str, permissions: &[&str]| json!({ "name": name, "description": "", "permissions": permissions });
        vec![
            (
                "create_role",
                json!({ "draft": draft("Wide", &WANTED) }),
                "make a role that gives more",
            ),
            (
                "update_role",
                json!({ "role": self.lead, "version": 1, "draft": draft("Team lead", &["team:manage", "projects:view", "instances:delete"]) }),
                "widen the own role",
            ),
            (
                "update_role",
                json!({ "role": self.empty, "version": 1, "draft": draft("Newcomer", &WANTED) }),
                "widen somebody's role",
            ),
            (
                "delete_role",
                json!({ "role": self.empty, "version": 1, "replacement": self.admin }),
                "lift everybody of a role to admin",
            ),
            (
                "set_default_role",
                json!({ "before": self.default, "role": self.admin }),
                "have everybody offered a strong role",
            ),
            (
                "create_group",
                json!({ "draft": draft("Wide", &WANTED) }),
                "make a group that gives more",
            ),
            (
                "update_group",
                json!({ "group": self.wreckers, "version": 1, "draft": draft("Wreckers", &["instances:delete", "databases:delete"]) }),
                "widen a group",
            ),
            (
                "add_to_group",
                json!({ "group": self.wreckers, "members": [self.bea_id], "expires_at": null }),
                "join a strong group",
            ),
            (
                "add_to_group",
                json!({ "group": self.wreckers, "members": [self.carl_id], "expires_at": null }),
                "put a friend into a strong group",
            ),
            (
                "remove_from_group",
                json!({ "group": self.wreckers, "member": self.dora_id }),
                "take an admin out of a group",
            ),
        ]
    }

    fn on_people(&self) -> Vec<(&'static str, Value, &'static str)> {
        let [bea, carl, dora, ana] = self.versions;
        let access = |member: &str, version: i64, role: &str, direct: &[&str]| {
            json!({ "member": member, "version": version, "access": {
                "role": role, "groups": [], "direct": { "permissions": direct, "expires_at": null },
            } })
        };
        let own = [self.bea_id.as_str(), self.lead.as_str()];
        vec![
            (
                "update_access",
                access(own[0], bea, &self.admin, &[]),
                "become an admin",
            ),
            (
                "update_access",
                access(own[0], bea, own[1], &WANTED),
                "give oneself more",
            ),
            (
                "update_access",
                access(&self.carl_id, carl, &self.empty, &[]),
                "demote somebody who holds more",
            ),
            (
                "update_access",
                access(&self.dora_id, dora, &self.empty, &[]),
                "demote an admin",
            ),
            (
                "update_access",
                access(&self.ana_id, ana, &self.empty, &[]),
                "demote the owner",
            ),
            (
                "set_override",
                over(&self.project, &self.bea_id, &WANTED),
                "raise oneself in a project",
            ),
            (
                "set_override",
                over(&self.project, &self.dora_id, &[]),
                "lower an admin in a project",
            ),
            (
                "set_override",
                over(&self.project, &self.ana_id, &[]),
                "lower the owner in a project",
            ),
            (
                "remove_override",
                json!({ "project": self.project, "member": self.carl_id, "version": self.lowered }),
                "give back what was taken from somebody",
            ),
        ]
    }

    /// Making more of what is held already: longer, wider, or given back.
    fn on_what_is_held(&self) -> Vec<(&'static str, Value, &'static str)> {
        let more = &self.more;
        let bea = self.versions[0];
        let access = |member: &str, version: i64, role: &str, group: &str, end: Option<i64>| {
            json!({ "member": member, "version": version, "access": {
                "role": role, "groups": [{ "group": group, "expires_at": end }],
                "direct": { "permissions": [], "expires_at": null },
            } })
        };
        let mut ending = over(&more.vault, &self.bea_id, &["projects:view"]);
        ending["draft"]["version"] = more.own_override.into();
        ending["draft"]["grant"]["expires_at"] = more.later.into();
        vec![
            (
                "update_access",
                access(&more.gil_id, 1, &self.empty, &self.wreckers, None),
                "put a newcomer into a strong group from their page",
            ),
            (
                "update_access",
                access(&self.bea_id, bea, &self.lead, &self.wreckers, None),
                "join a strong group from the own page",
            ),
            (
                "update_access",
                access(
                    &self.bea_id,
                    bea,
                    &self.lead,
                    &more.guests,
                    Some(more.later),
                ),
                "stay longer in a group, from the own page",
            ),
            (
                "add_to_group",
                json!({ "group": more.guests, "members": [self.bea_id], "expires_at": more.later }),
                "stay longer in a group",
            ),
            (
                "add_to_group",
                json!({ "group": more.guests, "members": [self.bea_id], "expires_at": null }),
                "stay in a group for ever",
            ),
            (
                "remove_override",
                json!({ "project": more.vault, "member": self.bea_id, "version": more.own_override }),
                "get back what was taken in a project",
            ),
            (
                "set_override",
                ending,
                "have the own override end by itself",
            ),
            (
                "update_role",
                json!({ "role": more.maker, "version": 1, "draft": {
                    "name": "Maker", "description": "", "permissions": WANTED, "own_projects_only": false,
                } }),
                "let a role for own projects reach all",
            ),
            (
                "delete_role",
                json!({ "role": self.lead, "version": 1, "replacement": self.admin }),
                "swap the own role by deleting it",
            ),
        ]
    }

    /// What nobody does, whatever they hold: the function, what it is asked, how it is answered, and
    /// whether it is an attempt at power that stands in the trail.
    fn on_nobody(&self) -> Vec<(&'static str, Value, ErrorCode, bool)> {
        let draft = |name: &str, permissions: &[&str]| json!({ "name": name, "description": "", "permissions": permissions });
        let admin = |draft: Value| json!({ "role": self.admin, "version": 1, "draft": draft });
        vec![
            (
                "update_role",
                admin(draft("Admin", &[])),
                ErrorCode::Conflict,
                true,
            ),
            (
                "delete_role",
                json!({ "role": self.admin, "version": 1, "replacement": self.lead }),
                ErrorCode::Conflict,
                true,
            ),
            // The rows of the workspace are no matter of one project.
            (
                "set_override",
                over(&self.project, &self.more.gil_id, &["team:manage"]),
                ErrorCode::Invalid,
                false,
            ),
            // The first letter is Cyrillic.
            (
                "create_role",
                json!({ "draft": draft("\u{410}dmin", &[]) }),
                ErrorCode::Invalid,
                false,
            ),
            (
                "update_role",
                json!({ "role": self.lead, "version": 1, "draft": draft("\u{410}dmin", &["team:manage"]) }),
                ErrorCode::Invalid,
                false,
            ),
            // Cells that do not exist.
            (
                "create_role",
                json!({ "draft": draft("Breaker", &["team:delete"]) }),
                ErrorCode::Invalid,
                false,
            ),
            (
                "update_group",
                json!({ "group": self.more.guests, "version": 1, "draft": draft("Guests", &["tokens:view"]) }),
                ErrorCode::Invalid,
                false,
            ),
        ]
    }

    fn on_memberships(&self) -> Vec<(&'static str, Value, &'static str)> {
        let order = json!({ "reason": "", "invitations": "keep" });
        let (dora, ana) = (&self.dora_id, &self.ana_id);
        vec![
            (
                "suspend_member",
                json!({ "member": dora, "reason": "" }),
                "suspend an admin",
            ),
            (
                "suspend_member",
                json!({ "member": ana, "reason": "" }),
                "suspend the owner",
            ),
            (
                "suspend_members",
                json!({ "members": [dora], "reason": "" }),
                "suspend an admin among others",
            ),
            (
                "reactivate_member",
                json!({ "member": dora }),
                "reactivate an admin",
            ),
            (
                "reactivate_members",
                json!({ "members": [dora] }),
                "reactivate an admin among others",
            ),
            (
                "change_roles",
                json!({ "members": [self.bea_id], "role": self.admin }),
                "become an admin among others",
            ),
            (
                "set_membership_end",
                json!({ "member": dora, "version": self.versions[2], "ends_at": 4_102_444_800_000_000_i64 }),
                "let the time of an admin end",
            ),
            (
                "remove_member",
                json!({ "member": dora, "order": order }),
                "remove an admin",
            ),
            (
                "remove_member",
                json!({ "member": ana, "order": order }),
                "remove the owner",
            ),
            (
                "remove_members",
                json!({ "members": [ana], "order": order }),
                "remove the owner among others",
            ),
            (
                "reinstate_member",
                json!({ "former": self.faye_id, "role": null }),
                "bring an admin back",
            ),
            (
                "reinstate_member",
                json!({ "former": self.faye_id, "role": self.admin }),
                "bring somebody back as an admin",
            ),
        ]
    }

    fn on_owners(&self) -> Vec<(&'static str, Value, &'static str)> {
        vec![
            (
                "propose_ownership",
                json!({ "member": self.carl_id, "hand_over": false }),
                "make a friend an owner",
            ),
            (
                "cancel_ownership",
                json!({ "member": self.carl_id }),
                "take a proposal of ownership back",
            ),
            (
                "take_ownership",
                json!({ "member": self.ana_id, "role": self.empty }),
                "take the ownership away",
            ),
            (
                "step_down",
                json!({ "role": self.admin }),
                "become an admin by stepping down from nothing",
            ),
        ]
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
