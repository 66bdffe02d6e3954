//! What the workspace lets its people do with invitations.

use rolecall_shared::{
    FieldError,
    email::EmailAddress,
    invitation::{InvitationPolicy, MAX_HOURS},
};
use serde_json::json;

use crate::{
    Caller, Rolecall,
    authz::{self, SettingsManage, SettingsView},
    events::Topic,
    service::{Failure, settings},
    store::{Actor, Entry, Target},
};

/// Most domains on the list.
const MAX_DOMAINS: usize = 50;

/// The invitation policy. Needs `settings:view`, which everybody has who may change it.
pub async fn policy(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
) -> Result<InvitationPolicy, Failure> {
    let mut db = app.store().read().await?;
    let proof = authz::authorize::<SettingsView>(app, &mut db, caller, slug).await?;
    Ok(proof.workspace_record().invitation_policy())
}

/// Changes the invitation policy; gives it as it is kept. Needs `settings:manage`. Invitations that
/// wait stay as they are.
///
/// # Errors
/// [`Failure::Invalid`] on a field; [`Failure::Conflict`] when it is not `before` any more: nobody
/// overwrites what they have not seen.
pub async fn set_policy(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    before: &InvitationPolicy,
    policy: InvitationPolicy,
) -> Result<InvitationPolicy, Failure> {
    let policy = check(policy)?;
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<SettingsManage>(app, &mut tx, caller, slug).await?;
    let workspace = tx.workspace().clone();
    let found = workspace.invitation_policy();
    if found != *before {
        return Err(settings::stale("invitation policy"));
    }
    if found == policy {
        return Ok(policy);
    }
    tx.set_invitation_policy(&proof, &policy).await?;
    let entry = Entry::new(
        "workspace.invitation_policy_changed",
        Target::new("workspace", workspace.id.0, workspace.name),
        json!({ "before": found, "after": policy }),
    );
    tx.commit(
        now,
        &Actor::caller(caller),
        entry.into(),
        &[Topic::Settings],
    )
    .await?;
    Ok(policy)
}

fn check(policy: InvitationPolicy) -> Result<InvitationPolicy, Failure> {
    let mut wrong = Vec::new();
    let mut note = |field: &str, message: String| {
        wrong.push(FieldError {
            field: field.to_owned(),
            message,
        });
    };
    if !(1..=MAX_HOURS).contains(&policy.hours) {
        note(
            "hours",
            format!("Choose between 1 hour and {} days.", MAX_HOURS / 24),
        );
    }
    if policy.allowed_domains.len() > MAX_DOMAINS {
        note(
            "allowed_domains",
            format!("List at most {MAX_DOMAINS} domains."),
        );
    }
    let mut domains = Vec::new();
    for domain in policy
        .allowed_domains
        .iter()
        .map(|d| d.trim().trim_start_matches('@'))
        .filter(|d| !d.is_empty())
    {
        match EmailAddress::parse(&format!("x@{domain}")) {
            Ok(address) => domains.push(address.domain().to_owned()),
            Err(_) => note(
                "allowed_domains",
                format!("“{domain}” is not a domain, such as example.org."),
            ),
        }
    }
    Failure::check(wrong)?;
    domains.sort_unstable();
    domains.dedup();
    Ok(InvitationPolicy {
        allowed_domains: domains,
        ..policy
    })
}
