//! What is chosen for a new token.

use leptos::prelude::*;
use rolecall_shared::{
    ProjectId,
    catalogue::{Catalogue, PermissionSet},
    token::{DEFAULT_DAYS, TokenChoices, TokenDraft, TokenProject},
};

/// Ends that the form offers, in days.
pub const ENDS: [u32; 6] = [7, 30, 60, 90, 180, 365];

/// The state of the form.
#[derive(Clone, Copy)]
pub struct Form {
    pub name: RwSignal<String>,
    pub days: RwSignal<u32>,
    /// All that the member may do, instead of what is chosen.
    pub all: RwSignal<bool>,
    pub set: RwSignal<PermissionSet>,
    pub project: RwSignal<Option<ProjectId>>,
    pub catalogue: StoredValue<Catalogue>,
    options: StoredValue<Option<TokenChoices>>,
}

impl Form {
    pub fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            days: RwSignal::new(DEFAULT_DAYS),
            all: RwSignal::new(false),
            set: RwSignal::new(PermissionSet::EMPTY),
            project: RwSignal::new(None),
            catalogue: StoredValue::new(Catalogue::default()),
            options: StoredValue::new(None),
        }
    }

    /// Empty again, with what there is to choose.
    pub fn begin(self, options: TokenChoices) {
        self.catalogue.set_value(options.catalogue.clone());
        self.options.set_value(Some(options));
        self.clear();
    }

    /// Forgets what was typed and chosen.
    pub fn clear(self) {
        self.name.set(String::new());
        self.days.set(DEFAULT_DAYS);
        self.all.set(false);
        self.set.set(PermissionSet::EMPTY);
        self.project.set(None);
    }

    /// Projects to choose from.
    pub fn projects(self) -> Vec<TokenProject> {
        self.options.with_value(|options| {
            options
                .as_ref()
                .map(|options| options.projects.clone())
                .unwrap_or_default()
        })
    }

    /// What may be switched on, where the token is to work.
    pub fn grantable(self) -> PermissionSet {
        let project = self.project.get();
        self.options.with_value(|options| {
            let Some(options) = options else {
                return PermissionSet::EMPTY;
            };
            let there = project.map(|id| {
                let found = options.projects.iter().find(|p| p.project.id == id);
                found.map_or(&[][..], |found| &found.grantable)
            });
            options
                .catalogue
                .stored(there.unwrap_or(&options.grantable))
        })
    }

    /// Chooses where it works; what can not be had there is switched off.
    pub fn place(self, project: Option<ProjectId>) {
        self.project.set(project);
        let there = untrack(|| self.grantable());
        self.set.update(|set| *set = set.intersection(there));
    }

    /// What is sent.
    pub fn draft(self) -> TokenDraft {
        let names = |set| self.catalogue.with_value(|catalogue| catalogue.names(set));
        TokenDraft {
            name: self.name.get(),
            days: self.days.get(),
            permissions: (!self.all.get()).then(|| names(self.set.get())),
            project: self.project.get(),
        }
    }

    /// Whether something would be lost by closing.
    pub fn dirty(self) -> bool {
        !self.name.with(String::is_empty) || self.all.get() || !self.set.get().is_empty()
    }

    /// Why it can not be sent yet.
    pub fn waiting(self) -> Option<String> {
        if self.name.with(|name| name.trim().is_empty()) {
            Some("Enter a name first.".to_owned())
        } else {
            (!self.all.get() && self.set.get().is_empty())
                .then(|| "Choose what it may do first.".to_owned())
        }
    }
}
