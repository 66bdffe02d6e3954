//! Permission sets in words.

use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    permission::{Action, Scope},
    text::count,
};

/// What people read of an action.
pub const fn action_title(action: Action) -> &'static str {
    match action {
        Action::View => "View",
        Action::Manage => "Manage",
        Action::Delete => "Delete",
    }
}

/// A set in words: "Can view everything, manage 6 services, delete nothing". With a scope, only its
/// rows count.
pub fn summary(catalogue: &Catalogue, set: PermissionSet, scope: Option<Scope>) -> String {
    let held = scope.map_or(set, |scope| set.intersection(catalogue.scoped(scope)));
    let of = scope.map_or(catalogue.all(), |scope| catalogue.scoped(scope));
    if held.is_empty() {
        return "No access".to_owned();
    }
    let (held, of) = (catalogue.level(held).held, catalogue.level(of).held);
    let parts = Action::ALL.map(|action| {
        let (held, of) = (
            usize::from(held[action as usize]),
            usize::from(of[action as usize]),
        );
        let extent = match held {
            0 => "nothing".to_owned(),
            _ if held == of => "everything".to_owned(),
            _ => count(held, "service", "services"),
        };
        format!("{action} {extent}")
    });
    format!("Can {}", parts.join(", "))
}

/// A permission's name in words: "Instances: manage"; the name itself where the catalogue lacks it.
pub fn cell_words(catalogue: &Catalogue, name: &str) -> String {
    let cell = catalogue
        .parse(name)
        .ok()
        .and_then(|bit| catalogue.cell(bit));
    cell.map_or_else(
        || name.to_owned(),
        |(row, action)| format!("{}: {action}", row.title),
    )
}

/// How many cells differ.
pub fn changed(before: PermissionSet, after: PermissionSet) -> usize {
    before.minus(after).len() + after.minus(before).len()
}

#[cfg(test)]
mod tests {
    use rolecall_shared::catalogue::Row;

    use super::*;

    #[test]
    fn a_set_is_said_in_words_by_itself_and_within_a_scope() {
        let row = |key: &str, scope, cells: [bool; 3]| Row {
            key: key.into(),
            title: "Data".into(),
            category: "Test".into(),
            scope,
            cells: cells.map(|there| there.then(|| "Does it".into())),
        };
        let c = Catalogue::new(vec![
            row("data", Scope::Project, [true; 3]),
            row("team", Scope::Workspace, [true, true, false]),
        ])
        .unwrap();
        let set = c.set(["data:manage"]).unwrap();
        assert_eq!(
            summary(&c, set, None),
            "Can view 1 service, manage 1 service, delete nothing"
        );
        assert_eq!(
            summary(&c, set, Some(Scope::Project)),
            "Can view everything, manage everything, delete nothing"
        );
        assert_eq!(summary(&c, set, Some(Scope::Workspace)), "No access");
        assert_eq!(cell_words(&c, "data:manage"), "Data: manage");
        assert_eq!(cell_words(&c, "gone:view"), "gone:view");
        assert_eq!(changed(set, c.set(["data:view", "team:view"]).unwrap()), 2);
    }
}
