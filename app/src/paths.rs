//! The only place that builds addresses of pages.

use rolecall_shared::{invitation::InvitationQuery, member::MemberQuery};

use crate::query::{Pairs, invitation_pairs, member_pairs};

/// The first page: leads to a workspace or says how to get into one.
pub const HOME: &str = "/";
/// Where the sign-out form goes.
pub const SIGN_OUT: &str = "/sign-out";

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
