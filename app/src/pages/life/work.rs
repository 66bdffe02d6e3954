//! What every dialog about one person needs: where it is, whether it works, what went wrong.

use leptos::{prelude::*, task::spawn_local};

use super::Life;
use crate::{
    components::{confirm::Confirm, problem::alert, toast::Toasts},
    error::ApiFailure,
    here::Here,
};

/// One open dialog.
#[derive(Clone, Copy)]
pub struct Work {
    pub life: Life,
    pub here: Here,
    pub toasts: Toasts,
    confirm: Confirm,
    pub busy: RwSignal<bool>,
    pub failed: RwSignal<Option<ApiFailure>>,
}

impl Work {
    /// Idle.
    pub fn new(life: Life) -> Self {
        Self {
            life,
            here: Here::of_page(),
            toasts: Toasts::of_page(),
            confirm: Confirm::of_page(),
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
        }
    }

    /// The workspace's part of the address.
    pub fn slug(self) -> String {
        self.here.slug.get_untracked()
    }

    /// Gives an order, and again after a fresh proof where the server wants one. When it is carried out,
    /// the dialog closes and `done` says so; otherwise the dialog stays and says why not.
    pub fn run<T: 'static>(
        self,
        order: impl AsyncFn() -> Result<T, ApiFailure> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        self.busy.set(true);
        self.failed.set(None);
        spawn_local(async move {
            match self.confirm.run(order).await {
                Ok(answer) => {
                    let _ = self.life.open.try_set(false);
                    done(answer);
                }
                Err(failure) => {
                    let _ = self.failed.try_set(Some(failure));
                }
            }
            let _ = self.busy.try_set(false);
        });
    }

    /// Why the last order was refused, unless that stands beside the reason.
    pub fn problem(self) -> Option<AnyView> {
        let failure = self.failed.get()?;
        failure
            .0
            .for_field("reason")
            .is_none()
            .then(|| alert(&failure.0))
    }

    /// The button that does nothing.
    pub fn cancel(self) -> AnyView {
        view! {
            <button
                type="button" class="btn" data-variant="outline"
                on:click=move |_| self.life.open.set(false)
            >
                "Cancel"
            </button>
        }
        .into_any()
    }
}
