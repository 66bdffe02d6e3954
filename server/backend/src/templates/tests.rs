//! Tests of the templates: the built-in ones against a reviewed table, and bad files.

use std::{fmt::Write as _, fs, path::PathBuf};

use rolecall_shared::permission::{Action, CorePermission, Scope};

use super::*;

fn built_in() -> Templates {
    Templates::load(None).unwrap()
}

fn names(template: &str, role: &str) -> Vec<String> {
    let templates = built_in();
    let template = templates.get(template).unwrap();
    template
        .catalogue
        .names(template.role(role).unwrap().set(&template.catalogue))
}

/// All mistakes of one file, without the file's name.
fn mistakes(text: &str) -> Vec<String> {
    match parse::parse("bad.toml", text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .iter()
            .map(|e| e.to_string().replace("bad.toml:", ""))
            .collect(),
    }
}

/// A template without mistakes, for changing one thing.
const GOOD: &str = r#"key = "good"
title = "Good"
description = "A good template."
default_role = "member"

[[row]]
key = "team"
title = "Team"
category = "Core"
view = "See"
manage = "Change"

[[row]]
key = "tokens"
title = "Tokens"
category = "Core"
manage = "Change"

[[row]]
key = "projects"
title = "Projects"
category = "Core"
view = "See"
manage = "Change"
delete = "Delete"

[[row]]
key = "billing"
title = "Billing"
category = "Core"
view = "See"
manage = "Change"

[[row]]
key = "audit"
title = "Audit"
category = "Core"
view = "See"

[[row]]
key = "settings"
title = "Settings"
category = "Core"
view = "See"
manage = "Change"

[[role]]
key = "member"
name = "Member"
description = "Does work."
permissions = ["projects:view"]
"#;

#[test]
fn the_five_built_in_templates_load_and_the_cloud_account_is_first() {
    let templates = built_in();
    let keys: Vec<_> = templates.iter().map(|t| t.key.as_str()).collect();
    let expected = [
        "cloud-account",
        "delivery-platform",
        "engineering-workspace",
        "portal",
        "acl-groups",
    ];
    assert_eq!(keys, expected);
    assert!(templates.get("nothing").is_none());
}

#[test]
fn every_core_permission_exists_in_every_template() {
    for template in built_in().iter() {
        for core in CorePermission::ALL {
            let bit = template.catalogue.core(*core);
            assert!(
                template.catalogue.all().contains(bit),
                "{} {core}",
                template.key
            );
        }
        for row in template.catalogue.rows() {
            let workspace = ["team", "tokens", "billing", "audit", "settings"];
            let expected = workspace.contains(&row.key.as_str());
            assert_eq!(
                row.scope == Scope::Workspace,
                expected,
                "{} {}",
                template.key,
                row.key
            );
        }
    }
}

#[test]
fn the_cloud_account_has_the_sixteen_rows_of_its_page_and_two_more() {
    let templates = built_in();
    let catalogue = &templates.get("cloud-account").unwrap().catalogue;
    assert_eq!(catalogue.rows().len(), 18);
    let cells = |action: Action| catalogue.cells().filter(|(_, a, _)| *a == action).count();
    assert_eq!(Action::ALL.map(cells), [17, 17, 12]);
}

#[test]
fn the_operator_changes_everything_but_deletes_nothing() {
    let names = names("cloud-account", "operator");
    assert!(!names.iter().any(|name| name.ends_with(":delete")));
    let managed: Vec<_> = names
        .iter()
        .filter_map(|n| n.strip_suffix(":manage"))
        .collect();
    assert_eq!(
        managed,
        [
            "instances",
            "vpcs",
            "load-balancers",
            "security-groups",
            "databases",
            "object-storage",
            "images",
            "static-ips",
            "autoscaling",
            "ssh-keys",
            "user-scripts",
            "projects",
            "monitoring"
        ]
    );
    for name in ["billing:view", "team:view", "settings:view", "audit:view"] {
        assert!(names.iter().any(|n| n == name), "{name}");
    }
}

#[test]
fn the_viewer_sees_all_but_team_tokens_and_audit() {
    let names = names("cloud-account", "viewer");
    assert!(names.iter().all(|name| name.ends_with(":view")));
    assert_eq!(names.len(), 15);
    for row in ["team:", "tokens:", "audit:"] {
        assert!(!names.iter().any(|name| name.starts_with(row)), "{row}");
    }
}

#[test]
fn small_roles_have_exactly_their_permissions() {
    assert_eq!(
        names("delivery-platform", "developer"),
        [
            "resources:view",
            "resources:manage",
            "deployments:view",
            "deployments:manage",
            "environment:view",
            "infrastructure:view",
            "logs:view",
            "projects:view"
        ]
    );
    assert_eq!(
        names("engineering-workspace", "maintainer"),
        [
            "repositories:view",
            "repositories:manage",
            "activity:view",
            "activity:manage",
            "projects:view",
            "projects:manage",
            "connectors:view",
            "webhooks:view",
            "team:view",
            "settings:view"
        ]
    );
    assert_eq!(
        names("engineering-workspace", "billing-manager"),
        ["team:view", "billing:view", "billing:manage"]
    );
    assert_eq!(
        names("portal", "portal-user"),
        [
            "blueprints:view",
            "projects:view",
            "projects:manage",
            "projects:delete",
            "publish-requests:view"
        ]
    );
    assert!(names("acl-groups", "member").is_empty());
}

#[test]
fn an_admin_is_computed_and_an_account_admin_only_reads_billing() {
    let templates = built_in();
    for (template, role) in [
        ("cloud-account", "admin"),
        ("engineering-workspace", "workspace-admin"),
        ("portal", "portal-admin"),
    ] {
        let template = templates.get(template).unwrap();
        let role = template.role(role).unwrap();
        assert_eq!(role.permissions, Permissions::All);
        assert_eq!(role.set(&template.catalogue), template.catalogue.all());
    }
    let platform = &templates.get("delivery-platform").unwrap().catalogue;
    let all = platform.names(platform.all());
    let admin = names("delivery-platform", "account-admin");
    let lacking: Vec<_> = all.iter().filter(|name| !admin.contains(name)).collect();
    assert_eq!(lacking, ["billing:manage"]);
}

#[test]
fn settings_of_templates_are_as_the_product_says() {
    let templates = built_in();
    let facts: Vec<_> = templates
        .iter()
        .map(|t| (t.default_role.as_str(), t.custom_roles, t.group_required))
        .collect();
    assert_eq!(
        facts,
        [
            ("viewer", true, false),
            ("developer", true, false),
            ("member", false, false),
            ("portal-user", false, false),
            ("member", false, true)
        ]
    );
    let portal = templates.get("portal").unwrap();
    let own: Vec<_> = portal.roles.iter().map(|r| r.own_projects_only).collect();
    assert_eq!(own, [false, true]);
    let starters = &templates.get("acl-groups").unwrap().group_starters;
    let names: Vec<_> = starters.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["Operator", "View-Only"]);
}

/// Every template × role × permission as a table: a letter is a permission the role has, a hyphen
/// one it has not, a dot a cell that does not exist. Reviewed as a diff;
/// `UPDATE_GOLDEN=1 cargo test -p rolecall-backend roles_are` writes it anew.
#[test]
fn roles_are_as_the_golden_table_says() {
    let mut text = String::from(
        "V view, M manage, D delete: the role has it. - it has it not. . there is no such cell.\n",
    );
    for template in built_in().iter() {
        let catalogue = &template.catalogue;
        let columns = template
            .roles
            .iter()
            .map(|role| (role.key.clone(), role.set(catalogue)));
        let starters = template
            .group_starters
            .iter()
            .map(|starter| (format!("group {}", starter.name), starter.permissions));
        let columns: Vec<_> = columns.chain(starters).collect();
        write!(text, "\n{:<22}{:<11}", template.key, "scope").unwrap();
        let heading: Vec<_> = columns
            .iter()
            .map(|(name, _)| format!("{name:<16}"))
            .collect();
        writeln!(text, "{}", heading.concat().trim_end()).unwrap();
        for row in catalogue.rows() {
            let scope = format!("{:?}", row.scope).to_lowercase();
            let mut line = format!("  {:<20}{scope:<11}", row.key);
            for (_, set) in &columns {
                let cell = |action: Action| match catalogue.bit(&row.key, action) {
                    None => '.',
                    Some(bit) if set.contains(bit) => ['V', 'M', 'D'][action as usize],
                    Some(_) => '-',
                };
                let cells: String = Action::ALL.map(cell).iter().collect();
                write!(line, "{cells:<16}").unwrap();
            }
            writeln!(text, "{}", line.trim_end()).unwrap();
        }
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/roles.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        text,
        "see the comment above this test"
    );
}

#[test]
fn a_good_file_has_no_mistakes() {
    assert_eq!(mistakes(GOOD), [""; 0]);
}

#[test]
fn the_example_in_the_documentation_lacks_only_the_core_rows() {
    let docs = include_str!("mod.rs");
    let example = docs
        .split("//! ```toml\n")
        .nth(1)
        .unwrap()
        .split("//! ```")
        .next()
        .unwrap();
    let example = example.replace("//! ", "").replace("//!", "");
    let found = mistakes(&example);
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(
        found
            .iter()
            .all(|m| m.contains("is missing; every template has it")),
        "{found:?}"
    );
}

#[test]
fn five_bad_files_give_their_mistakes_with_their_lines() {
    for (change, by, expected) in [
        (
            "title = \"Good\"",
            "titel = \"Good\"",
            vec![
                "1: The template needs the field “title”.",
                "2: The template has no field “titel”",
            ],
        ),
        (
            "key = \"audit\"",
            "key = \"team\"",
            vec![
                "1: The row “audit” is missing",
                "35: There is already a row with the key “team”.",
            ],
        ),
        (
            "permissions = [\"projects:view\"]",
            "permissions = [\n  \"projects:view\",\n  \"projects:fly\",\n  \"tokens:view\",\n]",
            vec![
                "53: There is no permission “projects:fly” in this template.",
                "54: There is no permission “tokens:view” in this template.",
            ],
        ),
        (
            "default_role = \"member\"",
            "default_role = \"nobody\"",
            vec!["4: There is no role with the key “nobody”"],
        ),
        ("[[role]]\n", "[[role]\n", vec!["47: This is not TOML"]),
    ] {
        let found = mistakes(&GOOD.replacen(change, by, 1));
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found} / {expected}");
        }
    }
}

#[test]
fn rows_are_checked_cell_by_cell() {
    for (change, by, expected) in [
        (
            "title = \"Audit\"",
            "title = \"Audit\"\ndelete = \"Delete\"",
            "37: The row “audit” can not have the cell “delete”.",
        ),
        (
            "title = \"Audit\"",
            "title = \"Audit\"\nscope = \"project\"",
            "37: The scope of “audit” is fixed; leave this line out.",
        ),
        (
            "title = \"Audit\"",
            "title = \"Audit\"\nscope = \"galaxy\"",
            "37: A scope is \"project\" or \"workspace\".",
        ),
        (
            "title = \"Audit\"",
            "title = \"billing\"",
            "36: “billing” is already the title of a row; upper and lower case count as the same.",
        ),
        (
            "key = \"audit\"",
            "key = \"Audit\"",
            "35: A key is 1 to 40 of the characters a-z, 0-9, _ and -, in quotes.",
        ),
        (
            "title = \"Tokens\"\ncategory = \"Core\"\nmanage = \"Change\"",
            "title = \"Tokens\"\ncategory = \"Core\"",
            "13: The row “tokens” needs the cell “manage”.",
        ),
        ("title = \"Team\"", "title = \" \"", "8: “title” is empty."),
        (
            "title = \"Team\"",
            "title = \"Te\u{202e}am\"",
            "8: “title” has blanks at its ends, two in a row, or characters that can not be shown.",
        ),
        (
            "view = \"See\"",
            "view = 7",
            "10: “view” is a text in quotes.",
        ),
        (
            "name = \"Member\"",
            "name = \"Member\"\nown_projects_only = \"yes\"",
            "50: “own_projects_only” is true or false, without quotes.",
        ),
        (
            "[\"projects:view\"]",
            "[\"projects:manage\"]",
            "51: Manage and delete need view of the same row: “projects:view” is missing here.",
        ),
        (
            "[\"projects:view\"]",
            "[\"*:view\", \"-tokens:manage\"]",
            "51: “-tokens:manage” takes nothing away; put it after what gives it.",
        ),
        (
            "[\"projects:view\"]",
            "\"everything\"",
            "51: “permissions” is \"all\" or a list.",
        ),
    ] {
        let found = mistakes(&GOOD.replacen(change, by, 1));
        assert!(
            found.contains(&expected.to_owned()),
            "{found:#?} / {expected}"
        );
    }
}

#[test]
fn manage_without_view_is_right_where_view_does_not_exist() {
    assert_eq!(
        mistakes(&GOOD.replace("[\"projects:view\"]", "[\"tokens:manage\"]")),
        [""; 0]
    );
}

#[test]
fn role_names_that_differ_only_in_case_collide() {
    let second =
        "\n[[role]]\nkey = \"other\"\nname = \"MEMBER\"\ndescription = \"X\"\npermissions = []\n";
    let found = mistakes(&format!("{GOOD}{second}"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].starts_with("55: “MEMBER” is already the name of a role"),
        "{found:#?}"
    );
}

#[test]
fn too_long_and_too_many_is_refused() {
    let long = GOOD.replace(
        "title = \"Team\"",
        &format!("title = \"{}\"", "x".repeat(81)),
    );
    assert_eq!(
        mistakes(&long),
        ["8: “title” has at most 80 characters; this has 81."]
    );
    let mut many = GOOD.to_owned();
    for n in 0..90 {
        write!(
            many,
            "\n[[row]]\nkey = \"r{n}\"\ntitle = \"R{n}\"\ncategory = \"X\"\nview = \"See\"\n"
        )
        .unwrap();
    }
    let found = mistakes(&many);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].ends_with("A template has at most 85 rows."),
        "{found:#?}"
    );
}

#[test]
fn all_files_of_a_folder_are_reported_at_once_and_a_good_one_is_offered() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.toml"), GOOD).unwrap();
    fs::write(dir.path().join("notes.txt"), "not a template").unwrap();
    let templates = Templates::load(Some(dir.path())).unwrap();
    assert_eq!(templates.iter().count(), 6);
    assert_eq!(templates.get("good").unwrap().title, "Good");

    fs::write(
        dir.path().join("a.toml"),
        GOOD.replace("\"member\"\n\n", "\"x\"\n\n"),
    )
    .unwrap();
    fs::write(
        dir.path().join("b.toml"),
        GOOD.replace("\"good\"", "\"portal\""),
    )
    .unwrap();
    fs::write(dir.path().join("c.toml"), [0xff, 0xfe]).unwrap();
    fs::write(dir.path().join("twice.toml"), GOOD).unwrap();
    let errors = Templates::load(Some(dir.path())).unwrap_err();
    let said: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 4, "{said:#?}");
    assert!(
        said[0].starts_with("a.toml:4: There is no role with the key “x”"),
        "{said:#?}"
    );
    assert!(
        said[1].starts_with("b.toml:1: The key “portal” is taken by built-in portal.toml"),
        "{said:#?}"
    );
    assert_eq!(said[2], "c.toml: The file is not UTF-8 text.");
    assert!(
        said[3].starts_with("twice.toml:1: The key “good” is taken by good.toml"),
        "{said:#?}"
    );

    let missing = Templates::load(Some(&dir.path().join("nowhere"))).unwrap_err();
    assert!(
        missing[0]
            .to_string()
            .contains("The folder can not be read")
    );
}
