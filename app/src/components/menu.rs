//! The menu of a row or of the frame. It is a native popover: it opens, closes and gives the focus
//! back without script; script adds the arrow keys.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    icon::{Glyph, icon},
    markup::Markup,
};
use crate::browser;

/// A button with three dots, and its menu.
#[component]
pub fn RowMenu(
    /// Unique on the page.
    id: String,
    /// What the menu is about, such as "Actions for Ana Ruiz".
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn"
            data-variant="ghost"
            data-size="icon"
            aria-haspopup="menu"
            aria-label=label.clone()
            popovertarget=id.clone()
        >
            {icon(Glyph::Ellipsis)}
        </button>
        <MenuPanel id label align="end">{children()}</MenuPanel>
    }
    .into_any()
}

/// A button with three dots and the beginning of its menu, as text: its entries and `</div>` follow,
/// and what is around it listens with [`opened`] and [`arrows`].
pub fn written(into: Markup, id: &str, label: &str) -> Markup {
    into.tags(r#"<button type="button" class="btn" data-variant="ghost" data-size="icon" aria-haspopup="menu" aria-label=""#)
        .text(label)
        .tags(r#"" popovertarget=""#)
        .text(id)
        .tags(r#"">"#)
        .tags(Glyph::Ellipsis.html())
        .tags(r#"</button><div class="rc-menu" id=""#)
        .text(id)
        .tags(r#"" popover="auto" role="menu" aria-label=""#)
        .text(label)
        .tags(r#"" data-align="end">"#)
}

/// The part of a menu that opens; its button names it by `popovertarget`.
#[component]
pub fn MenuPanel(
    id: String,
    label: String,
    #[prop(optional)] align: &'static str,
    #[prop(optional)] side: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="rc-menu"
            id=id
            popover="auto"
            role="menu"
            aria-label=label
            data-align=super::button::filled(align)
            data-side=super::button::filled(side)
            on:toggle=opened
            on:keydown=arrows
        >
            {children()}
        </div>
    }
    .into_any()
}

/// One thing that can be done, or that says why it can not.
#[component]
pub fn MenuItem(
    /// The id of its menu, which closes when the thing is done.
    menu: String,
    glyph: Glyph,
    label: &'static str,
    #[prop(into)] action: Callback<()>,
    #[prop(default = None)] blocked: Option<String>,
    #[prop(optional)] danger: bool,
) -> impl IntoView {
    let allowed = blocked.is_none();
    view! {
        <button
            type="button"
            role="menuitem"
            tabindex="-1"
            data-variant=danger.then_some("destructive")
            aria-disabled=(!allowed).then_some("true")
            popovertarget=allowed.then_some(menu)
            popovertargetaction="hide"
            on:click=move |_| {
                if allowed {
                    action.run(());
                }
            }
        >
            {icon(glyph)}
            <span>
                {label}
                {blocked.map(|why| view! { <span class="rc-menu-why">{why}</span> })}
            </span>
        </button>
    }
    .into_any()
}

/// Closes an open menu or drawer.
pub fn close(id: &str) {
    if let Some(panel) = browser::find(&format!("#{id}:popover-open")) {
        let _ = panel.hide_popover();
    }
}

fn items(panel: &Element) -> Vec<HtmlElement> {
    let Ok(list) = panel.query_selector_all("[role^=menuitem]") else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into().ok())
        .collect()
}

fn panel_of(event: &web_sys::Event) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("[role=menu]").ok().flatten()
}

/// Gives the focus to the chosen entry of a menu that opened, or to its first.
pub fn opened(event: ev::Event) {
    let Some(panel) = panel_of(&event) else {
        return;
    };
    if panel.matches(":popover-open").is_ok_and(|open| open) {
        let items = items(&panel);
        let chosen = items
            .iter()
            .find(|i| i.get_attribute("aria-checked").as_deref() == Some("true"));
        if let Some(item) = chosen.or_else(|| items.first()) {
            let _ = item.focus();
        }
    }
}

/// Moves the focus inside of a menu.
pub fn arrows(event: ev::KeyboardEvent) {
    let Some(panel) = panel_of(&event) else {
        return;
    };
    let items = items(&panel);
    let here = document().active_element();
    let index = items
        .iter()
        .position(|item| here.as_ref().is_some_and(|h| h.is_same_node(Some(item))));
    let last = items.len().saturating_sub(1);
    let next = match event.key().as_str() {
        "ArrowDown" => index.map_or(0, |i| if i == last { 0 } else { i + 1 }),
        "ArrowUp" => index.map_or(last, |i| i.checked_sub(1).unwrap_or(last)),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(item) = items.get(next) {
        let _ = item.focus();
    }
}
