//! Viewing as a member: who may begin it, what is seen in it, and that nothing is changed (R-70 to
//! R-74, rules 49 to 52).

use chrono::TimeDelta;
use rolecall_backend::{
    Rolecall,
    authz::Refusal as Refused,
    service::{Failure, account, membership, sudo::WINDOW, view_as},
    store::AuditRow,
};
use rolecall_shared::{
    ErrorCode, MemberId, member::MemberQuery, permission::CorePermission, project::ProjectQuery,
    role::RoleDraft, shell::ProjectReach,
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    actors::{Colleague, Owner},
    answers::Refusal as _,
    both,
    grants::{platform, role_draft},
    views::{Browser, policy},
    work::{called, replacing},
};

const GUS: &str = "gus@example.org";
const MIRA: &str = "mira@example.org";
/// What Gus holds, and Mira too.
const LOOKING: [&str; 3] = ["team:view", "projects:view", "logs:view"];
const LEADING: [&str; 4] = ["team:view", "team:manage", "projects:view", "logs:view"];

async fn team(world: &World) -> (Owner, Browser, Colleague) {
    let owner = platform(world).await;
    let mira = owner.enrol_with("Mira Holm", MIRA, &LEADING).await;
    let gus = owner.enrol_with("Gus Ek", GUS, &LOOKING).await;
    (owner, mira.browser().await, gus)
}

/// What a refused order says to the browser.
fn code(failure: &Failure) -> ErrorCode {
    failure.to_api("one").code
}

async fn newest(owner: &Owner) -> AuditRow {
    let mut rows = owner.world.trail(Some(owner.workspace().await)).await;
    rows.pop().unwrap()
}

async fn seen(app: &Rolecall, who: &Browser, page: &str) {
    view_as::seen(app, &who.caller, page).await.unwrap();
}

both! {
    async fn a_view_needs_a_reason_and_gives_the_session_a_new_secret(world: World) {
        let (owner, mira, gus) = team(&world).await;
        let id = gus.me().await;
        for (reason, said) in [(" \n ".to_owned(), "Say why"), ("x".repeat(501), "at most 500")] {
            let (field, message) = mira.views(id, &reason).await.map(drop).wrong_field();
            assert!(field == "reason" && message.contains(said), "{message}");
        }
        let viewing = mira.views(id, "  Gus can not find the logs ").await.unwrap();
        assert!(mira.again().await.is_none(), "the old cookie is worth nothing");
        let session = &viewing.caller.session;
        assert_eq!((session.id, session.user), (mira.caller.session.id, mira.caller.session.user), "it stays her session");
        let view = session.viewing.as_ref().unwrap();
        assert_eq!((view.member, view.name.as_str()), (id, "Gus Ek"));
        assert_eq!(view.ends_at, world.clock.now() + TimeDelta::minutes(30));

        let row = newest(&owner).await;
        assert_eq!((row.action.as_str(), row.target_id), ("view_as.started", Some(id.0)));
        assert_eq!((row.actor_id, row.on_behalf_of, row.view_id), (Some(session.user.0), Some(id.0), Some(view.id.0)));
        let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
        assert_eq!((&detail["reason"], &detail["told"]), (&json!("Gus can not find the logs"), &json!(true)));
        let told = world.mail_for(GUS, "Northwind was looked at as you see it").await;
        assert!(told.text().contains("> Gus can not find the logs") && told.text().contains("by Mira Holm"), "{}", told.text());
        assert!(gus.shell().await.viewing.is_none(), "whoever is viewed as inherits nothing");
    }

    async fn a_view_needs_a_fresh_proof_and_a_no_comes_before_it(world: World) {
        let (owner, mira, gus) = team(&world).await;
        world.advance(WINDOW + TimeDelta::seconds(1));
        let mira = mira.again().await.unwrap();
        let refused = mira.views(gus.me().await, "Ticket").await.map(drop).failure();
        assert!(matches!(refused, Failure::ConfirmFirst), "{refused:?}");
        let refused = mira.views(owner.me().await, "Ticket").await.map(drop).refused();
        assert_eq!(refused, Refused::TouchesOwner, "nobody types a password for a no");
        assert!(mira.again().await.is_some() && mira.ends().await.is_empty());
        assert_eq!(world.count("views").await, 0);
    }

    async fn nobody_views_as_themselves_an_owner_somebody_stronger_or_somebody_who_is_not_there(world: World) {
        let (owner, mira, gus) = team(&world).await;
        let strong = owner.enrol_with("Sia", "sia@example.org", &["team:view", "environment:view"]).await;
        let ana = owner.browser().await;
        let olga = owner.enrol_with("Olga", "olga@example.org", &[]).await;
        owner.makes_owner(&olga).await;

        assert!(mira.views(mira.me().await, "Me").await.map(drop).conflict().contains("yourself already"));
        assert_eq!(mira.views(owner.me().await, "Her").await.map(drop).refused(), Refused::TouchesOwner);
        let other = owner.member_id("olga@example.org").await;
        assert!(ana.views(other, "Olga").await.map(drop).conflict().contains("nobody views as an owner"));
        let refused = mira.views(strong.me().await, "Sia").await.map(drop).refused();
        assert_eq!(refused, Refused::TouchesStronger(vec!["environment:view".into()]));
        let foreign = world.another_owner("ola@example.org", "Elsewhere", "cloud-account").await;
        for unknown in [foreign.me().await, MemberId(Uuid::nil())] {
            assert_eq!(ana.views(unknown, "Who").await.map(drop).not_found(), "member");
        }
        let plain = gus.browser().await;
        assert_eq!(plain.views(mira.me().await, "Her").await.map(drop).denied(), "team:manage");
        owner.suspends(gus.me().await).await.unwrap();
        assert!(mira.views(gus.me().await, "Gus").await.map(drop).conflict().contains("is suspended"));
        owner.reactivates(gus.me().await).await.unwrap();
        owner.switches_viewing_off().await;
        assert!(mira.views(gus.me().await, "Gus").await.map(drop).conflict().contains("switched viewing"));
        assert_eq!(world.count("views").await, 0);
        let page = mira.page_of(gus.me().await).await.unwrap();
        assert!(page.acts.view_as.unwrap().contains("switched viewing"));
    }

    async fn a_view_holds_no_other_view(world: World) {
        let (owner, mira, gus) = team(&world).await;
        owner.enrol_with("Pia", "pia@example.org", &[]).await;
        let viewing = mira.viewing(GUS).await;
        let pia = owner.member_id("pia@example.org").await;
        let refused = viewing.views(pia, "Nested").await.map(drop).failure();
        assert_eq!(code(&refused), ErrorCode::ViewAsReadOnly);
        // The session of before, as a request that was on its way still has it.
        let refused = mira.views(gus.me().await, "Twice").await.map(drop).failure();
        assert!(matches!(refused, Failure::NotSignedIn), "{refused:?}");
        assert_eq!(world.count("views").await, 1);
    }

    async fn everything_is_as_the_member_sees_it_and_only_looked_at(world: World) {
        let owner = platform(&world).await;
        let maker = RoleDraft { own_projects_only: true, ..role_draft("Maker", &["team:view", "projects:view", "projects:manage"]) };
        owner.create_role(&maker).await.unwrap();
        let gus = owner.enrol("Gus Ek", GUS, "Maker").await;
        owner.creates(&called("Storefront")).await.unwrap();
        gus.creates(&called("Workshop")).await.unwrap();
        let shown = owner.creates(&called("Shown")).await.unwrap();
        owner.overrides(shown, gus.me().await, &replacing(&["projects:view"], None, None)).await.unwrap();
        let viewing = owner.browser().await.viewing(GUS).await;

        assert_eq!(viewing.project_names().await, gus.project_names().await);
        assert_eq!(viewing.project_names().await, ["Shown", "Workshop"]);
        let you: Vec<_> = viewing.all_members().await.unwrap().rows.into_iter().filter(|row| row.is_you).collect();
        assert_eq!((you.len(), you[0].email.as_str()), (1, GUS));
        let yours = viewing.project_rows(&ProjectQuery::default()).await.unwrap();
        assert_eq!(yours.rows.iter().map(|row| row.yours).collect::<Vec<_>>(), [false, true]);
        let shell = viewing.shell().await;
        let viewed = shell.viewing.unwrap();
        assert_eq!((viewed.name.as_str(), shell.email.as_str()), ("Gus Ek", owner.caller.session.email.as_str()));
        let here = shell.workspace.unwrap();
        assert_eq!((here.member, here.role.as_str(), here.is_owner), (gus.me().await, "Maker", false));
        assert_eq!((here.projects, here.viewing_as.as_deref()), (ProjectReach::Own, Some("Gus Ek")));
        assert!(here.permissions.iter().all(|name| name.ends_with(":view")), "{:?}", here.permissions);
        assert!(!here.may(CorePermission::ProjectsManage) && here.may(CorePermission::TeamView));
        // What the member may not see does not exist.
        assert_eq!(viewing.roles().await.is_ok(), gus.roles().await.is_ok());
        let audit = rolecall_backend::service::audit::filters(&world.app, &viewing.caller, &viewing.slug).await;
        assert_eq!(audit.denied(), "audit:view");
        assert!(viewing.page_of(gus.me().await).await.unwrap().acts.suspend.unwrap().contains("viewing as Gus Ek, read-only"));
    }

    async fn no_other_workspace_exists_meanwhile_and_nobody_is_marked_as_active(world: World) {
        let (owner, _, gus) = team(&world).await;
        let other = world.another_owner("ola@example.org", "Elsewhere", "cloud-account").await;
        let email = owner.caller.session.email.clone();
        other.takes_in(owner.caller.session.user, ("Ana Ruiz", &email), "Viewer").await;
        let ana = owner.browser().await;
        assert_eq!(ana.shell().await.workspaces.len(), 2);
        let viewing = ana.viewing(GUS).await;
        assert_eq!(viewing.shell().await.workspaces.len(), 1);
        let elsewhere = viewing.at(&other.slug);
        assert!(elsewhere.shell().await.workspace.is_none());
        assert_eq!(elsewhere.members(&MemberQuery::default()).await.not_found(), "workspace");
        let row = owner.member(GUS).await.unwrap();
        assert!(row.last_active_at.is_none(), "the one who is viewed as did nothing");
        gus.shell().await;
        assert!(owner.member(GUS).await.unwrap().last_active_at.is_some());
    }

    async fn what_is_proposed_to_the_member_is_theirs_alone_to_see(world: World) {
        let (owner, _, gus) = team(&world).await;
        owner.proposes(gus.me().await, false).await.unwrap();
        assert!(gus.shell().await.workspace.unwrap().offer.is_some());
        let viewing = owner.browser().await.viewing(GUS).await;
        assert!(viewing.shell().await.workspace.unwrap().offer.is_none());
        assert_eq!(code(&viewing.accepts().await.failure()), ErrorCode::ViewAsReadOnly);
        assert!(!owner.member(GUS).await.unwrap().is_owner);
    }

    async fn the_store_commits_no_change_in_the_name_of_who_views(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["team:view", "team:manage", "projects:view", "projects:manage"]).await;
        let project = owner.project("Storefront").await;
        let pia = owner.enrol_with("Pia", "pia@example.org", &[]).await.me().await;
        let viewing = owner.browser().await.viewing(GUS).await;
        gus.shell().await;
        let before = world.database.dump().await;
        let (app, caller, slug) = (&world.app, &viewing.caller, &viewing.slug);
        let invitation = owner.order(&["dana@example.org"], "Developer").await;
        // The services themselves, as if the entry of the server functions had let them through.
        let refused = [
            viewing.suspends(pia).await.failure(),
            viewing.removes(pia).await.map(drop).failure(),
            viewing.leaves().await.failure(),
            viewing.declines_ownership().await.failure(),
            viewing.creates(&called("Mine")).await.map(drop).failure(),
            viewing.renames(project, 1, &called("Ours")).await.map(drop).failure(),
            viewing.send(invitation).await.map(drop).failure(),
            viewing.set_view_policy(policy(true, true), policy(true, false)).await.failure(),
            account::rename(app, caller, "Somebody Else").await.map(drop).failure(),
            account::end_others(app, caller).await.map(drop).failure(),
            membership::set_end(app, caller, slug, pia, 1, Some(world.in_hours(9))).await.map(drop).failure(),
        ];
        for failure in refused {
            // Nothing is proposed to them, which is said first.
            let nothing = matches!(&failure, Failure::Conflict(message) if message.contains("proposed"));
            assert!(nothing || code(&failure) == ErrorCode::ViewAsReadOnly, "{failure:?}");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn each_page_stands_in_the_trail_once_and_each_refusal_each_time(world: World) {
        let (owner, mira, gus) = team(&world).await;
        let viewing = mira.viewing(GUS).await;
        for page in ["list_members", "load_shell", "list_members", "list_roles"] {
            seen(&world.app, &viewing, page).await;
        }
        let failure = view_as::read_only(&viewing.caller.session).unwrap_err();
        for _ in 0..2 {
            rolecall_backend::service::denial::record(&world.app, &viewing.caller, "", "leave_workspace", &failure).await;
        }
        let rows = world.trail(Some(owner.workspace().await)).await;
        let told: Vec<_> = rows
            .iter()
            .filter(|row| row.view_id.is_some())
            .map(|row| {
                let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap();
                format!("{} {}", row.action, detail["attempt"].as_str().unwrap_or_default())
            })
            .collect();
        assert_eq!(told, [
            "view_as.started ", "view_as.seen list_members", "view_as.seen list_roles",
            "view_as.refused leave_workspace", "view_as.refused leave_workspace",
        ]);
        assert!(rows.iter().filter(|row| row.view_id.is_some()).all(|row| row.on_behalf_of.is_some() && row.actor_label.contains(MIRA)));
        // Another view of the same person tells of it again.
        let own = viewing.after(viewing.exits().await.unwrap()).await;
        let viewing = own.viewing(GUS).await;
        seen(&world.app, &viewing, "list_members").await;
        assert_eq!(newest(&owner).await.action, "view_as.seen");
        // It stands in the history of the one who was viewed as, with their name.
        let query = rolecall_shared::audit::AuditQuery { target: Some(gus.me().await.0), ..Default::default() };
        let page = rolecall_backend::service::audit::page(&world.app, &owner.caller, &owner.slug, &query).await.unwrap();
        let first = &page.page.rows[0];
        assert_eq!((first.action.as_str(), first.viewing_as.as_deref()), ("view_as.seen", Some("Gus Ek <gus@example.org>")));
        let report = rolecall_backend::service::audit::verify(&world.app, &[]).await.unwrap();
        assert!(report.is_whole(), "{report:?}");
    }

    async fn owners_decide_whether_it_is_possible_and_told(world: World) {
        let (owner, mira, gus) = team(&world).await;
        let (app, slug) = (&world.app, &owner.slug);
        let settings = view_as::policy(app, &owner.caller, slug).await.unwrap();
        assert_eq!((settings.policy, settings.blocked), (policy(true, true), None));
        assert_eq!(view_as::policy(app, &gus.caller, slug).await.map(drop).denied(), "settings:view");
        let admin = owner.enrol("Ada", "ada@example.org", "Account Admin").await;
        assert!(view_as::policy(app, &admin.caller, slug).await.unwrap().blocked.unwrap().contains("Only an owner"));
        let refused = admin.set_view_policy(policy(true, true), policy(false, true)).await.failure();
        assert!(matches!(refused, Failure::OwnersOnly(_)), "{refused:?}");
        assert!(owner.set_view_policy(policy(false, true), policy(true, false)).await.conflict().contains("Somebody else"));
        owner.set_view_policy(policy(true, true), policy(true, false)).await.unwrap();
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "workspace.view_policy_changed");
        assert_eq!(detail["after"], json!({ "enabled": true, "notice": false }));
        mira.viewing(GUS).await;
        world.deliver().await;
        assert!(world.smtp.taken_for(GUS).iter().all(|mail| !mail.header("Subject").contains("looked at")));
    }
}
