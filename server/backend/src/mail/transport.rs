//! Handing finished messages to a mail server over SMTP.
//!
//! The steps are taken one by one instead of through lettre's transport: so a refusal of our own
//! user name is told apart from a refusal of the recipient, each step has a limit of its own
//! (lettre's asynchronous client limits only connecting), and a server that takes a message but
//! never says goodbye does not make it count as unsent, which would send it twice (F6).
//! Connections are not kept: one whose turn was cut off in the middle of a message must never
//! carry the next. lettre's `tracing` feature stays off, because it logs passwords.

use std::{error::Error as _, fmt, future::Future, time::Duration};

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, CertificateStore, TlsParameters},
        extension::ClientId,
    },
};
use percent_encoding::percent_decode_str;
use rolecall_shared::text::tidy;
use tokio::time::timeout;
use url::Url;

/// To connect, greet and encrypt; and again to sign in.
const STEP: Duration = Duration::from_secs(30);
/// To hand a message over. Longer, because giving up after the last byte risks a second copy.
const HANDOVER: Duration = Duration::from_mins(2);
/// To say goodbye, when the message is already taken.
const GOODBYE: Duration = Duration::from_secs(2);
/// Longest answer of a mail server that is kept, in characters.
const ANSWER_MAX: usize = 200;

/// Why a mail was not taken, as a sentence for the people of the workspace; never holds secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again later can work: the server is away, busy, or refuses us rather than the recipient.
    #[error("{0}")]
    Temporary(String),
    /// Trying again can not work: the server refuses this recipient or this message.
    #[error("{0}")]
    Permanent(String),
}

impl SendError {
    /// The sentence.
    pub fn reason(&self) -> &str {
        match self {
            Self::Temporary(reason) | Self::Permanent(reason) => reason,
        }
    }

    /// Whether trying again can not work.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Permanent(_))
    }
}

/// What is wrong with the address of a mail server; never repeats it, because it can hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} Write smtps://user:password@host:465, smtp://user:password@host:587?tls=required or \
     smtp://host:25, with special characters in user and password percent-encoded."
)]
pub struct SmtpUrlError(String);

impl SmtpUrlError {
    fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encryption {
    /// TLS from the first byte (`smtps`).
    Tls,
    /// STARTTLS, or nothing is sent (`?tls=required`).
    StartTls,
    /// STARTTLS when the server offers it (`?tls=opportunistic`).
    WhenOffered,
    /// None: for a server on this machine or a trusted network.
    None,
}

/// A mail server and how to talk to it. Cheap to clone.
#[derive(Clone)]
pub struct SmtpMailer {
    host: String,
    port: u16,
    encryption: Encryption,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

impl SmtpMailer {
    /// Reads `scheme://user:password@host:port/name?tls=…`. Nothing is connected yet.
    ///
    /// `smtps` is TLS from the first byte (port 465). `smtp` is plain (port 25); with
    /// `tls=required` it is STARTTLS or nothing, with `tls=opportunistic` STARTTLS when offered
    /// (both port 587). User and password are optional; `name` is what we call ourselves in EHLO,
    /// by default the name of this machine.
    pub fn from_url(url: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(url).map_err(|problem| {
            SmtpUrlError::new(format!(
                "This is not the address of a mail server: {problem}."
            ))
        })?;
        let mut wanted = None;
        for (key, value) in url.query_pairs() {
            if key != "tls" || !matches!(&*value, "required" | "opportunistic") {
                return Err(SmtpUrlError::new(
                    "After the question mark only tls=required or tls=opportunistic can stand.",
                ));
            }
            wanted = Some(value == "required");
        }
        let (encryption, default_port) = match (url.scheme(), wanted) {
            ("smtps", None) => (Encryption::Tls, 465),
            ("smtps", Some(_)) => {
                return Err(SmtpUrlError::new(
                    "With smtps the tls setting has no meaning; leave it out.",
                ));
            }
            ("smtp", Some(true)) => (Encryption::StartTls, 587),
            ("smtp", Some(false)) => (Encryption::WhenOffered, 587),
            ("smtp", None) => (Encryption::None, 25),
            _ => {
                return Err(SmtpUrlError::new(
                    "The address begins with smtp:// or smtps://.",
                ));
            }
        };
        let host = url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_owned();
        if host.is_empty() {
            return Err(SmtpUrlError::new("The host is missing."));
        }
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => {
                Some(Credentials::new(decoded(user)?, decoded(password)?))
            }
            _ => return Err(SmtpUrlError::new("User and password go together.")),
        };
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name if name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-') =>
            {
                ClientId::Domain(name.to_owned())
            }
            _ => {
                return Err(SmtpUrlError::new(
                    "The name after the host has letters, digits, dots and hyphens.",
                ));
            }
        };
        let tls = TlsParameters::builder(host.clone())
            .certificate_store(trusted(encryption))
            .build()
            .map_err(|_| {
                SmtpUrlError::new("The host is not a name or address that TLS can check.")
            })?;
        let port = url.port().unwrap_or(default_port);
        Ok(Self {
            host,
            port,
            encryption,
            tls,
            credentials,
            hello,
        })
    }

    /// What an operator should hear at start-up about this setting.
    pub fn warning(&self) -> Option<&'static str> {
        let here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        match self.encryption {
            Encryption::None | Encryption::WhenOffered if !here && self.credentials.is_some() => {
                Some(
                    "The password of the mail server can travel unencrypted; use smtps:// or ?tls=required.",
                )
            }
            Encryption::None | Encryption::WhenOffered if !here => Some(
                "Mail, with the links of invitations, can travel unencrypted; use smtps:// or ?tls=required.",
            ),
            _ => None,
        }
    }

    /// Hands one message to the mail server, for one recipient. `Ok` means that the server has
    /// taken it; whether it reaches the mailbox is another matter.
    pub async fn send_raw(&self, from: &str, to: &str, message: &[u8]) -> Result<(), SendError> {
        let envelope = envelope(from, to)?;
        let mut connection = self.connect().await?;
        let sent = within(HANDOVER, connection.send(&envelope, message)).await;
        sent.map_err(|failure| match failure {
            Failure::Slow => temporary("The mail server did not answer in time."),
            Failure::Smtp(error) => sending(&error, to),
        })?;
        // The message is taken; a server that does not say goodbye changes nothing about that.
        let _ = timeout(GOODBYE, connection.quit()).await;
        Ok(())
    }

    /// Connects and signs in, without sending anything: for checking a configuration.
    pub async fn test(&self) -> Result<(), SendError> {
        let mut connection = self.connect().await?;
        let _ = timeout(GOODBYE, connection.quit()).await;
        Ok(())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let tls = (self.encryption == Encryption::Tls).then(|| self.tls.clone());
        let address = (self.host.as_str(), self.port);
        let connecting = async {
            let mut connection =
                AsyncSmtpConnection::connect_tokio1(address, Some(STEP), &self.hello, tls, None)
                    .await?;
            let upgrade = match self.encryption {
                Encryption::StartTls => true,
                Encryption::WhenOffered => connection.can_starttls(),
                Encryption::Tls | Encryption::None => false,
            };
            if upgrade {
                connection.starttls(self.tls.clone(), &self.hello).await?;
            }
            Ok(connection)
        };
        let mut connection = within(STEP, connecting)
            .await
            .map_err(|failure| match failure {
                Failure::Slow => temporary("The mail server did not answer in time."),
                Failure::Smtp(error) => connecting_failed(&error),
            })?;
        if let Some(credentials) = &self.credentials {
            within(STEP, connection.auth(DEFAULT_MECHANISMS, credentials))
                .await
                .map_err(|failure| match failure {
                    Failure::Slow => temporary("The mail server did not answer in time."),
                    Failure::Smtp(error) => signing_in_failed(&error),
                })?;
        }
        Ok(connection)
    }
}

fn decoded(text: &str) -> Result<String, SmtpUrlError> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(Into::into)
        .map_err(|_| SmtpUrlError::new("User or password is not UTF-8 after percent-decoding."))
}

/// Whose certificates are believed: those that the system believes, so that a company's own
/// authority counts once it is installed there, and Mozilla's list where the system has none.
fn trusted(encryption: Encryption) -> CertificateStore {
    match encryption {
        Encryption::None => CertificateStore::None,
        _ if rustls_native_certs::load_native_certs().certs.is_empty() => {
            CertificateStore::WebpkiRoots
        }
        _ => CertificateStore::Default,
    }
}

fn envelope(from: &str, to: &str) -> Result<Envelope, SendError> {
    let parse = |address: &str| {
        let address: Result<Address, _> = address.parse();
        address
            .map_err(|_| SendError::Permanent("The address can not be used for mail.".to_owned()))
    };
    Envelope::new(Some(parse(from)?), vec![parse(to)?])
        .map_err(|_| SendError::Permanent("The address can not be used for mail.".to_owned()))
}

enum Failure {
    Slow,
    Smtp(SmtpError),
}

async fn within<T>(
    limit: Duration,
    step: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Failure> {
    match timeout(limit, step).await {
        Ok(result) => result.map_err(Failure::Smtp),
        Err(_) => Err(Failure::Slow),
    }
}

fn temporary(reason: impl Into<String>) -> SendError {
    SendError::Temporary(reason.into())
}

/// Whatever stops us before a recipient is named is not the recipient's fault.
fn connecting_failed(error: &SmtpError) -> SendError {
    if error.status().is_some() {
        return temporary(format!(
            "The mail server does not accept our connection: {}.",
            answer(error)
        ));
    }
    temporary(if error.is_tls() {
        "No secure connection to the mail server: its certificate or its TLS does not fit."
    } else if error.is_client() {
        "The mail server does not offer the encryption that is required (STARTTLS)."
    } else if error.is_timeout() {
        "The mail server did not answer in time."
    } else {
        "The mail server could not be reached."
    })
}

fn signing_in_failed(error: &SmtpError) -> SendError {
    // The words of the server are left out: some repeat the user name.
    match error.status() {
        Some(code) if error.is_permanent() => temporary(format!(
            "The mail server does not accept our user name and password ({code})."
        )),
        Some(code) => temporary(format!(
            "The mail server could not check our password now ({code})."
        )),
        None if error.is_client() => {
            temporary("The mail server offers no way to sign in that we know (PLAIN, LOGIN).")
        }
        None => temporary("The connection to the mail server broke while signing in."),
    }
}

fn sending(error: &SmtpError, to: &str) -> SendError {
    if error.is_permanent() {
        // 530 and 535 ask for a sign-in that is not configured: the operator can mend that.
        let ours = error
            .status()
            .is_some_and(|code| matches!(u16::from(code), 530 | 535 | 538));
        let reason = format!("The mail server refused the mail: {}.", answer(error));
        return if ours {
            SendError::Temporary(reason)
        } else {
            SendError::Permanent(reason)
        };
    }
    if error.is_transient() {
        return temporary(format!(
            "The mail server asks to try again later: {}.",
            answer(error)
        ));
    }
    if error.is_client() && !to.is_ascii() {
        return SendError::Permanent(
            "The mail server does not take addresses with letters outside ASCII.".to_owned(),
        );
    }
    temporary("The connection to the mail server broke before it took the mail.")
}

/// Code and words of the server's answer, on one line and short.
fn answer(error: &SmtpError) -> String {
    let words = error
        .source()
        .map(|source| tidy(&source.to_string()))
        .unwrap_or_default();
    let words: String = words
        .trim_end_matches('.')
        .chars()
        .take(ANSWER_MAX)
        .collect();
    let code = error
        .status()
        .map(|code| code.to_string())
        .unwrap_or_default();
    format!("{code} {words}").trim().to_owned()
}

#[cfg(test)]
mod encryption_tests;
#[cfg(test)]
mod tests;
