//! Sessions: how long they last and how they end (rules 1–5).

use chrono::TimeDelta;
use rolecall_backend::{
    Session,
    authz::Glance,
    service::{
        SignedIn, listening,
        sessions::{self, ABSOLUTE, IDLE},
        shell, sign_in,
    },
    sweeper,
};

use crate::support::{
    World, both,
    world::{OWNER, PASSPHRASE, meta},
};

async fn sign_in(world: &World) -> SignedIn {
    sign_in::with_password(&world.app, &meta("sign-in"), OWNER, PASSPHRASE)
        .await
        .unwrap()
}

async fn resolve(world: &World, signed_in: &SignedIn) -> Option<Session> {
    sessions::resolve(&world.app, signed_in.cookie.expose())
        .await
        .unwrap()
}

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

both! {
    async fn a_cookie_finds_its_session_and_anything_else_finds_none(world: World) {
        world.owner().await;
        let signed_in = sign_in(&world).await;
        assert_eq!(
            resolve(&world, &signed_in).await.as_ref(),
            Some(&signed_in.session)
        );
        assert_eq!(signed_in.workspace.as_deref(), Some("northwind"));
        let cookie = signed_in.cookie.expose();
        assert_eq!(cookie.len(), 43, "256 bits");
        for other in [
            "",
            "x",
            &cookie[1..],
            &format!("{cookie}="),
            &cookie.to_lowercase(),
        ] {
            assert!(
                sessions::resolve(&world.app, other)
                    .await
                    .unwrap()
                    .is_none(),
                "{other}"
            );
        }
        // Each sign-in is a session of its own.
        let second = sign_in(&world).await;
        assert_ne!(second.cookie.expose(), cookie);
        assert_ne!(second.session.id, signed_in.session.id);
    }

    async fn a_session_that_is_not_used_ends_after_seven_days(world: World) {
        world.owner().await;
        let signed_in = sign_in(&world).await;
        world.advance(IDLE - MOMENT);
        assert!(
            resolve(&world, &signed_in).await.is_some(),
            "use starts the time again"
        );
        world.advance(IDLE - MOMENT);
        assert!(resolve(&world, &signed_in).await.is_some());
        world.advance(IDLE);
        assert!(resolve(&world, &signed_in).await.is_none());
        assert!(
            resolve(&world, &signed_in).await.is_none(),
            "asking does not revive it"
        );
    }

    async fn looking_a_session_up_is_no_use_of_it(world: World) {
        let owner = world.owner().await;
        let signed_in = sign_in(&world).await;
        let before = world.database.dump().await;
        let look_up = async || {
            sessions::look_up(&world.app, signed_in.cookie.expose())
                .await
                .unwrap()
        };
        world.advance(IDLE - MOMENT);
        assert_eq!(look_up().await.as_ref(), Some(&signed_in.session));
        listening::workspace(&world.app, &owner.caller, &owner.slug)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(world.database.dump().await, before);
        world.advance(MOMENT);
        assert!(look_up().await.is_none());
    }

    async fn a_session_in_daily_use_ends_after_thirty_days(world: World) {
        world.owner().await;
        let signed_in = sign_in(&world).await;
        for _ in 0..29 {
            world.advance(TimeDelta::days(1));
            assert!(resolve(&world, &signed_in).await.is_some());
        }
        world.advance(TimeDelta::days(1) - MOMENT);
        assert!(resolve(&world, &signed_in).await.is_some());
        world.advance(MOMENT);
        assert!(resolve(&world, &signed_in).await.is_none());
    }

    async fn use_is_written_down_at_most_once_a_minute(world: World) {
        let owner = world.owner().await;
        let signed_in = sign_in(&world).await;
        shell::load(&world.app, &owner.caller, &Glance::default(), Some(&owner.slug))
            .await
            .unwrap();
        let before = world.database.dump().await;
        for seconds in [0, 20, 39] {
            world.advance(TimeDelta::seconds(seconds));
            resolve(&world, &signed_in).await.unwrap();
            shell::load(&world.app, &owner.caller, &Glance::default(), Some(&owner.slug))
                .await
                .unwrap();
        }
        assert_eq!(world.database.dump().await, before);
        world.advance(TimeDelta::seconds(1));
        resolve(&world, &signed_in).await.unwrap();
        shell::load(&world.app, &owner.caller, &Glance::default(), Some(&owner.slug))
            .await
            .unwrap();
        let after = world.database.dump().await;
        assert_ne!(after["sessions"], before["sessions"]);
        assert_ne!(after["members"], before["members"]);
        assert_eq!(
            owner.member(OWNER).await.unwrap().last_active_at,
            Some(world.now())
        );
    }

    async fn signing_out_ends_the_session_on_the_server(world: World) {
        world.owner().await;
        let (first, second) = (sign_in(&world).await, sign_in(&world).await);
        sessions::end(&world.app, &meta("out"), &first.session)
            .await
            .unwrap();
        assert!(
            resolve(&world, &first).await.is_none(),
            "a replayed cookie is worth nothing"
        );
        assert!(resolve(&world, &second).await.is_some());
        let trail = world.trail(None).await;
        let row = trail.last().unwrap();
        assert_eq!(
            (row.action.as_str(), row.request_id.as_str()),
            ("session.ended", "out")
        );
        // Twice is fine, and one row.
        sessions::end(&world.app, &meta("out"), &first.session)
            .await
            .unwrap();
        assert_eq!(world.trail(None).await.len(), trail.len());
    }

    async fn the_sweeper_removes_what_timed_out_and_nothing_else(world: World) {
        world.owner().await;
        let old = sign_in(&world).await;
        world.advance(TimeDelta::days(5));
        let young = sign_in(&world).await;
        world.advance(IDLE - TimeDelta::days(5));
        sweeper::sweep(&world.app).await.unwrap();
        assert!(resolve(&world, &old).await.is_none());
        assert!(resolve(&world, &young).await.is_some());
        assert_eq!(world.count("sessions").await, 1);
        world.advance(ABSOLUTE);
        sweeper::sweep(&world.app).await.unwrap();
        assert_eq!(world.count("sessions").await, 0);
        assert_eq!(world.count("throttles").await, 0, "old counters go too");
    }
}
