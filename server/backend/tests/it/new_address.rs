//! Another address for the own account (rule 16).

use chrono::TimeDelta;
use rolecall_backend::service::{
    Failure,
    account::{self, AddressChange, reset},
    sessions, sign_in,
};
use rolecall_shared::invitation::InvitationStatus;

use crate::support::{
    World,
    actors::Person,
    answers::Refusal as _,
    both,
    world::{OWNER, PASSPHRASE, meta},
};

const NEW: &str = "Ana@new.example";
const SUBJECT: &str = "Confirm your new e-mail address";

async fn ask(person: &Person, email: &str) -> Result<(), Failure> {
    account::change_email(&person.world.app, &person.caller, email).await
}

/// Asks and gives the token of the mail.
async fn token(person: &Person) -> String {
    ask(person, NEW).await.unwrap();
    person
        .world
        .mail_for(NEW, SUBJECT)
        .await
        .token_to("confirm-email")
}

async fn open(world: &World, token: &str) -> Option<AddressChange> {
    account::open_email_link(&world.app, token).await.unwrap()
}

async fn confirm(world: &World, token: &str) -> Result<String, Failure> {
    account::confirm_email(&world.app, &meta("confirm"), token).await
}

async fn signs_in(world: &World, email: &str) -> bool {
    sign_in::with_password(&world.app, &meta("sign-in"), email, PASSPHRASE)
        .await
        .is_ok()
}

both! {
    async fn a_confirmed_address_takes_the_place_of_the_old_one(world: World) {
        let owner = world.owner().await;
        let other = sign_in::with_password(&world.app, &meta("sign-in"), OWNER, PASSPHRASE).await.unwrap();
        let token = token(&owner).await;
        let told = world.mail_for(OWNER, "Somebody asked to change").await.text();
        assert!(told.contains(NEW) && told.contains("If it was not you"), "{told}");
        let pending = account::load(&world.app, &owner.caller).await.unwrap().pending_email.unwrap();
        assert_eq!(pending.email, NEW);
        assert!(signs_in(&world, OWNER).await && !signs_in(&world, NEW).await, "nothing is changed yet");

        let change = AddressChange { name: "Ana Ruiz".into(), before: OWNER.into(), after: NEW.into() };
        assert_eq!(open(&world, &token).await, Some(change));
        assert_eq!(confirm(&world, &token).await.unwrap(), NEW);
        assert!(!signs_in(&world, OWNER).await && signs_in(&world, NEW).await);
        assert_eq!(owner.member(&NEW.to_lowercase()).await.unwrap().email, NEW);
        let row = world.trail(None).await.into_iter().find(|row| row.action == "email.changed").unwrap();
        assert_eq!((row.actor_kind.as_str(), row.target_label.as_str()), ("visitor", NEW));
        assert!(row.detail.contains(OWNER), "{}", row.detail);
        let told = world.mail_for(OWNER, "Your e-mail address was changed").await.text();
        assert!(told.contains(NEW) && told.contains("If it was not you"), "{told}");
        // All sessions ended but the one that asked.
        assert!(sessions::resolve(&world.app, other.cookie.expose()).await.unwrap().is_none());
        let listed = account::load(&world.app, &owner.caller).await.unwrap();
        assert!(listed.sessions.iter().any(|session| session.current));
        assert_eq!((listed.email.as_str(), listed.pending_email), (NEW, None));
        assert_eq!(confirm(&world, &token).await.not_found(), "link", "twice");
    }

    async fn asking_needs_a_fresh_proof(world: World) {
        let owner = world.owner().await;
        world.advance(TimeDelta::minutes(16));
        let refused = ask(&owner, NEW).await.failure();
        assert!(matches!(refused, Failure::ConfirmFirst), "{refused:?}");
        // What can not be asked for at all does not ask for a password.
        assert_eq!(ask(&owner, "not an address").await.wrong_field().0, "email");
        assert_eq!(ask(&owner, "ana.ruiz@EXAMPLE.org").await.wrong_field().0, "email");
        assert_eq!(world.count("account_links").await, 0);
        ask(&owner.confirmed(), NEW).await.unwrap();
    }

    async fn a_link_works_for_a_day_and_only_the_newest_and_looking_changes_nothing(world: World) {
        let owner = world.owner().await;
        let (first, second) = (token(&owner).await, token(&owner).await);
        assert_eq!(open(&world, &first).await, None);
        assert_eq!(confirm(&world, &first).await.not_found(), "link");
        let before = world.database.dump().await;
        for _ in 0..3 {
            open(&world, &second).await.unwrap();
        }
        assert_eq!(world.database.dump().await, before);
        world.advance(TimeDelta::hours(24));
        assert_eq!(open(&world, &second).await, None);
        assert_eq!(confirm(&world, &second).await.not_found(), "link");
        // A link for one thing does nothing else.
        let again = token(&owner.confirmed()).await;
        assert_eq!(reset::open(&world.app, &again).await.unwrap(), None);
        for nonsense in ["", "x", "\0"] {
            assert_eq!(open(&world, nonsense).await, None);
        }
    }

    async fn a_change_that_waits_is_withdrawn_or_ended_by_a_new_password(world: World) {
        let owner = world.owner().await;
        let first = token(&owner).await;
        account::withdraw_email(&world.app, &owner.caller).await.unwrap();
        assert_eq!(open(&world, &first).await, None);
        assert_eq!(world.trail(None).await.pop().unwrap().action, "email.change_withdrawn");
        let rows = world.trail(None).await.len();
        account::withdraw_email(&world.app, &owner.caller).await.unwrap();
        assert_eq!(world.trail(None).await.len(), rows, "twice is fine");

        let second = token(&owner).await;
        reset::ask(&world.app, &meta("forgot"), OWNER).await.unwrap();
        let link = world.mail_for(OWNER, "Choose a new password").await.token_to("reset");
        reset::choose(&world.app, &meta("reset"), &link, "thimble velvet orbit lantern").await.unwrap();
        assert_eq!(open(&world, &second).await, None, "whoever knew the old password gains nothing");
    }

    async fn links_and_invitations_to_the_old_address_die(world: World) {
        let owner = world.owner().await;
        let kim = world.another_owner("kim@example.org", "Kiosk", "cloud-account").await;
        let id = kim.invite(OWNER, "Viewer").await;
        let holder = world.invited(OWNER).await;
        let other = kim.invite("ben@example.org", "Viewer").await;
        reset::ask(&world.app, &meta("forgot"), OWNER).await.unwrap();
        let link = world.mail_for(OWNER, "Choose a new password").await.token_to("reset");
        let token = token(&owner).await;
        confirm(&world, &token).await.unwrap();
        assert_eq!(reset::open(&world.app, &link).await.unwrap(), None);
        assert_eq!(kim.row(id).await.status, InvitationStatus::Revoked);
        assert_eq!(kim.row(other).await.status, InvitationStatus::Pending);
        assert_eq!(kim.actions().await.last().unwrap(), "invitation.revoked");
        assert!(holder.joins("Somebody").await.is_err());
    }

    async fn an_address_that_somebody_has_is_refused_where_the_mailbox_is_proven(world: World) {
        let owner = world.owner().await;
        let kim = world.another_owner("kim@example.org", "Kiosk", "cloud-account").await;
        let id = kim.invite(OWNER, "Viewer").await;
        // Asking does not tell.
        ask(&owner, "KIM@example.org").await.unwrap();
        let token = world.mail_for("KIM@example.org", SUBJECT).await.token_to("confirm-email");
        let told = confirm(&world, &token).await.conflict();
        assert!(told.contains("another account"), "{told}");
        assert_eq!(kim.row(id).await.status, InvitationStatus::Pending, "nothing was changed");
        assert!(signs_in(&world, OWNER).await && signs_in(&world, "kim@example.org").await);
    }

    async fn asking_is_limited(world: World) {
        let owner = world.owner().await;
        for n in 0..5 {
            ask(&owner, &format!("ana{n}@new.example")).await.unwrap();
        }
        ask(&owner, NEW).await.too_many();
        let kim = world.another_owner("kim@example.org", "Kiosk", "cloud-account").await;
        for _ in 0..5 {
            ask(&kim, NEW).await.unwrap();
        }
        world.advance(TimeDelta::hours(1));
        // Nobody's mailbox is filled by one who asks again and again.
        ask(&owner.confirmed(), NEW).await.too_many();
    }

    async fn without_a_mail_server_the_address_stays(world: World) {
        let owner = world.owner().await;
        let alone = owner.on(&world.without_mail());
        let told = ask(&alone, NEW).await.conflict();
        assert!(told.contains("can not send mail"), "{told}");
    }

    async fn of_two_who_confirm_at_once_one_does(world: World) {
        let owner = world.owner().await;
        let token = token(&owner).await;
        let (one, two) = tokio::join!(confirm(&world, &token), confirm(&world, &token));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    }
}
