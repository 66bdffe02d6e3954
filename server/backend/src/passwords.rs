//! Passwords: hashing and checking without stalling the server, and which ones are too easy to guess.
//!
//! Argon2id with 19 MiB, two passes and one lane (rule 11). Each run takes tens of milliseconds of
//! one core, so runs happen on blocking threads and a semaphore bounds how many at a time; whoever
//! waits too long is told to come back, instead of the machine running out of memory.
//!
//! # What counts as too easy
//!
//! NIST SP 800-63B-4 §3.1.1.2 asks for a length, a blocklist that matters for passwords of that
//! length, and words of the context; no rules of composition. Three checks do that:
//!
//! 1. a list of the 5000 most common passwords of 15 characters and more;
//! 2. the words around the account (product, workspace, name, address) may not be most of it;
//! 3. [`zxcvbn`], with these words added, estimates how many guesses an attacker needs who tries
//!    common passwords, English words, names, dates, keyboard walks, sequences and repetitions
//!    first. Below 10¹⁰ the password is refused: `passwordpassword1`, `qwertyuiopasdfghjkl` and
//!    `Password1234567` fall, four random words do not. A judge of our own would be a list of
//!    words plus the same search, only untested; the crate costs four small dependencies and
//!    8 MB of memory from the first new password on.

use std::{fmt, sync::Arc, thread, time::Duration};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{Ident, Output, ParamsString, PasswordHash, SaltString},
};
use rolecall_shared::account::{PASSWORD_MAX_BYTES, password_problem};
use sha2::{Digest as _, Sha256};
use tokio::{sync::Semaphore, task, time::timeout};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// How long a request waits for its turn before it is told that the server is busy.
const WAIT: Duration = Duration::from_secs(2);
/// Bytes of a hash.
const OUTPUT: usize = 32;
/// Bytes of a salt.
const SALT: usize = 16;
/// Fewest guesses, as a power of ten, that a password must withstand.
const GUESSES_LOG10: f64 = 10.0;
/// Letters and digits that must be left of a password without the words of its context.
const REST_MIN: usize = 8;
/// Words of the product, which an attacker tries first.
const PRODUCT_WORDS: [&str; 2] = ["rolecall", "password"];

const BLOCKLIST: &str = include_str!("passwords/blocklist.txt");
/// Hexadecimal digits per line of the list.
const BLOCKLIST_DIGITS: usize = 12;

/// Why a password could not be hashed or checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many others are being hashed; trying again in a few seconds helps (503).
    #[error("too many passwords are being checked")]
    Busy,
    /// Longer than [`PASSWORD_MAX_BYTES`]; never hashed.
    #[error("the password is too long")]
    TooLong,
    /// The hash could not be computed: our fault (500).
    #[error("the password could not be hashed")]
    Failed,
}

/// The answer of [`Passwords::verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whether it is the right password.
    pub matches: bool,
    /// Whether it is right and its hash was made with other parameters than those of today: store a new one.
    pub needs_rehash: bool,
}

impl Verified {
    const NO: Self = Self {
        matches: false,
        needs_rehash: false,
    };
}

/// Hashes and checks passwords, a bounded number at a time. Cheap to clone.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    params: Params,
    permits: Arc<Semaphore>,
    /// A hash of nothing in particular, checked in place of one that does not exist.
    dummy: String,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

impl Passwords {
    /// With chosen parameters and number of runs at a time.
    pub fn new(params: Params, permits: usize) -> Self {
        // Random bytes instead of a real hash: no password matches it, and start-up hashes nothing.
        let dummy = Output::new(&rand::random::<[u8; OUTPUT]>())
            .ok()
            .and_then(|output| phc(&params, &fresh_salt()?, output));
        Self(Arc::new(Inner {
            permits: Arc::new(Semaphore::new(permits.max(1))),
            dummy: dummy.unwrap_or_default(),
            params,
        }))
    }

    /// 19 MiB, two passes, one lane; all cores but one.
    pub fn for_this_machine() -> Self {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(Params::DEFAULT, cores.saturating_sub(1))
    }

    /// The hash of a password in PHC form, with its parameters and a fresh salt.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let password = normal(password)?;
        let params = self.0.params.clone();
        self.run(move || {
            let salt = fresh_salt()?;
            let output = argon2id(&params, &password, &salt)?;
            phc(&params, &salt, output)
        })
        .await?
        .ok_or(PasswordError::Failed)
    }

    /// Checks a password against a stored hash. With `None` (no such user, or one without a
    /// password) the same work is done against a hash that nothing matches, so that the answer
    /// takes as long (rule 12). An over-long password is wrong without any work.
    pub async fn verify(
        &self,
        password: &str,
        phc: Option<&str>,
    ) -> Result<Verified, PasswordError> {
        let Ok(password) = normal(password) else {
            return Ok(Verified::NO);
        };
        let stored = phc.map(str::to_owned);
        let inner = Arc::clone(&self.0);
        self.run(move || {
            if let Some(stored) = stored {
                if let Some(verified) = check(&inner.params, &password, &stored) {
                    return verified;
                }
                tracing::error!("a stored password hash can not be read");
            }
            check(&inner.params, &password, &inner.dummy);
            Verified::NO
        })
        .await
    }

    /// Runs work on a blocking thread when it is its turn.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = Arc::clone(&self.0.permits).acquire_owned();
        let permit = timeout(WAIT, turn)
            .await
            .map_err(|_| PasswordError::Busy)?
            .map_err(|_| PasswordError::Failed)?;
        let running = task::spawn_blocking(move || {
            // The permit belongs to the work, not to the request: a request that is dropped
            // half-way must not make room while its hash is still being computed.
            let _permit = permit;
            work()
        });
        running.await.map_err(|_| PasswordError::Failed)
    }
}

/// NFC once, so that the same characters typed on two systems are the same password (rule 9).
fn normal(password: &str) -> Result<Zeroizing<String>, PasswordError> {
    if password.len() > PASSWORD_MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    Ok(Zeroizing::new(password.nfc().collect()))
}

/// Salts come from the thread's generator, not the injected one: no test needs the same one twice.
fn fresh_salt() -> Option<SaltString> {
    SaltString::encode_b64(&rand::random::<[u8; SALT]>()).ok()
}

/// Runs Argon2id in memory that goes back to the system at once.
fn argon2id(params: &Params, password: &str, salt: &SaltString) -> Option<Output> {
    let mut bytes = [0; 64];
    let salt = salt.decode_b64(&mut bytes).ok()?;
    run_argon2id(params, password, salt, OUTPUT)
}

fn run_argon2id(params: &Params, password: &str, salt: &[u8], length: usize) -> Option<Output> {
    // glibc gives a freed allocation back to the system for certain only if it is larger than
    // 32 MiB; smaller ones make its threshold grow, and then 19 MiB stay with every thread that
    // ever hashed (measured: 120 MB after six threads, with this reservation 4). Reserving more
    // costs address space, not memory: pages that are never touched do not exist.
    const RESERVED: usize = 33 * 1024 * 1024 / Block::SIZE;
    let count = params.block_count();
    let mut memory: Vec<Block> = Vec::with_capacity(count.max(RESERVED));
    memory.resize(count, Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    Output::init_with(length, |out| {
        argon2
            .hash_password_into_with_memory(password.as_bytes(), salt, out, &mut memory)
            .map_err(|_| argon2::password_hash::Error::Crypto)
    })
    .ok()
}

/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
fn phc(params: &Params, salt: &SaltString, output: Output) -> Option<String> {
    let hash = PasswordHash {
        algorithm: Ident::new("argon2id").ok()?,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).ok()?,
        salt: Some(salt.as_salt()),
        hash: Some(output),
    };
    Some(hash.to_string())
}

/// Compares in constant time; `None` when the stored text is not a hash of ours.
fn check(today: &Params, password: &str, stored: &str) -> Option<Verified> {
    let stored = PasswordHash::new(stored).ok()?;
    let current = stored.algorithm == Ident::new("argon2id").ok()?
        && stored.version == Some(Version::V0x13.into());
    if !current {
        return None;
    }
    let params = Params::try_from(&stored).ok()?;
    let expected = stored.hash?;
    let mut bytes = [0; 64];
    let salt = stored.salt?.decode_b64(&mut bytes).ok()?;
    // `Output` compares in constant time.
    let matches = run_argon2id(&params, password, salt, expected.len())? == expected;
    let costs = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
    let outdated = costs(&params) != costs(today) || expected.len() != OUTPUT;
    Some(Verified {
        matches,
        needs_rehash: matches && outdated,
    })
}

/// Why a new password can not be used, as a sentence for beside its field; `None` when it can.
///
/// `words` are what others know about the account: the workspace's name, the person's name and
/// address. Takes under a millisecond, 20 the first time.
pub fn problem(password: &str, words: &[&str]) -> Option<String> {
    if let Some(problem) = password_problem(password) {
        return Some(problem);
    }
    let folded = fold(password);
    let without_end = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    if is_common(&folded) || is_common(without_end) {
        return Some(
            "This is one of the passwords that are tried first. Four or five random words work well."
                .to_owned(),
        );
    }
    let words = context_words(words);
    if is_mostly(&folded, &words) {
        return Some(
            "This is mostly words that others know: the product, the workspace, a name or the \
             address. Four or five random words work well."
                .to_owned(),
        );
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    (zxcvbn::zxcvbn(password, &words).guesses_log10() < GUESSES_LOG10).then(|| {
        "This is easy to guess: it repeats itself or is made of few common words, names, dates \
         or neighbouring keys. Four or five random words work well."
            .to_owned()
    })
}

/// Letters and digits, in lower case.
fn fold(text: &str) -> String {
    text.nfc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn is_common(folded: &str) -> bool {
    use fmt::Write as _;
    let mut digest = String::with_capacity(2 * 32);
    for byte in Sha256::digest(folded.as_bytes()) {
        // Writing to a string can not fail.
        let _ = write!(digest, "{byte:02x}");
    }
    BLOCKLIST
        .lines()
        .any(|line| line == &digest[..BLOCKLIST_DIGITS])
}

/// The words in texts such as `Acme Inc.` or `ana.ruiz@example.org`, and each text as one word, longest first.
fn context_words(texts: &[&str]) -> Vec<String> {
    let pieces = texts
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<String> = PRODUCT_WORDS
        .into_iter()
        .chain(texts.iter().copied())
        .chain(pieces)
        .map(fold)
        .filter(|word| word.chars().count() >= 3)
        .collect();
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words
}

fn is_mostly(folded: &str, words: &[String]) -> bool {
    let mut rest = folded.to_owned();
    for word in words {
        rest = rest.replace(word.as_str(), "");
    }
    rest.len() < folded.len() && rest.chars().count() < REST_MIN
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Parameters that cost nothing, for tests that are not about cost.
    fn quick() -> Passwords {
        Passwords::new(Params::new(8, 1, 1, None).unwrap(), 2)
    }

    const GOOD: &str = "tomato soup river lamp";

    #[tokio::test]
    async fn a_hash_names_its_parameters_and_matches_only_its_password() {
        let passwords = Passwords::for_this_machine();
        let hash = passwords.hash(GOOD).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert_ne!(
            hash,
            passwords.hash(GOOD).await.unwrap(),
            "the salt is fresh"
        );
        let right = passwords.verify(GOOD, Some(&hash)).await.unwrap();
        assert_eq!(
            right,
            Verified {
                matches: true,
                needs_rehash: false
            }
        );
        assert_eq!(
            passwords.verify("tomato", Some(&hash)).await.unwrap(),
            Verified::NO
        );
    }

    #[tokio::test]
    async fn the_crate_reads_our_hashes_and_we_read_the_crates() {
        use argon2::{PasswordHasher as _, PasswordVerifier as _};
        let ours = quick().hash(GOOD).await.unwrap();
        let parsed = PasswordHash::new(&ours).unwrap();
        Argon2::default()
            .verify_password(GOOD.as_bytes(), &parsed)
            .unwrap();
        let salt = fresh_salt().unwrap();
        let theirs = Argon2::default()
            .hash_password(GOOD.as_bytes(), &salt)
            .unwrap()
            .to_string();
        assert!(quick().verify(GOOD, Some(&theirs)).await.unwrap().matches);
    }

    #[tokio::test]
    async fn the_same_characters_are_the_same_password_however_they_were_typed() {
        let hash = quick().hash("caf\u{e9} caf\u{e9} caf\u{e9}").await.unwrap();
        let typed = "cafe\u{301} cafe\u{301} cafe\u{301}";
        assert!(quick().verify(typed, Some(&hash)).await.unwrap().matches);
    }

    #[tokio::test]
    async fn other_parameters_ask_for_a_new_hash_but_only_when_the_password_is_right() {
        let hash = quick().hash(GOOD).await.unwrap();
        let stronger = Passwords::new(Params::new(16, 1, 1, None).unwrap(), 1);
        let right = stronger.verify(GOOD, Some(&hash)).await.unwrap();
        assert_eq!(
            right,
            Verified {
                matches: true,
                needs_rehash: true
            }
        );
        assert_eq!(
            stronger.verify("wrong", Some(&hash)).await.unwrap(),
            Verified::NO
        );
    }

    #[tokio::test]
    async fn nobody_matches_and_a_broken_hash_is_nobody() {
        for stored in [
            None,
            Some(""),
            Some("$argon2id$v=19$m=8,t=1,p=1$"),
            Some("plain text"),
        ] {
            assert_eq!(
                quick().verify(GOOD, stored).await.unwrap(),
                Verified::NO,
                "{stored:?}"
            );
        }
    }

    #[tokio::test]
    async fn nobody_takes_as_long_as_somebody() {
        let passwords = Passwords::for_this_machine();
        let hash = passwords.hash(GOOD).await.unwrap();
        let mut times = [Duration::MAX; 2];
        for _ in 0..5 {
            for (time, stored) in times.iter_mut().zip([None, Some(hash.as_str())]) {
                let start = Instant::now();
                passwords.verify("wrong", stored).await.unwrap();
                *time = (*time).min(start.elapsed());
            }
        }
        // The best of five of each; the statistical test is at the HTTP boundary.
        let ratio = times[0].as_secs_f64() / times[1].as_secs_f64();
        assert!((0.6..1.6).contains(&ratio), "{times:?}");
    }

    #[tokio::test]
    async fn an_over_long_password_is_never_hashed() {
        let long = "x".repeat(PASSWORD_MAX_BYTES + 1);
        assert_eq!(quick().hash(&long).await, Err(PasswordError::TooLong));
        assert_eq!(quick().verify(&long, None).await, Ok(Verified::NO));
    }

    #[tokio::test]
    async fn work_goes_on_counting_when_its_request_is_dropped() {
        let passwords = Passwords::new(Params::new(8, 1, 1, None).unwrap(), 1);
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (finish, may_finish) = std::sync::mpsc::channel::<()>();
        let slow = passwords.clone();
        let request = tokio::spawn(async move {
            slow.run(move || {
                begun.send(()).unwrap();
                may_finish.recv().unwrap();
            })
            .await
        });
        has_begun.await.unwrap();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert_eq!(passwords.verify(GOOD, None).await, Err(PasswordError::Busy));
        finish.send(()).unwrap();
        assert_eq!(passwords.verify(GOOD, None).await, Ok(Verified::NO));
    }

    #[test]
    fn passwords_that_are_tried_first_are_refused() {
        for password in [
            "short",
            "passwordpassword1",
            "qwertyuiopasdfghjkl",
            "QWERTYUIOP123456789",
            "123456789012345",
            "aaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "1q2w3e4r5t6y7u8i",
            "zaq12wsxcde34rfv",
            "Password1234567!",
            "summer2026summer2026",
            "monkeydragonmaster",
            "letmeinletmein123",
            "manchesterunited",
            "Stairway-To-Heaven",
            "NeverSayMyPassword7",
            "perasperaadastra",
        ] {
            assert!(problem(password, &[]).is_some(), "{password}");
        }
    }

    #[test]
    fn words_of_the_context_do_not_make_a_password() {
        let words = ["Acme Rockets Inc.", "Ana Ruiz", "ana.ruiz@example.org"];
        for password in [
            "ana.ruiz@example.org",
            "AcmeRocketsAcmeRockets",
            "acme-rockets-2026",
            "rolecall rolecall",
            "Welcome2Rolecall2026",
            "anaruiz anaruiz ana",
        ] {
            assert!(problem(password, &words).is_some(), "{password}");
        }
        assert_eq!(problem("ana likes rainy tuesdays in march", &words), None);
    }

    #[test]
    fn a_passphrase_is_accepted_whatever_its_letters() {
        for password in [
            GOOD,
            "correct-battery-llama-otter",
            "kjh3 kdiw mmqp zz1",
            "mein hund heisst bello",
            "собака любит гулять утром",
            "雨の日は本を読んでお茶を飲みます",
            "v9#Lq!t2Zp@x7Rw",
        ] {
            assert_eq!(problem(password, &[]), None, "{password}");
        }
    }

    #[test]
    fn the_list_has_what_the_rules_ask_for() {
        let lines: Vec<_> = BLOCKLIST
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert_eq!(lines.len(), 5_000);
        assert!(lines.is_sorted());
        assert!(lines.iter().all(|line| line.len() == BLOCKLIST_DIGITS));
    }
}
