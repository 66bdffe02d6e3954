//! Somebody's own account: what they see of it, name, address, password, sessions.
//!
//! Nobody else can be meant: the person is always that of the session, or of a link that was mailed.

mod email;
pub(crate) mod letters;
mod name;
mod notifications;
mod page;
mod password;
pub mod reset;
mod sessions;

pub use email::{AddressChange, change_email, confirm_email, open_email_link, withdraw_email};
pub use name::rename;
pub use notifications::set_notification;
pub use page::load;
pub use password::change_password;
pub use sessions::{end_others, end_session};

use rolecall_shared::{UserId, WorkspaceId};

use super::Failure;
use crate::{
    events::{Event, Topic},
    store::{Tx, UserRecord},
};

/// The person as they are now, held until the transaction ends.
async fn lock(tx: &mut Tx, user: UserId) -> Result<UserRecord, Failure> {
    tx.lock_user(user).await?.ok_or(Failure::NotSignedIn)
}

/// The same news for several workspaces.
fn news(workspaces: &[WorkspaceId], topic: Topic) -> impl Iterator<Item = Event> {
    workspaces
        .iter()
        .map(move |&workspace| Event { workspace, topic })
}
