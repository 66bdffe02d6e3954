//! Who asks is a type: an owner, a colleague, or the holder of a link; each with their verbs.

use std::ops::Deref;

use rolecall_backend::{
    Caller, Session,
    authz::Glance,
    service::{Failure, invitations, members},
};
use rolecall_shared::{
    InvitationId, RoleId,
    invitation::{
        AddressVerdict, DeliveryRow, InvitationChange, InvitationPolicy, InvitationQuery,
        InvitationRow, InvitationStatus, InviteOptions, InviteRequest, Verdict,
    },
    member::{MemberQuery, MemberRow, TeamCounts},
    page::{Direction, Page},
};
use uuid::Uuid;

use super::{
    holder::Holder,
    world::{World, meta},
};

/// A signed-in person in one workspace.
#[derive(Clone)]
pub struct Person {
    pub world: World,
    pub slug: String,
    pub caller: Caller,
}

/// A person who owns the workspace.
#[derive(Clone)]
pub struct Owner(pub Person);

/// A member with a role.
#[derive(Clone)]
pub struct Colleague(pub Person);

impl Deref for Owner {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.0
    }
}

impl Deref for Colleague {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.0
    }
}

impl Person {
    pub fn new(world: &World, slug: String, session: Session) -> Self {
        Self {
            world: world.clone(),
            slug,
            caller: Caller {
                session,
                meta: meta("request"),
            },
        }
    }

    /// The same person on another installation object over the same database.
    pub fn on(&self, world: &World) -> Self {
        Self {
            world: world.clone(),
            ..self.clone()
        }
    }

    /// The same person right after they proved who they are once more.
    pub fn confirmed(&self) -> Self {
        let mut again = self.clone();
        again.caller.session.confirmed_at = self.world.clock.now();
        again
    }

    /// The same person asking for another workspace.
    pub fn at(&self, slug: &str) -> Self {
        Self {
            slug: slug.to_owned(),
            ..self.clone()
        }
    }

    /// An order for these addresses with the role of this name, and a key of its own.
    pub async fn order(&self, addresses: &[&str], role: &str) -> InviteRequest {
        InviteRequest {
            idempotency_key: Uuid::from_bytes(rand::random()).to_string(),
            addresses: addresses.iter().map(|&a| a.to_owned()).collect(),
            role: self.role(role).await,
            groups: Vec::new(),
            note: String::new(),
            hours: 72,
            overrides: Vec::new(),
            start_fresh: false,
        }
    }

    pub async fn send(&self, order: InviteRequest) -> Result<Vec<AddressVerdict>, Failure> {
        invitations::send(&self.world.app, &self.caller, &self.slug, order).await
    }

    /// Sends an order and gives the bare verdicts.
    pub async fn verdicts(&self, addresses: &[&str], role: &str) -> Vec<Verdict> {
        let order = self.order(addresses, role).await;
        let answers = self.send(order).await.unwrap();
        answers.into_iter().map(|answer| answer.verdict).collect()
    }

    /// Invites one person who is new here.
    pub async fn invite(&self, email: &str, role: &str) -> InvitationId {
        match self.verdicts(&[email], role).await.as_slice() {
            [Verdict::Invited { id, .. }] => *id,
            other => panic!("{email} was not invited: {other:?}"),
        }
    }

    pub async fn resend(&self, id: InvitationId, version: i64) -> Result<(), Failure> {
        invitations::resend(&self.world.app, &self.caller, &self.slug, id, version).await
    }

    pub async fn revoke(&self, id: InvitationId, version: i64) -> Result<(), Failure> {
        invitations::revoke(&self.world.app, &self.caller, &self.slug, id, version).await
    }

    pub async fn change(
        &self,
        id: InvitationId,
        version: i64,
        change: InvitationChange,
    ) -> Result<(), Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        invitations::change(app, caller, &self.slug, id, version, &change).await
    }

    /// Another role; groups and overrides stay.
    pub async fn change_role(
        &self,
        id: InvitationId,
        version: i64,
        role: RoleId,
    ) -> Result<(), Failure> {
        let change = InvitationChange {
            role,
            groups: None,
            overrides: None,
        };
        self.change(id, version, change).await
    }

    pub async fn copy_link(&self, id: InvitationId) -> Result<String, Failure> {
        invitations::copy_link(&self.world.app, &self.caller, &self.slug, id).await
    }

    /// Whoever gets the link that this person copies.
    pub async fn hands_over(&self, id: InvitationId) -> Holder {
        let link = self.copy_link(id).await.unwrap();
        self.world.holder(link.rsplit('/').next().unwrap())
    }

    pub async fn deliveries(&self, id: InvitationId) -> Result<Vec<DeliveryRow>, Failure> {
        invitations::deliveries(&self.world.app, &self.caller, &self.slug, id).await
    }

    pub async fn invitation(&self, id: InvitationId) -> Result<InvitationRow, Failure> {
        invitations::one(&self.world.app, &self.caller, &self.slug, id).await
    }

    pub async fn options(&self) -> Result<InviteOptions, Failure> {
        invitations::options(&self.world.app, &self.caller, &self.slug).await
    }

    pub async fn policy(&self) -> Result<InvitationPolicy, Failure> {
        invitations::policy(&self.world.app, &self.caller, &self.slug).await
    }

    /// Changes the policy as this person sees it now, or the first one if they see none.
    pub async fn set_policy(&self, policy: InvitationPolicy) -> Result<(), Failure> {
        let before = self.policy().await.unwrap_or(InvitationPolicy {
            copy_link: true,
            hours: 72,
            allowed_domains: Vec::new(),
        });
        self.set_policy_from(&before, policy).await.map(drop)
    }

    /// Changes the policy that this person thinks there is.
    pub async fn set_policy_from(
        &self,
        before: &InvitationPolicy,
        policy: InvitationPolicy,
    ) -> Result<InvitationPolicy, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        invitations::set_policy(app, caller, &self.slug, before, policy).await
    }

    pub async fn invitations(
        &self,
        query: &InvitationQuery,
    ) -> Result<Page<InvitationRow>, Failure> {
        invitations::list(&self.world.app, &self.caller, &self.slug, query).await
    }

    /// The first page of the invitations.
    pub async fn all_invitations(&self) -> Result<Page<InvitationRow>, Failure> {
        self.invitations(&InvitationQuery::default()).await
    }

    /// Its rows.
    pub async fn rows(&self) -> Vec<InvitationRow> {
        self.all_invitations().await.unwrap().rows
    }

    /// The newest one.
    pub async fn newest_row(&self) -> InvitationRow {
        let query = InvitationQuery {
            direction: Direction::Down,
            ..InvitationQuery::default()
        };
        self.invitations(&query).await.unwrap().rows.remove(0)
    }

    /// The row of one invitation, found through the list.
    pub async fn row(&self, id: InvitationId) -> InvitationRow {
        let mut query = InvitationQuery::default();
        loop {
            let page = self.invitations(&query).await.unwrap();
            if let Some(row) = page.rows.into_iter().find(|row| row.id == id) {
                return row;
            }
            query.cursor = Some(page.next.expect("the invitation is on no page"));
        }
    }

    /// Addresses of the invitations with a status, sorted.
    pub async fn with_status(&self, status: InvitationStatus) -> Vec<String> {
        let query = InvitationQuery {
            status: Some(status),
            ..InvitationQuery::default()
        };
        let page = self.invitations(&query).await.unwrap();
        let mut emails: Vec<_> = page.rows.into_iter().map(|row| row.email).collect();
        emails.sort();
        emails
    }

    pub async fn members(&self, query: &MemberQuery) -> Result<Page<MemberRow>, Failure> {
        members::list(
            &self.world.app,
            &self.caller,
            &Glance::default(),
            &self.slug,
            query,
        )
        .await
    }

    /// The first page of the members.
    pub async fn all_members(&self) -> Result<Page<MemberRow>, Failure> {
        self.members(&MemberQuery::default()).await
    }

    /// The row of one member, found through the list; `None` when there is no such member.
    pub async fn member(&self, email: &str) -> Option<MemberRow> {
        let query = MemberQuery {
            search: email.to_owned(),
            ..MemberQuery::default()
        };
        let page = self.members(&query).await.unwrap();
        page.rows
            .into_iter()
            .find(|row| row.email.eq_ignore_ascii_case(email))
    }

    pub async fn counts(&self) -> TeamCounts {
        members::counts(
            &self.world.app,
            &self.caller,
            &Glance::default(),
            &self.slug,
        )
        .await
        .unwrap()
    }

    /// What was done in the workspace, in order.
    pub async fn actions(&self) -> Vec<String> {
        let rows = self.world.trail(Some(self.workspace().await)).await;
        rows.into_iter().map(|row| row.action).collect()
    }
}
