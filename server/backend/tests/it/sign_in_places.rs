//! Mails about signing in from somewhere new.

use chrono::TimeDelta;
use rolecall_backend::{
    RequestMeta,
    service::{sessions, sign_in},
    sweeper,
};

use crate::support::{
    World, both,
    world::{OWNER, PASSPHRASE, meta},
};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const SUBJECT: &str = "New sign-in to your account";

async fn sign_in(world: &World, browser: &str, address: [u8; 4]) {
    let meta = RequestMeta {
        user_agent: browser.into(),
        address: address.into(),
        ..meta("sign-in")
    };
    sign_in::with_password(&world.app, &meta, OWNER, PASSPHRASE)
        .await
        .unwrap();
}

async fn told(world: &World) -> usize {
    world.deliver().await;
    let mails = world.smtp.taken_for(OWNER);
    mails
        .iter()
        .filter(|mail| mail.header("Subject") == SUBJECT)
        .count()
}

both! {
    async fn another_browser_or_network_is_told_once_and_the_first_session_never(world: World) {
        world.owner().await;
        assert_eq!(told(&world).await, 0, "the first session has nothing to differ from");
        let here = [203, 0, 113, 7];
        sign_in(&world, "Mozilla/5.0 (test)", here).await;
        assert_eq!(told(&world).await, 0, "the same again");
        sign_in(&world, FIREFOX, here).await;
        assert_eq!(told(&world).await, 1);
        sign_in(&world, &FIREFOX.replace("145.0", "146.0"), here).await;
        assert_eq!(told(&world).await, 1, "a newer version is no other browser");
        sign_in(&world, FIREFOX, [198, 51, 100, 9]).await;
        assert_eq!(told(&world).await, 2);
        sign_in(&world, FIREFOX, here).await;
        assert_eq!(told(&world).await, 2);
        let mail = world.mail_for(OWNER, SUBJECT).await;
        for part in [mail.text(), mail.html()] {
            for fact in ["Firefox on Linux", "198.51.100.9", "If it was not you", "https://access.example.org/forgot"] {
                assert!(part.contains(fact), "{fact} is not in {part}");
            }
        }
    }

    async fn places_are_kept_as_keyed_hashes_for_half_a_year(world: World) {
        world.owner().await;
        let here = [203, 0, 113, 7];
        sign_in(&world, FIREFOX, here).await;
        let stored = world.database.dump().await["sign_in_places"].concat();
        assert!(!stored.contains("Firefox") && !stored.contains("203.0.113"), "{stored}");
        assert_eq!(world.count("sign_in_places").await, 2);
        world.advance(sessions::PLACES_KEPT - TimeDelta::days(1));
        sign_in(&world, FIREFOX, here).await;
        world.advance(TimeDelta::days(1));
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.count("sign_in_places").await, 1, "what was used stays");
        // After all are gone, signing in is told: it is not the first session.
        world.advance(sessions::PLACES_KEPT);
        sweeper::sweep(&world.app).await.unwrap();
        let before = told(&world).await;
        sign_in(&world, FIREFOX, here).await;
        assert_eq!(told(&world).await, before + 1);
    }

    async fn without_a_mail_server_signing_in_works_as_well(world: World) {
        world.owner().await;
        let alone = world.without_mail();
        sign_in(&alone, FIREFOX, [198, 51, 100, 9]).await;
        assert_eq!(world.count("outbox").await, 0);
    }
}
