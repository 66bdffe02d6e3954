//! Properties of the evaluation.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    catalogue::{Bit, Row},
    permission::{Action, Scope},
};

const NOW: Timestamp = Timestamp(10);

fn catalogue() -> Catalogue {
    let rows = [
        ("a", Scope::Project, [true; 3]),
        ("b", Scope::Project, [true, true, false]),
        ("w", Scope::Workspace, [true, true, false]),
        ("t", Scope::Workspace, [false, true, false]),
    ]
    .map(|(key, scope, cells)| Row {
        key: key.into(),
        title: key.into(),
        category: String::new(),
        scope,
        cells: cells.map(|there| there.then(String::new)),
    });
    Catalogue::new(rows.into()).unwrap()
}

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn sets() -> impl Strategy<Value = PermissionSet> {
    prop::collection::vec(any::<bool>(), 8).prop_map(|picks| {
        let c = catalogue();
        let bits: Vec<Bit> = c.cells().map(|(_, _, bit)| bit).collect();
        let chosen = bits.into_iter().zip(picks).filter(|(_, p)| *p);
        c.closed(chosen.fold(PermissionSet::EMPTY, |s, (b, _)| s.with(b)))
    })
}

fn grants() -> impl Strategy<Value = Grant> {
    (sets(), prop::option::of(0i64..20)).prop_map(|(permissions, end)| Grant {
        permissions,
        expires_at: end.map(Timestamp),
    })
}

fn members() -> impl Strategy<Value = Holdings> {
    let groups = prop::collection::vec(grants(), 0..4);
    let overrides = prop::collection::btree_map(0u128..3, grants(), 0..3);
    (
        any::<bool>(),
        sets(),
        any::<bool>(),
        groups,
        grants(),
        overrides,
        1u128..4,
    )
        .prop_map(
            |(is_owner, permissions, own_projects_only, groups, direct, overrides, who)| Holdings {
                member: id(who),
                is_owner: is_owner && who == 1,
                role: RoleGrant {
                    id: id(who),
                    permissions,
                    own_projects_only,
                },
                groups: (0..)
                    .zip(groups)
                    .map(|(n, grant)| GroupGrant { id: id(n), grant })
                    .collect(),
                direct,
                overrides: overrides
                    .into_iter()
                    .map(|(n, grant)| Override {
                        project: id(n),
                        grant: Grant {
                            permissions: grant
                                .permissions
                                .intersection(catalogue().scoped(Scope::Project)),
                            ..grant
                        },
                    })
                    .collect(),
            },
        )
}

fn places() -> impl Strategy<Value = Place> {
    let project = (0u128..4, prop::option::of(1u128..4)).prop_map(|(p, by)| Place::Project {
        id: id(p),
        created_by: by.map(id),
    });
    prop_oneof![Just(Place::Workspace), Just(Place::NewProject), project]
}

proptest! {
    #[test]
    fn a_further_group_never_removes_anything(before in members(), grant in grants(), place in places()) {
        let c = catalogue();
        let mut after = before.clone();
        after.groups.push(GroupGrant { id: id(99), grant });
        prop_assert!(effective(&c, &after, place, NOW).includes(effective(&c, &before, place, NOW)));
    }

    #[test]
    fn an_override_is_exactly_what_holds_in_its_project(before in members(), grant in grants(), by in prop::option::of(1u128..4)) {
        let c = catalogue();
        let mut after = before.clone();
        after.is_owner = false;
        after.overrides.retain(|o| o.project != id(7));
        let base = effective(&c, &after, Place::Project { id: id(7), created_by: by.map(id) }, NOW);
        after.overrides.push(Override { project: id(7), grant });
        let here = effective(&c, &after, Place::Project { id: id(7), created_by: by.map(id) }, NOW);
        let (projects, workspace) = (c.scoped(Scope::Project), c.scoped(Scope::Workspace));
        let expected = if grant.holds(NOW) { grant.permissions } else { base };
        prop_assert_eq!(here.intersection(projects), expected.intersection(projects));
        prop_assert_eq!(here.intersection(workspace), base.intersection(workspace));
    }

    #[test]
    fn a_role_for_own_projects_gives_nothing_in_the_projects_of_others(member in members(), place in places()) {
        let c = catalogue();
        let mut free = member.clone();
        free.role.own_projects_only = false;
        free.is_owner = false;
        let mut bound = free.clone();
        bound.role.own_projects_only = true;
        let own = match place {
            Place::Workspace => false,
            Place::NewProject => true,
            Place::Project { created_by, .. } => created_by == Some(bound.member),
        };
        let held = effective(&c, &bound, place, NOW);
        if own {
            prop_assert_eq!(held, effective(&c, &free, place, NOW));
        } else {
            free.role.permissions = free.role.permissions.intersection(c.scoped(Scope::Workspace));
            prop_assert_eq!(held, effective(&c, &free, place, NOW));
        }
    }

    #[test]
    fn a_token_and_viewing_as_only_narrow(member in members(), viewed in members(), scope in sets(), only in prop::option::of(0u128..3), place in places()) {
        let c = catalogue();
        let token = TokenScope { permissions: scope, project: only.map(id) };
        for (_, action, bit) in c.cells() {
            let plain = Subject::member(&member);
            let with_token = Subject { token: Some(token), ..plain };
            let viewing = Subject { viewing: Some(&viewed), ..plain };
            let may = |subject| allowed(&c, subject, place, bit, NOW);
            prop_assert!(!may(with_token) || (may(plain) && scope.contains(bit)));
            let seen = seen_as(&c, &member, &viewed, place, NOW);
            prop_assert_eq!(seen.contains(bit), may(viewing));
            prop_assert!(!may(viewing) || (may(plain) && may(Subject::member(&viewed)) && action == Action::View));
        }
    }

    #[test]
    fn what_is_left_for_a_token_is_what_its_member_may_with_it(member in members(), scope in sets(), only in prop::option::of(0u128..3), place in places()) {
        let c = catalogue();
        let token = TokenScope { permissions: scope, project: only.map(id) };
        let created_by = match place { Place::Project { created_by, .. } => created_by, _ => None };
        let left = narrowed(&c, &member, token, created_by, NOW);
        for (_, _, bit) in c.cells() {
            let with = Subject { token: Some(token), ..Subject::member(&member) };
            prop_assert_eq!(effective(&c, &left, place, NOW).contains(bit), allowed(&c, with, place, bit, NOW));
        }
        prop_assert!(!left.is_owner);
    }

    #[test]
    fn every_answer_has_a_reason_and_no_reason_lies(member in members(), viewed in members(), scope in sets(), place in places(), narrow in 0..3) {
        let c = catalogue();
        let subject = Subject {
            holdings: &member,
            token: (narrow == 1).then_some(TokenScope { permissions: scope, project: None }),
            viewing: (narrow == 2).then_some(&viewed),
        };
        for (_, _, bit) in c.cells() {
            let decision = decide(&c, subject, place, bit, NOW);
            let reasons: Vec<Reason> = decision.reasons().collect();
            prop_assert!(!reasons.is_empty());
            for reason in reasons {
                let held = matches!(reason, Reason::Owner | Reason::Role(_) | Reason::OwnProject(_)
                    | Reason::Group(_) | Reason::Direct | Reason::Override(_));
                prop_assert_eq!(held, decision.granted, "{:?}", reason);
            }
        }
        let never = decide(&c, subject, place, Bit::NEVER, NOW);
        prop_assert!(!never.granted);
        prop_assert!(never.reasons().any(|r| r == Reason::NoSuchCell));
    }

    #[test]
    fn every_remedy_gives_what_was_asked(member in members(), roles in prop::collection::vec(sets(), 0..3), groups in prop::collection::vec(sets(), 0..3), place in places()) {
        let c = catalogue();
        let roles: Vec<RoleOffer> = (100..).zip(roles).map(|(n, permissions)| RoleGrant { id: id(n), permissions, own_projects_only: false }).collect();
        let groups: Vec<GroupOffer> = (200..).zip(groups).map(|(n, permissions)| GroupOffer { id: id(n), permissions }).collect();
        for (_, _, bit) in c.cells() {
            let held = effective(&c, &member, place, NOW).contains(bit);
            let found = remedies(&c, &member, place, bit, NOW, Offers { roles: &roles, groups: &groups });
            prop_assert_eq!(held, found.is_empty(), "there is always a way, and none is needed when held");
        }
    }

    #[test]
    fn nobody_but_an_owner_gives_what_they_do_not_hold(actor in members(), grant in sets(), place in places()) {
        let c = catalogue();
        match boundary::may_grant(&c, &actor, place, grant, NOW) {
            Ok(()) => prop_assert!(effective(&c, &actor, place, NOW).includes(grant)),
            Err(lacking) => {
                prop_assert!(!actor.is_owner && !lacking.is_empty() && grant.includes(lacking));
            }
        }
    }

    #[test]
    fn what_is_given_for_the_workspace_is_held_in_each_project(actor in members(), grant in sets(), project in 0u128..3) {
        let c = catalogue();
        if boundary::may_grant(&c, &actor, Place::Workspace, grant, NOW).is_ok() {
            let place = Place::Project { id: id(project), created_by: None };
            prop_assert!(effective(&c, &actor, place, NOW).includes(grant));
        }
    }

    #[test]
    fn who_may_be_touched_holds_nothing_that_the_actor_lacks(actor in members(), target in members(), place in places()) {
        let c = catalogue();
        if boundary::may_touch(&c, &actor, &target, NOW).is_ok() && actor.member != target.member {
            let place = match place {
                Place::Project { id, .. } => Place::Project { id, created_by: None },
                other => other,
            };
            let theirs = effective(&c, &target, place, NOW);
            prop_assert!(actor.is_owner || !target.is_owner);
            prop_assert!(effective(&c, &actor, place, NOW).includes(theirs));
        }
    }

    #[test]
    fn nothing_is_somewhere_that_is_not_anywhere_and_everywhere_is_in_each_place(member in members(), place in places()) {
        let c = catalogue();
        let here = effective(&c, &member, place, NOW);
        prop_assert!(anywhere(&c, &member, NOW).includes(here));
        prop_assert!(here.includes(everywhere(&c, &member, NOW)));
    }

    #[test]
    fn an_unchanged_member_is_not_elevated_and_a_longer_grant_is(member in members(), grant in sets()) {
        let c = catalogue();
        prop_assert!(boundary::elevation(&c, &member, &member, NOW).is_empty());
        let mut before = Holdings::new(member.member, RoleGrant { permissions: PermissionSet::EMPTY, ..member.role });
        before.direct = Grant { permissions: grant, expires_at: Some(Timestamp(15)) };
        let mut after = before.clone();
        after.direct.expires_at = Some(Timestamp(16));
        prop_assert_eq!(boundary::elevation(&c, &before, &after, NOW), grant);
    }

    #[test]
    fn a_change_that_elevates_nobody_adds_nothing_anywhere_at_any_time(before in members(), after in members(), place in places(), later in 10i64..25) {
        let c = catalogue();
        let before = Holdings { is_owner: false, ..before };
        let after = Holdings { member: before.member, is_owner: false, ..after };
        let had = effective(&c, &before, place, Timestamp(later));
        let has = effective(&c, &after, place, Timestamp(later));
        let gained = boundary::elevation(&c, &before, &after, NOW);
        prop_assert!(gained.includes(has.minus(had)), "{:?} more at {}", c.names(has.minus(had).minus(gained)), later);
    }

    #[test]
    fn other_ends_of_what_somebody_holds_add_nothing_that_is_not_seen(before in members(), ends in prop::collection::vec(prop::option::of(0i64..25), 8), place in places(), later in 10i64..25) {
        let c = catalogue();
        let mut after = before.clone();
        let groups = after.groups.iter_mut().map(|g| &mut g.grant);
        let held = groups.chain(after.overrides.iter_mut().map(|o| &mut o.grant)).chain([&mut after.direct]);
        for (grant, end) in held.zip(ends) {
            grant.expires_at = end.map(Timestamp);
        }
        let had = effective(&c, &before, place, Timestamp(later));
        let has = effective(&c, &after, place, Timestamp(later));
        prop_assert!(boundary::elevation(&c, &before, &after, NOW).includes(has.minus(had)));
    }

    #[test]
    fn what_has_ended_gives_and_takes_nothing(member in members(), ended in sets(), at in 0i64..11, place in places()) {
        let c = catalogue();
        let grant = Grant { permissions: ended, expires_at: Some(Timestamp(at)) };
        let mut after = member.clone();
        after.groups.push(GroupGrant { id: id(99), grant });
        after.overrides.retain(|o| o.project != id(3));
        let bare = after.clone();
        after.overrides.push(Override { project: id(3), grant });
        let without = Holdings { groups: member.groups.clone(), ..bare };
        prop_assert_eq!(effective(&c, &after, place, NOW), effective(&c, &without, place, NOW));
        prop_assert_eq!(everywhere(&c, &after, NOW), everywhere(&c, &without, NOW));
        prop_assert_eq!(anywhere(&c, &after, NOW), anywhere(&c, &without, NOW));
        let direct = Holdings { direct: grant, ..without.clone() };
        let none = Holdings { direct: Grant::default(), ..without };
        prop_assert_eq!(effective(&c, &direct, place, NOW), effective(&c, &none, place, NOW));
    }

    #[test]
    fn nobody_is_touched_who_holds_more_in_a_project_of_their_own(actor in members(), target in members(), project in 0u128..4) {
        let c = catalogue();
        if actor.member != target.member && boundary::may_touch(&c, &actor, &target, NOW).is_ok() {
            let place = Place::Project { id: id(project), created_by: Some(target.member) };
            let theirs = effective(&c, &target, place, NOW);
            prop_assert!(effective(&c, &actor, place, NOW).includes(theirs));
        }
    }

    #[test]
    fn what_somebody_may_give_makes_nobody_stronger_than_they_are(actor in members(), target in members(), grant in sets(), place in places()) {
        let c = catalogue();
        let untouchable = boundary::may_touch(&c, &actor, &target, NOW).is_err();
        let beyond = boundary::may_grant(&c, &actor, Place::Workspace, grant, NOW).is_err();
        if untouchable || beyond || actor.member == target.member {
            return Ok(());
        }
        let mut after = target;
        after.groups.push(GroupGrant { id: id(99), grant: Grant::lasting(grant) });
        prop_assert!(boundary::may_touch(&c, &actor, &after, NOW).is_ok());
        let place = match place {
            Place::Project { id, .. } => Place::Project { id, created_by: None },
            other => other,
        };
        prop_assert!(effective(&c, &actor, place, NOW).includes(effective(&c, &after, place, NOW)));
    }

    #[test]
    fn a_preview_says_exactly_what_changes_for_each(people in prop::collection::vec(members(), 1..4), permissions in sets(), own in any::<bool>(), role in 1u128..4) {
        let c = catalogue();
        let people: Vec<_> = people.into_iter().map(|holdings| preview::Person { holdings, active: true, owns_project: false }).collect();
        let with = RoleGrant { id: id(role), permissions, own_projects_only: own };
        let change = preview::Change::ReplaceRole { role: id(role), with };
        let seen = preview::preview(&c, &people, &change, NOW);
        let mut effects = seen.effects.into_iter();
        for person in &people {
            let before = &person.holdings;
            let mut after = before.clone();
            if after.role.id == id(role) {
                after.role = with;
            }
            // In a project of somebody else without an override, and in one of their own.
            let foreign = Place::Project { id: id(50), created_by: Some(id(51)) };
            let theirs = Place::Project { id: id(50), created_by: Some(before.member) };
            let (mut gained, mut lost) = (PermissionSet::EMPTY, PermissionSet::EMPTY);
            for place in [Place::Workspace, foreign, theirs] {
                let had = effective(&c, before, place, NOW);
                let has = effective(&c, &after, place, NOW);
                gained = gained.union(has.minus(had));
                lost = lost.union(had.minus(has));
            }
            prop_assert!(gained.intersection(lost).is_empty());
            if !gained.is_empty() || !lost.is_empty() {
                let told = effects.next().unwrap();
                prop_assert_eq!((told.member, told.gained, told.lost), (after.member, gained, lost));
            }
        }
        prop_assert!(effects.next().is_none());
    }

    #[test]
    fn a_grant_more_never_removes_anything_be_it_direct_or_by_the_role(before in members(), more in sets(), place in places()) {
        let c = catalogue();
        let had = effective(&c, &before, place, NOW);
        let mut direct = before.clone();
        // A grant that has ended gave nothing, so nothing of it comes back.
        direct.direct = Grant::lasting(direct.direct.at(NOW).union(more));
        prop_assert!(effective(&c, &direct, place, NOW).includes(had));
        let mut role = before.clone();
        role.role.permissions = role.role.permissions.union(more);
        prop_assert!(effective(&c, &role, place, NOW).includes(had));
        let mut freed = before;
        freed.role.own_projects_only = false;
        prop_assert!(effective(&c, &freed, place, NOW).includes(had));
    }

    #[test]
    fn switching_cells_never_makes_a_set_that_is_not_closed(set in sets(), at in 0usize..8, on in any::<bool>()) {
        let c = catalogue();
        let (row, action, bit) = c.cells().nth(at).unwrap();
        let after = c.switched(set, bit, on);
        prop_assert_eq!(c.closed(after), after, "{} {}", row.key, action);
        prop_assert_eq!(after.contains(bit), on);
    }
}

#[test]
fn an_owner_has_everything_everywhere() {
    let c = catalogue();
    let role = RoleGrant {
        id: id(1),
        permissions: PermissionSet::EMPTY,
        own_projects_only: true,
    };
    let mut owner = Holdings::new(id(1), role);
    owner.is_owner = true;
    owner.overrides.push(Override {
        project: id(5),
        grant: Grant::default(),
    });
    let place = Place::Project {
        id: id(5),
        created_by: None,
    };
    assert_eq!(
        effective(&c, &owner, place, NOW),
        c.all(),
        "immune to overrides (R-66)"
    );
    assert_eq!(everywhere(&c, &owner, NOW), c.all());
    let bit = c.bit("a", Action::Delete).unwrap();
    let reasons: Vec<_> = decide(&c, Subject::member(&owner), place, bit, NOW)
        .reasons()
        .collect();
    assert_eq!(reasons, [Reason::Owner]);
}

#[test]
fn somebody_lowered_in_one_project_does_not_give_there_what_was_taken_there() {
    let c = catalogue();
    let role = RoleGrant {
        id: id(1),
        permissions: c.all(),
        own_projects_only: false,
    };
    let mut admin = Holdings::new(id(1), role);
    admin.overrides.push(Override {
        project: id(5),
        grant: Grant::lasting(c.set(["a:view"]).unwrap()),
    });
    let delete = c.set(["a:delete"]).unwrap();
    assert_eq!(
        boundary::may_grant(&c, &admin, Place::Workspace, delete, NOW),
        Err(c
            .set(["a:delete"])
            .unwrap()
            .minus(c.set(["a:view"]).unwrap()))
    );
    let mut freed = admin.clone();
    freed.overrides.clear();
    assert!(!boundary::elevation(&c, &admin, &freed, NOW).is_empty());
}

#[test]
fn nobody_shortens_what_lowers_them() {
    let c = catalogue();
    let role = RoleGrant {
        id: id(1),
        permissions: c.all(),
        own_projects_only: false,
    };
    let lowered = |expires_at| Override {
        project: id(5),
        grant: Grant {
            permissions: PermissionSet::EMPTY,
            expires_at,
        },
    };
    let mut before = Holdings::new(id(1), role);
    before.overrides.push(lowered(None));
    let mut after = before.clone();
    after.overrides = vec![lowered(Some(Timestamp(11)))];
    assert_eq!(
        boundary::elevation(&c, &before, &after, NOW),
        c.scoped(Scope::Project),
        "it ends tomorrow, and all is back"
    );
    assert!(boundary::elevation(&c, &after, &before, NOW).is_empty());
}

#[test]
fn a_preview_says_who_gains_who_loses_and_who_is_left_to_manage_the_team() {
    let rows = ["team", "x"].map(|key| Row {
        key: key.into(),
        title: key.into(),
        category: String::new(),
        scope: if key == "team" {
            Scope::Workspace
        } else {
            Scope::Project
        },
        cells: [Some(String::new()), Some(String::new()), None],
    });
    let c = Catalogue::new(rows.into()).unwrap();
    let role = |n, names: &[&str]| RoleGrant {
        id: id(n),
        permissions: c.set(names).unwrap(),
        own_projects_only: false,
    };
    let person = |n, role| preview::Person {
        holdings: Holdings::new(id(n), role),
        active: true,
        owns_project: false,
    };
    let boss = role(1, &["team:manage"]);
    let people = [
        person(1, boss),
        person(2, boss),
        person(3, role(2, &["x:view"])),
    ];
    let change = preview::Change::EditRole {
        role: id(1),
        permissions: c.set(["x:manage"]).unwrap(),
    };
    let seen = preview::preview(&c, &people, &change, NOW);
    assert_eq!(seen.effects.len(), 2);
    assert_eq!(c.names(seen.effects[0].gained), ["x:view", "x:manage"]);
    assert_eq!(c.names(seen.effects[0].lost), ["team:view", "team:manage"]);
    assert_eq!((seen.managers_before, seen.managers_after), (2, 0));
    assert_eq!(seen.last_manager, None, "nobody is left");
    let change = preview::Change::EditMember(Box::new(Holdings::new(id(2), role(2, &["x:view"]))));
    let seen = preview::preview(&c, &people, &change, NOW);
    assert_eq!(seen.last_manager, Some(id(1)));
    // Who is the only one already does not become the last one by it.
    let alone = [person(1, boss), person(3, role(2, &["x:view"]))];
    let change = preview::Change::EditRole {
        role: id(2),
        permissions: PermissionSet::EMPTY,
    };
    let seen = preview::preview(&c, &alone, &change, NOW);
    assert_eq!((seen.managers_before, seen.managers_after), (1, 1));
    assert_eq!(seen.last_manager, None);
}

#[test]
fn an_invitation_is_stranded_when_its_inviter_loses_what_it_gives() {
    let rows = ["team", "x"].map(|key| Row {
        key: key.into(),
        title: key.into(),
        category: String::new(),
        scope: if key == "team" {
            Scope::Workspace
        } else {
            Scope::Project
        },
        cells: [(); 3].map(|()| Some(String::new())),
    });
    let c = Catalogue::new(rows.into()).unwrap();
    let role = |n, names: &[&str]| RoleGrant {
        id: id(n),
        permissions: c.set(names).unwrap(),
        own_projects_only: false,
    };
    let inviter = Holdings::new(id(1), role(1, &["team:manage", "x:manage"]));
    let waiting = preview::Waiting {
        inviter: Some(id(1)),
        gives: Holdings::new(id(100), role(2, &["x:view"])),
        overrides: vec![(
            Place::Project {
                id: id(7),
                created_by: None,
            },
            c.set(["x:manage"]).unwrap(),
        )],
    };
    let touched = |change: &preview::Change| {
        let find = |member| (member == inviter.member).then_some(&inviter);
        let seen = preview::invitations(&c, [&waiting], find, change, NOW);
        (seen.changed, seen.stranded)
    };
    let edited = |role: u128, names: &[&str]| preview::Change::EditRole {
        role: id(role),
        permissions: c.set(names).unwrap(),
    };
    assert_eq!(touched(&edited(1, &["team:manage", "x:manage"])), (0, 0));
    assert_eq!(touched(&edited(1, &["team:manage", "x:view"])), (0, 1));
    assert_eq!(touched(&edited(1, &["team:view", "x:manage"])), (0, 1));
    assert_eq!(touched(&edited(2, &[])), (1, 0));
    assert_eq!(touched(&edited(2, &["x:delete"])), (1, 1));
    assert_eq!(touched(&edited(2, &["x:view"])), (0, 0));
    let lowered = |project: u128, names: &[&str]| preview::Change::Override {
        member: id(1),
        project: id(project),
        grant: Some(Grant::lasting(c.set(names).unwrap())),
    };
    // Lowered in one project, the inviter holds no longer everywhere what the role gives.
    assert_eq!(touched(&lowered(8, &[])), (0, 1));
    assert_eq!(touched(&lowered(7, &["x:view"])), (0, 1));
    assert_eq!(touched(&lowered(7, &["x:manage"])), (0, 0));
}
