//! The configuration: `rolecall.toml` and the environment, read once, all mistakes reported at once.

mod key;
mod mistake;
mod source;
mod types;

use std::{
    collections::HashMap,
    ffi::OsString,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use ipnet::IpNet;
use rolecall_backend::mail::{MailFrom, SmtpMailer};

use self::source::{Setting, Source};
pub use self::{
    key::Key,
    mistake::{Mistake, Mistakes},
    types::{AllowedHost, DatabaseUrl, Hidden, MailSettings, PublicUrl},
};

/// Shortest set-up code an operator may choose.
const SETUP_CODE_MIN: usize = 8;
/// Requests a minute with one token, unless the operator says otherwise: a service that asks before
/// everything it does asks a thousand times a second at most.
const API_RATE: u32 = 60_000;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// A filter as `tracing` takes it, such as `info,rolecall_server=debug`.
    pub filter: String,
    /// The form of a line.
    pub format: LogFormat,
}

/// Everything the operator can set, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the data is.
    pub database: DatabaseUrl,
    /// Where to listen.
    pub addr: SocketAddr,
    /// How browsers reach this server; `None`: at `addr`, which then is an address of this machine.
    pub public_url: Option<PublicUrl>,
    /// The folder for the database and the secret.
    pub data_dir: PathBuf,
    /// How mail is sent; `None`: not at all.
    pub mail: Option<MailSettings>,
    /// The code of the first run; `None`: a random one.
    pub setup_code: Option<Hidden>,
    /// The file with the secret all keys come from.
    pub secret_file: PathBuf,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// A folder with further workspace templates.
    pub templates_dir: Option<PathBuf>,
    /// What is logged, and how.
    pub log: LogSettings,
    /// The folder with stylesheets, scripts and fonts.
    pub site_dir: PathBuf,
    /// The file with the hashes in the names of those files.
    pub hash_file: PathBuf,
    /// Host names that are answered besides the public one.
    pub allowed_hosts: Vec<AllowedHost>,
    /// How often a program may ask in a minute, with one token.
    pub api_rate: u32,
    /// Where Prometheus reads numbers, without signing in; `None`: nowhere.
    pub metrics_addr: Option<SocketAddr>,
    /// The file that checkpoints of the audit trail are added to; `None`: only database and log.
    pub audit_checkpoints: Option<PathBuf>,
    /// What is not wrong enough to refuse: unknown variables with our prefix, mail that can travel
    /// unencrypted. Told at the start and by `rolecall check`.
    pub warnings: Vec<Mistake>,
}

impl Config {
    /// Reads the file and the process's environment. With mistakes the configuration is good for
    /// nothing but for finding more of them.
    pub fn examine(file: Option<&Path>) -> (Self, Vec<Mistake>) {
        let (env, mut mistakes) = texts(std::env::vars_os());
        let (config, more) = Self::read(file, &env);
        mistakes.extend(more);
        (config, mistakes)
    }

    /// Reads the file and an environment.
    pub fn from_parts(
        file: Option<&Path>,
        env: &HashMap<String, String>,
    ) -> Result<Self, Mistakes> {
        let (config, mistakes) = Self::read(file, env);
        if mistakes.is_empty() {
            Ok(config)
        } else {
            Err(Mistakes(mistakes))
        }
    }

    fn read(file: Option<&Path>, env: &HashMap<String, String>) -> (Self, Vec<Mistake>) {
        let mut reader = Reader {
            source: Source::read(file, env),
            mistakes: Vec::new(),
        };
        let config = reader.config();
        let mut mistakes = std::mem::take(&mut reader.source.mistakes);
        mistakes.append(&mut reader.mistakes);
        (config, mistakes)
    }

    /// The public address of a server that listens at `bound`.
    pub fn public_url_at(&self, bound: SocketAddr) -> Result<PublicUrl, Mistake> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => PublicUrl::local(bound)
                .map_err(|message| Mistake::new(Key::PUBLIC_URL.env(), message)),
        }
    }
}

/// The environment as text. A setting that is none is a mistake; what is not ours can be anything.
fn texts(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> (HashMap<String, String>, Vec<Mistake>) {
    let mut env = HashMap::new();
    let mut mistakes = Vec::new();
    for (name, value) in variables {
        let Ok(name) = name.into_string() else {
            continue;
        };
        if let Ok(value) = value.into_string() {
            env.insert(name, value);
        } else if key::is_setting(&name) {
            let message = "Its value is not text in UTF-8. Write it again.";
            mistakes.push(Mistake::new(name, message));
        }
    }
    mistakes.sort_by(|a, b| a.key.cmp(&b.key));
    (env, mistakes)
}

/// Reads one setting after the other and collects what is wrong with them; a setting that is
/// wrong gets its default, so that the ones after it can be read too.
struct Reader {
    source: Source,
    mistakes: Vec<Mistake>,
}

impl Reader {
    fn config(&mut self) -> Config {
        let data_dir = self
            .path(Key::DATA_DIR)
            .unwrap_or_else(|| PathBuf::from("./data"));
        let beside = folder_of_the_binary();
        let database = self
            .parsed(Key::DATABASE_URL, DatabaseUrl::parse)
            .unwrap_or_else(|| DatabaseUrl::in_folder(&data_dir));
        let addr = self.addr();
        Config {
            database,
            addr,
            public_url: self.public_url(addr),
            mail: self.mail(),
            setup_code: self.parsed(Key::SETUP_CODE, setup_code),
            secret_file: self
                .path(Key::SECRET_FILE)
                .unwrap_or_else(|| data_dir.join("secret")),
            trusted_proxies: self
                .parsed(Key::TRUSTED_PROXIES, networks)
                .unwrap_or_default(),
            templates_dir: self.folder(Key::TEMPLATES_DIR),
            log: self.log(),
            site_dir: self
                .folder(Key::SITE_DIR)
                .unwrap_or_else(|| default_site(&beside)),
            hash_file: self
                .path(Key::HASH_FILE)
                .unwrap_or_else(|| beside.join("hash.txt")),
            allowed_hosts: self.parsed(Key::ALLOWED_HOSTS, hosts).unwrap_or_default(),
            api_rate: self.parsed(Key::API_RATE, rate).unwrap_or(API_RATE),
            metrics_addr: self.metrics_addr(addr),
            audit_checkpoints: self.file_to_add_to(Key::AUDIT_CHECKPOINTS),
            data_dir,
            warnings: std::mem::take(&mut self.source.warnings),
        }
    }

    fn setting(&self, key: Key) -> Option<Setting> {
        self.source.get(key).cloned()
    }

    fn wrong(&mut self, name: impl Into<String>, message: impl Into<String>) {
        self.mistakes.push(Mistake::new(name, message));
    }

    fn parsed<T>(&mut self, key: Key, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let setting = self.setting(key)?;
        parse(setting.value.trim())
            .map_err(|message| self.wrong(setting.name, message))
            .ok()
    }

    fn path(&self, key: Key) -> Option<PathBuf> {
        self.setting(key)
            .map(|setting| PathBuf::from(setting.value.trim()))
    }

    /// A folder that has to be there.
    fn folder(&mut self, key: Key) -> Option<PathBuf> {
        self.parsed(key, |text| {
            let path = PathBuf::from(text);
            if path.is_dir() {
                Ok(path)
            } else {
                Err(format!(
                    "There is no folder {text}. Create it, or correct the path."
                ))
            }
        })
    }

    /// A file that is there or can be made: its folder has to be there.
    fn file_to_add_to(&mut self, key: Key) -> Option<PathBuf> {
        self.parsed(key, |text| {
            let path = PathBuf::from(text);
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            if path.is_dir() {
                return Err(format!("{text} is a folder. Name a file in it."));
            }
            match folder {
                Some(folder) if !folder.is_dir() => Err(format!(
                    "There is no folder {}. Create it, or correct the path.",
                    folder.display()
                )),
                _ => Ok(path),
            }
        })
    }

    fn addr(&mut self) -> SocketAddr {
        let default = SocketAddr::from(([127, 0, 0, 1], 3000));
        self.parsed(Key::ADDR, socket).unwrap_or(default)
    }

    /// Never that of the console: whoever reaches it reads the numbers.
    fn metrics_addr(&mut self, console: SocketAddr) -> Option<SocketAddr> {
        self.parsed(Key::METRICS_ADDR, |text| {
            let addr = socket(text)?;
            if addr.port() == console.port() && addr.port() != 0 {
                let message = format!(
                    "Use another port than {}: the console is there.",
                    Key::ADDR.env()
                );
                return Err(message);
            }
            Ok(addr)
        })
    }

    fn public_url(&mut self, addr: SocketAddr) -> Option<PublicUrl> {
        let given = self.setting(Key::PUBLIC_URL).is_some();
        if !given && !addr.ip().is_loopback() {
            let message = format!(
                "Set it to the https address that browsers open: {addr} is reachable from other machines, \
                 and links in mails need a host name."
            );
            self.wrong(Key::PUBLIC_URL.env(), message);
        }
        self.parsed(Key::PUBLIC_URL, PublicUrl::parse)
    }

    fn mail(&mut self) -> Option<MailSettings> {
        let server = self.parsed(Key::SMTP_URL, |text| {
            SmtpMailer::from_url(text).map_err(|error| error.to_string())
        });
        if let Some(warning) = server.as_ref().and_then(SmtpMailer::warning) {
            let warning = Mistake::new(Key::SMTP_URL.env(), warning);
            self.source.warnings.push(warning);
        }
        let from = self.parsed(Key::MAIL_FROM, MailFrom::parse);
        let is_set = |key: Key| self.source.get(key).is_some();
        match (is_set(Key::SMTP_URL), is_set(Key::MAIL_FROM)) {
            (true, false) => self.wrong(
                Key::MAIL_FROM.env(),
                "Set the sender of mails, such as Rolecall <rolecall@example.org>: a mail server is set.",
            ),
            (false, true) => self.wrong(
                Key::SMTP_URL.env(),
                "Set the mail server, such as smtps://user:password@mail.example.org: a sender is set.",
            ),
            _ => {}
        }
        Some(MailSettings {
            server: server?,
            from: from?,
        })
    }

    fn log(&mut self) -> LogSettings {
        let filter = self.parsed(Key::LOG, |text| {
            tracing_subscriber::EnvFilter::try_new(text)
                .map(|_| text.to_owned())
                .map_err(|_| format!("“{text}” is not a log filter. Write it as info or info,rolecall_server=debug."))
        });
        let format = self.parsed(Key::LOG_FORMAT, |text| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err(format!(
                "“{text}” is not a form of log lines. Write text or json."
            )),
        });
        LogSettings {
            filter: filter.unwrap_or_else(|| "info".to_owned()),
            format: format.unwrap_or(LogFormat::Text),
        }
    }
}

fn socket(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("“{text}” is not an address. Write it as address:port, such as 127.0.0.1:3000 or 0.0.0.0:3000.")
    })
}

fn rate(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|rate| *rate > 0);
    number.ok_or_else(|| format!("“{text}” is no number of requests a minute, such as {API_RATE}."))
}

fn setup_code(text: &str) -> Result<Hidden, String> {
    let length = text.chars().count();
    if length < SETUP_CODE_MIN {
        return Err(format!(
            "Use at least {SETUP_CODE_MIN} characters; this has {length}. Leave it out to get a random one."
        ));
    }
    Ok(Hidden::new(text))
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let network = |item: &str| {
        let address = || item.parse::<IpAddr>().map(IpNet::from);
        item.parse::<IpNet>().or_else(|_| address()).map_err(|_| {
            format!("“{item}” is neither an address nor a network. Write them as 10.0.0.7 or 10.0.0.0/8, with commas between.")
        })
    };
    list(text).map(network).collect()
}

fn hosts(text: &str) -> Result<Vec<AllowedHost>, String> {
    let host = |item: &str| {
        AllowedHost::parse(item).ok_or_else(|| {
            format!("“{item}” is not a host. Write them as access.example.org or access.example.org:8443, with commas between.")
        })
    };
    list(text).map(host).collect()
}

fn folder_of_the_binary() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|path| path.parent().map(Path::to_owned))
        .unwrap_or_else(|| PathBuf::from("."))
}

/// Beside an installed binary, else where a build in a checkout leaves it.
fn default_site(beside: &Path) -> PathBuf {
    let installed = beside.join("site");
    if installed.is_dir() {
        installed
    } else {
        PathBuf::from("target/site")
    }
}

#[cfg(test)]
mod tests;
