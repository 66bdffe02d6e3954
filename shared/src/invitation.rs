//! Invitations: their states, the questions and the answers of the console.

use serde::{Deserialize, Serialize};

use crate::{
    GroupId, InvitationId, MemberId, ProjectId, RoleId, Timestamp,
    catalogue::Catalogue,
    member::Named,
    page::Direction,
    role::{GroupOption, RoleOption},
};

/// Hours an invitation is valid unless the workspace says otherwise (rule 17).
pub const DEFAULT_HOURS: u32 = 72;
/// Longest validity that can be chosen: 30 days, in hours.
pub const MAX_HOURS: u32 = 30 * 24;
/// Invitations of one workspace that may wait at the same time.
pub const MAX_PENDING: i64 = 2_000;

/// Where an invitation is. Everything but `Pending` is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InvitationStatus {
    /// Sent but not accepted.
    Pending,
    /// The person joined.
    Accepted,
    /// The link expired.
    Expired,
    /// Access removed before it was used.
    Revoked,
    /// The person does not want to join.
    Declined,
}

impl InvitationStatus {
    /// All, in the order of the filter.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Accepted,
        Self::Expired,
        Self::Revoked,
        Self::Declined,
    ];

    /// The stored and wire form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Declined => "declined",
        }
    }

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Accepted => "Accepted",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::Declined => "Declined",
        }
    }

    /// From the stored or wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == text)
    }

    /// The status at `now`: a pending invitation is expired from `expires_at` on, whether or not
    /// the sweeper has written it down.
    #[must_use]
    pub fn at(self, now: Timestamp, expires_at: Timestamp) -> Self {
        if self == Self::Pending && expires_at <= now {
            Self::Expired
        } else {
            self
        }
    }
}

/// How far the newest mail of an invitation got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Delivery {
    /// No mail was ever sent for it: only a link was copied, or no mail server is set.
    None,
    /// Waiting to be sent.
    Queued,
    /// Trying again later.
    Retrying {
        /// What the mail server answered.
        reason: String,
        /// When the next try is due.
        next_at: Timestamp,
    },
    /// Taken by the mail server.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// Given up.
    Failed {
        /// What the mail server answered.
        reason: String,
    },
    /// Not sent, because the invitation ended first or a newer mail replaced it.
    Dropped,
}

/// What a mail of an invitation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// The invitation with its link.
    Invitation,
    /// A code for the holder of a copied link.
    Code,
}

/// One mail of an invitation, for "did not get the mail?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    /// When it was written.
    pub created_at: Timestamp,
    /// What it is.
    pub what: MailKind,
    /// The address used.
    pub to: String,
    /// How many times sending was tried.
    pub attempts: u32,
    /// How far it got.
    pub delivery: Delivery,
}

/// One row of the invitations table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// Goes up with every change; a change names the version it was made on.
    pub version: i64,
    /// The invited address, as typed.
    pub email: String,
    /// The role: its present name while pending, the name of then afterwards.
    pub role: Named<RoleId>,
    /// The groups.
    pub groups: Vec<Named<GroupId>>,
    /// Where it is now.
    pub status: InvitationStatus,
    /// When the newest mail or link was made.
    pub sent_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it reached its final state.
    pub ended_at: Option<Timestamp>,
    /// Who sent it, as they were called then.
    pub inviter: String,
    /// How far the newest mail got.
    pub delivery: Delivery,
    /// Whether it waits for somebody with wider rights, because the inviter lost theirs.
    pub needs_approval: bool,
}

/// How the invitations table is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationSort {
    /// By the day it was sent.
    #[default]
    Sent,
    /// By the day it expires.
    Expires,
    /// By address.
    Email,
}

/// What the invitations table shows; the address of the page holds all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InvitationQuery {
    /// Part of an address; empty: all.
    #[serde(default)]
    pub search: String,
    /// Only this status.
    pub status: Option<InvitationStatus>,
    /// Only this role.
    pub role: Option<RoleId>,
    /// The order.
    #[serde(default)]
    pub sort: InvitationSort,
    /// Its direction; the newest come first unless the address says `up`.
    #[serde(default)]
    pub direction: Direction,
    /// The opaque cursor of a page, from [`crate::page::Page`].
    pub cursor: Option<String>,
}

/// What the invite dialog offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteOptions {
    /// All roles, the ones that may not be given with what the asker lacks.
    pub roles: Vec<RoleOption>,
    /// The role that is chosen first.
    pub default_role: RoleId,
    /// All groups.
    pub groups: Vec<GroupOption>,
    /// Whether an invitation here needs a group (ACL groups template).
    pub group_required: bool,
    /// Validity that is chosen first, in hours.
    pub hours: u32,
    /// Whether links may be copied.
    pub copy_link: bool,
    /// Whether mail can be sent at all.
    pub mail: bool,
    /// Domains that may be invited; empty: all.
    pub allowed_domains: Vec<String>,
    /// Projects that the asker may see, by name, at most 100.
    pub projects: Vec<InviteProject>,
    /// What the workspace's template knows, for the permissions in projects.
    pub catalogue: Catalogue,
}

/// A project in which an invitation can give something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteProject {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// Names of all project-scoped permissions that the asker may give there.
    pub grantable: Vec<String>,
}

/// Most projects that one invitation can have overrides in.
pub const MAX_OVERRIDES: usize = 20;

/// What somebody who is invited may do in a project instead of what role and groups give (`product.md` §4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteOverride {
    /// Where.
    pub project: ProjectId,
    /// Names of project-scoped permissions; none is a real value.
    pub permissions: Vec<String>,
}

/// An order to invite people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteRequest {
    /// Made once per opened dialog; the same key twice has one effect. 1 to 64 characters.
    pub idempotency_key: String,
    /// The addresses as typed, one entry each; the server reads each again.
    pub addresses: Vec<String>,
    /// The role they get.
    pub role: RoleId,
    /// The groups they get.
    pub groups: Vec<GroupId>,
    /// A personal line in the mail.
    pub note: String,
    /// Validity in hours, 1 to [`MAX_HOURS`].
    pub hours: u32,
    /// What they may do in single projects instead, at most [`MAX_OVERRIDES`], each project once.
    #[serde(default)]
    pub overrides: Vec<InviteOverride>,
    /// Whether former members are invited as if they were new, instead of being offered to be brought
    /// back.
    #[serde(default)]
    pub start_fresh: bool,
}

/// What a waiting invitation is to give from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationChange {
    /// The role.
    pub role: RoleId,
    /// All groups; `None`: as they are.
    #[serde(default)]
    pub groups: Option<Vec<GroupId>>,
    /// What holds in single projects instead, all of it; `None`: as it is.
    #[serde(default)]
    pub overrides: Option<Vec<InviteOverride>>,
}

/// What became of one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Verdict {
    /// Invited; `link` where no mail can be sent and links may be copied.
    Invited {
        /// The new invitation.
        id: InvitationId,
        /// The link to hand over, when there is no mail server.
        link: Option<String>,
    },
    /// Not an address.
    Invalid {
        /// Why, and what to do.
        reason: String,
    },
    /// Is a member already.
    Member {
        /// Which.
        id: MemberId,
    },
    /// Is a suspended member: reactivate instead.
    Suspended {
        /// Which.
        id: MemberId,
    },
    /// Waits already with the same role, groups and overrides: resend instead.
    Pending {
        /// The waiting invitation.
        id: InvitationId,
        /// Its version, for resending.
        version: i64,
    },
    /// Waits already with another role: change that invitation instead.
    OtherRole {
        /// The waiting invitation.
        id: InvitationId,
        /// Its version, for changing the role.
        version: i64,
        /// The role it has.
        role: String,
    },
    /// Waits already with the same role, but with other groups or other overrides: change that
    /// invitation instead, nothing is dropped silently.
    OtherGrant {
        /// The waiting invitation.
        id: InvitationId,
        /// Its version, for changing it.
        version: i64,
    },
    /// Was a member and can be brought back: reinstate them, or send the order again with
    /// `start_fresh` to invite them as if they were new.
    Former {
        /// The former membership.
        id: MemberId,
        /// When it ended.
        removed_at: Timestamp,
    },
    /// The domain is not on the workspace's list.
    DomainNotAllowed,
    /// A limit is reached; the sentence names it and when to try again.
    Limited {
        /// Which limit.
        reason: String,
    },
}

/// An address with its verdict, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressVerdict {
    /// The address as typed.
    pub address: String,
    /// What became of it.
    pub verdict: Verdict,
}

/// What the workspace lets its people do with invitations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationPolicy {
    /// Whether links may be copied.
    pub copy_link: bool,
    /// Validity that is chosen first, in hours.
    pub hours: u32,
    /// Domains that may be invited; empty: all.
    pub allowed_domains: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_is_expired_from_the_moment_on_and_final_states_stay() {
        let at = Timestamp(100);
        assert_eq!(
            InvitationStatus::Pending.at(Timestamp(99), at),
            InvitationStatus::Pending
        );
        assert_eq!(
            InvitationStatus::Pending.at(at, at),
            InvitationStatus::Expired
        );
        for status in InvitationStatus::ALL.into_iter().skip(1) {
            assert_eq!(status.at(Timestamp(500), at), status);
        }
    }
}
