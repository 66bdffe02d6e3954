//! The members list of many: whatever way a page is found, it is what a look at everybody finds.

use rolecall_backend::service::demo;
use rolecall_shared::{
    GroupId,
    member::{Activity, MemberQuery, MemberRow, MemberSort, MemberStatus},
    page::{Direction, PAGE_SIZE},
};

use crate::{
    lists::member_key,
    support::{World, actors::Person, both},
};

/// More than what is tested before any index is asked, so that every way of finding a page is taken.
const CROWD: usize = 2_400;

async fn crowd(world: &World) -> Person {
    let made = demo::seed(&world.app, CROWD).await.unwrap();
    let session = world.session_of(&made.email).await;
    Person::new(world, made.workspaces[0].clone(), session)
}

/// Everybody, page by page, without a filter.
async fn everybody(owner: &Person) -> Vec<MemberRow> {
    let mut all = Vec::new();
    let mut query = MemberQuery::default();
    loop {
        let page = owner.members(&query).await.unwrap();
        all.extend(page.rows);
        query.cursor = page.next;
        if query.cursor.is_none() {
            return all;
        }
    }
}

/// The rule, read off the rows.
fn matches(world: &World, query: &MemberQuery, row: &MemberRow, groups: &[GroupId]) -> bool {
    let text = query.search.trim().to_lowercase();
    let idle = world.now().0 - row.last_active_at.unwrap_or(row.joined_at).0;
    let days = |n: i64| n * 86_400_000_000;
    (row.name.to_lowercase().contains(&text) || row.email.to_lowercase().contains(&text))
        && query.role.is_none_or(|role| row.role.id == role)
        && query.status.is_none_or(|status| row.status == status)
        && query.group.is_none_or(|group| groups.contains(&group))
        && query.activity.is_none_or(|activity| match activity {
            Activity::Week => idle < days(7),
            Activity::Month => idle < days(30),
            Activity::Dormant => idle >= days(90),
        })
}

/// Questions with few, many, clustered and no answers, alone and together.
async fn questions(owner: &Person) -> Vec<MemberQuery> {
    let role = async |name| Some(owner.role(name).await);
    let group = GroupId(
        owner
            .world
            .database
            .id("SELECT id FROM acl_groups WHERE name = 'Finance'", &[])
            .await,
    );
    let mut asked = Vec::new();
    for search in [
        "",
        "z",
        "zo",
        "ë",
        "zoë",
        "zoe",
        "okafor",
        "example.org",
        "ben okafor",
        "mei.weber.2",
        ".23",
        "@",
        "n m",
        "nobody",
        "g@e",
        "OSEI",
        "weber.org",
    ] {
        for role in [None, role("On-call engineer").await, role("Viewer").await] {
            for (group, status, activity) in [
                (None, None, None),
                (Some(group), None, None),
                (None, Some(MemberStatus::Suspended), None),
                (None, Some(MemberStatus::Active), Some(Activity::Dormant)),
                (Some(group), None, Some(Activity::Week)),
            ] {
                asked.push(MemberQuery {
                    search: search.to_owned(),
                    role,
                    group,
                    status,
                    activity,
                    ..MemberQuery::default()
                });
            }
        }
    }
    asked
}

both! {
    async fn a_page_of_a_crowd_is_what_a_look_at_everybody_finds(world: World) {
        let owner = crowd(&world).await;
        let all = everybody(&owner).await;
        assert_eq!(all.len(), CROWD);
        for (nth, question) in questions(&owner).await.into_iter().enumerate() {
            // Not every question in every order, but each order with every kind of question.
            let sort = [MemberSort::Name, MemberSort::Joined, MemberSort::LastActive][nth % 3];
            let direction = [Direction::Up, Direction::Down][nth % 2];
            let query = MemberQuery { sort, direction, ..question };
            let mut expected: Vec<&MemberRow> = all
                .iter()
                .filter(|row| {
                    let groups: Vec<_> = row.groups.iter().map(|group| group.id).collect();
                    matches(&world, &query, row, &groups)
                })
                .collect();
            expected.sort_by_key(|row| member_key(sort, row));
            if direction == Direction::Down {
                expected.reverse();
            }
            let first = owner.members(&query).await.unwrap();
            let wanted = expected.iter().take(PAGE_SIZE).copied();
            assert!(first.rows.iter().eq(wanted), "{query:?}");
            assert_eq!(first.next.is_some(), expected.len() > PAGE_SIZE, "{query:?}");
            let Some(next) = first.next else { continue };
            let second = owner
                .members(&MemberQuery { cursor: Some(next), ..query.clone() })
                .await
                .unwrap();
            let wanted = expected.iter().skip(PAGE_SIZE).take(PAGE_SIZE).copied();
            assert!(second.rows.iter().eq(wanted), "second page of {query:?}");
            let back = MemberQuery { cursor: second.previous, ..query.clone() };
            assert_eq!(owner.members(&back).await.unwrap().rows, first.rows, "{query:?}");
        }
    }

    async fn search_in_a_crowd_follows_names_and_addresses_and_stays_in_its_workspace(world: World) {
        let owner = crowd(&world).await;
        let found = async |who: &Person, text: &str| {
            let query = MemberQuery { search: text.into(), ..MemberQuery::default() };
            let rows = who.members(&query).await.unwrap().rows;
            rows.into_iter().map(|row| row.email).collect::<Vec<_>>()
        };
        let other = world.another_owner("ola@xylophone.example", "Elsewhere", "cloud-account").await;
        let email = "zz@example.net";
        owner.enrol("Zz Xylophone", email, "Viewer").await;
        assert_eq!(found(&owner, "xylophone").await, [email]);
        assert_eq!(found(&other, "xylophone").await, ["ola@xylophone.example"]);
        assert_eq!(found(&other, "okafor").await.len(), 0);

        let rename = "UPDATE members SET name_key = 'zz marimba' WHERE email_key = $1";
        world.database.change(rename, &[email.into()]).await;
        assert_eq!(found(&owner, "xylophone").await.len(), 0);
        assert_eq!(found(&owner, "MARIMBA").await, [email]);
        let move_out = "UPDATE members SET email_key = 'zz@glockenspiel.example' WHERE email_key = $1";
        world.database.change(move_out, &[email.into()]).await;
        assert_eq!(found(&owner, "glockenspiel").await, [email]);

        owner.remove("zz@glockenspiel.example").await;
        assert_eq!(found(&owner, "marimba").await.len(), 0);
        assert_eq!(owner.counts().await.members, i64::try_from(CROWD).unwrap());
    }
}
