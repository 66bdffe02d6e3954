//! The main story: somebody is invited by mail and joins.

use rolecall_backend::service::{
    acceptance::{self, CodeStep, Ended, NewPerson, Who},
    sessions,
};
use rolecall_shared::{
    invitation::{Delivery, InvitationStatus},
    member::MemberStatus,
};

use crate::support::{
    World,
    actors::Owner,
    answers::{Over as _, Refusal as _, open},
    both,
    world::{OWNER, PASSPHRASE, meta},
};

const AMARA: &str = "Amara.Diallo@example.org";

/// Amara is invited as an operator of the group Finance, with a note.
async fn invite_amara(owner: &Owner) {
    let finance = owner.add_group("Finance", "billing:manage").await;
    let mut order = owner.order(&[AMARA], "Operator").await;
    order.groups = vec![finance];
    order.note = "See you on Monday.\nAna".into();
    owner.send(order).await.unwrap();
}

both! {
    async fn the_invitation_is_listed_mailed_and_shown(world: World) {
        let owner = world.owner().await;
        invite_amara(&owner).await;
        // Nobody is there yet but the invitation and its mail.
        assert_eq!(world.count("users").await, 1);
        let waiting = owner.newest_row().await;
        assert_eq!(
            (waiting.email.as_str(), waiting.status),
            (AMARA, InvitationStatus::Pending)
        );
        assert_eq!(
            (waiting.role.name.as_str(), waiting.inviter.as_str()),
            ("Operator", "Ana Ruiz")
        );
        assert_eq!(waiting.groups[0].name, "Finance");
        assert_eq!(waiting.delivery, Delivery::Queued);
        assert_eq!(waiting.expires_at, world.now().plus_seconds(72 * 3_600));
        assert_eq!(owner.counts().await.pending, 1);

        let holder = world.invited(AMARA).await;
        assert_eq!(
            owner.row(waiting.id).await.delivery,
            Delivery::Sent { at: world.now() }
        );
        let mail = world
            .mail_for(AMARA, "Ana Ruiz invited you to join Northwind")
            .await;
        assert_eq!(mail.header("From"), "Rolecall <rolecall@example.org>");
        for part in [mail.text(), mail.html()] {
            for words in [
                "Northwind",
                "Operator",
                "Finance",
                "Monday",
                &holder.token,
                OWNER,
            ] {
                assert!(part.contains(words), "{words} is missing in {part}");
            }
        }
        assert!(mail.text().contains(&waiting.expires_at.absolute()));

        let (card, who) = open(holder.opens().await);
        assert_eq!(
            who,
            Who::New {
                code: CodeStep::NotNeeded
            }
        );
        assert_eq!(
            (card.workspace.as_str(), card.email.as_str()),
            ("Northwind", AMARA)
        );
        assert_eq!(
            (card.inviter_email.as_str(), card.role.as_str()),
            (OWNER, "Operator")
        );
        assert_eq!(card.note.as_deref(), Some("See you on Monday.\nAna"));
    }

    async fn the_person_joins_with_role_and_groups_and_the_inviter_is_told(world: World) {
        let owner = world.owner().await;
        invite_amara(&owner).await;
        let waiting = owner.newest_row().await;
        let holder = world.invited(AMARA).await;
        let joined = holder.joins("Amara  Diallo").await.unwrap();
        assert_eq!(
            (joined.workspace_slug.as_str(), joined.already_member),
            ("northwind", false)
        );
        let signed_in = joined.signed_in.unwrap();
        let session = sessions::resolve(&world.app, signed_in.cookie.expose())
            .await
            .unwrap();
        assert_eq!(session.as_ref(), Some(&signed_in.session));
        assert!(session.unwrap().email_verified);

        let amara = owner.member(AMARA).await.unwrap();
        assert_eq!(
            (amara.name.as_str(), amara.role.name.as_str()),
            ("Amara Diallo", "Operator")
        );
        assert_eq!(amara.groups[0].name, "Finance");
        assert_eq!(
            (amara.is_owner, amara.status),
            (false, MemberStatus::Active)
        );
        assert_eq!(amara.invited_by.as_deref(), Some("Ana Ruiz"));

        let done = owner.row(waiting.id).await;
        assert_eq!(
            (done.status, done.ended_at),
            (InvitationStatus::Accepted, Some(world.now()))
        );
        let counts = owner.counts().await;
        assert_eq!((counts.members, counts.pending, counts.groups), (2, 0, 1));
        let actions = owner.actions().await;
        assert_eq!(
            actions,
            [
                "workspace.created",
                "invitation.created",
                "invitation.accepted",
                "member.joined"
            ]
        );

        let notice = world.mail_for(OWNER, "Amara Diallo joined Northwind").await;
        assert!(notice.text().contains("Operator"));
        assert!(!notice.text().contains("/invite/"));

        // A second click is told what happened, and changes nothing (rule 24).
        let expected = Ended::Accepted {
            workspace: "Northwind".into(),
            workspace_slug: "northwind".into(),
            email: AMARA.into(),
        };
        assert_eq!(holder.opens().await.ended(), expected);
        assert_eq!(holder.joins("Amara").await.ended(), expected);
        assert_eq!(owner.actions().await.len(), actions.len());
    }

    async fn an_order_that_fails_at_its_end_leaves_no_invitation_and_no_mail(world: World) {
        let owner = world.owner().await;
        let order = owner.order(&[AMARA], "Viewer").await;
        world.database.change("DROP TABLE idempotency", &[]).await;
        let before = world.database.dump().await;
        owner.send(order).await.unwrap_err();
        assert_eq!(world.database.dump().await, before);
    }

    async fn opening_a_link_any_number_of_times_changes_nothing(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = world.invited(AMARA).await;
        let copied = owner.hands_over(id).await;
        let before = world.database.dump().await;
        for _ in 0..5 {
            open(holder.opens().await);
            open(holder.opens_as(&owner).await);
            open(copied.opens().await);
        }
        assert_eq!(world.database.dump().await, before);
        let (_, who) = open(holder.opens_as(&owner).await);
        assert_eq!(
            who,
            Who::Other {
                signed_in_as: OWNER.into()
            }
        );
    }

    async fn a_link_that_was_never_ours_is_unknown(world: World) {
        let owner = world.owner().await;
        owner.invite(AMARA, "Viewer").await;
        let token = world.invited(AMARA).await.token;
        let middle = token.len() / 2;
        let other = if &token[middle..=middle] == "A" {
            "B"
        } else {
            "A"
        };
        let tampered = format!("{}{other}{}", &token[..middle], &token[middle + 1..]);
        for text in [
            String::new(),
            "x".repeat(90),
            tampered,
            token[1..].into(),
            format!("{token}x"),
        ] {
            let holder = world.holder(text);
            assert_eq!(holder.opens().await.ended(), Ended::Unknown);
            assert_eq!(holder.joins("Amara").await.ended(), Ended::Unknown);
            assert_eq!(
                holder.joins_with_password(PASSPHRASE).await.ended(),
                Ended::Unknown
            );
            assert_eq!(holder.joins_as(&owner).await.ended(), Ended::Unknown);
            assert_eq!(holder.declines().await.ended(), Ended::Unknown);
            assert_eq!(holder.asks_for_a_code().await.ended(), Ended::Unknown);
        }
        // Rightly signed, but the row is gone: the row is the authority (rule 17).
        world
            .database
            .change("DELETE FROM invitation_links", &[])
            .await;
        assert_eq!(world.holder(token).opens().await.ended(), Ended::Unknown);
    }

    async fn wrong_input_consumes_nothing_and_the_form_can_be_sent_again(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = world.invited(AMARA).await;
        let before = world.database.dump().await;
        for (name, password, fields) in [
            ("", "short", ["name", "password"].as_slice()),
            ("Amara", "short", &["password"]),
            ("\u{202e}", PASSPHRASE, &["name"]),
            ("Amara", "amara.diallo@example.org", &["password"]),
            ("Amara", &"x".repeat(2_000), &["password"]),
        ] {
            let person = NewPerson {
                name: name.into(),
                password: password.into(),
                code: String::new(),
            };
            let refused =
                acceptance::join_new(&world.app, &meta("join"), &holder.token, person).await;
            assert_eq!(refused.wrong_fields(), fields, "{name:?}");
        }
        assert_eq!(world.database.dump().await, before);
        holder.joins("Amara").await.unwrap();
        assert_eq!(owner.row(id).await.status, InvitationStatus::Accepted);
    }

    async fn declining_ends_the_invitation_tells_the_inviter_and_allows_another(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = world.invited(AMARA).await;
        holder.declines().await.unwrap();
        let row = owner.row(id).await;
        assert_eq!(
            (row.status, row.ended_at),
            (InvitationStatus::Declined, Some(world.now()))
        );
        let declined = Ended::Declined {
            workspace: "Northwind".into(),
            inviter_name: "Ana Ruiz".into(),
        };
        assert_eq!(holder.opens().await.ended(), declined);
        assert_eq!(holder.declines().await.ended(), declined);
        assert_eq!(holder.joins("Amara").await.ended(), declined);
        assert_eq!(world.count("users").await, 1);
        world
            .mail_for(OWNER, &format!("{AMARA} declined to join Northwind"))
            .await;
        assert_eq!(owner.actions().await.last().unwrap(), "invitation.declined");

        owner.invite(AMARA, "Operator").await;
        world.invited(AMARA).await.joins("Amara").await.unwrap();
        assert_eq!(owner.member(AMARA).await.unwrap().role.name, "Operator");
    }
}
