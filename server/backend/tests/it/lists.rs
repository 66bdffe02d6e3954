//! Long lists: every sort in both directions, forward and back, each row once.

use std::collections::HashSet;

use chrono::TimeDelta;
use rolecall_shared::{
    invitation::{InvitationQuery, InvitationRow, InvitationSort, InvitationStatus},
    member::{MemberQuery, MemberRow, MemberSort},
    page::{Direction, PAGE_SIZE, Page},
};

use crate::support::{World, actors::Owner, answers::Refusal as _, both};

const DIRECTIONS: [Direction; 2] = [Direction::Up, Direction::Down];
pub const COUNT: usize = 130;

/// Walks to the last page and back to the first; gives all rows, read twice with the same result.
async fn walk<T: PartialEq + std::fmt::Debug>(
    mut page_at: impl AsyncFnMut(Option<String>) -> Page<T>,
) -> Vec<T> {
    let mut page = page_at(None).await;
    assert!(page.previous.is_none());
    let mut forward = Vec::new();
    let mut last = None;
    loop {
        assert!(page.rows.len() == PAGE_SIZE || page.next.is_none());
        forward.extend(page.rows);
        let Some(next) = page.next else { break };
        page = page_at(Some(next)).await;
        last.clone_from(&page.previous);
    }
    let mut back = forward.len() - (forward.len() - 1) % PAGE_SIZE - 1;
    while let Some(previous) = last {
        let page = page_at(Some(previous)).await;
        assert_eq!(page.rows, forward[back - page.rows.len()..back]);
        assert!(page.next.is_some());
        back -= page.rows.len();
        last = page.previous;
    }
    assert_eq!(back, 0, "the way back ends at the first row");
    forward
}

/// All members that a query finds, walked through forward and back.
pub async fn members(owner: &Owner, query: &MemberQuery) -> Vec<MemberRow> {
    walk(async |cursor| {
        let query = MemberQuery {
            cursor,
            ..query.clone()
        };
        owner.members(&query).await.unwrap()
    })
    .await
}

/// All invitations that a query finds, walked through forward and back.
async fn invitations(owner: &Owner, query: &InvitationQuery) -> Vec<InvitationRow> {
    walk(async |cursor| {
        let query = InvitationQuery {
            cursor,
            ..query.clone()
        };
        owner.invitations(&query).await.unwrap()
    })
    .await
}

/// Irregular moments with six, three and no digits after the second, some of them twice.
fn moment(world: &World, n: usize) -> chrono::DateTime<chrono::Utc> {
    let n = i64::try_from(n).unwrap();
    let whole = world.clock.now() - TimeDelta::microseconds(123);
    whole
        - TimeDelta::days(n * 37 % 120)
        - match n % 4 {
            0 => TimeDelta::zero(),
            1 => TimeDelta::milliseconds(500),
            2 => TimeDelta::microseconds(500_001),
            _ => TimeDelta::microseconds(n),
        }
}

pub async fn crowd(world: &World) -> Owner {
    let owner = world.owner().await;
    for n in 1..COUNT {
        let given = [
            "zoë",
            "Émile",
            "ana",
            "Ana",
            "Ångström",
            "Žofie",
            "_x",
            "100%",
        ][n % 8];
        let name = format!("{given} {}", n % 5);
        let role = ["Viewer", "Operator"][n % 2];
        owner.enrol(&name, &format!("p{n}@example.org"), role).await;
        let sql = "UPDATE members SET joined_at = $1, last_active_at = $2 WHERE email_key = $3";
        let email = format!("p{n}@example.org");
        let active = moment(world, n * 7);
        world
            .database
            .change(sql, &[moment(world, n).into(), active.into(), email.into()])
            .await;
    }
    world
        .database
        .change(
            "UPDATE members SET last_active_at = NULL WHERE email_key LIKE 'p1%'",
            &[],
        )
        .await;
    owner
}

pub fn member_key(sort: MemberSort, row: &MemberRow) -> (String, i64, uuid::Uuid) {
    let (text, time) = match sort {
        MemberSort::Name => (row.name.to_lowercase(), 0),
        MemberSort::Joined => (String::new(), row.joined_at.0),
        MemberSort::LastActive => (String::new(), row.last_active_at.unwrap_or(row.joined_at).0),
    };
    (text, time, row.id.0)
}

fn invitation_key(sort: InvitationSort, row: &InvitationRow) -> (String, i64, uuid::Uuid) {
    let (text, time) = match sort {
        InvitationSort::Sent => (String::new(), row.sent_at.0),
        InvitationSort::Expires => (String::new(), row.expires_at.0),
        InvitationSort::Email => (row.email.to_lowercase(), 0),
    };
    (text, time, row.id.0)
}

/// Whether keys go the way of the direction, with no two alike.
fn in_order<K: Ord>(keys: &[K], direction: Direction) -> bool {
    keys.windows(2).all(|pair| match direction {
        Direction::Up => pair[0] < pair[1],
        Direction::Down => pair[0] > pair[1],
    })
}

both! {
    async fn every_sort_of_members_shows_each_member_once_forward_and_back(world: World) {
        let owner = crowd(&world).await;
        for sort in [MemberSort::Name, MemberSort::Joined, MemberSort::LastActive] {
            for direction in DIRECTIONS {
                let query = MemberQuery {
                    sort,
                    direction,
                    ..MemberQuery::default()
                };
                let rows = members(&owner, &query).await;
                assert_eq!(rows.len(), COUNT);
                let keys: Vec<_> = rows.iter().map(|row| member_key(sort, row)).collect();
                assert!(in_order(&keys, direction), "{sort:?} {direction:?}");
                assert_eq!(
                    rows.iter().map(|row| row.id).collect::<HashSet<_>>().len(),
                    COUNT
                );
            }
        }
    }

    async fn every_sort_of_invitations_shows_each_once_forward_and_back(world: World) {
        let owner = world.without_mail().owner().await;
        let emails: Vec<String> = (0..COUNT)
            .map(|n| format!("{}{n}@Example.org", ["b", "A", "_"][n % 3]))
            .collect();
        let refs: Vec<&str> = emails.iter().map(String::as_str).collect();
        owner.verdicts(&refs, "Viewer").await;
        for (n, email) in emails.iter().enumerate() {
            let sql = "UPDATE invitations SET sent_at = $1, expires_at = $2 WHERE email = $3";
            let later = moment(&world, n * 11) + TimeDelta::days(60);
            let args = [
                moment(&world, n).into(),
                later.into(),
                email.as_str().into(),
            ];
            world.database.change(sql, &args).await;
        }
        for sort in [
            InvitationSort::Sent,
            InvitationSort::Expires,
            InvitationSort::Email,
        ] {
            for direction in DIRECTIONS {
                let query = InvitationQuery {
                    sort,
                    direction,
                    ..InvitationQuery::default()
                };
                let rows = invitations(&owner, &query).await;
                assert_eq!(rows.len(), COUNT);
                let keys: Vec<_> = rows.iter().map(|row| invitation_key(sort, row)).collect();
                assert!(in_order(&keys, direction), "{sort:?} {direction:?}");
            }
        }
        // A filter keeps the pages in step, and the two halves make the whole.
        let mut parts = Vec::new();
        for status in [InvitationStatus::Pending, InvitationStatus::Expired] {
            let query = InvitationQuery {
                status: Some(status),
                ..InvitationQuery::default()
            };
            let rows = invitations(&owner, &query).await;
            assert!(rows.iter().all(|row| row.status == status));
            parts.push(rows.len());
        }
        assert_eq!(parts.iter().sum::<usize>(), COUNT);
        assert!(parts.iter().all(|part| *part > 0), "{parts:?}");
        assert_eq!(
            owner.counts().await.pending,
            i64::try_from(parts[0]).unwrap()
        );
    }

    async fn rows_that_come_and_go_between_pages_neither_repeat_nor_hide_others(world: World) {
        let owner = crowd(&world).await;
        let first = owner.all_members().await.unwrap();
        let seen: HashSet<_> = first.rows.iter().map(|row| row.id).collect();
        // Somebody new sorts before the edge, and the edge itself leaves.
        owner
            .enrol("!first of all", "new@example.org", "Viewer")
            .await;
        owner.remove(&first.rows.last().unwrap().email).await;
        let query = MemberQuery {
            cursor: first.next,
            ..MemberQuery::default()
        };
        let second = owner.members(&query).await.unwrap();
        assert_eq!(second.rows.len(), PAGE_SIZE);
        assert!(second.rows.iter().all(|row| !seen.contains(&row.id)));
    }

    async fn a_cursor_that_is_not_ours_is_told_beside_its_field(world: World) {
        let owner = crowd(&world).await;
        let cursor = owner.all_members().await.unwrap().next.unwrap();
        let by = |sort, cursor: &str| MemberQuery {
            sort,
            cursor: Some(cursor.into()),
            ..MemberQuery::default()
        };
        for query in [
            by(MemberSort::Joined, &cursor),
            by(MemberSort::Name, "%%%"),
            by(MemberSort::Name, "bnVsbA"),
            by(MemberSort::Name, &cursor[2..]),
        ] {
            assert_eq!(owner.members(&query).await.wrong_field().0, "cursor");
        }
        let query = InvitationQuery {
            cursor: Some(cursor),
            ..InvitationQuery::default()
        };
        assert_eq!(owner.invitations(&query).await.wrong_field().0, "cursor");
    }
}
