//! The database: SQLite in the data folder, or PostgreSQL for many instances, behind one SQL text.
//!
//! [`Db`] is one connection, for reading; [`Tx`] is a writing transaction outside any workspace;
//! [`WorkspaceTx`] is one that holds the lock of a workspace, and can only be committed with its
//! audit rows. Invariant: every change to a membership, invitation, role or setting goes through
//! a [`WorkspaceTx`].

mod access;
mod account;
mod audit;
mod connect;
mod crowd;
mod deletions;
mod dialect;
mod former;
mod groups;
mod holders;
mod idempotency;
mod invitations;
mod keyset;
mod links;
mod member_list;
mod members;
mod membership;
mod memory;
mod news;
mod notices;
mod notifications;
mod outbox;
mod overrides;
mod overview;
mod ownership;
mod projects;
mod resources;
mod review;
mod roles;
mod sessions;
mod setup;
mod statement;
mod throttles;
mod tokens;
mod tx;
mod users;
mod views;
mod waiting;
mod workspaces;

pub use access::{NewAccess, PlacedOverride};
pub use account::{AccountLinkRecord, LinkKind, NewAccountLink};
#[cfg(test)]
pub(crate) use audit::family;
pub use audit::{Actor, AuditRow, CheckpointRecord, Entry, Target, Trail, TrailEnd};
pub(crate) use audit::{AuditEdge, AuditFilter};
pub use connect::{PoolUse, Store, StoreError};
pub use crowd::NewPerson;
pub use deletions::DeletedWorkspace;
pub use former::{Departed, FormerGroup, FormerOverride, FormerRecord, Restored};
pub use groups::{GroupMemberRecord, GroupRecord};
pub use holders::{GrantKind, GrantRecord, HolderRecord, PersonRecord};
pub use idempotency::Earlier;
pub use invitations::{ExpiredRecord, InvitationRecord, NewInvitation};
pub use keyset::BadCursor;
pub use links::{Channel, LinkRecord};
pub use members::{MemberIdentity, MemberListRow, NewMember};
pub use membership::{LifeRecord, MadeCounts};
pub use memory::{RememberedGrant, RememberedRecord, RememberedToken};
pub use news::{Epochs, Marks, News};
pub(crate) use notices::Ahead;
pub use notices::{EndingKind, EndingRecord};
pub use outbox::{Claimed, MailOutcome, NewMail, OutboxRecord};
pub use overrides::{InvitedOverrideRecord, OverriddenRecord, OverrideRecord};
pub(crate) use overview::Manages;
pub use overview::{Ending, EndsSoonRecord, ManagerRecord, OverviewNumbers};
pub use ownership::ProposalRecord;
pub use projects::{NewProject, ProjectCounts, ProjectRecord, Reach, Visible};
pub use resources::{NewResource, ResourceRecord, ResourceText};
pub use roles::RoleRecord;
pub use sessions::SessionRecord;
pub use setup::SetupState;
pub use throttles::Throttle;
pub use tokens::{BearerRecord, NewToken, TokenEnd, TokenRecord, TokenScopeRecord};
pub use tx::{Db, Entries, Tx, WorkspaceTx};
pub use users::{NewUser, UserRecord};
pub use views::{NewView, OpenView};
pub use waiting::WaitingRecord;
pub use workspaces::{MembershipRecord, NewWorkspace, WorkspaceRecord};
