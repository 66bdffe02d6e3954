//! What the page of a group holds beside what is fetched: it outlives news from the server.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use rolecall_shared::{
    ErrorCode, GroupId,
    access::{ChangeRequest, PreviewView},
    catalogue::PermissionSet,
    group::{GroupCard, GroupEditor},
};

use super::{
    delete::Deleting,
    draft::{Draft, Saved},
    load,
};
use crate::{
    api::groups::{create_group, update_group},
    components::toast::Toasts,
    error::ApiFailure,
    here::Here,
    paths,
};

/// What the address asks for: a group, or a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The group; `None`: a new one.
    pub group: Option<GroupId>,
    /// An address that names no group: there is no such page.
    pub broken: bool,
}

/// The page.
#[derive(Clone, Copy)]
pub struct GroupState {
    here: StoredValue<Here>,
    pub wanted: Memo<Wanted>,
    draft: StoredValue<Draft>,
    /// The group as it was last heard of; `None`: it is a new one.
    pub card: RwSignal<Option<GroupCard>>,
    pub grantable: RwSignal<PermissionSet>,
    /// Why it can only be looked at.
    pub blocked: RwSignal<Option<String>>,
    /// Why it is not there any more.
    pub lost: RwSignal<Option<ApiFailure>>,
    pub deleting: Deleting,
    pub previewing: RwSignal<bool>,
    /// The answer of the last preview, and what it was about.
    pub answer: RwSignal<Option<PreviewView>>,
    pub previewed: RwSignal<PermissionSet>,
    toasts: Toasts,
}

impl GroupState {
    /// Nothing is there yet.
    pub fn new(wanted: Memo<Wanted>) -> Self {
        Self {
            here: StoredValue::new(Here::of_page()),
            wanted,
            draft: StoredValue::new(Draft::new()),
            card: RwSignal::new(None),
            grantable: RwSignal::new(PermissionSet::EMPTY),
            blocked: RwSignal::new(None),
            lost: RwSignal::new(None),
            deleting: Deleting::new(),
            previewing: RwSignal::new(false),
            answer: RwSignal::new(None),
            previewed: RwSignal::new(PermissionSet::EMPTY),
            toasts: Toasts::of_page(),
        }
    }

    /// Where the page is.
    pub fn here(self) -> Here {
        self.here.get_value()
    }

    /// What is typed and chosen.
    pub fn draft(self) -> Draft {
        self.draft.get_value()
    }

    /// Takes in the group of a page that was just opened.
    pub fn show(self, editor: GroupEditor) {
        self.draft().show(&editor);
        self.around(editor);
    }

    /// Takes in the group as it is now, while somebody may be editing it.
    pub fn news(self, editor: GroupEditor) {
        self.draft().news(Saved::of(&editor));
        self.around(editor);
    }

    fn around(self, editor: GroupEditor) {
        self.grantable
            .set(editor.catalogue.stored(&editor.grantable));
        self.blocked.set(editor.blocked);
        self.card.set(editor.group);
        self.lost.set(None);
    }

    /// Asks for the group as it is now, without touching what is typed.
    pub async fn refresh(self) {
        let Some(wanted) = self.wanted.try_get_untracked() else {
            return;
        };
        let answer = load(self.here().slug.get_untracked(), wanted).await;
        // The page may show another group by now, or be gone.
        if self.wanted.try_get_untracked() != Some(wanted) {
            return;
        }
        match answer {
            Ok(editor) => self.news(editor),
            Err(failure) if failure.0.code == ErrorCode::NotFound => self.lost.set(Some(failure)),
            // A short loss of the network is told by the strip above.
            Err(_) => {}
        }
    }

    /// Whether something would be lost by leaving.
    pub fn dirty(self) -> bool {
        self.draft().dirty() && self.lost.with(Option::is_none)
    }

    /// The change of permissions, for the preview.
    pub fn change(self) -> Option<ChangeRequest> {
        let group = self
            .card
            .with_untracked(|card| card.as_ref().map(|card| card.id))?;
        Some(ChangeRequest::EditGroup {
            group,
            permissions: self.draft().order().permissions,
        })
    }

    /// Opens the preview.
    pub fn preview(self) {
        self.answer.set(None);
        self.previewed.set(self.draft().set.get_untracked());
        self.previewing.set(true);
    }

    /// Makes what saves it. Goes to the page of the group when it is a new one.
    pub fn saver(self) -> Callback<()> {
        let navigate = use_navigate();
        Callback::new(move |()| {
            let navigate = navigate.clone();
            let (here, draft) = (self.here(), self.draft());
            draft.failed.set(None);
            draft.busy.set(true);
            spawn_local(async move {
                let new = self.save().await;
                let _ = draft.busy.try_set(false);
                if let Some(id) = new {
                    let path = paths::group(&here.slug.get_untracked(), id);
                    navigate(&path, leptos_router::NavigateOptions::default());
                }
            });
        })
    }

    /// The id, when it is new.
    async fn save(self) -> Option<GroupId> {
        let (here, draft) = (self.here(), self.draft());
        let order = draft.order();
        let slug = here.slug.get_untracked();
        let id = self
            .card
            .with_untracked(|card| card.as_ref().map(|card| card.id));
        let answer = match id {
            None => create_group(slug, order.clone())
                .await
                .map(|id| (Some(id), 1)),
            Some(id) => {
                let version = draft.saved.with_untracked(|saved| saved.version);
                let saved = update_group(slug, id, version, order.clone()).await;
                saved.map(|version| (None, version))
            }
        };
        // The page can be gone by now; what was saved is told all the same.
        let here_still = self.wanted.try_get_untracked().is_some();
        match answer {
            Ok((new, version)) => {
                self.toasts.done(if new.is_some() {
                    format!("The group {} is there. Now add people to it.", order.name)
                } else {
                    format!("The group {} is saved.", order.name)
                });
                if here_still {
                    self.previewing.set(false);
                    draft.stored(&order, version);
                }
                here.live.access_changed();
                new.filter(|_| here_still)
            }
            Err(failure) => {
                if !here_still {
                    self.toasts.failed(&failure);
                    return None;
                }
                self.previewing.set(false);
                let faster = failure.0.code == ErrorCode::Conflict;
                draft.failed.set(Some(failure));
                if faster {
                    self.refresh().await;
                }
                None
            }
        }
    }
}
