//! The `rolecall` binary as operators meet it: commands, first start, stopping.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can not go on has failed"
)]

mod commands;
mod numbers;

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::ffi::OsStrExt as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// A command in an environment of its own.
fn rolecall(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command
        .env_clear()
        .current_dir(folder)
        .env("ROLECALL_DATA_DIR", folder.join("data"))
        .env("ROLECALL_ADDR", "127.0.0.1:0");
    command
}

fn output(command: &mut Command) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    (status.success(), text)
}

/// A running server, killed when the test ends.
struct Server {
    child: Child,
    address: String,
    /// What it has printed until it was ready.
    printed: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        Self::with(folder, &[])
    }

    /// With further settings.
    fn with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut child = rolecall(folder)
            .envs(settings.iter().copied())
            .env("ROLECALL_SETUP_CODE", "open-sesame-1234")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        while !printed.contains("Set-up code: ") {
            printed.push_str(&lines.next().expect("the block of the first start").unwrap());
            printed.push('\n');
        }
        let address = printed
            .split_once("listening on ")
            .unwrap()
            .1
            .split(')')
            .next()
            .unwrap()
            .to_owned();
        Self {
            child,
            address,
            printed,
        }
    }

    fn connect(&self) -> TcpStream {
        Self::connect_to(&self.address)
    }

    fn connect_to(address: &str) -> TcpStream {
        let stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream
    }

    /// The whole answer to a request with these further header lines.
    fn ask(&self, line: &str, headers: &str, body: &str) -> String {
        Self::ask_at(&self.address, line, headers, body)
    }

    fn ask_at(host: &str, line: &str, headers: &str, body: &str) -> String {
        let mut stream = Self::connect_to(host);
        // What is too large is answered before it is sent to its end: then the rest has nowhere to go.
        let _ = write!(
            stream,
            "{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n{body}"
        );
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([&format!("-{name}"), &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the end of the process; true when it was a good one.
    fn ends_within(&mut self, limit: Duration) -> bool {
        let began = Instant::now();
        while began.elapsed() < limit {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("still running after {limit:?}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn the_first_start_prints_where_to_go_and_keeps_its_files_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let server = Server::start(folder.path());
    let url = format!("http://{}/setup?code=open-sesame-1234", server.address);
    assert!(server.printed.contains(&url), "{}", server.printed);
    assert!(server.ask("GET /livez", "", "").starts_with("HTTP/1.1 200"));
    assert!(
        server
            .ask("GET /setup?code=open-sesame-1234", "", "")
            .contains("value=\"open-sesame-1234\"")
    );
    for (name, mode) in [
        ("data", 0o700),
        ("data/secret", 0o600),
        ("data/rolecall.db", 0o600),
    ] {
        let found = std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(found & 0o777, mode, "{name}");
    }
}

#[test]
fn a_stopping_server_finishes_what_has_begun() {
    let folder = folder();
    let mut server = Server::start(folder.path());
    let mut slow = server.connect();
    let host = server.address.clone();
    let body = "email=a&password=b";
    write!(
        slow,
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\nemail",
        body.len()
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(100));
    assert!(
        server
            .ask("GET /readyz", "", "")
            .starts_with("HTTP/1.1 503")
    );
    std::thread::sleep(Duration::from_millis(700));
    assert!(
        TcpStream::connect(&server.address).is_err(),
        "no longer listening"
    );
    slow.write_all(&body.as_bytes()[5..]).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(server.ends_within(Duration::from_secs(5)));
}

#[test]
fn an_idle_server_stops_at_once() {
    let folder = folder();
    let mut server = Server::start(folder.path());
    let _idle = server.connect();
    server.signal("INT");
    assert!(server.ends_within(Duration::from_secs(5)));
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let folder = folder();
    let server = Server::start(folder.path());
    let answer = server.ask(
        "GET /livez",
        &format!("X-Long: {}\r\n", "x".repeat(40_000)),
        "",
    );
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many = "X-One: more\r\n".repeat(200);
    assert!(
        server
            .ask("GET /livez", &many, "")
            .starts_with("HTTP/1.1 431")
    );
    let body = "Content-Length: 300000\r\nSec-Fetch-Site: same-origin\r\n";
    assert!(
        server
            .ask("POST /sign-in", body, "")
            .starts_with("HTTP/1.1 413")
    );
}

#[test]
fn two_servers_do_not_share_an_address() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (fine, text) = output(rolecall(folder.path()).env("ROLECALL_ADDR", &server.address));
    assert!(!fine && text.contains("ROLECALL_ADDR"), "{text}");
}

#[test]
fn check_reports_every_mistake_at_once() {
    let folder = folder();
    let templates = folder.path().join("templates");
    std::fs::create_dir(&templates).unwrap();
    let (fine, text) = output(
        rolecall(folder.path())
            .arg("check")
            .env("ROLECALL_TEMPLATES_DIR", &templates),
    );
    assert!(fine && text.contains("in order"), "{text}");
    assert!(
        !folder.path().join("data").exists(),
        "checking makes nothing"
    );

    let (fine, text) = output(
        rolecall(folder.path())
            .arg("check")
            .env("DATABASE_URL", "mysql://db")
            .env("ROLECALL_ADDR", "everywhere")
            .env("ROLECALL_PUBLIC_URL", "http://access.example.org")
            .env(
                "ROLECALL_SMTP_URL",
                "smtps://user:topsecret@mail.example.org",
            )
            .env("ROLECALL_LOG_FORMAT", "xml"),
    );
    assert!(!fine);
    for key in [
        "DATABASE_URL",
        "ROLECALL_ADDR",
        "ROLECALL_PUBLIC_URL",
        "ROLECALL_MAIL_FROM",
        "ROLECALL_LOG_FORMAT",
    ] {
        assert_eq!(
            text.lines()
                .filter(|line| line.starts_with(&format!("{key}: ")))
                .count(),
            1,
            "{key} in:\n{text}"
        );
    }
    assert!(
        text.contains("5 mistakes") && !text.contains("topsecret"),
        "{text}"
    );
}

#[test]
fn mistakes_in_templates_name_file_and_line() {
    let folder = folder();
    std::fs::write(
        folder.path().join("broken.toml"),
        "key = \"x\"\ntitle = 3\n",
    )
    .unwrap();
    let (fine, text) = output(
        rolecall(folder.path())
            .arg("check")
            .env("ROLECALL_TEMPLATES_DIR", folder.path()),
    );
    assert!(!fine, "{text}");
    assert!(
        text.lines().any(|line| line.contains("broken.toml:2")),
        "{text}"
    );
}

#[test]
fn mistakes_in_settings_templates_and_secret_are_told_together_also_at_the_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let (templates, data) = (own_template(folder.path()), folder.path().join("data"));
    let text = std::fs::read_to_string(templates.join("harbour.toml")).unwrap();
    let text = text.replacen("title = \"Portal\"", "title = 3", 1);
    std::fs::write(templates.join("harbour.toml"), text).unwrap();
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("secret"), [7; 32]).unwrap();
    let others_read = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(data.join("secret"), others_read).unwrap();
    for command in ["check", "serve"] {
        let (fine, text) = output(
            rolecall(folder.path())
                .arg(command)
                .env("ROLECALL_TEMPLATES_DIR", &templates)
                .env("DATABASE_URL", "mysql://db")
                .env("ROLECALL_LOG_FORMAT", "xml")
                .env("ROLECALL_SETUP_CODE", OsStr::from_bytes(b"caf\xe9-1234")),
        );
        assert!(!fine, "{text}");
        let mistakes = text.lines().filter(|line| line.contains(": ")).count();
        assert_eq!(mistakes, 5, "{command}:\n{text}");
        for words in [
            "DATABASE_URL: ",
            "ROLECALL_LOG_FORMAT: ",
            "ROLECALL_SETUP_CODE: ",
            "harbour.toml:5",
            "chmod 600",
        ] {
            assert!(text.contains(words), "{words} in:\n{text}");
        }
    }
}

/// A template with a key of its own, in a folder of its own.
fn own_template(folder: &Path) -> std::path::PathBuf {
    let templates = folder.join("templates");
    std::fs::create_dir(&templates).unwrap();
    let text = include_str!("../../backend/templates/portal.toml");
    let text = text.replacen("key = \"portal\"", "key = \"harbour\"", 1);
    std::fs::write(templates.join("harbour.toml"), text).unwrap();
    templates
}

#[test]
fn a_template_that_is_in_use_but_gone_is_told_at_the_start() {
    let folder = folder();
    let templates = own_template(folder.path());
    let options = [
        "create-owner",
        "--email",
        "ana@example.org",
        "--name",
        "Ana",
        "--workspace",
        "Acme",
        "--template",
        "harbour",
        "--password-stdin",
    ];
    let mut made = rolecall(folder.path())
        .args(options)
        .env("ROLECALL_TEMPLATES_DIR", &templates)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = made.stdin.take().unwrap();
    input.write_all(b"correct horse battery staple\n").unwrap();
    drop(input);
    assert!(made.wait().unwrap().success());

    let (fine, text) = output(&mut rolecall(folder.path()));
    assert!(!fine, "{text}");
    for words in ["ROLECALL_TEMPLATES_DIR: ", "harbour", "acme"] {
        assert!(text.contains(words), "{words} in: {text}");
    }
}

#[test]
fn checkpoints_are_added_to_the_file_when_the_server_stops() {
    let folder = folder();
    let file = folder.path().join("checkpoints.jsonl");
    let (made, text) = output(rolecall(folder.path()).args(["seed-demo", "--members", "3"]));
    assert!(made, "{text}");
    let mut child = rolecall(folder.path())
        .env("ROLECALL_AUDIT_CHECKPOINTS", &file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while !lines
        .next()
        .expect("the block of the start")
        .unwrap()
        .contains("listening on ")
    {}
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(child.wait().unwrap().success());
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.lines().count() >= 2, "{text}");
    let kept = file.display().to_string();
    let (whole, told) =
        output(rolecall(folder.path()).args(["audit", "verify", "--checkpoints", &kept]));
    assert!(
        whole && told.contains("2 checkpoints held against it"),
        "{told}"
    );
    // One that was made up, and one of a longer trail than there is.
    let longer = text.replacen("\"seq\":", "\"seq\":9", 1);
    std::fs::write(&file, longer).unwrap();
    let (whole, told) =
        output(rolecall(folder.path()).args(["audit", "verify", "--checkpoints", &kept]));
    assert!(
        !whole && told.contains("was not signed with this installation's secret"),
        "{told}"
    );
}
