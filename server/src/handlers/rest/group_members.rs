//! `/groups/{group}/members`: who is in a group, and until when.

use axum::{Json, http::StatusCode};
use rolecall_backend::service::groups;
use rolecall_shared::{GroupId, MemberId, group::GroupMember};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{List, Paged},
    body::{Asked, Body},
    call::{At, Call},
    moment::Moment,
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list, add), routes!(put, remove)]
}

#[derive(Deserialize)]
struct Ids {
    group: GroupId,
}

#[derive(Deserialize)]
struct PersonIds {
    group: GroupId,
    member: MemberId,
}

/// Somebody in a group.
#[derive(Serialize, ToSchema)]
struct PersonInGroup {
    /// Their id as a member.
    #[schema(format = Uuid)]
    id: String,
    name: String,
    email: String,
    /// Until when they are in it; `null`: no end.
    expires_at: Option<Moment>,
    /// Whether that moment has passed: they are listed, and the group gives them nothing.
    expired: bool,
}

impl From<GroupMember> for PersonInGroup {
    fn from(member: GroupMember) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name,
            email: member.email,
            expires_at: Moment::of(member.expires_at),
            expired: member.expired,
        }
    }
}

/// Who is to be in a group, and until when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "members": ["019a0000-0000-7000-8000-000000000001"], "expires_at": "2027-03-31T18:00:00Z"
}))]
pub struct Joining {
    /// The ids of 1 to 200 members.
    #[schema(value_type = Vec<uuid::Uuid>, min_items = 1, max_items = 200)]
    pub members: Vec<MemberId>,
    /// Until when; `null` or left out: no end.
    #[serde(default)]
    pub expires_at: Option<Moment>,
}

/// Until when somebody is to be in a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "expires_at": "2027-03-31T18:00:00Z" }))]
struct GroupTerm {
    /// Until when; `null` or left out: no end.
    #[serde(default)]
    expires_at: Option<Moment>,
}

/// How many people joined.
#[derive(Serialize, ToSchema)]
struct Joined {
    /// How many of them were not in the group before.
    joined: usize,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Which page: the `next` of the one before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List who is in a group
///
/// By name, also those whose time in it is over.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/groups/{group}/members",
    operation_id = "list_group_members", tag = "Groups",
    params(Which),
    responses((status = 200, description = "One page of the people.", body = List<PersonInGroup>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list(
    call: Call,
    At(Ids { group }): At<Ids>,
    Asked(Which { cursor }): Asked<Which>,
) -> Result<Paged<PersonInGroup>, Problem> {
    let page = call
        .ask("list_group_members", async |app, caller, slug| {
            groups::members(app, caller, slug, group, cursor).await
        })
        .await?;
    let people = page.rows.into_iter().map(Into::into).collect();
    let below = format!("/groups/{group}/members");
    Ok(Paged::new(&call, &below, &[], people, page.next))
}

/// Put people into a group
///
/// All of them or nobody. Whoever is in it already, is in it until the new moment. You can put somebody into a
/// group that gives what you have yourself, if they hold nothing that you do not hold. Sent again, it changes
/// nothing more.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/groups/{group}/members",
    operation_id = "add_group_members", tag = "Groups",
    request_body = Joining,
    responses((status = 200, description = "They are in the group.", body = Joined)),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn add(
    call: Call,
    At(Ids { group }): At<Ids>,
    Body(Joining {
        members,
        expires_at,
    }): Body<Joining>,
) -> Result<Json<Joined>, Problem> {
    let end = Moment::asked(expires_at);
    let joined = call
        .ask("add_to_group", async |app, caller, slug| {
            groups::add_members(app, caller, slug, group, &members, end).await
        })
        .await?;
    Ok(Json(Joined { joined }))
}

/// Put somebody into a group
///
/// Or change until when they are in it. You can put somebody into a group that gives what you have yourself, if
/// they hold nothing that you do not hold.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/groups/{group}/members/{member}",
    operation_id = "put_group_member", tag = "Groups",
    request_body = GroupTerm,
    responses((status = 204, description = "They are in the group until then.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn put(
    call: Call,
    At(PersonIds { group, member }): At<PersonIds>,
    Body(GroupTerm { expires_at }): Body<GroupTerm>,
) -> Result<StatusCode, Problem> {
    let end = Moment::asked(expires_at);
    call.ask("add_to_group", async |app, caller, slug| {
        groups::add_members(app, caller, slug, group, &[member], end).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take somebody out of a group
///
/// You can do it if they hold nothing that you do not hold.
#[utoipa::path(
    delete, path = "/api/v1/workspaces/{workspace}/groups/{group}/members/{member}",
    operation_id = "remove_group_member", tag = "Groups",
    responses((status = 204, description = "They are not in the group.")),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn remove(
    call: Call,
    At(PersonIds { group, member }): At<PersonIds>,
) -> Result<StatusCode, Problem> {
    call.ask("remove_from_group", async |app, caller, slug| {
        groups::remove_member(app, caller, slug, group, member).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
