//! What operators write, and what they are told.

use super::*;

fn env(pairs: &[(&str, &str)]) -> HashMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn keys(mistakes: &Mistakes) -> Vec<&str> {
    mistakes.0.iter().map(|m| m.key.as_str()).collect()
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rolecall.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn nothing_set_is_a_working_configuration() {
    let config = Config::from_parts(None, &env(&[])).unwrap();
    assert_eq!(config.database.url(), "sqlite://./data/rolecall.db");
    assert_eq!(config.secret_file, Path::new("./data/secret"));
    assert_eq!(
        config.public_url_at(config.addr).unwrap().origin(),
        "http://127.0.0.1:3000"
    );
    assert!(config.mail.is_none() && config.setup_code.is_none());
}

#[test]
fn five_mistakes_are_five_lines() {
    let mistakes = Config::from_parts(
        None,
        &env(&[
            ("DATABASE_URL", "mysql://db/rolecall"),
            ("ROLECALL_ADDR", "everywhere"),
            ("ROLECALL_PUBLIC_URL", "http://access.example.org"),
            (
                "ROLECALL_SMTP_URL",
                "smtps://user:topsecret@mail.example.org",
            ),
            ("ROLECALL_SETUP_CODE", "short"),
        ]),
    )
    .unwrap_err();
    let expected = [
        "DATABASE_URL",
        "ROLECALL_ADDR",
        "ROLECALL_PUBLIC_URL",
        "ROLECALL_MAIL_FROM",
        "ROLECALL_SETUP_CODE",
    ];
    assert_eq!(keys(&mistakes), expected);
    let text = mistakes.to_string();
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(
        !text.contains("topsecret") && !text.contains("short"),
        "{text}"
    );
}

#[test]
fn the_environment_wins_over_the_file() {
    let (_folder, path) = file(
        "addr = \"127.0.0.1:4000\"\nlog = \"debug\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n",
    );
    let config =
        Config::from_parts(Some(&path), &env(&[("ROLECALL_ADDR", "127.0.0.1:5000")])).unwrap();
    assert_eq!(config.addr.port(), 5000);
    assert_eq!(config.log.filter, "debug");
    assert_eq!(config.trusted_proxies.len(), 2);
}

#[test]
fn the_file_can_be_named_by_the_environment() {
    let (_folder, path) = file("addr = \"127.0.0.1:4000\"\n");
    let config =
        Config::from_parts(None, &env(&[("ROLECALL_CONFIG", path.to_str().unwrap())])).unwrap();
    assert_eq!(config.addr.port(), 4000);
}

#[test]
fn every_mistake_in_the_file_is_told_with_the_file() {
    let (_folder, path) = file("adr = \"127.0.0.1:1\"\nlog = 3\nlog_format = \"xml\"\n");
    let mistakes = Config::from_parts(Some(&path), &env(&[])).unwrap_err();
    assert_eq!(mistakes.0.len(), 3, "{mistakes}");
    assert!(
        mistakes.to_string().contains("Did you mean addr?"),
        "{mistakes}"
    );
    assert!(
        keys(&mistakes)
            .iter()
            .all(|key| key.contains("rolecall.toml"))
    );
}

#[test]
fn a_file_that_is_no_toml_does_not_show_its_secrets() {
    let (_folder, path) = file("addr = \"127.0.0.1:1\"\nsetup_code = topsecret\n");
    let mistakes = Config::from_parts(Some(&path), &env(&[]))
        .unwrap_err()
        .to_string();
    assert!(mistakes.contains("Line 2"), "{mistakes}");
    assert!(!mistakes.contains("topsecret"), "{mistakes}");
    let missing = Config::from_parts(Some(Path::new("/nowhere/rolecall.toml")), &env(&[]));
    assert_eq!(missing.unwrap_err().0.len(), 1);
}

#[test]
fn an_unknown_variable_is_a_warning_with_the_name_that_was_meant() {
    let config = Config::from_parts(
        None,
        &env(&[
            ("ROLECALL_PUBLIC_ULR", "x"),
            ("ROLECALL_TEST_PG", "x"),
            ("ROLECALL_CHROMIUM", "x"),
        ]),
    )
    .unwrap();
    assert_eq!(config.warnings.len(), 1);
    assert!(config.warnings[0].message.contains("ROLECALL_PUBLIC_URL"));
}

#[test]
fn a_mail_server_that_may_be_spoken_to_unencrypted_is_a_warning_without_its_password() {
    let warnings = |url| {
        let from = ("ROLECALL_MAIL_FROM", "Rolecall <a@example.org>");
        let config = Config::from_parts(None, &env(&[("ROLECALL_SMTP_URL", url), from])).unwrap();
        config
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let told = warnings("smtp://u:topsecret@mail.example.org");
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("ROLECALL_SMTP_URL") && told[0].contains("unencrypted"),
        "{told:?}"
    );
    assert!(!told[0].contains("topsecret"), "{told:?}");
    assert!(warnings("smtps://u:topsecret@mail.example.org").is_empty());
    assert!(warnings("smtp://localhost:2525").is_empty());
}

#[test]
fn an_address_that_others_reach_needs_a_public_url() {
    let mistakes =
        Config::from_parts(None, &env(&[("ROLECALL_ADDR", "0.0.0.0:3000")])).unwrap_err();
    assert_eq!(keys(&mistakes), ["ROLECALL_PUBLIC_URL"]);
}

#[test]
fn numbers_have_a_port_of_their_own_or_none() {
    let read = |pairs: &[(&str, &str)]| Config::from_parts(None, &env(pairs));
    assert_eq!(read(&[]).unwrap().metrics_addr, None);
    let config = read(&[("ROLECALL_METRICS_ADDR", "127.0.0.1:9464")]).unwrap();
    assert_eq!(config.metrics_addr.unwrap().port(), 9464);
    for wrong in ["9464", "0.0.0.0:3000", "localhost:9464"] {
        let mistakes = read(&[("ROLECALL_METRICS_ADDR", wrong)]).unwrap_err();
        assert_eq!(keys(&mistakes), ["ROLECALL_METRICS_ADDR"], "{wrong}");
    }
}

#[test]
fn checkpoints_need_a_folder_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let read = |path: &str| Config::from_parts(None, &env(&[("ROLECALL_AUDIT_CHECKPOINTS", path)]));
    let config = read(&at("kept.jsonl")).unwrap();
    assert_eq!(
        config.audit_checkpoints,
        Some(folder.path().join("kept.jsonl"))
    );
    for wrong in [
        at("nowhere/kept.jsonl"),
        folder.path().display().to_string(),
    ] {
        let mistakes = read(&wrong).unwrap_err();
        assert_eq!(keys(&mistakes), ["ROLECALL_AUDIT_CHECKPOINTS"]);
    }
}

#[test]
fn debug_output_hides_what_is_secret() {
    let config = Config::from_parts(
        None,
        &env(&[
            ("DATABASE_URL", "postgres://u:topsecret@db/x"),
            ("ROLECALL_SMTP_URL", "smtps://u:topsecret@mail.example.org"),
            ("ROLECALL_MAIL_FROM", "Rolecall <a@example.org>"),
            ("ROLECALL_SETUP_CODE", "topsecret"),
        ]),
    )
    .unwrap();
    assert!(!format!("{config:?}").contains("topsecret"));
}

#[test]
fn a_value_that_is_no_text_is_a_mistake_only_where_it_is_ours() {
    use std::os::unix::ffi::OsStringExt as _;
    let bad = || OsString::from_vec(vec![b'a', 0xff]);
    let variables = [
        ("ROLECALL_MAIL_FROM", bad()),
        ("ROLECALL_ADDR", bad()),
        ("PATH", bad()),
        ("ROLECALL_LOG", "debug".into()),
    ];
    let variables = variables.map(|(name, value)| (name.into(), value));
    let (env, mistakes) = texts(variables.into_iter());
    assert_eq!(
        keys(&Mistakes(mistakes)),
        ["ROLECALL_ADDR", "ROLECALL_MAIL_FROM"]
    );
    assert_eq!(env.len(), 1);
    assert_eq!(env["ROLECALL_LOG"], "debug");
}
