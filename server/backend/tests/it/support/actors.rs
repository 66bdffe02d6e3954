//! Who asks is a type: an owner, a colleague, or the holder of a link; each with their verbs.

use std::ops::Deref;

use rolecall_backend::{
    Caller, Session,
    service::{
        Failure,
        acceptance::{self, AcceptFailure, Invited, Joined, NewPerson},
        invitations, members, sign_in,
    },
};
use rolecall_shared::{
    InvitationId, MemberId, RoleId, SessionId, UserId, WorkspaceId,
    invitation::{
        AddressVerdict, DeliveryRow, InvitationPolicy, InvitationQuery, InvitationRow,
        InvitationStatus, InviteOptions, InviteRequest, Verdict,
    },
    member::{MemberQuery, MemberRow, TeamCounts},
    page::Page,
};
use uuid::Uuid;

use super::world::{PASSPHRASE, World, meta};

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
        Self { world: world.clone(), slug, caller: Caller { session, meta: meta("request") } }
    }

    /// The same person on another installation object over the same database.
    pub fn on(&self, world: &World) -> Self {
        Self { world: world.clone(), ..self.clone() }
    }

    /// The same person asking for another workspace.
    pub fn at(&self, slug: &str) -> Self {
        Self { slug: slug.to_owned(), ..self.clone() }
    }

    pub async fn workspace(&self) -> WorkspaceId {
        let sql = "SELECT id FROM workspaces WHERE slug = $1";
        WorkspaceId(self.world.database.id(sql, &[self.slug.as_str().into()]).await)
    }

    pub async fn role(&self, name: &str) -> RoleId {
        let sql = "SELECT id FROM roles WHERE workspace_id = $1 AND name = $2";
        let args = [self.workspace().await.into(), name.into()];
        RoleId(self.world.database.id(sql, &args).await)
    }

    pub async fn member_id(&self, email: &str) -> MemberId {
        let sql = "SELECT id FROM members WHERE workspace_id = $1 AND email_key = $2";
        let args = [self.workspace().await.into(), email.to_lowercase().into()];
        MemberId(self.world.database.id(sql, &args).await)
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

    pub async fn change_role(
        &self,
        id: InvitationId,
        version: i64,
        role: RoleId,
    ) -> Result<(), Failure> {
        invitations::change_role(&self.world.app, &self.caller, &self.slug, id, version, role).await
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

    pub async fn options(&self) -> Result<InviteOptions, Failure> {
        invitations::options(&self.world.app, &self.caller, &self.slug).await
    }

    pub async fn set_policy(&self, policy: InvitationPolicy) -> Result<(), Failure> {
        invitations::set_policy(&self.world.app, &self.caller, &self.slug, policy).await
    }

    pub async fn invitations(
        &self,
        query: &InvitationQuery,
    ) -> Result<Page<InvitationRow>, Failure> {
        invitations::list(&self.world.app, &self.caller, &self.slug, query).await
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
        let query = InvitationQuery { status: Some(status), ..InvitationQuery::default() };
        let page = self.invitations(&query).await.unwrap();
        let mut emails: Vec<_> = page.rows.into_iter().map(|row| row.email).collect();
        emails.sort();
        emails
    }

    pub async fn members(&self, query: &MemberQuery) -> Result<Page<MemberRow>, Failure> {
        members::list(&self.world.app, &self.caller, &self.slug, query).await
    }

    /// The row of one member, found through the list; `None` when there is no such member.
    pub async fn member(&self, email: &str) -> Option<MemberRow> {
        let query = MemberQuery { search: email.to_owned(), ..MemberQuery::default() };
        let page = self.members(&query).await.unwrap();
        page.rows.into_iter().find(|row| row.email.eq_ignore_ascii_case(email))
    }

    pub async fn counts(&self) -> TeamCounts {
        members::counts(&self.world.app, &self.caller, &self.slug).await.unwrap()
    }

    /// What was done in the workspace, in order.
    pub async fn actions(&self) -> Vec<String> {
        let rows = self.world.trail(Some(self.workspace().await)).await;
        rows.into_iter().map(|row| row.action).collect()
    }

    /// Makes somebody a member without an invitation, with the passphrase of everybody.
    pub async fn enrol(&self, name: &str, email: &str, role: &str) -> Colleague {
        let world = &self.world;
        let (user, member) = (Uuid::from_bytes(rand::random()), Uuid::from_bytes(rand::random()));
        let now = world.clock.now();
        let user_sql = "INSERT INTO users (id, email, email_norm, email_verified_at, name, password_hash, created_at)
             SELECT $1, $2, $3, $4, $5, password_hash, $4 FROM users WHERE id = $6";
        let args = [
            user.into(),
            email.into(),
            email.to_lowercase().into(),
            now.into(),
            name.into(),
            self.caller.session.user.into(),
        ];
        world.database.change(user_sql, &args).await;
        let member_sql = "INSERT INTO members (id, workspace_id, user_id, role_id, is_owner, status, name_key,
               email_key, joined_at, version) VALUES ($1, $2, $3, $4, FALSE, 'active', $5, $6, $7, 1)";
        let args = [
            member.into(),
            self.workspace().await.into(),
            user.into(),
            self.role(role).await.into(),
            name.to_lowercase().into(),
            email.to_lowercase().into(),
            now.into(),
        ];
        world.database.change(member_sql, &args).await;
        let session = Session {
            id: SessionId(Uuid::from_bytes(rand::random())),
            user: UserId(user),
            name: name.into(),
            email: email.into(),
            email_verified: true,
        };
        Colleague(Self::new(world, self.slug.clone(), session))
    }

    /// Takes somebody's membership away, until there is a public function for it.
    pub async fn remove(&self, email: &str) {
        let args = [self.member_id(email).await.into()];
        self.world.database.change("DELETE FROM members WHERE id = $1", &args).await;
    }

    pub async fn suspend(&self, email: &str) {
        let sql = "UPDATE members SET status = 'suspended' WHERE id = $1";
        self.world.database.change(sql, &[self.member_id(email).await.into()]).await;
    }

    pub async fn give_role(&self, email: &str, role: &str) {
        let args = [self.member_id(email).await.into(), self.role(role).await.into()];
        self.world.database.change("UPDATE members SET role_id = $2 WHERE id = $1", &args).await;
    }

    /// Adds a group, until there is a public function for it.
    pub async fn add_group(&self, name: &str, permissions: &str) -> rolecall_shared::GroupId {
        let id = Uuid::from_bytes(rand::random());
        let sql = "INSERT INTO acl_groups (id, workspace_id, name, name_norm, description, permissions, version)
             VALUES ($1, $2, $3, $4, '', $5, 1)";
        let args = [
            id.into(),
            self.workspace().await.into(),
            name.into(),
            name.to_lowercase().into(),
            permissions.into(),
        ];
        self.world.database.change(sql, &args).await;
        id.into()
    }
}

impl World {
    /// Signs in with the passphrase of everybody.
    pub async fn session_of(&self, email: &str) -> Session {
        let meta = meta("sign-in");
        sign_in::with_password(&self.app, &meta, email, PASSPHRASE).await.unwrap().session
    }
}

/// Somebody with a link, signed in or not.
#[derive(Clone)]
pub struct Holder {
    world: World,
    pub token: String,
}

impl Holder {
    pub fn new(world: &World, token: String) -> Self {
        Self { world: world.clone(), token }
    }

    pub async fn opens(&self) -> Invited {
        acceptance::open(&self.world.app, None, &self.token).await.unwrap()
    }

    pub async fn opens_as(&self, person: &Person) -> Invited {
        acceptance::open(&self.world.app, Some(&person.caller.session), &self.token).await.unwrap()
    }

    pub async fn joins(&self, name: &str) -> Result<Joined, AcceptFailure> {
        self.joins_with_code(name, "").await
    }

    pub async fn joins_with_code(&self, name: &str, code: &str) -> Result<Joined, AcceptFailure> {
        let person =
            NewPerson { name: name.into(), password: PASSPHRASE.into(), code: code.into() };
        acceptance::join_new(&self.world.app, &meta("join"), &self.token, person).await
    }

    pub async fn joins_with_password(&self, password: &str) -> Result<Joined, AcceptFailure> {
        acceptance::join_known(&self.world.app, &meta("join"), &self.token, password).await
    }

    pub async fn joins_as(&self, person: &Person) -> Result<Joined, AcceptFailure> {
        acceptance::join_signed_in(&self.world.app, &person.caller, &self.token).await
    }

    pub async fn declines(&self) -> Result<(), AcceptFailure> {
        acceptance::decline(&self.world.app, &meta("decline"), None, &self.token).await
    }

    pub async fn declines_as(&self, person: &Person) -> Result<(), AcceptFailure> {
        let session = Some(&person.caller.session);
        acceptance::decline(&self.world.app, &meta("decline"), session, &self.token).await
    }

    pub async fn asks_for_a_code(&self) -> Result<(), AcceptFailure> {
        acceptance::send_code(&self.world.app, &meta("code"), &self.token).await
    }
}
