//! What can be edited of a role, and how two people's edits come together. Nothing of a browser here.

use rolecall_shared::{
    catalogue::{Bit, Catalogue, PermissionSet},
    role::RoleDraft,
};

/// The fields of the editor, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub name: String,
    pub description: String,
    pub own_projects_only: bool,
    pub set: PermissionSet,
}

/// One field, or one cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Name,
    Description,
    OwnProjects,
    Cell(Bit),
}

impl Fields {
    /// The fields as the server says them.
    pub fn of(draft: &RoleDraft, catalogue: &Catalogue) -> Self {
        Self {
            name: draft.name.clone(),
            description: draft.description.clone(),
            own_projects_only: draft.own_projects_only,
            set: catalogue.stored(&draft.permissions),
        }
    }

    /// The order to save them.
    pub fn draft(&self, catalogue: &Catalogue) -> RoleDraft {
        RoleDraft {
            name: self.name.clone(),
            description: self.description.clone(),
            permissions: catalogue.names(self.set),
            own_projects_only: self.own_projects_only,
        }
    }

    /// Where two differ, in the order of the page.
    pub fn differing(&self, other: &Self, catalogue: &Catalogue) -> Vec<Part> {
        let fields = [
            (self.name != other.name, Part::Name),
            (self.description != other.description, Part::Description),
            (
                self.own_projects_only != other.own_projects_only,
                Part::OwnProjects,
            ),
        ];
        let cells = catalogue
            .cells()
            .filter(|(_, _, bit)| self.set.contains(*bit) != other.set.contains(*bit))
            .map(|(_, _, bit)| Part::Cell(bit));
        let fields = fields
            .into_iter()
            .filter_map(|(differs, part)| differs.then_some(part));
        fields.chain(cells).collect()
    }

    /// Whether two are the same in one part.
    pub fn same(&self, other: &Self, part: Part) -> bool {
        match part {
            Part::Name => self.name == other.name,
            Part::Description => self.description == other.description,
            Part::OwnProjects => self.own_projects_only == other.own_projects_only,
            Part::Cell(bit) => self.set.contains(bit) == other.set.contains(bit),
        }
    }

    /// What is saved by now, with these parts taken from `mine`; closed under R-38.
    pub fn merged(mine: &Self, theirs: &Self, kept: &[Part], catalogue: &Catalogue) -> Self {
        kept.iter().fold(theirs.clone(), |mut all, part| {
            match *part {
                Part::Name => all.name.clone_from(&mine.name),
                Part::Description => all.description.clone_from(&mine.description),
                Part::OwnProjects => all.own_projects_only = mine.own_projects_only,
                Part::Cell(bit) => {
                    all.set = catalogue.switched(all.set, bit, mine.set.contains(bit));
                }
            }
            all
        })
    }
}

#[cfg(test)]
mod tests {
    use rolecall_shared::{catalogue::Row, permission::Scope};

    use super::*;

    fn catalogue() -> Catalogue {
        let row = |key: &str| Row {
            key: key.into(),
            title: key.into(),
            category: "Test".into(),
            scope: Scope::Project,
            cells: [(); 3].map(|()| Some("Does it".into())),
        };
        Catalogue::new(vec![row("a"), row("b")]).unwrap()
    }

    fn fields(name: &str, permissions: &[&str]) -> Fields {
        Fields {
            name: name.into(),
            set: catalogue().set(permissions).unwrap(),
            ..Fields::default()
        }
    }

    #[test]
    fn what_differs_is_named_part_by_part() {
        let c = catalogue();
        let parts = fields("x", &["a:view"]).differing(&fields("y", &["b:view"]), &c);
        let cell = |name| Part::Cell(c.parse(name).unwrap());
        assert_eq!(parts, [Part::Name, cell("a:view"), cell("b:view")]);
    }

    #[test]
    fn a_merge_keeps_my_parts_and_takes_all_others_from_them() {
        let c = catalogue();
        let (mine, theirs) = (fields("x", &["a:manage"]), fields("y", &["b:view"]));
        let kept = [Part::Cell(c.parse("a:manage").unwrap())];
        let merged = Fields::merged(&mine, &theirs, &kept, &c);
        assert_eq!(merged, fields("y", &["a:manage", "b:view"]));
        assert_eq!(Fields::merged(&mine, &theirs, &[], &c), theirs);
    }
}
