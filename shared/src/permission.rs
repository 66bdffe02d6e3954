//! Permissions: `group:action`, and the ones that the console itself enforces.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What can be done with a service group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// See it.
    View,
    /// Create and modify it.
    Manage,
    /// Destroy it.
    Delete,
}

impl Action {
    /// All three, in the order of the matrix columns.
    pub const ALL: [Self; 3] = [Self::View, Self::Manage, Self::Delete];

    /// The wire form: `view`, `manage`, `delete`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Manage => "manage",
            Self::Delete => "delete",
        }
    }
}

impl FromStr for Action {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|a| a.name() == text).ok_or(())
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a service group's permissions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Only for the workspace as a whole; never in an override (rule 41).
    Workspace,
    /// In each project; an override can replace it there.
    Project,
}

/// Makes the core permissions: the enum, its wire names, and the table of rows that every
/// template must have. `backend::authz` makes a marker type per line of the same table.
#[macro_export]
macro_rules! core_permissions {
    ($apply:ident) => {
        $apply! {
            TeamView: "team", View, "see who is in the workspace";
            TeamManage: "team", Manage, "invite, change and remove people";
            TokensManage: "tokens", Manage, "create and revoke API tokens";
            ProjectsView: "projects", View, "see projects";
            ProjectsManage: "projects", Manage, "create and change projects";
            ProjectsDelete: "projects", Delete, "delete projects";
            BillingView: "billing", View, "see billing";
            BillingManage: "billing", Manage, "manage billing";
            AuditView: "audit", View, "read the audit trail";
            SettingsView: "settings", View, "see the settings of the workspace";
            SettingsManage: "settings", Manage, "change the settings of the workspace";
        }
    };
}

macro_rules! core_enum {
    ($($variant:ident: $group:literal, $action:ident, $deed:literal;)+) => {
        /// A permission that the console itself enforces; exists in every template (`product.md` §3.1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum CorePermission {
            $(#[doc = concat!("`", $group, "`: ", $deed, ".")] $variant,)+
        }

        impl CorePermission {
            /// Every core permission.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The key of its row.
            pub const fn group(self) -> &'static str {
                match self { $(Self::$variant => $group,)+ }
            }

            /// Its column.
            pub const fn action(self) -> Action {
                match self { $(Self::$variant => Action::$action,)+ }
            }

            /// What it lets a person do, to complete "You may not …".
            pub const fn deed(self) -> &'static str {
                match self { $(Self::$variant => $deed,)+ }
            }
        }
    };
}
core_permissions!(core_enum);

impl fmt::Display for CorePermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.group(), self.action())
    }
}

/// Keys and scopes of the rows that every template has: the console enforces them itself.
pub const CORE_ROWS: [(&str, Scope); 6] = [
    ("team", Scope::Workspace),
    ("tokens", Scope::Workspace),
    ("projects", Scope::Project),
    ("billing", Scope::Workspace),
    ("audit", Scope::Workspace),
    ("settings", Scope::Workspace),
];
