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
    permission::{Action, Scope},
    policy::{
        Grant, GroupGrant, Holdings, Override, Place, RoleGrant, Subject, allowed, decide,
        preview::{Change, Person, preview},
    },
};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_000);
const PEOPLE: u128 = 10_000;

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

/// A member with 5 groups and 20 overrides.
fn member(catalogue: &Catalogue, n: u128) -> Holdings {
    let role = RoleGrant {
        id: id(n % 5),
        permissions: some(catalogue, 7),
        own_projects_only: false,
    };
    let mut member = Holdings::new(id(n), role);
    member.groups = (0..5)
        .map(|g| GroupGrant {
            id: id(g),
            grant: Grant::lasting(some(catalogue, 11)),
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

fn decisions(c: &mut Criterion) {
    let catalogue = catalogue();
    let member = member(&catalogue, 1);
    let bit = |key, action| catalogue.bit(key, action).unwrap();
    let denied: Bit = bit("service-13", Action::Delete);
    let place = Place::Project {
        id: id(19),
        created_by: None,
    };
    let mut group = c.benchmark_group("policy");
    group.bench_function("decision", |b| {
        b.iter(|| {
            let subject = Subject::member(black_box(&member));
            allowed(
                &catalogue,
                subject,
                black_box(place),
                black_box(denied),
                NOW,
            )
        });
    });
    group.bench_function("decision_with_reasons", |b| {
        b.iter(|| {
            let subject = Subject::member(black_box(&member));
            let decision = decide(
                &catalogue,
                subject,
                black_box(Place::Workspace),
                black_box(denied),
                NOW,
            );
            decision.reasons().count()
        });
    });
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
