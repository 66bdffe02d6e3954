//! Tests of handing mail over.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
};

use super::*;

/// A mail server for one connection that answers as the script says: the first answer whose
/// word the command begins with, else 250. An empty answer closes the connection. Gives its
/// port and all lines it was sent.
fn server(script: &[(&'static str, &'static str)]) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (said, lines) = channel();
    let script = script.to_vec();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let find = |word: &str| {
            script
                .iter()
                .find(|(w, _)| word.starts_with(w))
                .map(|(_, a)| *a)
        };
        write!(stream, "{}\r\n", find("(greeting)").unwrap_or("220 test")).unwrap();
        let mut in_message = false;
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 0 {
            let command = line.trim_end().to_owned();
            line.clear();
            said.send(command.clone()).unwrap();
            let command = if in_message {
                if command != "." {
                    continue;
                }
                in_message = false;
                "(end)".to_owned()
            } else {
                command
            };
            let answer = match find(&command) {
                Some("") => return,
                Some("(silence)") => continue,
                Some(answer) => answer,
                None if command.starts_with("EHLO") => {
                    "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"
                }
                None if command == "DATA" => "354 go on",
                None if command.starts_with("AUTH") => "235 welcome",
                None => "250 ok",
            };
            in_message = command == "DATA" && answer.starts_with('3');
            write!(stream, "{answer}\r\n").unwrap();
        }
    });
    (port, lines)
}

async fn send_with(
    url: &str,
    script: &[(&'static str, &'static str)],
) -> (Result<(), SendError>, Vec<String>) {
    let (port, lines) = server(script);
    let mailer = SmtpMailer::from_url(&url.replace("PORT", &port.to_string())).unwrap();
    let message = b"Subject: Hello\r\n\r\n.dot\r\nlast line\r\n";
    let result = mailer
        .send_raw("rolecall@example.org", "ana@example.org", message)
        .await;
    (result, lines.try_iter().collect())
}

async fn send(script: &[(&'static str, &'static str)]) -> Result<(), SendError> {
    send_with("smtp://127.0.0.1:PORT/me.example.org", script)
        .await
        .0
}

#[tokio::test]
async fn a_message_is_handed_over_for_one_recipient() {
    let (result, lines) = send_with("smtp://127.0.0.1:PORT/me.example.org", &[]).await;
    assert_eq!(result, Ok(()));
    assert_eq!(
        lines[..4],
        [
            "EHLO me.example.org",
            "MAIL FROM:<rolecall@example.org>",
            "RCPT TO:<ana@example.org>",
            "DATA"
        ]
    );
    assert!(lines.contains(&"..dot".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn user_and_password_are_sent_as_they_were_before_encoding() {
    let (result, lines) = send_with("smtp://us%40er:p%3Ass@127.0.0.1:PORT", &[]).await;
    assert_eq!(result, Ok(()));
    // "\0us@er\0p:ss" in base64.
    assert!(
        lines.contains(&"AUTH PLAIN AHVzQGVyAHA6c3M=".to_owned()),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_server_that_never_says_goodbye_has_still_taken_the_message() {
    assert_eq!(send(&[("QUIT", "(silence)")]).await, Ok(()));
}

#[tokio::test]
async fn a_refused_recipient_is_permanent_and_the_words_of_the_server_are_kept() {
    let error = send(&[("RCPT", "550 5.1.1 no such user here")])
        .await
        .unwrap_err();
    assert!(error.is_permanent());
    assert_eq!(
        error.reason(),
        "The mail server refused the mail: 550 5.1.1 no such user here."
    );
    let error = send(&[("(end)", "554-5.7.1 looks like\r\n554 5.7.1 spam.")])
        .await
        .unwrap_err();
    assert!(error.is_permanent());
    assert!(
        error.reason().contains("looks like") && error.reason().ends_with("spam."),
        "{error}"
    );
}

#[tokio::test]
async fn what_can_pass_is_temporary() {
    for (script, words) in [
        (
            ("RCPT", "451 4.7.1 greylisted, come back"),
            "try again later: 451 4.7.1 greylisted",
        ),
        (
            ("(greeting)", "421 too busy"),
            "does not accept our connection: 421 too busy",
        ),
        (
            ("(greeting)", "554 go away"),
            "does not accept our connection: 554",
        ),
        (("MAIL", "530 5.7.0 sign in first"), "refused the mail: 530"),
        (("(end)", ""), "broke before it took the mail"),
        (("EHLO", ""), "could not be reached"),
    ] {
        let error = send(&[script]).await.unwrap_err();
        assert!(!error.is_permanent(), "{error}");
        assert!(error.reason().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_refused_password_is_told_without_any_of_it() {
    let url = "smtp://user:secret@127.0.0.1:PORT";
    let (result, _) = send_with(url, &[("AUTH", "535 5.7.8 user secret is wrong")]).await;
    let error = result.unwrap_err();
    assert!(!error.is_permanent());
    assert_eq!(
        error.reason(),
        "The mail server does not accept our user name and password (535)."
    );
    let mailer = SmtpMailer::from_url("smtps://user:secret@mail.example.org").unwrap();
    assert!(!format!("{mailer:?}").contains("secret") && !format!("{mailer:?}").contains("user"));
}

#[tokio::test]
async fn a_server_that_is_away_is_temporary() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mailer = SmtpMailer::from_url(&format!("smtp://127.0.0.1:{port}")).unwrap();
    let error = mailer.test().await.unwrap_err();
    assert_eq!(error, temporary("The mail server could not be reached."));
}

#[tokio::test]
async fn required_encryption_is_never_left_out() {
    let url = "smtp://user:secret@127.0.0.1:PORT?tls=required";
    let (result, lines) = send_with(url, &[]).await;
    assert!(result.unwrap_err().reason().contains("STARTTLS"));
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn an_address_that_could_carry_a_command_is_refused_before_connecting() {
    let mailer = SmtpMailer::from_url("smtp://127.0.0.1:1").unwrap();
    for to in [
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a@example.org, b@example.org",
        "",
    ] {
        let error = mailer
            .send_raw("rolecall@example.org", to, b"")
            .await
            .unwrap_err();
        assert!(error.is_permanent(), "{to}");
    }
}

#[test]
fn the_address_of_a_mail_server_is_checked_without_repeating_it() {
    for (url, port, encryption) in [
        ("smtps://user:secret@mail.example.org", 465, Encryption::Tls),
        (
            "smtp://user:secret@mail.example.org?tls=required",
            587,
            Encryption::StartTls,
        ),
        (
            "smtp://mail.example.org?tls=opportunistic",
            587,
            Encryption::WhenOffered,
        ),
        ("smtp://[::1]:2525", 2525, Encryption::None),
        ("smtp://localhost/me.example.org", 25, Encryption::None),
    ] {
        let mailer = SmtpMailer::from_url(url).unwrap();
        assert_eq!(
            (mailer.port, mailer.encryption),
            (port, encryption),
            "{url}"
        );
    }
    for url in [
        "mail.example.org",
        "mail.secret.org:587",
        "http://user:secret@mail.example.org",
        "smtp://",
        "smtp://user@mail.example.org",
        "smtp://:secret@mail.example.org",
        "smtp://user:secret@mail.example.org:70000",
        "smtp://user:secret@mail.example.org?tls=yes",
        "smtp://user:secret@mail.example.org?starttls=required",
        "smtps://user:secret@mail.example.org?tls=required",
        "smtp://user:%ff@mail.example.org",
        "smtp://mail.example.org/a%0d%0ab",
    ] {
        let error = SmtpMailer::from_url(url).unwrap_err().to_string();
        assert!(
            !error.contains("secret") && !error.contains("%ff"),
            "{error}"
        );
    }
}

#[test]
fn an_operator_hears_of_passwords_in_the_clear() {
    let warned = |url| SmtpMailer::from_url(url).unwrap().warning().is_some();
    assert!(warned("smtp://user:secret@mail.example.org"));
    assert!(warned("smtp://mail.example.org?tls=opportunistic"));
    assert!(!warned("smtp://127.0.0.1:1025"));
    assert!(!warned("smtps://user:secret@mail.example.org"));
}
