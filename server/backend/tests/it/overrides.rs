//! Overrides: what holds in one project instead, and who may set them.

use std::sync::Arc;

use chrono::TimeDelta;
use rolecall_backend::{
    authz,
    service::{Failure, acceptance::Ended},
};
use rolecall_shared::{
    MemberId, ProjectId, Timestamp,
    invitation::InviteOverride,
    project::{OverrideEffect, ProjectMemberQuery},
};
use serde_json::json;
use tokio::sync::Barrier;
use uuid::Uuid;

use crate::support::{
    World,
    actors::Owner,
    answers::{Over as _, Refusal as _},
    both,
    work::{replacing, thing},
};

const UMA: &str = "uma@example.org";
const MIRA: &str = "mira@example.org";

/// The name of the missing permission on a service.
fn missing<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer.failure() {
        Failure::DeniedOn { name, .. } => name,
        other => panic!("not a missing permission: {other:?}"),
    }
}

fn for_invited(project: ProjectId, names: &[&str]) -> InviteOverride {
    InviteOverride {
        project,
        permissions: names.iter().map(|&name| name.to_owned()).collect(),
    }
}

/// A workshop with two projects.
async fn workshop(world: &World) -> (Owner, ProjectId, ProjectId) {
    let owner = world.owner_of("workshop").await;
    let (hall, yard) = (owner.project("Hall").await, owner.project("Yard").await);
    (owner, hall, yard)
}

both! {
    async fn an_override_lowers_in_its_project_and_nowhere_else(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Operator").await;
        let (production, staging) = (owner.project("Production").await, owner.project("Staging").await);
        uma.makes(production, &thing("instances", "web-1")).await.unwrap();
        owner.override_with(production, UMA, &["projects:view", "instances:view"]).await;
        let (action, target, detail) = owner.last_entry().await;
        assert_eq!((action.as_str(), target.as_str()), ("override.set", "Uma Weber <uma@example.org>"));
        assert_eq!(
            (&detail["project"], &detail["before"], &detail["after"]["permissions"]),
            (&json!("Production"), &json!(null), &json!(["instances:view", "projects:view"]))
        );

        assert_eq!(missing(uma.makes(production, &thing("instances", "web-2")).await), "instances:manage");
        assert_eq!(missing(uma.makes(production, &thing("databases", "orders")).await), "databases:manage");
        assert_eq!(uma.resource_names(production).await, ["web-1"]);
        uma.makes(staging, &thing("instances", "web-2")).await.unwrap();
        let there = uma.project_page(production).await.unwrap();
        assert!(there.may("team:view"), "workspace-scoped rows are not overridden");
        assert!(!there.may("instances:manage"));
    }

    async fn an_override_raises_in_its_project_and_nowhere_else(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Viewer").await;
        let (production, staging) = (owner.project("Production").await, owner.project("Staging").await);
        assert_eq!(missing(uma.makes(production, &thing("instances", "web-1")).await), "instances:manage");
        // Manage brings View along.
        owner.override_with(production, UMA, &["projects:view", "instances:manage"]).await;
        let made = uma.makes(production, &thing("instances", "web-1")).await.unwrap();
        assert_eq!(uma.resource_names(production).await, ["web-1"]);
        assert_eq!(missing(uma.destroys(production, made, 1).await), "instances:delete");
        assert_eq!(missing(uma.makes(staging, &thing("instances", "web-1")).await), "instances:manage");
    }

    async fn an_empty_override_is_a_real_value_and_hides_the_project(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Operator").await;
        let project = owner.project("Production").await;
        let version = owner.override_with(project, UMA, &[]).await;
        assert_eq!(uma.project_page(project).await.not_found(), "project");
        assert_eq!(uma.makes(project, &thing("instances", "web-1")).await.not_found(), "project");
        let row = owner.person_in(project, UMA).await;
        assert_eq!(row.here.words(), "No access");
        assert_eq!(row.effect, Some(OverrideEffect::Narrower));
        // The role changes and the override stays.
        owner.give_role(UMA, "Admin").await;
        assert_eq!(uma.project_page(project).await.not_found(), "project");

        let member = owner.member_id(UMA).await;
        owner.removes_override(project, member, version).await.unwrap();
        uma.project_page(project).await.unwrap();
        let (action, _, detail) = owner.last_entry().await;
        assert_eq!(action, "override.removed");
        assert_eq!(detail["before"], json!({ "permissions": [], "expires_at": null }));
        assert_eq!(detail["after"], json!(null));
        assert_eq!(owner.removes_override(project, member, version).await.not_found(), "override");
    }

    async fn an_override_ends_at_its_moment(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Viewer").await;
        let project = owner.project("Production").await;
        let member = owner.member_id(UMA).await;
        let end = Timestamp(world.now().0 + 7 * 86_400_000_000);
        let draft = replacing(&["projects:view", "instances:manage"], Some(end), None);
        owner.overrides(project, member, &draft).await.unwrap();
        world.advance(TimeDelta::days(7) - TimeDelta::microseconds(1));
        uma.makes(project, &thing("instances", "web-1")).await.unwrap();
        assert_eq!(owner.person_in(project, UMA).await.effect, Some(OverrideEffect::Wider));
        world.advance(TimeDelta::microseconds(1));
        assert_eq!(missing(uma.makes(project, &thing("instances", "web-2")).await), "instances:manage");
        let row = owner.person_in(project, UMA).await;
        assert_eq!(row.effect, Some(OverrideEffect::Ended));
        assert_eq!(row.base, row.here);
        assert_eq!(row.over.unwrap().grant.expires_at, Some(end));

        // Its base is what they look at again, and setting it anew names the one that ended.
        let again = replacing(&["projects:view"], None, None);
        owner.overrides(project, member, &again).await.conflict();
    }

    async fn an_override_that_hid_a_project_shows_it_again_when_it_ends(world: World) {
        let owner = world.owner().await;
        let uma = owner.enrol("Uma Weber", UMA, "Viewer").await;
        let project = owner.project("Production").await;
        let end = Timestamp(world.now().0 + 1_000_000);
        let draft = replacing(&[], Some(end), None);
        owner.overrides(project, owner.member_id(UMA).await, &draft).await.unwrap();
        assert!(uma.project_names().await.is_empty());
        world.advance(TimeDelta::seconds(1));
        assert_eq!(uma.project_names().await, ["Production"]);
    }

    async fn owners_are_immune(world: World) {
        let owner = world.owner().await;
        let admin = owner.enrol("Mira Holm", MIRA, "Admin").await;
        let project = owner.project("Production").await;
        let ana = owner.member_id(&owner.caller.session.email).await;
        let before = world.database.dump().await;
        let draft = replacing(&["projects:view"], None, None);
        assert_eq!(admin.overrides(project, ana, &draft).await.refused(), authz::Refusal::TouchesOwner);
        assert!(owner.overrides(project, ana, &draft).await.conflict().contains("Owners"));
        for asker in [&owner.0, &admin.0] {
            let editor = asker.override_editor(project, ana).await.unwrap();
            assert!(editor.blocked.unwrap().contains("Owners"));
        }
        assert_eq!(world.database.dump().await, before);
        // One that is left from before somebody became an owner counts for nothing.
        owner.override_with(project, MIRA, &[]).await;
        let sql = "UPDATE members SET is_owner = (1 = 1) WHERE email_key = $1";
        world.database.change(sql, &[MIRA.into()]).await;
        admin.deletes(project, 1).await.unwrap();
    }

    async fn nobody_gives_in_a_project_what_they_lack_there(world: World) {
        let (owner, hall, yard) = workshop(&world).await;
        let mira = owner.enrol("Mira Holm", MIRA, "Helper").await;
        owner.gives_directly(MIRA, "projects:view machines:view machines:manage").await;
        owner.enrol("Uma Weber", UMA, "Helper").await;
        let uma = owner.member_id(UMA).await;
        owner.override_with(hall, MIRA, &["projects:view", "machines:view"]).await;

        let before = world.database.dump().await;
        let manage = replacing(&["projects:view", "machines:manage"], None, None);
        assert_eq!(mira.overrides(hall, uma, &manage).await.beyond_own(), ["machines:manage"]);
        let delete = replacing(&["machines:delete"], None, None);
        assert_eq!(mira.overrides(yard, uma, &delete).await.beyond_own(), ["machines:delete"]);
        let editor = mira.override_editor(hall, uma).await.unwrap();
        assert_eq!(editor.grantable, ["machines:view", "projects:view"]);
        assert_eq!((editor.blocked, editor.base), (None, vec![]));
        assert_eq!(world.database.dump().await, before);
        mira.overrides(yard, uma, &manage).await.unwrap();
        mira.overrides(hall, uma, &replacing(&["machines:view"], None, None)).await.unwrap();
    }

    async fn nobody_overrides_who_holds_more_than_they_do(world: World) {
        let (owner, hall, _) = workshop(&world).await;
        let mira = owner.enrol("Mira Holm", MIRA, "Helper").await;
        owner.gives_directly(MIRA, "projects:view").await;
        owner.enrol("Uma Weber", UMA, "Boss").await;
        let uma = owner.member_id(UMA).await;
        let draft = replacing(&[], None, None);
        let refused = mira.overrides(hall, uma, &draft).await.refused();
        assert!(
            matches!(&refused, authz::Refusal::TouchesStronger(names) if names.contains(&"machines:delete".to_owned())),
            "{refused:?}"
        );
        let blocked = mira.override_editor(hall, uma).await.unwrap().blocked.unwrap();
        assert!(blocked.contains("machines:delete"), "{blocked}");
        // Lowered in one project, they are as strong as before in the others.
        let version = owner.override_with(hall, UMA, &[]).await;
        mira.removes_override(hall, uma, version).await.refused();
    }

    async fn removing_gives_the_base_back_and_is_bounded_like_giving(world: World) {
        let (owner, hall, _) = workshop(&world).await;
        let mira = owner.enrol("Mira Holm", MIRA, "Helper").await;
        owner.gives_directly(MIRA, "projects:view machines:view machines:manage").await;
        let own = owner.member_id(MIRA).await;
        let kept = owner.override_with(hall, MIRA, &["projects:view"]).await;
        let lacking = ["machines:view", "machines:manage"];
        let before = world.database.dump().await;
        // Not by removing it, not by replacing it, not by letting it end.
        assert_eq!(mira.removes_override(hall, own, kept).await.beyond_own(), lacking);
        let more = replacing(&["projects:view", "machines:manage"], None, Some(kept));
        assert_eq!(mira.overrides(hall, own, &more).await.beyond_own(), lacking);
        let soon = Timestamp(world.now().0 + 1);
        let ending = replacing(&["projects:view"], Some(soon), Some(kept));
        assert_eq!(mira.overrides(hall, own, &ending).await.beyond_own(), lacking);
        let editor = mira.override_editor(hall, own).await.unwrap();
        assert!(editor.warning.unwrap().contains("your own"));
        assert_eq!(world.database.dump().await, before);

        // A peer who is lowered there too can not give it back either; somebody who holds it can.
        let uma = owner.enrol("Uma Weber", UMA, "Helper").await;
        owner.gives_directly(UMA, "projects:view machines:view machines:manage").await;
        let lowered = owner.override_with(hall, UMA, &["projects:view"]).await;
        uma.removes_override(hall, own, kept).await.refused();
        owner.removes_override(hall, owner.member_id(UMA).await, lowered).await.unwrap();
        uma.removes_override(hall, own, kept).await.unwrap();
    }

    async fn nobody_makes_their_own_override_last_longer(world: World) {
        let (owner, hall, _) = workshop(&world).await;
        let mira = owner.enrol("Mira Holm", MIRA, "Helper").await;
        owner.gives_directly(MIRA, "projects:view").await;
        let own = owner.member_id(MIRA).await;
        let end = Timestamp(world.now().0 + 3_600_000_000);
        let raised = replacing(&["projects:view", "machines:view"], Some(end), None);
        let version = owner.overrides(hall, own, &raised).await.unwrap();
        for later in [None, Some(Timestamp(end.0 + 1))] {
            let draft = replacing(&["projects:view", "machines:view"], later, Some(version));
            let refused = mira.overrides(hall, own, &draft).await.refused();
            assert_eq!(refused, authz::Refusal::HelpsOneself(vec!["machines:view".into()]));
        }
        // Giving it up is free.
        mira.removes_override(hall, own, version).await.unwrap();
    }

    async fn setting_needs_the_team_and_a_visible_project(world: World) {
        let (owner, hall, _) = workshop(&world).await;
        let guest = owner.enrol("Gus Ek", "gus@example.org", "Guest").await;
        let helper = owner.enrol("Mira Holm", MIRA, "Helper").await;
        let gus = owner.member_id("gus@example.org").await;
        let draft = replacing(&[], None, None);
        // Managing the team does not show a project.
        assert_eq!(helper.overrides(hall, gus, &draft).await.not_found(), "project");
        assert_eq!(helper.override_editor(hall, gus).await.not_found(), "project");
        owner.override_with(hall, "gus@example.org", &["projects:view"]).await;
        assert_eq!(guest.overrides(hall, gus, &draft).await.denied(), "team:manage");
        assert_eq!(guest.removes_override(hall, gus, 1).await.denied(), "team:manage");
        let all = ProjectMemberQuery::default();
        assert_eq!(guest.people_in(hall, &all).await.denied(), "team:view");
        assert_eq!(guest.override_editor(hall, gus).await.denied(), "team:view");
        owner.gives_directly("gus@example.org", "team:view").await;
        let editor = guest.override_editor(hall, gus).await.unwrap();
        assert!(editor.blocked.unwrap().contains("team:manage"));
        let about_mira = owner.override_editor(hall, owner.member_id(MIRA).await).await.unwrap();
        assert!(about_mira.warning.unwrap().contains("manages the team"));
    }

    async fn an_override_takes_only_names_that_a_project_has(world: World) {
        let owner = world.owner().await;
        owner.enrol("Uma Weber", UMA, "Viewer").await;
        let project = owner.project("Production").await;
        let uma = owner.member_id(UMA).await;
        let before = world.database.dump().await;
        for name in ["team:view", "tokens:manage", "monitoring:delete", "planets:view", "x", ""] {
            let draft = replacing(&["instances:view", name], None, None);
            let (field, told) = owner.overrides(project, uma, &draft).await.wrong_field();
            assert_eq!(field, "permissions");
            assert!(told.contains(&format!("“{name}”")), "{told}");
        }
        for end in [world.now().0, 0, i64::MIN, i64::MAX] {
            let draft = replacing(&[], Some(Timestamp(end)), None);
            assert_eq!(owner.overrides(project, uma, &draft).await.wrong_field().0, "expires_at");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn an_override_is_changed_on_the_version_it_was_seen_in(world: World) {
        let owner = world.owner().await;
        owner.enrol("Uma Weber", UMA, "Viewer").await;
        let project = owner.project("Production").await;
        let uma = owner.member_id(UMA).await;
        let draft = |version| replacing(&["instances:view"], None, version);
        owner.overrides(project, uma, &draft(Some(1))).await.conflict();
        let first = owner.overrides(project, uma, &draft(None)).await.unwrap();
        owner.overrides(project, uma, &draft(None)).await.conflict();
        let second = owner.overrides(project, uma, &draft(Some(first))).await.unwrap();
        assert!(second > first);
        let before = world.database.dump().await;
        assert!(owner.overrides(project, uma, &draft(Some(first))).await.conflict().contains("a moment ago"));
        owner.removes_override(project, uma, first).await.conflict();
        assert_eq!(world.database.dump().await, before);
        assert_eq!(owner.override_editor(project, uma).await.unwrap().current.unwrap().version, second);
        // A version of one that was removed does not fit the next one.
        owner.removes_override(project, uma, second).await.unwrap();
        world.advance(TimeDelta::seconds(1));
        let third = owner.overrides(project, uma, &draft(None)).await.unwrap();
        assert!(third > second);
    }

    async fn of_two_who_set_the_same_override_at_once_one_wins(world: World) {
        let owner = world.owner().await;
        owner.enrol("Uma Weber", UMA, "Viewer").await;
        let project = owner.project("Production").await;
        let uma = owner.member_id(UMA).await;
        let mut version = None;
        for round in 0..20 {
            let barrier = Arc::new(Barrier::new(2));
            let tasks = [["instances:view"], ["databases:view"]].map(|names| {
                let (owner, barrier) = (owner.0.clone(), Arc::clone(&barrier));
                tokio::spawn(async move {
                    barrier.wait().await;
                    owner.overrides(project, uma, &replacing(&names, None, version)).await
                })
            });
            let mut won = Vec::new();
            for task in tasks {
                match task.await.unwrap() {
                    Ok(version) => won.push(version),
                    other => drop(other.conflict()),
                }
            }
            assert_eq!(won.len(), 1, "round {round}");
            version = Some(won[0]);
        }
        let set = owner.actions().await.into_iter().filter(|a| a == "override.set").count();
        assert_eq!(set, 20);
    }

    async fn members_and_projects_of_another_workspace_are_unknown(world: World) {
        let owner = world.owner().await;
        owner.enrol("Uma Weber", UMA, "Viewer").await;
        let project = owner.project("Production").await;
        let uma = owner.member_id(UMA).await;
        let other = world.another_owner("ola@example.org", "Harbor", "portal").await;
        let their_project = other.project("Quay").await;
        let ola = other.member_id("ola@example.org").await;
        let before = world.database.dump().await;
        let draft = replacing(&[], None, None);
        for member in [ola, MemberId(Uuid::from_bytes([9; 16]))] {
            assert_eq!(owner.overrides(project, member, &draft).await.not_found(), "member");
            assert_eq!(owner.removes_override(project, member, 1).await.not_found(), "member");
            assert_eq!(owner.override_editor(project, member).await.not_found(), "member");
        }
        for project in [their_project, ProjectId(Uuid::from_bytes([9; 16]))] {
            assert_eq!(owner.overrides(project, uma, &draft).await.not_found(), "project");
            assert_eq!(owner.removes_override(project, uma, 1).await.not_found(), "project");
            assert_eq!(owner.override_editor(project, uma).await.not_found(), "project");
            let all = ProjectMemberQuery::default();
            assert_eq!(owner.people_in(project, &all).await.not_found(), "project");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn the_members_tab_shows_base_and_here_and_flags_overrides(world: World) {
        let (owner, hall, yard) = workshop(&world).await;
        owner.enrol("Uma Weber", UMA, "Guest").await;
        owner.enrol("Mira Holm", MIRA, "Helper").await;
        owner.override_with(hall, UMA, &["machines:view"]).await;
        owner.override_with(hall, MIRA, &["machines:manage"]).await;
        let row = owner.person_in(hall, UMA).await;
        assert_eq!(row.effect, Some(OverrideEffect::Redundant));
        assert_eq!((row.base.held, row.base.of), ([1, 0, 0], [2, 2, 2]));
        let row = owner.person_in(hall, MIRA).await;
        assert_eq!(row.effect, Some(OverrideEffect::Wider));
        assert_eq!((row.base.held, row.here.held), ([0, 0, 0], [1, 1, 0]));
        assert_eq!((row.role.as_str(), row.over.unwrap().set_by.as_str()), ("Helper", "Ana Ruiz"));

        let overridden = ProjectMemberQuery { overridden: true, ..ProjectMemberQuery::default() };
        let names = async |project, query: &ProjectMemberQuery| -> Vec<String> {
            let page = owner.people_in(project, query).await.unwrap();
            page.rows.into_iter().map(|row| row.name).collect()
        };
        assert_eq!(names(hall, &overridden).await, ["Mira Holm", "Uma Weber"]);
        assert!(names(yard, &overridden).await.is_empty());
        let all = names(hall, &ProjectMemberQuery::default()).await;
        assert_eq!(all, ["Ana Ruiz", "Mira Holm", "Uma Weber"]);
        let ana = owner.people_in(hall, &ProjectMemberQuery::default()).await.unwrap().rows.remove(0);
        assert!(ana.is_owner && ana.is_you);
        assert_eq!(ana.here.held, [2, 2, 2]);
    }

    async fn an_invitation_carries_overrides_that_hold_from_joining_on(world: World) {
        let owner = world.owner().await;
        let production = owner.project("Production").await;
        let gone = owner.project("Gone tomorrow").await;
        let mut order = owner.order(&["amara@example.org"], "Viewer").await;
        order.overrides = vec![
            for_invited(production, &["projects:view", "instances:manage"]),
            for_invited(gone, &[]),
        ];
        owner.send(order).await.unwrap();
        let (action, _, detail) = owner.last_entry().await;
        assert_eq!(action, "invitation.created");
        assert_eq!(detail["overrides"][1]["project"], "Gone tomorrow");
        assert_eq!(owner.options().await.unwrap().projects.len(), 2);

        // A project that goes is dropped, and the rest stays.
        owner.deletes(gone, 1).await.unwrap();
        world.invited("amara@example.org").await.joins("Amara Diallo").await.unwrap();
        let row = owner.person_in(production, "amara@example.org").await;
        assert_eq!(row.effect, Some(OverrideEffect::Wider));
        let over = row.over.unwrap();
        assert_eq!(over.grant.permissions, ["instances:view", "instances:manage", "projects:view"]);
        assert_eq!((over.set_by.as_str(), over.grant.expires_at), ("Ana Ruiz", None));
        let (action, _, detail) = owner.last_entry().await;
        assert_eq!(action, "member.joined");
        assert_eq!(detail["overrides"][0]["project"], "Production");
        assert_eq!(detail["overrides"].as_array().unwrap().len(), 1);
    }

    async fn overrides_of_an_invitation_are_bounded_when_sent_and_when_accepted(world: World) {
        let (owner, hall, yard) = workshop(&world).await;
        let mira = owner.enrol("Mira Holm", MIRA, "Helper").await;
        owner.gives_directly(MIRA, "projects:view machines:view machines:manage").await;
        owner.override_with(hall, MIRA, &["projects:view"]).await;
        let order = async |project| {
            let mut order = mira.order(&["peer@example.org"], "Helper").await;
            order.overrides = vec![for_invited(project, &["machines:manage"])];
            order
        };
        let before = world.database.dump().await;
        let lacking = ["machines:view", "machines:manage"];
        assert_eq!(mira.send(order(hall).await).await.beyond_own(), lacking);
        assert_eq!(world.database.dump().await, before);
        mira.send(order(yard).await).await.unwrap();
        let id = owner.newest_row().await.id;
        assert!(!owner.row(id).await.needs_approval);

        // The inviter is lowered there before the other accepts.
        owner.override_with(yard, MIRA, &["projects:view"]).await;
        assert!(owner.row(id).await.needs_approval);
        let holder = world.invited("peer@example.org").await;
        let ended = holder.joins("Peer Gynt").await.ended();
        assert!(matches!(ended, Ended::NeedsApproval { .. }), "{ended:?}");
        assert_eq!(mira.resend(id, 1).await.beyond_own(), lacking);
        owner.resend(id, 1).await.unwrap();
        world.invited("peer@example.org").await.joins("Peer Gynt").await.unwrap();
        assert_eq!(owner.person_in(yard, "peer@example.org").await.here.held, [1, 1, 0]);
    }

    async fn overrides_of_an_invitation_name_projects_and_permissions_that_are_there(world: World) {
        let owner = world.owner().await;
        let project = owner.project("Production").await;
        let other = world.another_owner("ola@example.org", "Harbor", "portal").await;
        let theirs = other.project("Quay").await;
        let order = async |overrides| {
            let mut order = owner.order(&["amara@example.org"], "Viewer").await;
            order.overrides = overrides;
            owner.send(order).await
        };
        let before = world.database.dump().await;
        assert_eq!(order(vec![for_invited(theirs, &[])]).await.not_found(), "project");
        for wrong in [
            vec![for_invited(project, &[]), for_invited(project, &[])],
            vec![for_invited(project, &["team:view"])],
            vec![for_invited(project, &["planets:view"])],
            vec![for_invited(project, &[]); 21],
        ] {
            assert_eq!(order(wrong).await.wrong_field().0, "overrides");
        }
        assert_eq!(world.database.dump().await, before);
    }
}
