//! Rules of accounts that server and browser share, and what somebody sees of their own.

use serde::{Deserialize, Serialize};

use crate::{SessionId, Timestamp, notification::NotificationChoice};

/// Fewest code points of a password: it is the only factor (NIST SP 800-63B-4 §3.1.1.2, rule 9).
pub const PASSWORD_MIN: usize = 15;
/// Most bytes of a password, far above what anybody types; longer input is refused before hashing (rule 11).
pub const PASSWORD_MAX_BYTES: usize = 1_024;

/// Why a password can not be used, as a sentence that helps; the blocklist is the server's part.
pub fn password_problem(password: &str) -> Option<String> {
    let length = password.chars().count();
    if password.len() > PASSWORD_MAX_BYTES {
        return Some(format!("Use at most {PASSWORD_MAX_BYTES} bytes."));
    }
    if length < PASSWORD_MIN {
        return Some(format!(
            "Use at least {PASSWORD_MIN} characters; this has {length}. Four or five random words work well."
        ));
    }
    None
}

/// Somebody's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether the address was proven to be theirs.
    pub email_verified: bool,
    /// Whether they sign in with a password.
    pub has_password: bool,
    /// Whether this installation can send mail.
    pub mail: bool,
    /// Another address that waits to be confirmed.
    pub pending_email: Option<PendingEmail>,
    /// Their sessions, the one that asks first.
    pub sessions: Vec<SessionRow>,
    /// Every kind of mail, and whether they get it.
    pub notifications: Vec<NotificationChoice>,
}

/// Another address that waits to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingEmail {
    /// The address.
    pub email: String,
    /// Until when its link works.
    pub expires_at: Timestamp,
}

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Browser and system in words.
    pub browser: String,
    /// The network address it began at.
    pub address: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
}

/// Parts of a `User-Agent` header that name a browser. Each claims to be those below it as well, so
/// the first that fits counts.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
/// The same for systems.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// What a `User-Agent` header says, in words that people know: `Firefox on Linux`. Without a version,
/// which changes every few weeks.
pub fn client_words(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(part, _)| user_agent.contains(part));
        found.map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("Unknown browser on {system}"),
        (None, None) => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_in_words_whatever_else_it_claims_to_be() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.14.1", "curl"),
            ("Something (Linux)", "Unknown browser on Linux"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(client_words(agent), words, "{agent}");
        }
    }

    #[test]
    fn a_password_is_counted_in_characters_not_bytes() {
        assert!(password_problem("ääääääääääääää").is_some());
        assert!(password_problem("äääääääääääääää").is_none());
        assert!(password_problem(&"x".repeat(1_025)).is_some());
    }
}
