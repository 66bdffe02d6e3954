//! Rules of the code base that no compiler checks (ARCHITECTURE.md, "Invariants").
#![expect(clippy::expect_used, reason = "a test that can not go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the server has a parent folder")
        .to_owned()
}

/// All files below the folders with one of the endings, as (path from the root, content).
fn files(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)
            .unwrap_or_else(|_| panic!("{} is there", folder.display()))
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|e| endings.iter().any(|x| e == *x))
            {
                let name = path
                    .strip_prefix(root())
                    .expect("below the root")
                    .display()
                    .to_string();
                found.push((name, fs::read_to_string(&path).expect("readable text")));
            }
        }
    }
    assert!(
        !found.is_empty(),
        "no files below {folders:?}: was a folder renamed?"
    );
    found.sort();
    found
}

fn all_rust() -> Vec<(String, String)> {
    files(
        &[
            "shared/src",
            "app/src",
            "frontend/src",
            "server/src",
            "server/tests",
            "server/backend",
        ],
        &["rs"],
    )
}

fn complain(rule: &str, offenders: &[String]) {
    assert!(
        offenders.is_empty(),
        "{rule}:\n  {}",
        offenders.join("\n  ")
    );
}

/// Lines that contain one of the needles, as `file:line`.
fn lines_with(files: Vec<(String, String)>, needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files {
        for (number, line) in text.lines().enumerate() {
            if needles.iter().any(|needle| line.contains(needle)) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn only_the_store_speaks_sql() {
    let sources = all_rust().into_iter().filter(|(name, _)| {
        !name.starts_with("server/backend/src/store/")
            && !name.starts_with("server/backend/tests/")
            // Reads the file beside the server, to believe nothing that the server says of itself.
            && !name.starts_with("server/tests/kill/")
            && !name.ends_with("tidy.rs")
    });
    complain(
        "sqlx outside backend::store",
        &lines_with(sources.collect(), &["sqlx::", "sqlx!"]),
    );
}

#[test]
fn what_only_reads_tells_when_nobody_is_at_the_page() {
    let mut marked = Vec::new();
    for (_, text) in files(&["app/src/api"], &["rs"]) {
        for attribute in text.split("#[server(").skip(1) {
            let attribute = attribute.split(")]").next().unwrap_or_default();
            let name = attribute.split("endpoint = \"").nth(1);
            let name = name.and_then(|rest| rest.split('"').next());
            if attribute.contains("client = Reading") {
                marked.push(name.unwrap_or_default().to_owned());
            }
        }
    }
    marked.sort();
    assert_eq!(
        marked,
        rolecall_app::api::READING,
        "the functions of READING, and only they, have `client = Reading`"
    );
}

#[test]
fn only_what_reads_runs_while_somebody_views_as_a_member() {
    let mut offenders = Vec::new();
    for (file, text) in files(&["app/src/api"], &["rs"]) {
        for part in text.split("#[server(").skip(1) {
            let name = part.split("endpoint = \"").nth(1);
            let name = name.and_then(|rest| rest.split('"').next());
            let name = name.unwrap_or_default();
            let calls = |entries: &[&str]| {
                let mut entries = entries.iter();
                entries.any(|entry| part.contains(&format!("super::{entry}(")))
            };
            let reads = rolecall_app::api::READING.contains(&name);
            let fits = if reads {
                calls(&["read", "look", "personal"]) && !calls(&["change"])
            } else {
                calls(&["change"]) && !calls(&["read", "look", "personal"])
            };
            if !fits {
                offenders.push(format!("{file}: {name}"));
            }
        }
    }
    complain(
        "functions of READING are run with `read`, `look` or `personal`, all others with `change`",
        &offenders,
    );
}

#[test]
fn shared_has_no_input_or_output() {
    let manifest = fs::read_to_string(root().join("shared/Cargo.toml")).expect("a manifest");
    let (dependencies, _) = manifest
        .split_once("[dependencies]")
        .and_then(|(_, rest)| rest.split_once("[dev-dependencies]"))
        .expect("a list of dependencies");
    for banned in [
        "leptos",
        "axum",
        "tokio",
        "sqlx",
        "chrono",
        "rand",
        "getrandom",
        "reqwest",
    ] {
        assert!(!dependencies.contains(banned), "shared depends on {banned}");
    }
    let sources = files(&["shared/src"], &["rs"]);
    let banned = [
        "std::fs",
        "std::net",
        "std::env",
        "std::time",
        "std::process",
        "std::thread",
    ];
    complain("shared does input or output", &lines_with(sources, &banned));
}

#[test]
fn nothing_imports_the_server_or_the_frontend() {
    let inner = files(&["shared/src", "app/src", "server/backend/src"], &["rs"]);
    complain(
        "imports against the grain",
        &lines_with(inner, &["rolecall_server", "rolecall_frontend"]),
    );
    let backend = files(&["shared/src", "server/backend/src"], &["rs"]);
    complain(
        "the backend knows no pages",
        &lines_with(backend, &["rolecall_app", "leptos", "axum::"]),
    );
}

#[test]
fn every_module_says_what_lives_there() {
    let offenders: Vec<String> = all_rust()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(name, _)| name)
        .collect();
    complain("modules without a first sentence", &offenders);
}

#[test]
fn no_file_is_a_whole_house() {
    const MOST: usize = 600;
    let offenders: Vec<String> = all_rust()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > MOST)
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    complain("files that want to be two", &offenders);
}

#[test]
fn pages_build_no_paths_of_their_own() {
    let sources = files(&["app/src"], &["rs"])
        .into_iter()
        .filter(|(name, _)| {
            !name.ends_with("paths.rs") && !name.ends_with("routes.rs") && !name.contains("/auth/")
        });
    complain(
        "paths outside paths.rs",
        &lines_with(sources.collect(), &["\"/w/"]),
    );
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder: &str| -> Vec<String> {
        files(&[folder], &["sql"])
            .into_iter()
            .filter_map(|(name, _)| name.rsplit('/').next().map(str::to_owned))
            .collect()
    };
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
}

#[test]
fn what_is_unfinished_is_not_left_in_the_code() {
    let marks = ["todo!(", "unimplemented!(", "FIXME", "XXX", "#[ignore"];
    let sources = all_rust()
        .into_iter()
        .filter(|(name, _)| !name.ends_with("tidy.rs"));
    complain("unfinished marks", &lines_with(sources.collect(), &marks));
}

/// Files of the services that ask the boundary of giving for another reason than being a server
/// function that gives.
const ASKED_FOR_OTHERS: [(&str, &str); 5] = [
    (
        "access/ask.rs",
        "what a change asks: for `update.rs` and for previews",
    ),
    ("access/page.rs", "says why a page can only be looked at"),
    (
        "access/preview.rs",
        "says what a change would be refused with",
    ),
    (
        "invitations/mod.rs",
        "the grant of an invitation: for the files beside it",
    ),
    (
        "membership/mod.rs",
        "who may touch a person: for the files beside it",
    ),
];

/// The public functions of a service file, with their bodies.
fn public_functions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("\npub async fn ").skip(1).filter_map(|part| {
        let name = part.split(['(', '<']).next()?;
        let body = part.split("\n}\n").next()?;
        Some((name, body))
    })
}

/// Names of the server functions that call a service function.
fn server_functions(api: &[(String, String)], call: &str) -> Vec<String> {
    let parts = api.iter().flat_map(|(_, text)| text.split("#[server("));
    let calling = parts.filter(|part| part.contains(call));
    let names = calling.filter_map(|part| {
        let (_, rest) = part.split_once("endpoint = \"")?;
        rest.split('"').next()
    });
    names.map(str::to_owned).collect()
}

#[test]
fn who_asks_the_boundary_of_giving_is_a_path_that_is_attacked() {
    let table = fs::read_to_string(root().join("server/tests/http/functions.rs")).expect("a table");
    let marked: Vec<&str> = table
        .split("gives(")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .collect();
    assert!(
        marked.len() > 10,
        "no marks found: was the table rewritten?"
    );
    let api = files(&["app/src/api"], &["rs"]);
    let folder = "server/backend/src/service/";
    let (mut offenders, mut excused) = (Vec::new(), Vec::new());
    for (name, text) in files(&[folder], &["rs"]) {
        let asks = |text: &str| text.contains("authz::permit(") || text.contains(".permit(");
        let path = name.trim_start_matches(folder);
        if !asks(&text) {
            continue;
        }
        if ASKED_FOR_OTHERS.iter().any(|(other, _)| *other == path) {
            excused.push(path.to_owned());
            continue;
        }
        let domain = path.split(['/', '.']).next().unwrap_or_default();
        let found = |function: &str| server_functions(&api, &format!("{domain}::{function}("));
        let gives = |function: &str| {
            let names = found(function);
            !names.is_empty() && names.iter().all(|name| marked.contains(&name.as_str()))
        };
        let mut any = false;
        for (function, body) in public_functions(&text) {
            any |= gives(function);
            if asks(body) && !gives(function) {
                offenders.push(format!("{name}: {function} is not marked"));
            }
        }
        if !any {
            offenders.push(format!("{name}: none of its functions is marked"));
        }
    }
    complain(
        "asks the boundary of giving, and server/tests/http/functions.rs does not say that it gives",
        &offenders,
    );
    assert_eq!(
        excused.len(),
        ASKED_FOR_OTHERS.len(),
        "an exception that nothing needs"
    );
}

#[test]
fn each_schema_of_the_interface_has_a_name_of_its_own() {
    let mut taken = std::collections::BTreeMap::new();
    let mut offenders = Vec::new();
    for (file, text) in files(&["server/src/handlers/rest"], &["rs"]) {
        // Of two with one name the document would have only one.
        for part in text.split("ToSchema").skip(1) {
            let mut kinds = part.lines().filter_map(|line| {
                let line = line.strip_prefix("pub(super) ").unwrap_or(line);
                let line = line.strip_prefix("pub ").unwrap_or(line);
                let kind = line.strip_prefix("struct ");
                kind.or_else(|| line.strip_prefix("enum "))
            });
            let name = kinds
                .next()
                .and_then(|rest| rest.split([' ', '<', '(', ';']).next());
            let derived = part.starts_with([')', ',']);
            let Some(name) = name.filter(|_| derived) else {
                continue;
            };
            if let Some(other) = taken.insert(name.to_owned(), file.clone()) {
                offenders.push(format!("{name} in {other} and {file}"));
            }
        }
    }
    assert!(taken.len() > 40, "{taken:?}");
    complain("schemas with the same name", &offenders);
}
