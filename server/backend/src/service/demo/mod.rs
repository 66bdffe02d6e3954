//! A workspace with believable people, for looking around and for measuring.

mod events;
mod life;
mod names;
mod tokens;
mod work;

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
        Actor, Channel, Entry, GroupRecord, NewInvitation, NewPerson, StoreError, Target,
        WorkspaceTx,
    },
    templates::Template,
};
pub use events::add_entries;
use names::{email, full_name};
use work::Team;

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
    /// An API token of the first workspace, with which other services ask for decisions.
    pub token: String,
}

/// People who are written in one statement.
const AT_ONCE: usize = 500;
const ANA: &str = "ana.ruiz@example.org";
const PASSWORD: &str = "lantern orbit velvet thimble";
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
        email: ANA.into(),
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
    let mut tx = locked(app, &slug).await?;
    let template = app.templates().get(&tx.workspace().template);
    let template = template.ok_or(StoreError::Corrupt("the template of the demo"))?;
    let mut seed = Seed {
        app,
        now,
        hash,
        roles: Vec::new(),
        on_call: None,
        groups: Vec::new(),
    };
    seed.structure(&mut tx, template).await?;
    let people = seed.people(&mut tx, 0..members.saturating_sub(1)).await?;
    let gone = members.saturating_sub(1)..members.saturating_sub(1) + life::GONE;
    let gone = seed.people(&mut tx, gone).await?;
    let owner = owner_of(&mut tx, &owner.email).await?;
    let team = Team {
        app,
        now,
        owner,
        people: &people,
    };
    team.cloud(&mut tx, template, &seed.groups).await?;
    life::show(&mut tx, now, &people, &gone).await?;
    seed.invitations(&mut tx, owner, people.first().copied())
        .await?;
    let detail = json!({ "members": members });
    finish(tx, now, detail).await?;

    let mut tx = locked(app, &second).await?;
    let team = Team {
        app,
        now,
        owner: owner_of(&mut tx, ANA).await?,
        people: &[],
    };
    team.portal(&mut tx).await?;
    finish(tx, now, json!({ "members": 1 })).await?;
    Ok(DemoSummary {
        token: tokens::show(app, &slug).await?,
        email: ANA.into(),
        viewer: email(3),
        password: PASSWORD.into(),
        workspaces: vec![slug, second],
        members,
    })
}

async fn locked(app: &Rolecall, slug: &str) -> Result<WorkspaceTx, Failure> {
    let locked = app.store().lock_slug(slug).await?;
    locked.ok_or(Failure::NotFound("workspace"))
}

async fn owner_of(tx: &mut WorkspaceTx, email: &str) -> Result<MemberId, Failure> {
    let workspace = tx.workspace().id;
    let found = tx
        .members_by_email(workspace, &[email], DateTime::UNIX_EPOCH)
        .await?;
    let owner = found.first().ok_or(Failure::NotFound("member"))?;
    Ok(owner.id)
}

async fn finish(
    tx: WorkspaceTx,
    now: DateTime<Utc>,
    detail: serde_json::Value,
) -> Result<(), Failure> {
    let (id, name) = (tx.workspace().id, tx.workspace().name.clone());
    let entry = Entry::new("demo.seeded", Target::new("workspace", id.0, name), detail);
    tx.commit(now, &Actor::operator("seed-demo"), entry.into(), &[])
        .await?;
    Ok(())
}

struct Seed<'a> {
    app: &'a Rolecall,
    now: DateTime<Utc>,
    hash: String,
    /// The built-in ones.
    roles: Vec<(RoleId, String)>,
    on_call: Option<RoleId>,
    groups: Vec<GroupId>,
}

impl Seed<'_> {
    async fn structure(
        &mut self,
        tx: &mut WorkspaceTx,
        template: &Template,
    ) -> Result<(), Failure> {
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
                version: 1,
            };
            tx.insert_group(&group).await?;
            self.groups.push(group.id);
        }
        self.on_call = Some(work::on_call(self.app, self.now, tx, template).await?);
        Ok(())
    }

    /// The role of the n-th person: a few admins, some operators, many viewers.
    fn role(&self, index: usize) -> RoleId {
        if let Some(on_call) = self.on_call.filter(|_| index % 20 == 8) {
            return on_call;
        }
        let at = match index % 10 {
            0 => 0,
            1 | 2 | 5 | 8 => 1,
            _ => 2,
        };
        self.roles[at.min(self.roles.len() - 1)].0
    }

    async fn people(
        &self,
        tx: &mut WorkspaceTx,
        numbers: std::ops::Range<usize>,
    ) -> Result<Vec<MemberId>, Failure> {
        let mut ids = Vec::with_capacity(numbers.len());
        for first in numbers.clone().step_by(AT_ONCE) {
            let people = (first..numbers.end.min(first + AT_ONCE))
                .map(|index| self.person(index))
                .collect::<Result<Vec<_>, _>>()?;
            tx.insert_people(self.now, &self.hash, "Ana Ruiz", &people)
                .await?;
            ids.extend(people.iter().map(|person| person.member));
        }
        Ok(ids)
    }

    /// The n-th person: a few are suspended, some were never here, and everybody else at some time.
    fn person(&self, index: usize) -> Result<NewPerson, Failure> {
        let days = |n: usize| TimeDelta::days(i64::try_from(n).unwrap_or(0));
        let minutes = |n: usize| TimeDelta::minutes(i64::try_from(n).unwrap_or(0));
        let joined_at = self.now - days(20 + index * 37 % 700) - minutes(index);
        let active = match index % 9 {
            7 => None,
            8 => Some(joined_at + days(3)),
            _ => Some(self.now - minutes(13 + index * 97 % 40_000)),
        };
        let status = if index % 17 == 11 {
            MemberStatus::Suspended
        } else {
            MemberStatus::Active
        };
        let groups = self.groups.iter().enumerate();
        Ok(NewPerson {
            user: self.app.random().id(self.now),
            email: EmailAddress::parse(&email(index))
                .map_err(|p| Failure::field("email", p.to_string()))?,
            name: full_name(index),
            member: self.app.random().id(self.now),
            role: self.role(index),
            status,
            joined_at,
            last_active_at: active.filter(|at| *at > joined_at),
            groups: groups
                .filter(|(nth, _)| (index + nth).is_multiple_of(6))
                .map(|(_, group)| *group)
                .collect(),
        })
    }

    async fn invitations(
        &self,
        tx: &mut WorkspaceTx,
        owner: MemberId,
        joined: Option<MemberId>,
    ) -> Result<(), Failure> {
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
                inviter: owner,
                inviter_name: "Ana Ruiz",
                inviter_email: ANA,
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
