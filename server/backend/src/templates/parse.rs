//! Reads one template file and keeps the line of every mistake.
//!
//! The file is walked by hand instead of through `Deserialize`, which stops at its first mistake:
//! an operator who has five should read five, not start the server five times.

use std::collections::HashSet;

use rolecall_shared::{
    catalogue::{Catalogue, MAX_ROWS, Row},
    permission::{Action, CORE_ROWS, CorePermission, Scope},
    text::NAME_MAX,
};
use toml::de::DeTable;

use super::{
    BuiltInRole, GroupStarter, Permissions, RowNames, Template,
    errors::{Problems, TemplateError},
    table::Table,
};

/// Longest key, in bytes.
pub(super) const KEY_MAX: usize = 40;
/// Longest text of a cell or of one entry of a list, in characters.
pub(super) const LINE_MAX: usize = 120;
/// Longest description, in characters.
pub(super) const DESCRIPTION_MAX: usize = 400;
/// Most roles, and most starters of groups.
pub(super) const MAX_ROLES: usize = 50;
/// Most entries of `best_for` and `restrictions`.
pub(super) const MAX_ENTRIES: usize = 12;

const TEMPLATE_FIELDS: &[&str] = &[
    "key",
    "title",
    "description",
    "default_role",
    "custom_roles",
    "group_required",
    "row",
    "role",
    "group",
];
const ROW_FIELDS: &[&str] = &[
    "key",
    "title",
    "category",
    "scope",
    "view",
    "manage",
    "delete",
    "type",
    "view_action",
    "manage_action",
    "delete_action",
];
const ROLE_FIELDS: &[&str] = &[
    "key",
    "name",
    "description",
    "best_for",
    "restrictions",
    "own_projects_only",
    "permissions",
];
const GROUP_FIELDS: &[&str] = &["name", "description", "permissions"];

/// A template, and the line of its key for the caller to name when the key is taken.
pub(super) struct Parsed {
    pub(super) template: Template,
    pub(super) key_line: usize,
}

/// Reads the text of one file; all its mistakes, by line, if it has any.
pub(super) fn parse(file: &str, text: &str) -> Result<Parsed, Vec<TemplateError>> {
    let mut problems = Problems::new(file, text);
    let (root, syntax) = DeTable::parse_recoverable(text);
    for error in &syntax {
        let offset = error.span().map_or(0, |span| span.start);
        problems.at(
            offset,
            format!(
                "This is not TOML: {}.",
                error.message().trim_end_matches('.')
            ),
        );
    }
    if !problems.is_empty() {
        // What else is said about a file that was read in pieces would mostly be wrong.
        return Err(problems.into_sorted());
    }
    let root = Table {
        fields: root.get_ref(),
        at: 0,
        what: "the template",
    };
    root.refuse_unknown(&mut problems, TEMPLATE_FIELDS);
    match template(&root, &mut problems) {
        Some(parsed) if problems.is_empty() => Ok(parsed),
        _ => Err(problems.into_sorted()),
    }
}

fn template(root: &Table<'_>, problems: &mut Problems<'_>) -> Option<Parsed> {
    let key = root.key(problems);
    let title = root.text(problems, "title", NAME_MAX);
    let description = root.text(problems, "description", DESCRIPTION_MAX);
    let custom_roles = root.flag(problems, "custom_roles");
    let group_required = root.flag(problems, "group_required");
    let (catalogue, names) = rows(root, problems)?;
    let roles = roles(root, problems, &catalogue);
    let group_starters = groups(root, problems, &catalogue);

    let default_role = root.text(problems, "default_role", KEY_MAX);
    if let (Some(name), Some(value)) = (&default_role, root.get("default_role"))
        && !roles.iter().any(|role| role.key == *name)
    {
        let message =
            format!("There is no role with the key “{name}”; default_role must name one.");
        problems.at(value.span().start, message);
    }
    let (key, key_offset) = key?;
    Some(Parsed {
        key_line: problems.line(key_offset),
        template: Template {
            key,
            title: title?,
            description: description?,
            catalogue,
            names,
            roles,
            default_role: default_role?,
            custom_roles,
            group_required,
            group_starters,
        },
    })
}

/// The catalogue of all rows that could be read, so that one bad row does not make every role wrong.
fn rows(root: &Table<'_>, problems: &mut Problems<'_>) -> Option<(Catalogue, Vec<RowNames>)> {
    let mut rows: Vec<Row> = Vec::new();
    let mut names: Vec<RowNames> = Vec::new();
    let mut titles = Unique::new("title of a row");
    for (index, table) in root
        .tables(problems, "row", "a row")
        .into_iter()
        .enumerate()
    {
        if index == MAX_ROWS {
            problems.at(table.at, format!("A template has at most {MAX_ROWS} rows."));
            return None;
        }
        table.refuse_unknown(problems, ROW_FIELDS);
        let key = table.key(problems);
        let title = table.text(problems, "title", NAME_MAX);
        let category = table.text(problems, "category", NAME_MAX);
        titles.check(problems, &table, "title", title.as_ref());
        let cells =
            Action::ALL.map(|action| table.optional_text(problems, action.name(), LINE_MAX));
        let Some((key, offset)) = key else { continue };
        let scope = scope(&table, problems, &key);
        if rows.iter().any(|row| row.key == key) {
            problems.at(
                offset,
                format!("There is already a row with the key “{key}”."),
            );
            continue;
        }
        let has_cell = Action::ALL
            .iter()
            .any(|action| table.get(action.name()).is_some());
        if !has_cell {
            problems.at(
                table.at,
                format!("The row “{key}” has no cell: give it view, manage or delete."),
            );
        }
        check_core_cells(&table, problems, &key);
        // A cell whose text is wrong is reported above and still counts as there.
        let cells = Action::ALL.map(|action| {
            let there = table.get(action.name()).is_some();
            there.then(|| cells[action as usize].clone().unwrap_or_default())
        });
        let (title, category) = (title.unwrap_or_default(), category.unwrap_or_default());
        names.push(row_names(&table, problems, &key, &names));
        rows.push(Row {
            key,
            title,
            category,
            scope,
            cells,
        });
    }
    for (key, _) in CORE_ROWS {
        if !rows.iter().any(|row| row.key == key) {
            let cells = core_cells(key)
                .map(Action::name)
                .collect::<Vec<_>>()
                .join(", ");
            let message = format!(
                "The row “{key}” is missing; every template has it, with the cells: {cells}."
            );
            problems.at(root.at, message);
        }
    }
    Some((Catalogue::new(rows)?, names))
}

/// What other services call a row and its actions; without words of its own: as we do.
fn row_names(
    table: &Table<'_>,
    problems: &mut Problems<'_>,
    key: &str,
    others: &[RowNames],
) -> RowNames {
    let kind = table.optional_text(problems, "type", KEY_MAX);
    let kind = kind.unwrap_or_else(|| key.to_owned());
    if others.iter().any(|other| other.kind == kind) {
        let message = format!("There is already a row with the type “{kind}”.");
        problems.at(table.at, message);
    }
    let actions = Action::ALL.map(|action| {
        let field = format!("{}_action", action.name());
        let word = table.optional_text(problems, &field, KEY_MAX);
        word.unwrap_or_else(|| action.name().to_owned())
    });
    let [view, manage, delete] = &actions;
    if view == manage || view == delete || manage == delete {
        let message = format!("Two actions of the row “{key}” have the same name.");
        problems.at(table.at, message);
    }
    RowNames { kind, actions }
}

/// The scope of a row: fixed for core rows, else as written, else a project's.
fn scope(table: &Table<'_>, problems: &mut Problems<'_>, key: &str) -> Scope {
    let core = CORE_ROWS
        .iter()
        .find(|(row, _)| *row == key)
        .map(|(_, scope)| *scope);
    let Some(value) = table.get("scope") else {
        return core.unwrap_or(Scope::Project);
    };
    let written = match value.get_ref().as_str() {
        Some("workspace") => Scope::Workspace,
        Some("project") => Scope::Project,
        _ => {
            problems.at(
                value.span().start,
                "A scope is \"project\" or \"workspace\".",
            );
            return core.unwrap_or(Scope::Project);
        }
    };
    if core.is_some_and(|scope| scope != written) {
        let message = format!("The scope of “{key}” is fixed; leave this line out.");
        problems.at(value.span().start, message);
    }
    core.unwrap_or(written)
}

fn core_cells(key: &str) -> impl Iterator<Item = Action> {
    CorePermission::ALL
        .iter()
        .filter(move |p| p.group() == key)
        .map(|p| p.action())
}

/// Core rows have exactly the cells that the console enforces.
fn check_core_cells(table: &Table<'_>, problems: &mut Problems<'_>, key: &str) {
    if !CORE_ROWS.iter().any(|(row, _)| *row == key) {
        return;
    }
    for action in Action::ALL {
        let wanted = core_cells(key).any(|cell| cell == action);
        match table.get(action.name()) {
            None if wanted => {
                problems.at(
                    table.at,
                    format!("The row “{key}” needs the cell “{action}”."),
                );
            }
            Some(value) if !wanted => {
                let message = format!("The row “{key}” can not have the cell “{action}”.");
                problems.at(value.span().start, message);
            }
            _ => {}
        }
    }
}

fn roles(root: &Table<'_>, problems: &mut Problems<'_>, catalogue: &Catalogue) -> Vec<BuiltInRole> {
    let tables = root.tables(problems, "role", "a role");
    if tables.is_empty() {
        problems.at(root.at, "A template needs at least one role.");
    }
    let mut roles: Vec<BuiltInRole> = Vec::new();
    let mut names = Unique::new("name of a role");
    for (index, table) in tables.into_iter().enumerate() {
        if index == MAX_ROLES {
            problems.at(
                table.at,
                format!("A template has at most {MAX_ROLES} roles."),
            );
            break;
        }
        table.refuse_unknown(problems, ROLE_FIELDS);
        let key = table.key(problems);
        let name = table.text(problems, "name", NAME_MAX);
        names.check(problems, &table, "name", name.as_ref());
        let description = table.text(problems, "description", DESCRIPTION_MAX);
        let best_for = table.texts(problems, "best_for");
        let restrictions = table.texts(problems, "restrictions");
        let own_projects_only = table.flag(problems, "own_projects_only");
        let permissions = match table.get("permissions") {
            Some(value) if value.get_ref().as_str() == Some("all") => Permissions::All,
            _ => Permissions::Listed(table.permissions(problems, catalogue, "\"all\" or a list")),
        };
        let Some((key, offset)) = key else { continue };
        if roles.iter().any(|role| role.key == key) {
            problems.at(
                offset,
                format!("There is already a role with the key “{key}”."),
            );
            continue;
        }
        roles.push(BuiltInRole {
            key,
            name: name.unwrap_or_default(),
            description: description.unwrap_or_default(),
            best_for,
            restrictions,
            own_projects_only,
            permissions,
        });
    }
    roles
}

fn groups(
    root: &Table<'_>,
    problems: &mut Problems<'_>,
    catalogue: &Catalogue,
) -> Vec<GroupStarter> {
    let mut starters = Vec::new();
    let mut names = Unique::new("name of a group");
    for (index, table) in root
        .tables(problems, "group", "a group")
        .into_iter()
        .enumerate()
    {
        if index == MAX_ROLES {
            problems.at(
                table.at,
                format!("A template has at most {MAX_ROLES} groups."),
            );
            break;
        }
        table.refuse_unknown(problems, GROUP_FIELDS);
        let name = table.text(problems, "name", NAME_MAX);
        names.check(problems, &table, "name", name.as_ref());
        starters.push(GroupStarter {
            name: name.unwrap_or_default(),
            description: table
                .text(problems, "description", DESCRIPTION_MAX)
                .unwrap_or_default(),
            permissions: table.permissions(problems, catalogue, "a list"),
        });
    }
    starters
}

/// Names that must differ in more than upper and lower case.
struct Unique {
    what: &'static str,
    seen: HashSet<String>,
}

impl Unique {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            seen: HashSet::new(),
        }
    }

    fn check(
        &mut self,
        problems: &mut Problems<'_>,
        table: &Table<'_>,
        field: &str,
        name: Option<&String>,
    ) {
        let Some(name) = name else { return };
        if !self.seen.insert(name.to_lowercase()) {
            let offset = table
                .get(field)
                .map_or(table.at, |value| value.span().start);
            let message = format!(
                "“{name}” is already the {}; upper and lower case count as the same.",
                self.what
            );
            problems.at(offset, message);
        }
    }
}
