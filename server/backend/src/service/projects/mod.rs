//! Projects, and who may do what in them.

mod change;
mod members;
mod overrides;
mod read;

pub use change::{create, delete, update};
pub use members::members;
pub use overrides::{one_override, override_editor, remove_override, set_override};
pub(crate) use read::visible;
pub use read::{list, page};

use rolecall_shared::{
    ProjectId,
    catalogue::{Catalogue, Level, PermissionSet},
    permission::Scope,
    policy::{Holdings, preview::Change},
};

use crate::store::{ProjectRecord, Target};

/// Projects in one workspace: each new name is compared with all of them under the lock.
pub const MAX_PROJECTS: usize = 5_000;

/// How far a set reaches over the rows that a project has.
fn level_here(catalogue: &Catalogue, set: PermissionSet) -> Level {
    let mut level = Level::default();
    for (row, action, bit) in catalogue.cells() {
        if row.scope == Scope::Project {
            let index = action as usize;
            level.of[index] += 1;
            level.held[index] += u16::from(set.contains(bit));
        }
    }
    level
}

/// A member as they would be without their override in a project.
fn without_override(holdings: &Holdings, project: ProjectId) -> Holdings {
    let removed = Change::Override {
        member: holdings.member,
        project,
        grant: None,
    };
    removed.after(holdings).unwrap_or_else(|| holdings.clone())
}

fn target(project: &ProjectRecord) -> Target {
    Target::new("project", project.id.0, project.name.clone())
}
