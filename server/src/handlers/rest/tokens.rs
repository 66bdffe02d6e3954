//! `/tokens`: what programs act with. Tokens make no tokens, and no answer has the text of one.

use axum::{Json, http::StatusCode};
use rolecall_backend::service::tokens;
use rolecall_shared::{
    TokenId,
    token::{self, TokenQuery, TokenRow},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::UtoipaMethodRouter, routes};

use super::{
    answer::{List, Paged},
    body::Asked,
    call::{At, Call},
    moment::Moment,
    words::{Ref, paged, pairs},
};
use crate::{problem::Problem, state::AppState};

pub fn routes() -> Vec<UtoipaMethodRouter<AppState>> {
    vec![routes!(list), routes!(read), routes!(revoke)]
}

#[derive(Deserialize)]
struct Ids {
    token: TokenId,
}

/// What a token is good for now.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TokenState {
    Active,
    /// It works, and not for long any more.
    ExpiresSoon,
    /// It works, and nobody has used it for 90 days.
    Dormant,
    Expired,
    Revoked,
}

impl From<token::TokenStatus> for TokenState {
    fn from(status: token::TokenStatus) -> Self {
        match status {
            token::TokenStatus::Active => Self::Active,
            token::TokenStatus::ExpiresSoon => Self::ExpiresSoon,
            token::TokenStatus::Dormant => Self::Dormant,
            token::TokenStatus::Expired => Self::Expired,
            token::TokenStatus::Revoked => Self::Revoked,
        }
    }
}

impl From<TokenState> for token::TokenStatus {
    fn from(state: TokenState) -> Self {
        match state {
            TokenState::Active => Self::Active,
            TokenState::ExpiresSoon => Self::ExpiresSoon,
            TokenState::Dormant => Self::Dormant,
            TokenState::Expired => Self::Expired,
            TokenState::Revoked => Self::Revoked,
        }
    }
}

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TokensAsked {
    /// Those of everybody, which takes `tokens:manage`, instead of the member's own.
    everybody: Option<bool>,
    /// Only those that are good for this.
    #[param(inline)]
    status: Option<TokenState>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// How a token ended before its time.
#[derive(Serialize, ToSchema)]
struct Revoked {
    at: Moment,
    /// Who did it, as they were called then.
    by: String,
    /// Why, to complete "It was revoked …".
    because: String,
}

/// A token, without its text.
#[derive(Serialize, ToSchema)]
struct Token {
    #[schema(format = Uuid)]
    id: String,
    /// What it is for.
    name: String,
    /// The beginning of its text, to know it by.
    hint: String,
    /// Whose it is.
    member: Ref,
    email: String,
    #[schema(inline)]
    status: TokenState,
    /// Why it does not work although its time is not over, such as a suspended member.
    paused: Option<String>,
    /// Whether it was made to do all that its member may do.
    unlimited: bool,
    /// The only project it works in; `null`: all of the workspace.
    project: Option<Ref>,
    /// Names of what it may do now.
    permissions: Vec<String>,
    /// Whether its member can no longer make tokens.
    owner_can_not_manage: bool,
    created_at: Moment,
    expires_at: Moment,
    /// When it was last used, to the minute.
    last_used_at: Option<Moment>,
    /// From which address; empty for one that was never used.
    last_used_address: String,
    revoked: Option<Revoked>,
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            hint: row.hint,
            member: row.member.into(),
            email: row.email,
            status: row.status.into(),
            paused: row.paused,
            unlimited: row.unlimited,
            project: row.project.map(Into::into),
            permissions: row.permissions,
            owner_can_not_manage: row.owner_can_not_manage,
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
            last_used_at: row.last_used_at.map(Into::into),
            last_used_address: row.last_used_address,
            revoked: row.revoked.map(|revoked| Revoked {
                at: revoked.at.into(),
                by: revoked.by,
                because: revoked.because,
            }),
        }
    }
}

/// List tokens
///
/// The newest first: those of the member whose token asks, or with `everybody` those of the workspace. Those
/// that ended stay for 90 days.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/tokens", operation_id = "list_tokens", tag = "API tokens",
    params(TokensAsked),
    responses((status = 200, description = "One page of the tokens.", body = List<Token>)),
    extensions(("x-permission" = json!(null))),
)]
async fn list(call: Call, Asked(asked): Asked<TokensAsked>) -> Result<Paged<Token>, Problem> {
    let pairs = pairs(&asked);
    let query = TokenQuery {
        everybody: asked.everybody.unwrap_or_default(),
        status: asked.status.map(Into::into),
        cursor: asked.cursor,
    };
    let page = call
        .ask("list_tokens", async |app, caller, slug| {
            tokens::list(app, caller, slug, &query).await
        })
        .await?
        .tokens;
    Ok(paged(&call, "/tokens", &pairs, page.rows, page.next))
}

/// Read a token
///
/// One of the member's own, or with `tokens:manage` that of anybody.
#[utoipa::path(
    get, path = "/api/v1/workspaces/{workspace}/tokens/{token}", operation_id = "read_token", tag = "API tokens",
    responses((status = 200, description = "The token, without its text.", body = Token)),
    extensions(("x-permission" = json!("tokens:manage"))),
)]
async fn read(call: Call, At(Ids { token }): At<Ids>) -> Result<Json<Token>, Problem> {
    let row = call
        .ask("read_token", async |app, caller, slug| {
            tokens::one(app, caller, slug, token).await
        })
        .await?;
    Ok(Json(row.into()))
}

/// Revoke a token
///
/// For good: the next request with it is refused. One of the member's own always, also the one that asks;
/// that of somebody else with `tokens:manage` and all that they hold.
#[utoipa::path(
    post, path = "/api/v1/workspaces/{workspace}/tokens/{token}/revoke", operation_id = "revoke_token", tag = "API tokens",
    responses((status = 204, description = "It works no more.")),
    extensions(("x-permission" = json!("tokens:manage"))),
)]
async fn revoke(call: Call, At(Ids { token }): At<Ids>) -> Result<StatusCode, Problem> {
    call.ask("revoke_token", async |app, caller, slug| {
        tokens::revoke(app, caller, slug, token).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
