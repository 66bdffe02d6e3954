//! The life of a membership: suspending, ending, removing, bringing back, and owning.

use serde::{Deserialize, Serialize};

use crate::{ApiError, InvitationId, MemberId, RoleId, Timestamp, member::Named, token::HeldToken};

/// Days in which a removal can be undone.
pub const UNDO_DAYS: i64 = 90;
/// Hours in which a proposal of ownership can be accepted.
pub const PROPOSAL_HOURS: i64 = 72;
/// Most people of one order.
pub const MAX_PEOPLE: usize = 200;
/// Things of which a preview tells singly; beyond that it gives the number.
pub const PREVIEW_THINGS: usize = 50;

/// What became of one person in an order for several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonVerdict {
    /// Who.
    pub member: MemberId,
    /// Why nothing was done to them, in the words that a single order would be refused with; `None`:
    /// it was done.
    pub problem: Option<ApiError>,
}

/// Since when and why somebody is suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Since when; unknown for people who were suspended before this was written down.
    pub at: Option<Timestamp>,
    /// Who did it, as they were called then; empty when their time ended, or unknown.
    pub by: String,
    /// The reason that was given; may be empty.
    pub reason: String,
}

/// What can be done to a member, for their page: each is `None` when the one who asks may do it now,
/// else why not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acts {
    /// Suspending them.
    pub suspend: Option<String>,
    /// Reactivating them.
    pub reactivate: Option<String>,
    /// Setting when the membership ends.
    pub set_end: Option<String>,
    /// Removing them.
    pub remove: Option<String>,
    /// Proposing ownership to them.
    pub propose_ownership: Option<String>,
    /// Making an owner a member with a role.
    pub take_ownership: Option<String>,
    /// Viewing the workspace as they see it.
    pub view_as: Option<String>,
    /// Leaving, for oneself.
    pub leave: Option<String>,
}

/// What becomes of the invitations that somebody sent when they are removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentInvitations {
    /// They are revoked.
    #[default]
    Revoke,
    /// The remover answers for those that they may give themselves; the others are revoked.
    Keep,
}

/// An order to remove somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalOrder {
    /// A reason, which the person and the trail are told; may be empty.
    #[serde(default)]
    pub reason: String,
    /// What becomes of the waiting invitations that they sent.
    #[serde(default)]
    pub invitations: SentInvitations,
}

/// A waiting invitation of somebody who is about to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentInvitation {
    /// Its id.
    pub id: InvitationId,
    /// The invited address.
    pub email: String,
    /// The name of the role that it gives.
    pub role: String,
    /// Whether the one who asks may answer for it.
    pub may_keep: bool,
}

/// What a workspace must never lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// An owner who can sign in.
    Owner,
    /// Anybody who can manage the team.
    Manager,
}

/// What removing somebody, or leaving, would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovalPreview {
    /// Who.
    pub member: Named<MemberId>,
    /// Their address.
    pub email: String,
    /// The name of their role.
    pub role: String,
    /// Whether this is the one who asks: then it is about leaving.
    pub is_you: bool,
    /// Whether they are an owner.
    pub is_owner: bool,
    /// What the workspace would lack then, so that it is refused.
    pub lacks: Option<Lack>,
    /// The invitations that they sent and that still wait, the first [`PREVIEW_THINGS`].
    pub invitations: Vec<SentInvitation>,
    /// How many invitations those are in all.
    pub invitations_total: usize,
    /// Names of their groups.
    pub groups: Vec<String>,
    /// How many permissions they hold directly.
    pub direct_permissions: usize,
    /// How many overrides they have.
    pub overrides: usize,
    /// Their API tokens that work: they are revoked, and do not come back.
    #[serde(default)]
    pub tokens: Vec<HeldToken>,
    /// How many projects that they created stay.
    pub projects: i64,
    /// How many resources that they created stay.
    pub resources: i64,
    /// Until when it can be undone.
    pub undo_until: Timestamp,
    /// Why it would be refused, with the way out; `None`: it can be done.
    pub refused: Option<String>,
}

/// What a removal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// How many of their invitations were revoked.
    pub revoked: usize,
    /// How many of their invitations the remover answers for now.
    pub kept: usize,
    /// Until when it can be undone, with the same member id.
    pub undo_until: Timestamp,
}

/// How a membership ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// Somebody removed them.
    Removed,
    /// They left.
    Left,
}

impl Departure {
    /// The stored and wire form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Left => "left",
        }
    }

    /// From the stored or wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Removed, Self::Left]
            .into_iter()
            .find(|d| d.name() == text)
    }
}

/// What the list of former members shows; the newest come first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FormerQuery {
    /// Part of a name or an address; empty: all.
    #[serde(default)]
    pub search: String,
    /// The opaque cursor of a page, from [`crate::page::Page`].
    pub cursor: Option<String>,
}

/// Somebody whose membership ended and can be brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerRow {
    /// The id of the membership; it is the same when it is brought back.
    pub id: MemberId,
    /// Their name then.
    pub name: String,
    /// Their address then.
    pub email: String,
    /// The role they had.
    pub role: Named<RoleId>,
    /// Whether that role is still there and the one who asks may give it; otherwise another has to be
    /// chosen for bringing them back.
    pub role_can_return: bool,
    /// Whether they were an owner; ownership does not come back.
    pub was_owner: bool,
    /// How it ended.
    pub departure: Departure,
    /// Who ended it, as they were called then.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The reason that was given; may be empty.
    pub reason: String,
    /// Until when it can be undone.
    pub undo_until: Timestamp,
}

/// Something that did not come back with a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What, such as "the group Night shift".
    pub what: String,
    /// Why not, in a sentence.
    pub why: String,
}

/// A membership that was brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reinstated {
    /// The member; the id is the one of before.
    pub member: MemberId,
    /// What did not come back.
    pub missing: Vec<Missing>,
}

/// An owner of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerRow {
    /// The member.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether this is the one who asks.
    pub is_you: bool,
    /// Whether they can sign in now: active, with a proven address. Only those count.
    pub can_sign_in: bool,
}

/// A proposal of ownership that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalRow {
    /// To whom.
    pub member: Named<MemberId>,
    /// Their address.
    pub email: String,
    /// The owner who proposed it.
    pub by: Named<MemberId>,
    /// Whether the owner hands their own ownership over with it.
    pub hand_over: bool,
    /// When it was made.
    pub sent_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Who owns a workspace, and who is asked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// The owners, by name.
    pub owners: Vec<OwnerRow>,
    /// What waits for an answer, the oldest first.
    pub proposals: Vec<ProposalRow>,
    /// The only person who can manage the team, when there is only one: a reason to warn.
    pub only_manager: Option<String>,
    /// Why the one who asks can not step down; `None`: they can.
    pub step_down: Option<String>,
}

/// A proposal of ownership to the one who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipOffer {
    /// The name of the owner who proposed it.
    pub by: String,
    /// Whether that owner hands their own ownership over with it.
    pub hand_over: bool,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}
