//! Memberships that end by themselves, and the notices before something ends.

use chrono::TimeDelta;
use rolecall_backend::{authz::Refusal, sweeper};
use rolecall_shared::{
    Timestamp,
    access::{GrantView, GroupMembership},
    invitation::Verdict,
    member::{MemberQuery, MemberStatus},
};

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    grants::{MANAGER, group_draft, platform},
    work::replacing,
};

const GUS: &str = "gus@example.org";
const ANA: &str = "Ana.Ruiz@example.org";

/// Subjects of the mails to an address, after delivering what waits.
async fn subjects(world: &World, email: &str) -> Vec<String> {
    world.deliver().await;
    let mails = world.smtp.taken_for(email).into_iter();
    mails.map(|mail| mail.header("Subject")).collect()
}

both! {
    async fn from_its_end_on_a_membership_counts_for_nothing_before_anybody_writes_it_down(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let id = gus.me().await;
        let end = world.in_hours(48);
        let version = owner.ends(id, 1, Some(end)).await.unwrap();
        assert_eq!(version, 2);
        assert_eq!(owner.page_of(id).await.unwrap().member.ends_at, Some(end));
        world.mail_for(GUS, "Your membership of Northwind ends on").await;
        world.advance(TimeDelta::hours(48) - TimeDelta::microseconds(1));
        assert!(gus.is_in().await);
        world.advance(TimeDelta::microseconds(1));
        assert!(!gus.is_in().await);
        let with = |status| MemberQuery { status: Some(status), ..MemberQuery::default() };
        let seen = async || {
            let suspended = owner.members(&with(MemberStatus::Suspended)).await.unwrap().rows;
            let active = owner.members(&with(MemberStatus::Active)).await.unwrap().rows;
            assert_eq!((suspended.len(), active.len()), (1, 1));
            assert_eq!((suspended[0].id, suspended[0].status), (id, MemberStatus::Suspended));
            let page = owner.page_of(id).await.unwrap();
            assert_eq!(page.member.status, MemberStatus::Suspended);
            let suspension = page.suspension.unwrap();
            assert_eq!((suspension.at, suspension.by.as_str()), (Some(end), ""));
            assert_eq!(owner.verdicts(&[GUS], "Developer").await, [Verdict::Suspended { id }]);
        };
        seen().await;
        let before = owner.actions().await.len();
        sweeper::sweep(&world.app).await.unwrap();
        seen().await;
        let rows = world.trail(Some(owner.workspace().await)).await;
        let row = rows.last().unwrap();
        assert_eq!((row.action.as_str(), row.actor_kind.as_str(), rows.len()), ("member.ended", "system", before + 1));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(owner.actions().await.len(), before + 1);
        owner.reactivates(id).await.unwrap();
        assert!(gus.is_in().await);
        assert_eq!(owner.page_of(id).await.unwrap().member.ends_at, None);
    }

    async fn reactivating_in_the_gap_forgets_the_end_that_has_passed(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let id = gus.me().await;
        let version = owner.ends(id, 1, Some(world.in_hours(1))).await.unwrap();
        world.advance(TimeDelta::hours(2));
        assert!(owner.ends(id, version, Some(world.in_hours(5))).await.conflict().contains("Reactivate them first"));
        assert!(owner.suspends(id).await.conflict().contains("suspended already"));
        owner.reactivates(id).await.unwrap();
        sweeper::sweep(&world.app).await.unwrap();
        assert!(gus.is_in().await);
    }

    async fn an_end_is_refused_for_owners_for_ones_own_longer_time_and_past_ones_rights(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", "mira@example.org", &MANAGER).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let (ana, me, gus) = (owner.me().await, mira.me().await, gus.me().await);
        let soon = Some(world.in_hours(24));
        assert!(owner.ends(ana, 1, soon).await.conflict().contains("Owners stay"));
        assert!(owner.page_of(ana).await.unwrap().acts.set_end.is_some());
        assert_eq!(mira.ends(gus, 1, soon).await.refused(), Refusal::TouchesStronger(vec!["logs:view".into()]));
        assert_eq!(owner.ends(gus, 1, Some(world.now())).await.wrong_fields(), ["ends_at"]);
        assert_eq!(owner.ends(gus, 1, Some(Timestamp(i64::MAX))).await.wrong_fields(), ["ends_at"]);
        assert!(owner.ends(gus, 7, soon).await.conflict().contains("changed a moment ago"));
        // People may shorten their own time, and nobody makes their own longer.
        let version = mira.ends(me, 1, soon).await.unwrap();
        for later in [None, Some(world.in_hours(25))] {
            assert!(matches!(mira.ends(me, version, later).await.refused(), Refusal::HelpsOneself(_)));
        }
        mira.ends(me, version, Some(world.in_hours(12))).await.unwrap();
        assert_eq!(mira.ends(me, version + 1, Some(world.in_hours(12))).await.unwrap(), version + 1, "nothing changes");
        owner.ends(me, version + 1, None).await.unwrap();
        assert_eq!(owner.page_of(me).await.unwrap().member.ends_at, None);
    }

    async fn notices_go_out_a_week_and_a_day_before_to_both_and_once(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let id = gus.me().await;
        let readers = owner.create_group(&group_draft("Readers", &["environment:view"])).await.unwrap();
        let project = owner.project("Storefront").await;
        let end = Some(world.in_hours(24 * 30));
        owner.overrides(project, id, &replacing(&["projects:view"], end, None)).await.unwrap();
        let page = owner.page_of(id).await.unwrap();
        let mut access = page.access.clone();
        access.groups = vec![GroupMembership { group: readers, expires_at: end }];
        access.direct = GrantView { permissions: vec!["domains:view".into()], expires_at: end };
        let version = owner.gives(id, page.version, &access).await.unwrap();
        owner.ends(id, version, end).await.unwrap();
        world.deliver().await;
        let (mine, hers) = (subjects(&world, GUS).await.len(), subjects(&world, ANA).await.len());
        let sweep = async |days| {
            world.advance(TimeDelta::days(days));
            sweeper::sweep(&world.app).await.unwrap();
            sweeper::sweep(&world.app).await.unwrap();
            let (to_gus, to_ana) = (subjects(&world, GUS).await, subjects(&world, ANA).await);
            (to_gus[mine..].to_vec(), to_ana[hers..].to_vec())
        };
        assert_eq!(sweep(22).await, (vec![], vec![]), "more than a week to go");
        let (to_gus, to_ana) = sweep(1).await;
        assert_eq!((to_gus.len(), to_ana.len()), (4, 4), "{to_gus:?}");
        for part in ["your membership ends on", "Readers", "Storefront", "direct permissions"] {
            assert!(to_gus.iter().any(|subject| subject.contains(part)), "{part}: {to_gus:?}");
        }
        assert!(to_ana.iter().all(|subject| subject.contains("Gus Ek")), "{to_ana:?}");
        assert_eq!(sweep(3).await.0.len(), 4, "told once");
        assert_eq!(sweep(3).await.0.len(), 8, "and once more on the day before");

        // Another end is told of anew, unless it was given later than the notice would be due.
        let page = owner.page_of(id).await.unwrap();
        owner.ends(id, page.version, Some(world.in_hours(24 * 3))).await.unwrap();
        let told = subjects(&world, GUS).await.len();
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(subjects(&world, GUS).await.len(), told);
        world.advance(TimeDelta::days(2));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(subjects(&world, GUS).await.len(), told + 1);
        let quiet = world.without_mail();
        sweeper::sweep(&quiet.app).await.unwrap();
    }
}
