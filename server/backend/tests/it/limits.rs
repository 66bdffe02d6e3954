//! How much can be sent: every limit names itself and leaves nothing half-done (R-25, rule 26).

use chrono::TimeDelta;
use rolecall_shared::invitation::{MAX_PENDING, Verdict};
use uuid::Uuid;

use crate::support::{World, actors::Owner, answers::Refusal as _, both};

/// As if the counter of this kind stood at `count`.
async fn set_counter(world: &World, kind: &str, count: i64) {
    let sql = "UPDATE throttles SET count = $1 WHERE key LIKE $2";
    let touched = world
        .database
        .change(sql, &[count.into(), format!("{kind}:%").into()])
        .await;
    assert_eq!(touched, 1, "{kind}");
}

/// Waiting invitations for addresses nobody else uses.
async fn fill(owner: &Owner, count: i64) {
    let database = &owner.world.database;
    let one = owner.invite("first@example.org", "Viewer").await;
    let mut have = 1;
    while have < count {
        // Copies what is there, doubling each time; the ids differ by the database's own means.
        let id = match database.kind {
            crate::support::database::Kind::Sqlite => "randomblob(16)",
            crate::support::database::Kind::Postgres => "gen_random_uuid()",
        };
        let sql = format!(
            "INSERT INTO invitations (id, workspace_id, email, email_norm, role_id, role_name, status,
               duration_seconds, sent_at, expires_at, inviter_id, inviter_name, inviter_email, version)
             SELECT {id}, workspace_id, $1 || email, $1 || email_norm, role_id, role_name, status,
               duration_seconds, sent_at, expires_at, inviter_id, inviter_name, inviter_email, version
             FROM invitations LIMIT $2"
        );
        let prefix = Uuid::from_bytes(rand::random()).simple().to_string();
        let more = have.min(count - have);
        have += i64::try_from(database.change(&sql, &[prefix.into(), more.into()]).await).unwrap();
    }
    assert_eq!(owner.counts().await.pending, count);
    assert_eq!(owner.row(one).await.id, one);
}

both! {
    async fn more_than_the_pending_limit_is_refused_as_a_whole(world: World) {
        let owner = world.owner().await;
        fill(&owner, MAX_PENDING - 1).await;
        let before = world.database.dump().await;
        let order = owner
            .order(&["a@example.org", "b@example.org"], "Viewer")
            .await;
        let (_, told) = owner.send(order).await.too_many();
        assert!(told.contains("2000 invitations can wait"), "{told}");
        assert_eq!(world.database.dump().await, before);

        // One more fits; an address that waits already takes no room.
        let verdicts = owner
            .verdicts(&["a@example.org", "first@example.org"], "Viewer")
            .await;
        assert!(
            matches!(
                verdicts[..],
                [Verdict::Invited { .. }, Verdict::Pending { .. }]
            ),
            "{verdicts:?}"
        );
        // Invitations whose time is over make room before they are written down.
        world.advance(TimeDelta::hours(72));
        owner.invite("b@example.org", "Viewer").await;
    }

    async fn a_person_and_a_workspace_have_a_limit_a_day(world: World) {
        let owner = world.owner().await;
        let admin = owner.enrol("Mira Holm", "mira@example.org", "Admin").await;
        owner.invite("first@example.org", "Viewer").await;
        set_counter(&world, "invite", 999).await;
        let before = world.database.dump().await;
        let order = owner
            .order(&["a@example.org", "b@example.org"], "Viewer")
            .await;
        let (wait, told) = owner.send(order.clone()).await.too_many();
        assert!(
            told.contains("1000 invitations a day for one person"),
            "{told}"
        );
        assert!((86_000..=86_401).contains(&wait), "{wait}");
        assert_eq!(
            world.database.dump().await,
            before,
            "nothing was sent or counted"
        );

        // It counts recipients that are new, and each person apart.
        owner.invite("a@example.org", "Viewer").await;
        owner.send(order).await.too_many();
        assert!(matches!(
            owner.verdicts(&["a@example.org"], "Viewer").await[..],
            [Verdict::Pending { .. }]
        ));
        admin.invite("b@example.org", "Viewer").await;

        set_counter(&world, "invite-workspace", 5_000).await;
        let order = admin.order(&["c@example.org"], "Viewer").await;
        let (wait, told) = admin.send(order.clone()).await.too_many();
        assert!(
            told.contains("5000 invitations a day for one workspace"),
            "{told}"
        );
        world.advance(TimeDelta::seconds(wait.into()));
        admin.send(order).await.unwrap();
    }

    async fn an_address_has_a_limit_a_day_across_workspaces(world: World) {
        let owner = world.owner().await;
        let other = world
            .another_owner("ola@example.org", "Harbor", "portal")
            .await;
        let amara = "amara@example.org";
        for n in 0..5 {
            if n % 2 == 0 {
                let id = owner.invite(amara, "Viewer").await;
                owner.revoke(id, 1).await.unwrap();
            } else {
                let id = other.invite(amara, "Portal User").await;
                other.revoke(id, 1).await.unwrap();
            }
        }
        let verdicts = owner.verdicts(&[amara, "ben@example.org"], "Viewer").await;
        let [Verdict::Limited { reason }, Verdict::Invited { .. }] = &verdicts[..] else {
            panic!("{verdicts:?}")
        };
        assert!(
            reason.contains("5 invitations a day to one address"),
            "{reason}"
        );
        world.advance(TimeDelta::days(1));
        owner.invite(amara, "Viewer").await;
    }

    async fn two_hundred_mixed_addresses_get_a_verdict_each(world: World) {
        let owner = world.owner().await;
        owner.enrol("Mira Holm", "mira@example.org", "Admin").await;
        let mut addresses = vec!["mira@example.org".to_owned(), "nonsense".into()];
        addresses.extend((0..98).map(|n| format!("person{n}@example.org")));
        addresses.extend((0..100).map(|n| format!("PERSON{n}@EXAMPLE.ORG")));
        let refs: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let verdicts = owner.verdicts(&refs, "Viewer").await;
        assert_eq!(verdicts.len(), 200);
        let invited = verdicts
            .iter()
            .filter(|v| matches!(v, Verdict::Invited { .. }))
            .count();
        assert_eq!((invited, owner.counts().await.pending), (198, 100));
    }
}
