//! Who asks, and from where.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use rolecall_shared::{MemberId, SessionId, TokenId, UserId, ViewId, WorkspaceId};

/// The circumstances of a request, for limits and for the audit trail.
#[derive(Clone, Debug)]
pub struct RequestMeta {
    /// The client's address, after trusted proxies.
    pub address: IpAddr,
    /// What the client calls itself, cut to 200 characters.
    pub user_agent: String,
    /// The id under which this request is logged.
    pub request_id: String,
    /// Whether an open page asked by itself: this is nobody's activity (rule 4).
    pub unattended: bool,
    /// The key of the order, when a program sent one: the order is then carried out once (F13).
    pub order: Option<OrderKey>,
}

/// What makes an order the same as an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// The `Idempotency-Key` that its sender chose, 1 to 255 characters of ASCII.
    pub key: String,
    /// SHA-256 of all that the order says: method, path and body.
    pub request_hash: [u8; 32],
}

impl RequestMeta {
    /// For work that no request asked for: the command line and background tasks.
    pub fn local(request_id: impl Into<String>) -> Self {
        Self {
            address: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
            user_agent: "rolecall".to_owned(),
            request_id: request_id.into(),
            unattended: false,
            order: None,
        }
    }
}

/// The API token by which a program acts for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenUse {
    /// Its id.
    pub id: TokenId,
    /// Its name, for the trail.
    pub name: String,
    /// The one workspace it belongs to (rule 48).
    pub workspace: WorkspaceId,
    /// The membership that it acts for.
    pub member: MemberId,
}

/// A signed-in browser, or a program with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id; not the secret in the cookie. That of the token, for a program.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address, as typed.
    pub email: String,
    /// Whether the address was proven to be theirs.
    pub email_verified: bool,
    /// When they last proved who they are in this session (rule 8); a program never does.
    pub confirmed_at: DateTime<Utc>,
    /// The token, when this is a program that acts for them.
    pub token: Option<TokenUse>,
    /// As whom they look at a workspace, when they do: a restriction of this session. It stays
    /// until they come back, even when the view is over by then: rights return only with a new secret.
    pub viewing: Option<Viewing>,
}

/// A session that sees one workspace as one of its members does, and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewing {
    /// Which view.
    pub id: ViewId,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its part of the address.
    pub slug: String,
    /// As which member.
    pub member: MemberId,
    /// Their name when it began.
    pub name: String,
    /// Their name and address when it began.
    pub label: String,
    /// When it is over at the latest.
    pub ends_at: DateTime<Utc>,
}

/// A person on a request, signed in or by a token.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their session.
    pub session: Session,
    /// The request.
    pub meta: RequestMeta,
}
