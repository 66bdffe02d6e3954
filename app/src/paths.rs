//! The only place that builds addresses of pages.

use rolecall_shared::{
    GroupId, MemberId, ProjectId, RoleId,
    audit::AuditQuery,
    invitation::InvitationQuery,
    member::MemberQuery,
    membership::FormerQuery,
    project::{ProjectMemberQuery, ProjectQuery, ResourceQuery},
    token::TokenQuery,
};

use crate::query::{
    CURSOR, PROJECT, Pairs, audit_pairs, former_pairs, invitation_pairs, member_pairs,
    project_member_pairs, project_pairs, resource_pairs, token_pairs,
};

/// The first page: leads to a workspace or says how to get into one.
pub const HOME: &str = "/";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// Where the sign-out form goes.
pub const SIGN_OUT: &str = "/sign-out";
/// Where the form goes that leaves a view.
pub const END_VIEW: &str = "/view-as/end";

/// A workspace.
pub fn workspace(slug: &str) -> String {
    format!("/w/{}", escape(slug))
}

/// The members of a workspace.
pub fn members(slug: &str, query: &MemberQuery) -> String {
    with_query(members_base(slug), &member_pairs(query))
}

/// The members page without a question, as the target of forms.
pub fn members_base(slug: &str) -> String {
    format!("{}/members", workspace(slug))
}

/// The invitations of a workspace.
pub fn invitations(slug: &str, query: &InvitationQuery) -> String {
    with_query(invitations_base(slug), &invitation_pairs(query))
}

/// The invitations page without a question, as the target of forms.
pub fn invitations_base(slug: &str) -> String {
    format!("{}/members/invitations", workspace(slug))
}

/// The people whose membership ended and can be brought back.
pub fn former(slug: &str, query: &FormerQuery) -> String {
    with_query(former_base(slug), &former_pairs(query))
}

/// That page without a question, as the target of forms.
pub fn former_base(slug: &str) -> String {
    format!("{}/former", members_base(slug))
}

/// One member and what they may do.
pub fn member(slug: &str, member: MemberId) -> String {
    format!("{}/people/{member}", workspace(slug))
}

/// One member and what they may do in a project.
pub fn member_in(slug: &str, id: MemberId, project: Option<ProjectId>) -> String {
    let pairs = project.map(|project| (PROJECT, project.to_string()));
    with_query(member(slug, id), &pairs.into_iter().collect())
}

/// The groups of a workspace.
pub fn groups(slug: &str) -> String {
    format!("{}/groups", members_base(slug))
}

/// One group.
pub fn group(slug: &str, group: GroupId) -> String {
    format!("{}/groups/{group}", workspace(slug))
}

/// One page of the people in a group.
pub fn group_people(slug: &str, id: GroupId, cursor: String) -> String {
    with_query(group(slug, id), &vec![(CURSOR, cursor)])
}

/// The form of a new group.
pub fn new_group(slug: &str) -> String {
    format!("{}/groups/new", workspace(slug))
}

/// The roles of a workspace.
pub fn roles(slug: &str) -> String {
    format!("{}/roles", workspace(slug))
}

/// One role.
pub fn role(slug: &str, role: RoleId) -> String {
    format!("{}/{role}", roles(slug))
}

/// The form of a new role, filled with another one when it is to be cloned.
pub fn new_role(slug: &str, clone_of: Option<RoleId>) -> String {
    let pairs = clone_of.map(|id| ("clone", id.to_string()));
    with_query(format!("{}/new", roles(slug)), &pairs.into_iter().collect())
}

/// Two roles side by side.
pub fn compare_roles(slug: &str, left: RoleId, right: RoleId) -> String {
    let pairs = vec![("left", left.to_string()), ("right", right.to_string())];
    with_query(format!("{}/compare", roles(slug)), &pairs)
}

/// The API tokens of a workspace.
pub fn tokens(slug: &str, query: &TokenQuery) -> String {
    with_query(tokens_base(slug), &token_pairs(query))
}

/// That page without a question, as the target of forms.
pub fn tokens_base(slug: &str) -> String {
    format!("{}/tokens", workspace(slug))
}

/// The projects of a workspace.
pub fn projects(slug: &str, query: &ProjectQuery) -> String {
    with_query(projects_base(slug), &project_pairs(query))
}

/// The projects page without a question, as the target of forms.
pub fn projects_base(slug: &str) -> String {
    format!("{}/projects", workspace(slug))
}

/// One project, its resources.
pub fn project(slug: &str, project: ProjectId, query: &ResourceQuery) -> String {
    with_query(project_base(slug, project), &resource_pairs(query))
}

/// The page of a project without a question, as the target of forms.
pub fn project_base(slug: &str, project: ProjectId) -> String {
    format!("{}/{project}", projects_base(slug))
}

/// Who may do what in a project.
pub fn project_members(slug: &str, project: ProjectId, query: &ProjectMemberQuery) -> String {
    with_query(
        project_members_base(slug, project),
        &project_member_pairs(query),
    )
}

/// The members tab of a project without a question, as the target of forms.
pub fn project_members_base(slug: &str, project: ProjectId) -> String {
    format!("{}/members", project_base(slug, project))
}

/// What to look at first in a workspace.
pub fn overview(slug: &str) -> String {
    format!("{}/overview", workspace(slug))
}

/// The settings of a workspace.
pub fn settings(slug: &str) -> String {
    format!("{}/settings", workspace(slug))
}

/// What a workspace allows for invitations, on its settings page.
pub fn invitation_settings(slug: &str) -> String {
    format!("{}#invitations", settings(slug))
}

/// The audit trail of a workspace.
pub fn audit(slug: &str, query: &AuditQuery) -> String {
    with_query(audit_base(slug), &audit_pairs(query))
}

/// The audit trail without a question, as the target of forms.
pub fn audit_base(slug: &str) -> String {
    format!("{}/audit", workspace(slug))
}

/// What was done to a member; short, since every row of the members list names it.
pub fn access_history(slug: &str, member: MemberId) -> String {
    format!("{}?target={member}", audit_base(slug))
}

/// Where an export of the trail is asked for.
pub fn audit_export(slug: &str) -> String {
    format!("{}/export", audit_base(slug))
}

/// The stream of changes of a workspace.
pub fn events(slug: &str) -> String {
    format!("{}/events", workspace(slug))
}

/// The sign-in page, which leads back to `next`.
pub fn sign_in(next: &str) -> String {
    format!("/sign-in?next={}", escape(next))
}

fn with_query(mut path: String, pairs: &Pairs) -> String {
    for (index, (name, value)) in pairs.iter().enumerate() {
        path.push(if index == 0 { '?' } else { '&' });
        path.push_str(name);
        path.push('=');
        path.push_str(&escape(value));
    }
    path
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub fn escape(text: &str) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_what_people_search_for() {
        let query = MemberQuery {
            search: "ana+ö & co".into(),
            ..MemberQuery::default()
        };
        assert_eq!(
            members("acme", &query),
            "/w/acme/members?search=ana%2B%C3%B6%20%26%20co"
        );
        assert_eq!(members("acme", &MemberQuery::default()), "/w/acme/members");
        assert_eq!(sign_in("/w/acme?x=1"), "/sign-in?next=%2Fw%2Facme%3Fx%3D1");
    }
}
