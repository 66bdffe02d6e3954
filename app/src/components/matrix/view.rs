//! How a matrix is drawn, and which of its events mean what.

use leptos::{ev, prelude::*};
use rolecall_shared::permission::Action;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    Grid, Line, action_title,
    keys::{Spot, first, moved},
};
use crate::components::icon::{Glyph, icon};

/// The search, the grid, and the line that tells what a cell allows.
pub fn draw(grid: Grid, label: &'static str) -> AnyView {
    // One tab stop: where the focus was last, or the first spot when that is filtered away.
    let stop = Memo::new(move |_| {
        let at = grid.at.get();
        let there = |spot| grid.there(spot);
        if there(at) {
            Some(at)
        } else {
            first(grid.rows(), there)
        }
    });
    let heads = Action::ALL
        .into_iter()
        .map(|action| head(grid, action, stop))
        .collect_view();
    let bodies = grid.lines.with_value(|lines| {
        let numbered: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        numbered
            .chunk_by(|(_, one), (_, other)| one.category == other.category)
            .map(|rows| body(grid, rows, stop))
            .collect_view()
    });
    let nothing = move || grid.shown.with(|shown| !shown.iter().any(|shown| *shown));
    view! {
        <div class="rc-matrix">
            {search(grid)}
            <table
                class="rc-matrix-grid"
                role="grid"
                aria-label=label
                aria-readonly=move || grid.read_only.get().then_some("true")
                on:click=move |event: ev::MouseEvent| pressed(grid, &event)
                on:keydown=move |event: ev::KeyboardEvent| key(grid, &event)
                on:focusin=move |event: ev::FocusEvent| focused(grid, &event)
                on:mouseover=move |event: ev::MouseEvent| grid.told.set(spot_of(&event))
                on:mouseleave=move |_| grid.told.set(None)
            >
                <thead>
                    <tr>
                        <th scope="col">"Service"</th>
                        {heads}
                    </tr>
                </thead>
                {bodies}
            </table>
            <Show when=nothing>
                <div class="rc-empty">
                    {icon(Glyph::Search)}
                    <p>{move || format!("No service matches “{}”.", grid.needle.get())}</p>
                    <button
                        type="button"
                        class="btn"
                        data-variant="outline"
                        on:click=move |_| grid.needle.set(String::new())
                    >
                        "Clear the search"
                    </button>
                </div>
            </Show>
            <p class="rc-matrix-hint" aria-live="polite">{move || sentence(grid)}</p>
        </div>
    }
    .into_any()
}

fn search(grid: Grid) -> AnyView {
    view! {
        <div class="rc-matrix-bar">
            <div class="rc-search">
                {icon(Glyph::Search)}
                <input
                    class="input"
                    type="search"
                    aria-label="Search services and what they allow"
                    placeholder="Search services"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="100"
                    prop:value=move || grid.needle.get()
                    on:input=move |event: ev::Event| grid.needle.set(event_target_value(&event))
                />
            </div>
        </div>
    }
    .into_any()
}

fn name(spot: Spot) -> String {
    format!("{}:{}", spot.0, spot.1)
}

fn head(grid: Grid, action: Action, stop: Memo<Option<Spot>>) -> AnyView {
    let spot = (0, action as usize + 1);
    view! {
        <th scope="col" data-spot=name(spot)>
            {move || if grid.read_only.get() {
                action_title(action).into_any()
            } else {
                view! {
                    <button
                        type="button"
                        class="rc-matrix-all"
                        aria-label=format!("{} for all rows that are shown", action_title(action))
                        tabindex=move || tab(stop, spot)
                    >
                        {action_title(action)}
                    </button>
                }
                .into_any()
            }}
        </th>
    }
    .into_any()
}

fn tab(stop: Memo<Option<Spot>>, spot: Spot) -> &'static str {
    if stop.get() == Some(spot) { "0" } else { "-1" }
}

fn body(grid: Grid, rows: &[(usize, &Line)], stop: Memo<Option<Spot>>) -> AnyView {
    let indices: Vec<usize> = rows.iter().map(|(index, _)| *index).collect();
    let hidden = move || {
        grid.shown
            .with(|shown| !indices.iter().any(|index| shown[*index]))
    };
    let category = rows.first().map(|(_, line)| line.category.clone());
    let rows = rows
        .iter()
        .map(|(index, line)| row(grid, *index, line, stop))
        .collect_view();
    view! {
        <tbody hidden=hidden>
            <tr class="rc-matrix-category"><th scope="rowgroup" colspan="4">{category}</th></tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn row(grid: Grid, index: usize, line: &Line, stop: Memo<Option<Spot>>) -> AnyView {
    let spot = (index + 1, 0);
    let title = line.title.clone();
    let cells = Action::ALL
        .into_iter()
        .map(|action| cell(grid, index, line, action, stop))
        .collect_view();
    view! {
        <tr hidden=move || grid.shown.with(|shown| !shown[index])>
            <th scope="row" data-spot=name(spot)>
                {move || if grid.read_only.get() {
                    title.clone().into_any()
                } else {
                    view! {
                        <button type="button" class="rc-matrix-row" tabindex=move || tab(stop, spot)>
                            {title.clone()}
                        </button>
                    }
                    .into_any()
                }}
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

fn cell(
    grid: Grid,
    index: usize,
    line: &Line,
    action: Action,
    stop: Memo<Option<Spot>>,
) -> AnyView {
    let Some(bit) = line.bit(action) else {
        return view! { <td></td> }.into_any();
    };
    let spot = (index + 1, action as usize + 1);
    let on = move || grid.set.get().contains(bit);
    let at_first = grid.set.get_untracked().contains(bit);
    let locked = move || grid.read_only.get() || (!on() && !grid.open.get().contains(bit));
    let differs = move || {
        grid.before
            .is_some_and(|before| before.get().contains(bit) != on())
    };
    let implied = line.clone();
    let implied =
        move || action == Action::View && on() && !implied.needing_view(grid.set.get()).is_empty();
    view! {
        <td
            data-spot=name(spot)
            data-changed=move || differs().then_some("")
            data-implied=move || implied().then_some("")
        >
            <label class="rc-matrix-cell">
                <input
                    type="checkbox"
                    class="input"
                    aria-label=format!("{}: {}", line.title, action_title(action))
                    aria-disabled=move || locked().then_some("true")
                    tabindex=move || tab(stop, spot)
                    checked=at_first
                    prop:checked=on
                />
                {(action == Action::View).then(|| icon(Glyph::Link))}
            </label>
        </td>
    }
    .into_any()
}

/// The spot that an event is about.
fn spot_of(event: &web_sys::Event) -> Option<Spot> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let name = target
        .closest("[data-spot]")
        .ok()??
        .get_attribute("data-spot")?;
    let (row, col) = name.split_once(':')?;
    Some((row.parse().ok()?, col.parse().ok()?))
}

fn pressed(grid: Grid, event: &ev::MouseEvent) {
    let on_control = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.closest("input, button").is_ok_and(|c| c.is_some()));
    // A press beside the box comes again from the box, since a label is around it.
    if on_control
        && let Some(spot) = spot_of(event)
        && !grid.press(spot)
    {
        event.prevent_default();
    }
}

fn focused(grid: Grid, event: &ev::FocusEvent) {
    if let Some(spot) = spot_of(event) {
        grid.at.set(spot);
        grid.told.set(Some(spot));
    }
}

fn key(grid: Grid, event: &ev::KeyboardEvent) {
    if event.alt_key() || event.meta_key() {
        return;
    }
    let Some(at) = spot_of(event) else { return };
    let whole = event.ctrl_key();
    let Some(spot) = moved(&event.key(), whole, at, grid.rows(), |spot| {
        untrack(|| grid.there(spot))
    }) else {
        // Arrows never scroll the page away under the grid.
        if event.key().starts_with("Arrow") {
            event.prevent_default();
        }
        return;
    };
    event.prevent_default();
    let table = event
        .current_target()
        .and_then(|table| table.dyn_into::<Element>().ok());
    let control = table.and_then(|table| {
        let selector = format!("[data-spot='{}'] :is(input, button)", name(spot));
        table.query_selector(&selector).ok().flatten()
    });
    if let Some(control) = control.and_then(|c| c.dyn_into::<HtmlElement>().ok()) {
        let _ = control.focus();
    }
}

/// What the spot that is pointed at or focused means.
fn sentence(grid: Grid) -> AnyView {
    let Some((row, col)) = grid.told.get() else {
        return "Point at a box, or go there with the arrow keys, to read what it allows."
            .into_any();
    };
    let action = col.checked_sub(1).and_then(|i| Action::ALL.get(i).copied());
    let read_only = grid.read_only.get();
    let line = row
        .checked_sub(1)
        .and_then(|index| grid.lines.with_value(|lines| lines.get(index).cloned()));
    match (line, action) {
        (Some(line), Some(action)) => about_cell(grid, &line, action),
        (Some(line), None) if read_only => line.title.into_any(),
        (Some(line), None) => view! {
            <b>{line.title}</b>
            " · Press for view, again for manage, for everything, for nothing."
        }
        .into_any(),
        (None, Some(action)) if !read_only => view! {
            <b>{action_title(action)}</b>
            " · Press to switch it on for all rows that are shown, again to switch it off."
        }
        .into_any(),
        _ => ().into_any(),
    }
}

fn about_cell(grid: Grid, line: &Line, action: Action) -> AnyView {
    let Some((bit, text)) = line.cells[action as usize].clone() else {
        return ().into_any();
    };
    let set = grid.set.get();
    let on = set.contains(bit);
    let out_of_reach = !grid.read_only.get() && !grid.open.get().contains(bit);
    let needing = line.needing_view(set);
    let implied = action == Action::View && on && !needing.is_empty();
    let differs = grid
        .before
        .is_some_and(|before| before.get().contains(bit) != on);
    let more: String = [
        out_of_reach
            .then(|| " You can not give it, because you do not hold it yourself.".to_owned()),
        implied.then(|| format!(" Needed by {}.", needing.join(" and "))),
        differs.then(|| {
            format!(
                " Not saved yet; saved is {}.",
                if on { "off" } else { "on" }
            )
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <b>{format!("{} · {}", line.title, action_title(action))}</b>
        {format!(" · {text}.{more}")}
    }
    .into_any()
}
