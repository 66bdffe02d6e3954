//! The own account: name, password, sessions (rules 3, 6, 7).

use chrono::TimeDelta;
use rolecall_backend::{
    Caller, Session,
    events::Topic,
    service::{Failure, SignedIn, account, sessions, sign_in, sudo::WINDOW},
};
use rolecall_shared::account::{AccountPage, SessionRow};

use crate::support::{
    World,
    answers::Refusal as _,
    both,
    world::{OWNER, PASSPHRASE, meta},
};

const NEW: &str = "thimble velvet orbit lantern";

async fn sign_in_with(world: &World, password: &str) -> Result<SignedIn, Failure> {
    sign_in::with_password(&world.app, &meta("sign-in"), OWNER, password).await
}

async fn sign_in(world: &World) -> SignedIn {
    sign_in_with(world, PASSPHRASE).await.unwrap()
}

async fn resolve(world: &World, cookie: &str) -> Option<Session> {
    sessions::resolve(&world.app, cookie).await.unwrap()
}

fn caller(signed_in: &SignedIn) -> Caller {
    Caller {
        session: signed_in.session.clone(),
        meta: meta("order"),
    }
}

async fn page(world: &World, signed_in: &SignedIn) -> AccountPage {
    account::load(&world.app, &caller(signed_in)).await.unwrap()
}

both! {
    async fn a_new_name_is_there_everywhere_at_once_and_in_the_trail(world: World) {
        let owner = world.owner().await;
        let other = world.another_owner("kim@example.org", "Kiosk", "cloud-account").await;
        let kim = other.caller.session.user;
        let sql = "UPDATE members SET user_id = $1, name_key = 'ana ruiz', email_key = $3 WHERE user_id = $2";
        let args = [owner.caller.session.user.into(), kim.into(), OWNER.to_lowercase().into()];
        world.database.change(sql, &args).await;
        let mut news = world.app.events().subscribe();
        let name = account::rename(&world.app, &owner.caller, "  Ana   Maria\u{202e} Ruiz ").await.unwrap();
        assert_eq!(name, "Ana Maria Ruiz");
        for person in [&*owner, &owner.at(&other.slug)] {
            let row = person.member(OWNER).await.unwrap();
            assert_eq!(row.name, "Ana Maria Ruiz");
        }
        let keys = world.database.texts("SELECT name_key FROM members", &[]).await;
        assert_eq!(keys, ["ana maria ruiz", "ana maria ruiz"]);
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!(row.action, "account.renamed");
        assert_eq!(row.detail, r#"{"after":"Ana Maria Ruiz","before":"Ana Ruiz"}"#);
        // Open pages of both workspaces are told.
        for _ in 0..2 {
            assert_eq!(news.recv().await.unwrap().topic, Topic::Members);
        }
        // The same name again writes nothing.
        let before = world.database.dump().await;
        account::rename(&world.app, &owner.caller, "Ana Maria Ruiz").await.unwrap();
        assert_eq!(world.database.dump().await, before);
        for wrong in ["", " \u{200b} ", &"x".repeat(81)] {
            let (field, _) = account::rename(&world.app, &owner.caller, wrong).await.wrong_field();
            assert_eq!(field, "name");
        }
    }

    async fn another_password_ends_all_other_sessions_and_renews_this_one(world: World) {
        world.owner().await;
        let (mine, other) = (sign_in(&world).await, sign_in(&world).await);
        world.advance(TimeDelta::hours(2));
        let secret = account::change_password(&world.app, &caller(&mine), PASSPHRASE, NEW).await.unwrap();
        assert!(resolve(&world, other.cookie.expose()).await.is_none(), "the other browser is out");
        assert!(resolve(&world, mine.cookie.expose()).await.is_none(), "the old secret is worth nothing");
        let session = resolve(&world, secret.expose()).await.unwrap();
        assert_eq!(session.id, mine.session.id);
        assert!(world.clock.now() - session.confirmed_at <= WINDOW, "it was a proof");
        let row = world.trail(None).await.pop().unwrap();
        // Set-up opened a session as well.
        assert_eq!((row.action.as_str(), row.detail.as_str()), ("password.changed", r#"{"sessions_ended":2}"#));
        let mail = world.mail_for(OWNER, "Your password was changed").await;
        for part in [mail.text(), mail.html()] {
            assert!(part.contains("https://access.example.org/forgot"), "{part}");
            assert!(part.contains("If it was not you"), "{part}");
        }
        sign_in_with(&world, PASSPHRASE).await.map(drop).wrong_field();
        sign_in_with(&world, NEW).await.unwrap();
    }

    async fn a_password_is_changed_only_against_the_present_one_and_for_a_good_one(world: World) {
        world.owner().await;
        let mine = sign_in(&world).await;
        let change = async |current: &str, new: &str| {
            account::change_password(&world.app, &caller(&mine), current, new).await.map(drop)
        };
        assert_eq!(change("not my passphrase", NEW).await.wrong_field().0, "current");
        for easy in ["short", "passwordpassword1", "ana ruiz ana ruiz", PASSPHRASE] {
            assert_eq!(change(PASSPHRASE, easy).await.wrong_field().0, "password", "{easy}");
        }
        assert!(resolve(&world, mine.cookie.expose()).await.is_some());
        world.deliver().await;
        assert!(world.smtp.taken().is_empty());
        // Guessing waits, as at sign-in.
        for _ in 0..5 {
            change("not my passphrase", NEW).await.wrong_field();
        }
        change(PASSPHRASE, NEW).await.too_many();
    }

    async fn the_sessions_are_listed_with_browser_address_and_times(world: World) {
        world.owner().await;
        let old = sign_in(&world).await;
        world.advance(TimeDelta::hours(1));
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        let meta = rolecall_backend::RequestMeta {
            user_agent: firefox.into(),
            address: [198, 51, 100, 9].into(),
            ..meta("sign-in")
        };
        let mine = sign_in::with_password(&world.app, &meta, OWNER, PASSPHRASE).await.unwrap();
        let seen = page(&world, &mine).await;
        assert_eq!((seen.name.as_str(), seen.email.as_str()), ("Ana Ruiz", OWNER));
        assert!(seen.email_verified && seen.has_password && seen.mail && seen.pending_email.is_none());
        // The one of set-up is the third.
        assert_eq!(seen.sessions.len(), 3);
        let now = world.now();
        assert_eq!(seen.sessions[0], SessionRow {
            id: mine.session.id,
            current: true,
            browser: "Firefox on Linux".into(),
            address: "198.51.100.9".into(),
            started_at: now,
            last_seen_at: now,
        });
        assert!(seen.sessions[1..].iter().all(|s| !s.current && s.browser == "Unknown browser"));
        // This one is first also when another was used later, and what timed out is gone.
        world.advance(sessions::IDLE - TimeDelta::hours(1));
        resolve(&world, mine.cookie.expose()).await.unwrap();
        let listed: Vec<_> = page(&world, &mine).await.sessions.into_iter().map(|s| s.id).collect();
        assert_eq!(listed, [mine.session.id]);
        assert!(resolve(&world, old.cookie.expose()).await.is_none());
    }

    async fn a_session_is_ended_from_another_one(world: World) {
        world.owner().await;
        let (mine, other) = (sign_in(&world).await, sign_in(&world).await);
        let end = async |id| account::end_session(&world.app, &caller(&mine), id).await;
        end(other.session.id).await.unwrap();
        assert!(resolve(&world, other.cookie.expose()).await.is_none());
        assert!(resolve(&world, mine.cookie.expose()).await.is_some());
        assert_eq!(world.trail(None).await.pop().unwrap().action, "session.ended");
        assert_eq!(end(other.session.id).await.not_found(), "session", "twice");
        end(mine.session.id).await.conflict();
        assert!(resolve(&world, mine.cookie.expose()).await.is_some());
    }

    async fn somebody_elses_session_is_like_one_that_does_not_exist(world: World) {
        world.owner().await;
        let kim = world.another_owner("kim@example.org", "Kiosk", "cloud-account").await;
        let mine = sign_in(&world).await;
        let theirs = kim.caller.session.id;
        let tried = account::end_session(&world.app, &caller(&mine), theirs).await;
        assert_eq!(tried.not_found(), "session");
        account::end_others(&world.app, &caller(&mine)).await.unwrap();
        let left = account::load(&world.app, &kim.caller).await.unwrap().sessions;
        assert!(left.iter().any(|session| session.id == theirs));
    }

    async fn all_other_sessions_end_at_once(world: World) {
        world.owner().await;
        let (mine, other) = (sign_in(&world).await, sign_in(&world).await);
        assert_eq!(account::end_others(&world.app, &caller(&mine)).await.unwrap(), 2);
        assert!(resolve(&world, other.cookie.expose()).await.is_none());
        assert!(resolve(&world, mine.cookie.expose()).await.is_some());
        let rows = world.trail(None).await;
        assert_eq!(rows.last().unwrap().detail, r#"{"sessions":2}"#);
        // Nothing to end is nothing to write down.
        assert_eq!(account::end_others(&world.app, &caller(&mine)).await.unwrap(), 0);
        assert_eq!(world.trail(None).await.len(), rows.len());
    }
}
