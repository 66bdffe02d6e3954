//! What a change would do, before it is made.

use rolecall_backend::service::{Failure, access, groups, projects, roles};
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId, Timestamp,
    access::{ChangeRequest, GrantView, MemberAccess, PREVIEW_PEOPLE, PreviewView},
    group::GroupCard,
    project::{OverrideDraft, ProjectDraft},
    role::RoleCard,
};
use uuid::Uuid;

use crate::support::{
    World,
    actors::{Owner, Person},
    answers::Refusal as _,
    both,
    grants::{group_draft, role_draft},
};

const MIRA: &str = "mira@example.org";
const GUS: &str = "gus@example.org";
const CARL: &str = "carl@example.org";
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

async fn preview(person: &Person, change: &ChangeRequest) -> Result<PreviewView, Failure> {
    access::preview(&person.world.app, &person.caller, &person.slug, change).await
}

fn names(permissions: &[&str]) -> Vec<String> {
    permissions.iter().map(|&name| name.to_owned()).collect()
}

fn grant(permissions: &[&str], expires_at: Option<Timestamp>) -> GrantView {
    GrantView {
        permissions: names(permissions),
        expires_at,
    }
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

fn edit_role(role: RoleId, permissions: Vec<String>) -> ChangeRequest {
    ChangeRequest::EditRole {
        role,
        permissions,
        own_projects_only: false,
    }
}

fn edit_member(member: MemberId, role: RoleId) -> ChangeRequest {
    ChangeRequest::EditMember {
        member,
        access: MemberAccess {
            role,
            groups: Vec::new(),
            direct: GrantView::default(),
        },
    }
}

async fn role_card(person: &Person, role: RoleId) -> RoleCard {
    let mut cards = person.roles().await.unwrap().roles.into_iter();
    cards.find(|card| card.id == role).unwrap()
}

async fn group_card(person: &Person, group: GroupId) -> GroupCard {
    let mut cards = person.groups().await.unwrap().groups.into_iter();
    cards.find(|card| card.id == group).unwrap()
}

/// Makes a change; gives the sentence it is refused with.
async fn act(person: &Person, change: ChangeRequest) -> Option<String> {
    let (app, caller, slug) = (&person.world.app, &person.caller, &person.slug);
    let done: Result<(), Failure> = match change {
        ChangeRequest::EditRole {
            role,
            permissions,
            own_projects_only,
        } => {
            let card = role_card(person, role).await;
            let mut draft = role_draft(&card.name, &[]);
            draft.permissions = permissions;
            draft.own_projects_only = own_projects_only;
            roles::update(app, caller, slug, role, card.version, &draft)
                .await
                .map(drop)
        }
        ChangeRequest::DeleteRole { role, replacement } => {
            let card = role_card(person, role).await;
            roles::delete(app, caller, slug, role, card.version, Some(replacement)).await
        }
        ChangeRequest::EditGroup { group, permissions } => {
            let card = group_card(person, group).await;
            let mut draft = group_draft(&card.name, &[]);
            draft.permissions = permissions;
            groups::update(app, caller, slug, group, card.version, &draft)
                .await
                .map(drop)
        }
        ChangeRequest::DeleteGroup { group } => {
            let card = group_card(person, group).await;
            groups::delete(app, caller, slug, group, card.version).await
        }
        ChangeRequest::AddToGroup {
            group,
            members,
            expires_at,
        } => groups::add_members(app, caller, slug, group, &members, expires_at)
            .await
            .map(drop),
        ChangeRequest::EditMember {
            member,
            access: order,
        } => {
            let seen = access::member(app, caller, slug, member, None)
                .await
                .unwrap();
            access::update(app, caller, slug, member, seen.version, &order)
                .await
                .map(drop)
        }
        ChangeRequest::SetOverride {
            member,
            project,
            grant,
        } => {
            let current = projects::override_editor(app, caller, slug, project, member)
                .await
                .unwrap()
                .current;
            let draft = OverrideDraft {
                grant,
                version: current.map(|c| c.version),
            };
            projects::set_override(app, caller, slug, project, member, &draft)
                .await
                .map(drop)
        }
        ChangeRequest::RemoveOverride { member, project } => {
            let current = projects::override_editor(app, caller, slug, project, member)
                .await
                .unwrap()
                .current;
            projects::remove_override(app, caller, slug, project, member, current.unwrap().version)
                .await
        }
    };
    done.err().map(|failure| failure.to_api("").message)
}

both! {
    async fn a_preview_of_a_role_counts_people_cells_and_invitations(world: World) {
        let owner = platform(&world).await;
        owner.enrol_with("Mira Holm", MIRA, &["team:manage", "logs:view"]).await;
        let role = owner.role("Role of Mira Holm").await;
        owner.enrol("Gus Ek", GUS, "Role of Mira Holm").await;
        owner.enrol("Carl Bo", CARL, "Role of Mira Holm").await;
        let readers = owner.create_group(&group_draft("Readers", &["logs:view"])).await.unwrap();
        owner.add_to_group(readers, &[owner.member_id(CARL).await], None).await.unwrap();
        owner.invite("amara@example.org", "Role of Mira Holm").await;
        let change = edit_role(role, names(&["deployments:manage"]));
        let before = world.database.dump().await;
        let seen = preview(&owner, &change).await.unwrap();
        assert_eq!((seen.changed, seen.gaining, seen.losing, seen.invitations), (3, 3, 3, 1));
        let cells: Vec<_> = seen.cells.iter().map(|c| (c.permission.as_str(), c.gained, c.lost)).collect();
        assert_eq!(cells, [
            ("deployments:view", 3, 0), ("deployments:manage", 3, 0), ("logs:view", 0, 2),
            ("team:view", 0, 3), ("team:manage", 0, 3),
        ]);
        let people: Vec<_> = seen.people.iter().map(|p| (p.name.as_str(), p.lost.contains(&"logs:view".into()))).collect();
        assert_eq!(people, [("Carl Bo", false), ("Gus Ek", true), ("Mira Holm", true)]);
        assert_eq!((seen.last_manager.as_deref(), seen.refused), (Some("Ana Ruiz"), None));
        assert_eq!(world.database.dump().await, before, "looking changes nothing");

        let same = edit_role(role, names(&["logs:view", "team:manage"]));
        assert_eq!(preview(&owner, &same).await.unwrap(), PreviewView::default());
        let gone = ChangeRequest::DeleteRole { role, replacement: owner.role("Developer").await };
        let seen = preview(&owner, &gone).await.unwrap();
        assert_eq!((seen.changed, seen.invitations), (3, 1));
        let gone = ChangeRequest::DeleteGroup { group: readers };
        assert_eq!(preview(&owner, &gone).await.unwrap().changed, 0, "the role gives it as well");
    }

    async fn a_preview_of_an_override_looks_at_its_project(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view", "deployments:view", "projects:view"]).await;
        let member = gus.me().await;
        let apollo = project(&owner, "Apollo").await;
        let change = ChangeRequest::SetOverride { member, project: apollo, grant: grant(&["logs:view", "domains:view"], None) };
        let seen = preview(&owner, &change).await.unwrap();
        assert_eq!((seen.people[0].gained.clone(), seen.changed), (names(&["domains:view"]), 1));
        assert!(seen.people[0].lost.contains(&"deployments:view".into()));
        assert_eq!(act(&owner, change).await, None);
        let back = ChangeRequest::RemoveOverride { member, project: apollo };
        let seen = preview(&owner, &back).await.unwrap();
        assert!(seen.people[0].gained.contains(&"deployments:view".into()));
        assert_eq!(seen.people[0].lost, names(&["domains:view"]));
    }

    /// Every kind of change, by somebody who manages the team and holds little: the preview says what
    /// the act says, to the letter.
    async fn a_preview_is_refused_with_the_words_of_the_act(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["deployments:view"]).await.me().await;
        let carl = owner.enrol("Carl Bo", CARL, "Developer").await.me().await;
        let (me, ana) = (mira.me().await, owner.me().await);
        let own = owner.role("Role of Mira Holm").await;
        let weak = owner.role("Role of Gus Ek").await;
        let developer = owner.role("Developer").await;
        let loggers = owner.create_group(&group_draft("Loggers", &["logs:view"])).await.unwrap();
        let watchers = owner.create_group(&group_draft("Watchers", &["deployments:view"])).await.unwrap();
        let apollo = project(&owner, "Apollo").await;
        let lowered = ChangeRequest::SetOverride { member: gus, project: apollo, grant: grant(&[], None) };
        assert_eq!(act(&owner, lowered).await, None);
        let unused = owner.create_role(&role_draft("Unused", &["logs:view"])).await.unwrap();

        let over = |member, permissions: &[&str]| ChangeRequest::SetOverride { member, project: apollo, grant: grant(permissions, None) };
        let ending = |member| ChangeRequest::SetOverride {
            member, project: apollo, grant: grant(&["projects:view"], Some(Timestamp(world.now().0 + 1_000_000))),
        };
        let edit = |member, role, direct: &[&str]| ChangeRequest::EditMember {
            member,
            access: MemberAccess { role, groups: Vec::new(), direct: grant(direct, None) },
        };
        let join = |group, member| ChangeRequest::AddToGroup { group, members: vec![member], expires_at: None };
        let refused = [
            edit_role(weak, names(&["logs:view"])),
            edit_role(own, names(&["team:manage", "audit:view"])),
            edit_role(developer, Vec::new()),
            ChangeRequest::DeleteRole { role: weak, replacement: developer },
            ChangeRequest::DeleteRole { role: developer, replacement: weak },
            ChangeRequest::EditGroup { group: watchers, permissions: names(&["logs:view"]) },
            join(loggers, gus),
            join(watchers, carl),
            join(loggers, me),
            edit(gus, developer, &[]),
            edit(gus, weak, &["logs:view"]),
            edit(carl, weak, &[]),
            edit(ana, weak, &[]),
            edit(me, own, &["audit:view"]),
            over(gus, &["logs:view"]),
            over(carl, &[]),
            over(ana, &[]),
            over(me, &["logs:view"]),
        ];
        let refuse = async |changes: &[ChangeRequest]| {
            let before = world.database.dump().await;
            for change in changes {
                let said = preview(&mira, change).await.unwrap().refused;
                assert!(said.is_some(), "{change:?}");
                assert_eq!(act(&mira, change.clone()).await, said, "{change:?}");
            }
            assert_eq!(world.database.dump().await, before, "a refusal leaves no trace");
        };
        refuse(&refused).await;
        // Lowered in the project, Mira gives nothing back there, to herself or to others.
        assert_eq!(act(&owner, over(me, &["projects:view"])).await, None);
        refuse(&[
            ending(me),
            ending(gus),
            over(gus, &["deployments:view"]),
            ChangeRequest::RemoveOverride { member: gus, project: apollo },
            ChangeRequest::RemoveOverride { member: me, project: apollo },
        ])
        .await;
        let freed = ChangeRequest::RemoveOverride { member: me, project: apollo };
        assert_eq!(act(&owner, freed).await, None);
        let immune = over(ana, &[]);
        let said = preview(&owner, &immune).await.unwrap().refused;
        assert!(said.is_some());
        assert_eq!(act(&owner, immune).await, said);

        let allowed = [
            edit(gus, weak, &[]),
            over(gus, &["projects:view"]),
            ChangeRequest::DeleteGroup { group: loggers },
            // Nobody has it, so its replacement is given to nobody.
            ChangeRequest::DeleteRole { role: unused, replacement: developer },
            ChangeRequest::EditGroup { group: watchers, permissions: Vec::new() },
            edit(me, weak, &[]),
        ];
        for change in allowed {
            assert_eq!(preview(&mira, &change).await.unwrap().refused, None, "{change:?}");
            assert_eq!(act(&mira, change.clone()).await, None, "{change:?}");
        }
    }

    async fn the_last_manager_is_told_and_nobody_is_refused(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &MANAGER).await;
        let me = mira.me().await;
        owner.enrol_with("Gus Ek", GUS, &["team:view"]).await;
        owner.suspend(&owner.caller.session.email.clone()).await;
        let access = MemberAccess { role: mira.role("Role of Gus Ek").await, groups: Vec::new(), direct: GrantView::default() };
        let change = ChangeRequest::EditMember { member: me, access };
        let said = preview(&mira, &change).await.unwrap().refused;
        assert!(said.is_some());
        assert_eq!(act(&mira, change).await, said);
    }

    async fn a_preview_needs_to_manage_the_team_and_names_what_is_not_there(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["team:view"]).await;
        let blind = owner.enrol_with("Mira Holm", MIRA, &["team:manage"]).await;
        let other = world.another_owner("ola@example.org", "Elsewhere", "delivery-platform").await;
        let group = owner.create_group(&group_draft("Readers", &["logs:view"])).await.unwrap();
        let apollo = project(&owner, "Apollo").await;
        let member = gus.me().await;
        let gone = ChangeRequest::DeleteGroup { group };
        assert_eq!(preview(&gus, &gone).await.denied(), "team:manage");
        assert_eq!(preview(&other, &gone).await.not_found(), "group");
        let over = ChangeRequest::SetOverride { member, project: apollo, grant: grant(&[], None) };
        assert_eq!(preview(&blind, &over).await.not_found(), "project");
        assert_eq!(preview(&other, &over).await.not_found(), "project");
        let stranger = other.me().await;
        let over = ChangeRequest::RemoveOverride { member: stranger, project: apollo };
        assert_eq!(preview(&owner, &over).await.not_found(), "member");
        let over = ChangeRequest::RemoveOverride { member, project: apollo };
        assert_eq!(preview(&owner, &over).await.not_found(), "override");
        let join = |members: Vec<MemberId>| ChangeRequest::AddToGroup { group, members, expires_at: None };
        assert_eq!(preview(&owner, &join(vec![member, stranger])).await.not_found(), "member");
        assert_eq!(preview(&owner, &join(Vec::new())).await.wrong_fields(), ["members"]);
        let many = (0..201u128).map(|n| MemberId(Uuid::from_u128(n))).collect();
        assert_eq!(preview(&owner, &join(many)).await.wrong_fields(), ["members"]);
        let role = owner.role("Role of Gus Ek").await;
        let edit = edit_role(role, names(&["rockets:view"]));
        let (field, said) = preview(&owner, &edit).await.wrong_field();
        assert!(field == "permissions" && said.contains("rockets:view"));
        let over = ChangeRequest::SetOverride { member, project: apollo, grant: grant(&["team:view"], None) };
        assert_eq!(preview(&owner, &over).await.wrong_fields(), ["permissions"]);
        let same = ChangeRequest::DeleteRole { role, replacement: role };
        assert_eq!(preview(&owner, &same).await.wrong_fields(), ["replacement"]);
        let foreign = ChangeRequest::DeleteRole { role, replacement: other.role("Developer").await };
        assert_eq!(preview(&owner, &foreign).await.not_found(), "role");
    }

    async fn a_preview_names_the_first_people_and_counts_all(world: World) {
        let owner = platform(&world).await;
        let group = owner.create_group(&group_draft("Everybody", &["logs:view"])).await.unwrap();
        let mut members = Vec::new();
        for nth in 0..PREVIEW_PEOPLE + 2 {
            owner.create_role(&role_draft("Empty", &[])).await.ok();
            let colleague = owner.enrol(&format!("Person {nth:03}"), &format!("p{nth}@example.org"), "Empty").await;
            members.push(colleague.me().await);
        }
        owner.add_to_group(group, &members, None).await.unwrap();
        let seen = preview(&owner, &ChangeRequest::DeleteGroup { group }).await.unwrap();
        assert_eq!((seen.changed, seen.losing, seen.gaining), (PREVIEW_PEOPLE + 2, PREVIEW_PEOPLE + 2, 0));
        assert_eq!(seen.people.len(), PREVIEW_PEOPLE);
        assert_eq!(seen.people[49].name, "Person 049");
        assert_eq!(seen.people[0].lost, names(&["logs:view"]));
    }

    async fn a_role_for_own_projects_is_less_than_the_same_role_everywhere(world: World) {
        let owner = world.owner_of("portal").await;
        let gus = owner.enrol("Gus Ek", GUS, "Portal User").await.me().await;
        let carl = owner.enrol("Carl Bo", CARL, "Portal Admin").await.me().await;
        let (user, admin) = (owner.role("Portal User").await, owner.role("Portal Admin").await);
        let raised = preview(&owner, &edit_member(gus, admin)).await.unwrap();
        for name in ["projects:view", "projects:delete", "blueprints:view", "team:manage"] {
            assert!(raised.people[0].gained.contains(&name.to_owned()), "{name}: {raised:?}");
        }
        assert_eq!((raised.gaining, raised.losing), (1, 0));
        let lowered = preview(&owner, &edit_member(carl, user)).await.unwrap();
        for name in ["projects:view", "projects:delete", "blueprints:view", "team:manage"] {
            assert!(lowered.people[0].lost.contains(&name.to_owned()), "{name}: {lowered:?}");
        }
        assert_eq!((lowered.gaining, lowered.losing), (0, 1));
    }

    async fn a_switch_to_own_projects_alone_is_a_change_for_a_preview_and_for_the_act(world: World) {
        let owner = platform(&world).await;
        owner.enrol_with("Gus Ek", GUS, &["logs:view", "projects:view", "billing:view"]).await;
        let role = owner.role("Role of Gus Ek").await;
        let own = |own_projects_only| ChangeRequest::EditRole {
            role, permissions: names(&["logs:view", "projects:view", "billing:view"]), own_projects_only,
        };
        let seen = preview(&owner, &own(true)).await.unwrap();
        assert_eq!(seen.people[0].lost, names(&["logs:view", "projects:view"]));
        assert!(seen.people[0].gained.is_empty());
        assert_eq!(act(&owner, own(true)).await, None);
        let seen = preview(&owner, &own(false)).await.unwrap();
        assert_eq!((seen.gaining, seen.losing), (1, 0));
        // Somebody who holds it in no project but their own does not widen it for others.
        let mira = owner.enrol_with("Mira Holm", MIRA, &["team:manage", "projects:view", "billing:view"]).await;
        let said = preview(&mira, &own(false)).await.unwrap().refused;
        assert!(said.as_ref().is_some_and(|said| said.contains("logs:view")), "{said:?}");
        assert_eq!(act(&mira, own(false)).await, said);

        // A role that goes for one that reaches own projects only takes from everybody who has it.
        owner.create_role(&role_draft("Wide", &["logs:view", "projects:view"])).await.unwrap();
        let wide = owner.role("Wide").await;
        owner.enrol("Carl Bo", CARL, "Wide").await;
        let gone = ChangeRequest::DeleteRole { role: wide, replacement: role };
        let seen = preview(&owner, &gone).await.unwrap();
        assert_eq!((seen.people[0].name.as_str(), seen.gaining, seen.losing), ("Carl Bo", 1, 1));
        assert_eq!(seen.people[0].gained, names(&["billing:view"]));
        assert_eq!(seen.people[0].lost.len(), 2);
    }

    async fn a_preview_counts_invitations_that_their_inviter_can_not_give_any_more(world: World) {
        let owner = platform(&world).await;
        let manager = ["team:manage", "projects:view", "logs:view", "deployments:view"];
        let mira = owner.enrol_with("Mira Holm", MIRA, &manager).await;
        let me = mira.me().await;
        let role = owner.role("Role of Mira Holm").await;
        owner.create_role(&role_draft("Logger", &["logs:view"])).await.unwrap();
        owner.create_role(&role_draft("Idle", &[])).await.unwrap();
        let watchers = owner.create_group(&group_draft("Watchers", &["deployments:view"])).await.unwrap();
        let apollo = project(&owner, "Apollo").await;
        mira.invite("amara@example.org", "Logger").await;
        let mut order = mira.order(&["finn@example.org"], "Idle").await;
        order.groups = vec![watchers];
        mira.send(order).await.unwrap();
        let sum = async |change: ChangeRequest| {
            let seen = preview(&owner, &change).await.unwrap();
            (seen.invitations, seen.stranded)
        };
        let (idle, logger) = (owner.role("Idle").await, owner.role("Logger").await);
        assert_eq!(sum(edit_member(me, role)).await, (0, 0));
        assert_eq!(sum(edit_member(me, idle)).await, (0, 2));
        assert_eq!(sum(edit_role(role, names(&["team:manage", "logs:view"]))).await, (0, 1));
        assert_eq!(sum(edit_role(role, names(&["logs:view", "deployments:view"]))).await, (0, 2));
        // What they give changes, and goes beyond what Mira holds or not.
        assert_eq!(sum(edit_role(logger, names(&["audit:view"]))).await, (1, 1));
        assert_eq!(sum(edit_role(logger, Vec::new())).await, (1, 0));
        let edit = |permissions: &[&str]| ChangeRequest::EditGroup { group: watchers, permissions: names(permissions) };
        assert_eq!(sum(edit(&["deployments:manage"])).await, (1, 1));
        assert_eq!(sum(edit(&["deployments:view"])).await, (0, 0));
        assert_eq!(sum(ChangeRequest::DeleteGroup { group: watchers }).await, (1, 0));
        // Lowered in one project, Mira does not hold there what the invitations give everywhere.
        let lower = |permissions: &[&str]| ChangeRequest::SetOverride { member: me, project: apollo, grant: grant(permissions, None) };
        assert_eq!(sum(lower(&["logs:view"])).await, (0, 1));
        // And what a preview counts is what the list says after the act.
        assert_eq!(act(&owner, lower(&["logs:view"])).await, None);
        let waiting: Vec<_> = owner.rows().await.into_iter().filter(|row| row.needs_approval).map(|row| row.email).collect();
        assert_eq!(waiting, ["finn@example.org"]);
        assert_eq!(sum(edit_member(me, idle)).await, (0, 1), "the other waits for approval already");
    }

    async fn nobody_left_to_manage_the_team_is_refused_on_every_path(world: World) {
        let owner = platform(&world).await;
        let mira = owner.enrol_with("Mira Holm", MIRA, &["team:view", "projects:view"]).await;
        let me = mira.me().await;
        let managers = owner.create_group(&group_draft("Managers", &MANAGER)).await.unwrap();
        owner.add_to_group(managers, &[me], None).await.unwrap();
        let role = owner.role("Role of Mira Holm").await;
        owner.suspend(&owner.caller.session.email.clone()).await;
        let edit = |permissions: &[&str]| ChangeRequest::EditGroup { group: managers, permissions: names(permissions) };
        let before = world.database.dump().await;
        for change in [edit(&["team:view"]), ChangeRequest::DeleteGroup { group: managers }, edit_member(me, role)] {
            let said = preview(&mira, &change).await.unwrap().refused;
            assert!(said.as_ref().is_some_and(|said| said.contains("team:manage")), "{change:?}");
            assert_eq!(act(&mira, change.clone()).await, said, "{change:?}");
        }
        mira.remove_from_group(managers, me).await.conflict();
        assert_eq!(world.database.dump().await, before);

        // The same where a role gives it.
        let sql = "UPDATE roles SET permissions = 'team:view team:manage projects:view' WHERE id = $1";
        world.database.change(sql, &[role.into()]).await;
        assert_eq!(act(&mira, ChangeRequest::DeleteGroup { group: managers }).await, None);
        mira.create_role(&role_draft("Looker", &["team:view"])).await.unwrap();
        let looker = mira.role("Looker").await;
        let before = world.database.dump().await;
        for change in [edit_role(role, names(&["team:view"])), ChangeRequest::DeleteRole { role, replacement: looker }] {
            let said = preview(&mira, &change).await.unwrap().refused;
            assert!(said.as_ref().is_some_and(|said| said.contains("team:manage")), "{change:?}");
            assert_eq!(act(&mira, change.clone()).await, said, "{change:?}");
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn who_is_the_only_one_already_is_not_warned_about(world: World) {
        let owner = platform(&world).await;
        let gus = owner.enrol_with("Gus Ek", GUS, &["logs:view"]).await.me().await;
        let developer = owner.role("Developer").await;
        let seen = preview(&owner, &edit_member(gus, developer)).await.unwrap();
        assert_eq!(seen.last_manager, None, "Ana is the only one before it too");
        let admin = owner.role("Account Admin").await;
        assert_eq!(act(&owner, edit_member(gus, admin)).await, None);
        let seen = preview(&owner, &edit_member(gus, developer)).await.unwrap();
        assert_eq!(seen.last_manager.as_deref(), Some("Ana Ruiz"));
    }
}
