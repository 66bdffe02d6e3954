//! Several workers, several instances, one queue.

use std::collections::HashMap;

use tokio::task::JoinSet;

use crate::support::{World, both};

both! {
    async fn two_workers_on_one_queue_deliver_each_mail_once(world: World) {
        let owner = world.owner().await;
        let addresses: Vec<String> = (0..40).map(|n| format!("person{n}@example.org")).collect();
        let refs: Vec<&str> = addresses.iter().map(String::as_str).collect();
        owner.verdicts(&refs, "Viewer").await;
        let second = world.another_instance().await;
        let mut workers = JoinSet::new();
        for world in [world.clone(), second.clone(), second.clone()] {
            workers.spawn(async move {
                let worker = world.worker();
                let mut carried = 0;
                loop {
                    match worker.round().await.unwrap() {
                        // Another may have just claimed what was due.
                        0 if world.count_queued().await == 0 => return carried,
                        0 => tokio::task::yield_now().await,
                        some => carried += some,
                    }
                }
            });
        }
        let carried: usize = workers.join_all().await.into_iter().sum();
        assert_eq!(carried, 40);
        let mut copies: HashMap<String, usize> = HashMap::new();
        for mail in world.smtp.taken() {
            *copies.entry(mail.to).or_default() += 1;
        }
        assert_eq!(copies.len(), 40);
        assert!(copies.values().all(|n| *n == 1), "{copies:?}");
        second.app.store().close().await;
    }

    async fn a_running_worker_notices_new_mail_and_stops_when_told(world: World) {
        let owner = world.owner().await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(world.worker().run(stopped));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let begun = std::time::Instant::now();
        owner.invite("amara@example.org", "Viewer").await;
        while world.smtp.taken().is_empty() {
            assert!(begun.elapsed().as_secs() < 10, "nothing was sent");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        stop.send(true).unwrap();
        tokio::time::timeout(std::time::Duration::from_secs(5), running)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(world.count_queued().await, 0);
    }
}

impl World {
    async fn count_queued(&self) -> i64 {
        self.database
            .number("SELECT count(*) FROM outbox WHERE status = 'queued'", &[])
            .await
    }
}
