//! What a decision and a preview cost; `make bench` compares them with the limits of the project.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that can not go on has failed"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rolecall_shared::{
    Timestamp,
    catalogue::{Bit, Catalogue, PermissionSet, Row},
    permission::Scope,
    policy::{
        Grant, GroupGrant, Holdings, Override, Place, RoleGrant, Subject, allowed, decide,
        preview::{Change, Person, preview},
    },
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_000);
const PEOPLE: u128 = 10_000;
/// A permission that every source of a member gives.
const SHARED: &str = "service-3:manage";

/// Eighteen rows, as many as the largest built-in template has.
fn catalogue() -> Catalogue {
    let row = |n: usize| Row {
        key: if n == 17 {
            "team".to_owned()
        } else {
            format!("service-{n}")
        },
        title: format!("Service {n}"),
        category: "Services".to_owned(),
        scope: if n < 14 {
            Scope::Project
        } else {
            Scope::Workspace
        },
        cells: [(); 3].map(|()| Some("Does it".to_owned())),
    };
    Catalogue::new((0..18).map(row).collect()).unwrap()
}

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

/// Every `step`-th permission.
fn some(catalogue: &Catalogue, step: usize) -> PermissionSet {
    let bits = catalogue.cells().step_by(step).map(|(_, _, bit)| bit);
    catalogue.closed(bits.fold(PermissionSet::EMPTY, PermissionSet::with))
}

/// A member with 5 groups, 20 overrides and direct permissions. Role, groups and direct permissions all
/// give [`SHARED`].
fn member(catalogue: &Catalogue, n: u128) -> Holdings {
    let shared = catalogue.set([SHARED]).unwrap();
    let role = RoleGrant {
        id: id(n % 5),
        permissions: some(catalogue, 7).union(shared),
        own_projects_only: false,
    };
    let mut member = Holdings::new(id(n), role);
    member.direct = Grant::lasting(shared);
    member.groups = (0..5)
        .map(|g| GroupGrant {
            id: id(g),
            grant: Grant::lasting(some(catalogue, 11).union(shared)),
        })
        .collect();
    member.overrides = (0..20)
        .map(|p| Override {
            project: id(p),
            grant: Grant::lasting(some(catalogue, 5)),
        })
        .collect();
    member
}

/// What is asked, by the name of its measure: in the project of the last override, where it leaves the
/// permission out, and in a project without one, where seven sources give it.
fn cases(catalogue: &Catalogue) -> [(&'static str, Place, Bit); 2] {
    let project = |n| Place::Project {
        id: id(n),
        created_by: None,
    };
    let withheld = catalogue.parse("service-13:delete").unwrap();
    let shared = catalogue.parse(SHARED).unwrap();
    [
        ("overridden", project(19), withheld),
        ("seven_sources", project(77), shared),
    ]
}

fn decisions(c: &mut Criterion) {
    let catalogue = catalogue();
    let member = member(&catalogue, 1);
    let mut group = c.benchmark_group("policy");
    // `scripts/bench.mjs` reads these names, and reports the worse case of each.
    for (case, place, bit) in cases(&catalogue) {
        let name = |what: &str| match case {
            "overridden" => what.to_owned(),
            other => format!("{what}_{other}"),
        };
        group.bench_function(name("decision"), |b| {
            b.iter(|| {
                let subject = Subject::member(black_box(&member));
                allowed(&catalogue, subject, black_box(place), black_box(bit), NOW)
            });
        });
        group.bench_function(name("decision_with_reasons"), |b| {
            b.iter(|| {
                let subject = Subject::member(black_box(&member));
                let decision = decide(&catalogue, subject, black_box(place), black_box(bit), NOW);
                decision.reasons().fold(0, |n, reason| {
                    black_box(reason);
                    n + 1
                })
            });
        });
    }
    group.finish();
}

fn previews(c: &mut Criterion) {
    let catalogue = catalogue();
    let people: Vec<Person> = (0..PEOPLE)
        .map(|n| {
            let mut holdings = member(&catalogue, n);
            // Few people have overrides; everybody here has one.
            holdings.overrides.truncate(1);
            Person {
                holdings,
                active: true,
                owns_project: false,
            }
        })
        .collect();
    let change = Change::EditRole {
        role: id(0),
        permissions: some(&catalogue, 2),
    };
    c.bench_function("policy/preview_of_10000", |b| {
        b.iter(|| {
            preview(&catalogue, black_box(&people), &change, NOW)
                .effects
                .len()
        });
    });
}

criterion_group!(benches, decisions, previews);
criterion_main!(benches);
