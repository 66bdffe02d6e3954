//! What the address of a list page says: the questions of `shared` to and from query parameters.

use leptos_router::params::ParamsMap;
use rolecall_shared::{
    audit::AuditQuery,
    invitation::{InvitationQuery, InvitationSort, InvitationStatus},
    member::{Activity, MemberQuery, MemberSort, MemberStatus},
    membership::FormerQuery,
    page::Direction,
    project::{ProjectMemberQuery, ProjectQuery, ResourceQuery},
    token::{TokenQuery, TokenStatus},
};

/// The parameters of one address, in a fixed order, without the ones that say nothing.
pub type Pairs = Vec<(&'static str, String)>;

const SEARCH: &str = "search";
const ROLE: &str = "role";
const GROUP: &str = "group";
const STATUS: &str = "status";
const ACTIVITY: &str = "activity";
const SORT: &str = "sort";
const DIRECTION: &str = "direction";
/// The parameter that holds the cursor of a page.
pub const CURSOR: &str = "cursor";
/// The parameter that holds the project of a question.
pub const PROJECT: &str = "project";
/// What the filter by status says of people who are not members any more: they have a page of their own.
pub const REMOVED: &str = "removed";
const SERVICE: &str = "service";
const OVERRIDDEN: &str = "overridden";
const ACTOR: &str = "actor";
const TARGET: &str = "target";
const FAMILY: &str = "family";
const FROM: &str = "from";
const TO: &str = "to";
/// The parameter that says whose tokens are listed.
pub const WHOSE: &str = "whose";
/// Its value for those of everybody.
pub const EVERYBODY: &str = "everybody";

/// The parameter's name of an activity.
pub const fn activity_name(activity: Activity) -> &'static str {
    match activity {
        Activity::Week => "week",
        Activity::Month => "month",
        Activity::Dormant => "dormant",
    }
}

/// What people read of an activity.
pub const fn activity_title(activity: Activity) -> &'static str {
    match activity {
        Activity::Week => "Active in the last 7 days",
        Activity::Month => "Active in the last 30 days",
        Activity::Dormant => "Not active for 90 days",
    }
}

/// All activities, in the order of the filter.
pub const ACTIVITIES: [Activity; 3] = [Activity::Week, Activity::Month, Activity::Dormant];

const fn member_sort_name(sort: MemberSort) -> &'static str {
    match sort {
        MemberSort::Name => "name",
        MemberSort::Joined => "joined",
        MemberSort::LastActive => "active",
    }
}

const fn invitation_sort_name(sort: InvitationSort) -> &'static str {
    match sort {
        InvitationSort::Sent => "sent",
        InvitationSort::Expires => "expires",
        InvitationSort::Email => "email",
    }
}

fn text(map: &ParamsMap, name: &str) -> Option<String> {
    map.get(name).filter(|value| !value.trim().is_empty())
}

fn direction(map: &ParamsMap, otherwise: Direction) -> Direction {
    match text(map, DIRECTION).as_deref() {
        Some("up") => Direction::Up,
        Some("down") => Direction::Down,
        _ => otherwise,
    }
}

/// Reads the members list's address; what it does not understand says nothing.
pub fn member_query(map: &ParamsMap) -> MemberQuery {
    let sort = [MemberSort::Name, MemberSort::Joined, MemberSort::LastActive]
        .into_iter()
        .find(|sort| Some(member_sort_name(*sort)) == text(map, SORT).as_deref())
        .unwrap_or_default();
    MemberQuery {
        search: text(map, SEARCH).unwrap_or_default(),
        role: text(map, ROLE).and_then(|id| id.parse().ok()),
        group: text(map, GROUP).and_then(|id| id.parse().ok()),
        status: text(map, STATUS).and_then(|name| MemberStatus::parse(&name)),
        activity: text(map, ACTIVITY)
            .and_then(|name| ACTIVITIES.into_iter().find(|a| activity_name(*a) == name)),
        sort,
        direction: direction(map, Direction::Up),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of a members list.
pub fn member_pairs(query: &MemberQuery) -> Pairs {
    let mut pairs = Pairs::new();
    if !query.search.is_empty() {
        pairs.push((SEARCH, query.search.clone()));
    }
    if let Some(role) = query.role {
        pairs.push((ROLE, role.to_string()));
    }
    if let Some(group) = query.group {
        pairs.push((GROUP, group.to_string()));
    }
    if let Some(status) = query.status {
        pairs.push((STATUS, status.name().to_owned()));
    }
    if let Some(activity) = query.activity {
        pairs.push((ACTIVITY, activity_name(activity).to_owned()));
    }
    if query.sort != MemberSort::default() {
        pairs.push((SORT, member_sort_name(query.sort).to_owned()));
    }
    if query.direction == Direction::Down {
        pairs.push((DIRECTION, "down".to_owned()));
    }
    if let Some(cursor) = &query.cursor {
        pairs.push((CURSOR, cursor.clone()));
    }
    pairs
}

/// Reads the invitations list's address; the newest come first unless it says otherwise.
pub fn invitation_query(map: &ParamsMap) -> InvitationQuery {
    let sort = [
        InvitationSort::Sent,
        InvitationSort::Expires,
        InvitationSort::Email,
    ]
    .into_iter()
    .find(|sort| Some(invitation_sort_name(*sort)) == text(map, SORT).as_deref())
    .unwrap_or_default();
    InvitationQuery {
        search: text(map, SEARCH).unwrap_or_default(),
        status: text(map, STATUS).and_then(|name| InvitationStatus::parse(&name)),
        role: text(map, ROLE).and_then(|id| id.parse().ok()),
        sort,
        direction: direction(map, Direction::Down),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of an invitations list.
pub fn invitation_pairs(query: &InvitationQuery) -> Pairs {
    let mut pairs = Pairs::new();
    if !query.search.is_empty() {
        pairs.push((SEARCH, query.search.clone()));
    }
    if let Some(status) = query.status {
        pairs.push((STATUS, status.name().to_owned()));
    }
    if let Some(role) = query.role {
        pairs.push((ROLE, role.to_string()));
    }
    if query.sort != InvitationSort::default() {
        pairs.push((SORT, invitation_sort_name(query.sort).to_owned()));
    }
    if query.direction == Direction::Up {
        pairs.push((DIRECTION, "up".to_owned()));
    }
    if let Some(cursor) = &query.cursor {
        pairs.push((CURSOR, cursor.clone()));
    }
    pairs
}

/// The pairs that say something.
fn said(pairs: [(&'static str, Option<String>); 3]) -> Pairs {
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?)))
        .collect()
}

/// Reads the address of the list of projects.
pub fn project_query(map: &ParamsMap) -> ProjectQuery {
    ProjectQuery {
        search: text(map, SEARCH).unwrap_or_default(),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of a list of projects.
pub fn project_pairs(query: &ProjectQuery) -> Pairs {
    said([
        (SEARCH, Some(query.search.clone())),
        (CURSOR, query.cursor.clone()),
        (SERVICE, None),
    ])
}

/// Reads the address of the list of former members.
pub fn former_query(map: &ParamsMap) -> FormerQuery {
    FormerQuery {
        search: text(map, SEARCH).unwrap_or_default(),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of a list of former members.
pub fn former_pairs(query: &FormerQuery) -> Pairs {
    said([
        (SEARCH, Some(query.search.clone())),
        (CURSOR, query.cursor.clone()),
        (SERVICE, None),
    ])
}

/// Whether the address of the members list asks for people who are not members any more.
pub fn asks_for_removed(map: &ParamsMap) -> bool {
    text(map, STATUS).as_deref() == Some(REMOVED)
}

/// Reads the address of a list of resources.
pub fn resource_query(map: &ParamsMap) -> ResourceQuery {
    ResourceQuery {
        search: text(map, SEARCH).unwrap_or_default(),
        service: text(map, SERVICE),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of a list of resources.
pub fn resource_pairs(query: &ResourceQuery) -> Pairs {
    said([
        (SEARCH, Some(query.search.clone())),
        (SERVICE, query.service.clone()),
        (CURSOR, query.cursor.clone()),
    ])
}

/// Reads the address of the members tab of a project.
pub fn project_member_query(map: &ParamsMap) -> ProjectMemberQuery {
    ProjectMemberQuery {
        search: text(map, SEARCH).unwrap_or_default(),
        overridden: text(map, OVERRIDDEN).is_some(),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of the members tab of a project.
pub fn project_member_pairs(query: &ProjectMemberQuery) -> Pairs {
    said([
        (SEARCH, Some(query.search.clone())),
        (OVERRIDDEN, query.overridden.then(|| "yes".to_owned())),
        (CURSOR, query.cursor.clone()),
    ])
}

/// Reads the address of the list of tokens.
pub fn token_query(map: &ParamsMap) -> TokenQuery {
    TokenQuery {
        everybody: text(map, WHOSE).as_deref() == Some(EVERYBODY),
        status: text(map, STATUS).and_then(|name| TokenStatus::parse(&name)),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of the list of tokens.
pub fn token_pairs(query: &TokenQuery) -> Pairs {
    said([
        (WHOSE, query.everybody.then(|| EVERYBODY.to_owned())),
        (STATUS, query.status.map(|status| status.name().to_owned())),
        (CURSOR, query.cursor.clone()),
    ])
}

/// Reads the address of the audit trail. Days are judged by the server, which says what is wrong.
pub fn audit_query(map: &ParamsMap) -> AuditQuery {
    AuditQuery {
        actor: text(map, ACTOR).and_then(|id| id.parse().ok()),
        target: text(map, TARGET).and_then(|id| id.parse().ok()),
        family: text(map, FAMILY),
        project: text(map, PROJECT).and_then(|id| id.parse().ok()),
        from: text(map, FROM),
        to: text(map, TO),
        cursor: text(map, CURSOR),
    }
}

/// The parameters of the audit trail.
pub fn audit_pairs(query: &AuditQuery) -> Pairs {
    let things = said([
        (ACTOR, query.actor.map(|id| id.to_string())),
        (TARGET, query.target.map(|id| id.to_string())),
        (PROJECT, query.project.map(|id| id.to_string())),
    ]);
    let words = said([
        (FAMILY, query.family.clone()),
        (FROM, query.from.clone()),
        (TO, query.to.clone()),
    ]);
    let cursor = query.cursor.clone().map(|cursor| (CURSOR, cursor));
    things.into_iter().chain(words).chain(cursor).collect()
}

#[cfg(test)]
mod tests {
    use rolecall_shared::RoleId;

    use super::*;

    fn map(pairs: &Pairs) -> ParamsMap {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    }

    #[test]
    fn what_an_address_says_is_what_was_asked() {
        let role: RoleId = "0192f0c0-0000-7000-8000-000000000001".parse().unwrap();
        let members = MemberQuery {
            search: "ana & ben".into(),
            role: Some(role),
            status: Some(MemberStatus::Suspended),
            activity: Some(Activity::Dormant),
            sort: MemberSort::LastActive,
            direction: Direction::Down,
            cursor: Some("abc".into()),
            ..MemberQuery::default()
        };
        assert_eq!(member_query(&map(&member_pairs(&members))), members);
        let audit = AuditQuery {
            actor: Some(role.0.into()),
            target: Some(role.0),
            family: Some("invitation".into()),
            project: Some(role.0.into()),
            from: Some("2026-11-01".into()),
            to: Some("2026-11-22".into()),
            cursor: Some("b7".into()),
        };
        assert_eq!(audit_query(&map(&audit_pairs(&audit))), audit);
        let tokens = TokenQuery {
            everybody: true,
            status: Some(TokenStatus::ExpiresSoon),
            cursor: Some("c".into()),
        };
        assert_eq!(token_query(&map(&token_pairs(&tokens))), tokens);
        let invitations = InvitationQuery {
            status: Some(InvitationStatus::Expired),
            sort: InvitationSort::Email,
            direction: Direction::Up,
            ..InvitationQuery::default()
        };
        assert_eq!(
            invitation_query(&map(&invitation_pairs(&invitations))),
            invitations
        );
    }

    #[test]
    fn nonsense_in_an_address_says_nothing() {
        let pairs = vec![
            ("role", "x".into()),
            ("status", "gone".into()),
            ("sort", "?".into()),
        ];
        assert_eq!(member_query(&map(&pairs)), MemberQuery::default());
        let empty = invitation_query(&ParamsMap::new());
        assert_eq!(empty.direction, Direction::Down, "the newest come first");
    }
}
