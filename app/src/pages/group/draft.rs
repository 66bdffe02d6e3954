//! What is being edited of a group, beside what is saved.

use leptos::prelude::*;
use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    group::{GroupDraft, GroupEditor},
};

use crate::{components::matrix::changed, error::ApiFailure};

/// A group as it is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// What it gives.
    pub set: PermissionSet,
    /// The version that a change has to name.
    pub version: i64,
}

impl Saved {
    /// What the server says is saved.
    pub fn of(editor: &GroupEditor) -> Self {
        Self {
            name: editor.draft.name.clone(),
            description: editor.draft.description.clone(),
            set: editor.catalogue.stored(&editor.draft.permissions),
            version: editor.group.as_ref().map_or(0, |group| group.version),
        }
    }
}

/// What is being edited, beside what is saved.
#[derive(Clone, Copy)]
pub struct Draft {
    /// The rows of the matrix.
    pub catalogue: StoredValue<Catalogue>,
    /// As typed.
    pub name: RwSignal<String>,
    /// As typed.
    pub description: RwSignal<String>,
    /// As chosen.
    pub set: RwSignal<PermissionSet>,
    /// What the fields are compared with, and the version that is changed.
    pub saved: RwSignal<Saved>,
    /// A newer version than that, by somebody else.
    pub theirs: RwSignal<Option<Saved>>,
    /// Why it could not be saved.
    pub failed: RwSignal<Option<ApiFailure>>,
    /// Whether it is being saved.
    pub busy: RwSignal<bool>,
}

impl Draft {
    /// Empty, until a group is there.
    pub fn new() -> Self {
        Self {
            catalogue: StoredValue::new(Catalogue::default()),
            name: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            set: RwSignal::new(PermissionSet::EMPTY),
            saved: RwSignal::new(Saved::default()),
            theirs: RwSignal::new(None),
            failed: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Shows a group that was loaded for a fresh page.
    pub fn show(self, editor: &GroupEditor) {
        self.catalogue.set_value(editor.catalogue.clone());
        self.take(Saved::of(editor));
    }

    /// Whether something differs from what is saved.
    pub fn dirty(self) -> bool {
        let (name, text, set) = (self.name.get(), self.description.get(), self.set.get());
        self.saved.with(|saved| {
            saved.name != name.trim() || saved.description != text.trim() || saved.set != set
        })
    }

    /// How many cells differ.
    pub fn cells(self) -> usize {
        changed(self.saved.with(|saved| saved.set), self.set.get())
    }

    /// The order that saves it.
    pub fn order(self) -> GroupDraft {
        let set = self.set.get_untracked();
        GroupDraft {
            name: self.name.get_untracked().trim().to_owned(),
            description: self.description.get_untracked().trim().to_owned(),
            permissions: self.catalogue.with_value(|catalogue| catalogue.names(set)),
        }
    }

    /// Shows a saved version and forgets what was typed.
    pub fn take(self, saved: Saved) {
        self.name.set(saved.name.clone());
        self.description.set(saved.description.clone());
        self.set.set(saved.set);
        self.saved.set(saved);
        self.theirs.set(None);
        self.failed.set(None);
    }

    /// Back to what is saved.
    pub fn discard(self) {
        self.take(self.saved.get_untracked());
    }

    /// Takes in that a version is saved now. What somebody typed stays, and is compared with it.
    pub fn news(self, saved: Saved) {
        let known = self.saved.with_untracked(|known| known.version);
        if saved.version <= known {
            return;
        }
        if untrack(|| self.dirty()) {
            self.theirs.set(Some(saved));
        } else {
            self.take(saved);
        }
    }

    /// What was ordered is saved now, as this version. What was typed since is not.
    pub fn stored(self, order: &GroupDraft, version: i64) {
        self.saved.set(Saved {
            name: order.name.clone(),
            description: order.description.clone(),
            set: self
                .catalogue
                .with_value(|catalogue| catalogue.stored(&order.permissions)),
            version,
        });
        self.theirs.set(None);
        self.failed.set(None);
    }

    /// Goes on from somebody else's version, with what is chosen here.
    pub fn keep_mine(self) {
        if let Some(theirs) = self.theirs.get_untracked() {
            self.saved.set(theirs);
            self.theirs.set(None);
            self.failed.set(None);
        }
    }

    /// What is wrong with a field, by the server's word.
    pub fn wrong(self, field: &'static str) -> Option<String> {
        self.failed.with(|failed| {
            let failure = failed.as_ref()?;
            failure.0.for_field(field).map(str::to_owned)
        })
    }
}
