//! The server functions of the console, by domain. Each asks one service, through [`read`] or [`look`]
//! when it only reads, through [`personal`] when what it reads belongs to the person and to no workspace,
//! and through [`change`] otherwise.

pub mod access;
pub mod account;
pub mod audit;
pub mod codec;
pub mod groups;
pub mod invitations;
pub mod members;
pub mod membership;
pub mod overview;
pub mod projects;
pub mod resources;
pub mod roles;
pub mod settings;
pub mod shell;
pub mod tokens;
pub mod view_as;

#[cfg(feature = "ssr")]
use leptos::prelude::use_context;
#[cfg(feature = "ssr")]
use rolecall_backend::{
    Caller, Rolecall,
    authz::Glance,
    service::{Failure, denial, view_as as viewing},
};
#[cfg(feature = "ssr")]
use rolecall_shared::{ApiError, ErrorCode};

#[cfg(feature = "ssr")]
use crate::{
    context::{RequestContext, set_status},
    error::ApiFailure,
};

/// The functions that only read. Asked by an open page alone, they are no use of the session
/// (rule 4); each names [`crate::presence::Reading`] as its client.
pub const READING: [&str; 33] = [
    "audit_filters",
    "audit_newer",
    "compare_roles",
    "invitation_deliveries",
    "invitation_policy",
    "invite_options",
    "list_audit",
    "list_former_members",
    "list_group_members",
    "list_groups",
    "list_invitations",
    "list_members",
    "list_project_members",
    "list_projects",
    "list_resources",
    "list_roles",
    "list_tokens",
    "load_account",
    "load_group_editor",
    "load_member",
    "load_override",
    "load_overview",
    "load_ownership",
    "load_project",
    "load_role_editor",
    "load_settings",
    "load_shell",
    "load_view_policy",
    "preview_change",
    "removal_preview",
    "team_counts",
    "team_filters",
    "token_options",
];

/// Runs a service that changes something, or begins to. Whoever views as a member is refused here,
/// whatever it is.
#[cfg(feature = "ssr")]
pub(crate) async fn change<T>(
    slug: &str,
    attempt: &str,
    call: impl AsyncFnOnce(&Rolecall, &Caller) -> Result<T, Failure>,
) -> Result<T, ApiFailure> {
    run(slug, attempt, async |rolecall, caller, _| {
        viewing::read_only(&caller.session)?;
        call(rolecall, caller).await
    })
    .await
}

/// Runs a service that reads what belongs to the person alone. It is nobody else's to see, and not the
/// caller's while they are somebody else.
#[cfg(feature = "ssr")]
pub(crate) async fn personal<T>(
    slug: &str,
    attempt: &str,
    call: impl AsyncFnOnce(&Rolecall, &Caller) -> Result<T, Failure>,
) -> Result<T, ApiFailure> {
    change(slug, attempt, call).await
}

/// Runs a service that only reads.
#[cfg(feature = "ssr")]
pub(crate) async fn read<T>(
    slug: &str,
    attempt: &str,
    call: impl AsyncFnOnce(&Rolecall, &Caller) -> Result<T, Failure>,
) -> Result<T, ApiFailure> {
    look(slug, attempt, async |rolecall, caller, _| {
        call(rolecall, caller).await
    })
    .await
}

/// As [`read`], for a part of a page: the parts of one request share what they find out about its
/// caller.
#[cfg(feature = "ssr")]
pub(crate) async fn look<T>(
    slug: &str,
    attempt: &str,
    call: impl AsyncFnOnce(&Rolecall, &Caller, &Glance) -> Result<T, Failure>,
) -> Result<T, ApiFailure> {
    run(slug, attempt, async |rolecall, caller, glance| {
        let found = call(rolecall, caller, glance).await?;
        viewing::seen(rolecall, caller, attempt).await?;
        Ok(found)
    })
    .await
}

/// Runs a service for the person of the request. The one way from the console into the backend: it
/// refuses the ones who are not signed in, has denials of the `attempt` written down, and sets the
/// status.
#[cfg(feature = "ssr")]
async fn run<T>(
    slug: &str,
    attempt: &str,
    call: impl AsyncFnOnce(&Rolecall, &Caller, &Glance) -> Result<T, Failure>,
) -> Result<T, ApiFailure> {
    let Some(context) = use_context::<RequestContext>() else {
        // A mistake in the router, not of the person who asks.
        set_status(ErrorCode::Internal.status());
        return Err(ApiFailure(ApiError::new(
            ErrorCode::Internal,
            "Something went wrong on our side. Try again in a moment.",
        )));
    };
    let RequestContext {
        rolecall,
        meta,
        session,
        glance,
        ..
    } = context;
    let request_id = meta.request_id.clone();
    let failure = match session {
        None => Failure::NotSignedIn,
        Some(session) => {
            let caller = Caller { session, meta };
            match call(&rolecall, &caller, &glance).await {
                Ok(value) => return Ok(value),
                Err(failure) => {
                    denial::record(&rolecall, &caller, slug, attempt, &failure).await;
                    failure
                }
            }
        }
    };
    let error = failure.to_api(&request_id);
    set_status(error.code.status());
    Err(ApiFailure(error))
}
