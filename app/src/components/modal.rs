//! Dialogs: native and modal, so that the browser keeps the focus inside and gives it back.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    button::filled,
    icon::{Glyph, icon},
};

/// A dialog that is open while `open` is true. Its content exists only then.
#[component]
pub fn Modal(
    /// Unique on the page; its heading is `{id}-title`.
    id: &'static str,
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] lead: Signal<Option<String>>,
    #[prop(optional)] size: &'static str,
    /// Asked when somebody wants to close it (Escape, the cross, beside it); it closes at once
    /// without this.
    #[prop(optional, into)]
    ask: Option<Callback<()>>,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let want_close = move || match ask {
        Some(ask) => ask.run(()),
        None => open.set(false),
    };
    // Whether it is open for the browser. A `close` that comes late, after it was opened again, is
    // about the time before.
    let shown = StoredValue::new(false);
    Effect::new(move |_| {
        let open = open.get();
        let Some(dialog) = dialog.get() else { return };
        if !open {
            shown.set_value(false);
            dialog.close();
        } else if !dialog.open() {
            // After the content is there, so that the focus goes to its first field.
            queue_microtask(move || {
                if !dialog.open() && dialog.show_modal().is_ok() {
                    let _ = shown.try_set_value(true);
                }
            });
        }
    });
    let beside = move |event: ev::MouseEvent| {
        let on_backdrop = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|element| element.id() == id);
        if on_backdrop {
            event.prevent_default();
            want_close();
        }
    };
    let children = StoredValue::new(children);
    view! {
        <dialog
            id=id
            class="dialog"
            data-size=filled(size)
            aria-labelledby=format!("{id}-title")
            node_ref=dialog
            on:mousedown=beside
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                want_close();
            }
            on:close=move |_| {
                if shown.get_value() {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>
                <div>
                    <header>
                        <h2 id=format!("{id}-title")>{move || title.get()}</h2>
                        {move || lead.get().map(|lead| view! { <p>{lead}</p> })}
                    </header>
                    {children.with_value(|children| children())}
                    <button
                        type="button"
                        class="btn rc-dialog-close"
                        data-variant="ghost"
                        data-size="icon-sm"
                        aria-label="Close"
                        on:click=move |_| want_close()
                    >
                        {icon(Glyph::X)}
                    </button>
                </div>
            </Show>
        </dialog>
    }
    .into_any()
}
