//! The matrix: a grid of check boxes over a permission set. All of it happens in the browser.

pub mod keys;
mod lines;
mod view;
mod words;

pub use lines::{Line, lines};
pub use words::{action_title, cell_words, changed, summary};

use leptos::prelude::*;
use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    permission::{Action, Scope},
};

use keys::Spot;

/// What the parts of one matrix share.
#[derive(Clone, Copy)]
struct Grid {
    catalogue: StoredValue<Catalogue>,
    lines: StoredValue<Vec<Line>>,
    set: RwSignal<PermissionSet>,
    /// What is saved; `None`: nothing is marked.
    before: Option<Signal<PermissionSet>>,
    /// What may be switched on: what the person may give, and what was there.
    open: Signal<PermissionSet>,
    read_only: Signal<bool>,
    needle: RwSignal<String>,
    /// Which lines the search leaves.
    shown: Memo<Vec<bool>>,
    /// The spot of the one tab stop, when it can be focused.
    at: RwSignal<Spot>,
    /// The spot whose sentence is told.
    told: RwSignal<Option<Spot>>,
}

impl Grid {
    /// Rows with the head.
    fn rows(self) -> usize {
        self.lines.with_value(Vec::len) + 1
    }

    /// Whether something can be focused at a spot.
    fn there(self, (row, col): Spot) -> bool {
        let pressable = !self.read_only.get();
        let Some(index) = row.checked_sub(1) else {
            return pressable && col > 0;
        };
        let visible = self.shown.with(|shown| shown.get(index) == Some(&true));
        visible
            && match col.checked_sub(1) {
                None => pressable,
                Some(action) => self.lines.with_value(|lines| {
                    lines
                        .get(index)
                        .is_some_and(|line| line.cells.get(action).is_some_and(Option::is_some))
                }),
            }
    }

    /// Does what pressing a spot does; whether that was allowed.
    fn press(self, (row, col): Spot) -> bool {
        if self.read_only.get_untracked() {
            return false;
        }
        let (set, open) = (self.set.get_untracked(), self.open.get_untracked());
        let action = col.checked_sub(1).and_then(|i| Action::ALL.get(i).copied());
        let after = self.lines.with_value(|lines| {
            let line = row.checked_sub(1).and_then(|index| lines.get(index));
            match (line, action) {
                (Some(line), None) => Some(line.cycled(set, open)),
                (Some(line), Some(action)) => {
                    let bit = line.bit(action)?;
                    let on = !set.contains(bit);
                    let switch = || {
                        self.catalogue
                            .with_value(|catalogue| catalogue.switched(set, bit, on))
                    };
                    (!on || open.contains(bit)).then(switch)
                }
                (None, Some(action)) => {
                    let shown = self.shown.get_untracked();
                    let rows = lines.iter().zip(shown).filter(|(_, s)| *s).map(|(l, _)| l);
                    Some(self.catalogue.with_value(|catalogue| {
                        lines::column_pressed(catalogue, rows, action, set, open)
                    }))
                }
                (None, None) => None,
            }
        });
        if let Some(after) = after
            && after != set
        {
            self.set.set(after);
        }
        after.is_some()
    }
}

/// A grid of check boxes over a permission set. Nothing goes to the server.
#[component]
pub fn Matrix(
    catalogue: StoredValue<Catalogue>,
    /// What is edited.
    set: RwSignal<PermissionSet>,
    /// Cells that may be switched on; others are visible and say why not.
    #[prop(into)]
    grantable: Signal<PermissionSet>,
    /// What is saved: cells that differ are marked, and may be put back.
    #[prop(optional, into)]
    before: Option<Signal<PermissionSet>>,
    /// Only rows of it.
    #[prop(optional, into)]
    scope: Option<Scope>,
    #[prop(optional, into)] read_only: Signal<bool>,
    /// The name of the grid; "Permissions" without it.
    #[prop(optional)]
    label: &'static str,
) -> impl IntoView {
    let lines = StoredValue::new(catalogue.with_value(|catalogue| lines(catalogue, scope)));
    let needle = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        needle.with(|needle| {
            lines.with_value(|lines| lines.iter().map(|line| line.matches(needle)).collect())
        })
    });
    let open = Signal::derive(move || {
        let saved = before.map(|before| before.get()).unwrap_or_default();
        grantable.get().union(saved)
    });
    view::draw(
        Grid {
            catalogue,
            lines,
            set,
            before,
            open,
            read_only,
            needle,
            shown,
            at: RwSignal::new((1, 1)),
            told: RwSignal::new(None),
        },
        if label.is_empty() {
            "Permissions"
        } else {
            label
        },
    )
}
