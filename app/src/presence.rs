//! Whether somebody is at the page. What a page asks by itself, because the server told it of news,
//! is no use of the session: a forgotten tab must not keep it alive (rule 4).

use std::cell::Cell;

use leptos::{
    prelude::*,
    server_fn::{
        Bytes,
        client::{Client, browser::BrowserClient},
        error::FromServerFnError,
        request::browser::BrowserRequest,
        response::browser::BrowserResponse,
    },
};
use wasm_bindgen::{JsCast, closure::Closure};

/// Says that nobody asked for this. The server believes it of functions that only read; who forges
/// it shortens nothing but their own session.
pub const HEADER: &str = "x-rolecall-unattended";

thread_local! {
    static ATTENDED: Cell<bool> = const { Cell::new(true) };
}

/// What people do that reaches a page. `click` is also what assistive technology sends alone.
const ACTS: [&str; 5] = ["pointerdown", "keydown", "click", "input", "popstate"];

/// What is asked from here on, until somebody does something, is asked by the page itself.
pub fn nobody_asked() {
    ATTENDED.set(false);
}

/// Somebody has come to look.
pub fn somebody_came() {
    ATTENDED.set(true);
}

/// Notices people for as long as the frame is there. Only in the browser.
pub fn notice() {
    Effect::new(|_| {
        let acted = Closure::<dyn Fn()>::new(somebody_came);
        for act in ACTS {
            // Before any handler of the page, which may ask at once.
            let _ = window().add_event_listener_with_callback_and_bool(
                act,
                acted.as_ref().unchecked_ref(),
                true,
            );
        }
        let held = StoredValue::new_local(acted);
        on_cleanup(move || {
            held.try_with_value(|acted| {
                for act in ACTS {
                    let _ = window().remove_event_listener_with_callback_and_bool(
                        act,
                        acted.as_ref().unchecked_ref(),
                        true,
                    );
                }
            });
        });
    });
}

/// How functions that only read are asked: with [`HEADER`] when nobody is at the page.
pub struct Reading;

impl<E, I, O> Client<E, I, O> for Reading
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        if !ATTENDED.get() {
            request.headers().set(HEADER, "1");
        }
        <BrowserClient as Client<E, I, O>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl futures::Sink<Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
