//! Asking again for the password before what is dangerous (rule 8), wherever in the console that is.
//!
//! A page runs its order through [`Confirm::run`]. When the server wants a fresh proof, the dialog
//! opens above whatever is open, and the order goes out again after it; nothing typed is lost.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use rolecall_shared::ErrorCode;

use super::{
    button::ActionButton,
    icon::{Glyph, icon},
    modal::Modal,
    problem::alert,
};
use crate::{api::account::confirm_identity, error::ApiFailure};

/// The one dialog of the page.
#[derive(Clone, Copy)]
pub struct Confirm {
    open: RwSignal<bool>,
}

thread_local! {
    /// What the order that waits goes on with. Not in the arena: what comes from the browser must not
    /// be dropped by another thread, and the server has many.
    static WAITING: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Makes a place for the question. Once, at the root.
pub fn provide() {
    provide_context(Confirm {
        open: RwSignal::new(false),
    });
}

impl Confirm {
    /// The one at the root. To be called while a view is made, not in an event handler.
    pub fn of_page() -> Self {
        expect_context()
    }

    /// Runs an order; where the server asks for a fresh proof, asks the person and runs it again.
    /// Whoever cancels gets the server's refusal, and nothing was changed.
    pub async fn run<T>(
        self,
        order: impl AsyncFn() -> Result<T, ApiFailure>,
    ) -> Result<T, ApiFailure> {
        match order().await {
            Err(failure) if failure.0.code == ErrorCode::ConfirmFirst => {
                if self.ask().await {
                    order().await
                } else {
                    Err(failure)
                }
            }
            answer => answer,
        }
    }

    /// Whether the person proved who they are. An earlier question is answered with no.
    async fn ask(self) -> bool {
        answer(false);
        let asked = Promise::new(&mut |resolve, _| {
            WAITING.with(|waiting| waiting.replace(Some(resolve)));
        });
        self.open.set(true);
        JsFuture::from(asked)
            .await
            .is_ok_and(|proven| proven.is_truthy())
    }
}

/// Lets the order that waits go on, or end.
fn answer(proven: bool) {
    if let Some(resolve) = WAITING.with(RefCell::take) {
        let _ = resolve.call1(&JsValue::NULL, &JsValue::from_bool(proven));
    }
}

/// Where the dialog appears; its code is fetched when it is first asked for.
#[component]
pub fn Place() -> impl IntoView {
    let confirm = Confirm::of_page();
    let ever =
        Memo::new(move |before: Option<&bool>| before.is_some_and(|b| *b) || confirm.open.get());
    view! { {move || ever.get().then(|| Suspend::new(draw_confirmation(confirm)))} }.into_any()
}

#[lazy]
fn draw_confirmation(confirm: Confirm) -> AnyView {
    view! { <Dialog confirm/> }.into_any()
}

#[component]
fn Dialog(confirm: Confirm) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<ApiFailure>);
    let busy = RwSignal::new(false);
    // Closed in whatever way: the order that waits has its answer, and no password stays in the page.
    Effect::new(move |_| {
        if !confirm.open.get() {
            answer(false);
            password.set(String::new());
            failed.set(None);
        }
    });
    let send = move || {
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            match confirm_identity(password.get_untracked()).await {
                Ok(()) => {
                    answer(true);
                    confirm.open.set(false);
                }
                Err(failure) => failed.set(Some(failure)),
            }
            busy.set(false);
        });
    };
    let empty = Signal::derive(move || {
        password
            .with(String::is_empty)
            .then(|| "Enter your password first.".to_owned())
    });
    view! {
        <Modal
            id="confirm"
            size="sm"
            open=confirm.open
            title="Confirm that it is you"
            lead=Signal::stored(Some(
                "This needs a fresh proof. It then holds for a quarter of an hour in this browser.".to_owned(),
            ))
        >
            <form on:submit=move |event: ev::SubmitEvent| {
                event.prevent_default();
                if empty.with_untracked(Option::is_none) && !busy.get_untracked() {
                    send();
                }
            }>
                <section>
                    {move || failed.get().filter(|f| f.0.for_field("password").is_none()).map(|f| alert(&f.0))}
                    {field(password, failed)}
                </section>
                <footer>
                    <button
                        type="button" class="btn" data-variant="outline"
                        on:click=move |_| confirm.open.set(false)
                    >
                        "Cancel"
                    </button>
                    <ActionButton label="Confirm" busy blocked=empty action=send/>
                </footer>
            </form>
        </Modal>
    }
    .into_any()
}

fn field(password: RwSignal<String>, failed: RwSignal<Option<ApiFailure>>) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let wrong = move || {
        failed.with(|failed| {
            failed
                .as_ref()
                .and_then(|f| f.0.for_field("password").map(str::to_owned))
        })
    };
    // A wrong password is typed again at once.
    Effect::new(move |_| {
        if let (true, Some(input)) = (failed.with(Option::is_some), input.get()) {
            input.select();
        }
    });
    view! {
        <div class="field">
            <label for="confirm-password">"Password"</label>
            <input
                id="confirm-password" class="input" type="password" autocomplete="current-password"
                node_ref=input
                aria-describedby="confirm-password-error"
                aria-invalid=move || wrong().is_some().then_some("true")
                prop:value=move || password.get()
                on:input=move |event: ev::Event| password.set(event_target_value(&event))
            />
            {move || wrong().map(|message| view! {
                <p class="rc-error" id="confirm-password-error">{icon(Glyph::Triangle)}{message}</p>
            })}
        </div>
    }
    .into_any()
}
