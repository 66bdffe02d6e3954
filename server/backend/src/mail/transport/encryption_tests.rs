//! Tests of delivery over TLS and STARTTLS, to a server whose certificate only the system's own list
//! can vouch for. The list is a variable of the environment, which a test can not set for itself:
//! each runs again in a process of its own.

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::Arc,
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use super::{SendError, SmtpMailer};

const MESSAGE: &[u8] = b"Subject: Hello\r\n\r\nLine\r\n";

fn testdata(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/mail/transport/testdata")
        .join(name)
}

/// Runs a test of this file again, in a system that believes the authority in the file; true in the
/// process that is to do the work.
fn in_a_system_that_believes(authority: &str, test: &str) -> bool {
    let file = testdata(authority);
    if std::env::var_os("SSL_CERT_FILE").is_some_and(|set| Path::new(&set) == file) {
        return true;
    }
    let name = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name, "--nocapture"])
        .env("SSL_CERT_FILE", &file)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && told.contains("1 passed"), "{told}");
    false
}

fn tls() -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_file_iter(testdata("server.pem"))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_file(testdata("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    Arc::new(config)
}

fn encrypted(stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    StreamOwned::new(ServerConnection::new(tls()).unwrap(), stream)
}

/// Answers commands until QUIT, STARTTLS or the end, and gives them.
fn converse(stream: &mut (impl Read + Write), extension: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut in_message = false;
    // One byte at a time: nothing behind STARTTLS may be read here.
    let mut reader = BufReader::with_capacity(1, stream);
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap_or(0) > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        if in_message && command != "." {
            continue;
        }
        in_message = command == "DATA";
        let answer = match command.split(' ').next().unwrap_or_default() {
            "EHLO" => format!("250-test\r\n250 {extension}"),
            "DATA" => "354 go on".to_owned(),
            "STARTTLS" => "220 go on".to_owned(),
            _ => "250 ok".to_owned(),
        };
        let stream = reader.get_mut();
        write!(stream, "{answer}\r\n").unwrap();
        stream.flush().unwrap();
        said.push(command);
        if matches!(said.last().map(String::as_str), Some("STARTTLS" | "QUIT")) {
            break;
        }
    }
    said
}

/// Commands before and after encrypting.
type Heard = (Vec<String>, Vec<String>);

/// A server for one connection. Gives its port, and what it heard before and after encrypting.
fn server(from_the_first_byte: bool) -> (u16, thread::JoinHandle<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut clear = Vec::new();
        if !from_the_first_byte {
            write!(stream, "220 test\r\n").unwrap();
            clear = converse(&mut stream, "STARTTLS");
        }
        let mut stream = encrypted(stream);
        if from_the_first_byte && write!(stream, "220 test\r\n").is_err() {
            return (clear, Vec::new());
        }
        (clear, converse(&mut stream, "8BITMIME"))
    });
    (port, heard)
}

async fn send(url: &str, port: u16) -> Result<(), SendError> {
    SmtpMailer::from_url(&url.replace("PORT", &port.to_string()))
        .unwrap()
        .send_raw("rolecall@example.org", "ana@example.org", MESSAGE)
        .await
}

const WAYS: [(&str, bool); 3] = [
    ("smtps://127.0.0.1:PORT/me.example.org", true),
    ("smtp://127.0.0.1:PORT/me.example.org?tls=required", false),
    (
        "smtp://127.0.0.1:PORT/me.example.org?tls=opportunistic",
        false,
    ),
];

#[tokio::test]
async fn mail_goes_out_encrypted_to_a_server_of_an_authority_that_the_system_believes() {
    let test = "mail_goes_out_encrypted_to_a_server_of_an_authority_that_the_system_believes";
    if !in_a_system_that_believes("ca.pem", test) {
        return;
    }
    for (url, from_the_first_byte) in WAYS {
        let (port, heard) = server(from_the_first_byte);
        assert_eq!(send(url, port).await, Ok(()), "{url}");
        let (clear, hidden) = heard.join().unwrap();
        assert!(
            clear
                .iter()
                .all(|line| line == "STARTTLS" || line.starts_with("EHLO")),
            "in the clear: {clear:?}"
        );
        assert!(
            hidden.contains(&"RCPT TO:<ana@example.org>".to_owned()),
            "{url}: {hidden:?}"
        );
    }
}

#[tokio::test]
async fn a_server_whose_authority_nobody_believes_gets_no_mail() {
    let test = "a_server_whose_authority_nobody_believes_gets_no_mail";
    // The server's own certificate is no authority.
    if !in_a_system_that_believes("stranger.pem", test) {
        return;
    }
    for (url, from_the_first_byte) in WAYS {
        let (port, heard) = server(from_the_first_byte);
        let error = send(url, port).await.unwrap_err();
        assert!(!error.is_permanent(), "{url}: {error}");
        let (clear, hidden) = heard.join().unwrap();
        let all = [clear, hidden].concat();
        assert!(!all.iter().any(|line| line.starts_with("MAIL")), "{all:?}");
    }
}
