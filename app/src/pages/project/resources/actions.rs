//! What is being done with which resource, and why it can not be.

use leptos::prelude::*;
use rolecall_shared::{
    permission::Action,
    project::{ProjectPage, ResourceRow},
    view_as,
};

use super::super::blocked_here;

/// The dialogs of the tab: which is open, about what.
#[derive(Clone, Copy)]
pub struct Doing {
    /// The project, as it was when the dialog opened.
    pub project: RwSignal<Option<ProjectPage>>,
    /// The resource; `None`: a new one.
    pub row: RwSignal<Option<ResourceRow>>,
    /// The form.
    pub form: RwSignal<bool>,
    /// The question before deleting.
    pub removal: RwSignal<bool>,
}

impl Doing {
    /// Nothing is open.
    pub fn new() -> Self {
        Self {
            project: RwSignal::new(None),
            row: RwSignal::new(None),
            form: RwSignal::new(false),
            removal: RwSignal::new(false),
        }
    }

    /// Opens a dialog.
    pub fn open(self, dialog: RwSignal<bool>, project: &ProjectPage, row: Option<&ResourceRow>) {
        self.project.set(Some(project.clone()));
        self.row.set(row.cloned());
        dialog.set(true);
    }

    /// The name of the resource at hand.
    pub fn name(self) -> String {
        self.row
            .with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default())
    }
}

/// What people call a service; its key when the template has it no more.
pub fn title(project: &ProjectPage, service: &str) -> String {
    let row = project.catalogue.row(service);
    row.map_or_else(|| service.to_owned(), |(_, row)| row.title.clone())
}

/// The services that can have resources, as key and title, in the order of the matrix.
fn services(project: &ProjectPage) -> impl Iterator<Item = (&str, &str)> {
    let rows = project
        .services
        .iter()
        .filter_map(|key| project.catalogue.row(key));
    rows.map(|(_, row)| (row.key.as_str(), row.title.as_str()))
}

/// The services whose resources pass a test of the asker's permissions, for a list to choose from.
fn choices(project: &ProjectPage, wanted: &[Action]) -> Vec<(String, String)> {
    services(project)
        .filter(|(key, _)| needed(project, key, wanted).is_some_and(|name| project.may(&name)))
        .map(|(key, title)| (key.to_owned(), title.to_owned()))
        .collect()
}

/// The services of which the asker may make resources here.
pub fn manageable(project: &ProjectPage) -> Vec<(String, String)> {
    choices(project, &[Action::Manage])
}

/// The services whose resources the asker may see here: View, or the first cell that the row has.
pub fn visible(project: &ProjectPage) -> Vec<(String, String)> {
    choices(project, &Action::ALL)
}

/// Why nothing can be added here; nothing when something can.
pub fn no_creation(project: &ProjectPage) -> Option<String> {
    if !manageable(project).is_empty() {
        return None;
    }
    if let Some(name) = &project.viewing_as {
        return Some(view_as::read_only(name));
    }
    let example = services(project).find_map(|(key, _)| needed(project, key, &[Action::Manage]));
    Some(match example {
        Some(name) => format!(
            "To add a resource, you need Manage of its service in this project, such as {name}."
        ),
        None => "No service of this workspace keeps resources.".to_owned(),
    })
}

/// Why a resource can not be changed; nothing when it can.
pub fn no_change(project: &ProjectPage, service: &str) -> Option<String> {
    blocked(project, service, "change", &[Action::Manage])
}

/// Why a resource can not be deleted; nothing when it can. Where a row has no Delete, Manage deletes,
/// as the server has it.
pub fn no_removal(project: &ProjectPage, service: &str) -> Option<String> {
    let wanted = [Action::Delete, Action::Manage, Action::View];
    blocked(project, service, "delete", &wanted)
}

fn blocked(project: &ProjectPage, service: &str, verb: &str, wanted: &[Action]) -> Option<String> {
    let Some(permission) = needed(project, service, wanted) else {
        let title = title(project, service);
        return Some(format!(
            "Nobody can {verb} resources of {title}: there is no such permission."
        ));
    };
    blocked_here(project, &permission, &format!("{verb} it"))
}

/// The name of the first of these cells that a row has.
fn needed(project: &ProjectPage, service: &str, wanted: &[Action]) -> Option<String> {
    let there = |action: &&Action| project.catalogue.bit(service, **action).is_some();
    let action = wanted.iter().find(there)?;
    Some(format!("{service}:{action}"))
}
