//! What a press in the list does. Its boxes and menus are text, so the table listens for them.

use leptos::{ev, prelude::*, task::spawn_local};
use rolecall_shared::member::MemberRow;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::row::MENU;
use crate::{
    browser,
    components::toast::Toasts,
    pages::life::{Deed, Life, Person, several::Selection},
};

/// The rows of the table that is on screen.
pub type Rows = StoredValue<Vec<MemberRow>>;

fn target(event: &web_sys::Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()
}

fn by_id(rows: Rows, id: &str) -> Option<MemberRow> {
    rows.with_value(|rows| rows.iter().find(|row| row.id.to_string() == id).cloned())
}

/// Carries out the chosen entry of a menu.
pub fn pressed(event: &ev::MouseEvent, rows: Rows, life: Life, toasts: Toasts) {
    let Some(deed) =
        target(event, "[data-deed]").and_then(|entry| entry.get_attribute("data-deed"))
    else {
        return;
    };
    let Some(member) =
        target(event, "[role=menu]").and_then(|menu| by_id(rows, menu.id().strip_prefix(MENU)?))
    else {
        return;
    };
    match deed.as_str() {
        "copy" => copy(member.email, toasts),
        "leave" => life.ask_to_leave(),
        "view" => life.ask(Deed::ViewAs, Person::from(&member)),
        "suspend" => life.ask(Deed::Suspend, Person::from(&member)),
        "reactivate" => life.ask(Deed::Reactivate, Person::from(&member)),
        _ => life.ask(Deed::Remove, Person::from(&member)),
    }
}

fn copy(email: String, toasts: Toasts) {
    spawn_local(async move {
        if browser::copy(&email).await {
            toasts.done(format!("Copied {email}."));
        } else {
            toasts.done(format!(
                "This browser does not let pages copy. The address is {email}."
            ));
        }
    });
}

/// Takes in a box that was ticked: one person's, or the one for the whole page.
pub fn ticked(event: &ev::Event, rows: Rows, selection: Selection) {
    let Some(input) =
        target(event, "[data-select]").and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let id = input.get_attribute("data-select").unwrap_or_default();
    if id.is_empty() {
        rows.with_value(|rows| selection.choose(rows, input.checked()));
    } else if let Some(member) = by_id(rows, &id) {
        selection.choose(&[member], input.checked());
    }
}

/// Lets the boxes show what is selected. The first time, what was ticked before the page was taken
/// over counts as selected.
pub fn show(rows: Rows, selection: Selection) {
    let Ok(boxes) = document().query_selector_all("input[data-select]") else {
        return;
    };
    let boxes: Vec<HtmlInputElement> = (0..boxes.length())
        .filter_map(|index| boxes.item(index)?.dyn_into().ok())
        .collect();
    let id = |input: &HtmlInputElement| input.get_attribute("data-select").unwrap_or_default();
    if !selection.taken_in.get_value() {
        selection.taken_in.set_value(true);
        let early: Vec<MemberRow> = boxes
            .iter()
            .filter(|input| input.checked())
            .filter_map(|input| by_id(rows, &id(input)))
            .filter(|member| !untrack(|| selection.has(member.id)))
            .collect();
        if !early.is_empty() {
            selection.choose(&early, true);
        }
    }
    let chosen: Vec<String> = selection
        .people
        .with_untracked(|people| people.iter().map(|one| one.id.to_string()).collect());
    let on = |input: &&HtmlInputElement| chosen.contains(&id(input));
    let people = boxes.iter().filter(|input| !id(input).is_empty());
    let (all, some) = (people.clone().count(), people.clone().filter(on).count());
    for input in people {
        input.set_checked(on(&input));
    }
    if let Some(head) = boxes.iter().find(|input| id(input).is_empty()) {
        head.set_checked(all > 0 && some == all);
        head.set_indeterminate(some > 0 && some < all);
    }
}
