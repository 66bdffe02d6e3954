//! The own name.

use rolecall_shared::text;
use serde_json::json;

use super::{lock, news};
use crate::{
    Caller, Rolecall,
    events::Topic,
    service::{Failure, sessions::user_target},
    store::{Actor, Entry},
};

/// Gives the caller another name, everywhere at once; gives it as it is kept. The same name again
/// writes nothing.
///
/// # Errors
/// [`Failure::Invalid`] on `name`.
pub async fn rename(app: &Rolecall, caller: &Caller, name: &str) -> Result<String, Failure> {
    let name = text::name(name, "your name").map_err(|message| Failure::field("name", message))?;
    let now = app.clock().now();
    let mut tx = app.store().write().await?;
    let user = lock(&mut tx, caller.session.user).await?;
    if user.name == name {
        return Ok(name);
    }
    tx.rename_user(user.id, &name).await?;
    let workspaces = tx.workspace_ids_of(user.id).await?;
    let entry = Entry::new(
        "account.renamed",
        user_target(user.id, &user.email),
        json!({ "before": user.name, "after": name }),
    );
    let events: Vec<_> = news(&workspaces, Topic::Members).collect();
    app.store()
        .commit_act_and_tell(tx, now, (&Actor::caller(caller), entry), &events)
        .await?;
    Ok(name)
}
