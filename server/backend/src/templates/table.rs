//! One table of a template file, read field by field with the place of every mistake.

use rolecall_shared::{
    catalogue::{Catalogue, PermissionSet},
    text::tidy,
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    errors::Problems,
    parse::{KEY_MAX, LINE_MAX, MAX_ENTRIES},
};

/// One table of the file: where it begins, and how a message calls it.
pub(super) struct Table<'t> {
    pub(super) fields: &'t DeTable<'t>,
    pub(super) at: usize,
    pub(super) what: &'static str,
}

impl<'t> Table<'t> {
    pub(super) fn get(&self, field: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.fields.get(field)
    }

    pub(super) fn refuse_unknown(&self, problems: &mut Problems<'_>, known: &[&str]) {
        for key in self.fields.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let message = format!(
                    "{} has no field “{name}”; it has {}.",
                    capital(self.what),
                    known.join(", ")
                );
                problems.at(key.span().start, message);
            }
        }
    }

    /// The field `key` and where it stands.
    pub(super) fn key(&self, problems: &mut Problems<'_>) -> Option<(String, usize)> {
        let Some(value) = self.get("key") else {
            problems.at(self.at, format!("{} needs a key.", capital(self.what)));
            return None;
        };
        let offset = value.span().start;
        let allowed =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        match value.get_ref().as_str() {
            Some(key) if (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(allowed) => {
                Some((key.to_owned(), offset))
            }
            _ => {
                let message = format!(
                    "A key is 1 to {KEY_MAX} of the characters a-z, 0-9, _ and -, in quotes."
                );
                problems.at(offset, message);
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn text(
        &self,
        problems: &mut Problems<'_>,
        field: &str,
        max: usize,
    ) -> Option<String> {
        if self.get(field).is_none() {
            problems.at(
                self.at,
                format!("{} needs the field “{field}”.", capital(self.what)),
            );
        }
        self.optional_text(problems, field, max)
    }

    pub(super) fn optional_text(
        &self,
        problems: &mut Problems<'_>,
        field: &str,
        max: usize,
    ) -> Option<String> {
        read_text(problems, self.get(field)?, field, max)
    }

    /// A list of short texts; a missing field is an empty list.
    pub(super) fn texts(&self, problems: &mut Problems<'_>, field: &str) -> Vec<String> {
        let Some(value) = self.get(field) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            problems.at(value.span().start, format!("“{field}” is a list of texts."));
            return Vec::new();
        };
        if array.len() > MAX_ENTRIES {
            problems.at(
                value.span().start,
                format!("“{field}” has at most {MAX_ENTRIES} entries."),
            );
        }
        array
            .iter()
            .filter_map(|entry| read_text(problems, entry, field, LINE_MAX))
            .collect()
    }

    /// True or false; a missing field is false.
    pub(super) fn flag(&self, problems: &mut Problems<'_>, field: &str) -> bool {
        let Some(value) = self.get(field) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            problems.at(
                value.span().start,
                format!("“{field}” is true or false, without quotes."),
            );
            false
        })
    }

    /// The tables written as `[[field]]`.
    pub(super) fn tables(
        &self,
        problems: &mut Problems<'_>,
        field: &str,
        what: &'static str,
    ) -> Vec<Table<'t>> {
        let Some(value) = self.get(field) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            problems.at(
                value.span().start,
                format!("Write [[{field}]], with two brackets, before each one."),
            );
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(array.len());
        for entry in array {
            let at = entry.span().start;
            match entry.get_ref().as_table() {
                Some(fields) => tables.push(Table { fields, at, what }),
                None => problems.at(at, format!("Write [[{field}]] before each one.")),
            }
        }
        tables
    }

    /// The list of permissions, as `super` describes it.
    pub(super) fn permissions(
        &self,
        problems: &mut Problems<'_>,
        catalogue: &Catalogue,
        form: &str,
    ) -> PermissionSet {
        let mut set = PermissionSet::EMPTY;
        let Some(value) = self.get("permissions") else {
            problems.at(
                self.at,
                format!(
                    "{} needs the field “permissions”: {form}.",
                    capital(self.what)
                ),
            );
            return set;
        };
        let Some(array) = value.get_ref().as_array() else {
            problems.at(value.span().start, format!("“permissions” is {form}."));
            return set;
        };
        for entry in array {
            let at = entry.span().start;
            let Some(pattern) = entry.get_ref().as_str() else {
                problems.at(at, "A permission is a text such as \"team:view\".");
                continue;
            };
            let (removes, name) = pattern
                .strip_prefix('-')
                .map_or((false, pattern), |n| (true, n));
            let matched = matching(catalogue, name);
            if matched.is_empty() {
                problems.at(
                    at,
                    format!("There is no permission “{name}” in this template."),
                );
            } else if !removes {
                set = set.union(matched);
            } else if set.intersection(matched).is_empty() {
                problems.at(
                    at,
                    format!("“{pattern}” takes nothing away; put it after what gives it."),
                );
            } else {
                set = set.minus(matched);
            }
        }
        let missing = catalogue.names(catalogue.closed(set).minus(set));
        if let Some(view) = missing.first() {
            let message =
                format!("Manage and delete need view of the same row: “{view}” is missing here.");
            problems.at(value.span().start, message);
        }
        set
    }
}

/// The cells that `row:action` means, where either half can be `*`; a `*` stands for the cells that exist.
pub(super) fn matching(catalogue: &Catalogue, pattern: &str) -> PermissionSet {
    let Some((group, action)) = pattern.split_once(':') else {
        return PermissionSet::EMPTY;
    };
    catalogue
        .cells()
        .filter(|(row, cell, _)| {
            (group == "*" || group == row.key) && (action == "*" || action == cell.name())
        })
        .fold(PermissionSet::EMPTY, |set, (_, _, bit)| set.with(bit))
}

pub(super) fn read_text(
    problems: &mut Problems<'_>,
    value: &Spanned<DeValue<'_>>,
    field: &str,
    max: usize,
) -> Option<String> {
    let at = value.span().start;
    let Some(text) = value.get_ref().as_str() else {
        problems.at(at, format!("“{field}” is a text in quotes."));
        return None;
    };
    let length = text.chars().count();
    if text.trim().is_empty() {
        problems.at(at, format!("“{field}” is empty."));
    } else if length > max {
        problems.at(
            at,
            format!("“{field}” has at most {max} characters; this has {length}."),
        );
    } else if tidy(text) != text {
        let message = format!(
            "“{field}” has blanks at its ends, two in a row, or characters that can not be shown."
        );
        problems.at(at, message);
    } else {
        return Some(text.to_owned());
    }
    None
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
