//! What the page of a role holds. It is filled once; later answers are laid over it, so that none of
//! them throws away what somebody typed.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::{
    ApiError, ErrorCode, RoleId,
    catalogue::{Catalogue, PermissionSet},
    role::{RoleCard, RoleDraft, RoleEditor, RoleOrigin},
    text,
};

use super::{Wanted, delete::Deleting, fields::Fields};
use crate::{
    api::roles::{create_role, update_role},
    components::toast::Toasts,
    error::ApiFailure,
    here::Here,
    paths,
};

/// The state of the page.
#[derive(Clone, Copy)]
pub struct RoleState {
    pub here: Here,
    pub wanted: Memo<Wanted>,
    pub catalogue: StoredValue<Catalogue>,
    /// The role as it is saved; `None`: a new one.
    pub card: RwSignal<Option<RoleCard>>,
    /// The role that it was cloned from.
    pub origin: RwSignal<Option<RoleOrigin>>,
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub own: RwSignal<bool>,
    pub set: RwSignal<PermissionSet>,
    /// What the fields are compared with.
    pub saved: RwSignal<Fields>,
    /// What somebody else saved while fields here were changed.
    pub theirs: RwSignal<Option<Fields>>,
    pub dirty: Signal<bool>,
    pub grantable: RwSignal<PermissionSet>,
    /// Why it can only be looked at.
    pub blocked: RwSignal<Option<String>>,
    /// Why no role can be made here.
    pub fixed: StoredValue<Option<String>>,
    pub failed: RwSignal<Option<ApiFailure>>,
    pub busy: RwSignal<bool>,
    pub previewing: RwSignal<bool>,
    pub merging: RwSignal<bool>,
    pub deleting: Deleting,
    toasts: Toasts,
    navigate: Callback<String>,
}

impl RoleState {
    /// The page of what was loaded.
    pub fn new(wanted: Memo<Wanted>, loaded: RoleEditor) -> Self {
        let first = Fields::of(&loaded.draft, &loaded.catalogue);
        let grantable = loaded.catalogue.stored(&loaded.grantable);
        let saved = RwSignal::new(first.clone());
        let name = RwSignal::new(first.name);
        let description = RwSignal::new(first.description);
        let (own, set) = (
            RwSignal::new(first.own_projects_only),
            RwSignal::new(first.set),
        );
        let dirty = Memo::new(move |_| {
            saved.with(|saved| {
                saved.set != set.get()
                    || saved.own_projects_only != own.get()
                    || name.with(|name| *name != saved.name)
                    || description.with(|text| *text != saved.description)
            })
        });
        let go = use_navigate();
        Self {
            here: Here::of_page(),
            wanted,
            catalogue: StoredValue::new(loaded.catalogue),
            card: RwSignal::new(loaded.role),
            origin: RwSignal::new(loaded.origin),
            name,
            description,
            own,
            set,
            saved,
            theirs: RwSignal::new(None),
            dirty: dirty.into(),
            grantable: RwSignal::new(grantable),
            blocked: RwSignal::new(loaded.blocked),
            fixed: StoredValue::new(loaded.fixed),
            failed: RwSignal::new(None),
            busy: RwSignal::new(false),
            previewing: RwSignal::new(false),
            merging: RwSignal::new(false),
            deleting: Deleting::new(),
            toasts: Toasts::of_page(),
            navigate: Callback::new(move |path: String| go(&path, NavigateOptions::default())),
        }
    }

    /// The fields as they are now.
    pub fn fields(self) -> Fields {
        Fields {
            name: self.name.get_untracked(),
            description: self.description.get_untracked(),
            own_projects_only: self.own.get_untracked(),
            set: self.set.get_untracked(),
        }
    }

    /// Puts these into the fields.
    pub fn fill(self, fields: Fields) {
        self.name.set(fields.name);
        self.description.set(fields.description);
        self.own.set(fields.own_projects_only);
        self.set.set(fields.set);
    }

    /// Takes in what is saved by now. Fields that were changed here stay as they are.
    pub fn receive(self, loaded: RoleEditor) {
        let fresh = Fields::of(&loaded.draft, &loaded.catalogue);
        self.grantable
            .set(loaded.catalogue.stored(&loaded.grantable));
        self.catalogue.set_value(loaded.catalogue);
        self.blocked.set(loaded.blocked);
        self.card.set(loaded.role);
        self.origin.set(loaded.origin);
        let (saved, mine) = (self.saved.get_untracked(), self.fields());
        if mine == saved || mine == fresh {
            self.adopt(fresh);
        } else if fresh == saved {
            self.theirs.set(None);
        } else {
            self.theirs.set(Some(fresh));
        }
    }

    /// What is saved is what the fields show.
    fn adopt(self, fresh: Fields) {
        self.theirs.set(None);
        self.merging.set(false);
        self.fill(fresh.clone());
        self.saved.set(fresh);
    }

    /// The order that saving would send.
    pub fn draft(self) -> RoleDraft {
        self.catalogue
            .with_value(|catalogue| self.fields().draft(catalogue))
    }

    /// What is wrong with a field.
    pub fn wrong(self, field: &'static str) -> Option<String> {
        self.failed.with(|failed| {
            let failed = failed.as_ref()?;
            failed.0.for_field(field).map(str::to_owned)
        })
    }

    /// Throws the changes away.
    pub fn reset(self) {
        self.failed.set(None);
        self.adopt(self.saved.get_untracked());
    }

    /// What it would allow after going back to the role it was cloned from.
    pub fn original(self, origin: &RoleOrigin) -> (PermissionSet, bool) {
        let set = self
            .catalogue
            .with_value(|catalogue| catalogue.stored(&origin.permissions));
        (set, origin.own_projects_only)
    }

    /// Fills the matrix from the role it was cloned from; saving is a step of its own.
    pub fn go_back(self, origin: &RoleOrigin) {
        let (set, own) = self.original(origin);
        self.set.set(set);
        self.own.set(own);
    }

    /// Sends the fields to the server.
    pub fn save(self) {
        if self.busy.get_untracked() {
            return;
        }
        if let Err(message) = text::name(&self.name.get_untracked(), "a name for the role") {
            self.previewing.set(false);
            self.failed
                .set(Some(ApiFailure(ApiError::field("name", message))));
            crate::browser::focus("#role-name");
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        let sent = self.fields();
        let card = self.card.get_untracked();
        spawn_local(async move {
            let saving = match card {
                Some(card) => self.update(&card, sent).await,
                None => self.create(sent).await,
            };
            if let Err(failure) = saving {
                self.refused(failure).await;
            }
            let _ = self.busy.try_set(false);
        });
    }

    async fn update(self, card: &RoleCard, sent: Fields) -> Result<(), ApiFailure> {
        let slug = self.here.slug.get_untracked();
        let version = update_role(slug, card.id, card.version, self.draft()).await?;
        self.toasts
            .done(format!("The role {} is saved.", sent.name.trim()));
        if self.saved.try_set(sent).is_none() {
            self.previewing.set(false);
            self.card.update(|card| {
                if let Some(card) = card {
                    card.version = version;
                }
            });
        }
        self.here.live.access_changed();
        Ok(())
    }

    async fn create(self, sent: Fields) -> Result<(), ApiFailure> {
        let slug = self.here.slug.get_untracked();
        let clone_of = self.wanted.get_untracked().clone_of;
        let id: RoleId = create_role(slug.clone(), self.draft(), clone_of).await?;
        self.toasts
            .done(format!("The role {} is created.", sent.name.trim()));
        self.here.live.access_changed();
        // Nothing is unsaved any more, so nothing asks; a page that was left is not left again.
        if self.saved.try_set(sent).is_none() {
            self.navigate.run(paths::role(&slug, id));
        }
        Ok(())
    }

    /// Saving did not work. When the role changed meanwhile, its new state is fetched and compared.
    async fn refused(self, failure: ApiFailure) {
        let conflict = failure.0.code == ErrorCode::Conflict;
        if self.failed.try_set(Some(failure)).is_some() {
            return;
        }
        self.previewing.set(false);
        if conflict && self.card.with_untracked(Option::is_some) {
            super::refresh(self).await;
            if self.theirs.try_with_untracked(Option::is_some) == Some(true) {
                self.failed.set(None);
                self.merging.set(true);
            }
        }
    }

    /// The role is deleted: there is nothing left to save here.
    pub fn gone(self) {
        self.saved.set(self.fields());
        self.navigate
            .run(paths::roles(&self.here.slug.get_untracked()));
    }
}
