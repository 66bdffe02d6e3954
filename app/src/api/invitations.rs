//! Invitations: list, send, and everything that can be done with one.

use leptos::prelude::*;
use rolecall_shared::{
    InvitationId,
    invitation::{
        AddressVerdict, DeliveryRow, InvitationChange, InvitationPolicy, InvitationQuery,
        InvitationRow, InviteOptions, InviteRequest,
    },
    page::Page,
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::invitations;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// One page of the invitations list, in the order that the question names: the newest first unless it
/// says otherwise.
#[server(prefix = "/api", endpoint = "list_invitations", input = Json, output = Json, client = Reading)]
pub async fn list_invitations(
    slug: String,
    query: InvitationQuery,
) -> Result<Page<InvitationRow>, ApiFailure> {
    super::read(&slug, "list_invitations", async |app, caller| {
        invitations::list(app, caller, &slug, &query).await
    })
    .await
}

/// What the invite dialog offers to the one who asks.
#[server(name = LoadInviteOptions, prefix = "/api", endpoint = "invite_options", input = Json, output = Json, client = Reading)]
pub async fn invite_options(slug: String) -> Result<InviteOptions, ApiFailure> {
    super::read(&slug, "invite_options", async |app, caller| {
        invitations::options(app, caller, &slug).await
    })
    .await
}

/// Invites people; one verdict per address, in the order of the request.
#[server(prefix = "/api", endpoint = "send_invitations", input = Json, output = Json)]
pub async fn send_invitations(
    slug: String,
    request: InviteRequest,
) -> Result<Vec<AddressVerdict>, ApiFailure> {
    super::change(&slug, "send_invitations", async |app, caller| {
        invitations::send(app, caller, &slug, request).await
    })
    .await
}

/// Sends a new mail with a new link; older links stop working.
#[server(prefix = "/api", endpoint = "resend_invitation", input = Json, output = Json)]
pub async fn resend_invitation(
    slug: String,
    id: InvitationId,
    version: i64,
) -> Result<(), ApiFailure> {
    super::change(&slug, "resend_invitation", async |app, caller| {
        invitations::resend(app, caller, &slug, id, version).await
    })
    .await
}

/// Takes an invitation back.
#[server(prefix = "/api", endpoint = "revoke_invitation", input = Json, output = Json)]
pub async fn revoke_invitation(
    slug: String,
    id: InvitationId,
    version: i64,
) -> Result<(), ApiFailure> {
    super::change(&slug, "revoke_invitation", async |app, caller| {
        invitations::revoke(app, caller, &slug, id, version).await
    })
    .await
}

/// Gives a waiting invitation another role, other groups or other overrides; older links stop working
///
#[server(prefix = "/api", endpoint = "change_invitation", input = Json, output = Json)]
pub async fn change_invitation(
    slug: String,
    id: InvitationId,
    version: i64,
    change: InvitationChange,
) -> Result<(), ApiFailure> {
    super::change(&slug, "change_invitation", async |app, caller| {
        invitations::change(app, caller, &slug, id, version, &change).await
    })
    .await
}

/// The link of a waiting invitation, to hand over by other means than mail.
#[server(prefix = "/api", endpoint = "copy_invitation_link", input = Json, output = Json)]
pub async fn copy_invitation_link(slug: String, id: InvitationId) -> Result<String, ApiFailure> {
    super::change(&slug, "copy_invitation_link", async |app, caller| {
        invitations::copy_link(app, caller, &slug, id).await
    })
    .await
}

/// The mails of one invitation, newest first.
#[server(prefix = "/api", endpoint = "invitation_deliveries", input = Json, output = Json, client = Reading)]
pub async fn invitation_deliveries(
    slug: String,
    id: InvitationId,
) -> Result<Vec<DeliveryRow>, ApiFailure> {
    super::read(&slug, "invitation_deliveries", async |app, caller| {
        invitations::deliveries(app, caller, &slug, id).await
    })
    .await
}

/// What the workspace allows for invitations.
#[server(name = LoadInvitationPolicy, prefix = "/api", endpoint = "invitation_policy", input = Json, output = Json, client = Reading)]
pub async fn invitation_policy(slug: String) -> Result<InvitationPolicy, ApiFailure> {
    super::read(&slug, "invitation_policy", async |app, caller| {
        invitations::policy(app, caller, &slug).await
    })
    .await
}

/// Changes what the workspace allows for invitations, if it is still `before`; gives it as it is kept.
#[server(prefix = "/api", endpoint = "set_invitation_policy", input = Json, output = Json)]
pub async fn set_invitation_policy(
    slug: String,
    before: InvitationPolicy,
    policy: InvitationPolicy,
) -> Result<InvitationPolicy, ApiFailure> {
    super::change(&slug, "set_invitation_policy", async |app, caller| {
        invitations::set_policy(app, caller, &slug, &before, policy).await
    })
    .await
}
