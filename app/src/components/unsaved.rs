//! Asks before a page with unsaved changes is left: by a link, by the back button, by closing the tab.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, EventTarget, MouseEvent};

use super::{button::ActionButton, modal::Modal};

/// Where somebody wanted to go.
#[derive(Clone)]
enum Way {
    /// A link inside the console.
    Link(String),
    /// An entry of the history, by the key that the browser gave it.
    History(String),
}

#[derive(Clone, Copy)]
struct Guard {
    dirty: Signal<bool>,
    /// Where to, while the question is open.
    way: RwSignal<Option<Way>>,
    asking: RwSignal<bool>,
    /// The answer was to leave: nothing is held up any more.
    leaving: StoredValue<bool>,
}

impl Guard {
    fn holds(self) -> bool {
        self.dirty.try_get_untracked() == Some(true) && self.leaving.try_get_value() == Some(false)
    }

    fn ask(self, way: Way) {
        self.way.set(Some(way));
        self.asking.set(true);
    }
}

/// While `dirty`, asks before the page is left. Once on a page, outside of what is fetched again.
#[component]
pub fn Unsaved(#[prop(into)] dirty: Signal<bool>) -> impl IntoView {
    let guard = Guard {
        dirty,
        way: RwSignal::new(None),
        asking: RwSignal::new(false),
        leaving: StoredValue::new(false),
    };
    Effect::new(move |_| {
        if !dirty.get() {
            guard.leaving.set_value(false);
        }
    });
    Effect::new(move |_| watch(guard));
    let navigate = use_navigate();
    let leave = move || {
        guard.leaving.set_value(true);
        guard.asking.set(false);
        match guard.way.get_untracked() {
            Some(Way::Link(href)) => navigate(&href, NavigateOptions::default()),
            Some(Way::History(key)) => travel(&key),
            None => {}
        }
    };
    let leave = Callback::new(move |()| leave());
    view! {
        <Modal id="unsaved" size="sm" open=guard.asking title="Leave without saving?">
            <section><p>"Your changes on this page are not saved. Leaving throws them away."</p></section>
            <footer>
                <button
                    type="button"
                    class="btn"
                    data-variant="outline"
                    on:click=move |_| guard.asking.set(false)
                >
                    "Stay here"
                </button>
                <ActionButton label="Leave without saving" variant="destructive" action=leave/>
            </footer>
        </Modal>
    }
    .into_any()
}

/// Listens for as long as the page is there. Only in the browser.
fn watch(guard: Guard) {
    let closing = window_event_listener_untyped("beforeunload", move |event| {
        if guard.holds() {
            event.prevent_default();
        }
    });
    // Before the router hears of it, which listens on the window when the click has come up there.
    let clicked = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        if guard.holds()
            && let Some(href) = followed(&event)
        {
            event.prevent_default();
            event.stop_propagation();
            guard.ask(Way::Link(href));
        }
    });
    let travelled = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if guard.holds()
            && event.cancelable()
            && let Some(key) = traversal(&event)
        {
            event.prevent_default();
            guard.ask(Way::History(key));
        }
    });
    let document: EventTarget = document().into();
    let _ = document.add_event_listener_with_callback_and_bool(
        "click",
        clicked.as_ref().unchecked_ref(),
        true,
    );
    let navigation = navigation();
    if let Some(navigation) = &navigation {
        let _ = navigation
            .add_event_listener_with_callback("navigate", travelled.as_ref().unchecked_ref());
    }
    let held = StoredValue::new_local((document, navigation, clicked, travelled));
    on_cleanup(move || {
        closing.remove();
        held.try_with_value(|(document, navigation, clicked, travelled)| {
            let _ = document.remove_event_listener_with_callback_and_bool(
                "click",
                clicked.as_ref().unchecked_ref(),
                true,
            );
            if let Some(navigation) = navigation {
                let _ = navigation.remove_event_listener_with_callback(
                    "navigate",
                    travelled.as_ref().unchecked_ref(),
                );
            }
        });
    });
}

/// The address of a link that the router would follow within the console, if the click is on one.
fn followed(event: &MouseEvent) -> Option<String> {
    let plain = event.button() == 0
        && !event.meta_key()
        && !event.ctrl_key()
        && !event.shift_key()
        && !event.alt_key();
    let target: Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]").ok()??;
    let href = link.get_attribute("href")?;
    // What leaves the console is asked about by the browser itself.
    let inside = href.starts_with('/') || href.starts_with('?');
    let own = ["target", "download"]
        .iter()
        .any(|name| link.has_attribute(name))
        || link
            .get_attribute("rel")
            .is_some_and(|rel| rel.contains("external"));
    (plain && inside && !own).then_some(href)
}

/// The browser's Navigation API, where it has one. Without it, the back button is not held up.
fn navigation() -> Option<EventTarget> {
    get(&window(), "navigation")?.dyn_into().ok()
}

/// The history entry that a navigation goes back or forward to.
fn traversal(event: &web_sys::Event) -> Option<String> {
    let kind = get(event, "navigationType")?.as_string()?;
    let key = get(&get(event, "destination")?, "key")?.as_string()?;
    (kind == "traverse").then_some(key)
}

fn travel(key: &str) {
    let Some(navigation) = navigation() else {
        return;
    };
    let travel = get(&navigation, "traverseTo").and_then(|f| f.dyn_into::<js_sys::Function>().ok());
    if let Some(travel) = travel {
        let _ = travel.call1(&navigation, &JsValue::from_str(key));
    }
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(object, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}
