//! Deciding allocates nothing: counted, since a single box would be the most expensive part of it.

#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::hint::black_box;

use allocation_counter::measure;
use rolecall_shared::{
    Timestamp,
    catalogue::{Bit, Catalogue, PermissionSet, Row},
    permission::Scope,
    policy::{
        Grant, GroupGrant, Holdings, Override, Place, RoleGrant, Subject, TokenScope, allowed,
        anywhere, decide, effective, everywhere,
    },
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_000);

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn catalogue() -> Catalogue {
    let row = |n: usize| Row {
        key: format!("service-{n}"),
        title: String::new(),
        category: String::new(),
        scope: if n < 14 {
            Scope::Project
        } else {
            Scope::Workspace
        },
        cells: [(); 3].map(|()| Some(String::new())),
    };
    Catalogue::new((0..18).map(row).collect()).unwrap()
}

/// Somebody with 5 groups and 20 overrides; half of them have ended.
fn member(catalogue: &Catalogue, own_projects_only: bool) -> Holdings {
    let some = |step: usize| {
        let bits = catalogue.cells().step_by(step).map(|(_, _, bit)| bit);
        catalogue.closed(bits.fold(PermissionSet::EMPTY, PermissionSet::with))
    };
    let grant = |n: u128, step| Grant {
        permissions: some(step),
        expires_at: n.is_multiple_of(2).then_some(Timestamp(500)),
    };
    let role = RoleGrant {
        id: id(1),
        permissions: some(3),
        own_projects_only,
    };
    let mut member = Holdings::new(id(1), role);
    member.direct = grant(1, 7);
    member.groups = (0..5)
        .map(|n| GroupGrant {
            id: id(n),
            grant: grant(n, 11),
        })
        .collect();
    member.overrides = (0..20)
        .map(|n| Override {
            project: id(n),
            grant: grant(n, 5),
        })
        .collect();
    member
}

fn places() -> Vec<Place> {
    let project = |n, created_by| Place::Project {
        id: id(n),
        created_by,
    };
    vec![
        Place::Workspace,
        Place::NewProject,
        // With an override, with one that has ended, with none, of their own.
        project(19, None),
        project(18, None),
        project(77, None),
        project(78, Some(id(1))),
    ]
}

/// How many allocations it takes.
fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(black_box(Box::new(7)))), 1);
}

#[test]
fn a_decision_and_its_reasons_allocate_nothing() {
    let catalogue = catalogue();
    let (viewed, places) = (member(&catalogue, false), places());
    let bits: Vec<Bit> = catalogue.cells().map(|(_, _, bit)| bit).collect();
    for own_projects_only in [false, true] {
        let member = member(&catalogue, own_projects_only);
        let plain = Subject::member(&member);
        let token = TokenScope {
            permissions: catalogue.views(),
            project: Some(id(19)),
        };
        let with_token = Subject {
            token: Some(token),
            ..plain
        };
        let viewing = Subject {
            viewing: Some(&viewed),
            ..plain
        };
        let (mut asked, mut granted, mut reasons) = (0, 0, 0);
        let used = allocations(|| {
            for subject in [plain, with_token, viewing] {
                for &place in &places {
                    for &bit in bits.iter().chain([&Bit::NEVER]) {
                        let decision = decide(&catalogue, subject, place, bit, NOW);
                        asked += 1;
                        granted += usize::from(allowed(&catalogue, subject, place, bit, NOW));
                        reasons += decision.reasons().count();
                    }
                }
            }
        });
        assert_eq!(used, 0, "allocations for {asked} decisions");
        assert!(0 < granted && granted < asked && asked <= reasons);
    }
}

#[test]
fn the_evaluation_itself_allocates_nothing() {
    let catalogue = catalogue();
    let (member, places) = (member(&catalogue, true), places());
    let mut held = 0;
    let used = allocations(|| {
        for &place in &places {
            held += effective(&catalogue, &member, place, NOW).len();
        }
        held += everywhere(&catalogue, &member, NOW).len();
        held += anywhere(&catalogue, &member, NOW).len();
    });
    assert_eq!(used, 0);
    assert!(held > 0);
}
