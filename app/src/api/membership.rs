//! The life of a membership: suspending, ending, removing, bringing back, and owning.

use leptos::prelude::*;
use rolecall_shared::{
    MemberId, RoleId, Timestamp,
    membership::{
        FormerQuery, FormerRow, Ownership, PersonVerdict, Reinstated, RemovalOrder, RemovalPreview,
        Removed,
    },
    page::Page,
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::membership;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// Suspends a member: they keep all they hold and can do nothing until they are reactivated.
#[server(prefix = "/api", endpoint = "suspend_member", input = Json, output = Json)]
pub async fn suspend_member(
    slug: String,
    member: MemberId,
    reason: String,
) -> Result<(), ApiFailure> {
    super::change(&slug, "suspend_member", async |app, caller| {
        membership::suspend(app, caller, &slug, member, &reason).await
    })
    .await
}

/// Suspends several members, with a verdict for each.
#[server(prefix = "/api", endpoint = "suspend_members", input = Json, output = Json)]
pub async fn suspend_members(
    slug: String,
    members: Vec<MemberId>,
    reason: String,
) -> Result<Vec<PersonVerdict>, ApiFailure> {
    super::change(&slug, "suspend_members", async |app, caller| {
        membership::suspend_several(app, caller, &slug, &members, &reason).await
    })
    .await
}

/// Ends a suspension: all is as it was before.
#[server(prefix = "/api", endpoint = "reactivate_member", input = Json, output = Json)]
pub async fn reactivate_member(slug: String, member: MemberId) -> Result<(), ApiFailure> {
    super::change(&slug, "reactivate_member", async |app, caller| {
        membership::reactivate(app, caller, &slug, member).await
    })
    .await
}

/// Reactivates several members, with a verdict for each.
#[server(prefix = "/api", endpoint = "reactivate_members", input = Json, output = Json)]
pub async fn reactivate_members(
    slug: String,
    members: Vec<MemberId>,
) -> Result<Vec<PersonVerdict>, ApiFailure> {
    super::change(&slug, "reactivate_members", async |app, caller| {
        membership::reactivate_several(app, caller, &slug, &members).await
    })
    .await
}

/// Gives several members a role, with a verdict for each.
#[server(prefix = "/api", endpoint = "change_roles", input = Json, output = Json)]
pub async fn change_roles(
    slug: String,
    members: Vec<MemberId>,
    role: RoleId,
) -> Result<Vec<PersonVerdict>, ApiFailure> {
    super::change(&slug, "change_roles", async |app, caller| {
        membership::change_roles(app, caller, &slug, &members, role).await
    })
    .await
}

/// Sets until when somebody is a member, or that they stay; gives the new version.
#[server(prefix = "/api", endpoint = "set_membership_end", input = Json, output = Json)]
pub async fn set_membership_end(
    slug: String,
    member: MemberId,
    version: i64,
    ends_at: Option<Timestamp>,
) -> Result<i64, ApiFailure> {
    super::change(&slug, "set_membership_end", async |app, caller| {
        membership::set_end(app, caller, &slug, member, version, ends_at).await
    })
    .await
}

/// What removing somebody would do, or leaving, when it is oneself.
#[server(name = LoadRemovalPreview, prefix = "/api", endpoint = "removal_preview", input = Json, output = Json, client = Reading)]
pub async fn removal_preview(slug: String, member: MemberId) -> Result<RemovalPreview, ApiFailure> {
    super::read(&slug, "removal_preview", async |app, caller| {
        membership::preview(app, caller, &slug, member).await
    })
    .await
}

/// Removes a member; it can be undone for some time.
#[server(prefix = "/api", endpoint = "remove_member", input = Json, output = Json)]
pub async fn remove_member(
    slug: String,
    member: MemberId,
    order: RemovalOrder,
) -> Result<Removed, ApiFailure> {
    super::change(&slug, "remove_member", async |app, caller| {
        membership::remove(app, caller, &slug, member, &order).await
    })
    .await
}

/// Removes several members, with a verdict for each.
#[server(prefix = "/api", endpoint = "remove_members", input = Json, output = Json)]
pub async fn remove_members(
    slug: String,
    members: Vec<MemberId>,
    order: RemovalOrder,
) -> Result<Vec<PersonVerdict>, ApiFailure> {
    super::change(&slug, "remove_members", async |app, caller| {
        membership::remove_several(app, caller, &slug, &members, &order).await
    })
    .await
}

/// Ends one's own membership.
#[server(prefix = "/api", endpoint = "leave_workspace", input = Json, output = Json)]
pub async fn leave_workspace(slug: String) -> Result<(), ApiFailure> {
    super::change(&slug, "leave_workspace", async |app, caller| {
        membership::leave(app, caller, &slug).await
    })
    .await
}

/// One page of the people whose membership ended and can be brought back.
#[server(prefix = "/api", endpoint = "list_former_members", input = Json, output = Json, client = Reading)]
pub async fn list_former_members(
    slug: String,
    query: FormerQuery,
) -> Result<Page<FormerRow>, ApiFailure> {
    super::read(&slug, "list_former_members", async |app, caller| {
        membership::former(app, caller, &slug, &query).await
    })
    .await
}

/// Brings a membership back: also the undo right after a removal.
#[server(prefix = "/api", endpoint = "reinstate_member", input = Json, output = Json)]
pub async fn reinstate_member(
    slug: String,
    former: MemberId,
    role: Option<RoleId>,
) -> Result<Reinstated, ApiFailure> {
    super::change(&slug, "reinstate_member", async |app, caller| {
        membership::reinstate(app, caller, &slug, former, role).await
    })
    .await
}

/// Who owns the workspace, and who is asked to.
#[server(prefix = "/api", endpoint = "load_ownership", input = Json, output = Json, client = Reading)]
pub async fn load_ownership(slug: String) -> Result<Ownership, ApiFailure> {
    super::read(&slug, "load_ownership", async |app, caller| {
        membership::ownership(app, caller, &slug).await
    })
    .await
}

/// Proposes ownership to a member: beside the present owners, or in place of the one who proposes.
#[server(prefix = "/api", endpoint = "propose_ownership", input = Json, output = Json)]
pub async fn propose_ownership(
    slug: String,
    member: MemberId,
    hand_over: bool,
) -> Result<(), ApiFailure> {
    super::change(&slug, "propose_ownership", async |app, caller| {
        membership::propose_ownership(app, caller, &slug, member, hand_over).await
    })
    .await
}

/// Takes back what was proposed to a member.
#[server(prefix = "/api", endpoint = "cancel_ownership", input = Json, output = Json)]
pub async fn cancel_ownership(slug: String, member: MemberId) -> Result<(), ApiFailure> {
    super::change(&slug, "cancel_ownership", async |app, caller| {
        membership::cancel_ownership(app, caller, &slug, member).await
    })
    .await
}

/// Becomes an owner, as was proposed.
#[server(prefix = "/api", endpoint = "accept_ownership", input = Json, output = Json)]
pub async fn accept_ownership(slug: String) -> Result<(), ApiFailure> {
    super::change(&slug, "accept_ownership", async |app, caller| {
        membership::accept_ownership(app, caller, &slug).await
    })
    .await
}

/// Does not become an owner.
#[server(prefix = "/api", endpoint = "decline_ownership", input = Json, output = Json)]
pub async fn decline_ownership(slug: String) -> Result<(), ApiFailure> {
    super::change(&slug, "decline_ownership", async |app, caller| {
        membership::decline_ownership(app, caller, &slug).await
    })
    .await
}

/// Stops being an owner and goes on with a role.
#[server(prefix = "/api", endpoint = "step_down", input = Json, output = Json)]
pub async fn step_down(slug: String, role: RoleId) -> Result<(), ApiFailure> {
    super::change(&slug, "step_down", async |app, caller| {
        membership::step_down(app, caller, &slug, role).await
    })
    .await
}

/// Makes another owner a member with a role.
#[server(prefix = "/api", endpoint = "take_ownership", input = Json, output = Json)]
pub async fn take_ownership(
    slug: String,
    member: MemberId,
    role: RoleId,
) -> Result<(), ApiFailure> {
    super::change(&slug, "take_ownership", async |app, caller| {
        membership::take_ownership(app, caller, &slug, member, role).await
    })
    .await
}
