//! A forgotten password (rules 12 and 15).

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rolecall_backend::{
    RequestMeta,
    service::{
        Failure,
        account::{
            self,
            reset::{self, LIFE},
        },
        sessions, sign_in,
    },
};

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    world::{OWNER, PASSPHRASE, meta},
};

const NEW: &str = "thimble velvet orbit lantern";
const SUBJECT: &str = "Choose a new password";

async fn ask(world: &World, email: &str) -> Result<(), Failure> {
    reset::ask(&world.app, &meta("forgot"), email).await
}

/// Asks and gives the token of the mail.
async fn token(world: &World) -> String {
    ask(world, OWNER).await.unwrap();
    world.mail_for(OWNER, SUBJECT).await.token_to("reset")
}

async fn choose(world: &World, token: &str, password: &str) -> Result<(), Failure> {
    reset::choose(&world.app, &meta("reset"), token, password).await
}

async fn signs_in(world: &World, password: &str) -> bool {
    sign_in::with_password(&world.app, &meta("sign-in"), OWNER, password)
        .await
        .is_ok()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

both! {
    async fn a_mailed_link_sets_a_new_password_and_signs_out_everywhere(world: World) {
        let owner = world.owner().await;
        let before = sign_in::with_password(&world.app, &meta("sign-in"), OWNER, PASSPHRASE).await.unwrap();
        let token = token(&world).await;
        assert_eq!(reset::open(&world.app, &token).await.unwrap().as_deref(), Some(OWNER));
        choose(&world, &token, NEW).await.unwrap();
        assert!(sessions::resolve(&world.app, before.cookie.expose()).await.unwrap().is_none());
        assert_eq!(world.count("sessions").await, 0, "nobody is signed in by it");
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!((row.action.as_str(), row.actor_kind.as_str()), ("password.reset", "visitor"));
        assert_eq!(row.target_label, OWNER);
        world.mail_for(OWNER, "Your password was changed").await;
        assert!(!signs_in(&world, PASSPHRASE).await);
        assert!(signs_in(&world, NEW).await);
        drop(owner);
    }

    async fn looking_at_the_link_changes_nothing_however_often(world: World) {
        world.owner().await;
        let token = token(&world).await;
        let before = world.database.dump().await;
        for _ in 0..3 {
            reset::open(&world.app, &token).await.unwrap().unwrap();
        }
        assert_eq!(world.database.dump().await, before);
    }

    async fn a_link_works_once_for_an_hour_and_only_the_newest(world: World) {
        world.owner().await;
        let first = token(&world).await;
        let second = token(&world).await;
        assert_eq!(reset::open(&world.app, &first).await.unwrap(), None);
        assert_eq!(choose(&world, &first, NEW).await.not_found(), "link");
        choose(&world, &second, NEW).await.unwrap();
        assert_eq!(choose(&world, &second, PASSPHRASE).await.not_found(), "link", "twice");

        let late = token(&world).await;
        world.advance(LIFE);
        assert_eq!(reset::open(&world.app, &late).await.unwrap(), None);
        assert_eq!(choose(&world, &late, PASSPHRASE).await.not_found(), "link");
        assert!(signs_in(&world, NEW).await);
        for nonsense in ["", "x", &"A".repeat(43), "\0", &"ä".repeat(5_000)] {
            assert_eq!(reset::open(&world.app, nonsense).await.unwrap(), None);
            assert_eq!(choose(&world, nonsense, NEW).await.not_found(), "link");
        }
    }

    async fn of_two_who_use_one_link_at_once_one_sets_the_password(world: World) {
        world.owner().await;
        let token = token(&world).await;
        let (one, two) = tokio::join!(
            choose(&world, &token, NEW),
            choose(&world, &token, "orbit thimble lantern velvet"),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(one.and(two).not_found(), "link");
    }

    async fn an_easy_password_is_refused_and_does_not_use_the_link_up(world: World) {
        world.owner().await;
        let token = token(&world).await;
        for easy in ["short", "passwordpassword1", "ana ruiz example"] {
            assert_eq!(choose(&world, &token, easy).await.wrong_field().0, "password");
        }
        choose(&world, &token, NEW).await.unwrap();
    }

    async fn every_address_gets_the_same_answer_and_only_a_fitting_one_a_mail(world: World) {
        let owner = world.owner().await;
        owner.enrol("Sso Only", "sso@example.org", "Viewer").await;
        let sql = "UPDATE users SET password_hash = NULL WHERE email_norm = 'sso@example.org'";
        world.database.change(sql, &[]).await;
        let before = world.trail(None).await.len();
        for email in [OWNER, "nobody@example.org", "sso@example.org"] {
            ask(&world, email).await.unwrap();
        }
        let rows = world.trail(None).await.split_off(before);
        assert!(rows.iter().all(|row| row.action == "password.forgotten" && row.actor_kind == "visitor"));
        assert_eq!(rows.len(), 3);
        assert_eq!(world.count("outbox").await, 0, "nobody was looked up while they waited");
        world.deliver().await;
        let to: Vec<_> = world.smtp.taken().into_iter().map(|mail| mail.to).collect();
        assert_eq!(to, [OWNER]);
        assert_eq!(world.count("password_requests").await, 0);
        assert_eq!(world.count("account_links").await, 1);
        assert_eq!(ask(&world, "not an address").await.wrong_field().0, "email");
        assert_eq!(ask(&world, "").await.wrong_field().0, "email");
    }

    async fn asking_is_limited_for_each_address_whether_or_not_it_is_known(world: World) {
        world.owner().await;
        for email in [OWNER, "nobody@example.org"] {
            for _ in 0..5 {
                ask(&world, email).await.unwrap();
            }
        }
        let known = ask(&world, OWNER).await.failure().to_api("one");
        let unknown = ask(&world, "nobody@example.org").await.failure().to_api("one");
        assert_eq!(known, unknown);
        assert_eq!(known.code.status(), 429);
        world.advance(TimeDelta::hours(1));
        ask(&world, OWNER).await.unwrap();
    }

    async fn asking_is_limited_for_each_network(world: World) {
        world.owner().await;
        let from = async |n: usize, last: u16| {
            let meta = RequestMeta {
                address: std::net::IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, last]),
                ..meta("forgot")
            };
            reset::ask(&world.app, &meta, &format!("nobody{n}@example.org")).await
        };
        for n in 0..30 {
            from(n, 1).await.unwrap();
        }
        from(30, 2).await.too_many();
        ask(&world, "nobody30@example.org").await.unwrap();
    }

    async fn the_link_proves_the_mailbox_and_frees_from_the_wait(world: World) {
        world.owner().await;
        world.database.change("UPDATE users SET email_verified_at = NULL", &[]).await;
        for _ in 0..6 {
            assert!(!signs_in(&world, "a wrong passphrase").await);
        }
        let token = token(&world).await;
        choose(&world, &token, NEW).await.unwrap();
        assert!(signs_in(&world, NEW).await, "strangers' guesses do not hold the person up");
        let verified = "SELECT count(*) FROM users WHERE email_verified_at IS NOT NULL";
        assert_eq!(world.database.number(verified, &[]).await, 1);
    }

    async fn a_link_dies_with_a_changed_password_and_its_mail_is_not_sent(world: World) {
        let owner = world.owner().await;
        let old = token(&world).await;
        account::change_password(&world.app, &owner.caller, PASSPHRASE, NEW).await.unwrap();
        assert_eq!(reset::open(&world.app, &old).await.unwrap(), None);

        // Asked for twice before anything went out: the older mail is dropped.
        world.smtp.goes_down().await;
        ask(&world, OWNER).await.unwrap();
        world.deliver().await;
        ask(&world, OWNER).await.unwrap();
        world.smtp.comes_up();
        world.advance(TimeDelta::minutes(1));
        world.deliver().await;
        let sent = world.smtp.taken_for(OWNER);
        let links = sent.iter().filter(|mail| mail.header("Subject") == SUBJECT);
        assert_eq!(links.count(), 2, "the one of before, and the newest");
        let newest = world.mail_for(OWNER, SUBJECT).await.token_to("reset");
        choose(&world, &newest, PASSPHRASE).await.unwrap();
    }

    async fn a_request_that_waited_too_long_is_answered_with_nothing(world: World) {
        world.owner().await;
        ask(&world, OWNER).await.unwrap();
        world.advance(LIFE);
        world.deliver().await;
        assert!(world.smtp.taken().is_empty());
        assert_eq!(world.count("password_requests").await, 0);
    }

    async fn without_a_mail_server_everybody_is_told_the_same(world: World) {
        world.owner().await;
        let alone = world.without_mail();
        let known = ask(&alone, OWNER).await.conflict();
        assert_eq!(known, ask(&alone, "nobody@example.org").await.conflict());
        assert!(known.contains("can not send mail"), "{known}");
    }
}

/// Rule 12: 200 samples each, in turns, so that the machine's moods meet both alike.
#[tokio::test(flavor = "multi_thread")]
async fn asking_takes_as_long_for_a_known_address_as_for_an_unknown_one() {
    crate::support::run(
        crate::support::database::Kind::Sqlite,
        async |world: World| {
            world.owner().await;
            // The limits are not what is measured.
            let free = async || {
                world.database.change("DELETE FROM throttles", &[]).await;
            };
            let time = async |email: &str| {
                let began = Instant::now();
                ask(&world, email).await.unwrap();
                began.elapsed()
            };
            let mut worst = f64::MAX;
            // A machine that does something else meanwhile gets a second chance, and a third.
            for _ in 0..3 {
                let (mut known, mut unknown) = (Vec::new(), Vec::new());
                for n in 0..200 {
                    if n % 2 == 0 {
                        free().await;
                    }
                    // Who is first changes.
                    if n % 4 < 2 {
                        known.push(time(OWNER).await);
                        unknown.push(time("no.ruiz@example.org").await);
                    } else {
                        unknown.push(time("no.ruiz@example.org").await);
                        known.push(time(OWNER).await);
                    }
                }
                let (known, unknown) = (median(known).as_secs_f64(), median(unknown).as_secs_f64());
                worst = worst.min((known / unknown - 1.0).abs());
                if worst <= 0.05 {
                    return;
                }
            }
            panic!("the medians differ by {:.1} %", worst * 100.0);
        },
    )
    .await;
}
