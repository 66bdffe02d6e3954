//! One part of the settings that is saved by itself: what is in its fields, what they began with, and
//! what is kept now, so that two people never overwrite each other without seeing it.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local};
use rolecall_shared::ErrorCode;

use crate::{
    components::{
        button::ActionButton,
        icon::{Glyph, icon},
        toast::Toasts,
    },
    error::ApiFailure,
    here::Here,
    pages::projects::form::Sending,
};

/// What can be in the fields of a part.
pub trait Content: Clone + PartialEq + Send + Sync + 'static {}
impl<T: Clone + PartialEq + Send + Sync + 'static> Content for T {}

/// A part of the page.
pub struct Part<T: Content> {
    /// What is in the fields.
    pub draft: RwSignal<T>,
    /// What the person has seen kept: saving replaces only this.
    began: RwSignal<T>,
    /// What is kept by the last answer.
    stored: RwSignal<T>,
    /// Where its saving is.
    pub sending: Sending,
    here: Here,
    toasts: Toasts,
}

#[expect(
    clippy::expl_impl_clone_on_copy,
    reason = "a derived one would only be there for content that is Copy"
)]
impl<T: Content> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Content> Copy for Part<T> {}

impl<T: Content> Part<T> {
    /// Fields that hold what is kept.
    pub fn new(kept: T) -> Self {
        Self {
            draft: RwSignal::new(kept.clone()),
            began: RwSignal::new(kept.clone()),
            stored: RwSignal::new(kept),
            sending: Sending::new(),
            here: Here::of_page(),
            toasts: Toasts::of_page(),
        }
    }

    /// What is kept by the last answer.
    pub fn stored(self) -> T {
        self.stored.get()
    }

    /// Whether something in the fields is not saved.
    pub fn dirty(self) -> bool {
        self.draft
            .with(|draft| self.began.with(|began| draft != began))
    }

    /// Whether somebody else saved something else meanwhile.
    pub fn overtaken(self) -> bool {
        self.stored
            .with(|stored| self.began.with(|began| stored != began))
    }

    /// Takes in what is kept by now. Fields that were changed here stay as they are.
    pub fn receive(self, kept: T) {
        let untouched = !untrack(|| self.dirty());
        let same = self.draft.with_untracked(|draft| *draft == kept);
        if untouched || same {
            set_new(self.began, kept.clone());
            set_new(self.draft, kept.clone());
        }
        set_new(self.stored, kept);
    }

    /// Throws away what was changed here.
    fn take_theirs(self) {
        let theirs = self.stored.get_untracked();
        self.sending.forget();
        self.draft.set(theirs.clone());
        self.began.set(theirs);
    }

    /// Keeps what was changed here; saving replaces theirs, which was seen now.
    fn keep_mine(self) {
        self.sending.forget();
        self.began.set(self.stored.get_untracked());
    }

    /// Sends what began and what is wanted instead. `said` is the message when it is kept.
    pub fn save<Fut>(self, said: &'static str, send: impl FnOnce(T, T) -> Fut + 'static)
    where
        Fut: Future<Output = Result<T, ApiFailure>> + 'static,
    {
        let Self { here, toasts, .. } = self;
        let (began, draft) = (self.began.get_untracked(), self.draft.get_untracked());
        self.sending.start();
        spawn_local(async move {
            match send(began, draft.clone()).await {
                Ok(kept) => {
                    toasts.done(said);
                    self.kept(&draft, kept);
                }
                Err(failure) => {
                    // What they saved comes with the answer to this.
                    let overtaken = failure.0.code == ErrorCode::Conflict;
                    self.sending.fail(failure);
                    if !overtaken {
                        return;
                    }
                }
            }
            here.live.settings_changed();
        });
    }

    /// Notes that `sent` is saved as `kept`. What was typed meanwhile stays.
    fn kept(self, sent: &T, kept: T) {
        if self.draft.try_with_untracked(|draft| draft == sent) == Some(true) {
            self.draft.set(kept.clone());
        }
        let _ = self.began.try_set(kept.clone());
        let _ = self.stored.try_set(kept);
        self.sending.end();
    }

    /// What somebody else saved meanwhile, and the choice what to do with it. `words` says it.
    pub fn notice(self, words: impl Fn(T) -> String + Send + Sync + Clone + 'static) -> AnyView {
        let notice = move || {
            let words = words.clone();
            view! {
                <div class="alert" data-variant="warning" role="alert">
                    {icon(Glyph::Triangle)}
                    <strong>"Somebody else changed this meanwhile"</strong>
                    <div>
                        <p>{move || words(self.stored())}</p>
                        <div class="rc-actions">
                            <button
                                type="button" class="btn" data-variant="outline" data-size="sm"
                                on:click=move |_| self.take_theirs()
                            >
                                "Take theirs"
                            </button>
                            <button
                                type="button" class="btn" data-variant="outline" data-size="sm"
                                on:click=move |_| self.keep_mine()
                            >
                                "Keep mine"
                            </button>
                        </div>
                    </div>
                </div>
            }
        };
        view! { {move || self.overtaken().then(&notice)} }.into_any()
    }

    /// The button that saves, with why it has to wait.
    pub fn button(
        self,
        label: &'static str,
        blocked: RwSignal<Option<String>>,
        save: impl Fn() + Send + Sync + 'static,
    ) -> AnyView {
        let waiting = Signal::derive(move || {
            if let Some(why) = blocked.get() {
                return Some(why);
            }
            if self.overtaken() {
                return Some("Choose first whether to take theirs or to keep yours.".to_owned());
            }
            (!self.dirty()).then(|| "Nothing is changed yet.".to_owned())
        });
        view! {
            <div class="rc-actions">
                <ActionButton label busy=self.sending.busy blocked=waiting action=save/>
            </div>
        }
        .into_any()
    }

    /// What was refused and is said neither beside one of these fields nor by the notice.
    pub fn alert(self, fields: &'static [&'static str]) -> AnyView {
        let refused = self.sending.alert(fields);
        view! { {move || (!self.overtaken()).then(&refused)} }.into_any()
    }
}

/// Sets what differs, so that nothing is drawn again for the same.
fn set_new<T: Content>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}
