//! Suspending and reactivating, one person and several.

use rolecall_shared::{
    ErrorCode, MemberId,
    invitation::Verdict,
    member::{MemberQuery, MemberStatus},
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    grants::{MANAGER, group_draft, platform},
    work::replacing,
};

const GUS: &str = "gus@example.org";

both! {
    async fn a_suspended_person_is_refused_at_once_and_comes_back_with_all_they_had(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view", "projects:view"]).await;
        let id = gus.me().await;
        let readers = owner.create_group(&group_draft("Readers", &["environment:view"])).await.unwrap();
        owner.add_to_group(readers, &[id], None).await.unwrap();
        let project = owner.project("Storefront").await;
        owner.overrides(project, id, &replacing(&[], None, None)).await.unwrap();
        let before = owner.page_of(id).await.unwrap();
        assert!(gus.is_in().await);

        owner.suspends_because(id, "  On leave until May ").await.unwrap();
        assert!(!gus.is_in().await && gus.shell().await.workspaces.is_empty());
        assert_eq!(gus.project_rows(&rolecall_shared::project::ProjectQuery::default()).await.not_found(), "workspace");
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "member.suspended");
        assert_eq!(detail, json!({ "reason": "On leave until May", "role": "Role of Gus Ek", "owner": false }));
        let told = world.mail_for(GUS, "You were suspended in Northwind").await;
        assert!(told.text().contains("> On leave until May") && told.text().contains("by Ana Ruiz"), "{}", told.text());
        let page = owner.page_of(id).await.unwrap();
        assert_eq!(page.member.status, MemberStatus::Suspended);
        let suspension = page.suspension.unwrap();
        assert_eq!((suspension.at, suspension.by.as_str(), suspension.reason.as_str()), (Some(world.now()), "Ana Ruiz", "On leave until May"));
        assert!(page.acts.reactivate.is_none() && page.acts.suspend.unwrap().contains("suspended already"));

        owner.reactivates(id).await.unwrap();
        assert!(gus.is_in().await);
        world.mail_for(GUS, "You are active in Northwind again").await;
        let after = owner.page_of(id).await.unwrap();
        assert_eq!((after.access, after.overrides), (before.access, before.overrides));
        assert!(after.suspension.is_none() && after.acts.suspend.is_none());
        assert_eq!(owner.newest_entry().await.0, "member.reactivated");
    }

    async fn acting_twice_on_oneself_or_past_ones_own_rights_is_refused_with_the_reason(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", "mira@example.org", &MANAGER).await;
        owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let weak = owner.enrol_with("Pia", "pia@example.org", &["team:view"]).await;
        let (gus, me, ana) = (owner.member_id(GUS).await, mira.me().await, owner.me().await);
        assert_eq!(mira.suspends(gus).await.refused(), rolecall_backend::authz::Refusal::TouchesStronger(vec!["logs:view".into()]));
        assert_eq!(mira.reactivates(gus).await.refused(), rolecall_backend::authz::Refusal::TouchesStronger(vec!["logs:view".into()]));
        assert_eq!(mira.suspends(ana).await.refused(), rolecall_backend::authz::Refusal::TouchesOwner);
        assert!(mira.suspends(me).await.conflict().contains("can not suspend yourself"));
        assert_eq!(weak.suspends(gus).await.denied(), "team:manage");
        assert_eq!(owner.suspends(MemberId(Uuid::nil())).await.not_found(), "member");
        assert!(owner.reactivates(gus).await.conflict().contains("is active already"));
        owner.suspends(gus).await.unwrap();
        assert!(owner.suspends(gus).await.conflict().contains("is suspended already"));
        assert_eq!(owner.suspends_because(gus, &"x".repeat(501)).await.wrong_fields(), ["reason"]);
        // Whoever may not touch them is offered nothing on the page.
        let page = mira.page_of(gus).await.unwrap();
        assert!(page.acts.remove.unwrap().contains("do not have yourself"));
        let page = weak.page_of(gus).await.unwrap();
        assert!(page.acts.reactivate.unwrap().contains("team:manage"));
    }

    async fn several_people_get_a_verdict_each(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", "mira@example.org", &MANAGER).await;
        for (name, email, held) in [("Gus", GUS, "logs:view"), ("Pia", "pia@example.org", "deployments:view")] {
            owner.enrol_with(name, email, &[held]).await;
        }
        let (gus, pia, me) = (owner.member_id(GUS).await, owner.member_id("pia@example.org").await, mira.me().await);
        let nobody = MemberId(Uuid::nil());
        let verdicts = mira.suspends_all(&[gus, pia, pia, nobody, me]).await.unwrap();
        let codes: Vec<_> = verdicts.iter().map(|v| (v.member, v.problem.as_ref().map(|p| p.code))).collect();
        assert_eq!(codes, [
            (gus, Some(ErrorCode::NotAllowed)),
            (pia, None),
            (nobody, Some(ErrorCode::NotFound)),
            (me, Some(ErrorCode::Conflict)),
        ]);
        let actions = owner.actions().await;
        assert!(actions.ends_with(&["access.denied".to_owned(), "member.suspended".to_owned()]), "{actions:?}");
        let suspended = MemberQuery { status: Some(MemberStatus::Suspended), ..MemberQuery::default() };
        let rows = owner.members(&suspended).await.unwrap().rows;
        assert_eq!(rows.iter().map(|r| r.id).collect::<Vec<_>>(), [pia]);
        let verdicts = mira.reactivates_all(&[pia, gus]).await.unwrap();
        assert!(verdicts[0].problem.is_none() && verdicts[1].problem.is_some());
        assert_eq!(mira.suspends_all(&[]).await.wrong_fields(), ["members"]);
        assert_eq!(mira.suspends_all(&[pia; 201]).await.wrong_fields(), ["members"]);

        // The same for roles: what one may not give or touch stays.
        let role = owner.role("Role of Pia").await;
        let verdicts = mira.gives_role(&[pia, gus], role).await.unwrap();
        assert!(verdicts[0].problem.is_none() && verdicts[1].problem.is_some());
        let verdicts = owner.gives_role(&[gus, pia], role).await.unwrap();
        assert!(verdicts.iter().all(|v| v.problem.is_none()), "{verdicts:?}");
        assert_eq!(owner.page_of(gus).await.unwrap().member.role.name, "Role of Pia");
        world.mail_for(GUS, "Your role in Northwind changed").await;
        assert_eq!(owner.gives_role(&[gus], rolecall_shared::RoleId(Uuid::nil())).await.not_found(), "role");
    }

    async fn a_suspended_inviter_answers_for_nothing_and_a_suspended_person_is_not_invited(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", "mira@example.org", "Admin").await;
        let id = mira.invite("amara@example.org", "Viewer").await;
        let me = mira.me().await;
        owner.suspends(me).await.unwrap();
        assert!(owner.row(id).await.needs_approval);
        let verdicts = owner.verdicts(&["mira@example.org"], "Viewer").await;
        assert_eq!(verdicts, [Verdict::Suspended { id: me }]);
        owner.reactivates(me).await.unwrap();
        assert!(!owner.row(id).await.needs_approval);
    }
}
