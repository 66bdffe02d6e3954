//! Verbs for the life of a membership.

use rolecall_backend::service::{Failure, access, membership, shell};
use rolecall_shared::{
    MemberId, RoleId, Timestamp,
    access::{MemberAccess, MemberPage},
    membership::{
        FormerQuery, FormerRow, Ownership, PersonVerdict, Reinstated, RemovalOrder, RemovalPreview,
        Removed, SentInvitations,
    },
    page::Page,
    shell::Shell,
};

use rolecall_backend::authz::Glance;

use super::actors::Person;

/// An order that keeps nothing.
pub fn because(reason: &str) -> RemovalOrder {
    RemovalOrder {
        reason: reason.to_owned(),
        ..RemovalOrder::default()
    }
}

/// An order by which the remover answers for the invitations.
pub fn keeping() -> RemovalOrder {
    RemovalOrder {
        invitations: SentInvitations::Keep,
        ..RemovalOrder::default()
    }
}

impl Person {
    pub async fn page_of(&self, member: MemberId) -> Result<MemberPage, Failure> {
        access::member(&self.world.app, &self.caller, &self.slug, member, None).await
    }

    pub async fn gives(
        &self,
        member: MemberId,
        version: i64,
        order: &MemberAccess,
    ) -> Result<i64, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        access::update(app, caller, &self.slug, member, version, order).await
    }

    pub async fn gives_role(
        &self,
        members: &[MemberId],
        role: RoleId,
    ) -> Result<Vec<PersonVerdict>, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        membership::change_roles(app, caller, &self.slug, members, role).await
    }

    pub async fn suspends(&self, member: MemberId) -> Result<(), Failure> {
        membership::suspend(&self.world.app, &self.caller, &self.slug, member, "").await
    }

    pub async fn suspends_because(&self, member: MemberId, why: &str) -> Result<(), Failure> {
        membership::suspend(&self.world.app, &self.caller, &self.slug, member, why).await
    }

    pub async fn suspends_all(&self, all: &[MemberId]) -> Result<Vec<PersonVerdict>, Failure> {
        membership::suspend_several(&self.world.app, &self.caller, &self.slug, all, "").await
    }

    pub async fn reactivates(&self, member: MemberId) -> Result<(), Failure> {
        membership::reactivate(&self.world.app, &self.caller, &self.slug, member).await
    }

    pub async fn reactivates_all(&self, all: &[MemberId]) -> Result<Vec<PersonVerdict>, Failure> {
        membership::reactivate_several(&self.world.app, &self.caller, &self.slug, all).await
    }

    pub async fn ends(
        &self,
        member: MemberId,
        version: i64,
        at: Option<Timestamp>,
    ) -> Result<i64, Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        membership::set_end(app, caller, &self.slug, member, version, at).await
    }

    pub async fn removal_of(&self, member: MemberId) -> Result<RemovalPreview, Failure> {
        membership::preview(&self.world.app, &self.caller, &self.slug, member).await
    }

    pub async fn removes(&self, member: MemberId) -> Result<Removed, Failure> {
        self.removes_as(member, &RemovalOrder::default()).await
    }

    pub async fn removes_as(
        &self,
        member: MemberId,
        order: &RemovalOrder,
    ) -> Result<Removed, Failure> {
        membership::remove(&self.world.app, &self.caller, &self.slug, member, order).await
    }

    pub async fn removes_all(&self, all: &[MemberId]) -> Result<Vec<PersonVerdict>, Failure> {
        let order = RemovalOrder::default();
        membership::remove_several(&self.world.app, &self.caller, &self.slug, all, &order).await
    }

    pub async fn leaves(&self) -> Result<(), Failure> {
        membership::leave(&self.world.app, &self.caller, &self.slug).await
    }

    pub async fn former(&self, query: &FormerQuery) -> Result<Page<FormerRow>, Failure> {
        membership::former(&self.world.app, &self.caller, &self.slug, query).await
    }

    pub async fn reinstates(
        &self,
        former: MemberId,
        role: Option<RoleId>,
    ) -> Result<Reinstated, Failure> {
        membership::reinstate(&self.world.app, &self.caller, &self.slug, former, role).await
    }

    pub async fn ownership(&self) -> Ownership {
        membership::ownership(&self.world.app, &self.caller, &self.slug)
            .await
            .unwrap()
    }

    pub async fn proposes(&self, member: MemberId, hand_over: bool) -> Result<(), Failure> {
        let (app, caller) = (&self.world.app, &self.caller);
        membership::propose_ownership(app, caller, &self.slug, member, hand_over).await
    }

    pub async fn cancels(&self, member: MemberId) -> Result<(), Failure> {
        membership::cancel_ownership(&self.world.app, &self.caller, &self.slug, member).await
    }

    pub async fn accepts(&self) -> Result<(), Failure> {
        membership::accept_ownership(&self.world.app, &self.caller, &self.slug).await
    }

    pub async fn declines_ownership(&self) -> Result<(), Failure> {
        membership::decline_ownership(&self.world.app, &self.caller, &self.slug).await
    }

    pub async fn steps_down(&self, role: RoleId) -> Result<(), Failure> {
        membership::step_down(&self.world.app, &self.caller, &self.slug, role).await
    }

    pub async fn takes_ownership(&self, member: MemberId, role: RoleId) -> Result<(), Failure> {
        membership::take_ownership(&self.world.app, &self.caller, &self.slug, member, role).await
    }

    pub async fn shell(&self) -> Shell {
        shell::load(
            &self.world.app,
            &self.caller,
            &Glance::default(),
            Some(&self.slug),
        )
        .await
        .unwrap()
    }

    /// Whether the workspace is there for them now.
    pub async fn is_in(&self) -> bool {
        self.shell().await.workspace.is_some()
    }

    /// Makes somebody who is a member an owner, by proposal and acceptance.
    pub async fn makes_owner(&self, other: &Person) {
        self.proposes(other.me().await, false).await.unwrap();
        other.accepts().await.unwrap();
    }
}
