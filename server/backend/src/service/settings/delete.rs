//! Deleting a workspace: it is gone for everybody at once, but for its trail.

use serde_json::json;

use super::target;
use crate::{
    Caller, Rolecall,
    authz::{self, Authorized, SettingsManage},
    events::Topic,
    service::{
        Failure,
        invitations::{self, write_down_expired},
        sudo,
    },
    store::{Actor, Entries, Entry},
};

/// Deletes the workspace. Owners only, by its name as it is now. Invitations that wait are revoked and
/// their mail is dropped; no path finds the workspace any more, from the next request on; its slug is
/// free. The deletion is the last row of its trail.
///
/// # Errors
/// [`Failure::OwnersOnly`], [`Failure::Invalid`] on `name` when it is not the workspace's name, and
/// [`Failure::ConfirmFirst`] without a fresh proof.
pub async fn delete(
    app: &Rolecall,
    caller: &Caller,
    slug: &str,
    name: &str,
) -> Result<(), Failure> {
    let now = app.clock().now();
    let mut tx = app
        .store()
        .lock_slug(slug)
        .await?
        .ok_or(Failure::NotFound("workspace"))?;
    let proof = authz::authorize::<SettingsManage>(app, &mut tx, caller, slug).await?;
    confirm(app, caller, &proof, name)?;
    // What time ended was not ended by this.
    write_down_expired(app, &mut tx, now, "settings").await?;
    let size = tx.workspace_size(&proof, now).await?;
    let revoked = tx.revoke_invitations(now).await?;
    tx.drop_invitation_mail().await?;
    tx.delete_workspace(&proof, now).await?;
    let workspace = tx.workspace();
    let mut entries: Vec<Entry> = revoked
        .into_iter()
        .map(|(id, email, role)| {
            let target = invitations::target(id.into(), &email);
            let detail = json!({ "role": role, "because": "the workspace was deleted" });
            Entry::new("invitation.revoked", target, detail)
        })
        .collect();
    entries.push(Entry::new(
        "workspace.deleted",
        target(workspace),
        json!({
            "slug": workspace.slug,
            "members": size.members,
            "invitations": size.pending,
            "projects": size.projects,
        }),
    ));
    if let Some(entries) = Entries::many(entries) {
        // Every open page asks again, and every listener is asked whether it may listen.
        tx.commit(now, &Actor::caller(caller), entries, &Topic::ALL)
            .await?;
    }
    Ok(())
}

/// The one place that decides whether the caller may delete this workspace now.
fn confirm(
    app: &Rolecall,
    caller: &Caller,
    proof: &Authorized<SettingsManage>,
    name: &str,
) -> Result<(), Failure> {
    if !proof.is_owner() {
        return Err(Failure::OwnersOnly("delete the workspace"));
    }
    let expected = &proof.workspace_record().name;
    if name.trim() != expected.trim() {
        let message = format!("Type {expected} to confirm.");
        return Err(Failure::field("name", message));
    }
    sudo::need(app, caller)
}
