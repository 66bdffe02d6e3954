//! `/members`: who is in the workspace, what they hold, and what they may do with it.

use rolecall_backend::{
    authz::Glance,
    service::{access, audit, decisions, members},
};
use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId,
    access::{GrantView, GroupMembership, MemberAccess, MemberPage, OverrideView},
    audit::AuditQuery,
    member::{Activity, MemberQuery, MemberRow, MemberSort, MemberStatus},
    page::Direction,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{List, Paged, Versioned},
    audit::Entry,
    body::{Asked, Body},
    call::{At, Call, IfMatch},
    moment::Moment,
    words::{OrderOf, Ref, paged, pairs},
};
use crate::{handlers::authzen, problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![
        routes!(list),
        routes!(read),
        routes!(read_access, update_access),
        routes!(effective),
        routes!(history),
    ]
}

#[derive(Deserialize)]
pub(super) struct Ids {
    pub member: MemberId,
}

/// Whether a member can act.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MemberState {
    Active,
    Suspended,
}

impl From<MemberStatus> for MemberState {
    fn from(status: MemberStatus) -> Self {
        match status {
            MemberStatus::Active => Self::Active,
            MemberStatus::Suspended => Self::Suspended,
        }
    }
}

impl From<MemberState> for MemberStatus {
    fn from(state: MemberState) -> Self {
        match state {
            MemberState::Active => Self::Active,
            MemberState::Suspended => Self::Suspended,
        }
    }
}

/// When somebody was last active: in the last 7 days, in the last 30, or not for 90 or never.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum LastActive {
    Week,
    Month,
    Dormant,
}

impl From<LastActive> for Activity {
    fn from(activity: LastActive) -> Self {
        match activity {
            LastActive::Week => Self::Week,
            LastActive::Month => Self::Month,
            LastActive::Dormant => Self::Dormant,
        }
    }
}

/// What the list of members is ordered by.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MembersBy {
    Name,
    Joined,
    LastActive,
}

impl From<MembersBy> for MemberSort {
    fn from(by: MembersBy) -> Self {
        match by {
            MembersBy::Name => Self::Name,
            MembersBy::Joined => Self::Joined,
            MembersBy::LastActive => Self::LastActive,
        }
    }
}

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MembersAsked {
    /// Part of a name or an address.
    search: Option<String>,
    /// The id of a role: only who has it.
    #[param(value_type = Option<String>, format = Uuid)]
    role: Option<RoleId>,
    /// The id of a group: only who is in it.
    #[param(value_type = Option<String>, format = Uuid)]
    group: Option<GroupId>,
    /// Only who can act, or only who can not.
    #[param(inline)]
    status: Option<MemberState>,
    /// Only who was active in the last 7 days (`week`), in the last 30 (`month`), or not for 90 (`dormant`).
    #[param(inline)]
    activity: Option<LastActive>,
    /// What the list is ordered by; `name` without it.
    #[param(inline)]
    sort: Option<MembersBy>,
    /// Which way; `up` without it.
    #[param(inline)]
    direction: Option<OrderOf>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// A member as a list has them.
#[derive(Serialize, ToSchema)]
struct MemberSummary {
    #[schema(format = Uuid)]
    id: String,
    name: String,
    email: String,
    role: Ref,
    /// Owners have every permission, whatever the role.
    is_owner: bool,
    /// Their groups, by name.
    groups: Vec<Ref>,
    status: MemberState,
    /// Who invited them, as they were called then.
    invited_by: Option<String>,
    joined_at: Moment,
    /// When the membership ends by itself; `null`: it stays.
    ends_at: Option<Moment>,
    /// When they last did something here, to the minute.
    last_active_at: Option<Moment>,
}

impl From<MemberRow> for MemberSummary {
    fn from(row: MemberRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            email: row.email,
            role: row.role.into(),
            is_owner: row.is_owner,
            groups: row.groups.into_iter().map(Into::into).collect(),
            status: row.status.into(),
            invited_by: row.invited_by,
            joined_at: row.joined_at.into(),
            ends_at: row.ends_at.map(Into::into),
            last_active_at: row.last_active_at.map(Into::into),
        }
    }
}

/// Since when and why somebody is suspended.
#[derive(Serialize, ToSchema)]
struct Suspended {
    /// Since when, as far as it is known.
    at: Option<Moment>,
    /// Who did it, as they were called then; empty when their time ended.
    by: String,
    /// The reason that was given; may be empty.
    reason: String,
}

/// What somebody may do in a project instead of what they hold elsewhere.
#[derive(Serialize, ToSchema)]
struct OverrideSummary {
    project: Ref,
    /// Names of permissions; none at all is a real value.
    permissions: Vec<String>,
    /// When it ends; `null`: it stays.
    expires_at: Option<Moment>,
    /// Who set it, as they were called then.
    set_by: String,
    set_at: Moment,
}

impl From<OverrideView> for OverrideSummary {
    fn from(view: OverrideView) -> Self {
        Self {
            project: view.project.into(),
            permissions: view.grant.permissions,
            expires_at: view.grant.expires_at.map(Into::into),
            set_by: view.set_by,
            set_at: view.set_at.into(),
        }
    }
}

/// A member with all that they hold.
#[derive(Serialize, ToSchema)]
struct Member {
    #[serde(flatten)]
    summary: MemberSummary,
    /// Goes up with every change of what they hold.
    version: i64,
    access: Access,
    /// Overrides in projects that you may see.
    overrides: Vec<OverrideSummary>,
    /// Since when and why they are suspended, if they are.
    suspended: Option<Suspended>,
}

impl From<MemberPage> for Member {
    fn from(page: MemberPage) -> Self {
        Self {
            summary: page.member.into(),
            version: page.version,
            access: page.access.into(),
            overrides: page.overrides.into_iter().map(Into::into).collect(),
            suspended: page.suspension.map(|suspension| Suspended {
                at: suspension.at.map(Into::into),
                by: suspension.by,
                reason: suspension.reason,
            }),
        }
    }
}

/// A membership of a group.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Grouped {
    /// The id of the group.
    #[schema(value_type = String, format = Uuid)]
    group: GroupId,
    /// When it ends; `null`, or left out: it stays.
    #[serde(default)]
    expires_at: Option<Moment>,
}

/// Permissions that are given to somebody directly.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Direct {
    /// Their names, such as `instances:view`.
    permissions: Vec<String>,
    /// When they end; `null`, or left out: they stay.
    #[serde(default)]
    expires_at: Option<Moment>,
}

/// Role, groups and direct permissions of a member.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "role": "01890000-0000-7000-8000-000000000000",
    "groups": [{ "group": "01890000-0000-7000-8000-000000000001", "expires_at": "2027-01-31T18:00:00Z" }],
    "direct": { "permissions": ["instances:view"], "expires_at": null },
}))]
struct Access {
    /// The id of the role.
    #[schema(value_type = String, format = Uuid)]
    role: RoleId,
    /// All groups; those that are left out are left.
    groups: Vec<Grouped>,
    direct: Direct,
}

impl From<MemberAccess> for Access {
    fn from(access: MemberAccess) -> Self {
        let groups = access.groups.into_iter().map(|held| Grouped {
            group: held.group,
            expires_at: held.expires_at.map(Into::into),
        });
        Self {
            role: access.role,
            groups: groups.collect(),
            direct: Direct {
                permissions: access.direct.permissions,
                expires_at: access.direct.expires_at.map(Into::into),
            },
        }
    }
}

impl From<Access> for MemberAccess {
    fn from(access: Access) -> Self {
        let groups = access.groups.into_iter().map(|held| GroupMembership {
            group: held.group,
            expires_at: held.expires_at.map(Into::into),
        });
        Self {
            role: access.role,
            groups: groups.collect(),
            direct: GrantView {
                permissions: access.direct.permissions,
                expires_at: access.direct.expires_at.map(Into::into),
            },
        }
    }
}

/// List the members
///
/// Those who are invited are not among them until they accept.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/members", operation_id = "list_members", tag = "Members",
    params(MembersAsked),
    responses((status = 200, description = "One page of the members.", body = List<MemberSummary>)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn list(
    call: Call,
    Asked(asked): Asked<MembersAsked>,
) -> Result<Paged<MemberSummary>, Problem> {
    let pairs = pairs(&asked);
    let query = MemberQuery {
        search: asked.search.unwrap_or_default(),
        role: asked.role,
        group: asked.group,
        status: asked.status.map(Into::into),
        activity: asked.activity.map(Into::into),
        sort: asked.sort.map(Into::into).unwrap_or_default(),
        direction: asked.direction.map_or(Direction::Up, Into::into),
        cursor: asked.cursor,
    };
    let page = call
        .ask("list_members", async |app, caller, slug| {
            members::list(app, caller, &Glance::default(), slug, &query).await
        })
        .await?;
    Ok(paged(&call, "/members", &pairs, page.rows, page.next))
}

/// Read a member
///
/// Everybody may read themselves.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/members/{member}", operation_id = "read_member", tag = "Members",
    responses((status = 200, description = "The member with all that they hold.", body = Member, headers(("ETag" = String, description = "The version of what they hold.")))),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn read(call: Call, At(Ids { member }): At<Ids>) -> Result<Versioned<Member>, Problem> {
    let page = found(&call, member).await?;
    Ok(Versioned(page.version, page.into()))
}

async fn found(call: &Call, member: MemberId) -> Result<MemberPage, Problem> {
    call.ask("read_member", async |app, caller, slug| {
        access::member(app, caller, slug, member, None).await
    })
    .await
}

/// Read what a member holds
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/members/{member}/access", operation_id = "read_access", tag = "Members",
    responses((status = 200, description = "Role, groups and direct permissions.", body = Access, headers(("ETag" = String, description = "Their version.")))),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn read_access(
    call: Call,
    At(Ids { member }): At<Ids>,
) -> Result<Versioned<Access>, Problem> {
    let page = found(&call, member).await?;
    Ok(Versioned(page.version, page.access.into()))
}

/// Change what a member holds
///
/// Groups and direct permissions, each with an end if you like. You can give what you have yourself, and
/// only to people who have nothing that you lack. A token does not give another role, which takes a person
/// who proves who they are: send the role as it is. It changes nothing of its own member.
#[utoipa::path(
    put, path = "/api/v1/workspaces/{workspace}/members/{member}/access", operation_id = "update_access", tag = "Members",
    params(("If-Match" = String, Header)),
    request_body = Access,
    responses((status = 200, description = "What they hold now.", body = Access, headers(("ETag" = String, description = "Its new version.")))),
    extensions(("x-permission" = json!("team:manage"))),
)]
async fn update_access(
    call: Call,
    At(Ids { member }): At<Ids>,
    IfMatch(version): IfMatch,
    Body(input): Body<Access>,
) -> Result<Versioned<Access>, Problem> {
    let wanted = input.into();
    call.ask("update_access", async |app, caller, slug| {
        access::update(app, caller, slug, member, version, &wanted).await
    })
    .await?;
    let page = found(&call, member).await?;
    Ok(Versioned(page.version, page.access.into()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Place {
    /// The id of a project; without it, the answer is about the workspace.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Uuid)]
    project: Option<ProjectId>,
}

/// Why somebody may do something, or why not.
#[derive(Serialize, ToSchema)]
struct Why {
    /// A stable word, such as `role`, `group`, `override` or `not_granted`.
    code: &'static str,
    /// The id of what decides, where something does.
    id: Option<String>,
    /// The same in a sentence.
    message: &'static str,
}

/// One permission and whether it is held.
#[derive(Serialize, ToSchema)]
struct Held {
    /// Its name, such as `instances:view`.
    permission: String,
    granted: bool,
    /// The strongest first; never empty.
    reasons: Vec<Why>,
}

impl From<decisions::Cell> for Held {
    fn from(cell: decisions::Cell) -> Self {
        let reasons = cell.answer.reasons.into_iter().map(|because| {
            let told = authzen::told(because);
            Why {
                code: told.code,
                id: told.id,
                message: told.message,
            }
        });
        Self {
            permission: cell.permission,
            granted: cell.answer.decision,
            reasons: reasons.collect(),
        }
    }
}

/// All that a member may do in one place.
#[derive(Serialize, ToSchema)]
struct Effective {
    #[schema(format = Uuid)]
    member: String,
    /// The project; `null`: the workspace.
    #[schema(format = Uuid)]
    project: Option<String>,
    /// The moment for which it was evaluated.
    at: Moment,
    /// Every permission of the workspace, in the order of the matrix.
    permissions: Vec<Held>,
}

/// Read what a member may do, and why
///
/// The same that AuthZEN answers one by one: role, groups, direct permissions and overrides, as of now.
/// Everybody may ask about themselves; a project is asked about by whoever sees it.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/members/{member}/effective", operation_id = "read_effective", tag = "Members",
    params(Place),
    responses((status = 200, description = "Every permission with its reasons.", body = Effective)),
    extensions(("x-permission" = json!("team:view"))),
)]
async fn effective(
    call: Call,
    At(Ids { member }): At<Ids>,
    Asked(Place { project }): Asked<Place>,
) -> Result<axum::Json<Effective>, Problem> {
    let told = call
        .ask("read_effective", async |app, caller, slug| {
            decisions::explain(app, caller, slug, member, project).await
        })
        .await?;
    Ok(axum::Json(Effective {
        member: told.member.to_string(),
        project: told.project.map(|id| id.to_string()),
        at: told.at.into(),
        permissions: told.cells.into_iter().map(Into::into).collect(),
    }))
}

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HistoryAsked {
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// Read the access history of a member
///
/// What was done to a member or a former one, and concerned them, the newest first. Reading it is itself
/// written down.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/members/{member}/history", operation_id = "read_history", tag = "Members",
    params(HistoryAsked),
    responses((status = 200, description = "One page of the entries.", body = List<Entry>)),
    extensions(("x-permission" = json!("audit:view"))),
)]
async fn history(
    call: Call,
    At(Ids { member }): At<Ids>,
    Asked(asked): Asked<HistoryAsked>,
) -> Result<Paged<Entry>, Problem> {
    let query = AuditQuery {
        target: Some(member.0),
        cursor: asked.cursor,
        ..AuditQuery::default()
    };
    let told = call
        .ask("read_history", async |app, caller, slug| {
            audit::page(app, caller, slug, &query).await
        })
        .await?;
    if told.subject.is_none() && told.target.is_none() {
        return Err(Problem::not_found());
    }
    let below = format!("/members/{member}/history");
    Ok(paged(&call, &below, &[], told.page.rows, told.page.next))
}
