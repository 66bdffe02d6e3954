//! Signing in with a password: one answer for every kind of no, slowed down (rules 12, 13).

use std::{net::IpAddr, time::Instant};

use chrono::TimeDelta;
use rolecall_backend::{
    RequestMeta,
    service::{Failure, SignedIn, sign_in},
    sweeper,
};

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    world::{OWNER, PASSPHRASE, meta},
};

const WRONG: &str = "a wrong passphrase";

async fn attempt(world: &World, email: &str, password: &str) -> Result<SignedIn, Failure> {
    sign_in::with_password(&world.app, &meta("sign-in"), email, password).await
}

async fn attempt_from(world: &World, address: IpAddr, email: &str) -> Result<SignedIn, Failure> {
    let meta = RequestMeta {
        address,
        ..meta("sign-in")
    };
    sign_in::with_password(&world.app, &meta, email, WRONG).await
}

both! {
    async fn every_kind_of_no_is_the_same_answer_and_one_row_of_the_trail(world: World) {
        let owner = world.owner().await;
        owner.enrol("Sso Only", "sso@example.org", "Viewer").await;
        let sql = "UPDATE users SET password_hash = NULL WHERE email_norm = 'sso@example.org'";
        world.database.change(sql, &[]).await;
        let before = world.trail(None).await.len();
        let long = "x".repeat(2_000);
        let cases = [
            (OWNER, WRONG),
            (OWNER, ""),
            (OWNER, long.as_str()),
            ("nobody@example.org", PASSPHRASE),
            ("sso@example.org", PASSPHRASE),
            ("not an address", PASSPHRASE),
            ("turned\u{202e} round", PASSPHRASE),
            ("", ""),
        ];
        let mut answers = Vec::new();
        for (email, password) in cases {
            answers.push(
                attempt(&world, email, password)
                    .await
                    .failure()
                    .to_api("one"),
            );
        }
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?}"
        );
        assert_eq!(
            answers[0].for_field("password"),
            Some(answers[0].message.as_str())
        );
        assert_eq!(answers[0].code.status(), 422);

        let rows = world.trail(None).await.split_off(before);
        assert_eq!(rows.len(), cases.len());
        for (row, (email, _)) in rows.iter().zip(cases) {
            assert_eq!(
                (row.action.as_str(), row.actor_kind.as_str()),
                ("session.refused", "visitor")
            );
            assert_eq!(
                row.target_label,
                email.to_lowercase().replace('\u{202e}', "")
            );
        }
    }

    async fn the_right_password_signs_in_however_the_address_is_written(world: World) {
        let owner = world.owner().await;
        for email in [OWNER, "ana.ruiz@example.org", "  ANA.RUIZ@EXAMPLE.ORG "] {
            let signed_in = attempt(&world, email, PASSPHRASE).await.unwrap();
            assert_eq!(signed_in.session.user, owner.caller.session.user);
            let row = world.trail(None).await.pop().unwrap();
            assert_eq!(row.action, "session.started");
        }
    }

    async fn guessing_waits_longer_and_longer_and_the_wait_ends(world: World) {
        world.owner().await;
        for _ in 0..5 {
            attempt(&world, OWNER, WRONG).await.wrong_field();
        }
        // The sixth try starts a wait; while one runs, nothing is judged and nothing is counted.
        let mut waits = Vec::new();
        for _ in 0..4 {
            attempt(&world, OWNER, WRONG).await.wrong_field();
            let (wait, told) = attempt(&world, OWNER, PASSPHRASE).await.too_many();
            assert!(told.contains("Too many tries"), "{told}");
            assert_eq!(attempt(&world, OWNER, PASSPHRASE).await.too_many().0, wait);
            world.advance(TimeDelta::seconds(wait.into()));
            waits.push(wait);
        }
        assert_eq!(waits, [3, 5, 9, 17]);
        attempt(&world, OWNER, PASSPHRASE).await.unwrap();
    }

    async fn tries_during_a_wait_are_in_the_trail_and_a_flood_is_sampled(world: World) {
        world.owner().await;
        for _ in 0..6 {
            attempt(&world, OWNER, WRONG).await.wrong_field();
        }
        let before = world.trail(None).await.len();
        let counted = "SELECT CAST(sum(count) AS BIGINT) FROM throttles WHERE key LIKE 'sign-in%'";
        let count = world.database.number(counted, &[]).await;
        for _ in 0..25 {
            attempt(&world, OWNER, PASSPHRASE).await.too_many();
        }
        let rows = world.trail(None).await.split_off(before);
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.action.as_str(), row.actor_kind.as_str(), row.detail.as_str()))
            .collect();
        let row = |detail| ("session.throttled", "visitor", detail);
        assert_eq!(
            told,
            [
                row(r#"{"by":"account","tries_in_an_hour":1}"#),
                row(r#"{"by":"account","tries_in_an_hour":10}"#),
            ]
        );
        assert_eq!(rows[0].target_label, OWNER.to_lowercase());
        assert_eq!(world.database.number(counted, &[]).await, count);
    }

    async fn the_right_password_clears_the_count(world: World) {
        world.owner().await;
        for _ in 0..3 {
            for _ in 0..4 {
                attempt(&world, OWNER, WRONG).await.wrong_field();
            }
            attempt(&world, OWNER, PASSPHRASE).await.unwrap();
        }
    }

    async fn an_unknown_address_is_slowed_down_like_a_known_one(world: World) {
        world.owner().await;
        let mut known = Vec::new();
        let mut unknown = Vec::new();
        for _ in 0..8 {
            known.push(attempt(&world, OWNER, WRONG).await.failure().to_api("one"));
            unknown.push(
                attempt(&world, "nobody@example.org", WRONG)
                    .await
                    .failure()
                    .to_api("one"),
            );
        }
        assert_eq!(known, unknown);
    }

    async fn a_hundred_failures_in_a_row_end_the_free_tries_but_never_the_account(world: World) {
        world.owner().await;
        // What happens at the hundredth failure and after it, without a hundred passwords.
        let sql = "UPDATE throttles SET count = 98 WHERE key LIKE 'sign-in:%'";
        attempt(&world, OWNER, WRONG).await.wrong_field();
        assert_eq!(world.database.change(sql, &[]).await, 1);
        let mut waits = Vec::new();
        for _ in 0..10 {
            attempt(&world, OWNER, WRONG).await.wrong_field();
            let (wait, _) = attempt(&world, OWNER, PASSPHRASE).await.too_many();
            world.advance(TimeDelta::seconds(wait.into()));
            waits.push((wait - 1) / 60);
        }
        // In minutes: a quarter of an hour up to the hundredth, then doubling up to a day.
        assert_eq!(waits, [15, 15, 30, 60, 120, 240, 480, 960, 1_440, 1_440]);
        // A pause does not make them forgotten, neither here nor by tidying.
        world.advance(TimeDelta::days(20));
        sweeper::sweep(&world.app).await.unwrap();
        attempt(&world, OWNER, WRONG).await.wrong_field();
        let (wait, _) = attempt(&world, OWNER, PASSPHRASE).await.too_many();
        assert_eq!((wait - 1) / 60, 1_440);
        // After the wait the right password counts, and ends the row.
        world.advance(TimeDelta::seconds(wait.into()));
        attempt(&world, OWNER, PASSPHRASE).await.unwrap();
        for _ in 0..5 {
            attempt(&world, OWNER, WRONG).await.wrong_field();
        }
        attempt(&world, OWNER, PASSPHRASE).await.unwrap();
    }

    async fn a_row_of_failures_is_forgotten_a_month_after_the_last_one(world: World) {
        world.owner().await;
        attempt(&world, "made-up@example.org", WRONG).await.wrong_field();
        let counters = "SELECT count(*) FROM throttles WHERE key LIKE 'sign-in:%'";
        world.advance(TimeDelta::days(29));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.database.number(counters, &[]).await, 1);
        world.advance(TimeDelta::days(1));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.database.number(counters, &[]).await, 0);
    }

    async fn one_network_that_tries_many_accounts_is_slowed_down(world: World) {
        world.owner().await;
        let sql = "UPDATE throttles SET count = 50 WHERE key LIKE 'sign-in-network:%'";
        let from = |last: u16| IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, last]);
        attempt_from(&world, from(1), "a@example.org")
            .await
            .wrong_field();
        assert_eq!(world.database.change(sql, &[]).await, 1);
        attempt_from(&world, from(2), "b@example.org")
            .await
            .wrong_field();
        // The whole /64 waits; another network does not, and neither does the account.
        attempt_from(&world, from(3), "c@example.org")
            .await
            .too_many();
        attempt_from(&world, [203, 0, 113, 9].into(), "c@example.org")
            .await
            .wrong_field();
        attempt(&world, OWNER, PASSPHRASE).await.unwrap();
    }

    async fn people_of_one_office_who_sign_in_do_not_use_up_their_network(world: World) {
        world.owner().await;
        attempt(&world, OWNER, WRONG).await.wrong_field();
        let sql = "UPDATE throttles SET count = 49 WHERE key LIKE 'sign-in-network:%'";
        assert_eq!(world.database.change(sql, &[]).await, 1);
        for _ in 0..3 {
            attempt(&world, OWNER, PASSPHRASE).await.unwrap();
        }
        let count = "SELECT count FROM throttles WHERE key LIKE 'sign-in-network:%'";
        assert_eq!(world.database.number(count, &[]).await, 49);
    }

    async fn a_hash_with_older_parameters_is_replaced_on_the_way_in(world: World) {
        world.owner().await;
        let weak = rolecall_backend::passwords::Passwords::new(
            argon2::Params::new(8, 1, 1, None).unwrap(),
            1,
        );
        let hash = weak.hash(PASSPHRASE).await.unwrap();
        world
            .database
            .change(
                "UPDATE users SET password_hash = $1",
                &[hash.as_str().into()],
            )
            .await;
        attempt(&world, OWNER, WRONG).await.wrong_field();
        let stored = "SELECT password_hash FROM users";
        assert_eq!(world.database.texts(stored, &[]).await.concat(), hash);
        attempt(&world, OWNER, PASSPHRASE).await.unwrap();
        let renewed = world.database.texts(stored, &[]).await.remove(0);
        assert!(renewed.contains("m=19456,t=2,p=1"), "{renewed}");
        attempt(&world, OWNER, PASSPHRASE).await.unwrap();
    }
}

/// The median time of each kind of refusal, in the order of the addresses: samples are taken in
/// turns, so that a busy moment of the machine meets all of them.
async fn medians(world: &World, addresses: &[&str]) -> Vec<f64> {
    const SAMPLES: usize = 200;
    let mut times = vec![Vec::with_capacity(SAMPLES); addresses.len()];
    for _ in 0..SAMPLES {
        // No wait, whoever was asked about before.
        world.database.change("DELETE FROM throttles", &[]).await;
        for (address, times) in addresses.iter().zip(&mut times) {
            let began = Instant::now();
            attempt(world, address, WRONG).await.wrong_field();
            times.push(began.elapsed().as_secs_f64());
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[SAMPLES / 2]
        })
        .collect()
}

both! {
    async fn every_kind_of_no_takes_as_long_as_any_other(world: World) {
        let owner = world.owner().await;
        owner.enrol("Sso Only", "sso@example.org", "Viewer").await;
        let sql = "UPDATE users SET password_hash = NULL WHERE email_norm = 'sso@example.org'";
        world.database.change(sql, &[]).await;
        owner.enrol("Sam Ek", "sam@example.org", "Viewer").await;
        owner.suspend("sam@example.org").await;
        let kinds = [OWNER, "nobody@example.org", "sso@example.org", "sam@example.org"];
        let mut told = Vec::new();
        // A machine that does other work gets a second chance; a difference of ours would stay.
        for _ in 0..2 {
            let medians = medians(&world, &kinds).await;
            let spread = |a: f64, b: f64| (a - b).abs() / a.max(b);
            let worst = medians.iter().map(|m| spread(*m, medians[0]));
            if worst.fold(0.0, f64::max) <= 0.05 {
                return;
            }
            told.push(medians);
        }
        panic!("medians in seconds of {kinds:?}: {told:?}");
    }
}
