//! The port for numbers, beside that of the console.

use std::net::TcpListener;

use super::*;

/// An address that was free a moment ago.
fn free() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn numbers_are_on_their_own_port_and_nothing_else_is() {
    let folder = folder();
    let numbers = free();
    let mut server = Server::with(folder.path(), &[("ROLECALL_METRICS_ADDR", &numbers)]);
    server.ask("GET /livez", "", "");
    let told = Server::ask_at(&numbers, "GET /metrics", "", "");
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    let line = "rolecall_http_requests_total{route=\"/livez\",method=\"GET\",status=\"2xx\"} 1";
    assert!(told.lines().any(|found| found == line), "{told}");
    for path in ["/", "/livez", "/sign-in", "/access/v1/evaluation"] {
        let told = Server::ask_at(&numbers, &format!("GET {path}"), "", "");
        assert!(told.starts_with("HTTP/1.1 404"), "{path}: {told}");
    }
    let told = server.ask("GET /metrics", "", "");
    assert!(!told.starts_with("HTTP/1.1 200"), "{told}");
    assert!(!told.contains("rolecall_"), "{told}");
    server.signal("TERM");
    assert!(server.ends_within(Duration::from_secs(5)));
    assert!(TcpStream::connect(&numbers).is_err(), "no longer listening");
}

#[test]
fn a_port_for_numbers_that_is_taken_is_told_with_its_setting() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let (fine, text) = output(rolecall(folder.path()).env("ROLECALL_METRICS_ADDR", &addr));
    assert!(
        !fine && text.contains("ROLECALL_METRICS_ADDR: can not listen"),
        "{text}"
    );
}

#[test]
fn check_says_where_the_numbers_are() {
    let folder = folder();
    let check = |settings: &[(&str, &str)]| {
        let mut command = rolecall(folder.path());
        output(command.arg("check").envs(settings.iter().copied())).1
    };
    let line = |text: &str| {
        let found = text.lines().find(|line| line.starts_with("metrics "));
        found.unwrap().to_owned()
    };
    assert!(line(&check(&[])).ends_with(" none"));
    let told = check(&[("ROLECALL_METRICS_ADDR", "127.0.0.1:9464")]);
    assert!(
        line(&told).ends_with(" http://127.0.0.1:9464/metrics"),
        "{told}"
    );
}
