//! Input that nobody types: a clear answer, never an error of ours (issue 2, "Bad input").

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rolecall_backend::{
    authz::Glance,
    service::{Failure, acceptance::AcceptFailure, shell, sign_in},
};
use rolecall_shared::{invitation::InvitationQuery, member::MemberQuery};

use crate::support::{
    World, both,
    world::{PASSPHRASE, meta},
};

/// Texts that databases, patterns and mail servers trip over.
const TEXTS: [&str; 8] = [
    "\0",
    "ana\0@example.org",
    "'; DROP TABLE users; --",
    "\u{202e}evil\u{feff}",
    "%_\\",
    "\r\nBcc: everybody@example.org",
    "\u{fffd}\u{10ffff}",
    "{{7*7}}<script>",
];

fn is_ours(failure: &Failure) -> bool {
    failure.to_api("request").code.status() >= 500
}

both! {
    async fn strange_texts_are_never_an_error_of_ours(world: World) {
        let owner = world.owner().await;
        let id = owner.invite("amara@example.org", "Viewer").await;
        let holder = world.invited("amara@example.org").await;
        let long = "x".repeat(100_000);
        for text in TEXTS.into_iter().chain([long.as_str()]) {
            let mut failures = Vec::new();
            let query = MemberQuery {
                search: text.into(),
                ..MemberQuery::default()
            };
            failures.extend(owner.members(&query).await.err());
            let query = MemberQuery {
                cursor: Some(text.into()),
                ..MemberQuery::default()
            };
            failures.extend(owner.members(&query).await.err());
            let query = InvitationQuery {
                search: text.into(),
                ..InvitationQuery::default()
            };
            failures.extend(owner.invitations(&query).await.err());
            failures.extend(owner.at(text).all_members().await.err());
            failures.extend(owner.at(text).revoke(id, 1).await.err());
            failures.extend(
                shell::load(&world.app, &owner.caller, &Glance::default(), Some(text))
                    .await
                    .err(),
            );
            let mut order = owner.order(&[text], "Viewer").await;
            text.clone_into(&mut order.note);
            failures.extend(owner.send(order.clone()).await.err());
            order.note.clear();
            failures.extend(owner.send(order.clone()).await.err());
            text.clone_into(&mut order.idempotency_key);
            failures.extend(owner.send(order).await.err());
            let tried = sign_in::with_password(&world.app, &meta("x"), text, PASSPHRASE).await;
            failures.push(tried.unwrap_err());
            let tried =
                sign_in::with_password(&world.app, &meta("x"), "ana@example.org", text).await;
            failures.push(tried.unwrap_err());
            assert!(
                rolecall_backend::service::sessions::resolve(&world.app, text)
                    .await
                    .unwrap()
                    .is_none()
            );
            if let Err(AcceptFailure::Failure(failure)) = world.holder(text).joins(text).await {
                failures.push(failure);
            }
            if let Err(AcceptFailure::Failure(failure)) = holder.joins_with_password(text).await {
                failures.push(failure);
            }
            let ours: Vec<_> = failures.iter().filter(|failure| is_ours(failure)).collect();
            assert!(
                ours.is_empty(),
                "{:?}: {ours:?}",
                &text[..text.len().min(40)]
            );
            world.database.change("DELETE FROM throttles", &[]).await;
        }
        // A made-up cursor whose text no database holds.
        for key in [
            r#"{"t":"\u0000"}"#,
            r#"{"u":9223372036854775807}"#,
            r#"{"u":-9223372036854775808}"#,
            r#"{"u":-6300000000000000000}"#,
        ] {
            let cursor =
                URL_SAFE_NO_PAD.encode(format!(r#"{{"k":{key},"i":"{}"}}"#, uuid::Uuid::nil()));
            for sort in [
                rolecall_shared::member::MemberSort::Name,
                rolecall_shared::member::MemberSort::Joined,
            ] {
                let query = MemberQuery {
                    sort,
                    cursor: Some(cursor.clone()),
                    ..MemberQuery::default()
                };
                if let Err(failure) = owner.members(&query).await {
                    assert!(!is_ours(&failure), "{key}: {failure:?}");
                }
            }
        }
        for table in ["users", "members", "workspaces"] {
            assert_eq!(world.count(table).await, 1, "{table}");
        }
    }
}
