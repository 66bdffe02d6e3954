//! Where settings come from: the environment, then `rolecall.toml`.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use super::{
    Mistake,
    key::{self, Key},
};

/// The file that is read when neither `--config` nor `ROLECALL_CONFIG` names one.
const DEFAULT_FILE: &str = "rolecall.toml";

/// A value with the name under which the operator wrote it.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The environment variable, or `key in path/to/rolecall.toml`.
    pub name: String,
    /// The text; lists are joined by commas.
    pub value: String,
}

/// All settings that were made, and what was wrong with making them.
#[derive(Default)]
pub struct Source {
    settings: HashMap<Key, Setting>,
    /// Unreadable file, unknown keys, values that are no text.
    pub mistakes: Vec<Mistake>,
    /// Environment variables with our prefix that mean nothing.
    pub warnings: Vec<Mistake>,
}

impl Source {
    /// Reads the file and then the environment, which wins.
    pub fn read(file: Option<&Path>, env: &HashMap<String, String>) -> Self {
        let mut source = Self::default();
        let named = file
            .map(Path::to_owned)
            .or_else(|| env.get("ROLECALL_CONFIG").map(PathBuf::from));
        match named {
            Some(path) => source.read_file(&path),
            None if Path::new(DEFAULT_FILE).exists() => source.read_file(Path::new(DEFAULT_FILE)),
            None => {}
        }
        source.read_env(env);
        source
    }

    /// The setting of a key; an empty value counts as not set.
    pub fn get(&self, key: Key) -> Option<&Setting> {
        self.settings
            .get(&key)
            .filter(|setting| !setting.value.trim().is_empty())
    }

    fn read_env(&mut self, env: &HashMap<String, String>) {
        for key in Key::ALL {
            if let Some(value) = env.get(key.env()) {
                let name = key.env().to_owned();
                self.settings.insert(
                    *key,
                    Setting {
                        name,
                        value: value.clone(),
                    },
                );
            }
        }
        let mut unknown: Vec<&String> = env
            .keys()
            .filter(|name| key::is_unknown_env(name))
            .collect();
        unknown.sort();
        for name in unknown {
            let names = Key::ALL.iter().map(|key| key.env().to_owned());
            let message = format!(
                "There is no such setting.{}",
                suggestion(key::nearest(name, names))
            );
            self.warnings.push(Mistake::new(name, message));
        }
    }

    fn read_file(&mut self, path: &Path) {
        let shown = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("The configuration file can not be read: {error}.");
                return self.mistakes.push(Mistake::new(shown, message));
            }
        };
        match text.parse::<toml::Table>() {
            Ok(table) => {
                for (name, value) in table {
                    self.read_entry(&shown, &name, &value);
                }
            }
            Err(error) => self
                .mistakes
                .push(Mistake::new(shown, not_toml(&text, &error))),
        }
    }

    fn read_entry(&mut self, file: &str, name: &str, value: &toml::Value) {
        let shown = format!("{name} in {file}");
        let Some(key) = Key::from_toml(name) else {
            let names = Key::ALL.iter().map(|key| key.toml());
            let nearest = suggestion(key::nearest(&name.to_lowercase(), names));
            let message = format!("There is no such setting.{nearest}");
            return self.mistakes.push(Mistake::new(shown, message));
        };
        if let Some(value) = text_of(value) {
            self.settings.insert(key, Setting { name: shown, value });
        } else {
            let message =
                "Write it as text in quotes; where several are meant, as a list of texts.";
            self.mistakes.push(Mistake::new(shown, message));
        }
    }
}

/// A text, or a list of texts joined by commas.
fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Array(items) => items
            .iter()
            .map(toml::Value::as_str)
            .collect::<Option<Vec<_>>>()
            .map(|all| all.join(",")),
        _ => None,
    }
}

/// Line and reason only: the parser's own text quotes the line, which may hold a password.
fn not_toml(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
    format!(
        "Line {line} is not valid TOML: {}.",
        error.message().lines().next().unwrap_or_default()
    )
}

fn suggestion(nearest: Option<String>) -> String {
    match nearest {
        Some(name) => format!(" Did you mean {name}?"),
        None => " Remove it, or compare it with the list of settings.".to_owned(),
    }
}
