//! Every server function with arguments that fit, and what it is about: the table that the tests of
//! rights walk. A new function that is not in it fails them.

use serde_json::{Value, json};

use crate::{browser::Member, world::PASSWORD};

/// An id of the right shape that nothing has.
pub const NOTHING: &str = "01890000-0000-7000-8000-000000000000";

/// One server function.
pub struct Function {
    pub name: &'static str,
    /// What it is asked with.
    pub arguments: Value,
    /// The permission that a Viewer of the Cloud account is told to lack, as far as it is certain;
    /// `None`: every member may ask, as far as they see the thing.
    pub lacks: Option<&'static str>,
    /// Whether it can give somebody power or act on what somebody holds: `power.rs` attacks it.
    pub gives: bool,
}

/// The things that arguments name.
#[derive(Clone)]
pub struct Ids {
    pub slug: String,
    pub invitation: String,
    pub role: String,
    pub group: String,
    pub member: String,
    pub project: String,
    pub resource: String,
    pub token: String,
    /// The role that invitations choose first.
    pub default_role: String,
}

impl Ids {
    /// A workspace and nothing in it.
    pub fn nothing(slug: &str) -> Self {
        let nothing = || NOTHING.to_owned();
        Self {
            slug: slug.to_owned(),
            invitation: nothing(),
            role: nothing(),
            group: nothing(),
            member: nothing(),
            project: nothing(),
            resource: nothing(),
            token: nothing(),
            default_role: nothing(),
        }
    }

    /// Acme with one of each, made by its owner.
    pub async fn made_by(ana: &Member) -> Self {
        let id = async |name: &str, arguments: Value| -> String {
            ana.call(name, arguments).await.expect(200).json()
        };
        let draft =
            json!({ "name": "Night shift", "description": "", "permissions": ["instances:view"] });
        let role = json!({ "slug": "acme", "draft": draft });
        let project =
            json!({ "slug": "acme", "draft": { "name": "Storefront", "description": "" } });
        let (group, role) = (
            id("create_group", role.clone()).await,
            id("create_role", role).await,
        );
        let project = id("create_project", project).await;
        let resource =
            json!({ "service": "instances", "name": "web-1", "external_id": "", "attributes": [] });
        let resource = json!({ "slug": "acme", "project": project, "draft": resource });
        let sent = ana.invite("ben@example.org", "Viewer").await;
        Self {
            slug: "acme".into(),
            invitation: sent.id,
            role,
            group,
            member: ana.member().await,
            resource: id("create_resource", resource).await,
            token: ana.token("Nightly", json!(null)).await.0,
            project,
            default_role: ana.default_role().await,
        }
    }

    /// The same ids asked for in another workspace.
    pub fn in_workspace(&self, slug: &str) -> Self {
        Self {
            slug: slug.to_owned(),
            ..self.clone()
        }
    }
}

/// All of them, in an order in which an owner can call them one after the other.
pub fn functions(ids: &Ids) -> Vec<Function> {
    let mut all = reading(ids);
    all.extend(giving(ids));
    all.extend(living(ids));
    all.extend(changing(ids));
    all.extend(answering(ids));
    all
}

fn own(name: &'static str, arguments: Value) -> Function {
    Function {
        name,
        arguments,
        lacks: None,
        gives: false,
    }
}

/// What only reads about the caller's own account.
pub fn personal_reading() -> Vec<Function> {
    vec![own("load_account", json!({}))]
}

/// What is about the caller's own account: no workspace and nobody else can be named.
pub fn personal() -> Vec<Function> {
    let mut all = personal_reading();
    all.extend([
        own("confirm_identity", json!({ "password": PASSWORD })),
        own("rename_account", json!({ "name": "Ana Maria Ruiz" })),
        own("change_email", json!({ "email": "new@example.org" })),
        own("withdraw_email", json!({})),
        own(
            "change_password",
            json!({ "current": PASSWORD, "password": "velvet orbit thimble lantern" }),
        ),
        own("end_session", json!({ "session": NOTHING })),
        own("end_other_sessions", json!({})),
        own("set_notification", json!({ "kind": "guests", "on": false })),
    ]);
    all
}

/// All there are.
pub fn everything(ids: &Ids) -> Vec<Function> {
    let mut all = functions(ids);
    all.extend(personal());
    all
}

fn function(
    ids: &Ids,
    name: &'static str,
    lacks: Option<&'static str>,
    gives: bool,
    mut arguments: Value,
) -> Function {
    arguments["slug"] = ids.slug.clone().into();
    Function {
        name,
        arguments,
        lacks,
        gives,
    }
}

/// What only reads.
pub fn reading(ids: &Ids) -> Vec<Function> {
    let (team, manage) = (Some("team:view"), Some("team:manage"));
    let ask = |name, lacks, arguments| function(ids, name, lacks, false, arguments);
    let members =
        json!({ "role": null, "group": null, "status": null, "activity": null, "cursor": null });
    let invitations = json!({ "role": null, "status": null, "cursor": null });
    let audit = Some("audit:view");
    let trail = json!({
        "actor": null, "target": null, "family": null, "project": null, "from": null, "to": null, "cursor": null,
    });
    let Ids {
        invitation,
        role,
        group,
        member,
        project,
        ..
    } = ids;
    let change = json!({ "kind": "edit_role", "role": role, "permissions": [] });
    vec![
        ask("load_shell", None, json!({})),
        ask("list_members", team, json!({ "query": members })),
        ask("team_counts", team, json!({})),
        ask("team_filters", team, json!({})),
        ask("list_invitations", team, json!({ "query": invitations })),
        ask("invite_options", manage, json!({})),
        ask("invitation_deliveries", team, json!({ "id": invitation })),
        ask("invitation_policy", None, json!({})),
        ask("load_overview", team, json!({})),
        ask("load_settings", None, json!({})),
        ask("load_view_policy", None, json!({})),
        ask("list_audit", audit, json!({ "query": trail })),
        ask("audit_filters", audit, json!({})),
        ask("audit_newer", audit, json!({ "query": trail, "seq": 0 })),
        ask("list_roles", team, json!({})),
        ask(
            "load_role_editor",
            team,
            json!({ "role": role, "clone_of": null }),
        ),
        ask(
            "compare_roles",
            team,
            json!({ "left": role, "right": role }),
        ),
        ask("list_groups", team, json!({})),
        ask("load_group_editor", team, json!({ "group": group })),
        ask(
            "list_group_members",
            team,
            json!({ "group": group, "cursor": null }),
        ),
        ask("load_member", team, json!({ "member": member })),
        ask("removal_preview", manage, json!({ "member": member })),
        ask(
            "list_former_members",
            team,
            json!({ "query": { "cursor": null } }),
        ),
        ask("load_ownership", team, json!({})),
        ask("preview_change", manage, json!({ "change": change })),
        ask(
            "list_projects",
            None,
            json!({ "query": { "cursor": null } }),
        ),
        ask("load_project", None, json!({ "project": project })),
        ask(
            "list_project_members",
            team,
            json!({ "project": project, "query": { "cursor": null } }),
        ),
        ask(
            "load_override",
            team,
            json!({ "project": project, "member": member }),
        ),
        ask("list_tokens", None, json!({ "query": { "cursor": null } })),
        ask("token_options", Some("tokens:manage"), json!({})),
        ask(
            "list_resources",
            None,
            json!({ "project": project, "query": { "service": null, "cursor": null } }),
        ),
    ]
}

/// What gives power or acts on a person.
fn giving(ids: &Ids) -> Vec<Function> {
    let Ids {
        invitation,
        role,
        group,
        member,
        project,
        token,
        default_role: before,
        ..
    } = ids;
    let gives = |name, arguments| function(ids, name, Some("team:manage"), true, arguments);
    let token_gives = |name, arguments| function(ids, name, Some("tokens:manage"), true, arguments);
    let settings_gives =
        |name, arguments| function(ids, name, Some("settings:manage"), true, arguments);
    let request = json!({
        "idempotency_key": "k", "addresses": ["dana@example.org"], "role": role, "groups": [], "note": "", "hours": 72,
    });
    let draft =
        |name: &str| json!({ "name": name, "description": "", "permissions": ["instances:view"] });
    let access =
        json!({ "role": role, "groups": [], "direct": { "permissions": [], "expires_at": null } });
    let over = json!({ "grant": { "permissions": [], "expires_at": null }, "version": null });
    vec![
        gives("send_invitations", json!({ "request": request })),
        gives(
            "resend_invitation",
            json!({ "id": invitation, "version": 1 }),
        ),
        gives(
            "change_invitation",
            json!({ "id": invitation, "version": 1, "change": { "role": role } }),
        ),
        gives("copy_invitation_link", json!({ "id": invitation })),
        gives("create_role", json!({ "draft": draft("Early shift") })),
        gives(
            "update_role",
            json!({ "role": role, "version": 1, "draft": draft("Late shift") }),
        ),
        token_gives(
            "create_token",
            json!({ "draft": { "name": "Pipeline", "days": 30, "permissions": ["instances:view"], "project": null } }),
        ),
        token_gives("revoke_token", json!({ "token": token })),
        gives("create_group", json!({ "draft": draft("Painters") })),
        gives(
            "update_group",
            json!({ "group": group, "version": 1, "draft": draft("Joiners") }),
        ),
        gives(
            "add_to_group",
            json!({ "group": group, "members": [member], "expires_at": null }),
        ),
        gives(
            "remove_from_group",
            json!({ "group": group, "member": member }),
        ),
        gives(
            "update_access",
            json!({ "member": member, "version": 1, "access": access }),
        ),
        gives(
            "set_override",
            json!({ "project": project, "member": member, "draft": over }),
        ),
        gives(
            "remove_override",
            json!({ "project": project, "member": member, "version": 1 }),
        ),
        settings_gives(
            "set_default_role",
            json!({ "before": before, "role": role }),
        ),
        gives(
            "delete_role",
            json!({ "role": role, "version": 1, "replacement": null }),
        ),
    ]
}

/// What acts on a membership.
fn living(ids: &Ids) -> Vec<Function> {
    let Ids { role, member, .. } = ids;
    let gives = |name, arguments| function(ids, name, Some("team:manage"), true, arguments);
    let order = json!({ "reason": "", "invitations": "revoke" });
    vec![
        gives(
            "start_view_as",
            json!({ "member": member, "reason": "A ticket" }),
        ),
        gives("suspend_member", json!({ "member": member, "reason": "" })),
        gives(
            "suspend_members",
            json!({ "members": [member], "reason": "" }),
        ),
        gives("reactivate_member", json!({ "member": member })),
        gives("reactivate_members", json!({ "members": [member] })),
        gives(
            "change_roles",
            json!({ "members": [NOTHING], "role": role }),
        ),
        gives(
            "set_membership_end",
            json!({ "member": member, "version": 1, "ends_at": null }),
        ),
        gives("remove_member", json!({ "member": member, "order": order })),
        gives(
            "remove_members",
            json!({ "members": [member], "order": order }),
        ),
        gives(
            "reinstate_member",
            json!({ "former": NOTHING, "role": null }),
        ),
        gives(
            "propose_ownership",
            json!({ "member": member, "hand_over": false }),
        ),
        gives("cancel_ownership", json!({ "member": member })),
        gives("step_down", json!({ "role": role })),
        gives("take_ownership", json!({ "member": member, "role": role })),
    ]
}

/// What everybody may do about themselves; leaving is the last that anybody does.
fn answering(ids: &Ids) -> Vec<Function> {
    ["accept_ownership", "decline_ownership", "leave_workspace"]
        .map(|name| function(ids, name, None, false, json!({})))
        .into()
}

fn changing(ids: &Ids) -> Vec<Function> {
    let Ids {
        invitation,
        group,
        project,
        resource,
        ..
    } = ids;
    let plain = |name, lacks, arguments| function(ids, name, Some(lacks), false, arguments);
    let thing =
        json!({ "service": "instances", "name": "web-2", "external_id": "", "attributes": [] });
    let before = json!({ "copy_link": true, "hours": 72, "allowed_domains": [] });
    let policy = json!({ "copy_link": true, "hours": 48, "allowed_domains": [] });
    vec![
        plain(
            "set_invitation_policy",
            "settings:manage",
            json!({ "before": before, "policy": policy }),
        ),
        plain(
            "rename_workspace",
            "settings:manage",
            json!({ "before": "Acme", "name": "Acme Works" }),
        ),
        plain(
            "set_view_policy",
            "settings:manage",
            json!({
                "before": { "enabled": true, "notice": true },
                "policy": { "enabled": true, "notice": false },
            }),
        ),
        plain(
            "review_services",
            "team:manage",
            json!({ "services": ["instances"] }),
        ),
        plain(
            "revoke_invitation",
            "team:manage",
            json!({ "id": invitation, "version": 1 }),
        ),
        plain(
            "delete_group",
            "team:manage",
            json!({ "group": group, "version": 1 }),
        ),
        plain(
            "create_project",
            "projects:manage",
            json!({ "draft": { "name": "Warehouse", "description": "" } }),
        ),
        plain(
            "update_project",
            "projects:manage",
            json!({ "project": project, "version": 1, "draft": { "name": "Shop", "description": "" } }),
        ),
        plain(
            "create_resource",
            "instances:manage",
            json!({ "project": project, "draft": thing }),
        ),
        plain(
            "update_resource",
            "instances:manage",
            json!({ "project": project, "resource": resource, "version": 1, "draft": thing }),
        ),
        plain(
            "delete_resource",
            "instances:delete",
            json!({ "project": project, "resource": resource, "version": 2 }),
        ),
        plain(
            "delete_project",
            "projects:delete",
            json!({ "project": project, "version": 1 }),
        ),
        // The last one: nothing is found after it.
        plain(
            "delete_workspace",
            "settings:manage",
            json!({ "name": "Acme Works" }),
        ),
    ]
}
