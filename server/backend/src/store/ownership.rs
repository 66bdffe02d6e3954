//! Proposals of ownership that wait for their answer.

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, WorkspaceId};
use uuid::Uuid;

use super::{
    Db, StoreError, WorkspaceTx,
    tx::{exec, sql},
};

/// A proposal of ownership.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ProposalRecord {
    /// To whom.
    #[sqlx(try_from = "Uuid")]
    pub member_id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The owner who proposed it.
    #[sqlx(try_from = "Uuid")]
    pub proposer_id: MemberId,
    /// That owner's name.
    pub proposer_name: String,
    /// That owner's address.
    pub proposer_email: String,
    /// Whether that owner is one still.
    pub proposer_owns: bool,
    /// Whether that owner's ownership goes over with it.
    pub hand_over: bool,
    /// When it was made.
    pub sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

macro_rules! proposals {
    () => {
        "SELECT p.member_id, u.name, u.email, p.proposer_id, v.name AS proposer_name, v.email AS proposer_email,
                (o.is_owner AND o.status = 'active') AS proposer_owns, p.hand_over, p.sent_at, p.expires_at
         FROM ownership_proposals p
         JOIN members m ON m.id = p.member_id JOIN users u ON u.id = m.user_id
         JOIN members o ON o.id = p.proposer_id JOIN users v ON v.id = o.user_id WHERE "
    };
}

impl Db {
    /// What was proposed to a member, also when its time is over.
    pub(crate) async fn proposal_to(
        &mut self,
        member: MemberId,
    ) -> Result<Option<ProposalRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            proposals!(),
            "p.member_id = $1"
        ))
        .bind(member.0)
        .fetch_optional(c))
    }

    /// All proposals of a workspace whose time is not over, the oldest first.
    pub(crate) async fn proposals(
        &mut self,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<Vec<ProposalRecord>, StoreError> {
        sql!(self, |c| sqlx::query_as(concat!(
            proposals!(),
            "p.workspace_id = $1 AND p.expires_at > $2 ORDER BY p.sent_at, p.member_id"
        ))
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c))
    }

    /// Workspaces with proposals whose time is over.
    pub(crate) async fn workspaces_with_old_proposals(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Vec<WorkspaceId>, StoreError> {
        let rows: Vec<Uuid> = sql!(self, |c| sqlx::query_scalar(
            "SELECT DISTINCT workspace_id FROM ownership_proposals WHERE expires_at <= $1"
        )
        .bind(now)
        .fetch_all(c))?;
        Ok(rows.into_iter().map(WorkspaceId).collect())
    }
}

impl WorkspaceTx {
    /// Proposes ownership to a member of the locked workspace, in place of a proposal whose time is over.
    pub(crate) async fn insert_proposal(
        &mut self,
        member: MemberId,
        proposer: MemberId,
        hand_over: bool,
        (sent_at, expires_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), StoreError> {
        let workspace = self.workspace().id;
        exec!(
            self,
            sqlx::query(
                "INSERT INTO ownership_proposals (member_id, workspace_id, proposer_id, hand_over, sent_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (member_id) DO UPDATE SET proposer_id = excluded.proposer_id,
                   hand_over = excluded.hand_over, sent_at = excluded.sent_at, expires_at = excluded.expires_at"
            )
            .bind(member.0)
            .bind(workspace.0)
            .bind(proposer.0)
            .bind(hand_over)
            .bind(sent_at)
            .bind(expires_at)
        )
        .map(drop)
    }

    /// Ends what was proposed to a member; false when there was nothing.
    pub(crate) async fn delete_proposal(&mut self, member: MemberId) -> Result<bool, StoreError> {
        let workspace = self.workspace().id;
        let done = exec!(
            self,
            sqlx::query(
                "DELETE FROM ownership_proposals WHERE workspace_id = $1 AND member_id = $2"
            )
            .bind(workspace.0)
            .bind(member.0)
        )?;
        Ok(done == 1)
    }

    /// Ends all proposals to and by a member; gives to whom they were.
    pub(crate) async fn void_proposals(
        &mut self,
        member: MemberId,
    ) -> Result<Vec<ProposalRecord>, StoreError> {
        let workspace = self.workspace().id;
        let found: Vec<ProposalRecord> = sql!(self, |c| {
            sqlx::query_as(concat!(
            proposals!(),
            "p.workspace_id = $1 AND (p.member_id = $2 OR p.proposer_id = $2) ORDER BY p.member_id"
        ))
        .bind(workspace.0)
        .bind(member.0)
        .fetch_all(c)
        })?;
        if !found.is_empty() {
            exec!(
                self,
                sqlx::query(
                    "DELETE FROM ownership_proposals
                     WHERE workspace_id = $1 AND (member_id = $2 OR proposer_id = $2)"
                )
                .bind(workspace.0)
                .bind(member.0)
            )?;
        }
        Ok(found)
    }

    /// Ends all proposals of the locked workspace whose time is over; gives to whom they were.
    pub(crate) async fn delete_old_proposals(
        &mut self,
        now: DateTime<Utc>,
    ) -> Result<Vec<ProposalRecord>, StoreError> {
        let workspace = self.workspace().id;
        let found: Vec<ProposalRecord> = sql!(self, |c| sqlx::query_as(concat!(
            proposals!(),
            "p.workspace_id = $1 AND p.expires_at <= $2 ORDER BY p.member_id"
        ))
        .bind(workspace.0)
        .bind(now)
        .fetch_all(c))?;
        exec!(
            self,
            sqlx::query(
                "DELETE FROM ownership_proposals WHERE workspace_id = $1 AND expires_at <= $2"
            )
            .bind(workspace.0)
            .bind(now)
        )?;
        Ok(found)
    }
}
