//! The verbs of whoever works on the settings.

use rolecall_backend::service::{Failure, settings};
use rolecall_shared::{RoleId, WorkspaceId, settings::SettingsPage};

use super::{World, actors::Person};

impl Person {
    pub async fn settings(&self) -> Result<SettingsPage, Failure> {
        settings::page(&self.world.app, &self.caller, &self.slug).await
    }

    pub async fn rename_workspace(&self, before: &str, name: &str) -> Result<String, Failure> {
        settings::rename(&self.world.app, &self.caller, &self.slug, before, name).await
    }

    pub async fn set_default_role(&self, before: RoleId, role: RoleId) -> Result<(), Failure> {
        settings::set_default_role(&self.world.app, &self.caller, &self.slug, before, role).await
    }

    pub async fn delete_workspace(&self, name: &str) -> Result<(), Failure> {
        settings::delete(&self.world.app, &self.caller, &self.slug, name).await
    }
}

impl World {
    /// What the operator does at the command line.
    pub async fn restore(&self, id: WorkspaceId) -> Result<String, Failure> {
        settings::restore(&self.app, id).await
    }

    /// Names of the workspaces that the operator can bring back.
    pub async fn restorable(&self) -> Vec<String> {
        let deleted = settings::restorable(&self.app).await.unwrap();
        deleted
            .into_iter()
            .map(|workspace| workspace.name)
            .collect()
    }
}
