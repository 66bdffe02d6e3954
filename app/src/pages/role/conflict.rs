//! Two people changed one role: both versions beside each other, part by part.

use leptos::prelude::*;
use rolecall_shared::catalogue::Catalogue;

use super::{
    fields::{Fields, Part},
    state::RoleState,
};
use crate::components::{button::ActionButton, matrix::action_title, modal::Modal};

/// The dialog. What only they changed starts with theirs, all else with mine.
#[component]
pub fn ConflictDialog(state: RoleState) -> impl IntoView {
    let kept = RwSignal::new(Vec::<Part>::new());
    let parts = Memo::new(move |_| {
        state.merging.track();
        state.theirs.with(|theirs| {
            let Some(theirs) = theirs else {
                return Vec::new();
            };
            let mine = untrack(|| state.fields());
            state
                .catalogue
                .with_value(|catalogue| mine.differing(theirs, catalogue))
        })
    });
    Effect::new(move |_| {
        let (mine, saved) = (state.fields(), state.saved.get_untracked());
        let changed_here = parts
            .get()
            .into_iter()
            .filter(|part| !mine.same(&saved, *part));
        kept.set(changed_here.collect());
    });
    let save = move || {
        let Some(theirs) = state.theirs.get_untracked() else {
            state.merging.set(false);
            return;
        };
        let merged = state.catalogue.with_value(|catalogue| {
            Fields::merged(&state.fields(), &theirs, &kept.get_untracked(), catalogue)
        });
        let nothing_mine = merged == theirs;
        state.fill(merged);
        state.saved.set(theirs);
        state.theirs.set(None);
        state.merging.set(false);
        if !nothing_mine {
            state.save();
        }
    };
    let all = move |mine: bool| {
        kept.set(if mine {
            parts.get_untracked()
        } else {
            Vec::new()
        });
    };
    view! {
        <Modal
            id="role-conflict"
            size="lg"
            open=state.merging
            title="Somebody else changed this role"
            lead=Signal::stored(Some(
                "Choose what to keep where both differ. Nothing is overwritten without you.".to_owned(),
            ))
        >
            <section>
                <div class="rc-actions">
                    <button type="button" class="btn" data-variant="outline" data-size="sm" on:click=move |_| all(true)>
                        "Keep all of mine"
                    </button>
                    <button type="button" class="btn" data-variant="outline" data-size="sm" on:click=move |_| all(false)>
                        "Take all of theirs"
                    </button>
                </div>
                <div class="rc-merge">
                    {move || parts
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(index, part)| choice(state, kept, index, part))
                        .collect_view()}
                </div>
            </section>
            <footer>
                <button
                    type="button"
                    class="btn"
                    data-variant="outline"
                    on:click=move |_| state.merging.set(false)
                >
                    "Decide later"
                </button>
                <ActionButton label="Save this choice" busy=state.busy action=save/>
            </footer>
        </Modal>
    }
    .into_any()
}

fn choice(state: RoleState, kept: RwSignal<Vec<Part>>, index: usize, part: Part) -> AnyView {
    let title = state
        .catalogue
        .with_value(|catalogue| title(catalogue, part));
    let mine = said(&state.fields(), part);
    let theirs = state
        .theirs
        .with_untracked(|theirs| theirs.as_ref().map(|theirs| said(theirs, part)));
    let name = format!("merge-{index}");
    let is_mine = move || kept.with(|kept| kept.contains(&part));
    let keep = move |_| {
        kept.update(|kept| {
            if !kept.contains(&part) {
                kept.push(part);
            }
        });
    };
    let take = move |_| kept.update(|kept| kept.retain(|other| *other != part));
    view! {
        <fieldset>
            <legend>{title}</legend>
            <label class="rc-choice">
                <input type="radio" class="input" name=name.clone() prop:checked=is_mine on:change=keep/>
                <span class="rc-choice-body">
                    <b>"Keep mine"</b>
                    <span class="rc-help">{mine}</span>
                </span>
            </label>
            <label class="rc-choice">
                <input type="radio" class="input" name=name prop:checked=move || !is_mine() on:change=take/>
                <span class="rc-choice-body">
                    <b>"Take theirs"</b>
                    <span class="rc-help">{theirs}</span>
                </span>
            </label>
        </fieldset>
    }
    .into_any()
}

fn title(catalogue: &Catalogue, part: Part) -> String {
    match part {
        Part::Name => "Name".to_owned(),
        Part::Description => "Description".to_owned(),
        Part::OwnProjects => "Own projects only".to_owned(),
        Part::Cell(bit) => catalogue
            .cell(bit)
            .map_or_else(String::new, |(row, action)| {
                format!("{}: {}", row.title, action_title(action))
            }),
    }
}

fn said(fields: &Fields, part: Part) -> String {
    let on = |on: bool| if on { "On" } else { "Off" }.to_owned();
    let text = |text: &str| {
        if text.is_empty() {
            "Empty".to_owned()
        } else {
            format!("“{text}”")
        }
    };
    match part {
        Part::Name => text(&fields.name),
        Part::Description => text(&fields.description),
        Part::OwnProjects => on(fields.own_projects_only),
        Part::Cell(bit) => on(fields.set.contains(bit)),
    }
}
