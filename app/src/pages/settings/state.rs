//! What the settings page holds. It is filled once; later answers are laid over it.

use leptos::prelude::*;
use rolecall_shared::{
    RoleId,
    role::RoleOption,
    settings::{Deletion, SettingsPage},
    view_as::{ViewPolicy, ViewSettings},
};

use super::{invitations::Policy, part::Part};
use crate::{error::ApiFailure, here::Here};

/// The state of the page.
#[derive(Clone, Copy)]
pub struct State {
    pub here: Here,
    /// What does not change.
    pub facts: StoredValue<SettingsPage>,
    pub name: Part<String>,
    pub policy: Part<Policy>,
    /// The role that invitations choose first; `None`: the asker may not see roles.
    pub role: Part<Option<RoleId>>,
    pub roles: RwSignal<Vec<RoleOption>>,
    pub viewing: Part<ViewPolicy>,
    /// Why the asker can not decide about viewing as somebody.
    pub viewing_blocked: RwSignal<Option<String>>,
    /// Why the asker can only look.
    pub blocked: RwSignal<Option<String>>,
    /// What a deletion would end, or why the asker can not delete.
    pub deletion: RwSignal<Result<Deletion, String>>,
    /// Why the settings can not be seen any more.
    pub failed: RwSignal<Option<ApiFailure>>,
    /// Whether the question of deleting is open.
    pub deleting: RwSignal<bool>,
    /// Whether the workspace is on its way out: nobody needs to ask for it again.
    pub going: StoredValue<bool>,
}

impl State {
    /// The page of what was loaded.
    pub fn new(page: SettingsPage, viewing: ViewSettings) -> Self {
        let default = page.default_role.clone();
        Self {
            here: Here::of_page(),
            name: Part::new(page.name.clone()),
            policy: Part::new(Policy::of(&page.policy)),
            role: Part::new(default.as_ref().map(|default| default.role)),
            roles: RwSignal::new(default.map(|default| default.options).unwrap_or_default()),
            viewing: Part::new(viewing.policy),
            viewing_blocked: RwSignal::new(viewing.blocked),
            blocked: RwSignal::new(page.blocked.clone()),
            deletion: RwSignal::new(page.deletion.clone()),
            facts: StoredValue::new(page),
            failed: RwSignal::new(None),
            deleting: RwSignal::new(false),
            going: StoredValue::new(false),
        }
    }

    /// Takes in what is kept by now.
    pub fn receive(self, page: SettingsPage, viewing: ViewSettings) {
        let (role, roles) = page
            .default_role
            .map_or((None, Vec::new()), |d| (Some(d.role), d.options));
        // The choices first: the chosen one has to be among them.
        if self.roles.try_with_untracked(|known| *known != roles) == Some(true) {
            self.roles.set(roles);
        }
        self.name.receive(page.name);
        self.policy.receive(Policy::of(&page.policy));
        self.role.receive(role);
        self.viewing.receive(viewing.policy);
        let _ = self.viewing_blocked.try_set(viewing.blocked);
        let _ = self.blocked.try_set(page.blocked);
        let _ = self.deletion.try_set(page.deletion);
        let _ = self.failed.try_set(None);
    }

    /// The name of the workspace as it is kept.
    pub fn stored_name(self) -> String {
        self.name.stored()
    }

    /// Whether something on the page is not saved.
    pub fn dirty(self) -> Signal<bool> {
        let settings = move || self.name.dirty() || self.policy.dirty() || self.role.dirty();
        Memo::new(move |_| settings() || self.viewing.dirty()).into()
    }

    /// Whether the workspace is being deleted from here.
    pub fn under_way(self) -> bool {
        self.going.try_get_value().unwrap_or(true)
    }
}
