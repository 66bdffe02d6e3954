//! Workspace templates: which permissions exist in a workspace and which roles it begins with.
//!
//! A template is a TOML file. Five are built into the program; an operator adds a folder of
//! their own. All are checked when the server starts, and every mistake of every file is
//! reported at once with file and line.
//!
//! # The file
//!
//! ```toml
//! key = "workshop"                  # a-z, 0-9, _ and -; never changes once workspaces use it
//! title = "Workshop"
//! description = "Machines and bookings of a shared workshop."
//! default_role = "guest"            # the key of the role that an invitation offers first
//! custom_roles = true               # may a workspace make roles of its own? (false if left out)
//! group_required = false            # does an invitation need a group? (false if left out)
//!
//! [[row]]                           # one service group, in the order of the matrix
//! key = "machines"
//! title = "Machines"
//! category = "Workshop"             # the heading it stands under
//! scope = "project"                 # or "workspace"; "project" if left out
//! view = "See machines"             # a cell exists if it has a text
//! manage = "Book machines"
//! type = "machine"                  # what services that ask for decisions call it; its key if left out
//! view_action = "read"              # what they call the three actions; if left out:
//! manage_action = "write"           # view, manage and delete
//!
//! [[role]]                          # one built-in role
//! key = "guest"
//! name = "Guest"
//! description = "Can look around."
//! best_for = ["Visitors"]           # for whom it is
//! restrictions = ["Book machines"]  # each completes "Can not …"
//! own_projects_only = false         # project permissions only in projects the member created
//! permissions = ["machines:view"]
//!
//! [[group]]                         # a group offered for creation with one click
//! name = "Bookers"
//! description = "May book machines."
//! permissions = ["machines:view", "machines:manage"]
//! ```
//!
//! The rows `team` (view, manage), `tokens` (manage), `projects` (view, manage, delete), `billing`
//! (view, manage), `audit` (view) and `settings` (view, manage) must be there with exactly these
//! cells and without a scope of their own choice: the console enforces them itself.
//!
//! # Permissions of a role
//!
//! `permissions = "all"` is every cell of the template, worked out from the rows each time and
//! never stored, so that a row added later is included (R-40). Otherwise it is a list that is read
//! from left to right: `row:action` gives one cell; `*` in place of the row or the action gives
//! every cell that exists there; a leading `-` takes away what stood before it. `["*:view",
//! "*:manage", "-team:manage"]` is to see everything and manage everything but the team. An entry
//! that means no existing cell is a mistake, and so is manage or delete without view of the same
//! row where that row has a view cell (R-38).

mod errors;
mod parse;
mod table;

use std::{collections::HashMap, path::Path};

pub use errors::TemplateError;
use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet, Row},
    permission::Action,
};

/// Largest template file, in bytes.
const FILE_MAX: u64 = 256 * 1024;

/// The built-in templates in the order in which they are offered; the first is the default.
const BUILT_IN: [(&str, &str); 5] = [
    (
        "cloud-account.toml",
        include_str!("../../templates/cloud-account.toml"),
    ),
    (
        "delivery-platform.toml",
        include_str!("../../templates/delivery-platform.toml"),
    ),
    (
        "engineering-workspace.toml",
        include_str!("../../templates/engineering-workspace.toml"),
    ),
    ("portal.toml", include_str!("../../templates/portal.toml")),
    (
        "acl-groups.toml",
        include_str!("../../templates/acl-groups.toml"),
    ),
];

/// What a role may do, as the template says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// Every cell there is, whatever rows come later.
    All,
    /// These cells.
    Listed(PermissionSet),
}

/// A role that every workspace of the template has; nobody can edit or delete it (R-39).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltInRole {
    /// Stable key, unique in the template.
    pub key: String,
    /// What people read, such as "Operator".
    pub name: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// For whom it is.
    pub best_for: Vec<String>,
    /// What it can not do; each entry completes "Can not …".
    pub restrictions: Vec<String>,
    /// Whether its project-scoped permissions hold only in projects that the member created.
    pub own_projects_only: bool,
    /// What it may do.
    pub permissions: Permissions,
}

impl BuiltInRole {
    /// Its permissions in the catalogue of its template.
    pub fn set(&self, catalogue: &Catalogue) -> PermissionSet {
        match self.permissions {
            Permissions::All => catalogue.all(),
            Permissions::Listed(set) => set,
        }
    }
}

/// A group that the console offers to create with one click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupStarter {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub description: String,
    /// What it gives.
    pub permissions: PermissionSet,
}

/// What a workspace is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Stable key; a workspace names its template by it.
    pub key: String,
    /// What people read, such as "Cloud account".
    pub title: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// The rows of the matrix.
    pub catalogue: Catalogue,
    /// What other services call each row and its actions, in the same order.
    pub names: Vec<RowNames>,
    /// The roles that every workspace of it has, in the order people see them.
    pub roles: Vec<BuiltInRole>,
    /// The key of the role that an invitation offers first.
    pub default_role: String,
    /// Whether a workspace can make roles of its own.
    pub custom_roles: bool,
    /// Whether an invitation needs a group.
    pub group_required: bool,
    /// Groups offered for creation with one click.
    pub group_starters: Vec<GroupStarter>,
}

impl Template {
    /// The row that other services call so, and what they call its actions.
    pub fn spoken(&self, kind: &str) -> Option<(&Row, &RowNames)> {
        let at = self.names.iter().position(|names| names.kind == kind)?;
        Some((self.catalogue.rows().get(at)?, &self.names[at]))
    }

    /// A built-in role by its key.
    pub fn role(&self, key: &str) -> Option<&BuiltInRole> {
        self.roles.iter().find(|role| role.key == key)
    }
}

/// What services that ask for decisions call a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowNames {
    /// The type of its resources.
    pub kind: String,
    /// Its actions, in the order view, manage, delete.
    pub actions: [String; 3],
}

impl RowNames {
    /// The action that is called so.
    pub fn action(&self, name: &str) -> Option<Action> {
        let at = self.actions.iter().position(|action| action == name)?;
        Some(Action::ALL[at])
    }
}

/// All templates of this installation.
#[derive(Clone, Debug)]
pub struct Templates(Vec<Template>);

impl Templates {
    /// The built-in templates and each `*.toml` of the operator's folder, in order of file names.
    /// On any mistake: all mistakes of all files.
    pub fn load(dir: Option<&Path>) -> Result<Self, Vec<TemplateError>> {
        let mut loading = Loading::default();
        for (file, text) in BUILT_IN {
            loading.add(&format!("built-in {file}"), text);
        }
        if let Some(dir) = dir {
            loading.add_folder(dir);
        }
        if loading.errors.is_empty() {
            Ok(Self(loading.templates))
        } else {
            Err(loading.errors)
        }
    }

    /// A template by its key.
    pub fn get(&self, key: &str) -> Option<&Template> {
        self.0.iter().find(|template| template.key == key)
    }

    /// All templates, in the order in which they are offered.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.0.iter()
    }
}

#[derive(Default)]
struct Loading {
    templates: Vec<Template>,
    /// Key of each template so far, and the file that has it.
    keys: HashMap<String, String>,
    errors: Vec<TemplateError>,
}

impl Loading {
    fn add(&mut self, file: &str, text: &str) {
        match parse::parse(file, text) {
            Err(errors) => self.errors.extend(errors),
            Ok(parsed) => {
                let key = parsed.template.key.clone();
                if let Some(other) = self.keys.get(&key) {
                    let message = format!("The key “{key}” is taken by {other}; choose another.");
                    self.error(file, Some(parsed.key_line), message);
                } else {
                    self.keys.insert(key, file.to_owned());
                    self.templates.push(parsed.template);
                }
            }
        }
    }

    fn add_folder(&mut self, dir: &Path) {
        let folder = dir.display().to_string();
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => {
                return self.error(
                    &folder,
                    None,
                    format!("The folder can not be read: {error}."),
                );
            }
        };
        let mut paths = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => paths.push(entry.path()),
                Err(error) => self.error(
                    &folder,
                    None,
                    format!("The folder can not be read: {error}."),
                ),
            }
        }
        paths.retain(|path| path.extension().is_some_and(|end| end == "toml") && !path.is_dir());
        paths.sort();
        for path in paths {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            match read(&path) {
                Ok(text) => self.add(&file, &text),
                Err(message) => self.error(&file, None, message),
            }
        }
    }

    fn error(&mut self, file: &str, line: Option<usize>, message: String) {
        self.errors.push(TemplateError {
            file: file.to_owned(),
            line,
            message,
        });
    }
}

fn read(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("The file can not be read: {error}.");
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > FILE_MAX {
        return Err(format!("The file is larger than {FILE_MAX} bytes."));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|_| "The file is not UTF-8 text.".to_owned())
}

#[cfg(test)]
mod tests;
