//! API tokens.

use leptos::prelude::*;
use rolecall_shared::{
    TokenId,
    token::{CreatedToken, TokenChoices, TokenDraft, TokenQuery, TokensPage},
};

#[cfg(feature = "ssr")]
use rolecall_backend::service::tokens;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// One page of tokens.
#[server(prefix = "/api", endpoint = "list_tokens", input = Json, output = Json, client = Reading)]
pub async fn list_tokens(slug: String, query: TokenQuery) -> Result<TokensPage, ApiFailure> {
    super::personal(&slug, "list_tokens", async |app, caller| {
        tokens::list(app, caller, &slug, &query).await
    })
    .await
}

/// What there is to choose for a token.
#[server(prefix = "/api", endpoint = "token_options", input = Json, output = Json, client = Reading)]
pub async fn token_options(slug: String) -> Result<TokenChoices, ApiFailure> {
    super::personal(&slug, "token_options", async |app, caller| {
        tokens::options(app, caller, &slug).await
    })
    .await
}

/// Makes a token; its text is in the answer and nowhere else.
#[server(prefix = "/api", endpoint = "create_token", input = Json, output = Json)]
pub async fn create_token(slug: String, draft: TokenDraft) -> Result<CreatedToken, ApiFailure> {
    super::change(&slug, "create_token", async |app, caller| {
        tokens::create(app, caller, &slug, &draft).await
    })
    .await
}

/// Revokes a token, for good.
#[server(prefix = "/api", endpoint = "revoke_token", input = Json, output = Json)]
pub async fn revoke_token(slug: String, token: TokenId) -> Result<(), ApiFailure> {
    super::change(&slug, "revoke_token", async |app, caller| {
        tokens::revoke(app, caller, &slug, token).await
    })
    .await
}
