//! The catalogue of a template: which cells exist, and sets of those cells.
//!
//! A [`PermissionSet`] is a set of bits whose meaning the [`Catalogue`] gives; on the wire and in
//! the database a set is the list of its names, so that bits can move between versions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::permission::{Action, CorePermission, Scope};

/// Most service groups a template can have.
pub const MAX_ROWS: usize = WORDS * 64 / 3;
const WORDS: usize = 4;

/// One service group: a row of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Stable key, such as `instances`; the first half of a permission's name.
    pub key: String,
    /// What people read, such as "Instances".
    pub title: String,
    /// The heading it stands under, such as "Compute".
    pub category: String,
    /// Where its permissions hold.
    pub scope: Scope,
    /// A sentence per cell in the order view, manage, delete; `None` where the cell does not exist.
    pub cells: [Option<String>; 3],
}

/// All rows of a template, in the order people see them. On the wire: the list of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Row>", into = "Vec<Row>")]
pub struct Catalogue {
    rows: Vec<Row>,
    /// Every cell that exists. These three are worked out once: decisions ask for them all the time.
    all: PermissionSet,
    /// The cells of workspace-scoped rows.
    workspace: PermissionSet,
    /// The cells of the View column.
    views: PermissionSet,
}

impl TryFrom<Vec<Row>> for Catalogue {
    type Error = &'static str;
    fn try_from(rows: Vec<Row>) -> Result<Self, Self::Error> {
        Self::new(rows).ok_or("a catalogue has too many rows")
    }
}

impl From<Catalogue> for Vec<Row> {
    fn from(catalogue: Catalogue) -> Self {
        catalogue.rows
    }
}

/// A permission name that the catalogue does not have: unknown row, or a cell that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPermission(pub String);

impl fmt::Display for UnknownPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "There is no permission named “{}” in this workspace.",
            self.0
        )
    }
}

impl std::error::Error for UnknownPermission {}

/// Why names do not make an override.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotForOverride {
    /// A name that the catalogue does not have.
    Unknown(UnknownPermission),
    /// A permission that holds for the workspace as a whole.
    WorkspaceScoped(String),
}

impl fmt::Display for NotForOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => unknown.fmt(f),
            Self::WorkspaceScoped(name) => write!(
                f,
                "The permission “{name}” is for the workspace as a whole and can not be overridden in a project."
            ),
        }
    }
}

impl std::error::Error for NotForOverride {}

impl Catalogue {
    /// A catalogue of at most [`MAX_ROWS`] rows; `None` when there are more.
    pub fn new(rows: Vec<Row>) -> Option<Self> {
        if rows.len() > MAX_ROWS {
            return None;
        }
        let mut made = Self {
            rows,
            ..Self::default()
        };
        let cells = |wanted: &dyn Fn(&Row, Action) -> bool| {
            made.cells()
                .filter(|(row, action, _)| wanted(row, *action))
                .fold(PermissionSet::EMPTY, |set, (_, _, bit)| set.with(bit))
        };
        let all = cells(&|_, _| true);
        let workspace = cells(&|row, _| row.scope == Scope::Workspace);
        let views = cells(&|_, action| action == Action::View);
        (made.all, made.workspace, made.views) = (all, workspace, views);
        Some(made)
    }

    /// The rows, in display order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The bit of a cell, if that cell exists.
    pub fn bit(&self, group: &str, action: Action) -> Option<Bit> {
        let row = self.rows.iter().position(|r| r.key == group)?;
        self.rows[row].cells[action as usize].as_ref()?;
        Some(Bit::at(row, action))
    }

    /// The bit of a core permission. Templates without it are refused at start-up; asked of a
    /// catalogue that lacks it, the answer is a bit that no set can hold, so the decision is no.
    pub fn core(&self, permission: CorePermission) -> Bit {
        self.bit(permission.group(), permission.action())
            .unwrap_or(Bit::NEVER)
    }

    /// The bit of a name such as `team:manage`.
    pub fn parse(&self, name: &str) -> Result<Bit, UnknownPermission> {
        name.split_once(':')
            .and_then(|(group, action)| self.bit(group, action.parse().ok()?))
            .ok_or_else(|| UnknownPermission(name.to_owned()))
    }

    /// A set from names, closed under the dependencies of R-38. The first unknown name is the error.
    pub fn set<S: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = S>,
    ) -> Result<PermissionSet, UnknownPermission> {
        let mut set = PermissionSet::EMPTY;
        for name in names {
            set.insert(self.parse(name.as_ref())?);
        }
        Ok(self.closed(set))
    }

    /// A set from stored names: names the catalogue no longer has grant nothing.
    pub fn stored<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> PermissionSet {
        let known = names
            .into_iter()
            .filter_map(|name| self.parse(name.as_ref()).ok());
        self.closed(known.fold(PermissionSet::EMPTY, PermissionSet::with))
    }

    /// Adds View to every row that has Manage or Delete, where View exists.
    #[must_use]
    pub fn closed(&self, mut set: PermissionSet) -> PermissionSet {
        for (index, row) in self.rows.iter().enumerate() {
            let higher = set.contains(Bit::at(index, Action::Manage))
                || set.contains(Bit::at(index, Action::Delete));
            if higher && row.cells[Action::View as usize].is_some() {
                set.insert(Bit::at(index, Action::View));
            }
        }
        set
    }

    /// Every cell that exists.
    pub const fn all(&self) -> PermissionSet {
        self.all
    }

    /// The cells of one scope.
    pub fn scoped(&self, scope: Scope) -> PermissionSet {
        match scope {
            Scope::Workspace => self.workspace,
            Scope::Project => self.all.minus(self.workspace),
        }
    }

    /// The cells of the View column: all that somebody who only looks can use.
    pub const fn views(&self) -> PermissionSet {
        self.views
    }

    /// The row of a key, and its place in the order.
    pub fn row(&self, key: &str) -> Option<(usize, &Row)> {
        self.rows.iter().enumerate().find(|(_, r)| r.key == key)
    }

    /// The row and the action of a bit, if such a cell exists.
    pub fn cell(&self, bit: Bit) -> Option<(&Row, Action)> {
        let row = self.rows.get(usize::from(bit.0) / 3)?;
        let action = Action::ALL[usize::from(bit.0) % 3];
        row.cells[action as usize]
            .is_some()
            .then_some((row, action))
    }

    /// The name of a bit, such as `team:manage`; empty for a cell that does not exist.
    pub fn name(&self, bit: Bit) -> String {
        self.cell(bit)
            .map_or_else(String::new, |(row, action)| format!("{}:{action}", row.key))
    }

    /// A set after somebody switched one cell, closed under R-38 both ways: a cell that is switched
    /// on brings its View along, a View that is switched off takes Manage and Delete with it.
    #[must_use]
    pub fn switched(&self, set: PermissionSet, bit: Bit, on: bool) -> PermissionSet {
        let Some((row, action)) = self.cell(bit) else {
            return set;
        };
        if on {
            return self.closed(set.with(bit));
        }
        let mut gone = PermissionSet::EMPTY.with(bit);
        if action == Action::View {
            for other in Action::ALL {
                gone.insert(self.bit(&row.key, other).unwrap_or(Bit::NEVER));
            }
        }
        set.minus(gone)
    }

    /// A set for an override: as [`Self::set`], and only project-scoped rows (rule 41).
    pub fn override_set<S: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = S>,
    ) -> Result<PermissionSet, NotForOverride> {
        let set = self.set(names).map_err(NotForOverride::Unknown)?;
        let foreign = set.intersection(self.workspace);
        match self.cells().find(|(_, _, bit)| foreign.contains(*bit)) {
            Some((_, _, bit)) => Err(NotForOverride::WorkspaceScoped(self.name(bit))),
            None => Ok(set),
        }
    }

    /// Every existing cell with its row, action and bit, in display order.
    pub fn cells(&self) -> impl Iterator<Item = (&Row, Action, Bit)> {
        self.rows.iter().enumerate().flat_map(|(index, row)| {
            Action::ALL
                .into_iter()
                .filter(|action| row.cells[*action as usize].is_some())
                .map(move |action| (row, action, Bit::at(index, action)))
        })
    }

    /// The names of a set, in display order.
    pub fn names(&self, set: PermissionSet) -> Vec<String> {
        self.cells()
            .filter(|(_, _, bit)| set.contains(*bit))
            .map(|(row, action, _)| format!("{}:{action}", row.key))
            .collect()
    }

    /// How far a set reaches, for the meter: how many rows it can view, manage and delete, of how many.
    pub fn level(&self, set: PermissionSet) -> Level {
        let mut level = Level::default();
        for (_, action, bit) in self.cells() {
            let index = action as usize;
            level.of[index] += 1;
            level.held[index] += u16::from(set.contains(bit));
        }
        level
    }
}

/// How far a permission set reaches, per action: rows held and rows that exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Rows held for view, manage, delete.
    pub held: [u16; 3],
    /// Rows that exist for view, manage, delete.
    pub of: [u16; 3],
}

impl Level {
    /// In words: `View everything, manage 6 of 18, delete nothing`.
    pub fn words(self) -> String {
        let part = |action: Action| {
            let (held, of) = (self.held[action as usize], self.of[action as usize]);
            let extent = match held {
                0 => "nothing".to_owned(),
                _ if held == of => "everything".to_owned(),
                _ => format!("{held} of {of}"),
            };
            format!("{action} {extent}")
        };
        if self.held == [0; 3] {
            return "No access".to_owned();
        }
        let words = Action::ALL.map(part).join(", ");
        format!("V{}", &words[1..])
    }
}

/// The position of one cell in a [`PermissionSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bit(u8);

impl Bit {
    /// A position that no set holds: the answer for a cell that does not exist.
    pub const NEVER: Self = Self(u8::MAX);

    fn at(row: usize, action: Action) -> Self {
        u8::try_from(row * 3 + action as usize).map_or(Self::NEVER, Self)
    }
}

/// A set of permissions. Which bit means what, the [`Catalogue`] knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PermissionSet([u64; WORDS]);

impl PermissionSet {
    /// Nothing.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// Whether it holds the bit; never for [`Bit::NEVER`].
    pub const fn contains(self, bit: Bit) -> bool {
        bit.0 != Bit::NEVER.0 && self.0[(bit.0 / 64) as usize] & (1 << (bit.0 % 64)) != 0
    }

    /// Adds a bit; [`Bit::NEVER`] adds nothing.
    pub fn insert(&mut self, bit: Bit) {
        if bit != Bit::NEVER {
            self.0[usize::from(bit.0 / 64)] |= 1 << (bit.0 % 64);
        }
    }

    /// With one bit more.
    #[must_use]
    pub fn with(mut self, bit: Bit) -> Self {
        self.insert(bit);
        self
    }

    /// What either has.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// What both have.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// What this has and the other has not.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    /// Whether it has all that the other has: the comparison of the grant boundary.
    pub fn includes(self, other: Self) -> bool {
        other.minus(self) == Self::EMPTY
    }

    /// Whether it has nothing.
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// How many permissions it has.
    pub fn len(self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn catalogue() -> Catalogue {
        let row = |key: &str, scope, cells: [bool; 3]| Row {
            key: key.into(),
            title: key.into(),
            category: "Test".into(),
            scope,
            cells: cells.map(|there| there.then(|| "Does it".into())),
        };
        Catalogue::new(vec![
            row("instances", Scope::Project, [true; 3]),
            row("billing", Scope::Workspace, [true, true, false]),
            row("tokens", Scope::Workspace, [false, true, false]),
        ])
        .unwrap()
    }

    #[test]
    fn a_cell_that_does_not_exist_is_refused() {
        for name in [
            "billing:delete",
            "tokens:view",
            "nothing:view",
            "instances",
            "instances:fly",
        ] {
            assert_eq!(catalogue().set([name]), Err(UnknownPermission(name.into())));
        }
    }

    #[test]
    fn manage_brings_view_where_view_exists() {
        let c = catalogue();
        let set = c.set(["instances:delete", "tokens:manage"]).unwrap();
        assert_eq!(
            c.names(set),
            ["instances:view", "instances:delete", "tokens:manage"]
        );
    }

    #[test]
    fn the_level_is_said_in_words() {
        let c = catalogue();
        assert_eq!(c.level(PermissionSet::EMPTY).words(), "No access");
        let set = c.set(["instances:manage"]).unwrap();
        assert_eq!(
            c.level(set).words(),
            "View 1 of 2, manage 1 of 3, delete nothing"
        );
    }

    proptest! {
        #[test]
        fn no_name_whatever_makes_a_cell_that_is_not_there(names in prop::collection::vec("(instances|billing|tokens|team|)(:|::|)(view|manage|delete|fly|)|\\PC{0,12}", 0..6)) {
            let c = catalogue();
            let here = |name: &String| c.parse(name).is_ok();
            let set = c.set(&names);
            prop_assert_eq!(set.is_ok(), names.iter().all(here));
            let stored = c.stored(&names);
            for set in set.into_iter().chain([stored]) {
                prop_assert!(c.all().includes(set));
                prop_assert_eq!(c.closed(set), set);
                prop_assert!(!set.contains(Bit::NEVER));
            }
            for name in names.iter().filter(|name| here(name)) {
                prop_assert_eq!(&c.name(c.parse(name).unwrap()), name);
            }
        }

        #[test]
        fn names_and_sets_are_the_same_thing(picks in prop::collection::vec(any::<bool>(), 6)) {
            let c = catalogue();
            let set = c
                .cells()
                .zip(picks)
                .filter(|(_, picked)| *picked)
                .fold(PermissionSet::EMPTY, |set, ((_, _, bit), _)| set.with(bit));
            let closed = c.closed(set);
            prop_assert_eq!(c.set(c.names(set)).unwrap(), closed);
            prop_assert!(closed.includes(set));
            prop_assert!(c.all().includes(closed));
            prop_assert_eq!(c.closed(closed), closed);
        }
    }
}
