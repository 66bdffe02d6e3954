//! Links that a colleague copied: they prove nothing about the mailbox, a mailed code does (R-16).

use chrono::TimeDelta;
use rolecall_backend::service::acceptance::{CodeStep, Ended, Newer, Who};
use rolecall_shared::invitation::{Delivery, InvitationPolicy, InvitationStatus, MailKind};
use tokio::task::JoinSet;

use crate::support::{
    World,
    answers::{Over as _, Refusal as _, open},
    both,
    world::PASSPHRASE,
};

const AMARA: &str = "amara@example.org";

/// Any code but this one.
fn not(code: &str) -> String {
    let first = if code.starts_with('1') { '2' } else { '1' };
    format!("{first}{}", &code[1..])
}

both! {
    async fn a_copied_link_needs_the_code_that_was_mailed_to_the_address(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = owner.hands_over(id).await;
        let step = |sent| Who::Either {
            code: CodeStep::Needed { sent },
        };
        assert_eq!(open(holder.opens().await).1, step(false));
        let (field, told) = holder.joins("Amara").await.wrong_field();
        assert!(field == "code" && told.contains("Ask for a code"), "{told}");

        holder.asks_for_a_code().await.unwrap();
        assert_eq!(open(holder.opens().await).1, step(true));
        let mail = world.mail_for(AMARA, "Your code to join Northwind").await;
        assert!(
            !mail.text().contains("/invite/"),
            "the code mail carries no link"
        );
        let code = mail.code();
        let (field, told) = holder
            .joins_with_code("Amara", &not(&code))
            .await
            .wrong_field();
        assert!(field == "code" && told.contains("not the code"), "{told}");
        assert_eq!(world.count("users").await, 1);
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let joined = holder.joins_with_code("Amara", &spaced).await.unwrap();
        assert!(joined.signed_in.unwrap().session.email_verified);
        assert_eq!(world.count("invitation_codes").await, 0);
        let actions = owner.actions().await;
        assert!(actions.contains(&"invitation.link_copied".to_owned()));
        assert!(actions.contains(&"invitation.code_sent".to_owned()));
    }

    async fn five_wrong_tries_lock_a_code_and_a_new_one_works(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = owner.hands_over(id).await;
        holder.asks_for_a_code().await.unwrap();
        let code = world.code_for(AMARA).await;
        for _ in 0..5 {
            let (_, told) = holder
                .joins_with_code("Amara", &not(&code))
                .await
                .wrong_field();
            assert!(told.contains("not the code"), "{told}");
        }
        let (_, told) = holder.joins_with_code("Amara", &code).await.wrong_field();
        assert!(told.contains("tried too often"), "{told}");
        let trail = world.trail(Some(owner.workspace().await)).await;
        let refused: Vec<_> = trail
            .iter()
            .filter(|row| row.action == "invitation.code_refused")
            .collect();
        assert_eq!(refused.len(), 1, "the first of them, then the tenth");
        assert_eq!(refused[0].actor_kind, "visitor");
        assert_eq!(refused[0].detail, r#"{"tries_in_an_hour":1}"#);
        world.advance(TimeDelta::seconds(1));
        holder.asks_for_a_code().await.unwrap();
        let newer = world.code_for(AMARA).await;
        assert_ne!(newer, code);
        holder.joins_with_code("Amara", &newer).await.unwrap();
    }

    async fn tries_at_the_same_moment_count_like_tries_one_after_the_other(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = owner.hands_over(id).await;
        holder.asks_for_a_code().await.unwrap();
        let code = world.code_for(AMARA).await;
        // All wait for the lock of the workspace, then go on together.
        let lock = world
            .app
            .store()
            .lock(owner.workspace().await)
            .await
            .unwrap();
        let mut tries = JoinSet::new();
        for _ in 0..8 {
            let (holder, wrong) = (holder.clone(), not(&code));
            tries.spawn(async move {
                holder
                    .joins_with_code("Amara", &wrong)
                    .await
                    .wrong_field()
                    .1
            });
        }
        tokio::time::sleep(std::time::Duration::from_millis(900)).await;
        drop(lock);
        let told = tries.join_all().await;
        let judged = told
            .iter()
            .filter(|told| told.contains("not the code"))
            .count();
        assert_eq!(judged, 5, "{told:?}");
    }

    async fn a_code_ends_after_fifteen_minutes_and_five_are_sent_in_an_hour(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = owner.hands_over(id).await;
        holder.asks_for_a_code().await.unwrap();
        let code = world.code_for(AMARA).await;
        world.advance(TimeDelta::minutes(15));
        assert_eq!(
            open(holder.opens().await).1,
            Who::Either {
                code: CodeStep::Needed { sent: false }
            }
        );
        let (_, told) = holder.joins_with_code("Amara", &code).await.wrong_field();
        assert!(told.contains("has expired"), "{told}");
        for _ in 0..4 {
            holder.asks_for_a_code().await.unwrap();
        }
        let (wait, told) = holder.asks_for_a_code().await.too_many();
        assert!(told.contains("5 codes an hour"), "{told}");
        world.advance(TimeDelta::seconds(wait.into()));
        holder.asks_for_a_code().await.unwrap();
    }

    async fn a_code_is_not_mailed_once_its_invitation_is_revoked(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = owner.hands_over(id).await;
        world.deliver().await;
        holder.asks_for_a_code().await.unwrap();
        owner.revoke(id, owner.row(id).await.version).await.unwrap();
        world.deliver().await;
        assert_eq!(world.smtp.taken().len(), 1, "the invitation and nothing else");
        let left = "SELECT status FROM outbox WHERE kind = 'code' AND sealed IS NULL";
        assert_eq!(world.database.texts(left, &[]).await, ["dropped"]);
    }

    async fn a_new_copy_ends_the_older_copy_and_not_the_mailed_link(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let mailed = world.invited(AMARA).await;
        let first = owner.hands_over(id).await;
        world.advance(TimeDelta::minutes(1));
        let second = owner.hands_over(id).await;
        // The mailed link works all the same, but this one was handed over, and so was the newer one.
        let replaced = |newer| Ended::Replaced {
            workspace: "Northwind".into(),
            inviter_name: "Ana Ruiz".into(),
            newer_at: world.now(),
            newer,
        };
        assert_eq!(first.opens().await.ended(), replaced(Newer::Copied));
        open(second.opens().await);
        assert_eq!(
            open(mailed.opens().await).1,
            Who::New {
                code: CodeStep::NotNeeded
            }
        );
        owner.resend(id, owner.row(id).await.version).await.unwrap();
        for dead in [&mailed, &first, &second] {
            assert_eq!(dead.opens().await.ended(), replaced(Newer::Mailed));
        }
        open(world.invited(AMARA).await.opens().await);
    }

    async fn copying_can_be_switched_off(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let policy = InvitationPolicy {
            copy_link: false,
            hours: 72,
            allowed_domains: Vec::new(),
        };
        owner.set_policy(policy).await.unwrap();
        let told = owner.copy_link(id).await.conflict();
        assert!(told.contains("switched off"), "{told}");
        world.invited(AMARA).await.joins("Amara").await.unwrap();
    }

    async fn declining_needs_the_mailed_link_or_the_persons_own_session(world: World) {
        let owner = world.owner().await;
        let ola = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let id = owner.invite("ola@example.org", "Viewer").await;
        let copied = owner.hands_over(id).await;
        for told in [
            copied.declines().await.conflict(),
            copied.declines_as(&owner).await.conflict(),
        ] {
            assert!(told.contains("mailed to ola@example.org"), "{told}");
        }
        // An account with the address, but without proof of the mailbox, is not the person.
        let mut unproven = ola.0.clone();
        unproven.caller.session.email_verified = false;
        copied.declines_as(&unproven).await.conflict();
        assert_eq!(owner.row(id).await.status, InvitationStatus::Pending);
        copied.declines_as(&ola).await.unwrap();
        assert_eq!(owner.row(id).await.status, InvitationStatus::Declined);
        let row = world
            .trail(Some(owner.workspace().await))
            .await
            .pop()
            .unwrap();
        assert_eq!(row.actor_label, "Ola Berg <ola@example.org>");
    }

    async fn the_holder_of_a_copied_link_is_not_told_whether_there_is_an_account(world: World) {
        let owner = world.owner().await;
        world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let known = owner.invite("ola@example.org", "Viewer").await;
        let unknown = owner.invite(AMARA, "Viewer").await;
        let (known, unknown) = (
            owner.hands_over(known).await,
            owner.hands_over(unknown).await,
        );
        assert_eq!(open(known.opens().await).1, open(unknown.opens().await).1);
        let told = |holder: crate::support::holder::Holder| async move {
            (
                holder.joins("Somebody").await.wrong_field(),
                holder.joins_with_password("wrong").await.wrong_field(),
            )
        };
        assert_eq!(told(known.clone()).await, told(unknown).await);
        // With the passphrase of a proven account no code is needed.
        known.joins_with_password(PASSPHRASE).await.unwrap();
    }

    async fn a_mailed_link_needs_no_code(world: World) {
        let owner = world.owner().await;
        owner.invite(AMARA, "Viewer").await;
        let told = world
            .invited(AMARA)
            .await
            .asks_for_a_code()
            .await
            .conflict();
        assert!(told.contains("needs no code"), "{told}");
        assert_eq!(world.count("outbox").await, 1);
    }

    async fn a_replaced_mail_leads_to_the_newer_mail_also_when_a_link_was_copied_since(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let first = world.invited(AMARA).await;
        world.advance(TimeDelta::minutes(1));
        owner.resend(id, 1).await.unwrap();
        world.advance(TimeDelta::minutes(1));
        owner.hands_over(id).await;
        let Ended::Replaced { newer, .. } = first.opens().await.ended() else {
            panic!("not replaced")
        };
        assert_eq!(newer, Newer::Mailed);
    }

    async fn codes_count_among_the_mails_of_an_address(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = owner.hands_over(id).await;
        for _ in 0..4 {
            for _ in 0..5 {
                holder.asks_for_a_code().await.unwrap();
            }
            world.advance(TimeDelta::hours(1));
        }
        for version in 1..=4 {
            let version = owner.row(id).await.version.max(version);
            owner.resend(id, version).await.unwrap();
        }
        // 1 invitation, 20 codes, 4 mails more.
        let holder = owner.hands_over(id).await;
        let before = world.database.dump().await;
        let (_, told) = holder.asks_for_a_code().await.too_many();
        assert!(told.contains("25 mails a day to one address"), "{told}");
        assert_eq!(world.database.dump().await, before);
    }

    async fn mails_with_codes_are_among_the_deliveries(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        world.advance(TimeDelta::seconds(1));
        owner.hands_over(id).await.asks_for_a_code().await.unwrap();
        let failed = "UPDATE outbox SET status = 'failed', last_error = 'No such mailbox.' WHERE kind = 'code'";
        assert_eq!(world.database.change(failed, &[]).await, 1);
        let mails = owner.deliveries(id).await.unwrap();
        let kinds: Vec<_> = mails.iter().map(|mail| mail.what).collect();
        assert_eq!(kinds, [MailKind::Invitation, MailKind::Code]);
        let reason = "No such mailbox.".to_owned();
        assert_eq!(mails[1].delivery, Delivery::Failed { reason });
        // The list tells of the invitation's own mail.
        assert_eq!(owner.row(id).await.delivery, Delivery::Queued);
    }

    async fn tries_to_join_have_a_limit_before_they_cost_a_hash(world: World) {
        let owner = world.owner().await;
        let id = owner.invite(AMARA, "Viewer").await;
        let holder = owner.hands_over(id).await;
        holder.asks_for_a_code().await.unwrap();
        let code = world.code_for(AMARA).await;
        holder.joins_with_code("Amara", &not(&code)).await.wrong_field();
        let used = "UPDATE throttles SET count = 30 WHERE key LIKE 'join:%'";
        assert_eq!(world.database.change(used, &[]).await, 1);
        let (wait, told) = holder.joins_with_code("Amara", &code).await.too_many();
        assert!(told.contains("30 tries an hour"), "{told}");
        world.advance(TimeDelta::seconds(wait.into()));
        holder.asks_for_a_code().await.unwrap();
        let code = world.code_for(AMARA).await;
        holder.joins_with_code("Amara", &code).await.unwrap();
    }
}
