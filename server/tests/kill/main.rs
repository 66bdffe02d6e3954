//! Killing the server while people work (F2): what was acknowledged is there, nothing is half done, the
//! trail is whole, and one start brings everything back.
//!
//! `ROLECALL_KILL_SEED` repeats the moments of a run; which write a kill meets is the machine's affair.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can not go on has failed"
)]

mod client;
mod facts;
mod server;
mod work;

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{
    facts::Facts,
    server::Server,
    work::{Scene, Task},
};

/// How often the server is killed.
const KILLS: usize = 50;
/// How long people work before it, in milliseconds.
const WORK: std::ops::Range<u64> = 50..400;
/// From the start of the process until it says that requests are welcome.
const BOUND: Duration = Duration::from_secs(2);

/// Numbers that a seed repeats (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

fn seed() -> u64 {
    match std::env::var("ROLECALL_KILL_SEED") {
        Ok(seed) => seed.parse().expect("ROLECALL_KILL_SEED is a number"),
        Err(_) => RandomState::new().hash_one(0),
    }
}

/// All work until the server is killed; gives the tasks back with what they know.
fn work_until_killed(
    server: Server,
    tasks: Vec<Box<dyn Task>>,
    after: Duration,
) -> Vec<Box<dyn Task>> {
    let stop = Arc::new(AtomicBool::new(false));
    let people: Vec<_> = tasks
        .into_iter()
        .map(|mut task| {
            let stop = stop.clone();
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) && task.step() {}
                task
            })
        })
        .collect();
    thread::sleep(after);
    server.kill();
    stop.store(true, Ordering::Relaxed);
    people
        .into_iter()
        .map(|person| person.join().unwrap())
        .collect()
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_and_nothing_is_half_done_however_often_the_server_is_killed()
{
    let seed = seed();
    println!("ROLECALL_KILL_SEED={seed}");
    let mut dice = Dice(seed);
    let folder = tempfile::tempdir().unwrap();
    Server::make_owner(folder.path());
    let port = Server::free_port();
    let mut server = Server::start(folder.path(), port);
    let Scene { mut tasks, ana } = Scene::new(port);
    let file = folder.path().join("data/rolecall.db");
    facts::prove_addresses(&file).await;
    let mut starts = Vec::with_capacity(KILLS);
    for kill in 1..=KILLS {
        let after = Duration::from_millis(WORK.start + dice.below(WORK.end - WORK.start));
        tasks = work_until_killed(server, tasks, after);
        server = Server::start(folder.path(), port);
        starts.push(server.ready_after);
        assert!(
            server.ready_after <= BOUND,
            "start {kill} took {:?}",
            server.ready_after
        );
        Server::verify_trail(folder.path());
        let facts = Facts::read(&file, &ana).await;
        facts.hold_together();
        for task in &mut tasks {
            task.compare(&facts);
        }
    }
    let facts = Facts::read(&file, &ana).await;
    let (mut acknowledged, mut open) = (0, 0);
    for task in &tasks {
        task.everything_is_there(&facts);
        let done = task.acknowledged();
        println!("{:>6} {}", done, task.name());
        assert!(done >= KILLS / 10, "too little of: {}", task.name());
        acknowledged += done;
        open += task.left_open();
    }
    starts.sort_unstable();
    let at = |percent: usize| starts[(starts.len() * percent / 100).min(starts.len() - 1)];
    println!(
        "{KILLS} kills; {acknowledged} acknowledged writes checked, 0 lost; {open} were cut off and are whole \
         or absent; ready again after p50 {:?}, p99 {:?}; {} entries in the trail",
        at(50),
        at(99),
        facts.entries(),
    );
}
