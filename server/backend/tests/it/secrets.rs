//! No secret stands anywhere but with the one it was made for (R-04, rules 1, 25, 64).

use rolecall_backend::service::{
    account::{self, reset},
    sign_in, sudo,
};
use rolecall_shared::invitation::Verdict;

use crate::support::{
    World, both,
    world::{OWNER, PASSPHRASE, meta},
};

/// How a dump writes the bytes of a text.
fn hexadecimal(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

both! {
    async fn no_secret_stands_in_the_database_or_in_the_trail(world: World) {
        let owner = world.owner().await;
        let mut secrets = vec![PASSPHRASE.to_owned()];

        let amara = owner.invite("amara@example.org", "Viewer").await;
        secrets.push(world.invited("amara@example.org").await.token);
        owner.resend(amara, 1).await.unwrap();
        owner
            .change_role(amara, 2, owner.role("Operator").await)
            .await
            .unwrap();
        secrets.push(world.invited("amara@example.org").await.token);
        let copied = owner.hands_over(amara).await;
        copied.asks_for_a_code().await.unwrap();
        let code = world.code_for("amara@example.org").await;
        let joined = copied.joins_with_code("Amara", &code).await.unwrap();
        secrets.extend([copied.token, code]);
        secrets.push(joined.signed_in.unwrap().cookie.expose().to_owned());

        // Mail that still waits is sealed; links given without a mail server are in the answer only.
        owner.invite("waits@example.org", "Viewer").await;
        let order = owner.order(&["lone@example.org"], "Viewer").await;
        let alone = owner.on(&world.without_mail());
        let answers = alone.send(order.clone()).await.unwrap();
        let Verdict::Invited {
            link: Some(link), ..
        } = &answers[0].verdict
        else {
            panic!("no link: {answers:?}")
        };
        secrets.push(link.rsplit('/').next().unwrap().to_owned());
        assert_eq!(
            alone.send(order).await.unwrap(),
            answers,
            "the same order, the same answer"
        );

        let address = "amara@example.org";
        let again = sign_in::with_password(&world.app, &meta("x"), address, PASSPHRASE).await;
        secrets.push(again.unwrap().cookie.expose().to_owned());
        sign_in::with_password(&world.app, &meta("x"), address, "not my passphrase")
            .await
            .unwrap_err();
        secrets.push("not my passphrase".into());

        // Links about the own account, and the secret that a fresh proof gives.
        reset::ask(&world.app, &meta("x"), OWNER).await.unwrap();
        let mail = world.mail_for(OWNER, "Choose a new password").await;
        secrets.push(mail.token_to("reset"));
        account::change_email(&world.app, &owner.caller, "ana@new.example")
            .await
            .unwrap();
        let mail = world.mail_for("ana@new.example", "Confirm").await;
        secrets.push(mail.token_to("confirm-email"));
        let secret = sudo::confirm(&world.app, &meta("x"), &owner.caller.session, PASSPHRASE).await;
        secrets.push(secret.unwrap().expose().to_owned());

        let dump = world.database.dump().await;
        let trail = dump["audit_events"].concat();
        assert!(!trail.contains("/invite/"), "a link stands in the trail");
        for (table, rows) in &dump {
            let text = rows.concat();
            let text_of_bytes = text.to_lowercase();
            for secret in &secrets {
                let found = text.contains(secret) || text_of_bytes.contains(&hexadecimal(secret));
                assert!(!found, "{secret} stands in {table}");
            }
        }
    }

    async fn a_mail_that_waits_is_sealed_and_opens_only_as_itself(world: World) {
        let owner = world.owner().await;
        owner.invite("amara@example.org", "Viewer").await;
        let sealed = world.database.bytes("SELECT sealed FROM outbox", &[]).await;
        let sealed = sealed[0].clone().unwrap();
        for words in ["/invite/", "amara@example.org", "Message-ID"] {
            assert!(
                !sealed.windows(words.len()).any(|w| w == words.as_bytes()),
                "{words}"
            );
        }
        let id = world.database.id("SELECT id FROM outbox", &[]).await;
        let message = world.app.keys().open(id.as_bytes(), &sealed).unwrap();
        let link = crate::support::mail::LINK;
        let holds = |needle: &str| {
            message
                .windows(needle.len())
                .any(|w| w == needle.as_bytes())
        };
        assert!(holds("Message-ID") && holds(&link[..20]));
        assert!(
            world
                .app
                .keys()
                .open(uuid::Uuid::nil().as_bytes(), &sealed)
                .is_err()
        );
    }
}
