//! How a view ends: by leaving, by time, by what happens to either of the two, and with the session.
//! The rights of the person come back only with a new secret (rule 3).

use chrono::TimeDelta;
use rolecall_backend::{authz::ViewEnd, service::Failure, sweeper};
use rolecall_shared::{ErrorCode, view_as::LASTS_MINUTES};

use crate::support::{
    World,
    actors::{Colleague, Owner},
    both,
    grants::platform,
    views::Browser,
};

const GUS: &str = "gus@example.org";
const MIRA: &str = "mira@example.org";

async fn viewing(world: &World) -> (Owner, Browser, Colleague) {
    let owner = platform(world).await;
    let leading = ["team:view", "team:manage", "projects:view"];
    let mira = owner.enrol_with("Mira Holm", MIRA, &leading).await;
    let gus = owner.enrol_with("Gus Ek", GUS, &["team:view"]).await;
    let viewing = mira.browser().await.viewing(GUS).await;
    viewing.all_members().await.unwrap();
    (owner, viewing, gus)
}

/// That a view is over: nothing is seen or changed until a page is loaded, which gives a new secret.
async fn is_over(viewing: &Browser, how: ViewEnd) -> Browser {
    assert_eq!(viewing.over().await, how);
    let failure = Failure::ViewOver(how).to_api("one");
    assert_eq!(
        (failure.code, failure.code.status()),
        (ErrorCode::ViewAsEnded, 403)
    );
    let still = viewing.again().await.expect("the session is there");
    assert!(still.caller.session.viewing.is_some(), "and restricted");
    let back = still.loads_a_page().await.unwrap();
    assert_eq!(back.how, how);
    assert!(
        viewing.again().await.is_none(),
        "the cookie of the view is worth nothing"
    );
    let own = viewing.after(back).await;
    assert_eq!(own.caller.session.viewing, None);
    assert_eq!(
        viewing.ends().await,
        [how.name()],
        "and that stands in the trail once"
    );
    own
}

both! {
    async fn leaving_gives_the_own_rights_back_with_another_secret(world: World) {
        let (owner, viewing, gus) = viewing(&world).await;
        let back = viewing.exits().await.unwrap();
        assert_eq!((back.how, back.member, back.slug.as_str()), (ViewEnd::Exit, gus.me().await, "northwind"));
        assert!(viewing.again().await.is_none(), "the cookie of the view is worth nothing");
        let mira = viewing.after(back).await;
        assert!(mira.shell().await.workspace.unwrap().may(rolecall_shared::permission::CorePermission::TeamManage));
        assert_eq!(mira.ends().await, ["exit"]);
        let rows = world.trail(Some(owner.workspace().await)).await;
        let row = rows.last().unwrap();
        assert!(row.on_behalf_of.is_some() && row.view_id.is_some() && row.actor_label.contains(MIRA));
        assert!(mira.exits().await.is_none(), "there is none to leave");
    }

    async fn of_two_requests_that_leave_one_gets_the_secret(world: World) {
        let (_, viewing, _) = viewing(&world).await;
        let first = viewing.exits().await.unwrap();
        let second = viewing.exits().await.unwrap();
        assert!(first.secret.is_some() && second.secret.is_none());
        assert_eq!(viewing.ends().await, ["exit"]);
    }

    async fn half_an_hour_is_the_end_also_under_a_page_that_is_used(world: World) {
        let (_, viewing, _) = viewing(&world).await;
        world.advance(TimeDelta::minutes(LASTS_MINUTES) - TimeDelta::microseconds(1));
        viewing.all_members().await.unwrap();
        assert!(viewing.loads_a_page().await.is_none());
        world.advance(TimeDelta::microseconds(1));
        is_over(&viewing, ViewEnd::Expired).await;
    }

    async fn a_viewer_who_loses_the_right_or_their_membership_views_no_more(world: World) {
        let (owner, viewing, _) = viewing(&world).await;
        let role = format!("Role of {}", "Gus Ek");
        owner.give_role(MIRA, &role).await;
        let mira = is_over(&viewing, ViewEnd::ViewerLost).await;
        owner.give_role(MIRA, "Role of Mira Holm").await;

        let viewing = mira.viewing(GUS).await;
        owner.suspends(mira.member_id(MIRA).await).await.unwrap();
        assert_eq!(viewing.over().await, ViewEnd::ViewerLost);
        owner.reactivates(mira.member_id(MIRA).await).await.unwrap();
        viewing.all_members().await.unwrap();
        owner.removes(mira.member_id(MIRA).await).await.unwrap();
        assert_eq!(viewing.over().await, ViewEnd::ViewerLost);
        let back = viewing.exits().await.unwrap();
        assert_eq!(back.how, ViewEnd::ViewerLost);
        assert!(!viewing.after(back).await.is_in().await);
    }

    async fn a_member_who_goes_or_is_suspended_is_viewed_as_no_more(world: World) {
        let (owner, viewing, gus) = viewing(&world).await;
        owner.suspends(gus.me().await).await.unwrap();
        let mira = is_over(&viewing, ViewEnd::TargetGone).await;
        owner.reactivates(gus.me().await).await.unwrap();
        let viewing = mira.viewing(GUS).await;
        owner.removes(gus.me().await).await.unwrap();
        assert_eq!(viewing.over().await, ViewEnd::TargetGone);
        assert_eq!(viewing.loads_a_page().await.unwrap().how, ViewEnd::TargetGone);
        assert_eq!(viewing.ends().await.len(), 2);
    }

    async fn a_member_who_becomes_stronger_or_an_owner_is_viewed_as_no_more(world: World) {
        let (owner, viewing, gus) = viewing(&world).await;
        let project = owner.project("Storefront").await;
        let version = owner.override_with(project, GUS, &["projects:view", "projects:manage"]).await;
        let mira = is_over(&viewing, ViewEnd::TargetStronger).await;
        owner.removes_override(project, gus.me().await, version).await.unwrap();
        let viewing = mira.viewing(GUS).await;
        owner.makes_owner(&gus).await;
        assert_eq!(viewing.over().await, ViewEnd::TargetStronger);
        assert_eq!(viewing.loads_a_page().await.unwrap().how, ViewEnd::TargetStronger);
    }

    async fn views_end_when_an_owner_switches_them_off_or_deletes_the_workspace(world: World) {
        let (owner, viewing, _) = viewing(&world).await;
        owner.switches_viewing_off().await;
        is_over(&viewing, ViewEnd::SwitchedOff).await;
        let settings = (crate::support::views::policy(false, true), crate::support::views::policy(true, true));
        owner.set_view_policy(settings.0, settings.1).await.unwrap();
        let viewing = owner.browser().await.viewing(GUS).await;
        owner.delete_workspace("Northwind").await.unwrap();
        let viewing = viewing.again().await.unwrap();
        let back = viewing.loads_a_page().await.unwrap();
        assert_eq!(back.how, ViewEnd::ViewerLost);
        assert_eq!(viewing.after(back).await.caller.session.viewing, None);
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!(row.action, "view_as.ended", "the trail of the workspace ends with its deletion");
    }

    async fn signing_out_ends_the_view_with_the_session(world: World) {
        let (owner, viewing, _) = viewing(&world).await;
        viewing.signs_out().await;
        assert!(viewing.again().await.is_none());
        assert_eq!(viewing.ends().await, ["signed out"]);
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!(row.action, "session.ended");
        // The sweeper has nothing to add.
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(viewing.ends().await.len(), 1);
        assert!(owner.member(GUS).await.is_some());
    }

    async fn a_view_that_nobody_comes_back_to_is_written_down_later(world: World) {
        let (_, viewing, _) = viewing(&world).await;
        sweeper::sweep(&world.app).await.unwrap();
        assert!(viewing.ends().await.is_empty());
        world.advance(TimeDelta::minutes(LASTS_MINUTES));
        for _ in 0..2 {
            sweeper::sweep(&world.app).await.unwrap();
            assert_eq!(viewing.ends().await, ["the time ran out"]);
        }
        // Whoever comes back then gets a new secret all the same, and no second row.
        is_over(&viewing, ViewEnd::Expired).await;
    }

    async fn a_session_that_is_ended_elsewhere_takes_its_view_along(world: World) {
        let (owner, viewing, _) = viewing(&world).await;
        let elsewhere = viewing.at(&viewing.slug);
        let mut other = elsewhere.clone();
        other.caller.session = world.session_of(MIRA).await;
        rolecall_backend::service::account::end_others(&world.app, &other.caller).await.unwrap();
        assert!(viewing.again().await.is_none());
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(viewing.ends().await, ["the session ended"]);
        let rows = world.trail(Some(owner.workspace().await)).await;
        let row = rows.last().unwrap();
        assert!(row.actor_kind == "system" && row.detail.contains(MIRA), "{}", row.detail);
    }
}
