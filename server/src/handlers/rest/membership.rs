//! The life of a membership: suspended, ended, removed, brought back.

use axum::{Json, http::StatusCode};
use rolecall_backend::service::membership;
use rolecall_shared::{
    MemberId, RoleId,
    membership::{Departure, FormerQuery, FormerRow, Missing, RemovalOrder, SentInvitations},
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{List, Paged},
    body::{Asked, Body},
    call::{At, Call, IfMatch},
    members::Ids,
    moment::Moment,
    words::{Ref, paged, pairs},
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![
        routes!(suspend),
        routes!(reactivate),
        routes!(set_end),
        routes!(remove),
        routes!(list_former),
        routes!(reinstate),
    ]
}

/// Why somebody is suspended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "On leave until March" }))]
struct SuspensionInput {
    /// A reason, which the trail keeps; may be left out.
    #[serde(default)]
    reason: String,
}

/// Suspend a member
///
/// They keep all that they hold and can do nothing from the next request on; their tokens pause. Owners are
/// suspended by owners, in the console.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/members/{member}/suspend", operation_id = "suspend_member", tag = "Members",
    request_body = SuspensionInput,
    responses((status = 204, description = "They are suspended.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn suspend(
    call: Call,
    At(Ids { member }): At<Ids>,
    Body(input): Body<SuspensionInput>,
) -> Result<StatusCode, Problem> {
    call.ask("suspend_member", async |app, caller, slug| {
        membership::suspend(app, caller, slug, member, &input.reason).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reactivate a member
///
/// All is as it was before they were suspended, also when their time had ended.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/members/{member}/reactivate", operation_id = "reactivate_member", tag = "Members",
    responses((status = 204, description = "They can act again.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn reactivate(call: Call, At(Ids { member }): At<Ids>) -> Result<StatusCode, Problem> {
    call.ask("reactivate_member", async |app, caller, slug| {
        membership::reactivate(app, caller, slug, member).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// When a membership ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "ends_at": "2027-01-31T18:00:00Z" }))]
struct End {
    /// From then on they are suspended; `null`: it stays.
    #[serde(deserialize_with = "said")]
    #[schema(required)]
    ends_at: Option<Moment>,
}

/// A value that has to be there, also when it is `null`: leaving it out must not take an end away.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Moment>, D::Error> {
    Option::deserialize(deserializer)
}

/// An end with the version that it was set to.
#[derive(Serialize, ToSchema)]
struct EndSet {
    /// From then on they are suspended; `null`: it stays.
    ends_at: Option<Moment>,
    /// The version of what they hold, for the next change.
    version: i64,
}

/// Set when a membership ends
///
/// They and you are told 7 days and 1 day before.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/members/{member}/end", operation_id = "set_membership_end", tag = "Members",
    params(("If-Match" = String, Header)),
    request_body = End,
    responses((status = 200, description = "The end that holds now.", body = EndSet)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn set_end(
    call: Call,
    At(Ids { member }): At<Ids>,
    IfMatch(version): IfMatch,
    Body(End { ends_at }): Body<End>,
) -> Result<Json<EndSet>, Problem> {
    let at = ends_at.map(Into::into);
    let version = call
        .ask("set_membership_end", async |app, caller, slug| {
            membership::set_end(app, caller, slug, member, version, at).await
        })
        .await?;
    Ok(Json(EndSet { ends_at, version }))
}

/// What becomes of the waiting invitations that somebody sent.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum TheirInvitations {
    /// They are revoked.
    #[default]
    Revoke,
    /// You answer for those that you may give yourself; the others are revoked.
    Keep,
}

/// How somebody is removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Left the company", "invitations": "keep" }))]
struct Removal {
    /// A reason, which they are told and the trail keeps; may be left out.
    #[serde(default)]
    reason: String,
    /// What becomes of the waiting invitations that they sent: `revoke`, or `keep` those that you may give.
    #[serde(default)]
    #[schema(inline)]
    invitations: TheirInvitations,
}

/// What a removal did.
#[derive(Serialize, ToSchema)]
struct RemovedMember {
    /// How many of their invitations were revoked.
    revoked: usize,
    /// How many of their invitations you answer for now.
    kept: usize,
    /// Until when they can be brought back, with the same id.
    undo_until: Moment,
}

/// Remove a member
///
/// At once: their tokens are revoked for good. What they made stays. They can be brought back for 90 days.
/// Owners are removed by owners, in the console.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/members/{member}/remove", operation_id = "remove_member", tag = "Members",
    request_body = Removal,
    responses((status = 200, description = "They are no member any more.", body = RemovedMember)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn remove(
    call: Call,
    At(Ids { member }): At<Ids>,
    Body(input): Body<Removal>,
) -> Result<Json<RemovedMember>, Problem> {
    let order = RemovalOrder {
        reason: input.reason,
        invitations: match input.invitations {
            TheirInvitations::Revoke => SentInvitations::Revoke,
            TheirInvitations::Keep => SentInvitations::Keep,
        },
    };
    let done = call
        .ask("remove_member", async |app, caller, slug| {
            membership::remove(app, caller, slug, member, &order).await
        })
        .await?;
    Ok(Json(RemovedMember {
        revoked: done.revoked,
        kept: done.kept,
        undo_until: done.undo_until.into(),
    }))
}

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FormerAsked {
    /// Part of a name or an address.
    search: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// How a membership ended.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Ending {
    /// Somebody removed them.
    Removed,
    /// They left.
    Left,
}

/// Somebody whose membership ended in the last 90 days.
#[derive(Serialize, ToSchema)]
struct FormerMember {
    /// The id that they had, and have again when they are brought back.
    #[schema(format = Uuid)]
    id: String,
    name: String,
    email: String,
    /// The role they had.
    role: Ref,
    /// Whether you can bring them back with it.
    role_can_return: bool,
    /// Whether they were an owner; that does not come back.
    was_owner: bool,
    #[schema(inline)]
    ended: Ending,
    /// Who ended it, as they were called then.
    by: String,
    at: Moment,
    /// The reason that was given; may be empty.
    reason: String,
    /// Until when they can be brought back.
    undo_until: Moment,
}

impl From<FormerRow> for FormerMember {
    fn from(row: FormerRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            email: row.email,
            role: row.role.into(),
            role_can_return: row.role_can_return,
            was_owner: row.was_owner,
            ended: match row.departure {
                Departure::Removed => Ending::Removed,
                Departure::Left => Ending::Left,
            },
            by: row.by,
            at: row.at.into(),
            reason: row.reason,
            undo_until: row.undo_until.into(),
        }
    }
}

/// List former members
///
/// Those who can be brought back, who left last first.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/former-members", operation_id = "list_former_members", tag = "Members",
    params(FormerAsked),
    responses((status = 200, description = "One page of them.", body = List<FormerMember>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list_former(
    call: Call,
    Asked(asked): Asked<FormerAsked>,
) -> Result<Paged<FormerMember>, Problem> {
    let pairs = pairs(&asked);
    let query = FormerQuery {
        search: asked.search.unwrap_or_default(),
        cursor: asked.cursor,
    };
    let page = call
        .ask("list_former_members", async |app, caller, slug| {
            membership::former(app, caller, slug, &query).await
        })
        .await?;
    Ok(paged(
        &call,
        "/former-members",
        &pairs,
        page.rows,
        page.next,
    ))
}

/// How somebody is brought back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": null }))]
struct ReinstatementInput {
    /// The id of the role they get; left out, the one they had.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    role: Option<RoleId>,
}

/// Something that did not come back.
#[derive(Serialize, ToSchema)]
struct LeftBehind {
    /// What, such as `the group Night shift`.
    what: String,
    /// Why not.
    why: String,
}

impl From<Missing> for LeftBehind {
    fn from(missing: Missing) -> Self {
        Self {
            what: missing.what,
            why: missing.why,
        }
    }
}

/// A membership that was brought back.
#[derive(Serialize, ToSchema)]
struct ReinstatedMember {
    /// Their id, which is the one of before.
    #[schema(format = Uuid)]
    member: String,
    /// What did not come back.
    missing: Vec<LeftBehind>,
}

#[derive(Deserialize)]
struct FormerIds {
    former: MemberId,
}

/// Bring a former member back
///
/// With what they held, as far as it is still there and you may give it. Their tokens stay revoked.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/former-members/{former}/reinstate", operation_id = "reinstate_member", tag = "Members",
    request_body = ReinstatementInput,
    responses((status = 200, description = "They are a member again.", body = ReinstatedMember)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn reinstate(
    call: Call,
    At(FormerIds { former }): At<FormerIds>,
    Body(input): Body<ReinstatementInput>,
) -> Result<Json<ReinstatedMember>, Problem> {
    let back = call
        .ask("reinstate_member", async |app, caller, slug| {
            membership::reinstate(app, caller, slug, former, input.role).await
        })
        .await?;
    Ok(Json(ReinstatedMember {
        member: back.member.to_string(),
        missing: back.missing.into_iter().map(Into::into).collect(),
    }))
}
