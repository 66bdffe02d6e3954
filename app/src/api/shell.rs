//! What the frame of every page needs.

use leptos::prelude::*;
use rolecall_shared::shell::Shell;

#[cfg(feature = "ssr")]
use rolecall_backend::service::shell;

use super::codec::Json;
use crate::{error::ApiFailure, presence::Reading};

/// The signed-in person, their workspaces, and the workspace of the address.
#[server(prefix = "/api", endpoint = "load_shell", input = Json, output = Json, client = Reading)]
pub async fn load_shell(slug: Option<String>) -> Result<Shell, ApiFailure> {
    let slug = slug.as_deref();
    super::look(
        slug.unwrap_or_default(),
        "load_shell",
        async |app, caller, glance| shell::load(app, caller, glance, slug).await,
    )
    .await
    .map(|shell| Shell {
        form_token: crate::context::form_token(),
        ..shell
    })
}
