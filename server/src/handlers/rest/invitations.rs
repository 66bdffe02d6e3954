//! `/invitations`: offers of membership. No answer has the link of one: it proves who holds it (rule 17), and
//! accepting is the recipient's own.

use axum::{Json, http::StatusCode};
use rolecall_backend::{
    Caller, Rolecall, hex, keys,
    service::{Failure, invitations},
};
use rolecall_shared::{
    GroupId, InvitationId, ProjectId, RoleId,
    invitation::{
        AddressVerdict, DEFAULT_HOURS, Delivery, DeliveryRow, InvitationChange, InvitationQuery,
        InvitationRow, InvitationSort, InvitationStatus, InviteOverride, InviteRequest, MailKind,
        Verdict,
    },
    page::Direction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{List, Paged, Versioned},
    body::{Asked, Body, Creating},
    call::{At, Call, IfMatch},
    moment::Moment,
    words::{OrderOf, Ref, paged, pairs},
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![
        routes!(list, send),
        routes!(read, change),
        routes!(resend),
        routes!(revoke),
        routes!(deliveries),
    ]
}

#[derive(Deserialize)]
struct Ids {
    invitation: InvitationId,
}

/// Where an invitation is. Everything but `pending` is final, but that one that expired can be sent again.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum InvitationState {
    Pending,
    Accepted,
    Expired,
    Revoked,
    Declined,
}

impl From<InvitationStatus> for InvitationState {
    fn from(status: InvitationStatus) -> Self {
        match status {
            InvitationStatus::Pending => Self::Pending,
            InvitationStatus::Accepted => Self::Accepted,
            InvitationStatus::Expired => Self::Expired,
            InvitationStatus::Revoked => Self::Revoked,
            InvitationStatus::Declined => Self::Declined,
        }
    }
}

impl From<InvitationState> for InvitationStatus {
    fn from(state: InvitationState) -> Self {
        match state {
            InvitationState::Pending => Self::Pending,
            InvitationState::Accepted => Self::Accepted,
            InvitationState::Expired => Self::Expired,
            InvitationState::Revoked => Self::Revoked,
            InvitationState::Declined => Self::Declined,
        }
    }
}

/// What the list of invitations is ordered by.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum InvitationsBy {
    Sent,
    Expires,
    Email,
}

impl From<InvitationsBy> for InvitationSort {
    fn from(by: InvitationsBy) -> Self {
        match by {
            InvitationsBy::Sent => Self::Sent,
            InvitationsBy::Expires => Self::Expires,
            InvitationsBy::Email => Self::Email,
        }
    }
}

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InvitationsAsked {
    /// Part of an address.
    search: Option<String>,
    /// Only those that are there now.
    #[param(inline)]
    status: Option<InvitationState>,
    /// The id of a role: only those that give it.
    #[param(value_type = Option<String>, format = Uuid)]
    role: Option<RoleId>,
    /// What the list is ordered by; `sent` without it.
    #[param(inline)]
    sort: Option<InvitationsBy>,
    /// Which way; `down` without it.
    #[param(inline)]
    direction: Option<OrderOf>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// How far the newest mail of an invitation got.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MailState {
    /// No mail was ever sent for it.
    None,
    Queued,
    Retrying,
    Sent,
    Failed,
    /// Not sent, because the invitation ended first or a newer mail replaced it.
    Dropped,
}

/// How far a mail got.
#[derive(Serialize, ToSchema)]
struct MailProgress {
    #[schema(inline)]
    state: MailState,
    /// What the mail server answered, when it is tried again or was given up.
    reason: Option<String>,
    /// When it was sent, or when the next try is due.
    at: Option<Moment>,
}

impl From<Delivery> for MailProgress {
    fn from(delivery: Delivery) -> Self {
        let (state, reason, at) = match delivery {
            Delivery::None => (MailState::None, None, None),
            Delivery::Queued => (MailState::Queued, None, None),
            Delivery::Retrying { reason, next_at } => {
                (MailState::Retrying, Some(reason), Some(next_at))
            }
            Delivery::Sent { at } => (MailState::Sent, None, Some(at)),
            Delivery::Failed { reason } => (MailState::Failed, Some(reason), None),
            Delivery::Dropped => (MailState::Dropped, None, None),
        };
        Self {
            state,
            reason,
            at: at.map(Into::into),
        }
    }
}

/// An invitation, without its link.
#[derive(Serialize, ToSchema)]
struct Invitation {
    #[schema(format = Uuid)]
    id: String,
    /// Goes up with every change.
    version: i64,
    /// The invited address, as it was typed.
    email: String,
    role: Ref,
    groups: Vec<Ref>,
    #[schema(inline)]
    status: InvitationState,
    /// When the newest mail or link was made.
    sent_at: Moment,
    /// Until when it can be accepted.
    expires_at: Moment,
    /// When it reached its final state.
    ended_at: Option<Moment>,
    /// Who sent it, as they were called then.
    inviter: String,
    mail: MailProgress,
    /// Whether it waits for somebody with wider rights, because the inviter lost theirs.
    needs_approval: bool,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        Self {
            id: row.id.to_string(),
            version: row.version,
            email: row.email,
            role: row.role.into(),
            groups: row.groups.into_iter().map(Into::into).collect(),
            status: row.status.into(),
            sent_at: row.sent_at.into(),
            expires_at: row.expires_at.into(),
            ended_at: row.ended_at.map(Into::into),
            inviter: row.inviter,
            mail: row.delivery.into(),
            needs_approval: row.needs_approval,
        }
    }
}

/// What somebody who is invited may do in a project instead of what role and groups give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitedOverride {
    /// The id of the project.
    #[schema(value_type = String, format = Uuid)]
    project: ProjectId,
    /// Names of permissions for projects; none at all is a real value.
    permissions: Vec<String>,
}

fn overrides(inputs: Vec<InvitedOverride>) -> Vec<InviteOverride> {
    let inputs = inputs.into_iter().map(|input| InviteOverride {
        project: input.project,
        permissions: input.permissions,
    });
    inputs.collect()
}

/// Whom to invite, and to what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "addresses": ["dana@example.org"],
    "role": "01890000-0000-7000-8000-000000000000",
    "groups": [], "note": "See you on Monday", "hours": 72,
}))]
struct NewInvitations {
    /// Up to 200 addresses.
    #[schema(min_items = 1, max_items = 200)]
    addresses: Vec<String>,
    /// The id of the role they get.
    #[schema(value_type = String, format = Uuid)]
    role: RoleId,
    /// The ids of the groups they get.
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>)]
    groups: Vec<GroupId>,
    /// A personal line in the mail.
    #[serde(default)]
    note: String,
    /// For how many hours it is valid, at most 720; 72 when left out.
    #[serde(default = "default_hours")]
    #[schema(minimum = 1, maximum = 720)]
    hours: u32,
    /// What they may do in single projects instead.
    #[serde(default)]
    #[schema(max_items = 20)]
    overrides: Vec<InvitedOverride>,
    /// Whether former members are invited as if they were new, instead of being offered to be brought back.
    #[serde(default)]
    start_fresh: bool,
}

fn default_hours() -> u32 {
    DEFAULT_HOURS
}

/// What became of an address.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Invited; `invitation` is the new one.
    Invited,
    /// Not an address.
    Invalid,
    /// Is a member already.
    Member,
    /// Is a suspended member: reactivate them.
    Suspended,
    /// Waits already for the same: send that invitation again.
    Pending,
    /// Waits already with another role: change that invitation.
    OtherRole,
    /// Waits already with other groups or overrides: change that invitation.
    OtherGrant,
    /// Was a member: bring them back, or send `start_fresh`.
    Former,
    /// The workspace does not invite addresses of this domain.
    DomainNotAllowed,
    /// A limit is reached.
    Limited,
}

/// What became of one address.
#[derive(Serialize, ToSchema)]
struct VerdictOf {
    /// The address as it was sent.
    address: String,
    #[schema(inline)]
    outcome: Outcome,
    /// The invitation that was made, or that waits already.
    #[schema(format = Uuid)]
    invitation: Option<String>,
    /// The member, former or not.
    #[schema(format = Uuid)]
    member: Option<String>,
    /// Why not, in a sentence.
    reason: Option<String>,
}

impl From<AddressVerdict> for VerdictOf {
    fn from(verdict: AddressVerdict) -> Self {
        let invitation = |outcome, id: InvitationId| (outcome, Some(id.to_string()), None, None);
        let member = |outcome, id: String| (outcome, None, Some(id), None);
        let said = |outcome, reason: String| (outcome, None, None, Some(reason));
        let (outcome, invitation, member, reason) = match verdict.verdict {
            // The link stays in the console: who gets it is decided there.
            Verdict::Invited { id, link: _ } => invitation(Outcome::Invited, id),
            Verdict::Invalid { reason } => said(Outcome::Invalid, reason),
            Verdict::Member { id } => member(Outcome::Member, id.to_string()),
            Verdict::Suspended { id } => member(Outcome::Suspended, id.to_string()),
            Verdict::Pending { id, .. } => invitation(Outcome::Pending, id),
            Verdict::OtherRole { id, .. } => invitation(Outcome::OtherRole, id),
            Verdict::OtherGrant { id, .. } => invitation(Outcome::OtherGrant, id),
            Verdict::Former { id, .. } => member(Outcome::Former, id.to_string()),
            Verdict::DomainNotAllowed => (Outcome::DomainNotAllowed, None, None, None),
            Verdict::Limited { reason } => said(Outcome::Limited, reason),
        };
        Self {
            address: verdict.address,
            outcome,
            invitation,
            member,
            reason,
        }
    }
}

/// What an invitation is to give from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "01890000-0000-7000-8000-000000000000", "groups": [] }))]
struct InvitationInput {
    /// The id of the role.
    #[schema(value_type = String, format = Uuid)]
    role: RoleId,
    /// The ids of all groups; left out, they stay.
    #[serde(default)]
    #[schema(value_type = Option<Vec<uuid::Uuid>>)]
    groups: Option<Vec<GroupId>>,
    /// What holds in single projects instead, all of it; left out, it stays.
    #[serde(default)]
    #[schema(max_items = 20)]
    overrides: Option<Vec<InvitedOverride>>,
}

/// List the invitations
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/invitations", operation_id = "list_invitations", tag = "Invitations",
    params(InvitationsAsked),
    responses((status = 200, description = "One page of the invitations.", body = List<Invitation>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list(
    call: Call,
    Asked(asked): Asked<InvitationsAsked>,
) -> Result<Paged<Invitation>, Problem> {
    let pairs = pairs(&asked);
    let query = InvitationQuery {
        search: asked.search.unwrap_or_default(),
        status: asked.status.map(Into::into),
        role: asked.role,
        sort: asked.sort.map(Into::into).unwrap_or_default(),
        direction: asked.direction.map_or(Direction::Down, Into::into),
        cursor: asked.cursor,
    };
    let page = call
        .ask("list_invitations", async |app, caller, slug| {
            invitations::list(app, caller, slug, &query).await
        })
        .await?;
    Ok(paged(&call, "/invitations", &pairs, page.rows, page.next))
}

/// Invite people
///
/// One address or many, with a verdict for each: what can be sent is sent. You can give what you have
/// yourself. Where no mail server is set, the link is copied in the console.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/invitations", operation_id = "send_invitations", tag = "Invitations",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same request with the same key has one effect, within a day.")),
    request_body = NewInvitations,
    responses((status = 200, description = "What became of each address, in their order.", body = List<VerdictOf>)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn send(
    Creating { call, body }: Creating<NewInvitations>,
) -> Result<Json<List<VerdictOf>>, Problem> {
    let verdicts = call
        .ask("send_invitations", async |app, caller, slug| {
            let request = InviteRequest {
                idempotency_key: key(app, caller),
                addresses: body.addresses,
                role: body.role,
                groups: body.groups,
                note: body.note,
                hours: body.hours,
                overrides: overrides(body.overrides),
                start_fresh: body.start_fresh,
            };
            sent(invitations::send(app, caller, slug, request).await)
        })
        .await?;
    Ok(List::whole(verdicts.into_iter().map(Into::into).collect()))
}

/// The key of an order as the service has it: that of the request, by token, or one that nobody has.
fn key(app: &Rolecall, caller: &Caller) -> String {
    let Some(order) = &caller.meta.order else {
        return hex::encode(&app.random().bytes::<32>());
    };
    let token = caller.session.token.as_ref().map(|token| token.id);
    let token = token.map(|id| id.to_string()).unwrap_or_default();
    hex::encode(&keys::sha256(format!("{token} {}", order.key).as_bytes()))
}

/// In this interface the key is a header.
fn sent(result: Result<Vec<AddressVerdict>, Failure>) -> Result<Vec<AddressVerdict>, Failure> {
    match result {
        Err(Failure::Reused) => Err(Failure::field(
            "Idempotency-Key",
            "This key came with another request before. Take a new key for each request.",
        )),
        other => other,
    }
}

/// Read an invitation
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/invitations/{invitation}", operation_id = "read_invitation", tag = "Invitations",
    responses((status = 200, description = "The invitation, without its link.", body = Invitation, headers(("ETag" = String, description = "Its version.")))),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn read(
    call: Call,
    At(Ids { invitation }): At<Ids>,
) -> Result<Versioned<Invitation>, Problem> {
    found(&call, invitation).await
}

async fn found(call: &Call, id: InvitationId) -> Result<Versioned<Invitation>, Problem> {
    let row = call
        .ask("read_invitation", async |app, caller, slug| {
            invitations::one(app, caller, slug, id).await
        })
        .await?;
    Ok(Versioned(row.version, row.into()))
}

/// Change a waiting invitation
///
/// Its link stops working and a new one is sent, so that nobody accepts what was not meant any more.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/invitations/{invitation}", operation_id = "change_invitation", tag = "Invitations",
    params(("If-Match" = String, Header)),
    request_body = InvitationInput,
    responses((status = 200, description = "The invitation as it is now.", body = Invitation, headers(("ETag" = String, description = "Its new version.")))),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn change(
    call: Call,
    At(Ids { invitation }): At<Ids>,
    IfMatch(version): IfMatch,
    Body(input): Body<InvitationInput>,
) -> Result<Versioned<Invitation>, Problem> {
    let change = InvitationChange {
        role: input.role,
        groups: input.groups,
        overrides: input.overrides.map(overrides),
    };
    call.ask("change_invitation", async |app, caller, slug| {
        invitations::change(app, caller, slug, invitation, version, &change).await
    })
    .await?;
    found(&call, invitation).await
}

/// Send an invitation again
///
/// With a new link and its original validity from now on; older links stop working. Also one that expired.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/invitations/{invitation}/resend", operation_id = "resend_invitation", tag = "Invitations",
    params(("If-Match" = String, Header)),
    responses((status = 204, description = "A new mail is on its way.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn resend(
    call: Call,
    At(Ids { invitation }): At<Ids>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    call.ask("resend_invitation", async |app, caller, slug| {
        invitations::resend(app, caller, slug, invitation, version).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Revoke a waiting invitation
///
/// Its link stops working at once, and a mail that waits is not sent.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/invitations/{invitation}/revoke", operation_id = "revoke_invitation", tag = "Invitations",
    params(("If-Match" = String, Header)),
    responses((status = 204, description = "It can not be accepted any more.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn revoke(
    call: Call,
    At(Ids { invitation }): At<Ids>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    call.ask("revoke_invitation", async |app, caller, slug| {
        invitations::revoke(app, caller, slug, invitation, version).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a mail is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MailOf {
    /// The invitation with its link.
    Invitation,
    /// A code for the holder of a copied link.
    Code,
}

/// One mail of an invitation.
#[derive(Serialize, ToSchema)]
struct Mail {
    created_at: Moment,
    #[schema(inline)]
    what: MailOf,
    /// The address that was used.
    to: String,
    /// How many times sending was tried.
    attempts: u32,
    progress: MailProgress,
}

impl From<DeliveryRow> for Mail {
    fn from(row: DeliveryRow) -> Self {
        Self {
            created_at: row.created_at.into(),
            what: match row.what {
                MailKind::Invitation => MailOf::Invitation,
                MailKind::Code => MailOf::Code,
            },
            to: row.to,
            attempts: row.attempts,
            progress: row.delivery.into(),
        }
    }
}

/// List the mails of an invitation
///
/// The oldest first, for whoever says that no mail came.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/invitations/{invitation}/mails", operation_id = "list_mails", tag = "Invitations",
    responses((status = 200, description = "All mails.", body = List<Mail>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn deliveries(
    call: Call,
    At(Ids { invitation }): At<Ids>,
) -> Result<Json<List<Mail>>, Problem> {
    let mails = call
        .ask("list_mails", async |app, caller, slug| {
            invitations::deliveries(app, caller, slug, invitation).await
        })
        .await?;
    Ok(List::whole(mails.into_iter().map(Into::into).collect()))
}
