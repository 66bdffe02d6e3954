//! The names of all settings, and the nearest one to a name that is not known.

/// A setting: its environment variable; in `rolecall.toml` it is the same name without
/// `ROLECALL_`, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(&'static str);

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $env:literal;)+) => {
        impl Key {
            $($(#[$doc])* pub const $name: Self = Self($env);)+
            /// Every setting.
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
}

keys! {
    /// Where the data is: `sqlite://path` or `postgres://…`.
    DATABASE_URL = "DATABASE_URL";
    /// Address and port to listen on.
    ADDR = "ROLECALL_ADDR";
    /// How browsers reach this server.
    PUBLIC_URL = "ROLECALL_PUBLIC_URL";
    /// The folder for the database and the secret.
    DATA_DIR = "ROLECALL_DATA_DIR";
    /// The mail server.
    SMTP_URL = "ROLECALL_SMTP_URL";
    /// The sender of mails.
    MAIL_FROM = "ROLECALL_MAIL_FROM";
    /// The code of the first run, instead of a random one.
    SETUP_CODE = "ROLECALL_SETUP_CODE";
    /// The file with the secret all keys come from.
    SECRET_FILE = "ROLECALL_SECRET_FILE";
    /// Proxies whose `X-Forwarded-For` is believed.
    TRUSTED_PROXIES = "ROLECALL_TRUSTED_PROXIES";
    /// A folder with further workspace templates.
    TEMPLATES_DIR = "ROLECALL_TEMPLATES_DIR";
    /// Which log lines are written.
    LOG = "ROLECALL_LOG";
    /// `text` or `json`.
    LOG_FORMAT = "ROLECALL_LOG_FORMAT";
    /// The folder with stylesheets, scripts and fonts.
    SITE_DIR = "ROLECALL_SITE_DIR";
    /// The file with the hashes in the names of those files.
    HASH_FILE = "ROLECALL_HASH_FILE";
    /// Further host names that are answered.
    ALLOWED_HOSTS = "ROLECALL_ALLOWED_HOSTS";
    /// How often a program may ask in a minute, with one token.
    API_RATE = "ROLECALL_API_RATE";
    /// Address and port of the numbers that Prometheus reads.
    METRICS_ADDR = "ROLECALL_METRICS_ADDR";
    /// The file that checkpoints of the audit trail are added to.
    AUDIT_CHECKPOINTS = "ROLECALL_AUDIT_CHECKPOINTS";
}

/// Names with our prefix that belong to tools and tests, not to the server.
const OTHERS: [&str; 4] = [
    "ROLECALL_CONFIG",
    "ROLECALL_TOOLS",
    "ROLECALL_BIN",
    "ROLECALL_CHROMIUM",
];

impl Key {
    /// The name of the environment variable.
    pub const fn env(self) -> &'static str {
        self.0
    }

    /// The name in `rolecall.toml`.
    pub fn toml(self) -> String {
        self.0
            .strip_prefix("ROLECALL_")
            .unwrap_or(self.0)
            .to_lowercase()
    }

    /// The setting with this name in `rolecall.toml`.
    pub fn from_toml(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.toml() == name)
    }
}

/// Whether an environment variable is read by the server.
pub fn is_setting(name: &str) -> bool {
    name == "ROLECALL_CONFIG" || Key::ALL.iter().any(|key| key.env() == name)
}

/// Whether an environment variable has our prefix but is nothing we know.
pub fn is_unknown_env(name: &str) -> bool {
    name.starts_with("ROLECALL_")
        && !name.starts_with("ROLECALL_TEST_")
        && !OTHERS.contains(&name)
        && !Key::ALL.iter().any(|key| key.env() == name)
}

/// The candidate with the fewest changed letters, if that is near enough to be a typing mistake.
pub fn nearest(name: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    candidates
        .map(|candidate| (distance(name, &candidate), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 4)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in bytes: names of settings are ASCII.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substitute = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_name_in_the_file() {
        assert_eq!(Key::ADDR.toml(), "addr");
        assert_eq!(Key::DATABASE_URL.toml(), "database_url");
        assert_eq!(Key::from_toml("smtp_url"), Some(Key::SMTP_URL));
        assert_eq!(Key::from_toml("ROLECALL_ADDR"), None);
    }

    #[test]
    fn a_typing_mistake_finds_the_setting_it_meant() {
        let names = || Key::ALL.iter().map(|key| key.env().to_owned());
        assert_eq!(
            nearest("ROLECALL_PUBLIC_ULR", names()).as_deref(),
            Some("ROLECALL_PUBLIC_URL")
        );
        assert_eq!(nearest("ROLECALL_SOMETHING_ELSE", names()), None);
    }

    #[test]
    fn variables_of_tools_are_not_mistakes() {
        assert!(!is_unknown_env("ROLECALL_TEST_POSTGRES"));
        assert!(!is_unknown_env("ROLECALL_ADDR"));
        assert!(!is_unknown_env("PATH"));
        assert!(is_unknown_env("ROLECALL_ADRR"));
    }
}
