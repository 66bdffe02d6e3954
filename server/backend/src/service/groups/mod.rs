//! Groups: named permission sets for many members at once.

mod change;
mod joining;
mod read;

pub use change::{create, delete, update};
pub use joining::{add_members, remove_member};
pub use read::{editor, list, members};

use rolecall_shared::GroupId;
use serde_json::{Value, json};

use super::{
    Failure,
    roles::editing::{Opened, stale},
};
use crate::{
    authz::group_permissions,
    events::Topic,
    store::{GroupRecord, Target},
    templates::Template,
};

/// Most groups of a workspace.
pub const MAX_GROUPS: usize = 500;

/// Groups show in the list of members as well.
const TOPICS: [Topic; 2] = [Topic::Access, Topic::Members];
/// As [`TOPICS`], where invitations that wait would give the group.
const TOPICS_AND_INVITATIONS: [Topic; 3] = [Topic::Access, Topic::Members, Topic::Invitations];

impl Opened<'_> {
    async fn group(&mut self, id: GroupId) -> Result<GroupRecord, Failure> {
        let found = self.tx.group(self.proof.workspace(), id).await?;
        found.ok_or(Failure::NotFound("group"))
    }

    /// A group as it was when the caller looked at it.
    async fn unchanged(&mut self, id: GroupId, version: i64) -> Result<GroupRecord, Failure> {
        let found = self.group(id).await?;
        if found.version == version {
            Ok(found)
        } else {
            Err(stale("group"))
        }
    }
}

fn target(group: &GroupRecord) -> Target {
    Target::new("group", group.id.0, group.name.clone())
}

/// A group as the trail keeps it.
fn snapshot(template: &Template, group: &GroupRecord) -> Value {
    let catalogue = &template.catalogue;
    json!({
        "name": group.name,
        "description": group.description,
        "permissions": catalogue.names(group_permissions(catalogue, &group.permissions)),
    })
}
