//! Proving again who one is, before what is dangerous (rules 3 and 8).

use chrono::TimeDelta;
use rolecall_backend::{
    Caller, Session,
    service::{
        Failure, SignedIn, access, sessions, sign_in,
        sudo::{self, WINDOW},
    },
};
use rolecall_shared::access::MemberAccess;

use crate::support::{
    World,
    actors::Owner,
    answers::Refusal as _,
    both,
    world::{OWNER, PASSPHRASE, meta},
};

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

async fn sign_in(world: &World) -> SignedIn {
    sign_in::with_password(&world.app, &meta("sign-in"), OWNER, PASSPHRASE)
        .await
        .unwrap()
}

async fn resolve(world: &World, cookie: &str) -> Option<Session> {
    sessions::resolve(&world.app, cookie).await.unwrap()
}

fn need(world: &World, session: &Session) -> Result<(), Failure> {
    let caller = Caller {
        session: session.clone(),
        meta: meta("order"),
    };
    sudo::need(&world.app, &caller)
}

async fn role_order(owner: &Owner, role: &str) -> MemberAccess {
    MemberAccess {
        role: owner.role(role).await,
        groups: Vec::new(),
        direct: rolecall_shared::access::GrantView::default(),
    }
}

both! {
    async fn a_proof_is_fresh_for_a_quarter_of_an_hour(world: World) {
        world.owner().await;
        let signed_in = sign_in(&world).await;
        let cookie = signed_in.cookie.expose();
        need(&world, &signed_in.session).unwrap();
        world.advance(WINDOW);
        need(&world, &resolve(&world, cookie).await.unwrap()).unwrap();
        world.advance(MOMENT);
        let session = resolve(&world, cookie).await.unwrap();
        let refused = need(&world, &session).failure();
        assert!(matches!(refused, Failure::ConfirmFirst), "{refused:?}");
        let error = refused.to_api("one");
        assert_eq!(error.code.status(), 403);
        assert!(serde_json::to_string(&error).unwrap().contains(r#""code":"confirm_first""#));
    }

    async fn confirming_makes_the_proof_fresh_and_gives_the_session_another_secret(world: World) {
        world.owner().await;
        let before = sign_in(&world).await;
        world.advance(TimeDelta::hours(3));
        let secret = sudo::confirm(&world.app, &meta("confirm"), &before.session, PASSPHRASE)
            .await
            .unwrap();
        assert!(resolve(&world, before.cookie.expose()).await.is_none(), "the old secret is worth nothing");
        let session = resolve(&world, secret.expose()).await.unwrap();
        assert_eq!(session.id, before.session.id, "it is the same session");
        assert_eq!(session.confirmed_at, world.clock.now());
        need(&world, &session).unwrap();
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!((row.action.as_str(), row.request_id.as_str()), ("session.confirmed", "confirm"));
        // The time of a session runs from signing in all the same (rule 4).
        world.advance(sessions::IDLE);
        assert!(resolve(&world, secret.expose()).await.is_none());
    }

    async fn a_wrong_password_confirms_nothing_and_is_in_the_trail(world: World) {
        world.owner().await;
        let signed_in = sign_in(&world).await;
        world.advance(TimeDelta::hours(1));
        let tried = sudo::confirm(&world.app, &meta("confirm"), &signed_in.session, "not my passphrase").await;
        let (field, _) = tried.map(drop).wrong_field();
        assert_eq!(field, "password");
        let session = resolve(&world, signed_in.cookie.expose()).await.unwrap();
        assert!(need(&world, &session).is_err());
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!((row.action.as_str(), row.target_label.as_str()), ("session.refused", OWNER.to_lowercase().as_str()));
    }

    async fn guessing_through_the_confirmation_waits_like_guessing_at_sign_in(world: World) {
        world.owner().await;
        let session = sign_in(&world).await.session;
        let confirm = async |password: &str| {
            sudo::confirm(&world.app, &meta("confirm"), &session, password).await.map(drop)
        };
        for _ in 0..3 {
            confirm("not my passphrase").await.wrong_field();
        }
        let at_sign_in = async || {
            sign_in::with_password(&world.app, &meta("sign-in"), OWNER, "not it either").await.map(drop)
        };
        for _ in 0..3 {
            at_sign_in().await.wrong_field();
        }
        confirm(PASSPHRASE).await.too_many();
        world.advance(TimeDelta::minutes(1));
        confirm(PASSPHRASE).await.unwrap();
        // The right password clears the count, here as there.
        for _ in 0..5 {
            confirm("not my passphrase").await.wrong_field();
        }
    }

    async fn a_session_that_ended_is_not_confirmed_back_to_life(world: World) {
        world.owner().await;
        let signed_in = sign_in(&world).await;
        sessions::end(&world.app, &meta("out"), &signed_in.session).await.unwrap();
        let tried = sudo::confirm(&world.app, &meta("confirm"), &signed_in.session, PASSPHRASE).await;
        assert!(matches!(tried.map(drop).failure(), Failure::NotSignedIn));
        let row = world.trail(None).await.pop().unwrap();
        assert_eq!(row.action, "session.ended");
    }

    async fn another_role_needs_a_fresh_proof_and_a_no_comes_before_it(world: World) {
        let owner = world.owner().await;
        let ben = owner.enrol("Ben Okafor", "ben@example.org", "Viewer").await;
        let member = owner.member_id("ben@example.org").await;
        world.advance(TimeDelta::hours(1));
        let order = role_order(&owner, "Operator").await;
        let update = async |caller: &Caller, order: &MemberAccess| {
            access::update(&world.app, caller, &owner.slug, member, 1, order).await
        };
        let refused = update(&owner.caller, &order).await.failure();
        assert!(matches!(refused, Failure::ConfirmFirst), "{refused:?}");
        // Who may not do it at all is not asked for a password.
        let refused = update(&ben.caller, &order).await.failure();
        assert!(matches!(refused, Failure::Denied(_)), "{refused:?}");
        // The same role again is no change of it.
        update(&owner.caller, &role_order(&owner, "Viewer").await).await.unwrap();
        assert_eq!(owner.member("ben@example.org").await.unwrap().role.name, "Viewer");
        update(&owner.confirmed().caller, &order).await.unwrap();
        assert_eq!(owner.member("ben@example.org").await.unwrap().role.name, "Operator");
    }
}
