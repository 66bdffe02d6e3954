//! All numbers as they are at one moment. Made anew each time they are asked for, so that none is older
//! than the question.

use std::time::Duration;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
    },
    registry::Registry,
};
use rolecall_backend::{counters::Counters, outbox::Waiting, store::PoolUse};

use crate::state::AppState;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decided {
    decision: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Found {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Pool {
    pool: &'static str,
}

/// The numbers of this instance, and the mail that waits on all of them, if the database says.
pub fn of(state: &AppState, waiting: Option<Waiting>) -> Registry {
    let mut registry = Registry::with_prefix("rolecall");
    if let Some(requests) = &state.requests {
        requests.register(&mut registry);
    }
    let counters = state.rolecall.counters();
    decisions(&mut registry, counters);
    memory(&mut registry, counters);
    mail(&mut registry, waiting);
    database(
        &mut registry,
        &state.rolecall.store().pools(),
        waiting.is_some(),
    );
    let streams = u64::try_from(state.streams.count()).unwrap_or(u64::MAX);
    registry.register(
        "live_streams",
        "Pages that listen for news",
        ConstGauge::new(streams),
    );
    registry
}

fn decisions(registry: &mut Registry, counters: &Counters) {
    let decided = Family::<Decided, Counter>::default();
    for (decision, count) in [("permit", &counters.permitted), ("deny", &counters.denied)] {
        let counter = decided.get_or_create_owned(&Decided { decision });
        counter.inc_by(count.get());
    }
    registry.register(
        "decisions",
        "Questions of other services that were answered (AuthZEN)",
        decided,
    );
    registry.register(
        "refusals",
        "Attempts of people and programs that were refused for want of power",
        ConstCounter::new(counters.refused.get()),
    );
}

fn memory(registry: &mut Registry, counters: &Counters) {
    let found = Family::<Found, Counter>::default();
    let results = [
        ("remembered", &counters.remembered),
        ("confirmed", &counters.confirmed),
        ("read", &counters.read),
    ];
    for (result, count) in results {
        found
            .get_or_create_owned(&Found { result })
            .inc_by(count.get());
    }
    registry.register(
        "memory_lookups",
        "Times that a workspace was needed for decisions: remembered without asking the database, \
         confirmed by it, or read from it",
        found,
    );
    let reading = Duration::from_micros(counters.read_micros.get());
    registry.register(
        "memory_read_seconds",
        "Time that reading workspaces took in all",
        ConstCounter::new(reading.as_secs_f64()),
    );
    registry.register(
        "memory_members_read",
        "Members that were read in all",
        ConstCounter::new(counters.members_read.get()),
    );
}

/// Nothing rather than an old number, when the database does not say.
fn mail(registry: &mut Registry, waiting: Option<Waiting>) {
    let Some(waiting) = waiting else {
        return;
    };
    registry.register(
        "outbox_mails",
        "Mails that are not sent yet, nor given up, on all instances together",
        ConstGauge::new(waiting.count),
    );
    registry.register(
        "outbox_oldest_age_seconds",
        "How long the oldest of them has waited",
        ConstGauge::new(waiting.oldest.as_seconds_f64()),
    );
}

fn database(registry: &mut Registry, pools: &[PoolUse], answers: bool) {
    registry.register(
        "database_up",
        "1 when the database answered for these numbers within two seconds",
        ConstGauge::new(i64::from(answers)),
    );
    let connections = Family::<Connections, Gauge>::default();
    let limit = Family::<Pool, Gauge>::default();
    for pool in pools {
        limit
            .get_or_create_owned(&Pool { pool: pool.pool })
            .set(i64::from(pool.most));
        for (state, count) in [("used", pool.used), ("idle", pool.idle)] {
            let labels = Connections {
                pool: pool.pool,
                state,
            };
            connections
                .get_or_create_owned(&labels)
                .set(i64::from(count));
        }
    }
    registry.register(
        "database_connections",
        "Open connections to the database",
        connections,
    );
    // Not a state of the others: sums over states are of what is open.
    registry.register(
        "database_connections_limit",
        "Most connections that there can be at once",
        limit,
    );
}
