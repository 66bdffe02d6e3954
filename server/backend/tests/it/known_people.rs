//! People who have an account already: they sign in, and nobody else joins in their place.

use rolecall_backend::service::{acceptance::Who, sessions};
use rolecall_shared::{invitation::InvitationStatus, member::MemberStatus};

use crate::support::{
    World,
    answers::{Refusal as _, open},
    both,
    world::PASSPHRASE,
};

const OLA: &str = "ola@example.org";

both! {
    async fn a_known_person_joins_with_their_passphrase(world: World) {
        let owner = world.owner().await;
        let ola = world.another_owner(OLA, "Harbor", "portal").await;
        let id = owner.invite("Ola@Example.org", "Operator").await;
        let holder = world.invited("Ola@example.org").await;
        assert_eq!(open(holder.opens().await).1, Who::Known);

        let before = world.count("audit_events").await;
        let (field, message) = holder
            .joins_with_password("not my passphrase")
            .await
            .wrong_field();
        assert!(
            field == "password" && message.contains("do not belong together"),
            "{message}"
        );
        // The refusal is in the trail of the installation; nothing was consumed.
        assert_eq!(world.count("audit_events").await, before + 1);
        assert_eq!(
            world.trail(None).await.last().unwrap().action,
            "session.refused"
        );
        assert_eq!(owner.row(id).await.status, InvitationStatus::Pending);

        // Nobody makes a second account for the address, or a new passphrase for the first.
        let (field, message) = holder.joins("Mallory").await.wrong_field();
        assert!(
            field == "password" && message.contains("has an account already"),
            "{message}"
        );
        assert_eq!(owner.row(id).await.status, InvitationStatus::Pending);

        let joined = holder.joins_with_password(PASSPHRASE).await.unwrap();
        let session = joined.signed_in.unwrap();
        assert_ne!(session.session.id, ola.caller.session.id);
        assert_eq!(session.session.user, ola.caller.session.user);
        assert!(
            sessions::resolve(&world.app, session.cookie.expose())
                .await
                .unwrap()
                .is_some()
        );
        let row = owner.member(OLA).await.unwrap();
        assert_eq!(
            (row.name.as_str(), row.role.name.as_str()),
            ("Ola Berg", "Operator")
        );
        assert_eq!(world.count("users").await, 2);
    }

    async fn a_signed_in_person_joins_and_keeps_their_session(world: World) {
        let owner = world.owner().await;
        let ola = world.another_owner(OLA, "Harbor", "portal").await;
        owner.invite(OLA, "Viewer").await;
        let holder = world.invited(OLA).await;
        assert_eq!(
            open(holder.opens_as(&ola).await).1,
            Who::SignedIn {
                name: "Ola Berg".into()
            }
        );
        let sessions = world.count("sessions").await;
        let joined = holder.joins_as(&ola).await.unwrap();
        assert!(joined.signed_in.is_none() && !joined.already_member);
        assert_eq!(world.count("sessions").await, sessions);
        assert_eq!(owner.member(OLA).await.unwrap().role.name, "Viewer");
        let row = world
            .trail(Some(owner.workspace().await))
            .await
            .pop()
            .unwrap();
        assert_eq!(
            (row.action.as_str(), row.actor_label.as_str()),
            ("member.joined", "Ola Berg <ola@example.org>")
        );
    }

    async fn another_account_is_refused_and_nothing_is_consumed(world: World) {
        let owner = world.owner().await;
        let ola = world.another_owner(OLA, "Harbor", "portal").await;
        owner.invite("amara@example.org", "Viewer").await;
        let holder = world.invited("amara@example.org").await;
        assert_eq!(
            open(holder.opens_as(&ola).await).1,
            Who::Other {
                signed_in_as: OLA.into()
            }
        );
        let before = world.database.dump().await;
        let told = holder.joins_as(&ola).await.conflict();
        assert!(
            told.contains("amara@example.org") && told.contains("Switch"),
            "{told}"
        );
        assert_eq!(world.database.dump().await, before);
        holder.joins("Amara").await.unwrap();
    }

    async fn accepting_while_a_member_touches_neither_role_nor_status(world: World) {
        let owner = world.owner().await;
        for (email, suspended) in [("active@example.org", false), ("asleep@example.org", true)] {
            let id = owner.invite(email, "Viewer").await;
            let holder = world.invited(email).await;
            // They got in by another way meanwhile, with a role of their own.
            let person = owner.enrol("Mira Holm", email, "Admin").await;
            if suspended {
                owner.suspend(email).await;
            }
            let joined = holder.joins_as(&person).await.unwrap();
            assert!(joined.already_member);
            let row = owner.member(email).await.unwrap();
            let status = if suspended {
                MemberStatus::Suspended
            } else {
                MemberStatus::Active
            };
            assert_eq!((row.role.name.as_str(), row.status), ("Admin", status));
            assert_eq!(owner.row(id).await.status, InvitationStatus::Accepted);
            let actions = owner.actions().await;
            assert_eq!(actions.last().unwrap(), "invitation.accepted");
            let via = world
                .database
                .texts("SELECT via FROM invitations WHERE id = $1", &[id.into()])
                .await;
            assert_eq!(via, ["no-op"]);
        }
        assert!(!owner.actions().await.contains(&"member.joined".to_owned()));
    }

    async fn the_inviter_is_not_told_whether_an_address_has_an_account(world: World) {
        let owner = world.owner().await;
        world.another_owner(OLA, "Harbor", "portal").await;
        let verdicts = owner.verdicts(&[OLA, "nobody@example.org"], "Viewer").await;
        assert!(verdicts.iter().all(|v| matches!(
            v,
            rolecall_shared::invitation::Verdict::Invited { link: None, .. }
        )));
        let mut rows = owner.rows().await;
        for row in &mut rows {
            // Everything but the identity of the row is the same.
            (row.id, row.email) = (uuid::Uuid::nil().into(), String::new());
        }
        assert_eq!(rows[0], rows[1]);
    }

    async fn guessing_the_passphrase_through_a_link_is_throttled_like_signing_in(world: World) {
        let owner = world.owner().await;
        world.another_owner(OLA, "Harbor", "portal").await;
        owner.invite(OLA, "Viewer").await;
        let holder = world.invited(OLA).await;
        for _ in 0..6 {
            holder
                .joins_with_password("a wrong passphrase")
                .await
                .wrong_field();
        }
        let (wait, _) = holder.joins_with_password(PASSPHRASE).await.too_many();
        world.advance(chrono::TimeDelta::seconds(wait.into()));
        holder.joins_with_password(PASSPHRASE).await.unwrap();
    }

    async fn a_person_without_workspaces_left_can_be_invited_back(world: World) {
        let owner = world.owner().await;
        let mira = owner.enrol("Mira Holm", "mira@example.org", "Admin").await;
        owner.remove("mira@example.org").await;
        assert_eq!(mira.all_members().await.not_found(), "workspace");
        owner.invite("mira@example.org", "Viewer").await;
        world
            .invited("mira@example.org")
            .await
            .joins_as(&mira)
            .await
            .unwrap();
        // The old rights do not come back.
        assert_eq!(mira.options().await.denied(), "team:manage");
    }
}
