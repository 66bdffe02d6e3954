//! Commands other than `serve`.

use super::*;

#[test]
fn an_owner_can_be_made_without_a_browser() {
    let folder = folder();
    let make = |email: &str, password: &str| {
        let mut child = rolecall(folder.path())
            .args([
                "create-owner",
                "--email",
                email,
                "--name",
                "Ana",
                "--workspace",
                "Acme",
                "--password-stdin",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(password.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    };
    let (fine, text) = make("ana", "too short\n");
    assert!(
        !fine && text.contains("--email: ") && text.contains("--password: "),
        "{text}"
    );
    let (fine, text) = make("ana@example.org", "correct horse battery staple\n");
    assert!(fine && text.contains("/w/acme/members"), "{text}");
    let (fine, text) = make("ana@example.org", "correct horse battery staple\n");
    assert!(
        fine && text.contains("/w/acme-"),
        "a further workspace: {text}"
    );
}

/// Runs a command with something on its standard input.
fn typed(folder: &Path, arguments: &[&str], input: &str) -> (bool, String) {
    let mut child = rolecall(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever does not read it ends before it is written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn an_owner_can_be_brought_back_from_the_command_line() {
    let folder = folder();
    let password = "correct horse battery staple\n";
    let make = [
        "create-owner",
        "--email",
        "ana@example.org",
        "--name",
        "Ana",
        "--workspace",
        "Acme",
        "--password-stdin",
    ];
    assert!(typed(folder.path(), &make, password).0);
    let recover = |workspace: &str, email: &str, more: &[&str]| {
        let mut arguments = vec!["recover-owner", "--workspace", workspace, "--email", email];
        arguments.extend(more);
        typed(folder.path(), &arguments, password)
    };
    let (fine, text) = recover("nowhere", "ana@example.org", &[]);
    assert!(
        !fine && text.contains("--workspace: There is no workspace"),
        "{text}"
    );
    let (fine, text) = recover("acme", "ben@example.org", &[]);
    assert!(
        !fine && text.contains("--email: Nobody has an account"),
        "{text}"
    );
    let (fine, text) = recover("acme", "ana@example.org", &[]);
    assert!(
        !fine && text.contains("active owner of the workspace already"),
        "{text}"
    );
    let new = ["--name", "Ben Ola", "--password-stdin"];
    let (fine, text) = recover("acme", "ben@example.org", &new);
    assert!(fine && text.contains("The account was made."), "{text}");
    let (fine, text) = recover("acme", "ana@example.org", &new);
    assert!(!fine && text.contains("has an account already"), "{text}");
}

#[test]
fn deleted_workspaces_are_listed_and_brought_back_by_a_command() {
    let folder = folder();
    let (fine, text) = output(rolecall(folder.path()).arg("restore-workspace"));
    assert!(fine && text.contains("No workspace was deleted"), "{text}");
    let nothing = "01890000-0000-7000-8000-000000000000";
    let (fine, text) = output(rolecall(folder.path()).args(["restore-workspace", "--id", nothing]));
    assert!(!fine && text.contains("No workspace with the id"), "{text}");
    let (fine, text) = output(rolecall(folder.path()).args(["restore-workspace", "--id", "x"]));
    assert!(!fine && text.contains("--id"), "{text}");
}

#[test]
fn the_database_is_brought_up_to_date_and_filled_by_commands() {
    let folder = folder();
    let (fine, text) = output(rolecall(folder.path()).arg("migrate"));
    assert!(fine && text.contains("up to date"), "{text}");
    let (fine, text) = output(rolecall(folder.path()).args(["seed-demo", "--members", "12"]));
    assert!(fine && text.contains("Sign in as"), "{text}");
}

#[test]
fn the_audit_trail_is_proven_with_its_secret_and_with_no_other() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let (made, text) =
        output(rolecall(folder.path()).args(["seed-demo", "--members", "5", "--events", "60"]));
    assert!(made, "{text}");
    let (whole, text) = output(rolecall(folder.path()).args(["audit", "verify"]));
    assert!(
        whole && text.contains("The audit trail is whole."),
        "{text}"
    );
    assert!(text.contains("all in the chain"), "{text}");
    let (printed, key) = output(rolecall(folder.path()).args(["audit", "key"]));
    let key = key.trim();
    assert!(
        printed && key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()),
        "{key}"
    );

    let kept = folder.path().join("kept.jsonl");
    std::fs::write(&kept, "not a checkpoint\n").unwrap();
    let kept = kept.display().to_string();
    let (taken, text) =
        output(rolecall(folder.path()).args(["audit", "verify", "--checkpoints", &kept]));
    assert!(!taken && text.contains("Line 1 of"), "{text}");

    let secret = folder.path().join("data/secret");
    std::fs::write(&secret, [7_u8; 32]).unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let damaged = rolecall(folder.path())
        .args(["audit", "verify"])
        .output()
        .unwrap();
    assert_eq!(damaged.status.code(), Some(1));
    let text = String::from_utf8_lossy(&damaged.stdout);
    assert!(
        text.contains(": entry 1 edited: ") && !text.contains("is whole"),
        "{text}"
    );

    std::fs::remove_file(&secret).unwrap();
    let (proven, text) = output(rolecall(folder.path()).args(["audit", "verify"]));
    assert!(
        !proven && text.contains("Restore it") && !secret.exists(),
        "{text}"
    );
}
