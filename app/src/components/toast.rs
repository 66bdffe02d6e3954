//! Short messages about what was done, which go away by themselves; failures stay until closed.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;

use super::icon::{Glyph, icon};
use crate::{browser, error::ApiFailure};

const STAY: Duration = Duration::from_secs(6);
/// How long a message stays that something can be done with.
const STAY_TO_ACT: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    failed: bool,
    act: Option<Act>,
}

/// What can be done with a message, such as "Undo".
#[derive(Clone)]
struct Act {
    label: &'static str,
    /// Not of any owner: it outlives the dialog that made it.
    run: Arc<dyn Fn() + Send + Sync>,
}

/// The messages that are on screen.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// Makes a place for messages. Once, at the root.
pub fn provide() {
    provide_context(Toasts {
        list: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    });
}

impl Toasts {
    /// The one at the root.
    pub fn of_page() -> Self {
        expect_context()
    }

    /// Says what was done.
    pub fn done(self, text: impl Into<String>) {
        let id = self.add(text.into(), false, None);
        set_timeout(move || self.close(id), STAY);
    }

    /// Says what was done, with a button for what can be done about it. It runs once.
    pub fn done_with(
        self,
        text: impl Into<String>,
        label: &'static str,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        let act = Act {
            label,
            run: Arc::new(run),
        };
        let id = self.add(text.into(), false, Some(act));
        self.close_unused(id);
    }

    /// Closes a message in a while, but not under the hand of somebody who is about to use it.
    fn close_unused(self, id: u32) {
        set_timeout(
            move || {
                if browser::find(&format!("#toast-{id}:is(:hover, :focus-within)")).is_some() {
                    self.close_unused(id);
                } else {
                    self.close(id);
                }
            },
            STAY_TO_ACT,
        );
    }

    /// Says what did not work and what to do.
    pub fn failed(self, failure: &ApiFailure) {
        let text = match &failure.0.request_id {
            Some(id) if failure.0.code.status() >= 500 => format!("{} Request {id}.", failure.0),
            _ => failure.0.message.clone(),
        };
        self.add(text, true, None);
    }

    fn add(self, text: String, failed: bool, act: Option<Act>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let toast = Toast {
            id,
            text,
            failed,
            act,
        };
        self.list.update(|list| list.push(toast));
        id
    }

    fn close(self, id: u32) {
        let _ = self
            .list
            .try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Where the messages appear.
#[component]
pub fn Toaster() -> impl IntoView {
    let toasts = Toasts::of_page();
    view! {
        <div class="toaster" role="status" aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                {one(toasts, &toast)}
            </For>
        </div>
    }
    .into_any()
}

fn one(toasts: Toasts, toast: &Toast) -> AnyView {
    let id = toast.id;
    let (variant, glyph) = if toast.failed {
        ("destructive", Glyph::Triangle)
    } else {
        ("success", Glyph::Check)
    };
    let act = toast.act.clone().map(|Act { label, run }| {
        view! {
            <button
                type="button"
                class="btn ms-auto"
                data-variant="outline"
                data-size="sm"
                on:click=move |_| {
                    toasts.close(id);
                    run();
                }
            >
                {label}
            </button>
        }
    });
    let beside = if act.is_some() { "btn" } else { "btn ms-auto" };
    view! {
        <div class="toast" id=format!("toast-{id}") data-variant=variant>
            <div class="toast-content">
                {icon(glyph)}
                <section>
                    <strong class="font-medium">{toast.text.clone()}</strong>
                </section>
                {act}
                <button
                    type="button"
                    class=beside
                    data-variant="ghost"
                    data-size="icon-sm"
                    aria-label="Close this message"
                    on:click=move |_| toasts.close(id)
                >
                    {icon(Glyph::X)}
                </button>
            </div>
        </div>
    }
    .into_any()
}
