//! What only a browser has: its clock, cookies, clipboard and focus. Called from event handlers and
//! effects, never while rendering.

use leptos::prelude::{document, window};
use rolecall_shared::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlInputElement};

/// The moment by the browser's clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds of any date fit an i64"
)]
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64 * 1_000)
}

/// 32 random hexadecimal digits, for idempotency keys. Works on plain http, where `randomUUID` is missing.
pub fn random_key() -> String {
    let mut bytes = [0_u8; 16];
    let drawn = window()
        .crypto()
        .is_ok_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !drawn {
        let clock = now().0.to_le_bytes();
        bytes[..8].copy_from_slice(&clock);
    }
    bytes
        .iter()
        .fold(String::with_capacity(32), |mut key, byte| {
            for digit in [byte >> 4, byte & 15] {
                key.extend(char::from_digit(u32::from(digit), 16));
            }
            key
        })
}

/// Puts a text on the clipboard; whether that worked. Over plain http there is no clipboard.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let there = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| clipboard.is_object());
    there
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

/// Sets a cookie for a year, or removes it when the value is empty.
pub fn set_cookie(name: &str, value: &str) {
    let age = if value.is_empty() { 0 } else { 31_536_000 };
    if let Some(document) = document().dyn_ref::<HtmlDocument>() {
        let _ = document.set_cookie(&format!(
            "{name}={value}; Path=/; Max-Age={age}; SameSite=Lax"
        ));
    }
}

/// Loads a page of ours from the server, in place of this one.
pub fn load(path: &str) {
    let _ = window().location().assign(path);
}

/// Loads this page again from the server.
pub fn reload() {
    let _ = window().location().reload();
}

/// Focuses the first element that the selector finds.
pub fn focus(selector: &str) {
    if let Some(element) = find(selector) {
        let _ = element.focus();
    }
}

/// Selects the text of the first input that the selector finds, so that it can be copied by hand.
pub fn select(selector: &str) {
    if let Some(input) = find(selector).and_then(|e| e.dyn_into::<HtmlInputElement>().ok()) {
        let _ = input.focus();
        input.select();
    }
}

/// The first element that the selector finds.
pub fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

/// Whether an event comes from something that takes typed text.
pub fn is_typing(event: &web_sys::Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
                || element.is_content_editable()
        })
}
