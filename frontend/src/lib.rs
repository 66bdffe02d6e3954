//! The WebAssembly entry: brings the page that the server rendered to life.

/// Called by the script that loads this module.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(rolecall_app::App);
}
