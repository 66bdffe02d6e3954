//! The effective matrix: each cell is a button that says why.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rolecall_shared::{ProjectId, catalogue::Bit, permission::Action, project::ProjectMemberQuery};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    Shown,
    why::{Answer, Asked, MARKS, Part, Step},
};
use crate::{
    components::{
        filter::{APPLY, Filter},
        icon::{Glyph, icon},
        matrix::{
            Line, action_title,
            keys::{Spot, moved},
            lines,
        },
        menu,
    },
    paths,
};

/// The popover with the answer; one for all cells.
const WHY: &str = "why";

/// What one grid shares.
#[derive(Clone, Copy)]
struct Grid {
    shown: Shown,
    lines: StoredValue<Vec<Line>>,
    /// The spot of the one tab stop.
    at: RwSignal<Spot>,
    /// The cell that is asked about.
    open: RwSignal<Option<Bit>>,
}

/// Where to look, the grid, its legend.
pub fn section(shown: Shown) -> AnyView {
    let grid = Grid {
        shown,
        lines: StoredValue::new(
            shown
                .asked
                .with_value(|asked| lines(&asked.page.catalogue, None)),
        ),
        at: RwSignal::new((1, 1)),
        open: RwSignal::new(None),
    };
    // Only what exists can be focused, so the first stop is the first cell that does.
    grid.at.set(first(grid));
    let (name, you) = shown
        .asked
        .with_value(|asked| (asked.page.member.name.clone(), asked.page.member.is_you));
    let heading = if you {
        "What you may do".to_owned()
    } else {
        format!("What {name} may do")
    };
    view! {
        <section class="rc-section" aria-labelledby="member-may">
            <div class="rc-section-head">
                <h2 id="member-may">{heading}</h2>
                {place_filter(shown)}
            </div>
            {move || unknown(shown)}
            {legend()}
            <div class="rc-matrix">
                <table
                    class="rc-matrix-grid rc-effective"
                    role="grid"
                    aria-labelledby="member-may"
                    aria-describedby="member-may-help"
                    on:keydown=move |event: ev::KeyboardEvent| key(grid, &event)
                    on:focusin=move |event: ev::FocusEvent| {
                        if let Some(spot) = spot_of(&event) {
                            grid.at.set(spot);
                        }
                    }
                >
                    <thead>
                        <tr>
                            <th scope="col">"Service"</th>
                            {Action::ALL.map(|action| view! { <th scope="col">{action_title(action)}</th> }).into_iter().collect_view()}
                        </tr>
                    </thead>
                    {bodies(grid)}
                </table>
                <p class="rc-matrix-hint" id="member-may-help">
                    "Press a cell to read why. The arrow keys move from cell to cell."
                </p>
            </div>
            {popover(grid)}
        </section>
    }
    .into_any()
}

impl Shown {
    /// The project that is looked at: only one that the page knows.
    fn place(self) -> Option<ProjectId> {
        let wanted = self.project.get()?;
        self.asked
            .with_value(|asked| knows(asked, wanted))
            .then_some(wanted)
    }
}

fn knows(asked: &Asked, project: ProjectId) -> bool {
    asked
        .page
        .projects
        .iter()
        .any(|place| place.project.id == project)
}

/// An address with a project that is not there, or not for the one who looks.
fn unknown(shown: Shown) -> Option<AnyView> {
    let wanted = shown.project.get()?;
    shown.place().is_none().then(|| {
        let member = shown.asked.with_value(|asked| asked.page.member.id);
        let href = paths::project_members(&shown.slug(), wanted, &ProjectMemberQuery::default());
        let away = paths::member(&shown.slug(), member);
        view! {
            <div class="alert" data-variant="warning">
                {icon(Glyph::Triangle)}
                <strong>"That project is not among the ones listed here"</strong>
                <p>
                    "Below stands the workspace. "
                    <a class="rc-link" href=href>"Look at the members of the project"</a>", or "
                    <a class="rc-link" href=away data-noscroll="">"stay with the workspace"</a>"."
                </p>
            </div>
        }
        .into_any()
    })
}

fn place_filter(shown: Shown) -> AnyView {
    let (member, choices) = shown.asked.with_value(|asked| {
        let page = &asked.page;
        let choices: Vec<_> = page
            .projects
            .iter()
            .map(|place| {
                let over = page
                    .overrides
                    .iter()
                    .any(|over| over.project.id == place.project.id);
                let mark = if over { " (override)" } else { "" };
                (
                    place.project.id.to_string(),
                    format!("{}{mark}", place.project.name),
                )
            })
            .collect();
        (page.member.id, choices)
    });
    if choices.is_empty() {
        return ().into_any();
    }
    let navigate = use_navigate();

    let pick = Callback::new(move |value: String| {
        menu::close(WHY);
        let path = paths::member_in(&shown.slug(), member, value.parse().ok());
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&path, options);
    });
    let chosen = Signal::derive(move || shown.place().map(|id| id.to_string()).unwrap_or_default());
    view! {
        <form
            class="rc-actions"
            method="get"
            action=move || paths::member(&shown.slug(), member)
            on:submit=move |event: ev::SubmitEvent| event.prevent_default()
        >
            <Filter name="project" label="Where" all="In the workspace" choices chosen pick/>
            <noscript inner_html=APPLY></noscript>
        </form>
    }
    .into_any()
}

fn legend() -> AnyView {
    let items = MARKS
        .into_iter()
        .map(|(glyph, word)| {
            view! { <li>{sign(glyph)}{word}</li> }
        })
        .collect_view();
    view! { <ul class="rc-legend" aria-label="What the signs mean">{items}</ul> }.into_any()
}

fn sign(glyph: Option<Glyph>) -> AnyView {
    match glyph {
        Some(glyph) => icon(glyph),
        None => view! { <span aria-hidden="true">"–"</span> }.into_any(),
    }
}

fn bodies(grid: Grid) -> AnyView {
    grid.lines.with_value(|lines| {
        let numbered: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        numbered
            .chunk_by(|(_, one), (_, other)| one.category == other.category)
            .map(|rows| {
                let category = rows.first().map(|(_, line)| line.category.clone());
                let rows = rows.iter().map(|(index, line)| row(grid, *index, line)).collect_view();
                view! {
                    <tbody>
                        <tr class="rc-matrix-category"><th scope="rowgroup" colspan="4">{category}</th></tr>
                        {rows}
                    </tbody>
                }
            })
            .collect_view()
            .into_any()
    })
}

fn row(grid: Grid, index: usize, line: &Line) -> AnyView {
    let cells = Action::ALL
        .into_iter()
        .map(|action| match line.bit(action) {
            Some(bit) => cell(grid, (index + 1, action as usize + 1), bit),
            None => view! { <td></td> }.into_any(),
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row">{line.title.clone()}</th>
            {cells}
        </tr>
    }
    .into_any()
}

fn ask(shown: Shown, bit: Bit) -> Answer {
    let place = shown.place();
    shown.asked.with_value(|asked| asked.answer(place, bit))
}

fn cell(grid: Grid, spot: Spot, bit: Bit) -> AnyView {
    let answer = Memo::new(move |_| ask(grid.shown, bit));
    let face = move || {
        answer.with(|answer| {
            let more = (answer.more > 0)
                .then(|| view! { <small data-more=format!("+{}", answer.more)></small> });
            view! { {sign(answer.mark.0)}{more} }.into_any()
        })
    };
    view! {
        <td data-spot=format!("{}:{}", spot.0, spot.1)>
            <button
                type="button"
                class="rc-why-cell"
                data-granted=move || answer.with(|answer| answer.granted).then_some("")
                aria-haspopup="dialog"
                aria-label=move || answer.with(Answer::plain)
                popovertarget=WHY
                tabindex=move || if grid.at.get() == spot { "0" } else { "-1" }
                on:click=move |_| grid.open.set(Some(bit))
            >
                {face}
            </button>
        </td>
    }
    .into_any()
}

/// The sentence, with links, and the one thing to do.
fn popover(grid: Grid) -> AnyView {
    let shown = grid.shown;
    let content = move || {
        let bit = grid.open.get()?;
        let answer = ask(shown, bit);
        let glyph = if answer.granted {
            Glyph::Check
        } else {
            Glyph::Ban
        };
        let parts = answer
            .parts
            .iter()
            .map(|one| part(shown, one))
            .collect_view();
        Some(view! {
            <p>{icon(glyph)}<span>{parts}</span></p>
            {answer.step.and_then(|step| action(shown, step, bit))}
        })
    };
    view! {
        <div
            class="rc-menu rc-why"
            id=WHY
            popover="auto"
            role="dialog"
            aria-label="Why"
            tabindex="-1"
            on:toggle=|event: ev::Event| {
                // Readers read it, and Escape gives the focus back to the cell.
                if let Some(panel) = panel_of(&event) && panel.matches(":popover-open").unwrap_or(false) {
                    let _ = panel.focus();
                }
            }
        >
            {content}
        </div>
    }
    .into_any()
}

fn panel_of(event: &web_sys::Event) -> Option<HtmlElement> {
    event.current_target()?.dyn_into().ok()
}

fn part(shown: Shown, part: &Part) -> AnyView {
    let slug = shown.slug();
    let (href, words) = match part {
        Part::Text(words) => return words.clone().into_any(),
        Part::Strong(words) => return view! { <b>{words.clone()}</b> }.into_any(),
        Part::Role(id, words) => (paths::role(&slug, *id), words),
        Part::Group(id, words) => (paths::group(&slug, *id), words),
        Part::Project(id, words) => (override_path(shown, *id), words),
    };
    if shown.links {
        view! { <a class="rc-link" href=href>{words.clone()}</a> }.into_any()
    } else {
        view! { <em>{words.clone()}</em> }.into_any()
    }
}

/// The members tab of a project, with this member in it.
fn override_path(shown: Shown, project: ProjectId) -> String {
    let query = ProjectMemberQuery {
        search: shown
            .asked
            .with_value(|asked| asked.page.member.email.clone()),
        ..ProjectMemberQuery::default()
    };
    paths::project_members(&shown.slug(), project, &query)
}

fn action(shown: Shown, step: Step, bit: Bit) -> Option<AnyView> {
    let slug = shown.slug();
    let go = |href: String, words: &'static str| {
        // Who may not see the team finds nothing there.
        shown.links.then(|| {
            view! { <a class="btn" data-variant="outline" data-size="sm" href=href>{words}</a> }
                .into_any()
        })
    };
    let change = |words: String, run: Callback<()>| {
        view! {
            <button
                type="button"
                class="btn"
                data-variant="outline"
                data-size="sm"
                on:click=move |_| {
                    menu::close(WHY);
                    run.run(());
                }
            >
                {words}
            </button>
        }
        .into_any()
    };
    match step {
        Step::Role(id) => go(paths::role(&slug, id), "Open the role"),
        Step::Group(id) => go(paths::group(&slug, id), "Open the group"),
        Step::Override(id) => go(override_path(shown, id), "Open the override"),
        Step::Direct => Some(change(
            "Edit access".to_owned(),
            Callback::new(move |()| shown.edit(None)),
        )),
        Step::Give(remedy) => Some(change(
            shown.asked.with_value(|asked| asked.button(remedy)),
            Callback::new(move |()| shown.edit(Some((remedy, bit)))),
        )),
    }
}

fn there(grid: Grid, (row, col): Spot) -> bool {
    let (Some(index), Some(action)) = (row.checked_sub(1), col.checked_sub(1)) else {
        return false;
    };
    grid.lines.with_value(|lines| {
        lines
            .get(index)
            .is_some_and(|line| line.cells.get(action).is_some_and(Option::is_some))
    })
}

fn first(grid: Grid) -> Spot {
    let rows = grid.lines.with_value(Vec::len) + 1;
    crate::components::matrix::keys::first(rows, |spot| there(grid, spot)).unwrap_or((1, 1))
}

fn spot_of(event: &web_sys::Event) -> Option<Spot> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let name = target
        .closest("[data-spot]")
        .ok()??
        .get_attribute("data-spot")?;
    let (row, col) = name.split_once(':')?;
    Some((row.parse().ok()?, col.parse().ok()?))
}

fn key(grid: Grid, event: &ev::KeyboardEvent) {
    if event.alt_key() || event.meta_key() {
        return;
    }
    let Some(at) = spot_of(event) else { return };
    let rows = grid.lines.with_value(Vec::len) + 1;
    let Some((row, col)) = moved(&event.key(), event.ctrl_key(), at, rows, |spot| {
        there(grid, spot)
    }) else {
        // Arrows never scroll the page away under the grid.
        if event.key().starts_with("Arrow") {
            event.prevent_default();
        }
        return;
    };
    event.prevent_default();
    let control = panel_of(event).and_then(|table| {
        let selector = format!("[data-spot='{row}:{col}'] button");
        table.query_selector(&selector).ok().flatten()
    });
    if let Some(control) = control.and_then(|control| control.dyn_into::<HtmlElement>().ok()) {
        let _ = control.focus();
    }
}
