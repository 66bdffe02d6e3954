//! Verbs for API tokens, and programs that use them.

use rolecall_backend::service::{
    Failure,
    tokens::{self, Refused},
};
use rolecall_shared::{
    ProjectId, TokenId,
    token::{CreatedToken, TokenChoices, TokenDraft, TokenQuery, TokenRow, TokensPage},
};

use super::{
    actors::Person,
    world::{World, meta},
};

/// An order for a token of 30 days with these permissions; none: all that its member may do.
pub fn token_draft(name: &str, permissions: Option<&[&str]>) -> TokenDraft {
    TokenDraft {
        name: name.into(),
        days: 30,
        permissions: permissions.map(|names| names.iter().map(|&n| n.to_owned()).collect()),
        project: None,
    }
}

/// The same for one project.
pub fn project_draft(name: &str, permissions: Option<&[&str]>, project: ProjectId) -> TokenDraft {
    TokenDraft {
        project: Some(project),
        ..token_draft(name, permissions)
    }
}

impl Person {
    pub async fn makes_token(&self, draft: &TokenDraft) -> Result<CreatedToken, Failure> {
        tokens::create(&self.world.app, &self.caller, &self.slug, draft).await
    }

    /// The text of a new token, made right after this person proved who they are.
    pub async fn token(&self, draft: &TokenDraft) -> CreatedToken {
        self.confirmed().makes_token(draft).await.unwrap()
    }

    pub async fn revokes_token(&self, token: TokenId) -> Result<(), Failure> {
        tokens::revoke(&self.world.app, &self.caller, &self.slug, token).await
    }

    pub async fn token_named(&self, id: TokenId) -> Result<TokenRow, Failure> {
        tokens::one(&self.world.app, &self.caller, &self.slug, id).await
    }

    pub async fn tokens(&self, query: &TokenQuery) -> Result<TokensPage, Failure> {
        tokens::list(&self.world.app, &self.caller, &self.slug, query).await
    }

    pub async fn token_options(&self) -> Result<TokenChoices, Failure> {
        tokens::options(&self.world.app, &self.caller, &self.slug).await
    }

    /// Their own tokens, or everybody's.
    pub async fn token_rows(&self, everybody: bool) -> Vec<TokenRow> {
        let query = TokenQuery {
            everybody,
            ..TokenQuery::default()
        };
        self.tokens(&query).await.unwrap().tokens.rows
    }

    /// The row of one token among everybody's.
    pub async fn token_row(&self, name: &str) -> TokenRow {
        let rows = self.token_rows(true).await;
        let found = rows.into_iter().find(|row| row.name == name);
        found.unwrap_or_else(|| panic!("no token {name}"))
    }
}

impl World {
    /// A program with the text of a token, in the workspace that the token belongs to.
    pub async fn program(&self, secret: &str) -> Result<Person, Refused> {
        let found = tokens::authenticate(&self.app, &meta("program"), secret).await;
        found.unwrap().map(|bearer| Person {
            world: self.clone(),
            slug: bearer.workspace,
            caller: bearer.caller,
        })
    }

    /// Why a token is not good.
    pub async fn turned_away(&self, secret: &str) -> Refused {
        match self.program(secret).await {
            Err(refused) => refused,
            Ok(_) => panic!("the token works"),
        }
    }
}
