//! API tokens as the console shows and makes them (`product.md` §4.10).

use serde::{Deserialize, Serialize};

use crate::{
    MemberId, ProjectId, Timestamp, TokenId,
    catalogue::{Catalogue, Level},
    member::Named,
    page::Page,
};

/// Longest time a token can be given, in days.
pub const MAX_DAYS: u32 = 365;
/// What the form starts with, in days.
pub const DEFAULT_DAYS: u32 = 90;
/// Tokens of one member that work at the same time.
pub const MAX_TOKENS: usize = 50;
/// A token that was not used for so many days is dormant.
pub const DORMANT_DAYS: i64 = 90;
/// A token whose end is not further than so many days away expires soon.
pub const SOON_DAYS: i64 = 7;
/// Days for which a token that ended stays in the lists.
pub const KEPT_DAYS: i64 = 90;

/// What a token is good for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenStatus {
    /// It works.
    Active,
    /// It works, and not for long any more.
    ExpiresSoon,
    /// It works, and nobody has used it for a long time.
    Dormant,
    /// Its time is over.
    Expired,
    /// Somebody revoked it, or it ended with its member or its project.
    Revoked,
}

impl TokenStatus {
    /// All of them, in the order of the filter.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::ExpiresSoon,
        Self::Dormant,
        Self::Expired,
        Self::Revoked,
    ];

    /// The wire form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ExpiresSoon => "expires_soon",
            Self::Dormant => "dormant",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::ExpiresSoon => "Expires soon",
            Self::Dormant => "Dormant",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
        }
    }

    /// From the wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == text)
    }

    /// Whether a token with it can be used.
    pub const fn works(self) -> bool {
        !matches!(self, Self::Expired | Self::Revoked)
    }
}

/// An order for a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenDraft {
    /// What it is for, in the words of who makes it.
    pub name: String,
    /// After how many days it ends, at most [`MAX_DAYS`].
    pub days: u32,
    /// Names of the most it can do; `None`: all that its member may do, at every moment.
    pub permissions: Option<Vec<String>>,
    /// The only project it works in; `None`: all of the workspace.
    pub project: Option<ProjectId>,
}

/// A token right after it was made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedToken {
    /// Its id.
    pub id: TokenId,
    /// Its text, which is told this once.
    pub secret: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedToken")
            .field("id", &self.id)
            .field("secret", &"…")
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

/// What the list of tokens shows; the newest come first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenQuery {
    /// Those of everybody, for whoever manages tokens, instead of one's own.
    #[serde(default)]
    pub everybody: bool,
    /// Only those with this status.
    #[serde(default)]
    pub status: Option<TokenStatus>,
    /// The opaque cursor of a page, from [`Page`].
    pub cursor: Option<String>,
}

/// Why a token that was revoked ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// Who did it, as they were called then.
    pub by: String,
    /// Why, to complete "It was revoked …".
    pub because: String,
}

/// One row of the list of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// The beginning of its text, to know it by.
    pub hint: String,
    /// Whose it is.
    pub member: Named<MemberId>,
    /// Their address.
    pub email: String,
    /// Whether it belongs to the one who asks.
    pub is_yours: bool,
    /// What it is good for now.
    pub status: TokenStatus,
    /// Why it does not work although its time is not over, such as a suspended member.
    pub paused: Option<String>,
    /// Whether it was made to do all that its member may do.
    pub unlimited: bool,
    /// The only project it works in.
    pub project: Option<Named<ProjectId>>,
    /// How far it reaches now: its scope and what its member may do.
    pub level: Level,
    /// Names of what it may do now.
    pub permissions: Vec<String>,
    /// Whether its member can no longer make tokens.
    pub owner_can_not_manage: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From which address; empty for one that was never used.
    pub last_used_address: String,
    /// How it ended, if somebody ended it.
    pub revoked: Option<Revocation>,
    /// Why the one who asks can not revoke it; `None`: they can.
    pub blocked: Option<String>,
}

/// The page of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensPage {
    /// The rows.
    pub tokens: Page<TokenRow>,
    /// Whether the one who asks sees those of everybody.
    pub sees_all: bool,
    /// Why they can not make one; `None`: they can.
    pub blocked: Option<String>,
}

/// A project that a token can be made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenProject {
    /// Which.
    pub project: Named<ProjectId>,
    /// Names of the permissions that its maker has there.
    pub grantable: Vec<String>,
}

/// What there is to choose when a token is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenChoices {
    /// The rows of the matrix.
    pub catalogue: Catalogue,
    /// Names of the permissions that a token for the whole workspace can have.
    pub grantable: Vec<String>,
    /// Projects that the maker may see, the first hundred by name.
    pub projects: Vec<TokenProject>,
}

/// A token of somebody who is about to be removed or suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldToken {
    /// What it is for.
    pub name: String,
    /// The beginning of its text.
    pub hint: String,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}
