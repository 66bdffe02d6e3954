//! Search and filters of the lists.

use rolecall_shared::{
    invitation::InvitationQuery,
    member::{Activity, MemberQuery, MemberRow, MemberStatus},
};

use crate::{
    lists::{COUNT, crowd, members},
    support::{World, both},
};

/// A question, and whether a row answers it.
type Filter<'a> = (MemberQuery, Box<dyn Fn(&MemberRow) -> bool + 'a>);

both! {
    async fn search_takes_every_character_as_itself(world: World) {
        let owner = world.without_mail().owner().await;
        for (name, email) in [
            ("100% Ana", "percent@example.org"),
            ("1000 Ana", "thousand@example.org"),
            ("under_score", "low@example.org"),
            ("underXscore", "under_x@example.org"),
            (r"back\slash", "slash@example.org"),
            ("Ångström", "angstrom@example.org"),
        ] {
            owner.enrol(name, email, "Viewer").await;
        }
        let found = async |text: &str| {
            let query = MemberQuery {
                search: text.into(),
                ..MemberQuery::default()
            };
            let rows = owner.members(&query).await.unwrap().rows;
            rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        assert_eq!(found("100%").await, ["100% Ana"]);
        assert_eq!(
            found("UNDER_").await,
            ["under_score", "underXscore"],
            "name or address"
        );
        assert_eq!(found("r_s").await, ["under_score"]);
        assert_eq!(found(r"\").await, [r"back\slash"]);
        assert_eq!(found(" ångSTR ").await, ["Ångström"]);
        assert_eq!(found("'; DROP TABLE members; --").await.len(), 0);
        assert_eq!(found("  ").await.len(), 7);

        owner
            .verdicts(
                &["a_b@example.org", "axb@example.org", "a%b@example.org"],
                "Viewer",
            )
            .await;
        let invited = async |text: &str| {
            let query = InvitationQuery {
                search: text.into(),
                ..InvitationQuery::default()
            };
            let rows = owner.invitations(&query).await.unwrap().rows;
            rows.into_iter().map(|row| row.email).collect::<Vec<_>>()
        };
        assert_eq!(invited("A_B").await, ["a_b@example.org"]);
        assert_eq!(invited("%").await, ["a%b@example.org"]);
        assert_eq!(invited("@example").await.len(), 3);
    }

    async fn filters_of_the_members_list_agree_with_its_rows(world: World) {
        let owner = crowd(&world).await;
        owner.suspend("p7@example.org").await;
        let group = owner.add_group("Night shift", "").await;
        let sql = "INSERT INTO member_groups (member_id, group_id) SELECT id, $1 FROM members WHERE email_key LIKE 'p2%'";
        let joined = world.database.change(sql, &[group.into()]).await;
        let all = members(&owner, &MemberQuery::default()).await;
        let days = |row: &MemberRow| {
            (world.now().0 - row.last_active_at.unwrap_or(row.joined_at).0) / 86_400_000_000
        };
        let viewer = owner.role("Viewer").await;
        let plain = MemberQuery::default;
        let filters: [Filter<'_>; 6] = [
            (
                MemberQuery {
                    role: Some(viewer),
                    ..plain()
                },
                Box::new(|row| row.role.id == viewer),
            ),
            (
                MemberQuery {
                    group: Some(group),
                    ..plain()
                },
                Box::new(|row| !row.groups.is_empty()),
            ),
            (
                MemberQuery {
                    status: Some(MemberStatus::Suspended),
                    ..plain()
                },
                Box::new(|row| row.status == MemberStatus::Suspended),
            ),
            (
                MemberQuery {
                    activity: Some(Activity::Week),
                    ..plain()
                },
                Box::new(|row| days(row) < 7),
            ),
            (
                MemberQuery {
                    activity: Some(Activity::Month),
                    ..plain()
                },
                Box::new(|row| days(row) < 30),
            ),
            (
                MemberQuery {
                    activity: Some(Activity::Dormant),
                    ..plain()
                },
                Box::new(|row| days(row) >= 90),
            ),
        ];
        for (query, fits) in &filters {
            let rows = members(&owner, query).await;
            let expected: Vec<_> = all.iter().filter(|row| fits(row)).cloned().collect();
            assert!(!expected.is_empty() && rows == expected, "{query:?}");
        }
        let in_group = all.iter().filter(|row| !row.groups.is_empty()).count();
        assert_eq!(u64::try_from(in_group).unwrap(), joined);
        assert_eq!(owner.counts().await.members, i64::try_from(COUNT).unwrap());
    }
}
