//! A workspace with believable people, for looking around and for measuring.

use chrono::{DateTime, TimeDelta, Utc};
use rolecall_shared::{
    GroupId, MemberId, RoleId, email::EmailAddress, invitation::InvitationStatus,
    member::MemberStatus,
};
use serde_json::json;

use super::{Failure, setup};
use crate::{
    Rolecall,
    request::RequestMeta,
    store::{
        Actor, Channel, Entry, GroupRecord, NewInvitation, NewMember, NewUser, Target, WorkspaceTx,
    },
};

/// What was made, for printing.
#[derive(Clone, Debug)]
pub struct DemoSummary {
    /// The address of the owner.
    pub email: String,
    /// The address of somebody who may look at nothing but services.
    pub viewer: String,
    /// The password of everybody in the demo.
    pub password: String,
    /// Slugs of the workspaces, the one with the people first.
    pub workspaces: Vec<String>,
    /// How many members it has.
    pub members: usize,
}

const PASSWORD: &str = "lantern orbit velvet thimble";
const GIVEN: [&str; 24] = [
    "Ben", "Chidi", "Dana", "Elif", "Farid", "Grace", "Hana", "Ivan", "Jo", "Kofi", "Lena", "Mei",
    "Noor", "Omar", "Priya", "Quentin", "Rosa", "Sven", "Tala", "Uma", "Vera", "Wanjiru", "Yusuf",
    "Zoë",
];
const FAMILY: [&str; 20] = [
    "Okafor",
    "Lindqvist",
    "Nakamura",
    "Haddad",
    "Moreau",
    "Kowalski",
    "Osei",
    "Petrova",
    "Silva",
    "Tanaka",
    "Weber",
    "Yilmaz",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Gupta",
    "Hoang",
    "Ibrahim",
    "Jansen",
];
const GROUPS: [(&str, &str, &str); 3] = [
    (
        "QA",
        "Tests releases on staging machines",
        "instances:view instances:manage monitoring:view",
    ),
    (
        "Finance",
        "Sees credits, usage and invoices",
        "billing:view",
    ),
    (
        "On call",
        "Answers alerts at night",
        "monitoring:view monitoring:manage instances:view",
    ),
];
const PROJECTS: [&str; 3] = ["Development", "Staging", "Production"];
/// Address, final status, days since it was sent.
const INVITATIONS: [(&str, InvitationStatus, i64); 8] = [
    ("amara.diallo@example.org", InvitationStatus::Pending, 0),
    ("tomas.novak@example.org", InvitationStatus::Pending, 1),
    ("linh.pham@example.net", InvitationStatus::Pending, 2),
    ("ben.okafor@example.org", InvitationStatus::Accepted, 40),
    ("paul.meyer@example.net", InvitationStatus::Expired, 12),
    ("sara.klein@example.org", InvitationStatus::Expired, 30),
    ("old.contractor@example.com", InvitationStatus::Revoked, 9),
    ("jin.park@example.net", InvitationStatus::Declined, 20),
];

/// Fills an empty installation: `members` people in one workspace, a second workspace for the
/// switcher. No mail is sent.
///
/// # Errors
/// [`Failure::Conflict`] when anybody has an account already.
pub async fn seed(app: &Rolecall, members: usize) -> Result<DemoSummary, Failure> {
    if !setup::needed(app).await? {
        return Err(Failure::Conflict(
            "The demo needs an empty installation. Point ROLECALL_DATA_DIR or DATABASE_URL at a new one.".into(),
        ));
    }
    let meta = RequestMeta::local("seed-demo");
    let owner = setup::CreateOwner {
        name: "Ana Ruiz".into(),
        email: "ana.ruiz@example.org".into(),
        password: PASSWORD.into(),
        workspace: "Northwind Cloud".into(),
        template: Some("cloud-account".into()),
    };
    let slug = setup::create_owner(app, &meta, owner.clone()).await?;
    let other = setup::CreateOwner {
        workspace: "Quayside Portal".into(),
        template: Some("portal".into()),
        ..owner.clone()
    };
    let second = setup::create_owner(app, &meta, other).await?;

    let now = app.clock().now();
    let hash = app.passwords().hash(PASSWORD).await?;
    let mut tx = app
        .store()
        .lock_slug(&slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let mut seed = Seed {
        app,
        now,
        hash,
        roles: Vec::new(),
        groups: Vec::new(),
    };
    seed.structure(&mut tx).await?;
    let people = seed.people(&mut tx, members.saturating_sub(1)).await?;
    seed.invitations(&mut tx, people.first().copied()).await?;
    let workspace = tx.workspace().clone();
    let entry = Entry::new(
        "demo.seeded",
        Target::new("workspace", workspace.id.0, workspace.name),
        json!({ "members": members }),
    );
    tx.commit(now, &Actor::operator("seed-demo"), entry.into(), &[])
        .await?;
    Ok(DemoSummary {
        email: owner.email,
        viewer: email(3),
        password: PASSWORD.into(),
        workspaces: vec![slug, second],
        members,
    })
}

fn full_name(index: usize) -> String {
    format!(
        "{} {}",
        GIVEN[index % GIVEN.len()],
        FAMILY[(index / GIVEN.len() + index * 7) % FAMILY.len()]
    )
}

fn email(index: usize) -> String {
    let name = full_name(index)
        .to_lowercase()
        .replace(' ', ".")
        .replace('ë', "e");
    // The first two dozen read like people; after that names repeat and get a number.
    if index < GIVEN.len() {
        format!("{name}@example.org")
    } else {
        format!("{name}.{index}@example.org")
    }
}

struct Seed<'a> {
    app: &'a Rolecall,
    now: DateTime<Utc>,
    hash: String,
    roles: Vec<(RoleId, String)>,
    groups: Vec<GroupId>,
}

impl Seed<'_> {
    async fn structure(&mut self, tx: &mut WorkspaceTx) -> Result<(), Failure> {
        let workspace = tx.workspace().id;
        self.roles = tx
            .roles(workspace)
            .await?
            .into_iter()
            .map(|role| (role.id, role.name))
            .collect();
        for (name, description, permissions) in GROUPS {
            let group = GroupRecord {
                id: self.app.random().id(self.now),
                name: name.into(),
                description: description.into(),
                permissions: permissions.into(),
            };
            tx.insert_group(&group).await?;
            self.groups.push(group.id);
        }
        for name in PROJECTS {
            tx.insert_project(self.now, self.app.random().id(self.now), name)
                .await?;
        }
        Ok(())
    }

    /// The role of the n-th person: a few admins, some operators, many viewers.
    fn role(&self, index: usize) -> RoleId {
        let at = match index % 10 {
            0 => 0,
            1 | 2 | 5 | 8 => 1,
            _ => 2,
        };
        self.roles[at.min(self.roles.len() - 1)].0
    }

    async fn people(&self, tx: &mut WorkspaceTx, count: usize) -> Result<Vec<MemberId>, Failure> {
        let mut ids = Vec::with_capacity(count);
        for index in 0..count {
            let (name, address) = (full_name(index), email(index));
            let address = EmailAddress::parse(&address)
                .map_err(|p| Failure::field("email", p.to_string()))?;
            let user = NewUser {
                id: self.app.random().id(self.now),
                email: &address,
                verified: true,
                name: &name,
                password_hash: &self.hash,
            };
            tx.insert_user(self.now, &user).await?;
            let member = NewMember {
                id: self.app.random().id(self.now),
                user: user.id,
                name: &name,
                email_norm: address.normal(),
                role: self.role(index),
                is_owner: false,
                invited_by: Some("Ana Ruiz"),
            };
            tx.insert_member(self.now, &member).await?;
            self.history(tx, member.id, index).await?;
            ids.push(member.id);
        }
        Ok(ids)
    }

    async fn history(
        &self,
        tx: &mut WorkspaceTx,
        member: MemberId,
        index: usize,
    ) -> Result<(), Failure> {
        let days = |n: usize| TimeDelta::days(i64::try_from(n).unwrap_or(0));
        let joined = self.now
            - days(20 + index * 37 % 700)
            - TimeDelta::minutes(i64::try_from(index).unwrap_or(0));
        let active = match index % 9 {
            7 => None,
            8 => Some(joined + days(3)),
            _ => Some(
                self.now - TimeDelta::minutes(i64::try_from(13 + index * 97 % 40_000).unwrap_or(0)),
            ),
        };
        let status = if index % 17 == 11 {
            MemberStatus::Suspended
        } else {
            MemberStatus::Active
        };
        tx.set_member_history(member, status, joined, active.filter(|at| *at > joined))
            .await?;
        for (nth, group) in self.groups.iter().enumerate() {
            if (index + nth).is_multiple_of(6) {
                tx.join_group(member, *group).await?;
            }
        }
        Ok(())
    }

    async fn invitations(
        &self,
        tx: &mut WorkspaceTx,
        joined: Option<MemberId>,
    ) -> Result<(), Failure> {
        let workspace = tx.workspace().id;
        let owner = tx
            .members_by_email(workspace, &["ana.ruiz@example.org"])
            .await?;
        let Some(owner) = owner.first() else {
            return Ok(());
        };
        for (index, (address, status, days)) in INVITATIONS.into_iter().enumerate() {
            let address =
                EmailAddress::parse(address).map_err(|p| Failure::field("email", p.to_string()))?;
            let (role, role_name) = &self.roles[(index + 1) % self.roles.len()];
            let new = NewInvitation {
                id: self.app.random().id(self.now),
                email: &address,
                role: *role,
                role_name,
                note: None,
                duration_seconds: 72 * 3_600,
                inviter: owner.id,
                inviter_name: "Ana Ruiz",
                inviter_email: "ana.ruiz@example.org",
            };
            let groups: Vec<GroupId> = self
                .groups
                .iter()
                .copied()
                .filter(|_| index % 3 == 0)
                .take(1)
                .collect();
            tx.insert_invitation(self.now, &new, &groups).await?;
            super::post::link(self.app, tx, self.now, new.id, Channel::Copy).await?;
            let sent = self.now - TimeDelta::days(days) - TimeDelta::hours(3);
            tx.set_invitation_times(new.id, sent, sent + TimeDelta::hours(72))
                .await?;
            if status != InvitationStatus::Pending {
                let accepted_by = joined.filter(|_| status == InvitationStatus::Accepted);
                let ended = sent
                    + TimeDelta::hours(if status == InvitationStatus::Expired {
                        72
                    } else {
                        5
                    });
                tx.end_invitation(ended, new.id, status, accepted_by, None)
                    .await?;
            }
        }
        Ok(())
    }
}
