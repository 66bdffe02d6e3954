//! The member page, and giving somebody another role, other groups, other direct permissions.

use chrono::TimeDelta;
use rolecall_backend::{
    Session,
    authz::{Refusal, standing},
    service::{Failure, access, demo, projects},
};
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId, Timestamp, UserId,
    access::{GrantView, GroupMembership, MemberAccess, MemberPage},
    policy::{Holdings, Place, effective},
    project::{OverrideDraft, ProjectDraft},
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    World,
    actors::{Owner, Person},
    answers::{Refusal as _, open},
    both,
    grants::{group_draft, role_draft},
};

const MIRA: &str = "mira@example.org";
const GUS: &str = "gus@example.org";
/// Permissions of somebody who manages the team and sees deployments.
const MANAGER: [&str; 4] = [
    "team:view",
    "team:manage",
    "deployments:view",
    "projects:view",
];

async fn platform(world: &World) -> Owner {
    world.owner_of("delivery-platform").await
}

fn hours(world: &World, hours: i64) -> Timestamp {
    Timestamp(world.now().0 + hours * 3_600_000_000)
}

fn direct(permissions: &[&str], expires_at: Option<Timestamp>) -> GrantView {
    GrantView {
        permissions: permissions.iter().map(|&name| name.to_owned()).collect(),
        expires_at,
    }
}

fn holds(role: RoleId) -> MemberAccess {
    MemberAccess {
        role,
        groups: Vec::new(),
        direct: GrantView::default(),
    }
}

fn within(group: GroupId, expires_at: Option<Timestamp>) -> GroupMembership {
    GroupMembership { group, expires_at }
}

async fn page(person: &Person, member: MemberId) -> Result<MemberPage, Failure> {
    access::member(
        &person.world.app,
        &person.caller,
        &person.slug,
        member,
        None,
    )
    .await
}

async fn update(
    person: &Person,
    member: MemberId,
    version: i64,
    order: &MemberAccess,
) -> Result<i64, Failure> {
    let app = &person.world.app;
    access::update(app, &person.caller, &person.slug, member, version, order).await
}

async fn project(person: &Person, name: &str) -> ProjectId {
    let draft = ProjectDraft {
        name: name.into(),
        description: String::new(),
    };
    projects::create(&person.world.app, &person.caller, &person.slug, &draft)
        .await
        .unwrap()
}

async fn lower(person: &Person, project: ProjectId, member: MemberId, grant: GrantView) {
    let draft = OverrideDraft {
        grant,
        version: None,
    };
    let app = &person.world.app;
    projects::set_override(app, &person.caller, &person.slug, project, member, &draft)
        .await
        .unwrap();
}

/// In no order of its own.
fn sorted(mut holdings: Holdings) -> Holdings {
    holdings.groups.sort_by_key(|g| g.id);
    holdings.overrides.sort_by_key(|o| o.project);
    holdings
}

both! {
    async fn a_member_gets_another_role_groups_and_direct_permissions_and_it_is_written_down(world: World) {
        let owner = platform(&world).await;
        owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let gus = owner.member_id(GUS).await;
        let readers = owner.create_group(&group_draft("Readers", &["environment:view"])).await.unwrap();
        let order = MemberAccess {
            role: owner.role("Developer").await,
            // Named twice is once.
            groups: vec![within(readers, Some(hours(&world, 2))), within(readers, None)],
            direct: direct(&["domains:manage"], Some(hours(&world, 1))),
        };
        assert_eq!(update(&owner, gus, 1, &order).await.unwrap(), 2);
        let (action, detail) = owner.newest_entry().await;
        assert_eq!(action, "member.access_changed");
        assert_eq!(detail, json!({
            "before": {
                "role": "Role of Gus Ek", "groups": [],
                "direct": { "permissions": [], "expires_at": null },
            },
            "after": {
                "role": "Developer",
                "groups": [{ "name": "Readers", "expires_at": "2026-11-22T22:28:15Z" }],
                "direct": { "permissions": ["domains:view", "domains:manage"], "expires_at": "2026-11-22T21:28:15Z" },
            },
        }));
        let seen = page(&owner, gus).await.unwrap();
        assert_eq!((seen.version, seen.at), (2, world.now()));
        assert_eq!(seen.access.groups, [within(readers, Some(hours(&world, 2)))]);
        assert_eq!(seen.access.direct.permissions, ["domains:view", "domains:manage"]);
        assert_eq!((seen.member.role.name.as_str(), seen.blocked), ("Developer", None));

        // The same again changes nothing and leaves no row.
        let before = world.database.dump().await;
        assert_eq!(update(&owner, gus, 2, &seen.access).await.unwrap(), 2);
        assert_eq!(world.database.dump().await, before);

        // What has ended may stay in the list as it is, but is not begun again.
        world.advance(TimeDelta::hours(3));
        let ended = MemberAccess { direct: GrantView::default(), ..seen.access.clone() };
        assert_eq!(update(&owner, gus, 2, &ended).await.unwrap(), 3);
        let mut again = ended.clone();
        again.direct = seen.access.direct;
        assert_eq!(update(&owner, gus, 3, &again).await.wrong_fields(), ["expires_at"]);
        assert!(page(&owner, gus).await.unwrap().member.groups.is_empty(), "it has ended");
    }

    async fn nobody_gives_somebody_more_than_they_hold(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        owner.enrol_with("Gus Ek", GUS, &["deployments:view"]).await;
        let gus = owner.member_id(GUS).await;
        let role = owner.role("Role of Gus Ek").await;
        let loggers = owner.create_group(&group_draft("Loggers", &["logs:view"])).await.unwrap();
        let watchers = owner.create_group(&group_draft("Watchers", &["deployments:view"])).await.unwrap();
        let before = world.database.dump().await;
        let strong = owner.role("Developer").await;
        assert!(update(&mira, gus, 1, &holds(strong)).await.beyond_own().contains(&"logs:view".into()));
        let order = MemberAccess { groups: vec![within(loggers, Some(hours(&world, 1)))], ..holds(role) };
        assert_eq!(update(&mira, gus, 1, &order).await.beyond_own(), ["logs:view"]);
        let order = MemberAccess { direct: direct(&["logs:view"], Some(hours(&world, 1))), ..holds(role) };
        assert_eq!(update(&mira, gus, 1, &order).await.beyond_own(), ["logs:view"]);
        assert_eq!(world.database.dump().await, before, "a refusal leaves no trace");

        let order = MemberAccess {
            groups: vec![within(watchers, None)],
            direct: direct(&["deployments:view"], None),
            ..holds(role)
        };
        assert_eq!(update(&mira, gus, 1, &order).await.unwrap(), 2);
        // Whoever holds what the caller lacks is not touched, not even by taking away.
        let more = MemberAccess { direct: direct(&["logs:view"], Some(hours(&world, 1))), ..order };
        assert_eq!(update(&owner, gus, 2, &more).await.unwrap(), 3);
        assert_eq!(
            update(&mira, gus, 3, &holds(role)).await.refused(),
            Refusal::TouchesStronger(vec!["logs:view".into()])
        );
        let seen = page(&mira, gus).await.unwrap();
        assert!(seen.blocked.unwrap().contains("logs:view"));
        // When it has ended it counts no more, and is not prolonged by somebody who lacks it.
        world.advance(TimeDelta::hours(2));
        let longer = MemberAccess { direct: direct(&["logs:view"], None), ..more.clone() };
        assert_eq!(update(&mira, gus, 3, &longer).await.beyond_own(), ["logs:view"]);
        assert_eq!(update(&mira, gus, 3, &holds(role)).await.unwrap(), 4);
    }

    async fn nobody_adds_to_what_they_hold_and_everybody_may_take_from_it(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        let me = mira.me().await;
        let own = owner.role("Role of Mira Holm").await;
        let loggers = owner.create_group(&group_draft("Loggers", &["logs:view"])).await.unwrap();
        owner.add_to_group(loggers, &[me], Some(hours(&world, 1))).await.unwrap();
        let version = page(&mira, me).await.unwrap().version;
        let before = world.database.dump().await;
        let logs = || Refusal::HelpsOneself(vec!["logs:view".into()]);
        let longer = MemberAccess { groups: vec![within(loggers, Some(hours(&world, 2)))], ..holds(own) };
        assert_eq!(update(&mira, me, version, &longer).await.refused(), logs());
        let lasting = MemberAccess {
            groups: vec![within(loggers, Some(hours(&world, 1)))],
            direct: direct(&["logs:view"], None),
            ..holds(own)
        };
        assert_eq!(update(&mira, me, version, &lasting).await.refused(), logs());
        let admin = owner.role("Account Admin").await;
        assert!(!update(&mira, me, version, &holds(admin)).await.beyond_own().is_empty());
        assert_eq!(world.database.dump().await, before);

        // Lowered in one project, Mira could give her own role to nobody, and keeps it all the same.
        let apollo = project(&owner, "Apollo").await;
        lower(&owner, apollo, me, direct(&["projects:view"], None)).await;
        let version = update(&mira, me, version, &holds(own)).await.unwrap();
        // Less, down to nothing that manages.
        owner.create_role(&role_draft("Looker", &["team:view"])).await.unwrap();
        let looker = owner.role("Looker").await;
        assert_eq!(update(&mira, me, version, &holds(looker)).await.unwrap(), version + 1);
        assert_eq!(update(&mira, me, version + 1, &holds(own)).await.denied(), "team:manage");
    }

    async fn only_owners_change_what_an_owner_has(world: World) {
        let owner = platform(&world).await;
        owner.enrol("Mira Holm", MIRA, "Account Admin").await;
        let admin = owner.enrol_with("Gus Ek", GUS, &["team:manage"]).await;
        let ana = owner.me().await;
        let held = page(&owner, ana).await.unwrap();
        assert_eq!(held.blocked, None);
        let before = world.database.dump().await;
        let order = holds(owner.role("Developer").await);
        assert_eq!(update(&admin, ana, 1, &order).await.refused(), Refusal::TouchesOwner);
        let same = update(&admin, ana, 1, &held.access).await;
        assert_eq!(same.refused(), Refusal::TouchesOwner, "not even without a change");
        assert_eq!(world.database.dump().await, before);
        let seen = page(&admin, ana).await.unwrap();
        assert_eq!(seen.blocked.as_deref(), Some("Only an owner can change what an owner has."));
        assert_eq!(update(&owner, ana, held.version, &order).await.unwrap(), held.version + 1);
    }

    async fn wrong_input_is_named_and_changes_nothing(world: World) {
        let owner = platform(&world).await;
        owner.enrol("Gus Ek", GUS, "Developer").await;
        let gus = owner.member_id(GUS).await;
        let role = owner.role("Developer").await;
        let readers = owner.create_group(&group_draft("Readers", &["logs:view"])).await.unwrap();
        let other = world.another_owner("ola@example.org", "Elsewhere", "delivery-platform").await;
        let theirs = (other.me().await, other.role("Developer").await);
        let their_group = other.create_group(&group_draft("Theirs", &[])).await.unwrap();
        let before = world.database.dump().await;

        for unknown in ["rockets:view", "logs:manage", "", "team"] {
            let order = MemberAccess { direct: direct(&[unknown], None), ..holds(role) };
            let (field, said) = update(&owner, gus, 1, &order).await.wrong_field();
            assert!(field == "permissions" && said.contains(&format!("“{unknown}”")), "{said}");
        }
        for end in [world.now(), Timestamp(0), Timestamp(i64::MIN), Timestamp(i64::MAX)] {
            let order = MemberAccess { direct: direct(&["logs:view"], Some(end)), ..holds(role) };
            assert_eq!(update(&owner, gus, 1, &order).await.wrong_fields(), ["expires_at"]);
            let order = MemberAccess { groups: vec![within(readers, Some(end))], ..holds(role) };
            assert_eq!(update(&owner, gus, 1, &order).await.wrong_fields(), ["groups"]);
        }
        let said = update(&owner, gus, 7, &holds(role)).await.conflict();
        assert!(said.starts_with("This member changed a moment ago."), "{said}");
        let nobody = MemberId(Uuid::from_bytes([9; 16]));
        for stranger in [theirs.0, nobody] {
            assert_eq!(page(&owner, stranger).await.not_found(), "member");
            assert_eq!(update(&owner, stranger, 1, &holds(role)).await.not_found(), "member");
        }
        assert_eq!(update(&owner, gus, 1, &holds(theirs.1)).await.not_found(), "role");
        let order = MemberAccess { groups: vec![within(their_group, None)], ..holds(role) };
        assert_eq!(update(&owner, gus, 1, &order).await.not_found(), "group");
        assert_eq!(page(&owner.at(&other.slug), theirs.0).await.not_found(), "workspace");
        assert_eq!(world.database.dump().await, before);
    }

    async fn two_editors_of_a_member_never_overwrite_each_other(world: World) {
        let owner = platform(&world).await;
        owner.enrol("Gus Ek", GUS, "Developer").await;
        let gus = owner.member_id(GUS).await;
        let readers = owner.create_group(&group_draft("Readers", &["logs:view"])).await.unwrap();
        let looked_at = page(&owner, gus).await.unwrap();
        owner.add_to_group(readers, &[gus], None).await.unwrap();
        let before = world.database.dump().await;
        let order = holds(owner.role("Account Admin").await);
        update(&owner, gus, looked_at.version, &order).await.conflict();
        assert_eq!(world.database.dump().await, before);
    }

    async fn everybody_sees_their_own_page_and_no_more_of_the_team_than_they_may(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &["team:view"]).await;
        let me = gus.me().await;
        let mine = owner.create_group(&group_draft("Mine", &["deployments:view"])).await.unwrap();
        owner.create_group(&group_draft("Secret", &["audit:view"])).await.unwrap();
        owner.add_to_group(mine, &[me], None).await.unwrap();
        let (apollo, _) = (project(&owner, "Apollo").await, project(&owner, "Borealis").await);
        lower(&owner, apollo, me, direct(&["logs:view"], None)).await;

        let own = page(&gus, me).await.unwrap();
        let names = |page: &MemberPage| -> Vec<String> { page.groups.iter().map(|g| g.name.clone()).collect() };
        assert_eq!((own.roles.len(), names(&own)), (1, vec!["Mine".to_owned()]));
        assert!(own.blocked.unwrap().contains("team:manage"));
        // Where the override takes the view of the project, it is still one's own.
        assert_eq!(own.overrides.len(), 1);
        let projects: Vec<_> = own.projects.iter().map(|p| p.project.name.as_str()).collect();
        assert_eq!(projects, ["Apollo"]);
        assert_eq!(page(&gus, owner.me().await).await.denied(), "team:view");
        assert_eq!(update(&gus, me, 2, &own.access).await.denied(), "team:manage");

        // Mira sees the team, and no projects.
        let seen = page(&mira, me).await.unwrap();
        assert_eq!((seen.overrides.len(), seen.projects.len()), (0, 0));
        assert_eq!(names(&seen), ["Mine", "Secret"]);
        assert_eq!(seen.groups[1].lacking, ["audit:view"]);
        assert!(seen.blocked.unwrap().contains("team:manage"));
        let all = page(&owner, me).await.unwrap();
        assert_eq!((all.overrides.len(), all.projects.len()), (1, 2));
        assert_eq!(all.overrides[0].set_by, "Ana Ruiz");
        owner.suspend(GUS).await;
        assert_eq!(page(&gus, me).await.not_found(), "workspace");
    }

    async fn projects_with_an_override_and_own_ones_come_first(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["projects:manage"]).await;
        let me = gus.me().await;
        for name in ["Alpha", "Beta"] {
            project(&owner, name).await;
        }
        let omega = project(&owner, "Omega").await;
        project(&gus, "Yonder").await;
        lower(&owner, omega, me, direct(&[], None)).await;
        let seen = page(&owner, me).await.unwrap();
        let projects: Vec<_> = seen.projects.iter().map(|p| (p.project.name.as_str(), p.theirs)).collect();
        assert_eq!(projects, [("Omega", false), ("Yonder", true), ("Alpha", false), ("Beta", false)]);
    }

    async fn what_a_lowered_inviter_sent_waits_for_approval(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol("Mira Holm", MIRA, "Account Admin").await;
        let id = mira.invite("amara@example.org", "Developer").await;
        let holder = world.invited("amara@example.org").await;
        open(holder.opens().await);
        assert!(!owner.row(id).await.needs_approval);
        owner.create_role(&role_draft("Lead", &MANAGER)).await.unwrap();
        let order = holds(owner.role("Lead").await);
        update(&owner, mira.me().await, 1, &order).await.unwrap();
        assert!(owner.row(id).await.needs_approval);
        assert!(holder.joins("Amara").await.is_err());
        // For an hour Mira holds it all again, and then no more.
        let developer = ["resources:manage", "deployments:manage", "environment:view", "infrastructure:view", "logs:view", "projects:manage"];
        let order = MemberAccess { direct: direct(&developer, Some(hours(&world, 1))), ..order };
        update(&owner, mira.me().await, 2, &order).await.unwrap();
        assert!(!owner.row(id).await.needs_approval);
        world.advance(TimeDelta::hours(1));
        assert!(owner.row(id).await.needs_approval);
    }

    async fn somebody_can_always_manage_the_team(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["team:view"]).await;
        let (me, less) = (mira.me().await, holds(owner.role("Role of Gus Ek").await));
        // No function lets the only owner go, so the database is told.
        owner.suspend(&owner.caller.session.email.clone()).await;
        let before = world.database.dump().await;
        let said = update(&mira, me, 1, &less).await.conflict();
        assert!(said.contains("team:manage"), "{said}");
        assert_eq!(world.database.dump().await, before);
        // Somebody whose address is not proven does not count.
        let more = MemberAccess { direct: direct(&["team:manage"], None), ..less.clone() };
        update(&mira, gus.me().await, 1, &more).await.unwrap();
        let unproven = "UPDATE users SET email_verified_at = NULL WHERE email_norm = $1";
        world.database.change(unproven, &[GUS.into()]).await;
        update(&mira, me, 1, &less).await.conflict();
        let proven = "UPDATE users SET email_verified_at = $2 WHERE email_norm = $1";
        world.database.change(proven, &[GUS.into(), world.clock.now().into()]).await;
        assert_eq!(update(&mira, me, 1, &less).await.unwrap(), 2);
    }

    async fn what_the_page_explains_is_what_the_gate_finds(world: World) {
        let made = demo::seed(&world.app, 40).await.unwrap();
        let slug = &made.workspaces[0];
        let owner = Person::new(&world, slug.clone(), world.session_of(&made.email).await);
        let rows = owner.all_members().await.unwrap().rows;
        let mut compared = 0;
        for (nth, row) in (0i64..).zip(&rows) {
            let seen = page(&owner, row.id).await.unwrap();
            let mut order = seen.access.clone();
            order.direct = direct(&["audit:view", "instances:delete"], Some(hours(&world, 1 + nth % 3)));
            for group in &mut order.groups {
                group.expires_at = Some(hours(&world, 2));
            }
            update(&owner, row.id, seen.version, &order).await.unwrap();
        }
        for _ in 0..3 {
            for row in &rows {
                let seen = page(&owner, row.id).await.unwrap();
                let sql = "SELECT user_id FROM members WHERE id = $1";
                let user = UserId(world.database.id(sql, &[row.id.into()]).await);
                let mut caller = owner.caller.clone();
                caller.session = Session { user, ..caller.session };
                let mut db = world.app.store().read().await.unwrap();
                // A suspended member is found by nobody.
                let Ok(found) = standing(&world.app, &mut db, &caller, slug).await else {
                    continue;
                };
                let told = seen.holdings();
                assert_eq!(sorted(told.clone()), sorted(found.holdings().clone()), "{}", row.name);
                let template = found.template(&world.app).unwrap();
                let projects = seen.projects.iter().map(|p| Some(p.project.id));
                for place in projects.chain([None]).map(|project| seen.place(project)) {
                    let explained = effective(&seen.catalogue, &told, place, seen.at);
                    assert_eq!(explained, found.effective(template, place));
                }
                let everywhere = effective(&seen.catalogue, &told, Place::Workspace, seen.at);
                assert_eq!(seen.member.level, seen.catalogue.level(everywhere), "{}", row.name);
                compared += 1;
            }
            world.advance(TimeDelta::hours(1));
        }
        assert!(compared > 60);
    }

    async fn what_has_ended_and_stays_in_the_list_is_not_given_again(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["deployments:view"]).await.me().await;
        let role = owner.role("Role of Gus Ek").await;
        let loggers = owner.create_group(&group_draft("Loggers", &["logs:view"])).await.unwrap();
        let watchers = owner.create_group(&group_draft("Watchers", &["deployments:view"])).await.unwrap();
        let soon = Some(hours(&world, 1));
        let held = MemberAccess {
            groups: vec![within(loggers, soon)],
            direct: direct(&["audit:view"], soon),
            ..holds(role)
        };
        let version = page(&owner, gus).await.unwrap().version;
        let version = update(&owner, gus, version, &held).await.unwrap();
        world.advance(TimeDelta::hours(2));
        // Mira holds neither logs:view nor audit:view, and gives something else.
        let more = MemberAccess { groups: vec![within(loggers, soon), within(watchers, None)], ..held.clone() };
        let version = update(&mira, gus, version, &more).await.unwrap();
        let longer = MemberAccess { groups: vec![within(loggers, Some(hours(&world, 1)))], ..held.clone() };
        assert_eq!(update(&mira, gus, version, &longer).await.beyond_own(), ["logs:view"]);
        let longer = MemberAccess { direct: direct(&["audit:view"], None), ..held };
        assert_eq!(update(&mira, gus, version, &longer).await.beyond_own(), ["audit:view"]);
    }

    async fn the_project_of_the_address_is_on_the_page_however_many_there_are(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view", "projects:view"]).await.me().await;
        let mut last = project(&owner, "P 000").await;
        for n in 1..=100 {
            last = project(&owner, &format!("P {n:03}")).await;
        }
        let asked = async |who: &Person, wanted| {
            let (app, caller) = (&who.world.app, &who.caller);
            let seen = access::member(app, caller, &who.slug, gus, wanted).await.unwrap();
            let at = seen.projects.iter().position(|place| Some(place.project.id) == wanted);
            (seen.projects.len(), at)
        };
        assert_eq!(asked(&owner, None).await.0, 100);
        assert_eq!(asked(&owner, Some(last)).await, (101, Some(100)));
        // One that is not there, or not for the asker, adds nothing.
        let nowhere = Some(ProjectId(Uuid::from_bytes([9; 16])));
        assert_eq!(asked(&owner, nowhere).await, (100, None));
        let other = world.another_owner("ola@example.org", "Elsewhere", "delivery-platform").await;
        let theirs = project(&other, "Theirs").await;
        assert_eq!(asked(&owner, Some(theirs)).await, (100, None));
        let mira = owner.enrol_with("Mira Holm", MIRA, &["team:view"]).await;
        assert_eq!(asked(&mira, Some(last)).await, (0, None));
    }
}
