//! What the frame of every page needs.

use leptos::prelude::*;
use rolecall_shared::shell::Shell;

use super::codec::Json;
use crate::error::ApiFailure;

/// The signed-in person, their workspaces, and the workspace of the address.
#[server(prefix = "/api", endpoint = "load_shell", input = Json, output = Json)]
pub async fn load_shell(slug: Option<String>) -> Result<Shell, ApiFailure> {
    let slug = slug.as_deref();
    super::run(
        slug.unwrap_or_default(),
        "load_shell",
        async |app, caller| rolecall_backend::service::shell::load(app, caller, slug).await,
    )
    .await
}
