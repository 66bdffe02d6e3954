//! What the database holds after a start, read beside the server, and whether it holds together.

use std::{collections::HashMap, path::Path};

use serde_json::Value;
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

/// The bytes of an id as the database keeps them.
pub fn bytes(id: &str) -> Vec<u8> {
    id.parse::<Uuid>().unwrap().into_bytes().to_vec()
}

/// A member.
pub struct Member {
    pub role: Vec<u8>,
    role_name: String,
    pub owner: bool,
    pub suspended: bool,
}

/// The last entry of the trail of one kind about a target.
type Last = HashMap<(Vec<u8>, &'static str), (String, Value)>;

/// Everything that is compared.
pub struct Facts {
    members: HashMap<Vec<u8>, Member>,
    former: Vec<Vec<u8>>,
    in_groups: Vec<Vec<u8>>,
    proposals: usize,
    invitations: HashMap<Vec<u8>, String>,
    users: usize,
    /// How often each action stands in the trail of the workspace.
    actions: HashMap<String, usize>,
    last: Last,
    entries: i64,
    counted: i64,
    counted_members: i64,
    damage: Vec<String>,
    founder: Vec<u8>,
}

/// What the last entry about somebody says, by what it is about.
const KINDS: [(&str, &[&str]); 4] = [
    ("suspension", &["member.suspended", "member.reactivated"]),
    ("removal", &["member.removed", "member.reinstated"]),
    ("ownership", &["ownership.accepted", "owner.demoted"]),
    ("role", &["member.access_changed", "owner.demoted"]),
];

/// Proves everybody's address, as a mail server would have: only then somebody can become an owner.
pub async fn prove_addresses(file: &Path) {
    let options = SqliteConnectOptions::new().filename(file);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    let sql = "UPDATE users SET email_verified_at = created_at";
    sqlx::query(sql).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
}

impl Facts {
    pub async fn read(file: &Path, founder: &str) -> Self {
        let options = SqliteConnectOptions::new().filename(file);
        let mut db = SqliteConnection::connect_with(&options).await.unwrap();
        let mut damage = texts(&mut db, "PRAGMA integrity_check").await;
        damage.retain(|line| line != "ok");
        damage.extend(texts(&mut db, "SELECT \"table\" FROM pragma_foreign_key_check").await);
        let rows = rows(
            &mut db,
            "SELECT m.id, m.role_id, r.name, m.is_owner, m.status = 'suspended'
             FROM members m JOIN roles r ON r.id = m.role_id",
        )
        .await;
        let members = rows
            .into_iter()
            .map(|row| {
                let member = Member {
                    role: row.get(1),
                    role_name: row.get(2),
                    owner: row.get(3),
                    suspended: row.get(4),
                };
                (row.get(0), member)
            })
            .collect();
        let (actions, last, entries) = trail(&mut db).await;
        let facts = Self {
            members,
            former: blobs(&mut db, "SELECT id FROM former_members").await,
            in_groups: blobs(&mut db, "SELECT member_id FROM member_groups").await,
            proposals: blobs(&mut db, "SELECT member_id FROM ownership_proposals")
                .await
                .len(),
            invitations: self::rows(&mut db, "SELECT id, status FROM invitations")
                .await
                .into_iter()
                .map(|row| (row.get(0), row.get(1)))
                .collect(),
            users: blobs(&mut db, "SELECT id FROM users").await.len(),
            actions,
            last,
            entries,
            counted: number(&mut db, "SELECT audit_seq FROM workspaces").await,
            counted_members: number(&mut db, "SELECT member_count FROM workspaces").await,
            damage,
            founder: bytes(founder),
        };
        db.close().await.unwrap();
        facts
    }

    #[track_caller]
    pub fn member(&self, id: &[u8]) -> &Member {
        self.members.get(id).expect("a member is gone")
    }

    pub fn in_group(&self, id: &[u8]) -> bool {
        self.in_groups.iter().any(|one| one == id)
    }

    pub fn is_former(&self, id: &[u8]) -> bool {
        self.former.iter().any(|one| one == id)
    }

    /// Whether ownership is proposed to somebody.
    pub fn proposed(&self) -> bool {
        self.proposals > 0
    }

    /// The status of an invitation that was acknowledged.
    #[track_caller]
    pub fn invitation(&self, id: &str) -> &str {
        let found = self.invitations.get(&bytes(id));
        found.unwrap_or_else(|| panic!("the invitation {id} was acknowledged and is lost"))
    }

    pub fn entries(&self) -> i64 {
        self.entries
    }

    fn action(&self, name: &str) -> usize {
        self.actions.get(name).copied().unwrap_or_default()
    }

    fn with_status(&self, status: &str) -> usize {
        self.invitations
            .values()
            .filter(|found| *found == status)
            .count()
    }

    /// No damage, no change without its entry, and no entry without its change.
    pub fn hold_together(&self) {
        assert!(self.damage.is_empty(), "{:?}", self.damage);
        assert_eq!(self.counted, self.entries, "the trail has a gap");
        assert_eq!(self.invitations.len(), self.action("invitation.created"));
        for (status, action) in [
            ("revoked", "invitation.revoked"),
            ("accepted", "invitation.accepted"),
        ] {
            assert_eq!(self.with_status(status), self.action(action), "{action}");
        }
        let (here, ever) = (self.members.len(), self.members.len() + self.former.len());
        assert_eq!(
            usize::try_from(self.counted_members),
            Ok(here),
            "the counter of members"
        );
        assert_eq!(ever, 1 + self.action("member.joined"), "members");
        assert_eq!(
            self.users, ever,
            "nobody has an account because of half a joining"
        );
        assert_eq!(self.with_status("accepted"), self.action("member.joined"));
        assert_eq!(
            self.action("ownership.proposed"),
            self.action("ownership.accepted") + self.proposals,
            "proposals"
        );
        let people = self.members.iter().filter(|(id, _)| **id != self.founder);
        for (id, member) in people {
            let says = |kind| {
                self.last
                    .get(&(id.clone(), kind))
                    .map(|(action, detail)| (action.as_str(), detail))
            };
            let done = |kind, action| says(kind).is_some_and(|(found, _)| found == action);
            assert_eq!(member.suspended, done("suspension", "member.suspended"));
            assert_eq!(member.owner, done("ownership", "ownership.accepted"));
            assert!(
                !done("removal", "member.removed"),
                "a member who was removed"
            );
            if let Some((action, detail)) = says("role") {
                let role = if action == "owner.demoted" {
                    &detail["role"]
                } else {
                    &detail["after"]["role"]
                };
                assert_eq!(role.as_str(), Some(member.role_name.as_str()));
            }
        }
        for id in &self.former {
            let removed = self.last.get(&(id.clone(), "removal"));
            assert_eq!(
                removed.map(|(action, _)| action.as_str()),
                Some("member.removed")
            );
        }
        let in_group = self.action("group.members_added") - self.action("group.member_removed");
        assert_eq!(self.in_groups.len(), in_group, "people in groups");
    }
}

async fn trail(db: &mut SqliteConnection) -> (HashMap<String, usize>, Last, i64) {
    let found = rows(
        db,
        "SELECT e.action, e.target_id, e.detail FROM audit_events e JOIN workspaces w ON w.id = e.workspace_id
         ORDER BY e.seq",
    )
    .await;
    let entries = i64::try_from(found.len()).unwrap();
    let (mut actions, mut last) = (HashMap::new(), Last::new());
    for row in found {
        let (action, target): (String, Option<Vec<u8>>) = (row.get(0), row.get(1));
        for (kind, names) in KINDS {
            if let Some(target) = target.clone().filter(|_| names.contains(&action.as_str())) {
                let detail = serde_json::from_str(row.get(2)).unwrap();
                last.insert((target, kind), (action.clone(), detail));
            }
        }
        *actions.entry(action).or_insert(0) += 1;
    }
    (actions, last, entries)
}

async fn rows(db: &mut SqliteConnection, sql: &'static str) -> Vec<sqlx::sqlite::SqliteRow> {
    sqlx::query(sql).fetch_all(db).await.unwrap()
}

async fn blobs(db: &mut SqliteConnection, sql: &'static str) -> Vec<Vec<u8>> {
    rows(db, sql)
        .await
        .into_iter()
        .map(|row| row.get(0))
        .collect()
}

async fn texts(db: &mut SqliteConnection, sql: &'static str) -> Vec<String> {
    rows(db, sql)
        .await
        .into_iter()
        .map(|row| row.get(0))
        .collect()
}

async fn number(db: &mut SqliteConnection, sql: &'static str) -> i64 {
    rows(db, sql).await.first().map_or(0, |row| row.get(0))
}
