//! The state of the override dialog. It lives outside of the dialog and of the list, so that neither
//! news nor a conflict loses what was chosen.

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::{
    ErrorCode, MemberId, ProjectId, Timestamp,
    access::{ChangeRequest, GrantView, OverrideView},
    catalogue::PermissionSet,
    project::{OverrideDraft, OverrideEditor, OverrideEffect, ProjectMember},
};

use super::super::OfProject;
use crate::{
    api::projects::{load_override, remove_override, set_override},
    components::{date::EndDate, toast::Toasts},
    error::ApiFailure,
    here::Here,
    pages::projects::form::Sending,
};

/// The steps of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What holds here, and until when.
    Choose,
    /// What saving would do.
    Save,
    /// What removing would do.
    Remove,
}

/// What somebody else did in the meantime.
#[derive(Clone)]
pub enum Meanwhile {
    /// There is another override now.
    Set(OverrideView),
    /// There is none any more.
    Removed,
}

/// Where the dialog stands.
#[derive(Clone, Copy)]
struct Around {
    here: Here,
    of: OfProject,
    toasts: Toasts,
}

/// What is being done with whose override.
#[derive(Clone, Copy)]
pub struct Editing {
    /// Whether the dialog is open.
    pub open: RwSignal<bool>,
    /// Where it is.
    pub step: RwSignal<Step>,
    /// Whose it is.
    pub row: RwSignal<Option<ProjectMember>>,
    /// What the server said when the dialog opened, or after a conflict.
    pub loaded: RwSignal<Option<Result<OverrideEditor, ApiFailure>>>,
    /// What is chosen.
    pub set: RwSignal<PermissionSet>,
    /// Until when.
    pub end: EndDate,
    /// What happened to it while somebody was choosing.
    pub theirs: RwSignal<Option<Meanwhile>>,
    /// Why the preview does not let it be done.
    pub refused: RwSignal<Option<String>>,
    /// Where saving or removing is.
    pub sending: Sending,
    began: RwSignal<(PermissionSet, Option<Timestamp>)>,
    first: RwSignal<Step>,
    around: StoredValue<Around>,
}

impl Editing {
    /// Closed. Called where the page is.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            step: RwSignal::new(Step::Choose),
            row: RwSignal::new(None),
            loaded: RwSignal::new(None),
            set: RwSignal::new(PermissionSet::EMPTY),
            end: EndDate::new(None),
            theirs: RwSignal::new(None),
            refused: RwSignal::new(None),
            sending: Sending::new(),
            began: RwSignal::new((PermissionSet::EMPTY, None)),
            first: RwSignal::new(Step::Choose),
            around: StoredValue::new(Around {
                here: Here::of_page(),
                of: OfProject::of_page(),
                toasts: Toasts::of_page(),
            }),
        }
    }

    /// Opens the dialog for a member, at its first step or at the question before removing.
    pub fn begin(self, member: &ProjectMember, step: Step) {
        self.row.set(Some(member.clone()));
        self.first.set(step);
        self.step.set(step);
        self.loaded.set(None);
        self.theirs.set(None);
        self.refused.set(None);
        self.sending.forget();
        self.open.set(true);
        let Some((slug, project, member)) = self.place() else {
            return;
        };
        spawn_local(async move {
            let answer = load_override(slug, project, member).await;
            self.show(member, answer);
        });
    }

    /// Takes in an answer, unless the page is gone or the dialog is about somebody else by now.
    fn show(self, asked: MemberId, answer: Result<OverrideEditor, ApiFailure>) {
        if self.place().is_none_or(|(_, _, member)| member != asked) {
            return;
        }
        if let Ok(editor) = &answer {
            let catalogue = &editor.catalogue;
            let ended = self.row.with_untracked(|row| {
                row.as_ref()
                    .is_some_and(|row| row.effect == Some(OverrideEffect::Ended))
            });
            let (set, end) = match &editor.current {
                Some(over) => (
                    catalogue.stored(&over.grant.permissions),
                    // An end that is over would be refused; whoever saves again chooses another.
                    over.grant.expires_at.filter(|_| !ended),
                ),
                None => (catalogue.stored(&editor.base), None),
            };
            self.set.set(set);
            self.end.set(end);
            self.began.set((set, end));
        }
        self.loaded.set(Some(answer));
    }

    fn place(self) -> Option<(String, ProjectId, MemberId)> {
        let member = self
            .row
            .try_with_untracked(|row| row.as_ref().map(|row| row.id))??;
        let Around { here, of, .. } = self.around.try_get_value()?;
        let project = of.id.try_get_untracked()??;
        Some((here.slug.try_get_untracked()?, project, member))
    }

    /// The name of the one it is about.
    pub fn name(self) -> String {
        self.row
            .with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default())
    }

    /// Whether something would be lost by closing.
    pub fn changed(self) -> bool {
        self.began.get() != (self.set.get(), self.end.at.get())
    }

    /// What saving would send.
    fn grant(self) -> Option<GrantView> {
        let names = self.loaded.with_untracked(|loaded| {
            let editor = loaded.as_ref()?.as_ref().ok()?;
            Some(editor.catalogue.names(self.set.get_untracked()))
        })?;
        Some(GrantView {
            permissions: names,
            expires_at: self.end.at.get_untracked(),
        })
    }

    /// The change that the preview is about.
    pub fn change(self) -> Option<ChangeRequest> {
        let (_, project, member) = self.place()?;
        Some(match self.step.get_untracked() {
            Step::Remove => ChangeRequest::RemoveOverride { member, project },
            Step::Choose | Step::Save => ChangeRequest::SetOverride {
                member,
                project,
                grant: self.grant()?,
            },
        })
    }

    /// One step back, or away where the dialog began with the question.
    pub fn back(self) {
        self.sending.forget();
        if self.first.get_untracked() == Step::Choose {
            self.step.set(Step::Choose);
        } else {
            self.open.set(false);
        }
    }

    fn version(self) -> Option<i64> {
        self.loaded.with_untracked(|loaded| {
            let editor = loaded.as_ref()?.as_ref().ok()?;
            Some(editor.current.as_ref()?.version)
        })
    }

    /// Saves what is chosen.
    pub fn save(self) {
        let (Some((slug, project, member)), Some(grant)) = (self.place(), self.grant()) else {
            return;
        };
        let draft = OverrideDraft {
            grant,
            version: self.version(),
        };
        self.sending.start();
        spawn_local(async move {
            let answer = set_override(slug, project, member, draft).await;
            let done = |name: &str| format!("What {name} may do in this project is replaced.");
            self.finish(answer.map(|_| ()), done).await;
        });
    }

    /// Removes the override.
    pub fn remove(self) {
        let (Some((slug, project, member)), Some(version)) = (self.place(), self.version()) else {
            return;
        };
        self.sending.start();
        spawn_local(async move {
            let answer = remove_override(slug, project, member, version).await;
            let done = |name: &str| format!("{name} has the same here as elsewhere again.");
            self.finish(answer, done).await;
        });
    }

    async fn finish(self, answer: Result<(), ApiFailure>, done: impl FnOnce(&str) -> String) {
        // The page may be gone by now.
        let Some(Around { here, toasts, .. }) = self.around.try_get_value() else {
            return;
        };
        match answer {
            Ok(()) => {
                let name = self
                    .row
                    .try_with_untracked(|row| row.as_ref().map(|row| row.name.clone()));
                toasts.done(done(&name.flatten().unwrap_or_default()));
                let _ = self.open.try_set(false);
                self.sending.end();
            }
            Err(failure) => {
                // What is saved now says more than that it changed.
                if failure.0.code == ErrorCode::Conflict && self.look_again().await {
                    self.sending.end();
                } else {
                    self.sending.fail(failure);
                }
            }
        }
        here.live.access_changed();
        // How many overrides there are stands in the tab.
        here.live.projects_changed();
    }

    /// After a conflict: what is saved now is shown, what was chosen stays, and saving again replaces
    /// it. Whether that worked.
    async fn look_again(self) -> bool {
        let Some((slug, project, member)) = self.place() else {
            return false;
        };
        let Ok(editor) = load_override(slug, project, member).await else {
            return false;
        };
        let theirs = editor.current.clone();
        let theirs = theirs.map_or(Meanwhile::Removed, Meanwhile::Set);
        let _ = self.theirs.try_set(Some(theirs));
        let _ = self.first.try_set(Step::Choose);
        let _ = self.step.try_set(Step::Choose);
        let _ = self.loaded.try_set(Some(Ok(editor)));
        true
    }
}
