//! Types of settings: once made, their values are known to be usable.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use rolecall_backend::mail::{MailFrom, SmtpMailer};
use url::{Host, Url};

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A server; the address may hold a password.
    Postgres(String),
}

impl DatabaseUrl {
    /// The default: a file in the data folder.
    pub fn in_folder(data: &Path) -> Self {
        Self::Sqlite(data.join("rolecall.db"))
    }

    /// Reads `sqlite://path` or `postgres://…`. The error is what to do.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str =
            "Write it as sqlite://path/to/file.db or postgres://user:password@host/database.";
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '#', '%']) || path.contains(":memory:") {
                return Err(format!(
                    "This names no file, or has options that are not taken. {FORM}"
                ));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(format!(
                "This is neither a SQLite nor a PostgreSQL address. {FORM}"
            ));
        }
        match Url::parse(text) {
            // A socket folder is given as ?host=/path, with an empty host before it.
            Ok(url) if url.has_host() || url.query().is_some() => {
                Ok(Self::Postgres(text.to_owned()))
            }
            _ => Err(format!("The PostgreSQL address can not be read. {FORM}")),
        }
    }

    /// The form the store opens.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(url) => url.clone(),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite, {}", path.display()),
            Self::Postgres(url) => {
                let url = Url::parse(url).ok();
                let host = url
                    .as_ref()
                    .and_then(Url::host_str)
                    .unwrap_or("local socket");
                write!(f, "PostgreSQL, {host}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// How browsers reach this server: scheme, host and port, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    https: bool,
}

impl PublicUrl {
    /// Reads `https://host[:port]`; plain http only for this machine. The error is what to do.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = "Write it as https://access.example.org.";
        let url =
            Url::parse(text.trim()).map_err(|_| format!("“{text}” is not an address. {FORM}"))?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            other => {
                return Err(format!(
                    "It begins with {other}:, which browsers can not open here. {FORM}"
                ));
            }
        };
        let Some(host) = url.host() else {
            return Err(format!("It has no host. {FORM}"));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!(
                "It must not hold a user name or a password. {FORM}"
            ));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(format!(
                "It must end after the host: Rolecall needs a host name of its own. {FORM}"
            ));
        }
        if !https && !is_loopback(&host) {
            return Err(
                "Plain http is only taken for 127.0.0.1 and localhost: browsers would send the sign-in \
                 unencrypted. Use https://, with a proxy that holds the certificate."
                    .to_owned(),
            );
        }
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        let authority = format!("{host}{port}");
        Ok(Self {
            origin: format!("{}://{authority}", url.scheme()),
            authority,
            https,
        })
    }

    /// The address of a server that nothing stands in front of.
    pub fn local(address: SocketAddr) -> Result<Self, String> {
        Self::parse(&format!("http://{address}"))
    }

    /// Scheme and host, as browsers write them in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host, and the port unless it is the scheme's own.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether the way to the browser is encrypted.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// A text that output of any kind hides.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

/// How mail is sent: server and sender belong together.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The mail server.
    pub server: SmtpMailer,
    /// The sender.
    pub from: MailFrom,
}

/// A host that requests may name: with a port that port only, without one any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost {
    host: String,
    port: Option<u16>,
}

impl AllowedHost {
    /// Reads `host` or `host:port`; the host in lower case, addresses of version 6 in brackets.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port.parse().ok()?)),
            _ => (text.as_str(), None),
        };
        let bracketed = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let sound = match bracketed {
            Some(inner) => inner.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()),
            None => Host::parse(host).is_ok_and(|_| !host.is_empty()),
        };
        sound.then(|| Self {
            host: host.to_owned(),
            port,
        })
    }

    /// Whether a `Host` header names this host.
    pub fn admits(&self, named: &Self, default_port: u16) -> bool {
        let port = |of: &Self| of.port.unwrap_or(default_port);
        self.host == named.host && (self.port.is_none() || port(self) == port(named))
    }

    /// The host and port of a public address: there, no port means the scheme's own.
    pub fn exactly(public: &PublicUrl) -> Option<Self> {
        let mut host = Self::parse(public.authority())?;
        host.port = host.port.or(Some(if public.is_https() { 443 } else { 80 }));
        Some(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_encrypted_or_on_this_machine() {
        for text in [
            "https://access.example.org",
            "http://127.0.0.1:3000",
            "http://[::1]:3000/",
            "http://localhost",
        ] {
            assert!(PublicUrl::parse(text).is_ok(), "{text}");
        }
        for text in [
            "http://access.example.org",
            "http://0.0.0.0:3000",
            "https://example.org/rolecall",
            "https://example.org?x",
            "https://ana:x@example.org",
            "ftp://example.org",
            "example.org",
            "",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_origin_is_what_browsers_write() {
        let url = PublicUrl::parse("https://Access.Example.org:443/").unwrap();
        assert_eq!(url.origin(), "https://access.example.org");
        assert_eq!(url.authority(), "access.example.org");
        assert_eq!(
            PublicUrl::parse("http://127.0.0.1:3000")
                .unwrap()
                .authority(),
            "127.0.0.1:3000"
        );
    }

    #[test]
    fn a_database_address_hides_its_password() {
        let url =
            DatabaseUrl::parse("postgres://rolecall:topsecret@db.example.org/rolecall").unwrap();
        assert_eq!(
            format!("{url:?}"),
            "DatabaseUrl(PostgreSQL, db.example.org)"
        );
        assert!(
            DatabaseUrl::parse("mysql://x")
                .unwrap_err()
                .contains("postgres://")
        );
        assert!(DatabaseUrl::parse("sqlite::memory:").is_err());
        assert_eq!(
            DatabaseUrl::parse("sqlite://a/b.db").unwrap().url(),
            "sqlite://a/b.db"
        );
    }

    #[test]
    fn a_host_without_a_port_is_admitted_on_every_port() {
        let host = |text: &str| AllowedHost::parse(text).unwrap();
        assert!(host("a.example").admits(&host("A.example:8080"), 80));
        assert!(!host("a.example:81").admits(&host("a.example"), 80));
        let public = PublicUrl::parse("https://a.example").unwrap();
        let exact = AllowedHost::exactly(&public).unwrap();
        assert!(exact.admits(&host("a.example"), 443) && exact.admits(&host("a.example:443"), 443));
        assert!(!exact.admits(&host("a.example:8443"), 443));
        for text in ["", "a b", "a:b", "a.example:99999", "a/b", "[1]"] {
            assert_eq!(AllowedHost::parse(text), None, "{text}");
        }
    }
}
