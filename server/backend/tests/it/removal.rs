//! Removing, leaving, and bringing back.

use chrono::TimeDelta;
use rolecall_backend::{authz::Refusal, sweeper};
use rolecall_shared::{
    ErrorCode, RoleId,
    access::GrantView,
    invitation::{InvitationStatus, Verdict},
    membership::{Departure, FormerQuery, Lack},
    project::ProjectQuery,
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    answers::{Over as _, Refusal as _},
    both,
    grants::{MANAGER, group_draft, platform, role_draft},
    life::{because, keeping},
    work::{replacing, thing},
};

const GUS: &str = "gus@example.org";
const MIRA: &str = "mira@example.org";

both! {
    async fn a_removed_person_comes_back_with_the_same_id_and_all_they_had(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view", "projects:manage", "resources:manage"]).await;
        let id = gus.me().await;
        let readers = owner.create_group(&group_draft("Readers", &["environment:view"])).await.unwrap();
        owner.add_to_group(readers, &[id], Some(world.in_hours(900))).await.unwrap();
        let his = gus.project("His").await;
        let hers = owner.project("Hers").await;
        let made = gus.makes(his, &thing("resources", "web-1")).await.unwrap();
        owner.overrides(hers, id, &replacing(&["projects:view"], None, None)).await.unwrap();
        let page = owner.page_of(id).await.unwrap();
        let mut access = page.access.clone();
        access.direct = GrantView { permissions: vec!["domains:view".into()], expires_at: Some(world.in_hours(500)) };
        owner.gives(id, page.version, &access).await.unwrap();
        let before = owner.page_of(id).await.unwrap();
        let counts = owner.counts().await.members;

        let seen = owner.removal_of(id).await.unwrap();
        assert_eq!((seen.groups.as_slice(), seen.direct_permissions, seen.overrides), (["Readers".to_owned()].as_slice(), 1, 1));
        assert_eq!((seen.projects, seen.resources, seen.refused.clone()), (1, 1, None));
        assert!(!seen.is_you && seen.lacks.is_none() && seen.invitations.is_empty());

        let removed = owner.removes_as(id, &because("The contract ended.")).await.unwrap();
        assert_eq!((removed.undo_until, removed.revoked), (world.in_hours(24 * 90), 0));
        assert!(!gus.is_in().await && owner.member(GUS).await.is_none());
        assert_eq!(owner.counts().await.members, counts - 1);
        assert_eq!(owner.page_of(id).await.not_found(), "member");
        assert_eq!(world.count("members").await, counts - 1);
        let told = world.mail_for(GUS, "You were removed from Northwind").await.text();
        assert!(told.contains("> The contract ended.") && told.contains("by Ana Ruiz"), "{told}");
        let (action, detail) = owner.newest_entry().await;
        assert_eq!((action.as_str(), &detail["reason"]), ("member.removed", &json!("The contract ended.")));
        assert_eq!(detail["before"], json!({
            "role": "Role of Gus Ek", "owner": false, "groups": ["Readers"], "direct": ["domains:view"], "overrides": 1,
        }));
        // What they created stays, and is nobody's meanwhile.
        let projects = owner.project_rows(&ProjectQuery::default()).await.unwrap().rows;
        assert!(projects.iter().any(|p| p.id == his && p.created_by == "Gus Ek"));

        let rows = owner.former(&FormerQuery::default()).await.unwrap().rows;
        assert_eq!(rows.len(), 1);
        let row = &rows[0];
        assert_eq!((row.id, row.name.as_str(), row.by.as_str(), row.reason.as_str()), (id, "Gus Ek", "Ana Ruiz", "The contract ended."));
        assert_eq!((row.departure, row.role_can_return, row.was_owner), (Departure::Removed, true, false));
        let nobody = FormerQuery { search: "zzz".into(), cursor: None };
        assert!(owner.former(&nobody).await.unwrap().rows.is_empty());
        let rubbish = FormerQuery { search: String::new(), cursor: Some("rubbish".into()) };
        assert_eq!(owner.former(&rubbish).await.wrong_fields(), ["cursor"]);

        world.advance(TimeDelta::days(2));
        let back = owner.reinstates(id, None).await.unwrap();
        assert_eq!((back.member, back.missing), (id, vec![]));
        assert!(gus.is_in().await);
        let after = owner.page_of(id).await.unwrap();
        assert_eq!(after.access, before.access);
        assert_eq!(after.overrides.len(), 1);
        assert_eq!(after.overrides[0].grant, before.overrides[0].grant);
        assert_eq!(after.member.joined_at, before.member.joined_at);
        let number = async |sql: &str| world.database.number(sql, &[id.into()]).await;
        assert_eq!(number("SELECT count(*) FROM projects WHERE created_by = $1").await, 1);
        assert_eq!(number("SELECT count(*) FROM resources WHERE created_by = $1").await, 1);
        assert!(gus.resource_names(his).await.contains(&"web-1".to_owned()), "{made}");
        world.mail_for(GUS, "You are a member of Northwind again").await;
        assert!(owner.former(&FormerQuery::default()).await.unwrap().rows.is_empty());
        assert_eq!(owner.reinstates(id, None).await.not_found(), "former member");
        assert_eq!(world.count("former_works").await, 0);
    }

    async fn what_is_gone_or_may_not_be_given_does_not_come_back_and_is_named(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &["team:view", "team:manage", "projects:view", "deployments:view"]).await;
        owner.create_role(&role_draft("Deployer", &["deployments:view"])).await.unwrap();
        let gus = owner.enrol("Gus Ek", GUS, "Deployer").await;
        let id = gus.me().await;
        let gone = owner.create_group(&group_draft("Gone", &["deployments:view"])).await.unwrap();
        let strong = owner.create_group(&group_draft("Strong", &["logs:view"])).await.unwrap();
        let weak = owner.create_group(&group_draft("Weak", &["deployments:view"])).await.unwrap();
        for group in [gone, strong, weak] {
            owner.add_to_group(group, &[id], None).await.unwrap();
        }
        let (lost, kept, raised) = (owner.project("Lost").await, owner.project("Kept").await, owner.project("Raised").await);
        owner.overrides(lost, id, &replacing(&[], None, None)).await.unwrap();
        owner.overrides(kept, id, &replacing(&["projects:view"], None, None)).await.unwrap();
        owner.overrides(raised, id, &replacing(&["projects:view", "domains:delete"], None, None)).await.unwrap();
        owner.gives_directly(GUS, "deployments:view domains:view").await;
        owner.removes(id).await.unwrap();
        owner.delete_group(gone, 1).await.unwrap();
        owner.deletes(lost, 1).await.unwrap();

        let back = mira.reinstates(id, None).await.unwrap();
        let missing: Vec<_> = back.missing.iter().map(|m| m.what.as_str()).collect();
        assert_eq!(missing, [
            "the group “Gone”", "the group “Strong”", "the direct permissions domains:view",
            "the override in “Lost”", "the override in “Raised”",
        ]);
        let page = owner.page_of(id).await.unwrap();
        assert_eq!(page.access.groups.iter().map(|g| g.group).collect::<Vec<_>>(), [weak]);
        assert_eq!(page.access.direct.permissions, ["deployments:view"]);
        assert_eq!(page.overrides.iter().map(|o| o.project.id).collect::<Vec<_>>(), [kept]);
        let (action, detail) = owner.newest_entry().await;
        assert_eq!((action.as_str(), detail["missing"].as_array().unwrap().len()), ("member.reinstated", 5));
    }

    async fn a_role_that_was_deleted_or_gives_too_much_needs_another(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        let role = owner.create_role(&role_draft("Short-lived", &["deployments:view"])).await.unwrap();
        let gus = owner.enrol("Gus Ek", GUS, "Short-lived").await.me().await;
        let pia = owner.enrol("Pia", "pia@example.org", "Account Admin").await.me().await;
        owner.removes(gus).await.unwrap();
        owner.removes(pia).await.unwrap();
        owner.delete_role(role, 1, None).await.unwrap();
        let can = |rows: &[rolecall_shared::membership::FormerRow]| rows.iter().map(|r| (r.name.clone(), r.role_can_return)).collect::<Vec<_>>();
        let rows = mira.former(&FormerQuery::default()).await.unwrap().rows;
        assert!(can(&rows).contains(&("Gus Ek".to_owned(), false)) && can(&rows).contains(&("Pia".to_owned(), false)), "{rows:?}");
        let (field, told) = owner.reinstates(gus, None).await.wrong_field();
        assert!(field == "role" && told.contains("“Short-lived” was deleted"), "{told}");
        assert!(mira.reinstates(pia, None).await.beyond_own().contains(&"domains:delete".to_owned()));
        assert_eq!(mira.reinstates(gus, Some(RoleId(Uuid::nil()))).await.not_found(), "role");
        let own = owner.role("Role of Mira Holm").await;
        mira.reinstates(pia, Some(own)).await.unwrap();
        assert_eq!(owner.page_of(pia).await.unwrap().member.role.id, own);
        owner.reinstates(gus, Some(own)).await.unwrap();
    }

    async fn after_ninety_days_nobody_can_be_brought_back_and_the_sweeper_forgets_them(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await.me().await;
        owner.removes(gus).await.unwrap();
        world.advance(TimeDelta::days(90) - TimeDelta::microseconds(1));
        sweeper::sweep(&world.app).await.unwrap();
        let session = world.session_of("Ana.Ruiz@example.org").await;
        let owner = crate::support::actors::Person::new(&world, owner.slug.clone(), session);
        assert_eq!(owner.former(&FormerQuery::default()).await.unwrap().rows.len(), 1);
        assert!(matches!(owner.verdicts(&[GUS], "Developer").await[0], Verdict::Former { .. }));
        world.advance(TimeDelta::microseconds(1));
        assert!(owner.former(&FormerQuery::default()).await.unwrap().rows.is_empty());
        assert_eq!(owner.reinstates(gus, None).await.not_found(), "former member");
        assert_eq!(world.count("former_members").await, 1);
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.count("former_members").await, 0);
        assert!(matches!(owner.verdicts(&[GUS], "Developer").await[0], Verdict::Invited { .. }));
    }

    async fn inviting_somebody_who_was_a_member_offers_to_bring_them_back_or_to_start_fresh(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let id = gus.me().await;
        owner.removes(id).await.unwrap();
        let at = world.now();
        assert_eq!(owner.verdicts(&[GUS], "Developer").await, [Verdict::Former { id, removed_at: at }]);
        assert_eq!(owner.counts().await.pending, 0);
        let mut order = owner.order(&[GUS], "Developer").await;
        order.start_fresh = true;
        let verdicts = owner.send(order).await.unwrap();
        assert!(matches!(verdicts[0].verdict, Verdict::Invited { .. }));
        // Who is brought back meanwhile needs no invitation any more.
        owner.reinstates(id, None).await.unwrap();
        assert_eq!(owner.counts().await.pending, 0);
        owner.removes(id).await.unwrap();
        let mut order = owner.order(&[GUS], "Developer").await;
        order.start_fresh = true;
        owner.send(order).await.unwrap();
        world.invited(GUS).await.joins_as(&gus).await.unwrap();
        let fresh = gus.me().await;
        assert!(fresh != id && owner.page_of(fresh).await.unwrap().member.role.name == "Developer");
        assert_eq!(owner.reinstates(id, None).await.not_found(), "former member");
    }

    async fn invitations_of_somebody_removed_are_revoked_or_answered_for(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &["team:view", "team:manage", "deployments:view", "logs:view"]).await;
        let nora = owner.enrol_with("Nora", "nora@example.org", &["team:view", "team:manage", "deployments:view", "logs:view"]).await;
        owner.create_role(&role_draft("Deployer", &["deployments:view"])).await.unwrap();
        let weak = mira.invite("a@example.org", "Deployer").await;
        let other = mira.invite("b@example.org", "Role of Mira Holm").await;
        let holder = world.invited("a@example.org").await;
        let id = mira.me().await;
        let seen = nora.removal_of(id).await.unwrap();
        let mut told: Vec<_> = seen.invitations.iter().map(|i| (i.email.as_str(), i.may_keep)).collect();
        // They were sent at the same moment.
        told.sort_unstable();
        assert_eq!((told.as_slice(), seen.invitations_total), ([("a@example.org", true), ("b@example.org", true)].as_slice(), 2));
        // Nora may not give what the second invitation gives any more.
        owner.gives_directly(MIRA, "deployments:view").await;
        let narrow = owner.create_role(&role_draft("Narrow", &["team:view", "team:manage", "deployments:view"])).await.unwrap();
        owner.gives_role(&[nora.me().await], narrow).await.unwrap();
        owner.gives_role(&[id], narrow).await.unwrap();
        let removed = nora.removes_as(id, &keeping()).await.unwrap();
        assert_eq!((removed.kept, removed.revoked), (1, 1));
        let kept = owner.row(weak).await;
        assert_eq!((kept.status, kept.inviter.as_str(), kept.needs_approval), (InvitationStatus::Pending, "Nora", false));
        assert_eq!(owner.row(other).await.status, InvitationStatus::Revoked);
        holder.joins("Amara").await.unwrap();
        let actions = owner.actions().await;
        for action in ["invitation.taken_over", "invitation.revoked", "member.removed"] {
            assert!(actions.iter().any(|a| a == action), "{action}");
        }

        // By default all of them are revoked, and mail that waits is not sent.
        let third = nora.invite("c@example.org", "Deployer").await;
        let link = nora.hands_over(third).await;
        owner.removes(nora.me().await).await.unwrap();
        assert_eq!(owner.row(third).await.status, InvitationStatus::Revoked);
        assert!(matches!(link.joins("Cai").await.ended(), rolecall_backend::service::acceptance::Ended::Revoked { .. }));
        world.deliver().await;
        assert!(world.smtp.taken_for("c@example.org").is_empty());
    }

    async fn removing_asks_for_the_right_and_never_for_oneself(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let (me, id, ana) = (mira.me().await, gus.me().await, owner.me().await);
        assert_eq!(mira.removes(id).await.refused(), Refusal::TouchesStronger(vec!["logs:view".into()]));
        assert_eq!(mira.removes(ana).await.refused(), Refusal::TouchesOwner);
        assert!(mira.removes(me).await.conflict().contains("Leave the workspace"));
        assert_eq!(gus.removes(me).await.denied(), "team:manage");
        assert_eq!(gus.removal_of(me).await.denied(), "team:manage");
        assert!(mira.removal_of(ana).await.unwrap().refused.unwrap().contains("Only an owner"));
        assert_eq!(owner.removes_as(id, &because(&"x".repeat(501))).await.wrong_fields(), ["reason"]);
        let verdicts = owner.removes_all(&[id, me, ana]).await.unwrap();
        let codes: Vec<_> = verdicts.iter().map(|v| v.problem.as_ref().map(|p| p.code)).collect();
        assert_eq!(codes, [None, None, Some(ErrorCode::Conflict)]);
        assert_eq!(owner.removes(id).await.not_found(), "member", "twice");
        let other = world.another_owner("ola@example.org", "Harbor", "portal").await;
        assert_eq!(other.reinstates(id, None).await.not_found(), "former member");
    }

    async fn leaving_is_the_same_for_oneself_and_refused_for_the_last_owner(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &["team:view", "team:manage"]).await;
        owner.create_role(&role_draft("Nothing", &[])).await.unwrap();
        let gus = owner.enrol("Gus Ek", GUS, "Nothing").await;
        let sent = mira.invite("a@example.org", "Nothing").await;
        let id = gus.me().await;
        let own = gus.removal_of(id).await.unwrap();
        assert!(own.is_you && own.refused.is_none());
        gus.leaves().await.unwrap();
        assert!(!gus.is_in().await);
        assert_eq!(gus.leaves().await.not_found(), "workspace", "twice");
        mira.leaves().await.unwrap();
        assert_eq!(owner.row(sent).await.status, InvitationStatus::Revoked);
        assert_eq!(owner.newest_entry().await.0, "member.left");
        let rows = owner.former(&FormerQuery::default()).await.unwrap().rows;
        assert!(rows.iter().all(|r| r.departure == Departure::Left && r.by == r.name), "{rows:?}");
        world.deliver().await;
        assert!(world.smtp.taken_for(GUS).is_empty(), "nobody is told what they did themselves");

        let seen = owner.removal_of(owner.me().await).await.unwrap();
        assert_eq!(seen.lacks, Some(Lack::Owner));
        let told = owner.leaves().await.conflict();
        assert!(told.contains("hand your ownership over") && seen.refused == Some(told));
        // Somebody who was invited is missed by whoever invited them.
        owner.invite("amara@example.org", "Nothing").await;
        world.invited("amara@example.org").await.joins("Amara Bell").await.unwrap();
        // Ana has read that they joined.
        world.deliver().await;
        let session = world.session_of("amara@example.org").await;
        crate::support::actors::Person::new(&world, owner.slug.clone(), session).leaves().await.unwrap();
        let told = world.mail_for("Ana.Ruiz@example.org", "Amara Bell").await;
        assert!(told.header("Subject").contains("no longer a member") && told.text().contains(" left the workspace"));
    }

    async fn somebody_whose_time_ended_or_who_was_suspended_comes_back_suspended(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let id = gus.me().await;
        owner.ends(id, 1, Some(world.in_hours(24))).await.unwrap();
        owner.removes(id).await.unwrap();
        world.advance(TimeDelta::hours(25));
        let back = owner.reinstates(id, None).await.unwrap();
        assert_eq!(back.missing[0].what, "an active membership");
        assert!(!gus.is_in().await);
        owner.reactivates(id).await.unwrap();
        assert!(gus.is_in().await);
        owner.suspends_because(id, "Later").await.unwrap();
        owner.removes(id).await.unwrap();
        owner.reinstates(id, None).await.unwrap();
        assert_eq!(owner.page_of(id).await.unwrap().suspension.unwrap().reason, "Later");
    }
}
