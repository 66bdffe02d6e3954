//! Short messages about what was done, which go away by themselves; failures stay until closed.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Glyph, icon};
use crate::error::ApiFailure;

const STAY: Duration = Duration::from_secs(6);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    failed: bool,
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
        let id = self.add(text.into(), false);
        set_timeout(move || self.close(id), STAY);
    }

    /// Says what did not work and what to do.
    pub fn failed(self, failure: &ApiFailure) {
        let text = match &failure.0.request_id {
            Some(id) if failure.0.code.status() >= 500 => format!("{} Request {id}.", failure.0),
            _ => failure.0.message.clone(),
        };
        self.add(text, true);
    }

    fn add(self, text: String, failed: bool) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list
            .update(|list| list.push(Toast { id, text, failed }));
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
    view! {
        <div class="toast" data-variant=variant>
            <div class="toast-content">
                {icon(glyph)}
                <section>
                    <strong class="font-medium">{toast.text.clone()}</strong>
                </section>
                <button
                    type="button"
                    class="btn ms-auto"
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
