//! What an admin looks at first.

use leptos::prelude::*;
use rolecall_shared::overview::Overview;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// The overview of a workspace.
#[server(prefix = "/api", endpoint = "load_overview", input = Json, output = Json, client = Reading)]
pub async fn load_overview(slug: String) -> Result<Overview, ApiFailure> {
    super::read(&slug, "load_overview", async |app, caller| {
        rolecall_backend::service::overview::load(app, caller, &slug).await
    })
    .await
}
