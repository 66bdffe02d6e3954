//! The rows of a matrix, and what pressing a row or a column makes of a set. Nothing of a browser here.

use rolecall_shared::{
    catalogue::{Bit, Catalogue, PermissionSet},
    permission::{Action, Scope},
};

/// One row as it is drawn and searched.
#[derive(Clone)]
pub struct Line {
    pub title: String,
    pub category: String,
    /// The bit and the sentence of each cell that exists.
    pub cells: [Option<(Bit, String)>; 3],
    /// What the search looks in, in small letters.
    hay: String,
}

impl Line {
    /// Whether a search finds it: by its title or the sentence of a cell.
    pub fn matches(&self, needle: &str) -> bool {
        needle
            .to_lowercase()
            .split_whitespace()
            .all(|word| self.hay.contains(word))
    }

    /// The bit of a cell, if it exists.
    pub fn bit(&self, action: Action) -> Option<Bit> {
        self.cells[action as usize].as_ref().map(|(bit, _)| *bit)
    }

    /// All cells of the row.
    pub fn all(&self) -> PermissionSet {
        Action::ALL
            .into_iter()
            .filter_map(|action| self.bit(action))
            .fold(PermissionSet::EMPTY, PermissionSet::with)
    }

    /// The actions of this row that hold its View on, in words; empty when View stands for itself.
    pub fn needing_view(&self, set: PermissionSet) -> Vec<&'static str> {
        [(Action::Manage, "Manage"), (Action::Delete, "Delete")]
            .into_iter()
            .filter(|(action, _)| self.bit(*action).is_some_and(|bit| set.contains(bit)))
            .map(|(_, word)| word)
            .collect()
    }

    /// A set after the row was pressed: nothing, View, View and Manage, everything, and round again,
    /// as far as `open` lets cells be switched on.
    pub fn cycled(&self, set: PermissionSet, open: PermissionSet) -> PermissionSet {
        let row = self.all();
        let now = set.intersection(row);
        let mut reached = PermissionSet::EMPTY;
        let next = Action::ALL.into_iter().find_map(|action| {
            let bit = self.bit(action)?;
            if open.contains(bit) || now.contains(bit) {
                reached.insert(bit);
            }
            (reached.includes(now) && reached != now).then_some(reached)
        });
        set.minus(row).union(next.unwrap_or(PermissionSet::EMPTY))
    }
}

/// The rows of a catalogue, or those of one scope, with the rows of a category beside each other.
pub fn lines(catalogue: &Catalogue, scope: Option<Scope>) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let wanted = |of: Scope| scope.is_none_or(|scope| scope == of);
    for row in catalogue.rows().iter().filter(|row| wanted(row.scope)) {
        let cells = Action::ALL.map(|action| {
            let bit = catalogue.bit(&row.key, action)?;
            Some((bit, row.cells[action as usize].clone()?))
        });
        let texts = cells.iter().flatten().map(|(_, text)| text.as_str());
        let hay = texts.fold(row.title.to_lowercase(), |hay, text| {
            format!("{hay}\n{}", text.to_lowercase())
        });
        let line = Line {
            title: row.title.clone(),
            category: row.category.clone(),
            cells,
            hay,
        };
        let place = found
            .iter()
            .rposition(|other| other.category == line.category)
            .map_or(found.len(), |last| last + 1);
        found.insert(place, line);
    }
    found
}

/// A set after a column was pressed: all these rows on, as far as `open` lets them, or off when they
/// are on already.
pub fn column_pressed<'a>(
    catalogue: &Catalogue,
    rows: impl Iterator<Item = &'a Line>,
    action: Action,
    set: PermissionSet,
    open: PermissionSet,
) -> PermissionSet {
    let bits: Vec<Bit> = rows
        .filter_map(|line| line.bit(action))
        .filter(|bit| open.contains(*bit) || set.contains(*bit))
        .collect();
    let on = !bits.iter().all(|bit| set.contains(*bit));
    bits.into_iter()
        .fold(set, |set, bit| catalogue.switched(set, bit, on))
}

#[cfg(test)]
mod tests {
    use rolecall_shared::catalogue::Row;

    use super::*;

    fn catalogue() -> Catalogue {
        let row = |key: &str, category: &str, scope, cells: [bool; 3]| Row {
            key: key.into(),
            title: key.to_uppercase(),
            category: category.into(),
            scope,
            cells: cells.map(|there| there.then(|| format!("Does {key}"))),
        };
        Catalogue::new(vec![
            row("instances", "Compute", Scope::Project, [true; 3]),
            row("billing", "Account", Scope::Workspace, [true, true, false]),
            row("images", "Compute", Scope::Project, [true, true, true]),
            row("tokens", "Account", Scope::Workspace, [false, true, false]),
        ])
        .unwrap()
    }

    #[test]
    fn rows_of_a_category_stand_together_and_a_scope_leaves_the_others_out() {
        let titles = |scope| {
            lines(&catalogue(), scope)
                .into_iter()
                .map(|line| line.title)
                .collect::<Vec<_>>()
        };
        assert_eq!(titles(None), ["INSTANCES", "IMAGES", "BILLING", "TOKENS"]);
        assert_eq!(titles(Some(Scope::Project)), ["INSTANCES", "IMAGES"]);
    }

    #[test]
    fn a_row_goes_round_nothing_view_manage_all() {
        let c = catalogue();
        let rows = lines(&c, None);
        let mut set = PermissionSet::EMPTY;
        let mut seen = Vec::new();
        for _ in 0..4 {
            set = rows[0].cycled(set, c.all());
            seen.push(set.len());
        }
        assert_eq!(seen, [1, 2, 3, 0]);
        // What is held in another order is completed, not lost.
        let odd = c.set(["instances:delete"]).unwrap();
        assert_eq!(rows[0].cycled(odd, c.all()).len(), 3);
    }

    #[test]
    fn a_row_stops_where_the_person_may_give_no_more() {
        let c = catalogue();
        let rows = lines(&c, None);
        let open = c.set(["instances:view", "instances:manage"]).unwrap();
        let full = rows[0].cycled(rows[0].cycled(PermissionSet::EMPTY, open), open);
        assert_eq!(full, open);
        assert!(rows[0].cycled(full, open).is_empty());
        assert!(rows[2].cycled(PermissionSet::EMPTY, open).is_empty());
    }

    #[test]
    fn a_column_goes_on_for_what_may_be_given_and_then_off_with_what_needs_it() {
        let c = catalogue();
        let rows = lines(&c, None);
        let open = c.set(["instances:manage", "images:manage"]).unwrap();
        let on = column_pressed(&c, rows.iter(), Action::Manage, PermissionSet::EMPTY, open);
        assert_eq!(on, open);
        let off = column_pressed(&c, rows.iter(), Action::View, on, open);
        assert!(off.is_empty());
    }

    #[test]
    fn the_search_looks_in_titles_and_sentences() {
        let rows = lines(&catalogue(), None);
        assert!(rows[0].matches("insta"));
        assert!(rows[0].matches("does INSTANCES"));
        assert!(!rows[0].matches("billing"));
        assert!(rows[0].matches("  "));
    }
}
