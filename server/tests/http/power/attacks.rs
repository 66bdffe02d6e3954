//! The attacks: what is called, with what, and what it would gain.

use rolecall_shared::error::ErrorCode;
use serde_json::{Value, json};

use super::{Scene, WANTED, over};

impl Scene {
    pub(super) fn on_invitations(&self) -> Vec<(&'static str, Value, &'static str)> {
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

    pub(super) fn on_roles_and_groups(&self) -> Vec<(&'static str, Value, &'static str)> {
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

    pub(super) fn on_people(&self) -> Vec<(&'static str, Value, &'static str)> {
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
    pub(super) fn on_what_is_held(&self) -> Vec<(&'static str, Value, &'static str)> {
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
    pub(super) fn on_nobody(&self) -> Vec<(&'static str, Value, ErrorCode, bool)> {
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

    pub(super) fn on_memberships(&self) -> Vec<(&'static str, Value, &'static str)> {
        let order = json!({ "reason": "", "invitations": "keep" });
        let (dora, ana) = (&self.dora_id, &self.ana_id);
        vec![
            (
                "start_view_as",
                json!({ "member": dora, "reason": "Curious" }),
                "see what an admin sees",
            ),
            (
                "start_view_as",
                json!({ "member": ana, "reason": "Curious" }),
                "see what the owner sees",
            ),
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

    pub(super) fn on_owners(&self) -> Vec<(&'static str, Value, &'static str)> {
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

    pub(super) fn on_tokens(&self) -> Vec<(&'static str, Value, &'static str)> {
        let draft = |permissions: &[&str], project: Option<&str>| json!({ "draft": { "name": "Bot", "days": 30, "permissions": permissions, "project": project } });
        vec![
            (
                "create_token",
                draft(&WANTED, None),
                "make a token that may more",
            ),
            (
                "create_token",
                draft(&["vpcs:view"], Some(&self.more.vault)),
                "make a token for a project that gives back what was taken there",
            ),
            (
                "revoke_token",
                json!({ "token": self.token }),
                "revoke a token of the owner",
            ),
        ]
    }
}
